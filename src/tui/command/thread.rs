//! What is done to threads and posts.

use super::{
    Command,
    when::{May, may_accept, may_mark, may_vote, post, signed_in, thread},
};
use crate::engine::request::{OutboxAct, Request};
use crate::model::change::Change;
use crate::tui::{change::Undo, notice::Tone, state::State};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "mark-read", when: may_mark, run: |s, _| mark_read(s) },
    Command { name: "mark-all-read", when: may_mark_all, run: |s, _| mark_all_read(s) },
    Command { name: "follow", when: may_mark, run: |s, _| follow(s) },
    Command { name: "mute", when: may_mark, run: |s, _| mute(s) },
    Command { name: "bookmark", when: may_mark, run: |s, _| bookmark(s) },
    Command { name: "vote-up", when: may_vote, run: |s, _| vote(s, 1) },
    Command { name: "vote-down", when: may_vote, run: |s, _| vote(s, -1) },
    Command { name: "accept", when: may_accept, run: |s, _| accept(s) },
    Command { name: "undo", when: can_undo, run: |s, _| undo(s) },
];

fn can_undo(state: &State) -> May {
    if state.held().is_some() || state.undo.is_some() { Ok(()) } else { Err("unavailable.no-undo") }
}

fn mark_read(state: &mut State) {
    let Some(thread) = thread(state) else { return };
    let (id, read, last) = (thread.id.clone(), thread.marks.read, thread.last);
    let upto = if read < last { last } else { last.saturating_sub(1) };
    let back = vec![Change::Read { thread: id.clone(), upto: read }];
    state.apply(Change::Read { thread: id, upto });
    state.undo = Some(Undo { said: "undo.marks", changes: back });
}

fn may_mark_all(state: &State) -> May {
    signed_in(state)?;
    if state.pane().listed(state).is_empty() { Err("unavailable.no-list") } else { Ok(()) }
}

/// Marks what the list shows, as far as it is here: of the rest nobody has seen that it is there.
fn mark_all_read(state: &mut State) {
    let shown = state.pane().listed(state).iter().filter_map(|id| state.threads.get(id));
    let unread = shown.filter(|t| t.unread() > 0);
    let all: Vec<_> = unread.map(|t| (t.id.clone(), t.marks.read, t.last)).collect();
    let back = all.iter().map(|(id, read, _)| Change::Read { thread: id.clone(), upto: *read }).collect();
    let count = all.len() as u64;
    for (thread, _, upto) in all {
        state.apply(Change::Read { thread, upto });
    }
    if count > 0 {
        state.undo = Some(Undo { said: "undo.marks", changes: back });
        state.say(Tone::Good, state.words.count("done.read-all", count));
    }
}

fn follow(state: &mut State) {
    let Some(thread) = thread(state) else { return };
    let (id, on) = (thread.id.clone(), !thread.marks.follow);
    state.apply(Change::Follow { thread: id, on });
    state.say(Tone::Good, state.word(if on { "done.follow" } else { "done.unfollow" }));
}

fn mute(state: &mut State) {
    let Some(thread) = thread(state) else { return };
    let (id, on) = (thread.id.clone(), !thread.marks.mute);
    state.apply(Change::Mute { thread: id, on });
    state.say(Tone::Good, state.word(if on { "done.mute" } else { "done.unmute" }));
}

fn bookmark(state: &mut State) {
    let Some(thread) = thread(state) else { return };
    let (id, on) = (thread.id.clone(), !thread.marks.bookmark);
    state.apply(Change::Bookmark { thread: id, on });
    state.say(Tone::Good, state.word(if on { "done.bookmark" } else { "done.unbookmark" }));
}

fn vote(state: &mut State, value: i8) {
    let Some(post) = post(state) else { return };
    let (id, value) = (post.id.clone(), if post.vote == value { 0 } else { value });
    state.apply(Change::Vote { post: id, value });
}

fn accept(state: &mut State) {
    let (Some(thread), Some(post)) = (thread(state), post(state)) else { return };
    let chosen = (!post.accepted).then(|| post.id.clone());
    let said = if chosen.is_some() { "done.accept" } else { "done.unaccept" };
    let change = Change::Accept { thread: thread.id.clone(), post: chosen };
    state.apply(change);
    state.say(Tone::Good, state.word(said));
}

/// Takes back what was done last; a text that is not sent yet before all else.
fn undo(state: &mut State) {
    if let Some(id) = state.held().map(|entry| entry.id) {
        state.send(Request::Outbox(OutboxAct::Recall(id)));
        return;
    }
    let Some(undo) = state.undo.take() else { return };
    for change in undo.changes {
        state.apply(change);
    }
    state.say(Tone::Good, state.word(undo.said));
}
