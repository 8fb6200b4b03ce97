//! F2: settings and the catalogue of sentences: what comes from files, the environment and flags.
//!
//! Three layers, the later one wins: the file `config.toml`, variables `LYCEUM_*`, flags. Each setting is a field of the
//! one struct of its topic, with its default, and stands with an explanation in `assets/config/default.toml`.

use serde::Deserialize;

pub mod client;
pub mod environment;
mod error;
mod layers;
pub mod locale;
pub mod screen;
pub mod server;
pub mod terminal;

pub use error::{Error, Fault, Source};
pub use layers::{Flag, closest, load};

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
