//! The program itself: leaving, help, the palette, what was said.

use super::{Command, when::always};
use crate::tui::{
    effect::Effect,
    overlay::{confirm::Confirm, help::Help, messages::Messages, palette::Palette},
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
    Command { name: "quit", when: always, run: |s, _| quit(s) },
];

fn mouse(state: &mut State) {
    state.options.mouse = !state.options.mouse;
    state.effect(Effect::Mouse(state.options.mouse));
}

/// Leaves, after asking when a text or a change would be lost with this process.
fn quit(state: &mut State) {
    state.pane().due(state);
    let writes = state.sending.iter().filter(|s| s.draft.is_none()).count();
    let unsent = (state.drafts.len() + writes) as u64;
    if unsent == 0 {
        return state.effect(Effect::Quit);
    }
    let question = state.words.count("confirm.quit", unsent);
    state.lay(Confirm::new(question, |state| state.effect(Effect::Quit)));
}
