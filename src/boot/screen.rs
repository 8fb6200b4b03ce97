//! Opens the screen on a client.

use std::io;
use std::path::Path;
use std::sync::Arc;

use super::{Ground, client};
use crate::base::time::SystemClock;
use crate::cli::output::Failure;
use crate::config::environment::of_process;
use crate::config::terminal::Terminal;
use crate::engine::problem::Kind;
use crate::tui::run::{Start, run};

/// Themes and keymaps that need no file.
const BUILT_IN: &[&str] = &["auto", "dark", "light", "mono", "default"];

/// Opens the screen on the community that is meant.
pub(super) async fn open(ground: &Ground) -> Result<(), Failure> {
    let client = client::open(ground)?;
    show(ground, client).await
}

/// Shows the screen until the reader leaves.
pub(super) async fn show(ground: &Ground, client: client::Client) -> Result<(), Failure> {
    let screen = ground.settings.screen.clone();
    let theme = own(&ground.paths.config.join("themes"), &screen.theme)?;
    let keymap = own(&ground.paths.config.join("keymaps"), &screen.keymap)?;
    let (handle, events) = client.asking.into_parts();
    let start = Start {
        handle,
        events,
        words: ground.words.clone(),
        terminal: Terminal::read(&of_process),
        screen,
        theme,
        keymap,
        scratch: ground.paths.state.clone(),
        zone: jiff::tz::TimeZone::system(),
        clock: Arc::new(SystemClock),
    };
    run(start).await.map_err(|error| Failure::Said {
        kind: Kind::Invalid,
        key: "cli.screen",
        values: vec![("why", error.to_string())],
    })
}

/// The file of one's own that goes by this name; a name that is neither built in nor a file is an error.
fn own(folder: &Path, name: &str) -> Result<Option<String>, Failure> {
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
