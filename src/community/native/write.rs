//! Each kind of change as a request, and what came of it.

use reqwest::Method;

use super::super::Result;
use super::super::http::{Answer, Call};
use super::to;
use crate::api::{change::Written, notification, path, post, thread};
use crate::base::ids::{PostId, ThreadId};
use crate::model::change::{Applied, Change};

/// The request that does it.
pub(super) fn call(change: &Change) -> Result<Call> {
    match change {
        Change::NewThread { space, kind, title, body, tags } => {
            Call::new(Method::POST, path::THREADS.to_owned()).json(&thread::NewThread {
                space: space.to_string(),
                kind: *kind,
                title: title.clone(),
                body: body.clone(),
                tags: tags.clone(),
            })
        }
        Change::Reply { thread, parent, body } => {
            to(Method::POST, path::POSTS, thread.as_str())?.json(&post::NewPost { body: body.clone(), parent: *parent })
        }
        Change::Edit { post, body, version } => to(Method::PATCH, path::POST, post.as_str())?
            .header("if-match", &tag(version))?
            .json(&post::EditPost { body: body.clone() }),
        Change::Vote { post, value } => {
            to(Method::PUT, path::POST_VOTE, post.as_str())?.json(&post::SetVote { value: *value })
        }
        Change::Accept { thread, post: Some(post) } => to(Method::PUT, path::THREAD_ACCEPTED, thread.as_str())?
            .json(&thread::SetAccepted { post: post.to_string() }),
        Change::Accept { thread, post: None } => to(Method::DELETE, path::THREAD_ACCEPTED, thread.as_str()),
        Change::Read { thread, upto } => {
            to(Method::PUT, path::THREAD_READ, thread.as_str())?.json(&thread::SetRead { upto: *upto })
        }
        Change::Follow { thread, on } => {
            to(Method::PUT, path::THREAD_FOLLOW, thread.as_str())?.json(&thread::SetMark { on: *on })
        }
        Change::Mute { thread, on } => {
            to(Method::PUT, path::THREAD_MUTE, thread.as_str())?.json(&thread::SetMark { on: *on })
        }
        Change::Bookmark { thread, on } => {
            to(Method::PUT, path::THREAD_BOOKMARK, thread.as_str())?.json(&thread::SetMark { on: *on })
        }
        Change::Done { notification, done } => to(Method::PUT, path::NOTIFICATION_DONE, notification.as_str())?
            .json(&notification::SetDone { done: *done }),
    }
}

/// A version as an entity tag: in quotes.
fn tag(version: &str) -> String {
    if version.starts_with('"') { version.to_owned() } else { format!("\"{version}\"") }
}

/// What came of it. What creates or changes text says where it now stands; the rest is done when it is answered.
pub(super) fn applied(change: &Change, answer: &Answer) -> Result<Applied> {
    let thread = match change {
        Change::NewThread { .. } | Change::Reply { .. } | Change::Edit { .. } => {
            let written: Written = answer.read()?;
            return Ok(Applied {
                thread: Some(ThreadId::new(written.thread)),
                post: Some(PostId::new(written.post)),
                number: Some(written.number),
            });
        }
        Change::Accept { thread, .. }
        | Change::Read { thread, .. }
        | Change::Follow { thread, .. }
        | Change::Mute { thread, .. }
        | Change::Bookmark { thread, .. } => Some(thread.clone()),
        Change::Vote { .. } | Change::Done { .. } => None,
    };
    let post = match change {
        Change::Vote { post, .. } => Some(post.clone()),
        Change::Accept { post, .. } => post.clone(),
        _ => None,
    };
    Ok(Applied { thread, post, number: None })
}
