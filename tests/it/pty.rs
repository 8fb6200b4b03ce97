//! The screen on a real pseudo-terminal: what is switched on is switched off again, whatever the end is.
//!
//! Mostly the child is this very test binary, running [`child::screen`] on the community in memory: the loop, the guard and
//! the signals are the program's own, and faults can be planted without a way to plant them in the program.

mod background;
mod begin;
pub(crate) mod child;
mod ends;
mod matrix;
mod sinks;
mod stalls;
pub(crate) mod terminal;
mod typed;

use rustix::process::Signal;
use terminal::Terminal;

use crate::judge::{Allow, judge};

#[test]
fn it_starts_paints_and_leaves_without_a_trace() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the header and the feed", |screen| {
        screen.contains("Rust Guild") && screen.contains("How do I stream SSE")
    });
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}

#[test]
fn a_resize_paints_the_whole_of_the_new_size() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    for (columns, lines) in [(120, 40), (60, 12), (100, 30)] {
        terminal.resize(columns, lines);
        terminal.wait_for("a footer in the last line", |screen| {
            screen.lines().nth(usize::from(lines) - 1).is_some_and(|line| line.contains("enter open"))
        });
    }
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}

#[test]
fn a_panic_on_the_screen_gives_the_terminal_back() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.signal(Signal::USR1);
    terminal.type_keys("j");
    assert_ne!(terminal.exit_code(), 0);
    terminal.is_as_before();
    terminal.after_the_end("planted on the screen");
}

#[test]
fn a_panic_elsewhere_ends_the_screen_first() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.signal(Signal::USR2);
    assert_ne!(terminal.exit_code(), 0);
    terminal.is_as_before();
    let after = terminal.after_the_end("planted elsewhere");
    assert!(!after.contains("Rust Guild"), "{after:?}");
}

#[test]
fn an_error_gives_the_terminal_back() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.signal(Signal::ALARM);
    assert_ne!(terminal.exit_code(), 0);
    terminal.is_as_before();
    terminal.after_the_end("fault");
}

#[test]
fn an_engine_that_ends_behind_does_not_end_the_screen() {
    let mut terminal = Terminal::start("neighbour", &[]);
    terminal
        .wait_for("two accounts", |screen| screen.contains("Rust Guild 1/2") && screen.contains("How do I stream SSE"));
    terminal.type_keys("\x14");
    terminal.wait_for("that one has failed", |screen| screen.contains("bob") && screen.contains("failed"));
    terminal.type_keys("\x1b");
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE") && !screen.contains("failed"));
    // The one in front ends too: the list is there to go on with.
    terminal.signal(Signal::ALARM);
    terminal.wait_for("why", |screen| screen.contains("Accounts") && screen.contains("has ended"));
    terminal.type_keys("\x1b");
    terminal.wait_for("what was there", |screen| !screen.contains("Accounts"));
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}

#[test]
fn signals_give_the_terminal_back() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129), (Signal::INT, 130)] {
        let mut terminal = Terminal::start("plain", &[]);
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), code);
        terminal.is_as_before();
    }
}

#[test]
fn a_dumb_terminal_gets_one_plain_line() {
    let mut terminal = Terminal::start("plain", &[("TERM", "dumb")]);
    assert_ne!(terminal.exit_code(), 0);
    let said = terminal.wait_for_bytes("why not", |bytes| bytes.contains("cannot show a screen"));
    assert!(!said.contains('\x1b'), "{said:?}");
}

#[test]
#[cfg(feature = "server")]
fn the_demo_starts_and_leaves() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::lyceum(&["demo", "--as", "member"], home.path(), &[]);
    terminal.wait_for("the Guild and who is here", |screen| screen.contains("Rust Guild") && screen.contains("ada"));
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}

#[test]
#[cfg(feature = "server")]
fn a_dumb_terminal_is_told_the_demo_line_by_line() {
    let home = tempfile::tempdir().unwrap();
    let mut terminal = Terminal::lyceum(&["demo"], home.path(), &[("TERM", "dumb")]);
    terminal.wait_for_bytes("the feed", |bytes| bytes.contains("How do I stream SSE"));
    terminal.type_keys("quit\n");
    assert_eq!(terminal.exit_code(), 0);
    assert!(!terminal.bytes().contains('\x1b'));
}

#[test]
#[cfg(feature = "server")]
fn without_a_terminal_there_is_one_plain_line() {
    let home = tempfile::tempdir().unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_lyceum"));
    command.arg("demo").env_clear().env("LYCEUM_HOME", home.path()).env("TERM", "xterm").env("LC_ALL", "C.UTF-8");
    let ended = command.stdin(std::process::Stdio::null()).output().unwrap();
    let said = String::from_utf8(ended.stderr).unwrap();
    assert!(!ended.status.success() && ended.stdout.is_empty(), "{ended:?}", ended = ended.status);
    assert!(said.trim().lines().count() == 1 && !said.contains('\x1b'), "{said:?}");
}

/// Hostile text, drawn for real: nothing but our own sequences reaches the terminal.
#[test]
fn only_our_own_sequences_reach_the_terminal() {
    let mut terminal = Terminal::start("hostile", &[]);
    terminal.resize(200, 900);
    terminal.wait_for("the feed", |screen| screen.contains("hostile title"));
    terminal.type_keys("\r");
    terminal.wait_for("the thread", |screen| screen.contains("the last of it"));
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.exit_code(), 143);
    terminal.is_as_before();
    let bytes = terminal.bytes();
    assert!(bytes.contains("␛]52;c;"), "it was drawn as text");
    judge(bytes.as_bytes(), Allow::default()).is_clean("a feed and a thread");
}
