//! Commands that read and write in the community: a client that keeps what it reads, and how results look here.

use std::io::IsTerminal;

use super::{Ground, client};
use crate::base::time::{Clock as _, SystemClock, TimeZone};
use crate::cli;
use crate::cli::errand::Errand;
use crate::cli::look::{Inks, Look};
use crate::cli::output::{Desk, Failure};
use crate::config::environment::of_process;
use crate::config::own::Texts;
use crate::config::screen::Symbols as Wanted;
use crate::config::terminal::Terminal;
use crate::tui::own::Own;
use crate::tui::print::{self, Printer};
use crate::tui::symbols::Symbols;
use crate::tui::theme::{Depth, Theme};

/// Columns where nobody knows how many there are.
const COLUMNS: usize = 80;

/// Runs a command.
pub(super) async fn run(ground: &Ground, errand: &cli::Errand, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let terminal = ground.settings.surroundings(&of_process);
    let is_terminal = std::io::stdout().is_terminal();
    let inks = is_terminal && terminal.term != "dumb";
    desk.out.ink(inks);
    let look = look(ground, &terminal, is_terminal);
    let mut client = client::connect_kept(ground)?;
    let unsent = ground.paths.state.join("unsent");
    let mut at_work = Errand {
        asking: &mut client.asking,
        sessions: &client.sessions,
        standing: cli::vaults::Standing::of(&client.sessions),
        desk,
        look: &look,
        unsent: &unsent,
        stale: None,
    };
    errand.run(&mut at_work).await
}

/// How results look on this terminal, or in a pipe.
fn look(ground: &Ground, terminal: &Terminal, is_terminal: bool) -> Look {
    let screen = &ground.settings.screen;
    let (own, _) = Own::read(Texts::read(&ground.paths.config), Depth::of(terminal.colors), terminal.light);
    // What is wrong with a theme is told by the screen and by `lyceum config check`.
    let theme = own.with(screen).read_theme().unwrap_or_else(|_| Theme::built_in("dark", Depth::of(terminal.colors)));
    let is_ascii = screen.symbols == Wanted::Ascii || is_terminal && !terminal.utf8;
    let inks = Inks {
        title: print::ink(theme.title),
        dim: print::ink(theme.dim),
        accent: print::ink(theme.accent),
        good: print::ink(theme.good),
        warn: print::ink(theme.warn),
        mark: print::ink(theme.mark),
    };
    let symbols = if is_ascii { Symbols::ASCII } else { Symbols::UNICODE };
    let printer = Printer::new(theme, symbols, ground.words.clone());
    let columns = if is_terminal { columns() } else { None };
    Look {
        columns: columns.unwrap_or(COLUMNS),
        row: if is_terminal { columns.unwrap_or(COLUMNS) } else { usize::MAX },
        inks,
        body: Box::new(move |markdown, columns| printer.body(markdown, columns)),
        zone: TimeZone::system(),
        now: SystemClock.now(),
    }
}

/// Columns of the terminal that results go to.
#[cfg(unix)]
fn columns() -> Option<usize> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    (size.ws_col > 0).then_some(usize::from(size.ws_col))
}

#[cfg(not(unix))]
fn columns() -> Option<usize> {
    None
}
