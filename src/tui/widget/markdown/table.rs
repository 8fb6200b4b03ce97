//! Tables: with borders while the columns fit, cells wrapped where they must; row by row as a list where a table has
//! more columns than the screen has room for.

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Layout, Row, runs::Runs};
use crate::model::markup::{Align, Inline};

/// A word of so many columns is not cut: a table that would need it is read better as a list.
const WHOLE_WORD: usize = 10;

/// Left end, crossing, right end of a line across; then the line itself.
type Border = [&'static str; 4];

struct Borders {
    top: Border,
    middle: Border,
    bottom: Border,
}

const LINES: Borders =
    Borders {
        top: ["┌", "┬", "┐", "─"], middle: ["├", "┼", "┤", "─"], bottom: ["└", "┴", "┘", "─"]
    };
const ASCII: Borders =
    Borders { top: ["+", "+", "+", "-"], middle: ["+", "+", "+", "-"], bottom: ["+", "+", "+", "-"] };

pub(super) fn lines(
    layout: &Layout<'_>,
    align: &[Align],
    head: &[Vec<Inline>],
    rows: &[Vec<Vec<Inline>>],
    width: usize,
) -> Vec<Row> {
    let title = layout.looks.theme.title;
    let head: Vec<Runs> = head.iter().map(|cell| layout.runs(cell).patched(title)).collect();
    let rows: Vec<Vec<Runs>> = rows.iter().map(|row| row.iter().map(|cell| layout.runs(cell)).collect()).collect();
    let of = head.iter().chain(rows.iter().flatten()).find_map(Runs::spoiler);
    let lines = drawn(layout, align, &head, &rows, width);
    lines.into_iter().map(|row| Row { of, ..row }).collect()
}

fn drawn(layout: &Layout<'_>, align: &[Align], head: &[Runs], rows: &[Vec<Runs>], width: usize) -> Vec<Row> {
    let Some(columns) = columns(head, rows, width) else { return listed(layout, head, rows, width) };
    let borders = if layout.looks.sign("─", "-") == "-" { &ASCII } else { &LINES };
    let style = layout.looks.theme.border;
    let grid = Grid { columns: &columns, align, bar: layout.looks.symbols.vertical, style };
    let mut lines = vec![grid.across(borders.top)];
    lines.extend(grid.row(head));
    lines.push(grid.across(borders.middle));
    lines.extend(rows.iter().flat_map(|row| grid.row(row)));
    lines.push(grid.across(borders.bottom));
    lines.into_iter().map(Row::from).collect()
}

/// How wide each column is so that all fit; none when they cannot.
fn columns(head: &[Runs], rows: &[Vec<Runs>], width: usize) -> Option<Vec<usize>> {
    let cells = |nth: usize| rows.iter().map(move |row| row.get(nth)).chain([head.get(nth)]).flatten();
    let natural: Vec<(usize, usize)> = (0..head.len())
        .map(|nth| cells(nth).map(Runs::columns).fold((1, 1), |most, cell| (most.0.max(cell.0), most.1.max(cell.1))))
        .collect();
    let room = width.checked_sub(3 * head.len() + 1)?;
    let whole = |word: usize| word.min(WHOLE_WORD);
    if natural.iter().map(|(_, word)| whole(*word)).sum::<usize>() > room {
        return None;
    }
    let mut columns: Vec<usize> = natural.iter().map(|(line, _)| *line).collect();
    // Take from the widest, first down to its longest word, then to what may be cut of one.
    let least = |of: &dyn Fn(usize) -> usize| natural.iter().map(|(_, word)| of(*word)).collect();
    for least in [least(&|word| word), least(&whole)] {
        let least: Vec<usize> = least;
        while columns.iter().sum::<usize>() > room {
            let widest = (0..columns.len()).filter(|nth| columns[*nth] > least[*nth]).max_by_key(|nth| columns[*nth]);
            let Some(widest) = widest else { break };
            let over = columns.iter().sum::<usize>() - room;
            let next = columns.iter().filter(|c| **c < columns[widest]).max().copied().unwrap_or(0);
            columns[widest] -= over.min(columns[widest] - next.max(least[widest])).max(1);
        }
    }
    (columns.iter().sum::<usize>() <= room).then_some(columns)
}

struct Grid<'a> {
    columns: &'a [usize],
    align: &'a [Align],
    bar: &'static str,
    style: Style,
}

impl Grid<'_> {
    fn across(&self, [left, crossing, right, line]: Border) -> Line<'static> {
        let parts: Vec<String> = self.columns.iter().map(|c| line.repeat(c + 2)).collect();
        Line::styled(format!("{left}{}{right}", parts.join(crossing)), self.style)
    }

    fn row(&self, cells: &[Runs]) -> Vec<Line<'static>> {
        let mut wrapped: Vec<std::vec::IntoIter<Line<'static>>> =
            self.columns.iter().zip(cells).map(|(width, cell)| cell.wrapped(*width).into_iter()).collect();
        let height = wrapped.iter().map(ExactSizeIterator::len).max().unwrap_or(0);
        (0..height).map(|_| self.line(wrapped.iter_mut().map(Iterator::next))).collect()
    }

    fn line(&self, cells: impl Iterator<Item = Option<Line<'static>>>) -> Line<'static> {
        let mut cells = cells;
        let mut spans = Vec::new();
        for (nth, width) in self.columns.iter().enumerate() {
            let cell = cells.next().flatten().unwrap_or_default();
            let free = width.saturating_sub(super::line_width(&cell));
            let left = match self.align.get(nth) {
                Some(Align::Right) => free,
                Some(Align::Center) => free / 2,
                _ => 0,
            };
            spans.push(Span::styled(self.bar, self.style));
            spans.push(Span::raw(" ".repeat(left + 1)));
            spans.extend(cell.spans);
            spans.push(Span::raw(" ".repeat(free - left + 1)));
        }
        spans.push(Span::styled(self.bar, self.style));
        Line::from(spans)
    }
}

/// Each row as lines of `head: cell`, with a blank line between rows.
fn listed(layout: &Layout<'_>, head: &[Runs], rows: &[Vec<Runs>], width: usize) -> Vec<Row> {
    let mut lines = Vec::new();
    for row in rows {
        if !lines.is_empty() {
            lines.push(Row::default());
        }
        for (nth, cell) in row.iter().enumerate() {
            let mut runs = Runs::default();
            if let Some(head) = head.get(nth) {
                runs.add_runs(head);
                runs.add(": ", layout.looks.theme.dim);
            }
            runs.add_runs(cell);
            lines.extend(runs.rows(width));
        }
    }
    lines
}
