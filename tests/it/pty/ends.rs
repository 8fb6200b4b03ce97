//! Every end on every screen: the terminal is as it was, and what was typed is on the disk.
//!
//! Each cell is a child of its own on a terminal of its own, so that nothing of one end can hide another.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Instant;

use lyceum::store::Store;
use rustix::process::Signal;

use super::child::{NON_BLOCKING, PANICS};
use super::terminal::{Above, Terminal};

/// What is written before anything else, and left.
const TEXT: &str = "bündig, 漢字 and e\u{301}";
/// What is typed just before the end where there is something to type into.
const MORE: &str = " to the last letter";

/// A way to a screen: what to type, and what stands there then.
type Step = (&'static str, &'static str);

/// The panes, and what lies over them. In the last column whether [`MORE`] belongs to the draft.
const SCREENS: &[(&str, &[Step], bool)] = &[
    ("feed", &[], false),
    ("threads", &[("2", "all spaces")], false),
    ("questions", &[("3", "oldest waiting")], false),
    ("membership", &[("4", "What you hold")], false),
    ("inbox", &[("5", "show done")], false),
    ("thread", &[("\r", "r reply")], false),
    ("find", &[("\r", "r reply"), ("\x06", "up previous"), ("tower", "/tower")], false),
    ("palette", &[(":", "Commands"), ("inb", "inb")], false),
    ("help", &[("?", "Keys here")], false),
    ("search", &[("/", "Search the community"), ("allocator", "allocator")], false),
    ("member", &[("i", "Member ─")], false),
    ("outbox", &[("O", "Outbox ─")], false),
    ("messages", &[(":", "Commands"), ("messages", "messages"), ("\r", "Messages ─")], false),
    ("spaces", &[("2", "all spaces"), ("s", "Spaces ─")], false),
    ("drafts", &[(":", "Commands"), ("drafts", "drafts"), ("\r", "Drafts ─")], false),
    ("confirm", &[(":", "Commands"), ("drafts", "drafts"), ("\r", "Drafts ─"), ("\x18", "Sure?")], false),
    ("form", &[(":", "Commands"), ("security", "security"), ("\r", "What opens"), ("n", "New personal")], false),
    ("reply", &[("\r", "r reply"), ("r", "ctrl-s send"), (MORE, MORE)], true),
    ("preview", &[("\r", "r reply"), ("r", "ctrl-s send"), (MORE, MORE), ("\x10", "Preview")], true),
];

/// How it ends.
#[derive(Clone, Copy, Debug, PartialEq)]
enum End {
    Signal(Signal, u32),
    /// A panic in the loop.
    PanicOnScreen,
    /// A panic somewhere else: see [`PANICS`].
    Panic(&'static str),
    /// The loop returns an error.
    Error,
    /// The terminal goes away, with a SIGHUP.
    HangUp,
    /// The terminal goes away, and nobody says so.
    SilentHangUp,
    /// Stopped from outside, continued by the shell, then SIGTERM.
    Stop,
}

const ENDS: &[End] = &[
    End::Signal(Signal::TERM, 143),
    End::Signal(Signal::INT, 130),
    End::Signal(Signal::QUIT, 131),
    End::Signal(Signal::HUP, 129),
    End::PanicOnScreen,
    End::Panic("worker"),
    End::Panic("blocking"),
    End::Panic("thread"),
    End::Error,
    End::HangUp,
    End::SilentHangUp,
    End::Stop,
];

/// Cells played at the same time.
const AT_ONCE: usize = 6;

#[test]
fn every_end_on_every_screen_gives_the_terminal_back_and_keeps_the_draft() {
    let cells: Vec<_> = SCREENS.iter().flat_map(|screen| ENDS.iter().map(move |end| (screen, *end))).collect();
    let (next, start) = (AtomicUsize::new(0), Instant::now());
    let (failed, done) = mpsc::channel();
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            let (failed, next, cells) = (failed.clone(), &next, &cells);
            scope.spawn(move || {
                while let Some((screen, end)) = cells.get(next.fetch_add(1, Ordering::SeqCst)) {
                    let played = std::panic::catch_unwind(|| cell(screen, *end));
                    let why = played.err().map(|why| match why.downcast::<String>() {
                        Ok(text) => *text,
                        Err(why) => why.downcast::<&str>().map(|text| (*text).to_owned()).unwrap_or_default(),
                    });
                    failed.send(why.map(|why| format!("{} / {end:?}: {why}", screen.0))).unwrap();
                }
            });
        }
    });
    drop(failed);
    let failed: Vec<String> = done.iter().flatten().collect();
    println!(
        "ends: {} screens × {} ends = {} cells, {} restored with their drafts, {:.0} s",
        SCREENS.len(),
        ENDS.len(),
        cells.len(),
        cells.len() - failed.len(),
        start.elapsed().as_secs_f64()
    );
    assert!(failed.is_empty(), "{} cells failed:\n{}", failed.len(), failed.join("\n"));
}

/// One child on one screen, ended in one way.
fn cell((_, steps, types_more): &(&str, &[Step], bool), end: End) {
    let folder = tempfile::tempdir().unwrap();
    let shelf = folder.path().display().to_string();
    let panics = if let End::Panic(place) = end { place } else { "" };
    let above = match end {
        End::Stop => Above::Shell,
        End::SilentHangUp => Above::DeafShell,
        _ => Above::Nobody,
    };
    let mut terminal = Terminal::start_under(above, "plain", &[("LYCEUM_TEST_SHELF", &shelf), (PANICS, panics)]);
    go_to(&mut terminal, steps);
    let at = steps.last().map_or("enter open", |(_, shown)| shown);
    finish(&mut terminal, end, at);
    let kept = drafts(folder.path());
    let wanted = if *types_more { format!("{TEXT}{MORE}") } else { TEXT.to_owned() };
    assert_eq!(kept, [wanted], "the draft");
}

/// Writes a text and leaves it, and goes to a screen.
fn go_to(terminal: &mut Terminal, steps: &[Step]) {
    let write: &[Step] = &[
        ("", "How do I stream SSE"),
        ("\r", "r reply"),
        ("r", "ctrl-s send"),
        (TEXT, TEXT),
        ("\x1b", "r reply"),
        ("\x1b", "enter open"),
    ];
    for (keys, shown) in write.iter().chain(steps) {
        terminal.type_keys(keys);
        // The terminal shows composed what was typed in parts.
        let shown = shown.trim_end_matches("e\u{301}").trim();
        terminal.wait_for(shown, |screen| screen.contains(shown));
    }
}

/// Ends it and looks at the terminal, where there still is one.
fn finish(terminal: &mut Terminal, end: End, at: &str) {
    let after = match end {
        End::Signal(signal, code) => {
            terminal.signal(signal);
            assert_eq!(terminal.exit_code(), code);
            assert_eq!(terminal.after(), "");
            return terminal.is_as_before();
        }
        End::PanicOnScreen => {
            terminal.signal(Signal::USR1);
            terminal.type_keys("\x1b[I");
            assert_ne!(terminal.exit_code(), 0);
            terminal.after_the_end("planted on the screen")
        }
        End::Panic(_) => {
            terminal.signal(Signal::USR2);
            assert_ne!(terminal.exit_code(), 0);
            terminal.after_the_end("planted elsewhere")
        }
        End::Error => {
            terminal.signal(Signal::ALARM);
            assert_ne!(terminal.exit_code(), 0);
            terminal.after_the_end("fault")
        }
        End::HangUp | End::SilentHangUp => {
            terminal.hang_up();
            assert_eq!(terminal.exit_code(), 129);
            return;
        }
        End::Stop => {
            stop_and_go_on(terminal, at);
            terminal.signal(Signal::TERM);
            terminal.exit_code();
            terminal.after_the_end("ended 143")
        }
    };
    assert!(!after.contains('\x1b') && !after.contains("Rust Guild"), "drawn after the end: {after:?}");
    terminal.is_as_before();
}

/// Stops the job from outside; the shell has the terminal; the shell continues it, and it paints everything anew.
fn stop_and_go_on(terminal: &mut Terminal, at: &str) {
    terminal.signal(Signal::TSTP);
    terminal.wait_for_bytes("the shell", |bytes| bytes.contains("stopped 147"));
    terminal.is_as_before();
    let shown = terminal.bytes().len();
    terminal.type_keys("x\n");
    terminal.wait_for("the same screen again", |screen| screen.contains(at.trim()));
    let again = terminal.bytes()[shown..].to_owned();
    assert!(again.contains("\x1b[?1049h") && again.contains("Rust Guild"), "{again:?}");
}

/// The texts on the disk.
fn drafts(folder: &Path) -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let store = Store::open(&folder.join("ada.db")).await.unwrap();
        let window = store.enter("afterwards".to_owned()).await.unwrap();
        let drafts = store.drafts(&window).await.unwrap();
        drafts.into_iter().map(|kept| kept.draft.body).collect()
    })
}

#[test]
fn the_key_for_it_stops_the_job_and_paints_anew_when_it_goes_on() {
    let mut terminal = Terminal::start_under(Above::Shell, "plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.type_keys("\x1a");
    terminal.wait_for_bytes("the shell", |bytes| bytes.contains("stopped 147"));
    terminal.is_as_before();
    terminal.type_keys("x\n");
    terminal.wait_for("the feed again", |screen| screen.contains("How do I stream SSE") && !screen.contains("stopped"));
    terminal.type_keys("q");
    terminal.exit_code();
    terminal.after_the_end("ended 0");
    terminal.is_as_before();
}

/// The editor has the terminal as the shell left it, and all of its keys; afterwards it is ours again.
#[test]
fn an_editor_gets_the_terminal_and_gives_it_back() {
    let folder = tempfile::tempdir().unwrap();
    let shelf = folder.path().display().to_string();
    let editor = r#"echo "edits"; read line; f() { printf '%s\n' "$line" > "$1"; }; f"#;
    let mut terminal = Terminal::start("plain", &[("LYCEUM_TEST_SHELF", &shelf), ("VISUAL", editor)]);
    go_to(&mut terminal, &[("\r", "r reply"), ("r", "ctrl-s send")]);
    terminal.type_keys("\x05");
    terminal.wait_for_bytes("the editor", |bytes| bytes.contains("edits\r\n"));
    terminal.is_as_before();
    terminal.type_keys("written elsewhere\n");
    terminal.wait_for("what it wrote", |screen| screen.contains("written elsewhere") && screen.contains("ctrl-s send"));
    terminal.type_keys(MORE);
    terminal.wait_for("what was typed then", |screen| screen.contains(MORE));
    finish(&mut terminal, End::Signal(Signal::TERM, 143), "");
    assert_eq!(drafts(folder.path()), [format!("written elsewhere{MORE}")]);
}

/// Nobody could continue the leader of a session.
#[test]
fn without_a_shell_above_it_does_not_stop() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.signal(Signal::TSTP);
    terminal.type_keys("\x1a?");
    terminal.wait_for("help", |screen| screen.contains("Keys here"));
    terminal.type_keys("qq");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}

/// Stopped by a signal that cannot be caught: the terminal was never given back, and may have been changed meanwhile.
#[test]
fn what_was_stopped_unasked_takes_the_terminal_again() {
    let mut terminal = Terminal::start_under(Above::Shell, "plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.signal(Signal::STOP);
    terminal.wait_for_bytes("the shell", |bytes| bytes.contains("stopped 147"));
    let shown = terminal.bytes().len();
    terminal.type_keys("x\r\n");
    terminal.wait_for_bytes("the modes and a whole frame", |bytes| {
        let again = bytes.get(shown..).unwrap_or_default();
        again.contains("\x1b[?1049h") && again.contains("How do I stream SSE")
    });
    terminal.signal(Signal::TERM);
    terminal.exit_code();
    terminal.after_the_end("ended 143");
    terminal.is_given_back();
}

#[test]
fn a_terminal_that_somebody_made_non_blocking_is_drawn_on_and_given_back() {
    for (end, saying) in [(End::Signal(Signal::TERM, 143), ""), (End::Panic(""), "planted elsewhere")] {
        let mut terminal = Terminal::start("plain", &[(NON_BLOCKING, "1")]);
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        for _ in 0..20 {
            terminal.type_keys("?");
            terminal.wait_for("help", |screen| screen.contains("Keys here"));
            terminal.type_keys("q");
            terminal.wait_for("the feed", |screen| !screen.contains("Keys here"));
        }
        finish(&mut terminal, end, "");
        assert!(terminal.after().contains(saying));
    }
}

/// The guard itself, with a picture that panics half drawn.
#[test]
fn a_panic_in_the_middle_of_a_frame_gives_the_terminal_back() {
    let mut terminal = Terminal::start("frame", &[]);
    terminal.wait_for("the first frame", |screen| screen.contains("a whole frame"));
    terminal.signal(Signal::USR1);
    assert_ne!(terminal.exit_code(), 0);
    let after = terminal.after_the_end("planted in a frame");
    assert!(!after.contains('\x1b') && !terminal.bytes().contains("half a frame"), "{after:?}");
    terminal.is_as_before();
}

/// How long it may take is a figure, not an assertion: the machine decides it.
#[test]
fn a_terminal_that_goes_away_ends_it_soon() {
    for (above, name) in [(Above::Nobody, "with a SIGHUP"), (Above::DeafShell, "without one")] {
        let mut terminal = Terminal::start_under(above, "plain", &[]);
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        let start = Instant::now();
        terminal.hang_up();
        assert_eq!(terminal.exit_code(), 129, "{name}");
        println!("gone: {} ms after the terminal, {name}", start.elapsed().as_millis());
    }
}
