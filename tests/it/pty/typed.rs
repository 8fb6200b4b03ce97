//! What a terminal sends that nobody typed: replies, pastes without an end or without brackets.

use super::terminal::Terminal;

/// Answers to questions that somebody else asked, before or in vain.
const REPLIES: &[&[u8]] = &[
    b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
    b"\x1b]10;rgb:ffff/ffff/ffff\x07",
    b"\x1bP1$r0;1;38;5;208m\x1b\\",
    b"\x1bP>|XTerm(390)\x1b\\",
    b"\x1b[?64;1;2;6;9;15;18;21;22c",
    b"\x1b[24;80R",
    b"\x1b[?2026;2$y",
    b"\x1b[?31u",
    b"\x1b_Gi=31;OK\x1b\\",
];

fn on_the_feed() -> Terminal {
    let terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE") && screen.contains("enter open"));
    terminal
}

/// What the screen looks like once everything that is fetched by itself has come: who is here, what they hold, what is
/// unread, that changes arrive.
fn settled(terminal: &Terminal) -> String {
    const SIGNS: &[&str] = &["• live", "renews", "1 Feed 6", "5 Inbox 4", "How do I stream SSE", "enter open"];
    let is_all = |screen: &str| SIGNS.iter().all(|sign| screen.contains(sign)) && !screen.contains("Keys here");
    terminal.wait_for_frame("everything on the feed", is_all)
}

fn writing() -> Terminal {
    let mut terminal = on_the_feed();
    for (keys, shown) in [("\r", "r reply"), ("r", "ctrl-s send")] {
        terminal.type_keys(keys);
        terminal.wait_for(shown, |screen| screen.contains(shown));
    }
    terminal
}

fn leave(mut terminal: Terminal) {
    terminal.signal(rustix::process::Signal::TERM);
    assert_eq!(terminal.exit_code(), 143);
    terminal.is_as_before();
}

#[test]
fn replies_that_come_late_change_nothing() {
    let mut terminal = on_the_feed();
    let before = settled(&terminal);
    for reply in REPLIES {
        // At once, and in two pieces.
        let (first, second) = reply.split_at(reply.len() / 2);
        for pieces in [&[*reply][..], &[first, second]] {
            pieces.iter().for_each(|piece| terminal.type_keys(piece));
            // A key that is understood only after it, and only where nothing has been opened.
            terminal.type_keys("?");
            terminal.wait_for("help", |screen| screen.contains("Keys here"));
            terminal.type_keys("q");
            terminal.wait_for_contents(&before);
        }
    }
    leave(terminal);
}

#[test]
fn a_paste_without_an_end_does_not_take_the_keyboard_away() {
    let mut terminal = writing();
    terminal.type_keys("\x1b[200~abc");
    terminal.wait_for("what was pasted", |screen| screen.contains("abc"));
    terminal.type_keys("d");
    terminal.wait_for("what was typed after it", |screen| screen.contains("abcd"));
    leave(terminal);
}

#[test]
fn lines_pasted_without_brackets_are_lines() {
    let mut terminal = writing();
    terminal.type_keys("first\nsecond\n");
    terminal.wait_for("both lines", |screen| {
        let lines: Vec<&str> = screen.lines().map(|line| line.trim_matches(['│', ' '])).collect();
        lines.windows(2).any(|pair| pair == ["first", "second"])
    });
    terminal.type_keys("\n");
    terminal.type_keys("third");
    terminal.wait_for("all of it", |screen| ["first", "second", "third"].iter().all(|line| screen.contains(line)));
    leave(terminal);
}

#[test]
fn lines_pasted_over_a_list_are_no_commands() {
    let mut terminal = on_the_feed();
    let before = settled(&terminal);
    // Marks as read, bookmarks, follows, mutes, goes to another pane, leaves.
    terminal.type_keys("mbfF\n4\nq\n");
    terminal.type_keys("\x1b[I");
    terminal.type_keys(":");
    terminal.wait_for("the palette", |screen| screen.contains("Commands"));
    terminal.type_keys("\x1b");
    terminal.wait_for_contents(&before);
    leave(terminal);
}

/// A start that waited for an answer would never get here: this terminal gives none.
#[test]
fn the_terminal_is_asked_nothing() {
    let terminal = on_the_feed();
    let bytes = terminal.bytes();
    for question in
        ["\x1b[c", "\x1b[0c", "\x1b[>c", "\x1b[>0", "\x1b[>q", "\x1b[5n", "\x1b[6n", "\x1b[?u", "$p", ";?", "\x1bP"]
    {
        assert!(!bytes.contains(question), "{question:?} in {bytes:?}");
    }
    leave(terminal);
}

#[test]
fn the_mouse_is_left_alone_over_ssh() {
    let far: &[(&str, &str)] = &[("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.2 22")];
    for (environment, takes) in [(far, false), (&[], true)] {
        let mut terminal = Terminal::start("plain", environment);
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        assert_eq!(terminal.bytes().contains("\x1b[?1002h"), takes, "{environment:?}");
        terminal.type_keys("q");
        assert_eq!(terminal.exit_code(), 0);
        terminal.is_as_before();
    }
}

/// Bytes that are no characters, from a fixed generator, into a field: nothing ends, and the keyboard works afterwards.
#[test]
fn bytes_that_are_no_characters_are_harmless() {
    let mut terminal = writing();
    let mut seed = 0x9E37_79B9_u32;
    for _ in 0..100 {
        let bytes: Vec<u8> = (0..1_000)
            .map(|_| {
                seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                // The middle of a character, or what begins none.
                if seed >> 31 == 0 { 0x80 | (seed >> 24) as u8 & 0x3f } else { 0xf8 | (seed >> 24) as u8 }
            })
            .collect();
        terminal.type_keys(&bytes);
    }
    terminal.type_keys("\x1b[200~\x1b[201~");
    terminal.type_keys(" still here");
    terminal.wait_for("what was typed after it", |screen| screen.contains("still here"));
    leave(terminal);
}
