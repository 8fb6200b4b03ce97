//! Opens the screen on a client.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::seats::{Seats, address};
use super::{Ground, client, vaults};
use crate::base::time::SystemClock;
use crate::cli::output::Failure;
use crate::config::environment::of_process;
use crate::engine::problem::Kind;
use crate::engine::seat::{Accounts, Seat, Who};
use crate::tui::run::{self, Start};
use crate::tui::{keymap, terminal, theme};

/// Themes and keymaps that need no file.
const BUILT_IN: &[&str] = &["auto", "dark", "light", "mono", "default"];

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
    let theme = own(&ground.paths.config.join("themes"), &screen.theme)?;
    let keymap = own(&ground.paths.config.join("keymaps"), &screen.keymap)?;
    let (handle, events) = client.asking.into_parts();
    let start = Start {
        who,
        seat: Seat { handle, events },
        accounts,
        address,
        words: ground.words.clone(),
        terminal: ground.settings.surroundings(&of_process),
        screen,
        theme,
        keymap,
        scratch: ground.paths.state.clone(),
        zone: jiff::tz::TimeZone::system(),
        clock: Arc::new(SystemClock),
    };
    run::run(start).await.map_err(|error| ended(&error))
}

/// Why there is no screen, or no longer, in the catalogue's words.
pub(super) fn ended(error: &run::Error) -> Failure {
    let (key, values) = match error {
        run::Error::Terminal(terminal::Error::NoTerminal) => ("cli.screen.no_terminal", vec![]),
        run::Error::Terminal(terminal::Error::Dumb(term)) => ("cli.screen.dumb", vec![("term", term.clone())]),
        run::Error::Terminal(terminal::Error::Io(error)) => ("cli.screen.io", vec![("why", error.to_string())]),
        run::Error::Keymap(error) => keymap(error),
        run::Error::Theme(theme::Error::Syntax(why)) => ("cli.theme.syntax", vec![("why", why.clone())]),
        run::Error::Theme(theme::Error::UnknownStyle(style)) => ("cli.theme.style", vec![("style", style.clone())]),
        run::Error::Theme(theme::Error::Value(style, value)) => {
            ("cli.theme.value", vec![("style", style.clone()), ("value", value.clone())])
        }
        run::Error::Panicked => ("cli.screen.panicked", vec![]),
    };
    Failure::Said { kind: Kind::Invalid, key, values }
}

fn keymap(error: &keymap::Error) -> (&'static str, Vec<(&'static str, String)>) {
    use keymap::Error;

    match error.clone() {
        Error::Syntax(why) => ("cli.keymap.syntax", vec![("why", why)]),
        Error::Context(place, known) => ("cli.keymap.place", vec![("place", place), ("known", known)]),
        Error::Key(place, keys, key) => ("cli.keymap.key", vec![("place", place), ("keys", keys), ("key", key)]),
        Error::Command(place, keys, command, None) => {
            ("cli.keymap.command", vec![("place", place), ("keys", keys), ("command", command)])
        }
        Error::Command(place, keys, command, Some(meant)) => {
            let values = vec![("place", place), ("keys", keys), ("command", command), ("meant", meant.to_owned())];
            ("cli.keymap.meant", values)
        }
    }
}

/// The file of one's own that goes by this name; a name that is neither built in nor a file is an error.
pub(super) fn own(folder: &Path, name: &str) -> Result<Option<String>, Failure> {
    let path = folder.join(format!("{name}.toml"));
    match std::fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound && BUILT_IN.contains(&name) => Ok(None),
        Err(error) => Err(Failure::Said {
            kind: Kind::Invalid,
            key: "config.unreadable",
            values: vec![("place", path.display().to_string()), ("why", error.to_string())],
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::{Catalog, Language};

    #[test]
    fn every_end_of_the_screen_is_a_sentence_in_every_language() {
        let text = || "X".to_owned();
        let ends: [run::Error; 12] = [
            terminal::Error::NoTerminal.into(),
            terminal::Error::Dumb(text()).into(),
            terminal::Error::Io(io::Error::other("X")).into(),
            keymap::Error::Syntax(text()).into(),
            keymap::Error::Context(text(), text()).into(),
            keymap::Error::Key(text(), text(), text()).into(),
            keymap::Error::Command(text(), text(), text(), None).into(),
            keymap::Error::Command(text(), text(), text(), Some("X")).into(),
            theme::Error::Syntax(text()).into(),
            theme::Error::UnknownStyle(text()).into(),
            theme::Error::Value(text(), text()).into(),
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
