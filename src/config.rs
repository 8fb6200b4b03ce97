//! F2: settings and the catalogue of sentences: what comes from files, the environment and flags.
//!
//! Three layers, the later one wins: the file `config.toml`, variables `LYCEUM_*`, flags. Each setting is a field of the
//! one struct of its topic, with its default, and stands with an explanation in `assets/config/default.toml`.

use serde::Deserialize;

mod begin;
pub mod client;
pub mod environment;
mod error;
mod layers;
pub mod locale;
pub mod own;
pub mod screen;
pub mod server;
pub mod template;
pub mod terminal;

pub use begin::load_for_screen;
pub use error::{Error, Fault, Source};
pub use layers::{Flag, closest, lay_all, load};

/// All settings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Of the client, whatever it shows.
    pub client: client::Client,
    /// Of the screen.
    pub screen: screen::Screen,
    /// Of the terminal, where a person knows better.
    pub terminal: terminal::Wanted,
    /// Of the community server.
    pub server: server::Settings,
}

/// The settings file with every setting at its default, explained.
pub const DEFAULT_FILE: &str = include_str!("../assets/config/default.toml");

/// The head of [`starter`].
const STARTER_HEAD: &str = "\
# Settings of Lyceum. A line that starts with `#:` is a setting at its default, or an example where it has none: take the
# `#: ` away and change it. What stays as it is follows the program when a later version has a better default.
#
# A variable of the environment wins over this file, a flag over both. A key that is not listed here is an error;
# `lyceum config check` tells all of them.
";

/// A settings file to begin with: every setting explained, none set.
pub fn starter() -> String {
    let mut lines = DEFAULT_FILE.lines().skip_while(|line| line.starts_with('#'));
    let is_set = |line: &str| line.starts_with(|c: char| c.is_ascii_lowercase()) && line.contains(" = ");
    let mut text = STARTER_HEAD.to_owned();
    for line in &mut lines {
        text.push_str(if is_set(line) { "#: " } else { "" });
        text.push_str(line);
        text.push('\n');
    }
    text
}

impl Settings {
    /// What is around the screen, by the environment and these settings. Who wants Unicode signs can show Unicode.
    pub fn surroundings(&self, variables: environment::Variables<'_>) -> terminal::Terminal {
        let mut wanted = self.terminal.clone();
        if self.screen.symbols == screen::Symbols::Unicode && wanted.characters == terminal::Characters::Auto {
            wanted.characters = terminal::Characters::Utf8;
        }
        terminal::Terminal::with(variables, &wanted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_to_begin_with_sets_nothing_and_explains_everything() {
        let text = starter();
        assert_eq!(toml::from_str::<Settings>(&text).unwrap(), Settings::default());
        assert!(text.lines().all(|line| line.is_empty() || line.starts_with('#') || line.starts_with('[')), "{text}");
        let bare = |text: &str| text.lines().map(|line| line.trim_start_matches("#: ").to_owned()).collect::<Vec<_>>();
        let all: Vec<String> = bare(DEFAULT_FILE);
        let offered = bare(&text);
        let settings = all.iter().filter(|line| !line.starts_with('#') && line.contains(" = "));
        for setting in settings {
            assert!(offered.contains(setting), "{setting}");
        }
    }
}
