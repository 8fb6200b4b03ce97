//! A document laid out for a width: every line it gives is at most that wide, so nothing wraps it again.
//!
//! Blocks are here; running text is in `runs`, tables and code have files of their own. Pure: the same document,
//! width and looks give the same lines.

use ratatui::text::{Line, Span};

use super::highlight::Highlighter;
use crate::base::text::width;
use crate::model::markup::{Block, Document, Inline, Item};
use crate::tui::{symbols::Symbols, theme::Theme};

mod code;
mod runs;
mod table;

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
}

impl Looks<'_> {
    /// `sign` where the terminal has it, else `stand_in`.
    fn sign(&self, sign: &'static str, stand_in: &'static str) -> &'static str {
        if self.symbols == &Symbols::ASCII { stand_in } else { sign }
    }
}

/// The narrowest text within lists and quotes; on less, lines are cut at the edge of the screen.
const LEAST: usize = 8;

/// Lays a document out in `width` columns. Its links are numbered on from `first_link`.
pub fn layout(document: &Document, width: u16, first_link: usize, looks: Looks<'_>) -> Vec<Line<'static>> {
    let layout = Layout { links: &document.links, first_link, looks };
    layout.blocks(&document.blocks, usize::from(width).max(1), Gap::Blank)
}

/// What stands between two blocks.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Gap {
    Blank,
    Nothing,
}

struct Layout<'a> {
    links: &'a [String],
    first_link: usize,
    looks: Looks<'a>,
}

impl Layout<'_> {
    fn blocks(&self, blocks: &[Block], width: usize, gap: Gap) -> Vec<Line<'static>> {
        let mut lines: Vec<Line<'static>> = Vec::new();
        for block in blocks {
            if !lines.is_empty() && gap == Gap::Blank {
                lines.push(Line::default());
            }
            lines.extend(self.block(block, width));
        }
        lines
    }

    fn block(&self, block: &Block, width: usize) -> Vec<Line<'static>> {
        let theme = self.looks.theme;
        match block {
            Block::Paragraph(text) => self.runs(text).wrapped(width),
            Block::Heading(level, text) => self.heading(*level, text, width),
            Block::Code { language, text } => code::lines(language, text, width, self.looks),
            Block::Quote(blocks) => {
                let bar = format!("{} ", self.looks.sign("▎", "|"));
                let inner = self.blocks(blocks, inner(width, 2), Gap::Blank);
                let quoted = inner.into_iter().map(|line| line.patch_style(theme.quote));
                quoted.map(|line| prefixed(Span::styled(bar.clone(), theme.code_border), line)).collect()
            }
            Block::List { start, items } => self.list(*start, items, width),
            Block::Table { align, head, rows } => table::lines(self, align, head, rows, width),
            Block::Rule => vec![Line::styled(self.looks.symbols.horizontal.repeat(width), theme.border)],
        }
    }

    /// The level shows as in the source: no style is sure to be seen.
    fn heading(&self, level: u8, text: &[Inline], width: usize) -> Vec<Line<'static>> {
        let theme = self.looks.theme;
        let mark = format!("{} ", "#".repeat(usize::from(level)));
        let columns = mark.len();
        let lines = self.runs(text).patched(theme.title).wrapped(inner(width, columns));
        hung(Span::styled(mark, theme.dim), columns, lines)
    }

    fn list(&self, start: Option<u64>, items: &[Item], width: usize) -> Vec<Line<'static>> {
        let theme = self.looks.theme;
        let last = start.map(|s| s.saturating_add(items.len() as u64).saturating_sub(1));
        let digits = last.map_or(0, |last| last.to_string().len());
        // Paragraphs of their own within an item mean that its writer left lines blank.
        let loose = items.iter().any(|item| item.blocks.get(1).is_some_and(|b| !matches!(b, Block::List { .. })));
        let gap = if loose { Gap::Blank } else { Gap::Nothing };
        let mut lines = Vec::new();
        for (nth, item) in items.iter().enumerate() {
            if nth > 0 && loose {
                lines.push(Line::default());
            }
            let mut mark = match start {
                Some(start) => format!("{:>digits$}. ", start.saturating_add(nth as u64)),
                None => format!("{} ", self.looks.symbols.dot),
            };
            match item.task {
                Some(true) => mark = format!("{} ", self.looks.sign("☑", "[x]")),
                Some(false) => mark = format!("{} ", self.looks.sign("☐", "[ ]")),
                None => {}
            }
            let columns = width::width(&mark);
            let mut inside = self.blocks(&item.blocks, inner(width, columns), gap);
            if inside.is_empty() {
                inside.push(Line::default());
            }
            lines.extend(hung(Span::styled(mark, theme.accent), columns, inside));
        }
        lines
    }

    fn runs(&self, text: &[Inline]) -> Runs {
        let mut runs = Runs::default();
        runs.add_all(text, self.looks.theme.text, self);
        runs
    }
}

/// Columns of a line.
pub fn line_width(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| width::width(&span.content)).sum()
}

fn inner(width: usize, taken: usize) -> usize {
    width.saturating_sub(taken).max(LEAST.min(width))
}

fn prefixed(prefix: Span<'static>, mut line: Line<'static>) -> Line<'static> {
    line.spans.insert(0, prefix);
    line
}

/// Lines with a mark before the first and as much space before the others.
fn hung(mark: Span<'static>, columns: usize, lines: Vec<Line<'static>>) -> Vec<Line<'static>> {
    let mut mark = Some(mark);
    let space = || Span::raw(" ".repeat(columns));
    lines.into_iter().map(|line| prefixed(mark.take().unwrap_or_else(space), line)).collect()
}

#[cfg(test)]
mod tests;
