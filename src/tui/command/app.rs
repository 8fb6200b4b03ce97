//! The program itself: leaving, help, the palette, what was said.

use super::{
    Command,
    when::{always, signed_in},
};
use crate::engine::request::Request;
use crate::tui::{
    effect::Effect,
    overlay::{help::Help, messages::Messages, palette::Palette},
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "palette", when: always, run: |s, _| Palette::open(s) },
    Command { name: "help", when: always, run: |s, _| Help::open(s) },
    Command { name: "messages", when: always, run: |s, _| s.lay(Messages::default()) },
    Command { name: "redraw", when: always, run: |s, _| s.effect(Effect::Redraw) },
    Command { name: "suspend", when: always, run: |s, _| s.effect(Effect::Suspend) },
    Command { name: "mouse", when: always, run: |s, _| mouse(s) },
    Command { name: "sync", when: signed_in, run: |s, _| sync(s) },
    Command { name: "quit", when: always, run: |s, _| quit(s) },
];

fn mouse(state: &mut State) {
    state.options.mouse = !state.options.mouse;
    state.effect(Effect::Mouse(state.options.mouse));
}

/// Leaves once everything is on the disk and what is held was sent. Said twice it does not wait.
fn quit(state: &mut State) {
    if state.leaving {
        return state.effect(Effect::Quit);
    }
    state.pane().due(state);
    state.leaving = true;
    state.send(Request::Leave);
}

/// Fetches the whole community, or stops doing so.
fn sync(state: &mut State) {
    let is_running = state.progress.take().is_some();
    state.send(if is_running { Request::StopSync } else { Request::SyncAll });
}
