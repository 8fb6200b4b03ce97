//! What lies over a pane, line by line: what it asks for, what it lets choose from, what it says.

use super::words;
use super::{Act, Prompt, picture};
use crate::tui::{msg::Input, overlay::ask::Ask, state::State};

/// What the top overlay asks for.
pub(super) fn asks(state: &State) -> Option<Ask> {
    state.overlays.last().and_then(|over| over.asks(state))
}

/// What a line comes to where something is asked for: a command behind a colon, the number of a row, or what was asked for.
pub(super) fn read(state: &State, ask: &Ask, line: &str) -> Vec<Act> {
    if words::is_command(line) {
        return words::read(state, line);
    }
    let rows = state.overlays.last().and_then(|over| over.rows(state));
    if let (Some(rows), Ok(number)) = (&rows, line.trim().parse::<usize>())
        && !ask.is_secret
    {
        return match number.checked_sub(1).filter(|at| *at < rows.rows.len()) {
            Some(to) => choose(rows.selected, to),
            None => vec![Act::Say(vec![state.words.fill("plain.no_such_row", &[("n", &number.to_string())])])],
        };
    }
    let then = || ask.then.map(|name| Act::Input(Input::Command(name, None)));
    if line.trim().is_empty() && !ask.is_secret {
        // What stands there stays.
        let choose = (ask.then.is_none() && !ask.has_lines).then_some(Act::Input(Input::Command("choose", None)));
        return then().or(choose).into_iter().collect();
    }
    let text = if ask.is_secret { line.to_owned() } else { line.trim().to_owned() };
    std::iter::once(Act::Input(Input::Fill(text))).chain(then()).collect()
}

/// From one row to another, and into it.
fn choose(from: usize, to: usize) -> Vec<Act> {
    let step = if to > from { "choice-down" } else { "choice-up" };
    let steps = (0..from.abs_diff(to)).map(|_| Act::Input(Input::Command(step, None)));
    steps.chain([Act::Input(Input::Command("choose", None))]).collect()
}

/// What an overlay says: its rows by number, or its picture without its frame.
pub(super) fn lines(state: &State) -> Vec<String> {
    let Some(over) = state.overlays.last() else { return Vec::new() };
    let Some(rows) = over.rows(state) else {
        return over.text(state, picture::COLUMNS).unwrap_or_else(|| picture::overlay(state));
    };
    let title = over.asks(state).map(|ask| ask.label);
    let row = |(at, text): (usize, &String)| {
        let text =
            if at == rows.selected { state.words.fill("plain.selected", &[("text", text)]) } else { text.clone() };
        state.words.fill("plain.row", &[("n", &(at + 1).to_string()), ("text", &text)])
    };
    let mut lines: Vec<String> = title.into_iter().collect();
    lines.extend(rows.rows.iter().enumerate().map(row));
    if rows.rows.is_empty() {
        lines.push(state.word("picker.none"));
    } else {
        lines.push(state.word("plain.choose_how"));
    }
    lines
}

/// What stands before the next line.
pub(super) fn prompt(state: &State) -> Prompt {
    let Some(ask) = asks(state) else { return Prompt { text: ">".to_owned(), is_secret: false } };
    let (label, value) = (ask.label.as_str(), ask.value.as_str());
    let text = match () {
        () if ask.is_secret => state.words.fill("plain.asks_secret", &[("label", label)]),
        () if ask.has_lines && value.is_empty() => state.word("plain.body_how"),
        () if ask.has_lines => state.words.fill("plain.body_goes_on", &[("n", &value.lines().count().to_string())]),
        () if value.is_empty() => state.words.fill("plain.asks", &[("label", label)]),
        () => state.words.fill("plain.asks_with", &[("label", label), ("value", value)]),
    };
    Prompt { text, is_secret: ask.is_secret }
}
