//! Blocks that hold blocks: quotes, alerts, what unfolds, footnotes.

use ratatui::text::{Line, Span};

use super::{Gap, Kind, Layout, Row, hung, inner, prefixed};
use crate::model::markup::{Alert, Block, By};

/// Columns of the line beside a quote.
const BAR: usize = 2;
/// Columns by which what was unfolded stands further to the right.
const STEP: usize = 2;
/// Columns of the line above footnotes.
const LINE: usize = 12;

impl Layout<'_> {
    fn bar(&self) -> String {
        format!("{} ", self.looks.sign("▎", "|"))
    }

    pub(super) fn quote(&self, by: Option<&By>, blocks: &[Block], width: usize) -> Vec<Row> {
        let (theme, room) = (self.looks.theme, inner(width, BAR));
        let mut rows: Vec<Row> = Vec::new();
        if let Some(by) = by {
            let words = self.looks.words;
            let said = match by.post {
                Some(post) => words.fill("markup.wrote_in", &[("name", &by.name), ("post", &post.to_string())]),
                None => words.fill("markup.wrote", &[("name", &by.name)]),
            };
            let mut head = super::Runs::default();
            head.add(&said, theme.dim);
            if let Some(place) = by.place {
                head.add_number(&self.number(place), theme);
            }
            rows.extend(head.rows(room));
        }
        let inside = self.blocks(blocks, room, Gap::Blank);
        rows.extend(inside.into_iter().map(|row| Row { line: row.line.patch_style(theme.quote), ..row }));
        prefixed(&Span::styled(self.bar(), theme.code_border), rows)
    }

    /// Its kind is a word before all else; the colour only helps to find it.
    pub(super) fn alert(&self, kind: Alert, blocks: &[Block], width: usize) -> Vec<Row> {
        let (theme, room) = (self.looks.theme, inner(width, BAR));
        let style = match kind {
            Alert::Note | Alert::Important => theme.accent,
            Alert::Tip => theme.good,
            Alert::Warning => theme.warn,
            Alert::Caution => theme.bad,
        };
        let word = self.looks.words.get(&format!("markup.alert.{}", kind.as_str())).to_owned();
        let mut rows: Vec<Row> = vec![Line::styled(word, style.patch(theme.title)).into()];
        rows.extend(self.blocks(blocks, room, Gap::Blank));
        prefixed(&Span::styled(self.bar(), style), rows)
    }

    /// `▸ Title [4]`, and when it is open what was folded, below it.
    pub(super) fn fold(&self, place: usize, kind: Kind, title: &str, blocks: &[Block], width: usize) -> Vec<Row> {
        let (theme, symbols) = (self.looks.theme, self.looks.symbols);
        let sign = if kind == Kind::Open { symbols.more } else { symbols.folded };
        let mut head = super::Runs::default();
        head.add(title, theme.title);
        head.add_number(&self.number(place), theme);
        let head = head.rows(inner(width, STEP));
        let mut rows = hung(Span::styled(format!("{sign} "), theme.accent), STEP, head);
        if kind == Kind::Open {
            let inside = self.blocks(blocks, inner(width, STEP), Gap::Blank);
            rows.extend(prefixed(&Span::raw(" ".repeat(STEP)), inside));
        }
        for row in &mut rows {
            row.of.get_or_insert((place, kind));
        }
        rows
    }

    /// The footnotes below a short line.
    pub(super) fn notes(&self, notes: &[Vec<Block>], width: usize) -> Vec<Row> {
        let (theme, symbols) = (self.looks.theme, self.looks.symbols);
        let mut rows: Vec<Row> = vec![Line::styled(symbols.horizontal.repeat(width.min(LINE)), theme.border).into()];
        for (nth, note) in notes.iter().enumerate() {
            let mark = format!("{} ", self.note_mark(nth + 1));
            let columns = crate::base::text::width::width(&mark);
            let mut inside = self.blocks(note, inner(width, columns), Gap::Blank);
            if inside.is_empty() {
                inside.push(Row::default());
            }
            rows.extend(hung(Span::styled(mark, theme.accent), columns, inside));
        }
        rows
    }

    /// A footnote's number, told from that of a link: raised, or as it was written where there is only ASCII.
    pub(super) fn note_mark(&self, number: usize) -> String {
        const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
        let digits = number.to_string();
        let raised = digits.bytes().map(|digit| RAISED[usize::from(digit - b'0')]).collect();
        if self.looks.sign("¹", "^") == "^" { format!("[^{digits}]") } else { raised }
    }
}
