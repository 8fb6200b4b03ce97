//! The panes, and what their lists show.

use super::{Command, when::always};
use crate::tui::{
    pane::{self, feed},
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "feed", when: always, run: |s, _| show(s, "feed") },
    Command { name: "next-pane", when: always, run: |s, _| step(s, 1) },
    Command { name: "previous-pane", when: always, run: |s, _| step(s, pane::PANES.len() - 1) },
    Command { name: "filter", when: always, run: |s, _| filter(s) },
    Command { name: "refresh", when: always, run: |s, _| refresh(s) },
];

fn show(state: &mut State, name: &str) {
    if let Some(index) = pane::index(name).filter(|i| *i != state.active) {
        state.leave_spot();
        state.pane().due(state);
        state.show_pane(index);
    }
}

fn step(state: &mut State, by: usize) {
    let to = (state.active + by) % pane::PANES.len();
    show(state, pane::PANES[to].name());
}

fn filter(state: &mut State) {
    if state.pane().name() == "feed" {
        feed::next_view(state);
    }
}

fn refresh(state: &mut State) {
    state.retry_failed();
    crate::tui::update::ask_home(state);
    state.pane().refresh(state);
}
