//! What documents are made of.

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use crate::base::time::Timestamp;
use crate::model::member::{self, Role};
use crate::model::outbox::State;
use crate::model::thread::Kind;
use crate::model::{change::Change, draft, membership, notification, outbox, plan, post, search, space, thread};

items! {
    /// Who wrote something.
    Author {
        /// Unique name.
        username: String,
        /// Shown name.
        name: String,
        /// Role now.
        role: Role,
    }
    /// A level of membership.
    Tier {
        /// Its word.
        slug: String,
        /// Its name.
        name: String,
        /// A higher one gives all that a lower one gives.
        rank: u8,
    }
    /// Why the rest of a thread is closed to the reader.
    Gate {
        /// The tier it takes.
        required: Tier,
        /// Plans that give it.
        plans: Vec<String>,
    }
    /// What the reader has marked on a thread.
    Marks {
        /// Number of the last post read; 0 when never opened.
        read: u32,
        /// Whether new posts come to the inbox.
        follow: bool,
        /// Whether nothing of it is reported.
        mute: bool,
        /// Kept for later.
        bookmark: bool,
    }
    /// A thread, without its posts.
    Thread {
        /// Its id, as commands take it.
        id: String,
        /// The space it is in.
        space: String,
        /// What it is.
        kind: Kind,
        /// One line.
        title: String,
        /// Who opened it.
        author: Author,
        /// Tags.
        tags: Vec<String>,
        /// When it was opened.
        created: Timestamp,
        /// When it was last posted to.
        active: Timestamp,
        /// Number of the last post; the opening post is 1.
        last: u32,
        /// Posts the reader has not read.
        unread: u32,
        /// Top-level replies.
        answers: u32,
        /// Votes on the opening post, up minus down.
        score: i64,
        /// The id of the accepted answer.
        accepted: Option<String>,
        /// Nobody may reply.
        locked: bool,
        /// Kept on top of its space.
        pinned: bool,
        /// First words.
        excerpt: String,
        /// Set when only the preview may be read.
        gate: Option<Gate>,
        /// The reader's marks.
        marks: Marks,
    }
    /// One piece of text in a thread.
    Post {
        /// Its id.
        id: String,
        /// Its place in the thread, from 1.
        number: u32,
        /// Number of the post it replies to.
        parent: Option<u32>,
        /// Who wrote it.
        author: Author,
        /// When.
        created: Timestamp,
        /// When it was last edited.
        edited: Option<Timestamp>,
        /// Markdown; the preview when `partial`, empty when `deleted`.
        body: String,
        /// Up minus down.
        score: i64,
        /// The reader's vote: 1, -1 or 0.
        vote: i8,
        /// Whether it is the accepted answer.
        accepted: bool,
        /// Whether it was taken away.
        deleted: bool,
        /// Whether `body` is only a preview.
        partial: bool,
        /// Whether the reader may edit it.
        may_edit: bool,
    }
    /// A piece of a snippet.
    Piece {
        /// The text.
        text: String,
        /// Whether it is what matched.
        found: bool,
    }
    /// A thread that matched.
    Hit {
        /// The thread.
        thread: Thread,
        /// Number of the post that matched.
        number: u32,
        /// When that post was written.
        at: Timestamp,
        /// Words around the match.
        snippet: Vec<Piece>,
    }
    /// A line of the inbox.
    Item {
        /// Its id, as `lyceum inbox done` takes it.
        id: String,
        /// Why it is there.
        reason: notification::Reason,
        /// Who caused it; null for the system.
        actor: Option<Author>,
        /// In which thread.
        thread: Option<String>,
        /// Title of the thread, or the notice itself.
        title: String,
        /// Which post of it.
        number: Option<u32>,
        /// First words.
        excerpt: String,
        /// When.
        at: Timestamp,
        /// Put away.
        done: bool,
    }
    /// A space as the reader sees it.
    Space {
        /// Its word, as commands take it.
        id: String,
        /// Its name.
        name: String,
        /// What belongs in it.
        about: String,
        /// Tier needed to read whole threads.
        read_tier: Option<Tier>,
        /// Whether the reader may read whole threads.
        may_read: bool,
        /// Whether the reader may open a thread.
        may_write: bool,
        /// Threads in it.
        threads: u32,
        /// Threads with something unread.
        unread: u32,
    }
    /// A line of a member's own history.
    Step {
        /// When.
        at: Timestamp,
        /// The ledger's word.
        fact: String,
        /// The plan it names.
        plan: Option<String>,
    }
    /// What can be bought.
    Plan {
        /// Its word.
        id: String,
        /// Its name.
        name: String,
        /// What it lifts a member to.
        tier: Tier,
        /// How often it is paid.
        interval: plan::Interval,
        /// What it costs, in minor units (cents).
        price_minor: i64,
        /// ISO 4217.
        currency: String,
        /// Days to try it.
        trial_days: u32,
        /// Whether the reader holds it now.
        held: bool,
    }
    /// Something on its way.
    Unsent {
        /// Its number, as `lyceum outbox` takes it.
        entry: i64,
        /// `new-thread`, `reply`, `edit`, `vote`, `accept`, `read`, `follow`, `mute`, `bookmark` or `done`.
        what: &'static str,
        /// What it is about.
        about: String,
        /// `held`, `queued`, `sending`, `retry`, `unsure` or `stuck`.
        state: &'static str,
        /// Why it is stuck, in a word.
        why: Option<&'static str>,
        /// What the community said about it.
        detail: Option<String>,
        /// When it was written.
        made: Timestamp,
        /// How often it was sent.
        tries: u32,
        /// Its text, Markdown; null for a mark.
        body: Option<String>,
    }
    /// A text that was begun.
    Draft {
        /// Where it will go, in a word: `new KIND SPACE`, `reply THREAD [POST]` or `edit POST`.
        place: String,
        /// Its title.
        title: String,
        /// Markdown.
        body: String,
        /// When it was last written.
        at: Timestamp,
    }
}

fn of_author(author: &member::Author) -> Author {
    Author { username: author.username.to_string(), name: author.name.to_string(), role: author.role }
}

/// A tier, for programs.
pub fn of_tier(tier: &plan::Tier) -> Tier {
    Tier { slug: tier.slug.clone(), name: tier.name.clone(), rank: tier.rank }
}

/// A thread, for programs.
pub fn of_thread(thread: &thread::Thread) -> Thread {
    let gate = |gate: &thread::Gate| Gate {
        required: of_tier(&gate.required),
        plans: gate.plans.iter().map(ToString::to_string).collect(),
    };
    let marks = &thread.marks;
    Thread {
        id: thread.id.to_string(),
        space: thread.space.to_string(),
        kind: thread.kind,
        title: thread.title.to_string(),
        author: of_author(&thread.author),
        tags: thread.tags.iter().map(ToString::to_string).collect(),
        created: thread.created,
        active: thread.active,
        last: thread.last,
        unread: thread.unread(),
        answers: thread.answers,
        score: thread.score,
        accepted: thread.accepted.as_ref().map(ToString::to_string),
        locked: thread.locked,
        pinned: thread.pinned,
        excerpt: thread.excerpt.to_string(),
        gate: thread.gate.as_ref().map(gate),
        marks: Marks { read: marks.read, follow: marks.follow, mute: marks.mute, bookmark: marks.bookmark },
    }
}

/// A post, for programs.
pub fn of_post(post: &post::Post) -> Post {
    Post {
        id: post.id.to_string(),
        number: post.number,
        parent: post.parent,
        author: of_author(&post.author),
        created: post.created,
        edited: post.edited,
        body: post.body.to_string(),
        score: post.score,
        vote: post.vote,
        accepted: post.accepted,
        deleted: post.deleted,
        partial: post.partial,
        may_edit: post.may_edit,
    }
}

/// What a search found, for programs.
pub fn of_hit(hit: &search::Hit) -> Hit {
    let piece = |(found, text): &(bool, crate::base::text::Clean)| Piece { text: text.to_string(), found: *found };
    Hit {
        thread: of_thread(&hit.thread),
        number: hit.number,
        at: hit.at,
        snippet: hit.snippet.iter().map(piece).collect(),
    }
}

/// A line of the inbox, for programs.
pub fn of_item(item: &notification::Notification) -> Item {
    Item {
        id: item.id.to_string(),
        reason: item.reason,
        actor: item.actor.as_ref().map(of_author),
        thread: item.thread.as_ref().map(ToString::to_string),
        title: item.title.to_string(),
        number: item.number,
        excerpt: item.excerpt.to_string(),
        at: item.at,
        done: item.done,
    }
}

/// A space, for programs.
pub fn of_space(space: &space::Space) -> Space {
    Space {
        id: space.id.to_string(),
        name: space.name.to_string(),
        about: space.about.to_string(),
        read_tier: space.read_tier.as_ref().map(of_tier),
        may_read: space.may_read,
        may_write: space.may_write,
        threads: space.threads,
        unread: space.unread,
    }
}

/// A plan, for programs.
pub fn of_plan(plan: &plan::Plan) -> Plan {
    Plan {
        id: plan.id.to_string(),
        name: plan.name.to_string(),
        tier: of_tier(&plan.tier),
        interval: plan.interval,
        price_minor: plan.price.minor,
        currency: plan.price.currency.clone(),
        trial_days: plan.trial_days,
        held: plan.held,
    }
}

impl From<&membership::Entry> for Step {
    fn from(entry: &membership::Entry) -> Self {
        let plan = entry.plan.as_ref().map(ToString::to_string);
        Self { at: entry.at, fact: crate::base::text::Clean::line(&entry.fact).to_string(), plan }
    }
}

/// Something on its way, for programs.
pub fn of_unsent(entry: &outbox::Entry) -> Unsent {
    let (why, detail) = match &entry.state {
        State::Stuck { why, detail } => (Some(why.word()), Some(detail.to_string()).filter(|text| !text.is_empty())),
        _ => (None, None),
    };
    let draft = draft::Draft::of(&entry.change, &entry.about);
    Unsent {
        entry: entry.id.0,
        what: what(&entry.change),
        about: draft.as_ref().map(|d| d.title.clone()).filter(|t| !t.is_empty()).unwrap_or(entry.about.clone()),
        state: match entry.state {
            State::Held { .. } => "held",
            State::Queued => "queued",
            State::Sending => "sending",
            State::Retry { .. } => "retry",
            State::Unsure { .. } => "unsure",
            State::Stuck { .. } => "stuck",
        },
        why,
        detail,
        made: entry.made,
        tries: entry.tries,
        body: draft.map(|draft| draft.body),
    }
}

/// The word of a change; `outbox.WORD` names it.
fn what(change: &Change) -> &'static str {
    match change {
        Change::NewThread { .. } => "new-thread",
        Change::Reply { .. } => "reply",
        Change::Edit { .. } => "edit",
        Change::Vote { .. } => "vote",
        Change::Accept { .. } => "accept",
        Change::Read { .. } => "read",
        Change::Follow { .. } => "follow",
        Change::Mute { .. } => "mute",
        Change::Bookmark { .. } => "bookmark",
        Change::Done { .. } => "done",
    }
}
