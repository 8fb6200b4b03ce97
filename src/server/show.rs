//! What is stored becomes what one reader sees. Whatever a gated thread hides is left behind here.

use crate::api::notification::Notification;
use crate::api::post::Post;
use crate::api::thread::{Marks, Thread};
use crate::server::db::notifications::NoticeRow;
use crate::server::db::posts::PostRow;
use crate::server::db::threads::ThreadRow;
use crate::server::preview::excerpt;
use crate::server::viewer::Viewer;

/// A thread as lists show it. Nothing of it but the public beginning comes from a text.
pub fn thread(row: &ThreadRow, viewer: &Viewer) -> Thread {
    Thread {
        id: row.id.to_string(),
        space: row.space.clone(),
        kind: row.kind,
        title: row.title.clone(),
        author: row.author.clone(),
        tags: row.tags.clone(),
        created: row.created,
        active: row.active,
        last: row.last,
        answers: row.answers,
        score: row.score,
        accepted: row.accepted.map(|id| id.to_string()),
        accepted_number: row.accepted_number,
        locked: row.locked,
        pinned: row.pinned,
        excerpt: excerpt(&row.preview),
        entitlement: viewer.gate(&row.space, row.gate.as_deref()),
        marks: Marks { read: row.read, follow: row.follow, mute: row.mute, bookmark: row.bookmark },
    }
}

/// A post of a thread that the reader may read whole.
pub fn post(row: &PostRow, thread: &ThreadRow, viewer: &Viewer) -> Post {
    Post {
        id: row.id.to_string(),
        thread: row.thread.to_string(),
        number: row.number,
        parent: row.parent,
        author: row.author.clone(),
        created: row.created,
        edited: row.edited,
        body: row.body.clone(),
        score: row.score,
        vote: row.vote,
        accepted: thread.accepted == Some(row.id),
        deleted: row.deleted,
        partial: false,
        may_edit: !row.deleted && (row.author_id == viewer.id || viewer.role.is_staff()),
        version: row.version.to_string(),
    }
}

/// The opening post of a thread that is closed to the reader: its public beginning. Neither edits nor versions of what
/// is hidden show.
pub fn partial_post(row: &PostRow, thread: &ThreadRow, viewer: &Viewer) -> Post {
    Post {
        body: thread.preview.clone(),
        edited: None,
        partial: true,
        may_edit: false,
        version: String::new(),
        ..post(row, thread, viewer)
    }
}

/// A line of the inbox; its first words are of the public beginning where the reader may not read more.
pub fn notification(row: &NoticeRow, viewer: &Viewer) -> Notification {
    let thread = row.thread.as_ref();
    let words = thread.map_or(String::new(), |thread| {
        let open = viewer.decide(&thread.space, thread.gate.as_deref()).allowed;
        excerpt(if open { &row.body } else { &thread.preview })
    });
    Notification {
        id: row.id.to_string(),
        reason: row.reason,
        actor: row.actor.clone(),
        thread: thread.map(|thread| thread.id.to_string()),
        title: thread.map_or_else(|| row.title.clone(), |thread| thread.title.clone()),
        number: row.number,
        excerpt: words,
        at: row.at,
        done: row.done,
    }
}
