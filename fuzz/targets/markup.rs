//! Made-up texts through the filter, the parser and the layout, as a post comes to the screen. The first two bytes say how
//! wide the page is and what a reader unfolded; the rest is the text.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use lyceum::base::text::Clean;
use lyceum::config::locale::{Catalog, Language};
use lyceum::model::markup::{Mark, opening, parse};
use lyceum::tui::symbols::Symbols;
use lyceum::tui::theme::{Depth, Theme};
use lyceum::tui::widget::highlight::Highlighter;
use lyceum::tui::widget::markdown::{Looks, Opened, layout, line_width};

struct Desk {
    themes: [Theme; 2],
    code: Highlighter,
    words: Catalog,
}

static DESK: LazyLock<Desk> = LazyLock::new(|| Desk {
    themes: [Theme::built_in("dark", Depth::True), Theme::built_in("mono", Depth::Mono)],
    code: Highlighter::new(),
    words: Catalog::new(Language::English),
});

fuzz_target!(|data: &[u8]| {
    let [columns, reader, text @ ..] = data else { return };
    let text = Clean::block(&String::from_utf8_lossy(text));
    let document = parse(&text);
    let opened = opened(*reader, document.marks.len());
    let plain = reader & 1 == 1;
    let symbols = if plain { &Symbols::ASCII } else { &Symbols::UNICODE };
    let looks = Looks { theme: &DESK.themes[usize::from(plain)], symbols, code: &DESK.code, words: &DESK.words };
    let columns = u16::from(*columns).max(1);
    let laid = layout(&document, columns, 1, &opened, looks);
    for line in &laid.lines {
        assert!(line_width(line) <= usize::from(columns), "wider than {columns}: {line}");
        assert!(line.spans.iter().all(|span| !span.content.contains(char::is_control)), "{line:?}");
    }
    for spot in &laid.spots {
        assert!(spot.place < document.marks.len() && spot.lines.end <= laid.lines.len(), "{spot:?}");
    }
    for mark in &document.marks {
        if let Mark::Link(target) = mark {
            assert!(!target.contains(char::is_control), "{target:?}");
        }
    }
    assert!(!opening(&text).contains(char::is_control));
});

/// What a reader did, out of one byte: everything, nothing, or something with every second thing that has a number.
fn opened(reader: u8, marks: usize) -> Opened {
    let mut opened = if reader & 2 == 2 { Opened::everything() } else { Opened::default() };
    for place in (0..marks).step_by(2) {
        if reader & 4 == 4 {
            opened.toggle(place);
        }
        if reader & 8 == 8 {
            opened.scroll(place, isize::from(reader >> 4) * 3, 40);
        }
    }
    opened
}
