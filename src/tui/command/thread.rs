//! What is done to threads and posts.

use super::{
    Command,
    when::{May, has_thread, may_accept, may_mark, may_vote, post, reading, signed_in, thread},
};
use crate::engine::request::{OutboxAct, Request};
use crate::model::change::Change;
use crate::tui::{
    change::Undo,
    notice::Tone,
    overlay::{find::Find, link::Shown},
    pane::reader::Reader,
    state::State,
};

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
    Command { name: "go-accepted", when: has_accepted, run: |s, _| go_accepted(s) },
    Command { name: "next-unread", when: has_next_unread, run: |s, _| next_unread(s, true) },
    Command { name: "previous-unread", when: has_previous_unread, run: |s, _| next_unread(s, false) },
    Command { name: "next-sibling", when: reading, run: |s, _| sibling(s, true) },
    Command { name: "previous-sibling", when: reading, run: |s, _| sibling(s, false) },
    Command { name: "parent", when: reading, run: |s, _| parent(s) },
    Command { name: "fold", when: reading, run: |s, _| fold(s) },
    Command { name: "copy-text", when: may_copy, run: |s, _| copy_text(s) },
    Command { name: "link", when: has_links, run: link },
    Command { name: "find", when: reading, run: |s, _| Find::open(s) },
    Command { name: "undo", when: can_undo, run: |s, _| undo(s) },
];

/// Shows where a link of the page leads: the one of the number typed before, else the first of the selected post.
fn link(state: &mut State, count: Option<u32>) {
    let found = state.pane().reader(state).and_then(|reader| {
        let links = &reader.sheet()?.page.links;
        links.get(count.unwrap_or(1).checked_sub(1)? as usize).cloned()
    });
    match found.as_deref().and_then(Shown::new) {
        Some(link) => state.lay(link),
        None => state.say(Tone::Plain, state.word("unavailable.no-link")),
    }
}

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

fn has_links(state: &State) -> May {
    reading(state)?;
    let sheet = state.pane().reader(state).and_then(Reader::sheet);
    if sheet.is_some_and(|sheet| !sheet.page.links.is_empty()) { Ok(()) } else { Err("unavailable.no-link") }
}

/// The number of the accepted answer.
fn accepted(state: &State) -> Option<u32> {
    state.pane().reader(state)?.posts.iter().find(|p| p.accepted).map(|p| p.number)
}

fn has_accepted(state: &State) -> May {
    reading(state)?;
    accepted(state).map(|_| ()).ok_or("unavailable.no-accepted")
}

fn go_accepted(state: &mut State) {
    if let Some(number) = accepted(state) {
        select(state, number);
    }
}

fn select(state: &mut State, number: u32) {
    if let Some(reader) = state.pane().reader_mut(state) {
        reader.select(number);
    }
}

/// The number of the nearest unread post after the selected one, or before it.
fn unread(state: &State, forward: bool) -> Option<u32> {
    let reader = state.pane().reader(state)?;
    let sheet = reader.sheet()?;
    let at = sheet.order.iter().position(|n| *n == reader.current)?;
    let is_new = |n: &&u32| **n > reader.read_before;
    let (before, after) = (&sheet.order[..at], &sheet.order[at + 1..]);
    if forward { after.iter().find(is_new) } else { before.iter().rev().find(is_new) }.copied()
}

fn has_next_unread(state: &State) -> May {
    reading(state)?;
    unread(state, true).map(|_| ()).ok_or("unavailable.no-unread")
}

fn has_previous_unread(state: &State) -> May {
    reading(state)?;
    unread(state, false).map(|_| ()).ok_or("unavailable.no-unread")
}

fn next_unread(state: &mut State, forward: bool) {
    if let Some(number) = unread(state, forward) {
        select(state, number);
    }
}

/// The next or previous post that replies to the same one, or stands at the top level too.
fn sibling(state: &mut State, forward: bool) {
    let found = state.pane().reader(state).and_then(|reader| {
        let sheet = reader.sheet()?;
        let parent = reader.post()?.parent;
        let of = |n: &&u32| reader.posts.iter().any(|p| p.number == **n && p.parent == parent);
        let at = sheet.order.iter().position(|n| *n == reader.current)?;
        if forward { sheet.order[at + 1..].iter().find(of) } else { sheet.order[..at].iter().rev().find(of) }.copied()
    });
    if let Some(number) = found {
        select(state, number);
    }
}

fn parent(state: &mut State) {
    if let Some(number) = post(state).map(|p| p.parent.unwrap_or(1)) {
        select(state, number);
    }
}

fn fold(state: &mut State) {
    let has_replies = post(state).is_some_and(|above| {
        let posts = state.pane().reader(state).into_iter().flat_map(|reader| &reader.posts);
        posts.into_iter().any(|p| p.parent == Some(above.number))
    });
    if !has_replies {
        return state.say(Tone::Plain, state.word("unavailable.no-replies"));
    }
    if let Some(reader) = state.pane().reader_mut(state) {
        let number = reader.current;
        if !reader.folded.remove(&number) {
            reader.folded.insert(number);
        }
        reader.outdate();
    }
}

/// A window that has something to copy lies on top, or a thread is selected or open.
fn may_copy(state: &State) -> May {
    let holds = |context: &str| matches!(context, "link" | "elsewhere" | "secret");
    if state.overlays.last().is_some_and(|over| holds(over.context())) { Ok(()) } else { has_thread(state) }
}

fn copy_text(state: &mut State) {
    let text = post(state).map(|p| p.body.clone()).or_else(|| thread(state).map(|t| t.title.clone()));
    if let Some(text) = text {
        state.copy(text);
    }
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
