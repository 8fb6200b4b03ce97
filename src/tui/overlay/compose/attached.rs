//! The last look at something before it goes into the text: what stands here is what will stand there. Secrets are masked,
//! and counted; a mask is taken off one by one, by a person who sees what is below it.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Compose, attach::Attach};
use crate::base::text::width;
use crate::engine::attach::Attachment;
use crate::model::redact::Piece;
use crate::tui::{
    layout,
    notice::Tone,
    overlay::{Overlay, Then, frame},
    state::State,
    widget::text::{fit, wrap},
};

/// Something that may go into the text.
pub(super) struct Attached {
    found: Attachment,
    /// Which masks were taken off.
    open: Vec<bool>,
    /// Which secret is looked at.
    at: usize,
    top: usize,
}

/// The text as rows, and in which row each secret begins.
struct Rows {
    lines: Vec<Line<'static>>,
    secrets: Vec<usize>,
}

impl Attached {
    pub(super) fn new(found: Attachment) -> Self {
        let open = vec![false; found.findings.len()];
        Self { found, open, at: 0, top: 0 }
    }

    fn rows(&self, state: &State, columns: usize) -> Rows {
        let theme = &state.theme;
        // The first column is for marks.
        let room = columns.saturating_sub(2).max(1);
        let mut rows = Rows { lines: Vec::new(), secrets: Vec::new() };
        let mut row = Row::new(room);
        for piece in self.found.pieces() {
            let (text, style) = match piece {
                Piece::Plain(text) => (text.to_owned(), theme.text),
                Piece::Found(nth, text) => {
                    let is_open = self.is_open(nth);
                    let mask = self.found.findings[nth].kind.mask();
                    rows.secrets.push(rows.lines.len());
                    row.mark = match nth == self.at {
                        true => state.symbols.bar,
                        false if row.mark == state.symbols.bar => row.mark,
                        false => "!",
                    };
                    let style = if is_open { theme.bad } else { theme.warn };
                    (if is_open { text.to_owned() } else { mask }, style)
                }
            };
            for (nth, part) in text.split('\n').enumerate() {
                if nth > 0 {
                    rows.lines.push(row.take(theme.selection));
                }
                row.add(part, style, &mut rows.lines, theme.selection);
            }
        }
        rows.lines.push(row.take(theme.selection));
        rows
    }

    fn is_open(&self, nth: usize) -> bool {
        self.open.get(nth).copied().unwrap_or(false)
    }

    /// What is told above it: its name, how much there is, and how many masks.
    fn head(&self, state: &State, columns: usize) -> Vec<Line<'static>> {
        let (words, theme) = (&state.words, &state.theme);
        let lines = words.count("attach.lines", self.found.text.lines().count() as u64);
        let mut about = format!("{} {} {lines}", self.found.name, state.symbols.middot);
        if self.found.left_out > 0 {
            let size = self.found.left_out.div_ceil(1024).to_string();
            about = format!("{about} {} {}", state.symbols.middot, words.fill("attach.left-out", &[("size", &size)]));
        }
        let open = self.open.iter().filter(|is| **is).count() as u64;
        let masked = self.open.len() as u64 - open;
        let key = |command| state.keymap.keys_of(&["attached", "overlay"], command).unwrap_or_default();
        let (told, style) = if self.open.is_empty() {
            (words.get("attach.no-secrets").to_owned(), theme.dim)
        } else {
            let counted = words.count("attach.masked", masked);
            let shown = if open > 0 { words.count("attach.open", open) } else { String::new() };
            let how = words.fill("attach.how", &[("next", &key("next-field")), ("unmask", &key("unmask"))]);
            let between = words.get("frame.between-sentences");
            let told: Vec<String> = [counted, shown, how].into_iter().filter(|part| !part.is_empty()).collect();
            (told.join(between), theme.warn)
        };
        let mut lines = vec![Line::styled(fit(&about, columns, state.symbols.ellipsis), theme.title)];
        lines.extend(wrap(&told, columns).into_iter().map(|line| Line::styled(line, style)));
        lines.push(Line::default());
        lines
    }

    /// Rows and columns that there are for the text.
    fn room(&self, state: &State) -> (usize, usize) {
        let area = layout::parts(state.size).body;
        let columns = usize::from(area.width.saturating_sub(4));
        let head = self.head(state, columns).len();
        (usize::from(area.height.saturating_sub(2)).saturating_sub(head).max(1), columns)
    }

    fn scroll(&mut self, by: isize, state: &State) {
        let (rows, columns) = self.room(state);
        let last = self.rows(state, columns).lines.len().saturating_sub(rows);
        self.top = self.top.saturating_add_signed(by).min(last);
    }

    /// Goes to another secret, round and round, and shows it.
    fn step(&mut self, by: usize, state: &State) {
        let all = self.open.len();
        if all == 0 {
            return;
        }
        self.at = (self.at + by) % all;
        let (rows, columns) = self.room(state);
        let there = self.rows(state, columns).secrets.get(self.at).copied().unwrap_or(0);
        if there < self.top || there >= self.top + rows {
            self.top = there.saturating_sub(rows / 2);
        }
    }

    /// Puts it into the text, as it is shown. Where it has no room nothing is lost: it stays here.
    fn put(&self, state: &mut State) -> Then {
        let block = self.found.block(|nth| self.is_open(nth));
        match Compose::with(state, |compose, state| compose.put(&block, block.len(), state)) {
            Some(true) => {
                state.overlays.retain_mut(|over| !over.as_any().is::<Attach>());
                Then::Close
            }
            _ => {
                state.say(Tone::Bad, state.word("compose.no-room"));
                Then::Stay
            }
        }
    }
}

/// A row that is being put together.
struct Row {
    room: usize,
    free: usize,
    mark: &'static str,
    spans: Vec<Span<'static>>,
}

impl Row {
    fn new(room: usize) -> Self {
        Self { room, free: room, mark: " ", spans: Vec::new() }
    }

    /// Adds text without line ends; what does not fit goes on below.
    fn add(&mut self, mut text: &str, style: Style, lines: &mut Vec<Line<'static>>, mark: Style) {
        loop {
            let (head, rest) = width::cut(text, self.free);
            if !head.is_empty() {
                self.free -= width::width(head);
                self.spans.push(Span::styled(head.to_owned(), style));
            }
            // Something wider than a whole row cannot be shown at all.
            if rest.is_empty() || head.is_empty() && self.free == self.room {
                return;
            }
            lines.push(self.take(mark));
            text = rest;
        }
    }

    fn take(&mut self, style: Style) -> Line<'static> {
        let done = std::mem::replace(self, Self::new(self.room));
        let mut spans = vec![Span::styled(format!("{} ", done.mark), style)];
        spans.extend(done.spans);
        Line::from(spans)
    }
}

impl Overlay for Attached {
    fn context(&self) -> &'static str {
        "attached"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let page = isize::try_from(self.room(state).0).unwrap_or(isize::MAX).max(2) - 1;
        match command {
            "close" => return Then::Close,
            "choose" => return self.put(state),
            "choice-down" => self.scroll(1, state),
            "choice-up" => self.scroll(-1, state),
            "page-down" => self.scroll(page, state),
            "page-up" => self.scroll(-page, state),
            "next-field" => self.step(1, state),
            "previous-field" => self.step(self.open.len().saturating_sub(1), state),
            "unmask" => {
                if let Some(open) = self.open.get_mut(self.at) {
                    *open = !*open;
                }
            }
            _ => {}
        }
        Then::Stay
    }

    fn text(&self, state: &State, columns: u16) -> Option<Vec<String>> {
        let columns = usize::from(columns);
        let lines = self.head(state, columns).into_iter().chain(self.rows(state, columns).lines);
        let lines = lines.map(|line| line.to_string());
        let title = std::iter::once(state.word("attach.preview"));
        Some(title.chain(lines).chain([String::new(), state.word("plain.attach_how")]).collect())
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let inside = frame::boxed(frame, area, state, &state.word("attach.preview"), (area.width, area.height));
        let columns = usize::from(inside.width);
        let head = self.head(state, columns);
        frame::lines(frame, inside, &head, 0);
        let taken = (head.len() as u16).min(inside.height);
        let below = Rect { y: inside.y + taken, height: inside.height - taken, ..inside };
        let rows = self.rows(state, columns);
        let top = self.top.min(rows.lines.len().saturating_sub(usize::from(below.height)));
        frame::lines(frame, below, &rows.lines, top);
        let there = rows.secrets.get(self.at).and_then(|row| row.checked_sub(top)).unwrap_or(0);
        if let Ok(row) = u16::try_from(there)
            && row < below.height
        {
            frame.set_cursor_position((below.x, below.y + row));
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        if self.open.is_empty() {
            &["choose", "close", "choice-down", "page-down"]
        } else {
            &["choose", "close", "unmask", "next-field", "page-down"]
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
