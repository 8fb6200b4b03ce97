//! A terminal that is asked for its background: it answers at once, late, never, or while other things happen.

use super::terminal::Terminal;
use crate::judge::{Allow, judge};

const QUESTION: &str = "\x1b]11;?\x1b\\\x1b[c";
const LIGHT: &str = "\x1b]11;rgb:fdfd/f6f6/e3e3\x1b\\";
const DONE: &str = "\x1b[?62;22c";

/// The colours of what leads the eye, in the dark and in the light theme.
const DARK_ACCENT: &str = "38;2;127;180;255";
const LIGHT_ACCENT: &str = "38;2;31;95;191";

fn start(settings: &str) -> Terminal {
    let environment = [("COLORFGBG", ""), ("COLORTERM", "truecolor"), ("LYCEUM_TEST_SETTINGS", settings)];
    let terminal = Terminal::start("plain", &environment);
    terminal.wait_for("the whole feed", |screen| screen.contains("Build times") && screen.contains("enter open"));
    terminal
}

fn end(mut terminal: Terminal) -> String {
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
    let bytes = terminal.bytes();
    judge(bytes.as_bytes(), Allow::default()).is_clean("a terminal that is asked");
    bytes
}

#[test]
fn the_first_picture_waits_for_no_answer_and_one_that_comes_changes_it() {
    let mut terminal = start("");
    let before = terminal.bytes();
    assert!(before.contains(QUESTION) && before.contains(DARK_ACCENT), "{before:?}");
    assert!(!before.contains(LIGHT_ACCENT));
    terminal.type_keys(format!("{LIGHT}{DONE}"));
    terminal.wait_for_bytes("light colours", |bytes| bytes.contains(LIGHT_ACCENT));
    let bytes = end(terminal);
    assert_eq!(bytes.matches(QUESTION).count(), 1, "it is asked once");
}

#[test]
fn an_answer_in_pieces_between_keys_is_no_key() {
    let mut terminal = start("");
    let shown = terminal.contents();
    // Every byte of it would be a command: `r`, `1`, `f`, `]` …
    for part in LIGHT.as_bytes().chunks(5).chain([DONE.as_bytes()]) {
        terminal.type_keys(part);
    }
    terminal.wait_for_bytes("light colours", |bytes| bytes.contains(LIGHT_ACCENT));
    assert_eq!(terminal.contents(), shown, "an answer was taken for keys");
    end(terminal);
}

#[test]
fn a_background_that_changes_is_followed() {
    let mut terminal = start("");
    assert!(terminal.bytes().contains("\x1b[?2031h"));
    terminal.type_keys(DONE);
    terminal.type_keys("\x1b[?997;2n");
    terminal.wait_for_bytes("light colours", |bytes| bytes.contains(LIGHT_ACCENT));
    let so_far = terminal.bytes().len();
    terminal.type_keys("\x1b[?997;1n");
    terminal.wait_for_bytes("dark colours", |bytes| bytes[so_far..].contains(DARK_ACCENT));
    let bytes = end(terminal);
    assert_eq!(bytes.matches("\x1b[?2031l").count(), 1);
}

#[test]
fn an_end_before_the_answer_keeps_it_from_the_shell() {
    let mut terminal = start("");
    // It arrives with the key that ends the screen.
    terminal.type_keys(format!("q{LIGHT}{DONE}"));
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
    assert!(!terminal.bytes().contains("^[") && !terminal.bytes().contains("rgb:fdfd"), "echoed by the terminal");
}

#[test]
fn nobody_is_asked_who_is_known_or_must_not_be() {
    for (settings, environment) in [
        ("", ("COLORFGBG", "15;0")),
        ("[terminal]\nbackground = \"dark\"\n", ("COLORFGBG", "")),
        ("[terminal]\nask_background = \"off\"\n", ("COLORFGBG", "")),
        ("", ("TMUX", "/tmp/tmux,1,0")),
        ("", ("TERM", "linux")),
    ] {
        let all = [("COLORFGBG", ""), ("LYCEUM_TEST_SETTINGS", settings), environment];
        let mut terminal = Terminal::start("plain", &all);
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        terminal.type_keys("q");
        assert_eq!(terminal.exit_code(), 0);
        let bytes = terminal.bytes();
        assert!(!bytes.contains("\x1b]11") && !bytes.contains("\x1b[c") && !bytes.contains("?2031"), "{all:?}");
    }
}
