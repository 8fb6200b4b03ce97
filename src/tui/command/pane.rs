//! The panes, and what their lists show.

use super::{
    Command,
    when::{May, always, not_a_visitor},
};
use crate::tui::{
    overlay::search::Search,
    pane::{self, feed, questions, threads},
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "feed", when: not_a_visitor, run: |s, _| show(s, "feed") },
    Command { name: "threads", when: not_a_visitor, run: |s, _| show(s, "threads") },
    Command { name: "questions", when: not_a_visitor, run: |s, _| show(s, "questions") },
    Command { name: "spaces", when: in_threads, run: |s, _| threads::choose_space(s) },
    Command { name: "tags", when: in_questions, run: |s, _| questions::choose_tag(s) },
    Command { name: "sort", when: can_sort, run: |s, _| questions::next_sort(s) },
    Command { name: "search", when: not_a_visitor, run: |s, _| Search::open(s) },
    Command { name: "membership", when: not_a_visitor, run: |s, _| show(s, "membership") },
    Command { name: "inbox", when: not_a_visitor, run: |s, _| show(s, "inbox") },
    Command { name: "next-pane", when: not_a_visitor, run: |s, _| step(s, 1) },
    Command { name: "previous-pane", when: not_a_visitor, run: |s, _| step(s, pane::PANES.len() - 1) },
    Command { name: "filter", when: can_filter, run: |s, _| filter(s) },
    Command { name: "refresh", when: always, run: |s, _| refresh(s) },
];

fn show(state: &mut State, name: &str) {
    if let Some(index) = pane::index(name).filter(|i| *i != state.active) {
        state.leave_spot();
        state.forget_origin();
        state.pane().due(state);
        state.show_pane(index);
    }
}

fn step(state: &mut State, by: usize) {
    let to = (state.active + by) % pane::PANES.len();
    show(state, pane::PANES[to].name());
}

fn filter(state: &mut State) {
    match state.pane().name() {
        "feed" => feed::next_view(state),
        "threads" => threads::next_filter(state),
        "questions" => questions::next_filter(state),
        _ => {}
    }
}

fn refresh(state: &mut State) {
    state.retry_failed();
    crate::tui::update::ask_home(state);
    state.pane().refresh(state);
}

fn is_in(state: &State, panes: &[&str], reason: &'static str) -> May {
    if panes.contains(&state.pane().name()) { Ok(()) } else { Err(reason) }
}

fn in_threads(state: &State) -> May {
    is_in(state, &["threads"], "unavailable.not-threads")
}

fn in_questions(state: &State) -> May {
    is_in(state, &["questions"], "unavailable.not-questions")
}

fn can_sort(state: &State) -> May {
    is_in(state, &["threads", "questions"], "unavailable.not-threads")
}

fn can_filter(state: &State) -> May {
    is_in(state, &["feed", "threads", "questions"], "unavailable.not-threads")
}
