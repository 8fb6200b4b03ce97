//! Moving about: within a list or a text, between the two, back and forward.

use super::{
    Command,
    when::{May, always, reading},
};
use crate::tui::{layout, pane::list::Motion, state::State};

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
    Command { name: "back", when: always, run: |s, _| s.step_back() },
    Command { name: "focus-list", when: always, run: |s, _| s.pane().focus_detail(s, false) },
    Command { name: "focus-detail", when: always, run: |s, _| s.pane().focus_detail(s, true) },
    Command { name: "focus-other", when: always, run: |s, _| focus_other(s) },
    Command { name: "history-back", when: always, run: |s, _| s.travel(false) },
    Command { name: "history-forward", when: always, run: |s, _| s.travel(true) },
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
    if matches!(motion, Motion::First | Motion::Last) && state.pane().reader(state).is_some() {
        state.leave_spot();
    }
    state.pane().go(state, motion);
}

fn focus_other(state: &mut State) {
    let to_detail = state.pane().reader(state).is_none();
    state.pane().focus_detail(state, to_detail);
}

fn split(state: &mut State, by: i16) {
    if state.size.0 >= layout::SIDE_BY_SIDE {
        state.options.split =
            state.options.split.saturating_add_signed(by).clamp(layout::LEAST_SPLIT, layout::MOST_SPLIT);
    }
}
