//! A document laid out for a width: every line it gives is at most that wide, so nothing wraps it again.
//!
//! Blocks are here; running text is in `runs`, what stands in a frame of its own (quotes, alerts, folds, notes) in
//! `framed`, tables and code have files of their own. Pure: the same document, width, looks and [`Opened`] give the same
//! lines.

use ratatui::text::{Line, Span};

use super::highlight::Highlighter;
use crate::base::text::width;
use crate::config::locale::Catalog;
use crate::model::markup::{Block, Document, Inline, Item, Mark};
use crate::tui::{symbols::Symbols, theme::Theme};

mod code;
mod framed;
mod opened;
mod runs;
mod table;

pub use opened::{Kind, Laid, Opened, Seam, Spot};

use code::Head;
use runs::Runs;

/// What a document is drawn with.
#[derive(Clone, Copy, Debug)]
pub struct Looks<'a> {
    /// Styles.
    pub theme: &'a Theme,
    /// Signs, or their stand-ins.
    pub symbols: &'a Symbols,
    /// Colours of code.
    pub code: &'a Highlighter,
    /// The sentences.
    pub words: &'a Catalog,
}

impl Looks<'_> {
    /// `sign` where the terminal has it, else `stand_in`.
    fn sign(&self, sign: &'static str, stand_in: &'static str) -> &'static str {
        if self.symbols == &Symbols::UNICODE { sign } else { stand_in }
    }

    /// Whether no style tells code from text, so that what was written around it must stay.
    fn is_plain(&self) -> bool {
        self.theme.code == ratatui::style::Style::default()
    }
}

/// The narrowest text within lists and quotes; on less, lines are cut at the edge.
const LEAST: usize = 8;

/// Lays a document out in `width` columns. What has a number in it is numbered on from `first`.
pub fn layout(document: &Document, width: u16, first: usize, opened: &Opened, looks: Looks<'_>) -> Laid {
    let layout = Layout { marks: &document.marks, first, opened, looks };
    let width = usize::from(width).max(1);
    let mut rows = layout.blocks(&document.blocks, width, Gap::Blank);
    for row in &mut rows {
        bound(&mut row.line, width, looks.symbols.ellipsis);
    }
    Laid::of(rows)
}

/// A line of a document, and what it belongs to of that which has a number.
#[derive(Clone, Debug, Default)]
struct Row {
    line: Line<'static>,
    of: Option<(usize, Kind)>,
    seam: Seam,
}

impl From<Line<'static>> for Row {
    fn from(line: Line<'static>) -> Self {
        Self { line, ..Self::default() }
    }
}

/// What stands between two blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Blank,
    Nothing,
}

struct Layout<'a> {
    marks: &'a [Mark],
    first: usize,
    opened: &'a Opened,
    looks: Looks<'a>,
}

impl Layout<'_> {
    fn blocks(&self, blocks: &[Block], width: usize, gap: Gap) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        for block in blocks {
            if !rows.is_empty() && gap == Gap::Blank {
                rows.push(Row::default());
            }
            rows.extend(self.block(block, width));
        }
        rows
    }

    fn block(&self, block: &Block, width: usize) -> Vec<Row> {
        let theme = self.looks.theme;
        match block {
            Block::Paragraph(text) => self.paragraph(text, width),
            Block::Heading(level, text) => self.heading(*level, text, width),
            Block::Code { place, language, text } => {
                let head = Head { place: Some(*place), name: language, number: self.number(*place) };
                code::rows(&head, language, text, width, self.opened.across(*place), self.looks)
            }
            Block::Math(text) => {
                let head = Head { place: None, name: self.looks.words.get("markup.math"), number: String::new() };
                code::rows(&head, "latex", text, width, None, self.looks)
            }
            Block::Quote { by, blocks } => self.quote(by.as_ref(), blocks, width),
            Block::Alert { kind, blocks } => self.alert(*kind, blocks, width),
            Block::Fold { place, title, is_open, blocks } => {
                let kind = if self.opened.is_open(*place, *is_open) { Kind::Open } else { Kind::Closed };
                let title = if title.is_empty() { self.looks.words.get("markup.details") } else { title };
                self.fold(*place, kind, title, blocks, width)
            }
            Block::Spoiler { place, blocks } => {
                let kind = if self.opened.is_told(*place) { Kind::Open } else { Kind::Closed };
                self.fold(*place, kind, self.looks.words.get("markup.spoiler"), blocks, width)
            }
            Block::List { start, items } => self.list(*start, items, width),
            Block::Table { align, head, rows } => table::lines(self, align, head, rows, width),
            Block::Rule => vec![Line::styled(self.looks.symbols.horizontal.repeat(width), theme.border).into()],
            Block::Footnotes(notes) => self.notes(notes, width),
        }
    }

    fn paragraph(&self, text: &[Inline], width: usize) -> Vec<Row> {
        let runs = self.runs(text);
        let of = runs.spoiler();
        runs.rows(width).into_iter().map(|row| Row { of, ..row }).collect()
    }

    /// The level shows as in the source: no style is sure to be seen.
    fn heading(&self, level: u8, text: &[Inline], width: usize) -> Vec<Row> {
        let theme = self.looks.theme;
        let mark = format!("{} ", "#".repeat(usize::from(level)));
        let columns = mark.len();
        let rows = self.runs(text).patched(theme.title).rows(inner(width, columns));
        hung(Span::styled(mark, theme.dim), columns, rows)
    }

    fn list(&self, start: Option<u64>, items: &[Item], width: usize) -> Vec<Row> {
        let theme = self.looks.theme;
        let last = start.map(|s| s.saturating_add(items.len() as u64).saturating_sub(1));
        let digits = last.map_or(0, |last| last.to_string().len());
        // Paragraphs of their own within an item mean that its writer left lines blank.
        let loose = items.iter().any(|item| item.blocks.get(1).is_some_and(|b| !matches!(b, Block::List { .. })));
        let gap = if loose { Gap::Blank } else { Gap::Nothing };
        let mut rows = Vec::new();
        for (nth, item) in items.iter().enumerate() {
            if nth > 0 && loose {
                rows.push(Row::default());
            }
            let number = start.map(|start| format!("{:>digits$}. ", start.saturating_add(nth as u64)));
            let task = item.task.map(|done| {
                let [sign, stand_in] = if done { ["☑", "[x]"] } else { ["☐", "[ ]"] };
                format!("{} ", self.looks.sign(sign, stand_in))
            });
            let mark = match (number, task) {
                (None, None) => format!("{} ", self.looks.symbols.dot),
                (number, task) => number.unwrap_or_default() + &task.unwrap_or_default(),
            };
            let columns = width::width(&mark);
            let mut inside = self.blocks(&item.blocks, inner(width, columns), gap);
            if inside.is_empty() {
                inside.push(Row::default());
            }
            rows.extend(hung(Span::styled(mark, theme.accent), columns, inside));
        }
        rows
    }

    fn runs(&self, text: &[Inline]) -> Runs {
        let mut runs = Runs::default();
        runs.add_all(text, self.looks.theme.text, self);
        runs
    }

    /// The number of what has a place, as it is shown: `[3]`.
    fn number(&self, place: usize) -> String {
        format!("[{}]", self.first + place)
    }
}

/// Columns of a line.
pub fn line_width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| width::width(&span.content)).sum()
}

/// Cuts a line that is wider than its room: only where there is no room for what stands around the text, or less than
/// a character takes.
pub(super) fn bound(line: &mut Line<'static>, columns: usize, ellipsis: &str) {
    if line.spans.iter().map(|span| span.content.len()).sum::<usize>() <= columns || line_width(line) <= columns {
        return;
    }
    let mut free = columns.saturating_sub(width::width(ellipsis));
    let mut spans = Vec::new();
    for span in &line.spans {
        let (head, rest) = width::cut(&span.content, free);
        free -= width::width(head);
        spans.push(Span::styled(head.to_owned(), span.style));
        if !rest.is_empty() {
            spans.push(Span::styled(ellipsis.to_owned(), span.style));
            break;
        }
    }
    line.spans = spans;
}

fn inner(width: usize, taken: usize) -> usize {
    width.saturating_sub(taken).max(LEAST.min(width))
}

/// Rows with something before each.
fn prefixed(prefix: &Span<'static>, rows: Vec<Row>) -> Vec<Row> {
    let put = |mut row: Row| {
        row.seam.lead += prefix.content.len();
        row.line.spans.insert(0, prefix.clone());
        row
    };
    rows.into_iter().map(put).collect()
}

/// Rows with a mark before the first and as much space before the others.
fn hung(mark: Span<'static>, columns: usize, rows: Vec<Row>) -> Vec<Row> {
    let mut mark = Some(mark);
    let put = |mut row: Row| {
        let prefix = mark.take().unwrap_or_else(|| Span::raw(" ".repeat(columns)));
        row.seam.lead += prefix.content.len();
        row.line.spans.insert(0, prefix);
        row
    };
    rows.into_iter().map(put).collect()
}

#[cfg(test)]
mod tests;
