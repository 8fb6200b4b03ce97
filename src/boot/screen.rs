//! Opens the screen on a client.

use std::sync::Arc;

use super::seats::{Seats, address};
use super::{Ground, client, vaults};
use crate::base::time::SystemClock;
use crate::cli::output::Failure;
use crate::config::own::Texts;
use crate::config::terminal::Terminal;
use crate::config::{environment::of_process, template};
use crate::engine::problem::Kind;
use crate::engine::seat::{Accounts, Seat, Who};
use crate::tui::run::{self, Start};
use crate::tui::terminal;

/// Why the screen is told line by line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Linear {
    /// Somebody wants it so.
    Wanted,
    /// The terminal can do nothing else.
    Dumb,
}

impl Linear {
    /// Whether, and why.
    pub(super) fn of(plain: bool, terminal: &Terminal, is_terminal: bool) -> Option<Self> {
        match () {
            () if plain => Some(Self::Wanted),
            () if is_terminal && terminal.term == "dumb" => Some(Self::Dumb),
            () => None,
        }
    }
}

/// Opens the screen on the account that is meant, with the others of this machine behind it.
pub(super) async fn open(ground: &Ground) -> Result<(), Failure> {
    let known = crate::engine::account::Accounts::read(&client::accounts_file(ground)).unwrap_or_default();
    vaults::ask_before_screen(ground, &known);
    let (who, client) = client::open(ground)?;
    let accounts = Arc::new(Seats::of(ground));
    show(ground, who, client, accounts).await
}

/// Shows the screen until the reader leaves.
pub(super) async fn show(
    ground: &Ground,
    who: Who,
    client: client::Client,
    accounts: Arc<dyn Accounts>,
) -> Result<(), Failure> {
    let screen = ground.settings.screen.clone();
    let (templates, unreadable) = template::read(&ground.paths.config.join(template::FOLDER));
    let (handle, events) = client.asking.into_parts();
    let start = Start {
        who,
        seat: Seat { handle, events },
        accounts,
        address,
        words: ground.words.clone(),
        terminal: ground.settings.surroundings(&of_process),
        screen,
        texts: Texts::read(&ground.paths.config),
        faults: ground.faults.iter().cloned().chain(unreadable).collect(),
        templates,
        scratch: ground.paths.state.clone(),
        zone: jiff::tz::TimeZone::system(),
        clock: Arc::new(SystemClock),
    };
    let ended_well = match ground.linear {
        Some(linear) => run::linear::run(start, linear == Linear::Dumb).await,
        None => run::run(start).await,
    };
    ended_well.map_err(|error| ended(&error))
}

/// Why there is no screen, or no longer, in the catalogue's words.
fn ended(error: &run::Error) -> Failure {
    let (key, values) = match error {
        run::Error::Terminal(terminal::Error::NoTerminal) => ("cli.screen.no_terminal", vec![]),
        run::Error::Terminal(terminal::Error::Dumb(term)) => ("cli.screen.dumb", vec![("term", term.clone())]),
        run::Error::Terminal(terminal::Error::Io(error)) => ("cli.screen.io", vec![("why", error.to_string())]),
        run::Error::Panicked => ("cli.screen.panicked", vec![]),
    };
    Failure::Said { kind: Kind::Invalid, key, values }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::{Catalog, Language};

    #[test]
    fn every_end_of_the_screen_is_a_sentence_in_every_language() {
        let text = || "X".to_owned();
        let ends = [
            run::Error::from(terminal::Error::NoTerminal),
            terminal::Error::Dumb(text()).into(),
            terminal::Error::Io(std::io::Error::other("X")).into(),
            run::Error::Panicked,
        ];
        for end in ends {
            for language in Language::ALL {
                let sentence = ended(&end).sentence(&Catalog::new(language));
                assert!(!sentence.starts_with("cli.") && !sentence.contains(['{', '}']), "{sentence}");
            }
        }
    }
}
