//! Moving among the posts of an open thread, and what of it is shown.

use super::{
    Command,
    when::{May, post, reading},
};
use crate::tui::{
    overlay::{find::Find, peek::Peek},
    pane::reader::{Reader, sheet::Sheet},
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "next-unread", when: has_next_unread, run: |s, _| go(s, unread(s, true)) },
    Command { name: "previous-unread", when: has_previous_unread, run: |s, _| go(s, unread(s, false)) },
    Command { name: "first-unread", when: has_unread, run: |s, _| leap(s, first_unread(s)) },
    Command { name: "only-new", when: may_only_new, run: |s, _| only_new(s) },
    Command { name: "next-sibling", when: reading, run: |s, n| beside(s, true, None, n) },
    Command { name: "previous-sibling", when: reading, run: |s, n| beside(s, false, None, n) },
    Command { name: "next-top", when: reading, run: |s, n| beside(s, true, Some(0), n) },
    Command { name: "previous-top", when: reading, run: |s, n| beside(s, false, Some(0), n) },
    Command { name: "parent", when: has_parent, run: |s, _| leap(s, parent(s)) },
    Command { name: "peek", when: has_parent, run: |s, _| Peek::open(s) },
    Command { name: "fold", when: may_fold, run: |s, _| fold(s) },
    Command { name: "fold-all", when: reading, run: |s, _| change(s, Reader::fold_all) },
    Command { name: "go-accepted", when: has_accepted, run: |s, _| leap(s, accepted(s)) },
    Command { name: "find", when: reading, run: |s, _| Find::open(s) },
];

fn reader(state: &State) -> Option<&Reader> {
    state.pane().reader(state)
}

fn sheet(state: &State) -> Option<&Sheet> {
    reader(state).and_then(Reader::sheet)
}

fn change(state: &mut State, change: fn(&mut Reader)) {
    if let Some(reader) = state.pane().reader_mut(state) {
        change(reader);
    }
}

/// To a post nearby.
fn go(state: &mut State, number: Option<u32>) {
    if let Some(number) = number {
        state.go_to_post(number);
    }
}

/// To a post that may be far away: there is a way back.
fn leap(state: &mut State, number: Option<u32>) {
    if number.is_some() {
        state.leave_spot();
    }
    go(state, number);
}

/// The number of the accepted answer, also of one that is not fetched yet.
fn accepted(state: &State) -> Option<u32> {
    let reader = reader(state)?;
    let here = reader.posts.iter().find(|p| p.accepted).map(|p| p.number);
    let thread = || state.threads.get(&reader.id).filter(|thread| thread.is_solved() && thread.gate.is_none());
    here.or_else(|| thread()?.accepted_number)
}

fn has_accepted(state: &State) -> May {
    reading(state)?;
    accepted(state).map(|_| ()).ok_or("unavailable.no-accepted")
}

/// Whether a post came since the last visit, and is not one's own.
fn is_new(state: &State, number: u32) -> bool {
    let me = state.home.me.as_ref().map(|me| &me.author.username);
    reader(state).is_some_and(|reader| {
        let is_own = |post: &crate::model::post::Post| Some(&post.author.username) == me;
        number > reader.read_before && reader.posts.iter().any(|p| p.number == number && !is_own(p))
    })
}

/// The number of the nearest unread post after the selected one, or before it; also one that is folded away.
fn unread(state: &State, forward: bool) -> Option<u32> {
    let whole = &sheet(state)?.whole;
    let current = reader(state)?.current;
    let at = whole.iter().position(|n| *n == current)?;
    let is_new = |n: &&u32| is_new(state, **n);
    let (before, after) = (&whole[..at], &whole[at + 1..]);
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

fn first_unread(state: &State) -> Option<u32> {
    sheet(state)?.whole.iter().copied().find(|number| is_new(state, *number))
}

fn has_unread(state: &State) -> May {
    reading(state)?;
    first_unread(state).map(|_| ()).ok_or("unavailable.nothing-new")
}

fn may_only_new(state: &State) -> May {
    if reader(state).is_some_and(|reader| reader.only_new) { Ok(()) } else { has_unread(state) }
}

/// Shows what came since the last visit alone, or everything again. What is selected stays selected where it can.
fn only_new(state: &mut State) {
    change(state, |reader| {
        reader.only_new = !reader.only_new;
        reader.outdate();
    });
}

/// To the next or previous post of the same level, or of the top one; so many times.
fn beside(state: &mut State, forward: bool, depth: Option<u16>, count: Option<u32>) {
    let Some((sheet, reader)) = sheet(state).zip(reader(state)) else { return };
    let mut to = reader.current;
    for _ in 0..count.unwrap_or(1).max(1) {
        let Some(next) = sheet.beside(to, forward, depth) else { break };
        to = next;
    }
    if to == reader.current {
        return state.say(crate::tui::notice::Tone::Plain, state.word("unavailable.no-sibling"));
    }
    go(state, Some(to));
}

/// What the selected post replies to: another post, or the opening one.
fn parent(state: &State) -> Option<u32> {
    post(state).filter(|p| p.number > 1).map(|p| p.parent.unwrap_or(1))
}

fn has_parent(state: &State) -> May {
    reading(state)?;
    parent(state).map(|_| ()).ok_or("unavailable.no-parent")
}

fn may_fold(state: &State) -> May {
    reading(state)?;
    let has_replies = post(state).is_some_and(|above| {
        reader(state).into_iter().flat_map(|reader| &reader.posts).any(|p| p.parent == Some(above.number))
    });
    if has_replies { Ok(()) } else { Err("unavailable.no-replies") }
}

fn fold(state: &mut State) {
    change(state, |reader| reader.fold(reader.current));
}
