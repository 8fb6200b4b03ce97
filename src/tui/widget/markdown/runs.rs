//! Running text: styled runs, wrapped by grapheme width.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::Layout;
use crate::base::text::{link::Link, width};
use crate::model::markup::{Inline, plain_text};

/// A space at which no line ends: a link's number stays with its text.
const GLUE: char = '\u{A0}';

/// Text with the style of each part of it.
#[derive(Default)]
pub(super) struct Runs {
    text: String,
    styles: Vec<(Range<usize>, Style)>,
}

impl Runs {
    pub(super) fn add(&mut self, text: &str, style: Style) {
        let start = self.text.len();
        self.text.push_str(text);
        match self.styles.last_mut() {
            Some((range, same)) if *same == style => range.end = self.text.len(),
            _ => self.styles.push((start..self.text.len(), style)),
        }
    }

    pub(super) fn add_runs(&mut self, other: &Self) {
        for (range, style) in &other.styles {
            self.add(&other.text[range.clone()], *style);
        }
    }

    pub(super) fn add_all(&mut self, text: &[Inline], style: Style, layout: &Layout<'_>) {
        for run in text {
            match run {
                Inline::Text(text) => self.add(text, style),
                Inline::Code(code) => self.code(code, style, layout),
                Inline::Emphasis(inner) => self.add_all(inner, style.add_modifier(Modifier::ITALIC), layout),
                Inline::Strong(inner) => self.add_all(inner, style.add_modifier(Modifier::BOLD), layout),
                Inline::Strike(inner) => self.add_all(inner, style.add_modifier(Modifier::CROSSED_OUT), layout),
                Inline::Link(place, inner) => self.link(*place, inner, style, layout),
                Inline::Break => self.add("\n", style),
            }
        }
    }

    /// Code within text keeps its backticks where no style tells it apart.
    fn code(&mut self, code: &str, style: Style, layout: &Layout<'_>) {
        let own = layout.looks.theme.code;
        let mark = if own == Style::default() { "`" } else { "" };
        self.add(&format!("{mark}{code}{mark}"), style.patch(own));
    }

    /// `text (host) [3]`, without the host where the text names it.
    fn link(&mut self, place: usize, inner: &[Inline], style: Style, layout: &Layout<'_>) {
        let theme = layout.looks.theme;
        self.add_all(inner, style.patch(theme.link), layout);
        if let Some(link) = layout.links.get(place).and_then(|url| Link::parse(url)) {
            match link.beside(&plain_text(inner)) {
                Some(host) if link.is_disguised() => self.add(&format!("{GLUE}(! {host})"), theme.warn),
                Some(host) => self.add(&format!("{GLUE}({host})"), theme.dim),
                None => {}
            }
        }
        self.add(&format!("{GLUE}[{}]", layout.first_link + place), theme.accent);
    }

    /// With a style laid over all of it.
    pub(super) fn patched(mut self, over: Style) -> Self {
        for (_, style) in &mut self.styles {
            *style = style.patch(over);
        }
        self
    }

    /// Columns of its longest line and of its longest word.
    pub(super) fn columns(&self) -> (usize, usize) {
        let longest = |parts: &mut dyn Iterator<Item = &str>| parts.map(width::width).max().unwrap_or(0);
        (longest(&mut self.text.split('\n')), longest(&mut self.text.split([' ', '\n'])))
    }

    /// As lines of at most `columns`.
    pub(super) fn wrapped(&self, columns: usize) -> Vec<Line<'static>> {
        width::wrap(&self.text, columns).into_iter().map(|range| self.line(range)).collect()
    }

    fn line(&self, line: Range<usize>) -> Line<'static> {
        let first = self.styles.partition_point(|(range, _)| range.end <= line.start);
        let within = self.styles[first..].iter().take_while(|(range, _)| range.start < line.end);
        let spans = within.map(|(range, style)| {
            let text = &self.text[range.start.max(line.start)..range.end.min(line.end)];
            Span::styled(text.replace(GLUE, " "), *style)
        });
        Line::from_iter(spans)
    }
}
