//! From keys to commands: sequences, counts, overlays first.

use crossterm::event::KeyCode;

use crate::tui::{
    command,
    key::Key,
    keymap::Found,
    notice::Tone,
    overlay::{Overlay, Then},
    state::State,
};

/// The largest number before a command.
const MOST: u32 = 9999;

/// A key was pressed.
pub(super) fn pressed(state: &mut State, key: Key) {
    if state.overlays.is_empty() || over(state, key) == Then::Pass {
        on_pane(state, key);
    }
}

/// Runs a command as its key would: in what lies on top, else in the pane.
pub(super) fn run(state: &mut State, name: &str) {
    let count = state.typed.count.take();
    // To another account one can go from anywhere.
    if name != "switch-account"
        && let Some(mut overlay) = state.overlays.pop()
    {
        let at = state.overlays.len();
        let then = overlay.run(name, state);
        if then != Then::Close {
            state.overlays.insert(at, overlay);
        }
        state.dirty = true;
        if then != Then::Pass {
            return;
        }
    }
    command::run(state, name, count);
}

/// Gives a key to the top overlay.
fn over(state: &mut State, key: Key) -> Then {
    let Some(overlay) = state.overlays.last() else { return Then::Pass };
    let contexts = [overlay.context(), "overlay"];
    // What the overlay passed on goes on below.
    let is_below = !state.typed.keys.is_empty() && state.keymap.find(&contexts, &state.typed.keys) != Found::Prefix;
    if is_below {
        return Then::Pass;
    }
    let found = sequence(state, &contexts, key);
    // To another account one can go from anywhere: what lies over the pane stays there until one is back.
    if let Step::Command(name) = &found
        && name == "switch-account"
    {
        command::run(state, name, None);
        return Then::Stay;
    }
    let at = state.overlays.len() - 1;
    let mut overlay = state.overlays.remove(at);
    let then = match found {
        Step::Waiting => Then::Stay,
        Step::Command(name) => overlay.run(&name, state),
        Step::Nothing => overlay.key(key, state),
    };
    if then != Then::Close {
        state.overlays.insert(at, overlay);
    }
    state.dirty = true;
    then
}

/// A command by its name: the top overlay's when it is one of those that overlay understands, else the pane's.
pub(super) fn named(state: &mut State, name: &'static str, count: Option<u32>) {
    let understands = |over: &dyn Overlay| {
        over.footer().contains(&name)
            || command::overlay::COMMANDS.iter().any(|command| command.name == name)
            || state.keymap.keys_of(&[over.context(), "overlay"], name).is_some()
    };
    let mut then = Then::Pass;
    // To another account one can go from anywhere: what lies over the pane stays there until one is back.
    if name != "switch-account" && state.overlays.last().is_some_and(|over| understands(over.as_ref())) {
        let at = state.overlays.len() - 1;
        let mut overlay = state.overlays.remove(at);
        then = overlay.run(name, state);
        if then != Then::Close {
            state.overlays.insert(at, overlay);
        }
    }
    if then == Then::Pass {
        command::run(state, name, count);
    }
    state.dirty = true;
}

/// A text for what the top overlay asks for.
pub(super) fn filled(state: &mut State, text: &str) {
    let Some(mut overlay) = state.overlays.pop() else { return };
    let at = state.overlays.len();
    overlay.fill(text, state);
    state.overlays.insert(at, overlay);
    state.dirty = true;
}

/// Pasted text goes to the top overlay, and nowhere else: over a pane it would be taken for commands.
pub(super) fn pasted(state: &mut State, text: &str) {
    let Some(mut overlay) = state.overlays.pop() else { return };
    let at = state.overlays.len();
    if overlay.paste(text, state) != Then::Close {
        state.overlays.insert(at, overlay);
    }
    state.dirty = true;
}

/// A text that came back from an editor goes to the overlay that sent it there.
pub(super) fn edited(state: &mut State, text: Option<String>) {
    let Some(text) = text else { return state.say(Tone::Bad, state.word("editor.failed")) };
    let Some(mut overlay) = state.overlays.pop() else { return };
    let at = state.overlays.len();
    overlay.edited(&text, state);
    state.overlays.insert(at, overlay);
    state.dirty = true;
}

fn on_pane(state: &mut State, key: Key) {
    let contexts = contexts(state);
    let is_counting = state.typed.count.is_some() && state.typed.keys.is_empty();
    if let Some(digit) = key.typed().and_then(|c| c.to_digit(10)).filter(|_| is_counting) {
        count(state, digit);
        return;
    }
    match sequence(state, &contexts, key) {
        Step::Waiting => state.dirty = true,
        Step::Command(name) if name == "count" => {
            if let Some(digit) = key.typed().and_then(|c| c.to_digit(10)) {
                count(state, digit);
            }
        }
        Step::Command(name) if name == "tab" => {
            state.typed.count = None;
            command::run(state, &name, key.digit());
        }
        Step::Command(name) => {
            let count = state.typed.count.take();
            // Escape first takes back a number that was begun.
            if count.is_none() || key.code != KeyCode::Esc {
                command::run(state, &name, count);
            }
            state.dirty = true;
        }
        Step::Nothing => {
            state.dirty |= state.typed.count.take().is_some();
        }
    }
}

fn count(state: &mut State, digit: u32) {
    let before = state.typed.count.unwrap_or(0);
    state.typed.count = Some((before * 10 + digit).min(MOST));
    state.dirty = true;
}

/// The contexts that hold on the pane, the nearest first.
pub fn contexts(state: &State) -> Vec<&'static str> {
    let mut contexts = state.pane().contexts(state);
    contexts.push("global");
    contexts
}

enum Step {
    Waiting,
    Command(String),
    Nothing,
}

/// Adds a key to the sequence so far and looks it up.
fn sequence(state: &mut State, contexts: &[&str], key: Key) -> Step {
    let was_waiting = !state.typed.keys.is_empty();
    state.typed.keys.push(key);
    match state.keymap.find(contexts, &state.typed.keys) {
        Found::Prefix => return Step::Waiting,
        Found::Command(name) => {
            state.typed.keys.clear();
            return Step::Command(name);
        }
        Found::Nothing => state.typed.keys.clear(),
    }
    state.dirty |= was_waiting;
    // A sequence that leads nowhere is forgotten; its last key does not then mean something else.
    if was_waiting { Step::Waiting } else { Step::Nothing }
}
