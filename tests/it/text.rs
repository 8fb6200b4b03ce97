//! Hostile text: what others write, through the filter and onto a screen.

use lyceum::base::text::{Clean, width};
use ratatui::{Terminal, backend::TestBackend, widgets::Paragraph};
use unicode_segmentation::UnicodeSegmentation;

use crate::corpus::{Case, cases as written};

impl Case {
    /// Through the door its field would take. Names of files and of people are one line; a body is many.
    fn clean(&self) -> Clean {
        match self.surface.as_str() {
            "name" => Clean::name(&self.text),
            "title" | "file" | "url" | "log" => Clean::line(&self.text),
            _ => Clean::block(&self.text),
        }
    }
}

/// Cases too long to be written out.
fn floods() -> Vec<Case> {
    let flood = |id: &str, text: String, bad: &str| Case {
        id: id.into(),
        category: String::new(),
        text,
        must_not_contain: if bad.is_empty() { vec![] } else { vec![bad.into()] },
        must_contain: vec![],
        surface: String::new(),
    };
    vec![
        flood("bells", "\x07".repeat(2_000), "\x07"),
        flood("clipboard", format!("\x1b]52;c;{}\x07", "A".repeat(20_000)), "\x1b"),
        flood("parameters", format!("\x1b[1;{}1H", "0".repeat(3_000)), "\x1b"),
        flood("marks", format!("e{}", "\u{301}".repeat(5_000)), &"\u{301}".repeat(9)),
        flood("a million marks", format!("e{}", "\u{301}".repeat(1_000_000)), &"\u{301}".repeat(9)),
        flood("lines", "\n".repeat(70_000), ""),
        flood("blocks", "█".repeat(40_000), ""),
        flood("wide", "日".repeat(1_000_000), ""),
        flood("quotes", format!("{} x", ">".repeat(5_000)), ""),
    ]
}

fn is_forbidden(c: char) -> bool {
    c.is_control() && c != '\n'
        || matches!(c, '\u{61C}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[test]
fn nothing_that_commands_or_hides_is_left() {
    for case in written().iter().chain(&floods()) {
        let clean = case.clean();
        assert!(!clean.contains(is_forbidden), "{}: {:?}", case.id, clean.as_str());
        for bad in &case.must_not_contain {
            assert!(!clean.contains(bad.as_str()), "{}: {bad:?} is left in {:?}", case.id, clean.as_str());
        }
        for good in &case.must_contain {
            assert!(clean.contains(good.as_str()), "{}: {good:?} is gone from {:?}", case.id, clean.as_str());
        }
        for cluster in clean.graphemes(true) {
            assert!(cluster.len() <= 64, "{}: a cell of {} bytes", case.id, cluster.len());
        }
    }
}

#[test]
fn cleaning_again_changes_nothing() {
    for case in written().iter().chain(&floods()) {
        for clean in [Clean::line, Clean::name, Clean::block] {
            let once = clean(&case.text);
            let twice = clean(&once);
            assert_eq!(once.as_str(), twice.as_str(), "{}", case.id);
            assert!(!twice.had_hidden(), "{}", case.id);
        }
    }
}

/// The negative control: without the filter the same net must catch most of the corpus.
#[test]
fn the_net_has_no_holes() {
    let caught = |c: &&Case| c.text.contains(is_forbidden) || c.must_not_contain.iter().any(|b| c.text.contains(b));
    let cases = written();
    let seen = cases.iter().filter(caught).count();
    assert!(seen > 350, "{seen} of {}", cases.len());
}

/// What the filter lets through is drawn whole, in as many cells as it was measured.
#[test]
fn cells_agree_with_the_measure() {
    let more = Case { id: "halfwidth".into(), text: "ｶﾞﾊﾟ لا ⚠\u{fe0f}".into(), ..written().remove(0) };
    for case in written().into_iter().chain([more]) {
        let clean = Clean::line(&case.text);
        let columns = width::width(&clean);
        let mut terminal = Terminal::new(TestBackend::new(u16::try_from(columns).unwrap() + 1, 1)).unwrap();
        let frame =
            terminal.draw(|frame| frame.render_widget(Paragraph::new(format!("{clean}|")), frame.area())).unwrap();
        let end = u16::try_from(columns).unwrap();
        assert_eq!(frame.buffer[(end, 0)].symbol(), "|", "{}: {:?}", case.id, clean.as_str());
        let mut drawn = String::new();
        let mut x = 0;
        while x < end {
            let symbol = frame.buffer[(x, 0)].symbol();
            drawn.push_str(symbol);
            x += u16::try_from(width::of_cluster(symbol).max(1)).unwrap();
        }
        assert_eq!(drawn, clean.as_str(), "{}", case.id);
    }
}
