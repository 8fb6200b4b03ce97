//! Everything that can be done, by name. Keys, footer, help, palette and the key reference all come from this table.
//!
//! A command is a row in its family's file: its sentence is `command.NAME` in the catalogue, its short word for the
//! footer `label.NAME`.

use super::state::State;

pub mod account;
pub mod app;
pub mod block;
pub mod copying;
pub mod motion;
pub mod overlay;
pub mod pane;
pub mod reading;
pub mod thread;
pub mod when;
pub mod writing;

/// Something that can be done.
pub struct Command {
    /// Its name, as typed after `:` and written in keymaps.
    pub name: &'static str,
    /// Whether it can be done now; else the key of the sentence that says why not.
    pub when: fn(&State) -> Result<(), &'static str>,
    /// Does it; with the number typed before it.
    pub run: fn(&mut State, Option<u32>),
}

/// The families, in the order of help. The first word is the key `family.WORD`.
pub static FAMILIES: &[(&str, &[Command])] = &[
    ("move", motion::COMMANDS),
    ("pane", pane::COMMANDS),
    ("reading", reading::COMMANDS),
    ("thread", thread::COMMANDS),
    ("copying", copying::COMMANDS),
    ("block", block::COMMANDS),
    ("writing", writing::COMMANDS),
    ("account", account::COMMANDS),
    ("app", app::COMMANDS),
    ("overlay", overlay::COMMANDS),
];

/// All commands.
pub fn all() -> impl Iterator<Item = &'static Command> {
    FAMILIES.iter().flat_map(|(_, commands)| commands.iter())
}

/// The command of a name.
pub fn find(name: &str) -> Option<&'static Command> {
    all().find(|c| c.name == name)
}

/// Runs a command by its name, or says why it cannot be done now.
pub fn run(state: &mut State, name: &str, count: Option<u32>) {
    let Some(command) = find(name) else { return };
    match (command.when)(state) {
        Ok(()) => (command.run)(state, count),
        Err(reason) => state.say(super::notice::Tone::Plain, state.word(reason)),
    }
    state.dirty = true;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::{Catalog, Language};

    #[test]
    fn every_command_has_one_name_and_a_sentence_in_every_language() {
        let mut names: Vec<_> = all().map(|c| c.name).collect();
        names.sort_unstable();
        let count = names.len();
        names.dedup();
        assert_eq!(names.len(), count);
        for language in Language::ALL {
            let words = Catalog::new(language);
            for name in &names {
                assert!(words.has(&format!("command.{name}")), "{language:?}: command.{name}");
                assert!(words.has(&format!("label.{name}")), "{language:?}: label.{name}");
            }
        }
    }
}
