//! Every place in each of its states, at the two sizes that matter.

use lyceum::config::locale::Language;

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
    both("feed-empty", Line::Answers, |s| {
        s.keys("t");
    });
    both("feed-thread", Line::Answers, |s| {
        s.keys("j j j enter");
    });
}

#[test]
fn over_the_pane() {
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
