//! The pictures of README and guide: the same screens that the other tests look at, as SVG.

use lyceum::community::memory::sample;
use lyceum::config::locale::Language;

use super::screen::{Line, Screen};
use crate::{kept::keep, pictures::svg};

/// Presses keys on the sample and keeps what is then seen.
fn picture(name: &str, size: (u16, u16), language: Language, keys: &str, title: &str) {
    let mut screen = Screen::on(sample(), size, language, Line::Answers);
    screen.keys(keys);
    let terminal = screen.draw(size.0, size.1);
    keep(&format!("docs/images/{name}.svg"), &svg(terminal.backend().buffer(), None, title));
}

#[test]
fn a_thread_beside_the_feed() {
    picture("feed", (120, 34), Language::English, "j j j enter", "Feed: a solved question");
}

#[test]
fn questions_oldest_first() {
    picture("questions", (120, 34), Language::English, "3 enter", "Q&A");
}

#[test]
fn membership_and_plans() {
    picture("membership", (120, 26), Language::English, "4", "Membership");
}

#[test]
fn the_inbox_at_80_columns_in_chinese() {
    picture("inbox-zh", (80, 24), Language::Chinese, "5", "收件箱");
}

#[test]
fn why_a_thread_is_closed() {
    picture("why", (100, 28), Language::English, "j j w", "Why a thread is closed");
}
