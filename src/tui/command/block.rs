//! What is done within a post: unfolding, wide code.

use super::{
    Command,
    when::{May, reading},
};
use crate::model::markup::Mark;
use crate::tui::{notice::Tone, pane::reader::Reader, state::State};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "unfold", when: may_unfold, run: unfold },
    Command { name: "wrap-code", when: may_wrap, run: wrap },
    Command { name: "code-left", when: has_wide_code, run: |s, n| sideways(s, n, -1) },
    Command { name: "code-right", when: has_wide_code, run: |s, n| sideways(s, n, 1) },
];

fn unfolds(state: &mut State, number: u32) -> bool {
    state.pane().reader_mut(state).is_some_and(|reader| reader.unfold_numbered(number))
}

fn may_unfold(state: &State) -> May {
    reading(state)?;
    let can = state.pane().reader(state).is_some_and(Reader::can_unfold);
    if can { Ok(()) } else { Err("unavailable.nothing-folded") }
}

fn unfold(state: &mut State, count: Option<u32>) {
    let done = match count {
        Some(number) => unfolds(state, number),
        None => state.pane().reader_mut(state).is_some_and(Reader::unfold),
    };
    if !done {
        state.say(Tone::Plain, state.word("unavailable.not-folded-here"));
    }
}

fn has_wide_code(state: &State) -> May {
    reading(state)?;
    let has = state.pane().reader(state).is_some_and(Reader::has_wide_code);
    if has { Ok(()) } else { Err("unavailable.no-wide-code") }
}

/// A number may mean code that is out of the picture.
fn may_wrap(state: &State) -> May {
    reading(state)?;
    let sheet = state.pane().reader(state).and_then(Reader::sheet);
    let has = sheet.is_some_and(|sheet| sheet.page.has(|mark| *mark == Mark::Code));
    if has { Ok(()) } else { Err("unavailable.no-code") }
}

fn wrap(state: &mut State, count: Option<u32>) {
    if !state.pane().reader_mut(state).is_some_and(|reader| reader.toggle_wrap(count)) {
        state.say(Tone::Plain, state.word("unavailable.no-wide-code"));
    }
}

fn sideways(state: &mut State, count: Option<u32>, way: i32) {
    let steps = i32::try_from(count.unwrap_or(1).clamp(1, 1_000)).unwrap_or(1);
    if let Some(reader) = state.pane().reader_mut(state) {
        reader.move_code(steps * way);
    }
}
