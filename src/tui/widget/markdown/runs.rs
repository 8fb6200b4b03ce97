//! Running text: styled runs, wrapped by grapheme width.

use std::ops::Range;

use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Span};

use super::{Kind, Layout, Row, Seam};
use crate::base::text::{link::Link, width};
use crate::model::markup::{Inline, Mark, Picture, plain_text};
use crate::tui::theme::Theme;

/// A space at which no line ends: a link's number stays with its text.
const GLUE: char = '\u{A0}';

/// Text with the style of each part of it.
#[derive(Default)]
pub(super) struct Runs {
    text: String,
    styles: Vec<(Range<usize>, Style)>,
    /// The spoilers in it, and whether each is open.
    spoilers: Vec<(usize, Kind)>,
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
        let theme = layout.looks.theme;
        for run in text {
            match run {
                Inline::Text(text) => self.add(text, style),
                Inline::Code(code) => self.code(code, style, layout),
                Inline::Math(formula) => self.add(formula, style.patch(theme.code)),
                Inline::Emphasis(inner) => self.add_all(inner, style.add_modifier(Modifier::ITALIC), layout),
                Inline::Strong(inner) => self.add_all(inner, style.add_modifier(Modifier::BOLD), layout),
                Inline::Strike(inner) => self.struck(inner, style, layout),
                Inline::Link(place, inner) => self.link(*place, inner, style, layout),
                Inline::Picture(picture) => self.picture(picture, style, layout),
                Inline::Spoiler(place, inner) => self.hidden(*place, inner, style, layout),
                Inline::Mention(name) => self.add(&format!("@{name}"), style.patch(theme.accent)),
                Inline::Tag(name) => self.add(&format!("#{name}"), style.patch(theme.accent)),
                Inline::Footnote(number) => self.add(&layout.note_mark(*number), style.patch(theme.accent)),
                Inline::Break => self.add("\n", style),
            }
        }
    }

    /// What was struck out says the opposite of what it says: it keeps its marks where no style is sure to be seen.
    fn struck(&mut self, inner: &[Inline], style: Style, layout: &Layout<'_>) {
        let mark = if layout.looks.is_plain() { "~~" } else { "" };
        self.add(mark, style);
        self.add_all(inner, style.add_modifier(Modifier::CROSSED_OUT), layout);
        self.add(mark, style);
    }

    /// `░spoiler░ [5]`, and what is hidden between the same signs when it is open.
    fn hidden(&mut self, place: usize, inner: &[Inline], style: Style, layout: &Layout<'_>) {
        let looks = layout.looks;
        let is_open = layout.opened.is_told(place);
        let shade = style.patch(looks.theme.dim);
        self.add(looks.symbols.shade, shade);
        if is_open {
            self.add_all(inner, style, layout);
        } else {
            self.add(looks.words.get("markup.spoiler"), shade);
        }
        self.add(looks.symbols.shade, shade);
        self.add_number(&layout.number(place), looks.theme);
        self.spoilers.push((place, if is_open { Kind::Open } else { Kind::Closed }));
    }

    /// `▣ what it shows · 690×388 · caption (host) [3]`
    fn picture(&mut self, picture: &Picture, style: Style, layout: &Layout<'_>) {
        let looks = layout.looks;
        let alt = if picture.alt.is_empty() { looks.words.get("markup.picture") } else { &picture.alt };
        let mut facts = vec![alt.to_owned()];
        facts.extend(picture.size.map(|(width, height)| format!("{width}×{height}")));
        facts.extend(Some(picture.title.clone()).filter(|title| !title.is_empty() && *title != picture.alt));
        let sign = looks.sign("▣", "[#]");
        self.add(&format!("{sign}{GLUE}"), style.patch(looks.theme.accent));
        self.add(&facts.join(&format!(" {} ", looks.symbols.middot)), style.patch(looks.theme.dim));
        if let Some(place) = picture.place {
            self.leads(place, &picture.alt, layout);
        }
    }

    /// Code within text keeps its backticks where no style tells it apart.
    fn code(&mut self, code: &str, style: Style, layout: &Layout<'_>) {
        let mark = if layout.looks.is_plain() { "`" } else { "" };
        self.add(&format!("{mark}{code}{mark}"), style.patch(layout.looks.theme.code));
    }

    /// `text (host) [3]`, without the host where the text names it.
    fn link(&mut self, place: usize, inner: &[Inline], style: Style, layout: &Layout<'_>) {
        self.add_all(inner, style.patch(layout.looks.theme.link), layout);
        self.leads(place, &plain_text(inner), layout);
    }

    /// Where something leads, that is called `text`, and its number.
    fn leads(&mut self, place: usize, text: &str, layout: &Layout<'_>) {
        let theme = layout.looks.theme;
        let link =
            layout.marks.get(place).and_then(|mark| if let Mark::Link(url) = mark { Link::parse(url) } else { None });
        if let Some(link) = link {
            match link.beside(text) {
                Some(host) if link.is_disguised() => self.add(&format!("{GLUE}(! {host})"), theme.warn),
                Some(host) => self.add(&format!("{GLUE}({host})"), theme.dim),
                None => {}
            }
        }
        self.add_number(&layout.number(place), theme);
    }

    /// A number, on the same line as what it belongs to.
    pub(super) fn add_number(&mut self, number: &str, theme: &Theme) {
        self.add(&format!("{GLUE}{number}"), theme.accent);
    }

    /// The first spoiler that is closed, or else the first.
    pub(super) fn spoiler(&self) -> Option<(usize, Kind)> {
        self.spoilers.iter().find(|(_, kind)| *kind == Kind::Closed).or(self.spoilers.first()).copied()
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

    /// The same as rows, each of which knows how it goes on from the one above.
    pub(super) fn rows(&self, columns: usize) -> Vec<Row> {
        let mut end = None;
        let rows = width::wrap(&self.text, columns).into_iter().map(|range| {
            let seam = end.replace(range.end).map(|end| Seam::over(&self.text[end..range.start])).unwrap_or_default();
            Row { line: self.line(range), seam, of: None }
        });
        rows.collect()
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
