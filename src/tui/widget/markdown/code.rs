//! Code blocks: numbered, coloured, with the name of their language on top.
//!
//! A long line goes on below, under a mark in place of a number: all of it can be read and selected with the terminal's
//! own mouse, over SSH too. Where a reader moved a block sideways its lines are cut at the edges instead.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Kind, Looks, Row, Seam};
use crate::base::text::width;

/// Blocks longer than this show their first lines and say so.
const MOST_LINES: usize = 1_000;
/// Columns of a line beyond these are not shown: it is data.
const MOST_COLUMNS: usize = 10_000;

/// What stands above a block.
pub(super) struct Head<'a> {
    /// Its place among what has a number.
    pub(super) place: Option<usize>,
    /// The language, or what else it is.
    pub(super) name: &'a str,
    /// Its number, as it is shown.
    pub(super) number: String,
}

/// The rows of a block: wrapped, or from a column on.
pub(super) fn rows(
    head: &Head<'_>,
    language: &str,
    code: &str,
    columns: usize,
    across: Option<usize>,
    looks: Looks<'_>,
) -> Vec<Row> {
    let theme = looks.theme;
    let sorted = looks.code.lines(language, code);
    let digits = sorted.len().min(MOST_LINES).to_string().len().max(2);
    // The gutter is the first thing to go where there is no room.
    let gutter = if columns >= digits + 3 + 12 { digits + 3 } else { 0 };
    let room = columns - gutter;
    let widest = code.lines().take(MOST_LINES).map(width::width).max().unwrap_or(0).min(MOST_COLUMNS);
    let beyond = widest.saturating_sub(room);
    let across = across.map(|from| from.min(beyond));
    let mut lines = vec![Row::from(title(head, across, columns, if gutter > 0 { digits } else { 0 }, looks))];
    for (nth, (line, pieces)) in code.lines().zip(sorted.iter()).take(MOST_LINES).enumerate() {
        let mut number = (nth + 1).to_string();
        let spans = pieces.iter().map(|(range, kind)| (&line[range.clone()], kind.style(theme)));
        let rows = match across {
            Some(from) => vec![window(spans, from, room, looks)],
            None => wrapped(spans, room),
        };
        for (nth, row) in rows.into_iter().enumerate() {
            let mut seam = Seam { lead: 0, joint: (nth > 0).then_some("") };
            let mut spans = Vec::with_capacity(row.len() + 1);
            if gutter > 0 {
                spans.push(Span::styled(format!("{number:>digits$} {} ", looks.symbols.vertical), theme.code_border));
                seam.lead = spans.iter().map(|span: &Span<'_>| span.content.len()).sum();
            }
            spans.extend(row);
            lines.push(Row { line: Line::from(spans), of: None, seam });
            number = looks.sign("↳", ">").to_owned();
        }
    }
    if code.lines().nth(MOST_LINES).is_some() {
        lines.push(Line::styled(looks.symbols.ellipsis.to_owned(), theme.dim).into());
    }
    let of = head.place.map(|place| (place, Kind::Code(beyond)));
    lines.into_iter().map(|row| Row { of, ..row }).collect()
}

/// `╭ rust [6]`, and from which column it is shown.
fn title(head: &Head<'_>, across: Option<usize>, columns: usize, indent: usize, looks: Looks<'_>) -> Line<'static> {
    let theme = looks.theme;
    let corner = if indent > 0 { format!("{:indent$} {}", "", looks.symbols.corners[0]) } else { String::new() };
    let mut words: Vec<(String, Style)> = vec![(corner, theme.code_border), (head.name.to_owned(), theme.code_border)];
    if let Some(from) = across.filter(|from| *from > 0) {
        words.push((looks.words.fill("markup.from_column", &[("n", &(from + 1).to_string())]), theme.dim));
    }
    words.push((head.number.clone(), theme.accent));
    let mut line = Line::default();
    let mut free = columns;
    for (word, style) in words.into_iter().filter(|(word, _)| !word.is_empty()) {
        let space = if line.spans.is_empty() { "" } else { " " };
        let word = format!("{space}{word}");
        let shown = width::cut(&word, free).0;
        free -= width::width(shown);
        line.push_span(Span::styled(shown.to_owned(), style));
    }
    line
}

/// Cuts one line's spans into rows of at most `columns`; an empty line is one empty row.
fn wrapped<'a>(spans: impl Iterator<Item = (&'a str, Style)>, columns: usize) -> Vec<Vec<Span<'static>>> {
    let mut rows = vec![Vec::new()];
    let (mut free, mut left) = (columns, MOST_COLUMNS);
    for (text, style) in spans {
        let mut text = width::cut(text, left).0;
        left -= width::width(text);
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

/// The columns of one line from `from` on, as many as there is room for; what is cut on the right is told.
fn window<'a>(
    spans: impl Iterator<Item = (&'a str, Style)>,
    from: usize,
    columns: usize,
    looks: Looks<'_>,
) -> Vec<Span<'static>> {
    let (mut skip, mut free) = (from, columns);
    let mut row: Vec<Span<'static>> = Vec::new();
    for (text, style) in spans {
        let (head, mut rest) = width::cut(text, skip);
        skip -= width::width(head);
        if rest.is_empty() {
            continue;
        }
        if skip > 0 {
            // A wide character stands across the edge: its other column is left blank.
            let next = width::cut(rest, skip + 1).1;
            if next.len() < rest.len() {
                rest = next;
                row.push(Span::raw(" "));
                free = free.saturating_sub(1);
            }
            skip = 0;
        }
        let (shown, more) = width::cut(rest, free);
        if more.is_empty() {
            free -= width::width(shown);
            row.push(Span::styled(shown.to_owned(), style));
            continue;
        }
        let shown = width::cut(shown, free.saturating_sub(1)).0;
        row.push(Span::styled(shown.to_owned(), style));
        row.push(Span::styled(looks.symbols.ellipsis.to_owned(), looks.theme.dim));
        break;
    }
    row
}
