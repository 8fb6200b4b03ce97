//! One line to be typed: a name, an address, a number. What it means is for who asks.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, ask::Ask, field::Field, frame};
use crate::tui::{key::Key, state::State, widget::text::wrap};

/// Takes what was typed, without spaces around it; else says what is wrong with it.
type Submit = Box<dyn Fn(&mut State, &str) -> Result<Then, String> + Send>;

/// The overlay.
pub struct Typed {
    title: String,
    hint: String,
    line: Field,
    fault: Option<String>,
    submit: Submit,
}

impl Typed {
    /// Asks under a title, with a hint below the line. What `submit` refuses stays, to be mended.
    pub fn new(
        title: String,
        hint: String,
        submit: impl Fn(&mut State, &str) -> Result<Then, String> + Send + 'static,
    ) -> Self {
        Self { title, hint, line: Field::default(), fault: None, submit: Box::new(submit) }
    }

    /// Asks for a name, with one to begin with. `take` is never told an empty one.
    pub fn name(
        title: String,
        hint: String,
        start: &str,
        take: impl Fn(&mut State, &str) -> Result<(), String> + Send + 'static,
    ) -> Self {
        let mut asked = Self::new(title, hint, move |state, name| match name {
            "" => Err(state.word("name.empty")),
            name => take(state, name).map(|()| Then::Close),
        });
        asked.line.insert(start);
        asked
    }

    /// What was typed turned out to be wrong after all.
    pub fn refuse(&mut self, fault: String) {
        self.fault = Some(fault);
    }
}

impl Overlay for Typed {
    fn context(&self) -> &'static str {
        "line"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        state.dirty = true;
        if command != "submit" {
            return Then::Close;
        }
        (self.submit)(state, self.line.text().trim()).unwrap_or_else(|fault| {
            self.fault = Some(fault);
            Then::Stay
        })
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.line.key(key) {
            self.fault = None;
            state.dirty = true;
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.line.insert(text.trim());
        state.dirty = true;
        Then::Stay
    }

    fn asks(&self, _: &State) -> Option<Ask> {
        Some(Ask::new(self.title.clone(), self.line.text().to_owned(), Some("submit")))
    }

    fn fill(&mut self, text: &str, _: &mut State) {
        self.line.clear();
        self.line.insert(text.trim());
        self.fault = None;
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).clamp(1, 72);
        let room = usize::from(columns);
        let (shown, behind) = self.line.shown(room.saturating_sub(2));
        let line = Line::from(vec![Span::styled("> ", state.theme.accent), Span::raw(shown)]);
        let (text, style) = match &self.fault {
            Some(fault) => (fault, state.theme.bad),
            None => (&self.hint, state.theme.dim),
        };
        let mut lines = vec![line, Line::default()];
        lines.extend(wrap(text, room).into_iter().map(|line| Line::styled(line, style)));
        let inside = frame::boxed(frame, area, state, &self.title, (columns + 4, lines.len() as u16 + 2));
        frame::lines(frame, inside, &lines, 0);
        if inside.height > 0 {
            let x = inside.x + (2 + behind as u16).min(inside.width.saturating_sub(1));
            frame.set_cursor_position((x, inside.y));
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["submit", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
