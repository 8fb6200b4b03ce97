//! A terminal that does not read, and one that changes its size all the time.

use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::child::TOLD;
use super::terminal::Terminal;

/// What the child's engine has told, once it is enough.
fn told(file: &std::path::Path, what: &str, is_enough: impl Fn(&str) -> bool) -> String {
    let start = Instant::now();
    loop {
        let told = std::fs::read_to_string(file).unwrap_or_default();
        if is_enough(&told) {
            return told;
        }
        assert!(start.elapsed() < Duration::from_secs(60), "no {what} while nobody reads the terminal: {told}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// Its memory, in bytes.
#[cfg(target_os = "linux")]
fn memory(terminal: &Terminal) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", terminal.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS")).unwrap();
    line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap() * 1024
}

#[test]
#[cfg(target_os = "linux")]
fn a_terminal_that_does_not_read_holds_nothing_up() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("told");
    let path = file.display().to_string();
    let shelf = folder.path().join("shelf").display().to_string();
    let mut terminal = Terminal::start("plain", &[(TOLD, &path), ("LYCEUM_TEST_SHELF", &shelf)]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    // As long as it takes for everything to have been asked for once.
    terminal.type_keys("4");
    terminal.wait_for("the plans", |screen| screen.contains("Plus, monthly"));
    terminal.type_keys("1");
    terminal.wait_for("the feed", |screen| screen.contains("enter open"));
    let before = memory(&terminal);
    terminal.stop_reading();
    let frames = |bytes: &str| bytes.matches("\x1b[?2026l").count();
    let drawn = frames(&terminal.bytes());

    // The network: everything is asked for anew. The outbox: a mark is set and confirmed. Keys: a thousand of them.
    let count = |told: &str| told.matches("answer").count();
    let asked = count(&std::fs::read_to_string(&file).unwrap());
    terminal.type_keys("R");
    told(&file, "answer", |told| count(told) >= asked + 4);
    terminal.type_keys("b");
    told(&file, "confirmation", |told| told.contains("applied true"));
    for _ in 0..500 {
        terminal.type_keys("j");
        terminal.type_keys("k");
    }
    let asked = count(&std::fs::read_to_string(&file).unwrap());
    terminal.type_keys("R");
    told(&file, "answer after a thousand keys", |told| count(told) >= asked + 4);
    let grown = memory(&terminal).saturating_sub(before);

    let start = Instant::now();
    terminal.read_on();
    terminal.wait_for("the newest picture", |screen| {
        screen.lines().any(|line| line.contains("How do I stream SSE") && line.contains('★'))
    });
    let (took, drawn) = (start.elapsed(), frames(&terminal.bytes()) - drawn);
    println!(
        "stall: network and outbox went on, {} kB more memory, {drawn} frames for 1004 keys, newest picture after {} ms",
        grown / 1024,
        took.as_millis()
    );
    assert!(grown < 50_000_000, "{grown} bytes");
    assert!(drawn < 20, "{drawn} frames were kept for later");
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}

#[test]
fn a_terminal_that_does_not_read_is_given_back_and_nobody_waits_for_it() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let mut terminal = Terminal::start("plain", &[]);
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        terminal.stop_reading();
        terminal.type_keys("?");
        let start = Instant::now();
        terminal.signal(signal);
        assert_eq!(terminal.exit_code(), code);
        println!("stall: gone {} ms after {signal:?}", start.elapsed().as_millis());
        terminal.read_on();
        terminal.is_as_before();
        assert_eq!(terminal.after(), "");
    }
}

/// The same by a panic, and by the key for it.
#[test]
fn other_ends_do_not_wait_for_a_terminal_that_does_not_read() {
    for ends in ["panic", "key"] {
        let mut terminal = Terminal::start("plain", &[]);
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        terminal.stop_reading();
        if ends == "panic" {
            terminal.signal(Signal::USR2)
        } else {
            terminal.type_keys("q")
        }
        // What is told of a panic goes to a terminal that takes nothing: it may wait for that, not for the screen.
        if ends == "key" {
            assert_eq!(terminal.exit_code(), 0);
            terminal.read_on();
        } else {
            terminal.read_on();
            assert_ne!(terminal.exit_code(), 0);
        }
        terminal.is_as_before();
    }
}

#[test]
fn a_storm_of_sizes_is_few_frames_and_ends_at_the_last_size() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    let whole = |bytes: &str| bytes.matches("\x1b[?2026h").count();
    let before = whole(&terminal.bytes());
    let start = Instant::now();
    for n in 0..2_000_u16 {
        terminal.resize(60 + n % 61, 20 + n % 31);
    }
    terminal.resize(93, 27);
    terminal.wait_for("a footer in the last line", |screen| {
        screen.lines().nth(26).is_some_and(|line| line.contains("enter open"))
            && screen.lines().nth(2).is_some_and(|line| line.chars().filter(|c| *c == '─').count() == 93)
    });
    let (frames, took) = (whole(&terminal.bytes()) - before, start.elapsed());
    println!("sizes: 2001 in a row, {frames} frames in {} ms", took.as_millis());
    // One after each pause in the storm: never closer than 20 ms.
    assert!(frames <= usize::try_from(took.as_millis() / 16).unwrap() + 2, "{frames} frames in {took:?}");
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}

#[test]
fn a_size_that_comes_back_at_once_is_painted_whole() {
    let mut terminal = Terminal::start("plain", &[]);
    for _ in 0..10 {
        terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
        terminal.resize(2, 2);
        terminal.resize(80, 24);
    }
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
}

#[test]
fn no_size_takes_the_terminal_away() {
    let mut terminal = Terminal::start("plain", &[]);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    let small = (0..=5).flat_map(|columns| (0..=5).map(move |lines| (columns, lines)));
    for (columns, lines) in small.chain([(300, 2), (2, 300), (1000, 500)]) {
        terminal.resize(columns, lines);
        terminal.type_keys("j");
    }
    terminal.resize(80, 24);
    terminal.wait_for("the feed", |screen| {
        screen.contains("How do I stream SSE") && screen.lines().nth(23).is_some_and(|line| line.contains("enter open"))
    });
    terminal.type_keys("q");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
}
