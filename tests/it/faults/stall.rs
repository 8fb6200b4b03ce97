//! A community that stops answering, call by call: the screen does not wait for it.

use super::scale;
use crate::pty::terminal::Terminal;

/// The calls a screen makes by itself or by a key.
const CALLS: [&str; 12] =
    ["about", "me", "spaces", "feed", "threads", "thread", "posts", "membership", "plans", "inbox", "changes", "apply"];

/// How many pictures were sent.
fn frames_in(bytes: &str) -> usize {
    bytes.matches("\x1b[?2026l").count()
}

#[test]
fn a_key_changes_the_screen_while_a_call_never_ends() {
    let calls = scale(&CALLS[3..6], &CALLS[..]);
    let mut frames = 0;
    for call in calls {
        let mut terminal = Terminal::start("plain", &[("LYCEUM_TEST_STALL", call)]);
        terminal.wait_for("the tabs", |screen| screen.contains("1 Feed"));
        // Through all panes, with a thread opened where there is one, and a mark set.
        for (key, shown) in [("2", "all spaces"), ("3", "oldest waiting"), ("5", "Inbox"), ("1", "latest")] {
            let before = frames_in(&terminal.bytes());
            terminal.type_keys(key);
            terminal.wait_for(&format!("{shown} while {call} stalls"), |screen| screen.contains(shown));
            terminal.wait_for_bytes("a frame", |bytes| frames_in(bytes) > before);
        }
        terminal.type_keys("\rb");
        for (key, shown) in [("?", "Keys here"), ("\u{1b}", "1 Feed"), (":", "Commands"), ("\u{1b}", "1 Feed")] {
            let before = frames_in(&terminal.bytes());
            terminal.type_keys(key);
            terminal.wait_for(&format!("{shown:?} while {call} stalls"), |screen| screen.contains(shown));
            terminal.wait_for_bytes("a frame", |bytes| frames_in(bytes) > before);
        }
        frames += frames_in(&terminal.bytes());
    }
    println!("stall: {} calls in turn, 8 keys each, every key a picture; {frames} frames in all", calls.len());
}
