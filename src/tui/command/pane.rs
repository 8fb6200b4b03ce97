//! The panes, and what their lists show.

use super::{
    Command,
    when::{May, always, not_a_visitor},
};
use crate::tui::{
    notice::Tone,
    overlay::{search::Search, searches::Searches},
    pane::{self, questions, threads},
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
    Command { name: "searches", when: not_a_visitor, run: |s, _| Searches::open(s) },
    Command { name: "membership", when: not_a_visitor, run: |s, _| show(s, "membership") },
    Command { name: "inbox", when: not_a_visitor, run: |s, _| show(s, "inbox") },
    Command { name: "tab", when: not_a_visitor, run: tab },
    Command { name: "next-pane", when: not_a_visitor, run: |s, _| step(s, 1) },
    Command { name: "previous-pane", when: not_a_visitor, run: |s, _| step(s, pane::PANES.len() - 1) },
    Command { name: "move-tab-left", when: not_a_visitor, run: |s, _| move_tab(s, false) },
    Command { name: "move-tab-right", when: not_a_visitor, run: |s, _| move_tab(s, true) },
    Command { name: "filter", when: can_filter, run: |s, _| s.next_filter() },
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
    let tabs = &state.options.tabs;
    let to = tabs.get((state.place_of_tab() + by) % tabs.len().max(1)).copied().unwrap_or_default();
    show(state, pane::PANES[to].name());
}

/// The pane of the tab whose number was typed.
fn tab(state: &mut State, number: Option<u32>) {
    match number.and_then(|number| state.tab(number)) {
        Some(at) => show(state, pane::PANES[at].name()),
        None => state.say(Tone::Plain, state.word("unavailable.no-tab")),
    }
}

/// Moves the tab of the pane shown by one, as far as there is room.
fn move_tab(state: &mut State, right: bool) {
    let (from, last) = (state.place_of_tab(), state.options.tabs.len().saturating_sub(1));
    let to = if right { (from + 1).min(last) } else { from.saturating_sub(1) };
    state.options.tabs.swap(from, to);
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
    if state.has_filters() { Ok(()) } else { Err("unavailable.no-search-here") }
}
