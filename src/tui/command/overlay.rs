//! What an overlay understands. Each does with them what fits it; where none is open they do nothing.

use super::{Command, when::May};
use crate::tui::state::State;

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "close", when: over, run: |_, _| () },
    Command { name: "choose", when: over, run: |_, _| () },
    Command { name: "choice-down", when: over, run: |_, _| () },
    Command { name: "choice-up", when: over, run: |_, _| () },
    Command { name: "find-next", when: over, run: |_, _| () },
    Command { name: "find-previous", when: over, run: |_, _| () },
    Command { name: "discard", when: over, run: |_, _| () },
    Command { name: "save-search", when: over, run: |_, _| () },
    Command { name: "rename", when: over, run: |_, _| () },
    Command { name: "move-down", when: over, run: |_, _| () },
    Command { name: "move-up", when: over, run: |_, _| () },
    Command { name: "other-pane", when: over, run: |_, _| () },
    Command { name: "yes", when: over, run: |_, _| () },
    Command { name: "no", when: over, run: |_, _| () },
    Command { name: "next-field", when: over, run: |_, _| () },
    Command { name: "previous-field", when: over, run: |_, _| () },
    Command { name: "send", when: over, run: |_, _| () },
    Command { name: "preview", when: over, run: |_, _| () },
    Command { name: "take-back", when: over, run: |_, _| () },
    Command { name: "retry-entry", when: over, run: |_, _| () },
    Command { name: "give-up", when: over, run: |_, _| () },
    Command { name: "add-community", when: over, run: |_, _| () },
    Command { name: "add-account", when: over, run: |_, _| () },
    Command { name: "remove-account", when: over, run: |_, _| () },
    Command { name: "try-again", when: over, run: |_, _| () },
    Command { name: "external-editor", when: over, run: |_, _| () },
    Command { name: "attach", when: over, run: |_, _| () },
    Command { name: "template", when: over, run: |_, _| () },
    Command { name: "unmask", when: over, run: |_, _| () },
];

fn over(state: &State) -> May {
    if state.overlays.is_empty() { Err("unavailable.no-overlay") } else { Ok(()) }
}
