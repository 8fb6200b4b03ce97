//! `lyceum thread`: one thread with its posts.

use clap::Args;

use super::errand::Errand;
use super::feed::facts;
use super::json::{self, WholeThread};
use super::output::Failure;
use crate::base::ids::{ThreadId, Username};
use crate::base::text::{Clean, ink::Run};
use crate::engine::event::Answer;
use crate::engine::problem::Kind;
use crate::engine::request::Query;
use crate::model::page::Window;
use crate::model::permalink;
use crate::model::post::Post;
use crate::model::thread;

/// Which thread.
#[derive(Clone, Debug, Args)]
pub struct Thread {
    /// Its id, as `lyceum feed` prints it, or the address of one of its posts
    #[arg(value_name = "THREAD")]
    pub id: String,
    /// Only what follows the post of this number
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    pub after: u32,
    /// The most posts that are printed
    #[arg(long, value_name = "N", default_value_t = 1000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
    /// Print bodies as the Markdown they are
    #[arg(long)]
    pub raw: bool,
}

/// A thread and its posts by number.
pub(super) struct Whole {
    pub(super) thread: thread::Thread,
    pub(super) posts: Vec<Post>,
    /// Whose posts these are; none when they are everybody's.
    pub(super) only: Option<Username>,
    /// After which post there are more.
    pub(super) next: Option<u32>,
}

/// Fetches a thread and its posts after a number, so many at most.
pub(super) async fn fetch(errand: &mut Errand<'_, '_>, id: &str, after: u32, most: usize) -> Result<Whole, Failure> {
    let id = ThreadId::new(id);
    let Answer::Thread(thread) = errand.read(Query::Thread(id.clone())).await? else {
        return Err(Errand::unexpected());
    };
    let mut posts: Vec<Post> = Vec::new();
    let mut window = if after == 0 { Window::Start } else { Window::After(after) };
    loop {
        let Answer::Posts(page) = errand.read(Query::Posts(id.clone(), window)).await? else {
            return Err(Errand::unexpected());
        };
        let before = posts.len();
        let last = posts.last().map_or(after, |post| post.number);
        posts.extend(page.items.into_iter().filter(|post| post.number > last));
        let reached = posts.last().map_or(after, |post| post.number);
        let has_more = page.next.is_some();
        if posts.len() >= most || !has_more || posts.len() == before {
            let cut = posts.len() > most;
            posts.truncate(most);
            let next = posts.last().map(|post| post.number).filter(|_| cut || has_more && reached > after);
            return Ok(Whole { thread: *thread, posts, only: None, next });
        }
        window = Window::After(reached);
    }
}

/// A thread as programs read it.
pub(super) fn document(whole: &Whole, errand: &Errand<'_, '_>) -> WholeThread {
    WholeThread {
        schema: WholeThread::SCHEMA,
        community: errand.sessions.origin().to_owned(),
        stale: errand.stale.clone(),
        thread: json::of_thread(&whole.thread),
        posts: whole.posts.iter().map(json::of_post).collect(),
        only: whole.only.as_ref().map(ToString::to_string),
        next: whole.next,
    }
}

/// Which thread, and after which post: an id, or the address of a post, which is where printing begins.
fn meant(thread: &Thread, errand: &Errand<'_, '_>) -> Result<(String, u32), Failure> {
    if !thread.id.contains("://") {
        return Ok((thread.id.clone(), thread.after));
    }
    let community = errand.sessions.origin();
    let place = permalink::read(community, &thread.id).ok_or_else(|| Failure::Said {
        kind: Kind::Invalid,
        key: "script.other_address",
        values: vec![("address", Clean::line(&thread.id).to_string()), ("community", community.to_owned())],
    })?;
    let after = if thread.after > 0 { thread.after } else { place.number.map_or(0, |number| number - 1) };
    Ok((place.thread.to_string(), after))
}

/// Prints a thread.
///
/// # Errors
/// When there is none, or it cannot be had.
pub async fn run(thread: &Thread, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let (id, after) = meant(thread, errand)?;
    let whole = fetch(errand, &id, after, thread.limit as usize).await?;
    if errand.desk.json {
        let document = document(&whole, errand);
        return errand.document(&document);
    }
    let inks = &errand.look.inks;
    if after == 0 {
        errand.desk.out.line(&[Run::new(inks.title, whole.thread.title.to_string())])?;
        let facts = facts(&whole.thread, errand.desk, errand.look).join(" · ");
        errand.desk.out.line(&[Run::new(inks.dim, facts)])?;
    }
    for post in &whole.posts {
        errand.desk.out.line(&[])?;
        print(post, &whole.thread, thread.raw, errand)?;
    }
    if let Some(next) = whole.next {
        errand.desk.remark("script.more_posts", &[("n", &next.to_string())])?;
    }
    errand.tell_age()
}

/// A post: who wrote it and when, then what.
fn print(post: &Post, thread: &thread::Thread, raw: bool, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let (look, words) = (errand.look, errand.desk.words);
    let word = |key: &str| words.get(key).to_owned();
    let mut facts = vec![post.author.username.to_string()];
    facts.extend(
        (post.author.role != crate::model::member::Role::Member)
            .then(|| word(&format!("role.{}", post.author.role.as_str()))),
    );
    facts.push(look.words(words).age(post.created));
    facts.push(words.fill("script.score", &[("n", &post.score.to_string())]));
    facts.extend(post.parent.map(|n| words.fill("script.in_reply_to", &[("n", &n.to_string())])));
    facts.extend(post.edited.map(|_| word("page.edited")));
    facts.extend((post.number > thread.marks.read).then(|| word("page.unread")));
    let mut line = vec![
        Run::new(look.inks.accent, format!("{}  ", post.number)),
        Run::new(look.inks.title, post.author.name.to_string()),
        Run::new(look.inks.dim, format!("  {}", facts.join(" · "))),
    ];
    if post.accepted {
        line.push(Run::new(look.inks.good, format!(" · {}", word("script.accepted"))));
    }
    errand.desk.out.line(&line)?;
    if post.deleted {
        errand.desk.out.line(&[Run::new(look.inks.dim, word("page.deleted"))])?;
    } else if raw {
        for line in post.body.lines() {
            errand.desk.out.line(&[Run::plain(line)])?;
        }
    } else {
        for line in (look.body)(&post.body, look.columns) {
            errand.desk.out.line(&line)?;
        }
    }
    if let Some(gate) = thread.gate.as_ref().filter(|_| post.partial) {
        let said = words.fill("page.gated", &[("tier", &gate.required.name)]);
        errand.desk.out.line(&[Run::new(look.inks.warn, said)])?;
    }
    Ok(())
}
