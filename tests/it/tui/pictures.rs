//! Every place in each of its states, at the two sizes that matter.

use lyceum::community::memory::Memory;
use lyceum::config::locale::Language;
use lyceum::model::member::Role;

use super::screen::{Line, Screen};

fn both(name: &str, line: Line, act: impl Fn(&mut Screen)) {
    for (columns, lines) in [(120, 40), (80, 24)] {
        let mut screen = Screen::with(columns, lines, Language::English, line);
        act(&mut screen);
        insta::assert_snapshot!(format!("{name}-{columns}"), screen.picture());
    }
}

#[test]
fn the_feed() {
    both("feed", Line::Answers, |_| {});
    both("feed-loading", Line::Silent, |s| {
        s.wait(200);
    });
    both("feed-failed", Line::Broken, |_| {});
    both("feed-thread", Line::Answers, |s| {
        s.keys("j j j enter");
    });
}

/// A community in which nobody has written yet.
fn nobody_has_written() -> Memory {
    Memory::builder("2026-03-02T09:00:00Z".parse().unwrap())
        .member("ada", "Ada", Role::Member, 100)
        .space("help", "Help Desk", "", None, Role::Member)
        .seen_by("ada")
}

/// The picture of an empty list, which says what to do, whole.
fn empty(name: &str, keys: &str, sentence: &str) {
    for size in [(120, 40), (80, 24)] {
        let mut screen = Screen::on(nobody_has_written(), size, Language::English, Line::Answers);
        screen.keys(keys);
        let picture = screen.picture();
        // Without the detail beside it; the sentence may take two lines.
        let list: Vec<&str> = picture.lines().filter_map(|line| line.split('│').next()).collect();
        let list: Vec<&str> = list.iter().flat_map(|line| line.split_whitespace()).collect();
        assert!(list.join(" ").contains(screen.state.words.get(sentence)), "{picture}");
        insta::assert_snapshot!(format!("{name}-{}", size.0), picture);
    }
}

#[test]
fn empty_lists() {
    empty("feed-empty", "", "empty.latest");
    empty("threads-empty", "2", "empty.threads");
}

/// Whatever goes wrong between here and the community: a sentence, a next step, and keys that go on working.
#[test]
fn every_failure_is_a_sentence() {
    use lyceum::base::{text::Clean, time::SignedDuration};
    use lyceum::community::{Error, Kind};

    let kinds = [
        (Kind::Offline, "Could not reach the community."),
        (Kind::Timeout, "did not answer in time"),
        (Kind::NotTheServer, "answered in place of the community"),
        (Kind::Server(Some(Clean::line("x1"))), "server failed"),
        (Kind::Malformed, "could not be understood"),
        (Kind::NotFound, "It is not there"),
        (Kind::Forbidden, "Your role may not do that"),
        (Kind::Gated(None), "membership"),
        (Kind::Conflict, "changed meanwhile"),
        (Kind::Invalid(Vec::new()), "refused"),
        (Kind::TooLarge, "too long"),
        (Kind::TooFast(SignedDuration::from_secs(7)), "wait 7 s"),
        (Kind::Unsupported, "cannot do that"),
    ];
    for (kind, sentence) in kinds {
        for (columns, lines) in [(120, 40), (80, 24)] {
            let mut screen = Screen::with(columns, lines, Language::English, Line::Silent);
            (screen.line, screen.failure) = (Line::Broken, Some(Error::with(kind.clone(), "\u{1b}[31mtheir words")));
            screen.answer();
            // Sentences may go over two lines.
            let picture = screen.picture();
            let text: Vec<&str> =
                picture.lines().flat_map(|l| l.split('│').next()).flat_map(str::split_whitespace).collect();
            assert!(text.join(" ").contains(sentence), "{kind:?}: {picture}");
            assert!(!picture.contains('\u{1b}'));
            screen.keys("?");
            assert!(screen.picture().contains("Keys here"), "{kind:?}");
        }
    }
}

#[test]
fn the_threads() {
    both("threads", Line::Answers, |s| {
        s.keys("2");
    });
    both("threads-spaces", Line::Answers, |s| {
        s.keys("2 s");
    });
    both("threads-loading", Line::Silent, |s| {
        s.keys("2").wait(200);
    });
    both("threads-failed", Line::Broken, |s| {
        s.keys("2");
    });
    both("threads-gated", Line::Answers, |s| {
        s.keys("2 G");
        while !s.picture().contains("Cancellation, one select at a time") {
            s.keys("k");
        }
        while s.state.pane().thread(&s.state).and_then(|id| s.state.threads[&id].gate.clone()).is_none() {
            s.keys("k");
        }
        s.keys("enter");
    });
}

#[test]
fn the_questions() {
    both("questions", Line::Answers, |s| {
        s.keys("3");
    });
    both("questions-solved", Line::Answers, |s| {
        s.keys("3 t t t t enter");
    });
    both("questions-loading", Line::Silent, |s| {
        s.keys("3").wait(200);
    });
    both("questions-failed", Line::Broken, |s| {
        s.keys("3");
    });
    both("questions-empty", Line::Answers, |s| {
        s.keys("3 t t t");
    });
}

#[test]
fn over_the_pane() {
    both("search", Line::Answers, |s| {
        s.keys("/").text("allocator").keys("enter");
    });
    both("find", Line::Answers, |s| {
        s.keys("j j j enter ctrl-f").text("arena");
    });
    both("palette", Line::Answers, |s| {
        s.keys(":").text("read");
    });
    both("help", Line::Answers, |s| {
        s.keys("?");
    });
}

#[test]
fn in_chinese() {
    let mut screen = Screen::with(80, 24, Language::Chinese, Line::Answers);
    insta::assert_snapshot!("chinese-feed", screen.picture());
    screen.keys("?");
    insta::assert_snapshot!("chinese-help", screen.picture());
}

#[test]
fn too_small() {
    let screen = Screen::new(39, 9);
    insta::assert_snapshot!("too-small", screen.picture());
}
