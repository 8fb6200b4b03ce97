//! `lyceum feed`: threads, as the feed and the lists of the screen have them.

use clap::{Args, ValueEnum};

use super::errand::Errand;
use super::json::{self, Threads};
use super::look::Look;
use super::output::{Desk, Failure};
use super::page::{Bounds, Pages};
use crate::base::ids::SpaceId;
use crate::base::text::ink::Run;
use crate::base::text::width::ellipsis;
use crate::engine::event::Answer;
use crate::engine::request::Query;
use crate::model::feed::{Sort, State, ThreadQuery, View};
use crate::model::thread::{Kind, Thread};

/// Which threads.
#[derive(Clone, Debug, Default, Args)]
pub struct Feed {
    /// Which view of the feed; without one, and without anything that narrows, the latest
    #[arg(long, value_enum, conflicts_with_all = ["space", "kind", "tag", "state", "sort"])]
    pub view: Option<Shown>,
    /// Only of this space
    #[arg(long, value_name = "SPACE")]
    pub space: Option<String>,
    /// Only of this kind
    #[arg(long, value_enum)]
    pub kind: Option<Sorted>,
    /// Only with this tag
    #[arg(long)]
    pub tag: Option<String>,
    /// Only in this state; all but `mine` and `bookmarked` are of questions
    #[arg(long, value_enum)]
    pub state: Option<In>,
    /// In this order
    #[arg(long, value_enum)]
    pub sort: Option<By>,
    /// How many and from where
    #[command(flatten)]
    pub bounds: Bounds,
}

macro_rules! words {
    ($(#[$doc:meta])* $name:ident is $of:ident { $($(#[$variant_doc:meta])* $variant:ident = $to:ident,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
        }

        impl From<$name> for $of {
            fn from(word: $name) -> Self {
                match word {
                    $($name::$variant => Self::$to,)*
                }
            }
        }
    };
}

words! {
    /// A view of the feed.
    Shown is View {
        /// Newest activity first
        Latest = Latest,
        /// Threads you follow
        Following = Following,
        /// Threads with something unread
        Unread = Unread,
        /// Unread threads by what you voted for, bookmarked or follow
        ForYou = ForYou,
    }
}

words! {
    /// A kind of thread.
    Sorted is Kind {
        /// Something to read
        Article = Article,
        /// Something to talk about
        Discussion = Discussion,
        /// Something to be answered
        Question = Question,
        /// News from those who run the place
        Announcement = Announcement,
    }
}

words! {
    /// A state of a thread.
    In is State {
        /// Without an answer
        Unanswered = Unanswered,
        /// Without an accepted answer
        Open = Open,
        /// With one
        Solved = Solved,
        /// Opened by you
        Mine = Mine,
        /// Of others, with a tag you have answered well
        NeedsMe = NeedsMe,
        /// Bookmarked by you
        Bookmarked = Bookmarked,
    }
}

words! {
    /// An order.
    By is Sort {
        /// Newest activity first
        Active = Active,
        /// Newest first
        Newest = Newest,
        /// Oldest first
        Oldest = Oldest,
        /// Most votes first
        Votes = Votes,
    }
}

impl Feed {
    fn query(&self) -> impl Fn(Option<crate::model::page::Cursor>) -> Query + use<> {
        let narrows = self.space.is_some() || self.kind.is_some() || self.tag.is_some() || self.state.is_some();
        let view = (!narrows && self.sort.is_none()).then(|| self.view.map_or(View::Latest, View::from));
        let of = ThreadQuery {
            space: self.space.clone().map(SpaceId::new),
            kind: self.kind.map(Kind::from),
            tag: self.tag.as_ref().map(|tag| tag.trim_start_matches('#').to_lowercase()),
            state: self.state.map(State::from),
            sort: self.sort.map_or(Sort::default(), Sort::from),
        };
        move |cursor| match view {
            Some(view) => Query::Feed(view, cursor),
            None => Query::Threads(of.clone(), cursor),
        }
    }
}

/// Prints threads.
///
/// # Errors
/// When the community cannot be asked and nothing is kept.
pub async fn run(feed: &Feed, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let query = feed.query();
    let mut pages = Pages::new(&feed.bounds)?;
    let mut threads: Vec<Thread> = Vec::new();
    while let Some(cursor) = pages.wanted(threads.len()) {
        let Answer::Threads(page) = errand.read(query(cursor)).await? else { return Err(Errand::unexpected()) };
        pages.take(page, &mut threads);
    }
    if errand.desk.json {
        let document = Threads {
            schema: Threads::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            stale: errand.stale.clone(),
            threads: threads.iter().map(json::of_thread).collect(),
            next: pages.next(),
        };
        return errand.document(&document);
    }
    if threads.is_empty() {
        errand.desk.remark("script.none", &[])?;
    }
    for thread in &threads {
        row(thread, errand.desk, errand.look)?;
    }
    pages.tell(errand.desk)?;
    errand.tell_age()
}

/// A thread on two lines: its id and title, and what is to be known of it.
pub(super) fn row(thread: &Thread, desk: &mut Desk<'_>, look: &Look) -> Result<(), Failure> {
    let (inks, id) = (&look.inks, thread.id.to_string());
    let room = look.row.saturating_sub(id.len() + 2).max(20);
    let title = Run::new(inks.title, ellipsis(&thread.title, room).into_owned());
    desk.out.line(&[Run::new(inks.accent, id.clone()), Run::plain("  "), title])?;
    let facts = facts(thread, desk, look);
    desk.out.line(&[Run::plain(" ".repeat(id.len() + 2)), Run::new(inks.dim, facts.join(" · "))])?;
    Ok(())
}

/// What is to be known of a thread, in words.
pub(super) fn facts(thread: &Thread, desk: &Desk<'_>, look: &Look) -> Vec<String> {
    let words = desk.words;
    let word = |key: &str| words.get(key).to_owned();
    let mut facts = vec![
        word(&format!("page.kind.{}", thread.kind.as_str())),
        thread.space.to_string(),
        thread.author.username.to_string(),
        look.words(words).age(thread.active),
    ];
    let count = if thread.kind == Kind::Question { "page.answers" } else { "page.replies" };
    let replies = if thread.kind == Kind::Question { thread.answers } else { thread.last.saturating_sub(1) };
    facts.push(words.count(count, u64::from(replies)));
    facts.extend((thread.unread() > 0).then(|| words.count("script.unread", u64::from(thread.unread()))));
    facts.extend(thread.is_solved().then(|| word("script.solved")));
    facts.extend(thread.pinned.then(|| word("thread.pinned")));
    facts.extend(thread.locked.then(|| word("thread.locked")));
    facts.extend(thread.marks.mute.then(|| word("thread.muted")));
    facts.extend(thread.gate.as_ref().map(|gate| words.fill("script.takes", &[("tier", &gate.required.name)])));
    facts.extend((!thread.tags.is_empty()).then(|| {
        let tags: Vec<String> = thread.tags.iter().map(|tag| format!("#{tag}")).collect();
        tags.join(" ")
    }));
    facts
}
