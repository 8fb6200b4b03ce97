//! Replies that are on their way, shown where they will stand: until the server's own copy is there, and not beside it.

use super::Reader;
use crate::base::ids::PostId;
use crate::base::text::Clean;
use crate::model::change::Change;
use crate::model::outbox::Entry;
use crate::model::post::Post;
use crate::tui::overlay::outbox::stands_in_thread;
use crate::tui::state::State;

/// A post that the server has not placed yet, and how it stands.
pub(super) struct Echo {
    pub(super) post: Post,
    pub(super) stands: String,
}

/// The echoes in a thread, numbered on from its last post.
pub(super) fn echoes(reader: &Reader, state: &State) -> Vec<Echo> {
    let Some(me) = &state.home.me else { return Vec::new() };
    let last = reader.posts.last().map_or(0, |post| post.number);
    let mut echoes: Vec<Echo> = Vec::new();
    let arrived = state.arrived.iter().map(|entry| (entry, true));
    let outbox = state.outbox.iter().filter(|entry| !state.arrived.iter().any(|known| known.id == entry.id));
    for (entry, is_there) in arrived.chain(outbox.map(|entry| (entry, false))) {
        let Change::Reply { thread, parent, body } = &entry.change else { continue };
        if *thread != reader.id || has_arrived(reader, state, entry, *parent, body) {
            continue;
        }
        let number = last + 1 + echoes.len() as u32;
        let post = Post {
            id: PostId::new(format!("outbox {}", entry.id.0)),
            thread: thread.clone(),
            number,
            parent: *parent,
            author: me.author.clone(),
            created: entry.made,
            edited: None,
            body: Clean::block(body),
            score: 0,
            vote: 0,
            accepted: false,
            deleted: false,
            partial: false,
            may_edit: false,
            version: String::new(),
        };
        let stands = if is_there { state.word("sent.done") } else { stands_in_thread(state, entry) };
        echoes.push(Echo { post, stands });
    }
    echoes
}

/// Texts of which the server's copy is there are not shown as sent any more, whatever becomes of that copy.
pub(in crate::tui::pane) fn forget_arrived(reader: &Reader, state: &mut State) {
    let entries = std::mem::take(&mut state.arrived);
    let is_there = |entry: &Entry| match &entry.change {
        Change::Reply { thread, parent, body } => {
            *thread == reader.id && has_arrived(reader, state, entry, *parent, body)
        }
        _ => true,
    };
    let left = entries.into_iter().filter(|entry| !is_there(entry)).collect();
    state.arrived = left;
}

/// Whether the server's copy is there already: the stream can be quicker than the answer.
fn has_arrived(reader: &Reader, state: &State, entry: &Entry, parent: Option<u32>, body: &str) -> bool {
    let me = state.home.me.as_ref().map(|me| &me.author.username);
    let body = Clean::block(body);
    reader.posts.iter().rev().take_while(|post| post.number > entry.after).any(|post| {
        Some(&post.author.username) == me && post.parent == parent && post.body.trim_end() == body.trim_end()
    })
}
