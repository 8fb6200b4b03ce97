//! What a reader does within a post, with keys: unfolding, wide code, numbers.

use lyceum::community::memory::{Draft, Memory};
use lyceum::config::locale::Language;
use lyceum::model::{member::Role, thread::Kind};
use lyceum::tui::effect::Effect;

use crate::tui::screen::{Line, Screen};

const BODY: &str = "<details><summary>The log</summary>\n\nfirst line\n\n</details>\n\nIt was ||the butler||.\n\n```rust\n\
    let wide = \"0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 0123456789 the end\";\n```\n\n\
    And [a page](https://a.example).";

fn open() -> Screen {
    let memory = Memory::builder("2026-03-02T09:00:00Z".parse().unwrap())
        .member("ada", "Ada", Role::Member, 100)
        .space("help", "Help Desk", "", None, Role::Member)
        .thread(
            Draft::new("help", Kind::Discussion, "Blocks", ("ada", 60), BODY)
                .reply(("ada", 50), "[spoiler]\nlater\n[/spoiler]"),
        )
        .seen_by("ada");
    let mut screen = Screen::on(memory, (80, 40), Language::English, Line::Answers);
    screen.keys("enter g g");
    screen
}

#[test]
fn enter_unfolds_one_after_another_and_then_folds() {
    let mut screen = open();
    let shown = |screen: &Screen| {
        ["first line", "the butler", "later"].map(|words| screen.picture().lines().any(|line| line.contains(words)))
    };
    assert_eq!(shown(&screen), [false, false, false], "{}", screen.picture());
    screen.keys("enter");
    assert_eq!(shown(&screen), [true, false, false], "{}", screen.picture());
    screen.keys("enter");
    assert_eq!(shown(&screen), [true, true, false]);
    screen.keys("enter");
    assert_eq!(shown(&screen), [true, true, true]);
    screen.keys("enter");
    assert_eq!(shown(&screen), [false, true, true], "when nothing is folded, the first is");
    insta::assert_snapshot!(screen.picture());
}

#[test]
fn a_number_means_what_has_it() {
    let mut screen = open();
    screen.keys("2 enter");
    assert!(screen.picture().contains("░the butler░ [2]"), "{}", screen.picture());
    screen.keys("2 o");
    assert!(screen.picture().contains("░spoiler░ [2]"), "{}", screen.picture());
    screen.keys("4 o");
    assert_eq!(screen.state.overlays.last().map(|over| over.context()), Some("link"));
    screen.keys("esc 3 C");
    let copied = |effect: &Effect| match effect {
        Effect::Copy(text) => Some(text.to_string()),
        _ => None,
    };
    let copied: Vec<String> = screen.effects.iter().filter_map(copied).collect();
    assert!(copied.len() == 1 && copied[0].starts_with("let wide = \"0123"), "{copied:?}");
    screen.keys("9 enter");
    assert!(screen.picture().contains("Nothing here unfolds"), "{}", screen.picture());
}

#[test]
fn wide_code_wraps_or_moves() {
    let mut screen = open();
    let lines = |screen: &Screen| screen.picture().lines().filter(|line| line.contains('│')).count();
    let wrapped = lines(&screen);
    screen.keys("L");
    let picture = screen.picture();
    assert!(picture.contains("╭ rust from column 9 [3]"), "{picture}");
    assert!(lines(&screen) < wrapped && !picture.contains("↳"), "{picture}");
    screen.keys("9 L");
    assert!(screen.picture().contains("the end\";"), "{}", screen.picture());
    screen.keys("9 H");
    assert!(screen.picture().contains("let wide") && screen.picture().contains('…'), "{}", screen.picture());
    screen.keys("W");
    assert_eq!(lines(&screen), wrapped);
    screen.keys("3 W");
    assert!(lines(&screen) < wrapped);
}

#[test]
fn what_is_unfolded_stays_so_when_the_thread_is_looked_at_again() {
    let mut screen = open();
    screen.keys("enter R");
    assert!(screen.picture().contains("first line"), "{}", screen.picture());
    screen.keys("esc enter");
    assert!(screen.picture().contains("first line"), "{}", screen.picture());
}
