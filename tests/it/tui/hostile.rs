//! Every hostile payload in every field of the screen, drawn on a real terminal by the program's own guard. The tests that
//! start these children and judge what comes out are in `pty::sinks`.
//!
//! Where other people's text comes out, and who puts it there (`sinks` for short is `pty::sinks`):
//!
//! | place | put there by |
//! |---|---|
//! | titles, names, tags, bodies, excerpts in lists and threads | `pages` |
//! | links: where they lead, copied, as OSC 8 | `pages`, `windows` |
//! | search hits with their snippets | `pages` |
//! | the inbox, notices of the system, what is announced | `pages` |
//! | failures in the server's words, what is said in passing, `:messages` | `pages`, `windows` |
//! | menus of the composer: `@`, `#`, `:emoji:` | `pages`, `windows` |
//! | the title of the window | `child` |
//! | the clipboard, in each way there is to it | `child` |
//! | every window of `tui/overlay` | [`windows::WINDOWS`] |
//! | what was pasted: composer, preview, fields | `windows` |
//! | similar questions | `windows` |
//! | templates, attached files, commits, outputs, before and after the look | `windows` |
//! | saved searches, also of the settings: filters, list, palette | `windows` |
//! | faults in settings, keymaps, themes | `windows` |
//! | plans, membership, why a thread is closed | `windows` |
//! | the outbox, drafts, what is stuck in the server's words | `windows` |
//! | accounts and communities | `windows` |
//! | every form of markup that shows a word of its writer | [`community::MARKUP`] |
//! | the linear mode (`lyceum --plain`) | `sinks::linear` |
//! | every command that reads or writes, in words and as JSON | `sinks::errands` |
//! | other commands, the doctor, arguments, failures | `sinks` |
//! | questions at the terminal (`cli::prompt`) | `sinks` |
//! | the log, panics | `sinks` |

use std::collections::BTreeSet;
use std::io::Write as _;
use std::sync::Arc;

use lyceum::base::text::Clean;
use lyceum::config::screen::Notify;
use lyceum::config::terminal::{Clipboard, Terminal as Surroundings};
use lyceum::tui::effect::Effect;
use lyceum::tui::painter::{Hyperlink, Painter};
use lyceum::tui::state::State;
use lyceum::tui::terminal::{Modes, TermGuard};
use lyceum::tui::view::view;

use super::screen::Screen;
use crate::corpus::{Case, cases};

pub(crate) mod community;
mod pages;
pub(crate) mod windows;

use community::community;

/// Columns and lines.
const SIZE: (u16, u16) = (100, 30);
/// Payloads in one community: a page of a list.
pub(crate) const AT_A_TIME: usize = 30;
/// So many children share what takes long.
pub(crate) const PARTS: usize = 2;
/// How many names a completion offers.
const OFFERED: usize = 5;

/// What leads out of the program, as the loop has it written.
fn linked(state: &State) -> Vec<Hyperlink> {
    let links = state.hits.links().into_iter().filter(|(_, url)| url.is_ascii());
    links.map(|(place, url)| Hyperlink { url, places: vec![place] }).collect()
}

/// The real terminal, a screen of the tests, and what was seen on it.
struct Stage {
    guard: TermGuard,
    painter: Painter,
    drawn: usize,
    shown: usize,
    looked: usize,
    /// The windows that lay on top in one of the pictures.
    windows: BTreeSet<&'static str>,
}

impl Stage {
    fn new() -> Self {
        let surroundings = Surroundings::read(&|name| std::env::var(name).ok());
        let modes =
            Modes { alternate_screen: true, mouse: true, keyboard: surroundings.keyboard, frames: true, scheme: false };
        let guard = TermGuard::take(&surroundings, modes, Notify::Osc777, Arc::new(|| ())).unwrap();
        Self {
            guard,
            painter: Painter::new(surroundings.colors),
            drawn: 0,
            shown: 0,
            looked: 0,
            windows: BTreeSet::new(),
        }
    }

    /// Draws what the screen shows and carries out what it asked for, as the loop does; `looks_for` counts those of the
    /// texts that can be seen.
    fn paint(&mut self, screen: &mut Screen, looks_for: &[&Case]) {
        let frame = self.painter.draw(screen.state.size, || linked(&screen.state), |frame| view(&screen.state, frame));
        let shown = self.painter.shown().unwrap();
        let text: String =
            shown.cells.content.iter().map(|cell| cell.symbol()).filter(|symbol| *symbol != " ").collect();
        for case in looks_for {
            let clean = Clean::line(&case.text);
            let start: String = clean.chars().filter(|c| !c.is_whitespace()).take(6).collect();
            self.looked += 1;
            self.shown += usize::from(text.contains(&start));
        }
        self.settle();
        self.guard.show(&frame).unwrap();
        self.settle();
        self.drawn += 1;
        self.windows.extend(windows::on_top(screen));
        for effect in std::mem::take(&mut screen.effects) {
            match effect {
                Effect::Copy(text) => self.guard.copy(&text),
                Effect::Notify(text) => self.guard.notify(&text),
                _ => {}
            }
        }
    }

    /// Waits until the terminal has taken everything so far: here every frame counts, as no reader wants them to.
    fn settle(&self) {
        while !self.guard.is_ready() {
            std::thread::yield_now();
        }
    }

    /// Says to the test what was seen, and ends the child.
    fn ends(self, told: &std::ffi::OsStr) -> ! {
        let (drawn, shown, looked) = (self.drawn, self.shown, self.looked);
        let windows: Vec<&str> = self.windows.iter().copied().collect();
        drop(self.guard);
        std::fs::write(told, format!("{drawn} {shown} {looked}\n{}", windows.join(" "))).unwrap();
        std::io::stdout().write_all(b"that was all").unwrap();
        std::io::stdout().flush().unwrap();
        std::process::exit(0);
    }

    fn press(&mut self, screen: &mut Screen, keys: &str, looks_for: &[&Case]) {
        screen.keys(keys);
        self.paint(screen, looks_for);
    }
}

/// Not a test: the child.
#[test]
fn child() {
    let Some(told) = std::env::var_os("LYCEUM_TEST_TOLD") else { return };
    let all = cases();
    let all: Vec<&Case> = all.iter().collect();
    let mut stage = Stage::new();
    for (nth, some) in all.chunks(AT_A_TIME).enumerate() {
        pages::play(&mut stage, some, nth * AT_A_TIME);
    }
    for through in [Clipboard::Terminal, Clipboard::Tmux, Clipboard::Screen] {
        stage.settle();
        drop(stage.guard);
        let mut surroundings = Surroundings::read(&|name| std::env::var(name).ok());
        surroundings.clipboard = through;
        let modes = Modes {
            alternate_screen: true,
            mouse: false,
            keyboard: surroundings.keyboard,
            frames: true,
            scheme: false,
        };
        let notify = match through {
            Clipboard::Tmux => Notify::Osc9,
            Clipboard::Screen => Notify::Osc99,
            _ => Notify::Bell,
        };
        stage.guard = TermGuard::take(&surroundings, modes, notify, Arc::new(|| ())).unwrap();
        for case in &all {
            stage.guard.copy(&Clean::block(&case.text));
            stage.guard.notify(&Clean::block(&case.text));
            stage.settle();
        }
        stage.guard.title(7);
        stage.settle();
    }
    stage.ends(&told);
}
