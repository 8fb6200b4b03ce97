//! Texts: `lyceum ask`, `answer`, `reply`, `comment`, `edit`. A text goes through the outbox, so that one that did not
//! arrive is kept; what failed says where.

use std::io::{IsTerminal, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;

use super::asking::Delivery;
use super::errand::Errand;
use super::feed::Sorted;
use super::json::{Kept, Written};
use super::mark::{PATIENCE, post};
use super::output::Failure;
use crate::base::ids::{IdempotencyKey, SpaceId, ThreadId};
use crate::base::private::{self, Fault};
use crate::base::text::{Clean, MOST_BLOCK_BYTES};
use crate::engine::event::Answer as Told;
use crate::engine::problem::Kind;
use crate::engine::request::{OutboxAct, Query, Request};
use crate::model::change::{Applied, Change};
use crate::model::draft::{Draft, Place};
use crate::model::outbox::{EntryId, State};
use crate::model::thread;

mod attach;

pub use attach::{Attach, Which};

/// Files of texts to one place that failed in the same second.
const MOST_AT_ONCE: u32 = 1_000;

/// Where a text comes from.
#[derive(Clone, Debug, Args)]
pub struct Text {
    /// A file with the text, Markdown; `-` or nothing reads it from standard input
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// A word of your own for this text: however often a script runs, a text is sent once under it (kept for 30 days)
    #[arg(long, value_name = "WORD", value_parser = key)]
    pub key: Option<String>,
    /// What goes with it from this machine
    #[command(flatten)]
    pub attach: Attach,
}

/// A thread of one's own.
#[derive(Clone, Debug, Args)]
pub struct Ask {
    /// The space it goes to, as `lyceum spaces` prints it
    #[arg(long)]
    pub space: String,
    /// One line that says what it is about
    #[arg(long)]
    pub title: String,
    /// A tag; up to five
    #[arg(long = "tag", value_name = "TAG")]
    pub tags: Vec<String>,
    /// What it is, when it is no question
    #[arg(long, value_enum, default_value_t = Sorted::Question)]
    pub kind: Sorted,
    /// The text
    #[command(flatten)]
    pub text: Text,
}

/// An answer to a question.
#[derive(Clone, Debug, Args)]
pub struct Answer {
    /// The question's id
    pub thread: String,
    /// The text
    #[command(flatten)]
    pub text: Text,
}

/// A reply.
#[derive(Clone, Debug, Args)]
pub struct Reply {
    /// The thread's id
    pub thread: String,
    /// To the post of this number; without it, to the thread
    #[arg(long, value_name = "N")]
    pub to: Option<u32>,
    /// The text
    #[command(flatten)]
    pub text: Text,
}

/// A comment under a post, or an own post again.
#[derive(Clone, Debug, Args)]
pub struct OfPost {
    /// The thread's id
    pub thread: String,
    /// The post's number
    pub number: u32,
    /// The text
    #[command(flatten)]
    pub text: Text,
}

fn key(written: &str) -> Result<String, &'static str> {
    let is_fit = (1..=200).contains(&written.len()) && written.bytes().all(|byte| byte.is_ascii_graphic());
    if is_fit { Ok(written.to_owned()) } else { Err("1 to 200 visible ASCII characters, without spaces") }
}

/// Opens a thread.
///
/// # Errors
/// When there is nothing to send, or it did not arrive.
pub async fn ask(ask: &Ask, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    signed_in(errand)?;
    let title = Clean::line(ask.title.trim()).to_string();
    if title.is_empty() {
        return Err(Failure::said(Kind::Invalid, "compose.needs-title"));
    }
    let body = body(&ask.text, errand).await?;
    let place = Place::NewThread { space: SpaceId::new(ask.space.clone()), kind: thread::Kind::from(ask.kind) };
    let tags = ask.tags.iter().map(|tag| tag.trim_start_matches('#').to_lowercase()).collect();
    let draft = Draft { place, about: title.clone(), title, body, tags };
    send(draft, 0, ask.text.key.as_deref(), errand).await
}

/// Answers a question.
///
/// # Errors
/// As [`ask`].
pub async fn answer(answer: &Answer, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    in_thread(&answer.thread, None, &answer.text, errand).await
}

/// Replies to a thread or a post.
///
/// # Errors
/// As [`ask`].
pub async fn reply(reply: &Reply, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    in_thread(&reply.thread, reply.to, &reply.text, errand).await
}

/// Comments a post.
///
/// # Errors
/// As [`ask`].
pub async fn comment(comment: &OfPost, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    in_thread(&comment.thread, Some(comment.number), &comment.text, errand).await
}

/// Writes an own post anew.
///
/// # Errors
/// As [`ask`]; also when it was edited elsewhere meanwhile.
pub async fn edit(edit: &OfPost, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    signed_in(errand)?;
    let (about, after) = about(&edit.thread, errand).await?;
    let post = post(errand, &edit.thread, edit.number).await?;
    let body = body(&edit.text, errand).await?;
    let place = Place::Edit { post: post.id, version: post.version };
    let draft = Draft { body, ..Draft::new(place, about) };
    send(draft, after, edit.text.key.as_deref(), errand).await
}

async fn in_thread(thread: &str, parent: Option<u32>, text: &Text, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    signed_in(errand)?;
    let (about, after) = about(thread, errand).await?;
    let body = body(text, errand).await?;
    let draft = Draft { body, ..Draft::new(Place::Reply { thread: ThreadId::new(thread), parent }, about) };
    send(draft, after, text.key.as_deref(), errand).await
}

/// The title of a thread and its last post; nothing of a thread that cannot be asked for now.
async fn about(thread: &str, errand: &mut Errand<'_, '_>) -> Result<(String, u32), Failure> {
    match errand.read(Query::Thread(ThreadId::new(thread))).await {
        Ok(Told::Thread(thread)) => Ok((thread.title.to_string(), thread.last)),
        Ok(_) => Err(Errand::unexpected()),
        Err(Failure::User(error)) if matches!(error.kind, Kind::Network | Kind::Server) => Ok((String::new(), 0)),
        Err(failure) => Err(failure),
    }
}

/// Before a text is read from a pipe: it could not be sent, and would be gone.
fn signed_in(errand: &Errand<'_, '_>) -> Result<(), Failure> {
    if errand.sessions.is_nobody() { Err(Failure::said(Kind::Auth, "cli.nobody")) } else { Ok(()) }
}

/// The text with what goes with it.
async fn body(text: &Text, errand: &mut Errand<'_, '_>) -> Result<String, Failure> {
    // Something attached may say it all.
    let is_alone = text.file.is_none() && text.attach.is_some() && std::io::stdin().is_terminal();
    let written = if is_alone { String::new() } else { read(text)? };
    if written.is_empty() && !text.attach.is_some() {
        return Err(Failure::said(Kind::Invalid, "compose.needs-body"));
    }
    let blocks = attach::blocks(&text.attach, errand).await?;
    let parts: Vec<String> = Some(written).filter(|text| !text.is_empty()).into_iter().chain(blocks).collect();
    let body = parts.join("\n\n").trim_end().to_owned();
    if body.len() > MOST_BLOCK_BYTES { Err(too_long()) } else { Ok(body) }
}

fn too_long() -> Failure {
    let values = vec![("n", (MOST_BLOCK_BYTES / 1024).to_string())];
    Failure::Said { kind: Kind::Invalid, key: "script.too_long", values }
}

/// The text itself, cleaned as the editor of the screen cleans it. One that is too long is refused whole.
fn read(text: &Text) -> Result<String, Failure> {
    let most = MOST_BLOCK_BYTES as u64 + 1;
    let mut bytes = Vec::new();
    match text.file.as_deref().filter(|path| *path != Path::new("-")) {
        Some(path) => {
            let unreadable = |error: std::io::Error| Failure::Said {
                kind: Kind::Invalid,
                key: "script.file",
                values: vec![("path", path.display().to_string()), ("why", error.to_string())],
            };
            std::fs::File::open(path).map_err(unreadable)?.take(most).read_to_end(&mut bytes).map_err(unreadable)?;
        }
        None if text.file.is_none() && std::io::stdin().is_terminal() => {
            return Err(Failure::said(Kind::Invalid, "script.no_text"));
        }
        None => {
            std::io::stdin().lock().take(most).read_to_end(&mut bytes)?;
        }
    }
    if bytes.len() > MOST_BLOCK_BYTES {
        return Err(too_long());
    }
    let text = String::from_utf8(bytes).map_err(|_| Failure::said(Kind::Invalid, "script.not_utf8"))?;
    let text = Clean::block(text.trim_end()).to_string();
    Ok(if text.trim().is_empty() { String::new() } else { text })
}

/// Sends a text and says where it is now. One that waits in the outbox already is sent from there, not twice.
async fn send(draft: Draft, after: u32, key: Option<&str>, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let change = draft.change();
    let heard = errand.asking.look_around().await?;
    let waiting = heard.outbox.iter().flatten().find(|entry| entry.change == change).map(|entry| entry.id);
    let delivery = match waiting {
        Some(id) => resend(id, errand).await?,
        None => {
            let key = key.map(IdempotencyKey::new);
            let request = Request::Write { draft: Box::new(draft.clone()), after, key };
            errand.asking.deliver(request, &change, PATIENCE).await?
        }
    };
    let failure = match delivery {
        Delivery::Arrived(applied) => return told(&change, &applied, errand),
        Delivery::Refused(error) => errand.reason(Failure::User(error)),
        Delivery::SignedOut => errand.reason(Failure::said(Kind::Auth, "script.signed_out")),
        Delivery::Waits => Failure::said(Kind::Network, "script.no_line"),
    };
    let kept = keep(&draft, &change, errand).await?;
    Err(Failure::Unsent(Box::new(failure), kept))
}

/// Has what waits in the outbox sent now.
pub(super) async fn resend(id: EntryId, errand: &mut Errand<'_, '_>) -> Result<Delivery, Failure> {
    errand.asking.hand_in(Request::Outbox(OutboxAct::Retry(id)));
    let until = tokio::time::Instant::now() + PATIENCE;
    let tries = |errand: &Errand<'_, '_>| {
        let heard = errand.asking.heard();
        heard.outbox.iter().flatten().find(|entry| entry.id == id).map(|entry| (entry.tries, entry.state.clone()))
    };
    let before = tries(errand).map_or(0, |(tries, _)| tries);
    loop {
        let left = until.saturating_duration_since(tokio::time::Instant::now());
        errand.asking.outbox_moves(left).await?;
        match tries(errand) {
            None => return Ok(Delivery::Arrived(Applied::default())),
            Some((tries, State::Stuck { why, detail })) if tries > before => {
                return Ok(Delivery::Refused(super::outbox::stuck(why, &detail)));
            }
            Some((tries, State::Retry { .. })) if tries > before => return Ok(Delivery::Waits),
            Some(_) if left.is_zero() => return Ok(Delivery::Waits),
            Some(_) => {}
        }
    }
}

fn told(change: &Change, applied: &Applied, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let of_change = match change {
        Change::Reply { thread, .. } => Some(thread.to_string()),
        _ => None,
    };
    let thread = applied.thread.as_ref().map(ToString::to_string).or(of_change);
    if errand.desk.json {
        return errand.document(&Written {
            schema: Written::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            thread,
            post: applied.post.as_ref().map(ToString::to_string),
            number: applied.number,
        });
    }
    let values = [thread.unwrap_or_default(), applied.number.map(|n| n.to_string()).unwrap_or_default()];
    let key = match (values[0].is_empty(), values[1].is_empty()) {
        (false, false) => "script.sent_as",
        (false, true) => "script.sent_in",
        _ => "sent.done",
    };
    errand.desk.say(key, &[("thread", &values[0]), ("n", &values[1])], &serde_json::Value::Null)
}

/// Where a text is that did not arrive: in the outbox, or, where that ends with the command, in a file.
async fn keep(draft: &Draft, change: &Change, errand: &mut Errand<'_, '_>) -> Result<Kept, Failure> {
    if errand.asking.heard().keeps == Some(true) {
        errand.asking.hand_in(Request::Outbox(OutboxAct::Look));
        errand.asking.outbox_moves(PATIENCE).await?;
        let entries = errand.asking.heard().outbox.iter().flatten();
        let entry = entries.filter(|entry| entry.change == *change).map(|entry| entry.id.0).next_back();
        if entry.is_some() {
            return Ok(Kept { entry, file: None });
        }
    }
    let path = put_aside(errand.unsent, &errand.look.now.strftime("%Y%m%dT%H%M%SZ").to_string(), draft)?;
    Ok(Kept { entry: None, file: Some(path.display().to_string()) })
}

/// Writes a text into a file of its own. Two that failed in the same second both stay.
fn put_aside(folder: &Path, at: &str, draft: &Draft) -> Result<PathBuf, Failure> {
    let stem = format!("{at}-{}", draft.place.key().replace([' ', '/'], "-"));
    let title = if draft.title.is_empty() { String::new() } else { format!("# {}\n\n", draft.title) };
    let tags: Vec<String> = draft.tags.iter().map(|tag| format!("#{tag}")).collect();
    let tags = if tags.is_empty() { String::new() } else { format!("{}\n\n", tags.join(" ")) };
    let text = format!("{title}{tags}{}\n", draft.body);
    for nth in 1..=MOST_AT_ONCE {
        let name = if nth == 1 { format!("{stem}.md") } else { format!("{stem}-{nth}.md") };
        let path = folder.join(name);
        match private::add(&path, text.as_bytes()) {
            Ok(()) => return Ok(path),
            Err(Fault::Io { error, .. }) if error.kind() == std::io::ErrorKind::AlreadyExists => {}
            Err(fault) => return Err(Failure::Io(std::io::Error::other(fault.to_string()))),
        }
    }
    Err(Failure::Io(std::io::ErrorKind::AlreadyExists.into()))
}

#[cfg(test)]
mod tests;
