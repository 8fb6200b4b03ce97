//! Moving about: within a list or a text, between the two, back and forward.

use super::{
    Command,
    when::{May, always, reading},
};
use crate::tui::{
    layout,
    overlay::search::Search,
    pane::list::Motion,
    state::{Spot, State},
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "down", when: always, run: |s, n| go(s, Motion::Down(times(n))) },
    Command { name: "up", when: always, run: |s, n| go(s, Motion::Up(times(n))) },
    Command { name: "first", when: always, run: |s, _| go(s, Motion::First) },
    Command { name: "last", when: always, run: |s, _| go(s, Motion::Last) },
    Command { name: "half-down", when: always, run: |s, _| go(s, Motion::HalfDown) },
    Command { name: "half-up", when: always, run: |s, _| go(s, Motion::HalfUp) },
    Command { name: "page-down", when: always, run: |s, _| go(s, Motion::PageDown) },
    Command { name: "page-up", when: always, run: |s, _| go(s, Motion::PageUp) },
    Command { name: "open", when: can_open, run: |s, _| s.pane().open(s) },
    Command { name: "back", when: always, run: |s, _| back(s) },
    Command { name: "focus-list", when: always, run: |s, _| s.pane().focus_detail(s, false) },
    Command { name: "focus-detail", when: always, run: |s, _| s.pane().focus_detail(s, true) },
    Command { name: "focus-other", when: always, run: |s, _| focus_other(s) },
    Command { name: "history-back", when: always, run: |s, _| travel(s, false) },
    Command { name: "history-forward", when: always, run: |s, _| travel(s, true) },
    Command { name: "narrower", when: always, run: |s, _| split(s, -5) },
    Command { name: "wider", when: always, run: |s, _| split(s, 5) },
    // Digits typed over an open thread: the number before the next command.
    Command { name: "count", when: reading, run: |_, _| () },
];

fn can_open(state: &State) -> May {
    if state.pane().can_open(state) { Ok(()) } else { Err("unavailable.nothing-selected") }
}

fn times(count: Option<u32>) -> usize {
    count.unwrap_or(1).max(1) as usize
}

fn go(state: &mut State, motion: Motion) {
    state.pane().go(state, motion);
}

/// Out of a thread, to where it was opened from. Over a list there is nothing to go back to.
fn back(state: &mut State) {
    let origin = state.pane().reader_mut(state).and_then(|reader| reader.origin.take());
    let here = state.spot();
    state.pane().back(state);
    let Some(spot) = origin else { return };
    if state.trail.back.last().is_some_and(|last| last.pane == spot.pane && last.thread == spot.thread) {
        state.trail.back.pop();
    }
    state.trail.forward.push(here);
    visit(state, &spot);
    if spot.in_search {
        Search::open(state);
    }
}

fn focus_other(state: &mut State) {
    let to_detail = state.pane().reader(state).is_none();
    state.pane().focus_detail(state, to_detail);
}

/// Goes back, or forward again, to where one was.
fn travel(state: &mut State, forward: bool) {
    let here = state.spot();
    let trail = &mut state.trail;
    let (from, to) =
        if forward { (&mut trail.forward, &mut trail.back) } else { (&mut trail.back, &mut trail.forward) };
    while let Some(spot) = from.pop() {
        if spot != here {
            to.push(here);
            forget_origin(state);
            return visit(state, &spot);
        }
    }
}

/// Whoever leaves a thread another way has gone elsewhere: one step back from it is its list then.
pub(super) fn forget_origin(state: &mut State) {
    if let Some(reader) = state.pane().reader_mut(state) {
        reader.origin = None;
    }
}

fn visit(state: &mut State, spot: &Spot) {
    state.show_pane(spot.pane);
    match &spot.thread {
        Some(thread) => {
            state.pane().open_at(state, thread, None);
        }
        None => {
            state.pane().back(state);
        }
    }
}

fn split(state: &mut State, by: i16) {
    if state.size.0 >= layout::SIDE_BY_SIDE {
        state.options.split = state.options.split.saturating_add_signed(by).clamp(25, 75);
    }
}
