//! A name to be typed, for something that is kept under it.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, field::Field, frame};
use crate::tui::{key::Key, pane::membership, state::State, widget::text::width};

/// Takes the name; else says what is wrong with it.
type Take = Box<dyn Fn(&mut State, &str) -> Result<(), String> + Send>;

/// The overlay.
pub struct Name {
    title: String,
    hint: String,
    name: Field,
    fault: Option<String>,
    take: Take,
}

impl Name {
    /// Asks for a name, with one to begin with. `take` is told it without spaces around it; an empty one never.
    pub fn new(
        title: String,
        hint: String,
        start: &str,
        take: impl Fn(&mut State, &str) -> Result<(), String> + Send + 'static,
    ) -> Self {
        let mut name = Field::default();
        name.insert(start);
        Self { title, hint, name, fault: None, take: Box::new(take) }
    }
}

impl Overlay for Name {
    fn context(&self) -> &'static str {
        "name"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        state.dirty = true;
        let name = self.name.text().trim().to_owned();
        match command {
            "submit" if name.is_empty() => self.fault = Some(state.word("name.empty")),
            "submit" => match (self.take)(state, &name) {
                Ok(()) => return Then::Close,
                Err(fault) => self.fault = Some(fault),
            },
            _ => return Then::Close,
        }
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.name.key(key) {
            self.fault = None;
            state.dirty = true;
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.name.insert(text.trim());
        state.dirty = true;
        Then::Stay
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).min(60);
        let page = membership::page_of(state, columns);
        let label = state.word("name.label");
        let (shown, behind) = self.name.shown(usize::from(columns).saturating_sub(width(&label) + 3));
        let mut lines = vec![
            Line::from(vec![
                Span::styled(state.symbols.bar, state.theme.selection),
                Span::styled(format!("{label}  "), state.theme.selection),
                Span::styled(shown, state.theme.text),
            ]),
            Line::default(),
        ];
        match &self.fault {
            Some(fault) => lines.extend(page.text(fault, state.theme.bad, "")),
            None => lines.extend(page.text(&self.hint, state.theme.dim, "")),
        }
        let inside = frame::boxed(frame, area, state, &self.title, (columns + 4, lines.len() as u16 + 2));
        frame::lines(frame, inside, &lines, 0);
        if inside.height > 0 {
            let x = (1 + width(&label) + 2 + behind) as u16;
            frame.set_cursor_position((inside.x + x.min(inside.width.saturating_sub(1)), inside.y));
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["submit", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
