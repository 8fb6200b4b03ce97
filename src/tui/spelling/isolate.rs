//! Keeps right-to-left text within its own columns on terminals that turn it around themselves.
//!
//! Such a terminal takes a row of the screen for one sentence: a border between two Hebrew words, or before a number
//! behind one, is part of what is turned around, and so leaves its column. A left-to-right mark (U+200E, no column)
//! behind the border, or within the gap, ends the run there. Terminals that turn nothing around show the same as before.
//! Rows without such text are left alone, and what others write never holds this mark ([`crate::base::text`]).

use ratatui::buffer::Buffer;

const MARK: char = '\u{200E}';

/// Letters written from right to left, and the digits that go with them.
const RIGHT_TO_LEFT: &[(char, char)] = &[
    ('\u{590}', '\u{8FF}'),
    ('\u{FB1D}', '\u{FDFF}'),
    ('\u{FE70}', '\u{FEFC}'),
    ('\u{10800}', '\u{10FFF}'),
    ('\u{1E800}', '\u{1EFFF}'),
];

fn is_right_to_left(c: char) -> bool {
    RIGHT_TO_LEFT.iter().any(|(from, to)| (*from..=*to).contains(&c))
}

/// Whether a run ends at a sign: one that is drawn, not written.
fn is_border(c: char) -> bool {
    matches!(c, '─'..='╿' | '▀'..='▟' | '|')
}

/// Marks the ends of all right-to-left runs.
pub(super) fn isolate(buffer: &mut Buffer) {
    let columns = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(columns) {
        let has_any = row.iter().any(|cell| !cell.symbol().is_ascii() && cell.symbol().chars().any(is_right_to_left));
        if !has_any {
            continue;
        }
        let last = row.iter().rposition(|cell| cell.symbol() != " ").unwrap_or(0);
        let mut is_open = false;
        for at in 0..=last {
            let first = row[at].symbol().chars().next().unwrap_or(' ');
            let is_gap = first == ' ' && at > 0 && row[at - 1].symbol() == " ";
            if is_open && (is_border(first) || is_gap) {
                let marked = format!("{}{MARK}", row[at].symbol());
                row[at].set_symbol(&marked);
                is_open = false;
            } else if is_right_to_left(first) {
                is_open = true;
            } else if first.is_alphabetic() {
                is_open = false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn isolated(text: &str) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 30, 1));
        buffer.set_string(0, 0, text, Style::new());
        isolate(&mut buffer);
        let row: String = buffer.content.iter().map(|cell| cell.symbol()).collect();
        row.trim_end().replace(MARK, "^")
    }

    #[test]
    fn runs_end_at_borders_and_gaps_and_nothing_else_is_touched() {
        assert_eq!(isolated("│ שלום │ 12 │ עולם │"), "│ שלום │^ 12 │ עולם │^");
        assert_eq!(isolated("שלום   12"), "שלום  ^ 12");
        assert_eq!(isolated("שלום hello │ 12"), "שלום hello │ 12");
        assert_eq!(isolated("שלום (3) עולם"), "שלום (3) עולם");
        assert_eq!(isolated("│ hello │ 日本 │"), "│ hello │ 日 本  │");
        assert_eq!(isolated("سلام"), "سلام");
    }
}
