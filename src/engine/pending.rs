//! What was asked for and has not arrived, laid over what the community says: a mark set offline stays set on the
//! screen until the server has heard of it.

use super::event::Answer;
use crate::model::change::Change;
use crate::model::notification::Notification;
use crate::model::post::Post;
use crate::model::thread::Thread;

/// Lays changes over an answer, oldest first.
pub(super) fn lay_over(answer: &mut Answer, pending: &[Change]) {
    if pending.is_empty() {
        return;
    }
    for change in pending {
        match answer {
            Answer::Threads(page) => page.items.iter_mut().for_each(|thread| on_thread(thread, change)),
            Answer::Thread(thread) => on_thread(thread, change),
            Answer::Hits(page) => page.items.iter_mut().for_each(|hit| on_thread(&mut hit.thread, change)),
            Answer::Posts(page) => page.items.iter_mut().for_each(|post| on_post(post, change)),
            Answer::Inbox(page) => page.items.iter_mut().for_each(|item| on_item(item, change)),
            _ => {}
        }
    }
}

fn on_thread(thread: &mut Thread, change: &Change) {
    match change {
        Change::Read { thread: id, upto } if *id == thread.id => thread.marks.read = (*upto).min(thread.last),
        Change::Follow { thread: id, on } if *id == thread.id => thread.marks.set_follow(*on),
        Change::Mute { thread: id, on } if *id == thread.id => thread.marks.set_mute(*on),
        Change::Bookmark { thread: id, on } if *id == thread.id => thread.marks.bookmark = *on,
        Change::Accept { thread: id, post } if *id == thread.id && thread.accepted != *post => {
            // Where it stands is told once it has arrived.
            (thread.accepted, thread.accepted_number) = (post.clone(), None);
        }
        _ => {}
    }
}

fn on_post(post: &mut Post, change: &Change) {
    match change {
        Change::Vote { post: id, value } if *id == post.id => {
            post.score += i64::from(*value) - i64::from(post.vote);
            post.vote = *value;
        }
        Change::Accept { thread, post: accepted } if *thread == post.thread => {
            post.accepted = accepted.as_ref() == Some(&post.id);
        }
        _ => {}
    }
}

fn on_item(item: &mut Notification, change: &Change) {
    if let Change::Done { notification, done } = change
        && *notification == item.id
    {
        item.done = *done;
    }
}
