//! Code blocks: numbered, coloured, with the name of their language on top.
//!
//! A long line goes on below, under a mark in place of a number, rather than off the edge: all of it can be read and
//! selected with the terminal's own mouse, over SSH too, and no key and no state is needed to move it about.

use ratatui::text::{Line, Span};

use super::Looks;
use crate::base::text::width;

/// Blocks longer than this show their first lines and say so.
const MOST_LINES: usize = 1_000;

pub(super) fn lines(language: &str, code: &str, columns: usize, looks: Looks<'_>) -> Vec<Line<'static>> {
    let theme = looks.theme;
    let sorted = looks.code.lines(language, code);
    let digits = sorted.len().min(MOST_LINES).to_string().len().max(2);
    let bar = looks.symbols.vertical;
    // The gutter is the first thing to go where there is no room.
    let gutter = if columns >= digits + 3 + 12 { digits + 3 } else { 0 };
    let mut lines = Vec::new();
    if !language.is_empty() {
        let text = format!("{:digits$} {} {language}", "", looks.symbols.corners[0]);
        lines.push(Line::styled(
            width::cut(if gutter > 0 { &text } else { language }, columns).0.to_owned(),
            theme.code_border,
        ));
    }
    for (nth, (line, pieces)) in code.lines().zip(sorted.iter()).take(MOST_LINES).enumerate() {
        let mut number = (nth + 1).to_string();
        let spans = pieces.iter().map(|(range, kind)| (&line[range.clone()], kind.style(theme)));
        for row in rows(spans, columns - gutter) {
            let mut spans = Vec::with_capacity(row.len() + 1);
            if gutter > 0 {
                spans.push(Span::styled(format!("{number:>digits$} {bar} "), theme.code_border));
            }
            spans.extend(row);
            lines.push(Line::from(spans));
            number = looks.sign("↳", ">").to_owned();
        }
    }
    if code.lines().nth(MOST_LINES).is_some() {
        lines.push(Line::styled(looks.symbols.ellipsis.to_owned(), theme.dim));
    }
    lines
}

/// Cuts one line's spans into rows of at most `columns`; an empty line is one empty row.
fn rows<'a>(spans: impl Iterator<Item = (&'a str, ratatui::style::Style)>, columns: usize) -> Vec<Vec<Span<'static>>> {
    let mut rows = vec![Vec::new()];
    let mut free = columns;
    for (mut text, style) in spans {
        loop {
            let (head, rest) = width::cut(text, free);
            if !head.is_empty() {
                free -= width::width(head);
                if let Some(row) = rows.last_mut() {
                    row.push(Span::styled(head.to_owned(), style));
                }
            }
            // Something wider than a whole row cannot be shown at all.
            if rest.is_empty() || head.is_empty() && free == columns {
                break;
            }
            text = rest;
            rows.push(Vec::new());
            free = columns;
        }
    }
    rows
}
