//! Marks: `lyceum vote`, `accept`, `bookmark`, `follow`, `mute`, `mark-read`. Setting the same twice is setting it once.

use std::time::Duration;

use clap::{Args, ValueEnum};

use super::asking::Delivery;
use super::errand::Errand;
use super::json::Marked;
use super::output::Failure;
use crate::base::ids::ThreadId;
use crate::engine::event::Answer;
use crate::engine::problem::Kind;
use crate::engine::request::{Query, Request};
use crate::model::change::Change;
use crate::model::page::Window;
use crate::model::post::Post;

/// How long a command waits for something to arrive.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A post and a vote on it.
#[derive(Clone, Debug, Args)]
pub struct Vote {
    /// The thread's id
    pub thread: String,
    /// The post's number; 1 is the opening post
    pub number: u32,
    /// Which way; `none` takes a vote back
    #[arg(value_enum, default_value_t = Way::Up)]
    pub way: Way,
}

/// Which way a vote goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Way {
    /// For it
    Up,
    /// Against it
    Down,
    /// Neither
    None,
}

/// A question and an answer to it.
#[derive(Clone, Debug, Args)]
pub struct Accept {
    /// The question's id
    pub thread: String,
    /// The answer's number
    #[arg(required_unless_present = "none")]
    pub number: Option<u32>,
    /// Accept none
    #[arg(long, conflicts_with = "number")]
    pub none: bool,
}

/// A thread, and whether it is marked or not.
#[derive(Clone, Debug, Args)]
pub struct Toggle {
    /// The thread's id
    pub thread: String,
    /// Take the mark away
    #[arg(long)]
    pub off: bool,
}

/// A thread, and up to where it was read.
#[derive(Clone, Debug, Args)]
pub struct MarkRead {
    /// The thread's id
    pub thread: String,
    /// Number of the last post read; without it, all are. 0 marks all unread
    #[arg(long, value_name = "N")]
    pub upto: Option<u32>,
}

/// What was set, as it is told.
#[derive(Default)]
pub(super) struct Said<'a> {
    pub(super) what: &'static str,
    pub(super) to: &'static str,
    pub(super) thread: Option<&'a str>,
    pub(super) number: Option<u32>,
    pub(super) item: Option<&'a str>,
}

/// `on` or `off`.
pub(super) fn on(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// Votes.
///
/// # Errors
/// When there is no such post, it is one's own, or it cannot be sent.
pub async fn vote(vote: &Vote, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let post = post(errand, &vote.thread, vote.number).await?;
    let (value, to) = match vote.way {
        Way::Up => (1, "up"),
        Way::Down => (-1, "down"),
        Way::None => (0, "none"),
    };
    let said = Said { what: "vote", to, thread: Some(&vote.thread), number: Some(vote.number), ..Said::default() };
    set(errand, Change::Vote { post: post.id, value }, &said).await
}

/// Accepts an answer, or none.
///
/// # Errors
/// When there is no such answer, one may not, or it cannot be sent.
pub async fn accept(accept: &Accept, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let post = match accept.number {
        Some(number) => Some(post(errand, &accept.thread, number).await?.id),
        None => None,
    };
    let to = on(post.is_some());
    let said = Said { what: "accept", to, thread: Some(&accept.thread), number: accept.number, ..Said::default() };
    set(errand, Change::Accept { thread: ThreadId::new(accept.thread.clone()), post }, &said).await
}

/// Sets or takes away a mark on a thread: `bookmark`, `follow` or `mute`.
///
/// # Errors
/// When there is no such thread, or it cannot be sent.
pub async fn toggle(what: &'static str, toggle: &Toggle, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let (thread, on) = (ThreadId::new(toggle.thread.clone()), !toggle.off);
    let change = match what {
        "bookmark" => Change::Bookmark { thread, on },
        "follow" => Change::Follow { thread, on },
        _ => Change::Mute { thread, on },
    };
    let said = Said { what, to: self::on(on), thread: Some(&toggle.thread), ..Said::default() };
    set(errand, change, &said).await
}

/// Marks posts of a thread as read.
///
/// # Errors
/// When there is no such thread, or it cannot be sent.
pub async fn read(mark: &MarkRead, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let thread = ThreadId::new(mark.thread.clone());
    let upto = match mark.upto {
        Some(upto) => upto,
        None => match errand.read(Query::Thread(thread.clone())).await? {
            Answer::Thread(thread) => thread.last,
            _ => return Err(Errand::unexpected()),
        },
    };
    let said = Said { what: "mark-read", to: "on", thread: Some(&mark.thread), number: Some(upto), ..Said::default() };
    set(errand, Change::Read { thread, upto }, &said).await
}

/// A post by its number.
pub(super) async fn post(errand: &mut Errand<'_, '_>, thread: &str, number: u32) -> Result<Post, Failure> {
    let window = Window::After(number.saturating_sub(1));
    let Answer::Posts(page) = errand.read(Query::Posts(ThreadId::new(thread), window)).await? else {
        return Err(Errand::unexpected());
    };
    page.items.into_iter().find(|post| post.number == number).ok_or_else(|| Failure::Said {
        kind: Kind::NotFound,
        key: "script.no_post",
        values: vec![("thread", thread.to_owned()), ("n", number.to_string())],
    })
}

/// Sets something and says so.
pub(super) async fn set(errand: &mut Errand<'_, '_>, change: Change, said: &Said<'_>) -> Result<(), Failure> {
    if errand.sessions.is_nobody() {
        return Err(Failure::said(Kind::Auth, "cli.nobody"));
    }
    let request = Request::Apply(change.clone());
    match errand.asking.deliver(request, &change, PATIENCE).await? {
        Delivery::Arrived(_) => {}
        Delivery::Refused(error) => return Err(errand.reason(Failure::User(error))),
        Delivery::SignedOut => return Err(errand.reason(Failure::said(Kind::Auth, "script.signed_out"))),
        Delivery::Waits => {
            let keeps = errand.asking.heard().keeps == Some(true);
            let key = if keeps { "script.mark_waits" } else { "script.mark_lost" };
            return Err(Failure::said(Kind::Network, key));
        }
    }
    if errand.desk.json {
        return errand.document(&Marked {
            schema: Marked::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            what: said.what,
            to: said.to.to_owned(),
            thread: said.thread.map(str::to_owned),
            number: said.number,
            item: said.item.map(str::to_owned),
        });
    }
    let number = said.number.map(|n| n.to_string()).unwrap_or_default();
    let about = said.thread.or(said.item).unwrap_or_default();
    let key = format!("script.set.{}.{}", said.what, said.to);
    errand.desk.remark(&key, &[("about", about), ("n", &number)])
}
