//! What a post replies to, looked at without leaving one's place; further up with the same key.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, frame};
use crate::base::{ids::ThreadId, text::width};
use crate::engine::{event::Answer, request::Query};
use crate::model::{markup, page::Window, post::Post};
use crate::tui::{
    heard::Heard,
    pane::list::Load,
    state::State,
    widget::markdown::{self, Opened},
};

/// Columns of the box, where there are so many.
const WIDE: u16 = 84;
/// Lines that a key scrolls.
const STEP: usize = 3;

/// A look at a post above.
pub struct Peek {
    thread: ThreadId,
    number: u32,
    post: Option<Post>,
    load: Load,
    top: usize,
}

impl Peek {
    /// Opens it on what the selected post replies to.
    pub fn open(state: &mut State) {
        let Some(reader) = state.pane().reader(state) else { return };
        let Some(post) = reader.post().filter(|post| post.number > 1) else { return };
        let (thread, number) = (reader.id.clone(), post.parent.unwrap_or(1));
        let mut peek = Self { thread, number, post: None, load: Load::default(), top: 0 };
        peek.look(state);
        state.lay(peek);
    }

    /// Takes the post from the page; has it fetched where it is not there.
    fn look(&mut self, state: &mut State) {
        let known = state.pane().reader(state).and_then(|r| r.posts.iter().find(|p| p.number == self.number));
        (self.post, self.top) = (known.cloned(), 0);
        if self.post.is_none() {
            let ticket = state.start(Query::Posts(self.thread.clone(), Window::Around(self.number)));
            let before = self.load.asked(ticket, state.now);
            state.abandon(before);
        }
        state.dirty = true;
    }

    /// One further up.
    fn climb(&mut self, state: &mut State) {
        let above = self.post.as_ref().filter(|post| post.number > 1).map(|post| post.parent.unwrap_or(1));
        match above {
            Some(above) => {
                self.number = above;
                self.look(state);
            }
            None => state.say(crate::tui::notice::Tone::Plain, state.word("unavailable.no-parent")),
        }
    }

    fn lines(&self, state: &State, columns: u16) -> Vec<Line<'static>> {
        let theme = &state.theme;
        let Some(post) = &self.post else {
            let (text, style) = match &self.load.error {
                Some(error) => (state.sentences(error), theme.bad),
                None => (state.symbols.ellipsis.to_owned(), theme.dim),
            };
            return width::wrapped(&text, usize::from(columns))
                .map(|line| Line::styled(line.to_owned(), style))
                .collect();
        };
        let facts =
            format!(" {} #{} {} {}", state.symbols.middot, post.number, state.symbols.middot, state.when(post.created));
        let name =
            width::ellipsis(&post.author.name, usize::from(columns).saturating_sub(width::width(&facts))).into_owned();
        let mut lines = vec![Line::from(vec![Span::styled(name, theme.title), Span::styled(facts, theme.dim)])];
        if post.deleted {
            lines.push(Line::styled(state.word("page.deleted"), theme.dim));
        } else {
            let document = markup::parse(&post.body);
            lines.extend(markdown::layout(&document, columns, 1, &Opened::default(), state.looks()).lines);
        }
        lines
    }

    fn columns(area: Rect) -> u16 {
        area.width.min(WIDE).saturating_sub(4).max(1)
    }
}

impl Overlay for Peek {
    fn context(&self) -> &'static str {
        "peek"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "choice-down" => self.top += STEP,
            "choice-up" => self.top = self.top.saturating_sub(STEP),
            "peek" => self.climb(state),
            "choose" => {
                state.leave_spot();
                state.go_to_post(self.number);
                return Then::Close;
            }
            "close" => {
                state.abandon(self.load.ticket());
                return Then::Close;
            }
            _ => {}
        }
        let body = crate::tui::layout::parts(state.size).body;
        let lines = self.lines(state, Self::columns(body)).len();
        self.top = self.top.min(lines.saturating_sub(usize::from(body.height.saturating_sub(2)).min(lines)));
        state.dirty = true;
        Then::Stay
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        if self.load.waits_for(heard.ticket) {
            if let Some(Answer::Posts(page)) = self.load.take(heard) {
                self.post = page.items.into_iter().find(|post| post.number == self.number);
            }
            state.dirty = true;
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = Self::columns(area);
        let lines = self.lines(state, columns);
        let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inside = frame::boxed(frame, area, state, &state.word("reading.peek"), (columns + 4, tall));
        frame::lines(frame, inside, &lines, self.top);
    }

    fn footer(&self) -> &'static [&'static str] {
        &["choose", "peek", "choice-down", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
