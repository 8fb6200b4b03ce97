//! Words on this page: from one place where they stand to the next.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use super::{Overlay, Then, ask::Ask};
use crate::tui::{
    hits::{Hit, Part},
    key::Key,
    state::State,
    widget::text::{fit, type_into, width},
};

/// What is looked for in the open thread.
pub struct Find {
    typed: String,
    /// Whether letters are still words to look for; then they are keys that go on and back.
    is_typing: bool,
    at: usize,
    /// The line one was at when it was opened: from there on it is looked for first.
    from: usize,
}

impl Find {
    /// Opens it over the open thread, to look from the selected post on, or from the first line in the picture when
    /// the post begins above.
    pub fn open(state: &mut State) {
        let reader = state.pane().reader(state);
        let start = reader.and_then(|r| r.sheet()?.start_of(r.current).map(|start| start.max(r.top)));
        state.lay(Self { typed: String::new(), is_typing: true, at: 0, from: start.unwrap_or(0) });
    }

    /// Looks for something else: in what is folded away too.
    fn look(&mut self, state: &mut State) {
        let typed = (!self.typed.is_empty()).then(|| self.typed.clone());
        if let Some(reader) = state.pane().reader_mut(state) {
            reader.find(typed);
        }
        // What was folded away has a place only once it is laid out.
        state.pane().settle(state);
        if let Some(reader) = state.pane().reader_mut(state) {
            self.at = reader.places().iter().position(|(line, _)| *line >= self.from).unwrap_or(0);
        }
        self.show(state);
    }

    /// Goes to a place where it stands.
    fn show(&mut self, state: &mut State) {
        if let Some(reader) = state.pane().reader_mut(state) {
            let places = reader.places();
            if !places.is_empty() {
                self.at %= places.len();
            }
            reader.show_place(places.get(self.at).copied());
        }
    }

    fn count(&self, state: &State) -> usize {
        state.pane().reader(state).map_or(0, |r| r.places().len())
    }

    /// `3 of 17`; with a `+` when not the whole thread is here.
    fn counted(&self, state: &State) -> String {
        let count = self.count(state);
        let is_whole = state.pane().reader(state).is_none_or(|reader| reader.is_whole());
        let all = format!("{count}{}", if is_whole { "" } else { "+" });
        let at = if count == 0 { 0 } else { self.at % count + 1 };
        match (self.typed.is_empty(), count) {
            (true, _) => String::new(),
            (false, 0) if is_whole => state.word("find.none"),
            _ => state.words.fill("find.places", &[("at", &at.to_string()), ("all", &all)]),
        }
    }

    fn close(state: &mut State) -> Then {
        if let Some(reader) = state.pane().reader_mut(state) {
            reader.find(None);
        }
        Then::Close
    }
}

impl Overlay for Find {
    fn context(&self) -> &'static str {
        if self.is_typing { "find" } else { "found" }
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let count = self.count(state).max(1);
        match command {
            "find" => {
                self.is_typing = true;
                return Then::Stay;
            }
            "find-next" | "choice-down" | "choose" => self.at = (self.at + 1) % count,
            "find-previous" | "choice-up" => self.at = (self.at + count - 1) % count,
            _ => return Self::close(state),
        }
        self.is_typing = self.typed.is_empty();
        self.show(state);
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if !self.is_typing {
            return Then::Stay;
        }
        if !type_into(&mut self.typed, key) {
            return Self::close(state);
        }
        self.look(state);
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.is_typing = true;
        self.typed.push_str(crate::base::text::Clean::line(text).as_str());
        self.look(state);
        Then::Stay
    }

    fn lets_through(&self) -> bool {
        true
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        Some(Ask::new(state.word("label.find"), self.typed.clone(), None))
    }

    fn fill(&mut self, text: &str, state: &mut State) {
        self.typed.clear();
        self.paste(text, state);
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let row = Rect { y: area.bottom().saturating_sub(1), height: area.height.min(1), ..area };
        let places = format!("  {}", self.counted(state));
        let typed = fit(&self.typed, usize::from(area.width).saturating_sub(width(&places) + 4), "");
        let cursor = row.x + 2 + width(&typed) as u16;
        frame.render_widget(Clear, row);
        state.hits.put(row, Hit::Part(Part::Nothing));
        let line = Line::from(vec![
            Span::styled(" /", state.theme.accent),
            Span::raw(typed),
            Span::styled(places, state.theme.dim),
        ]);
        frame.render_widget(line, row);
        frame.set_cursor_position((cursor.min(area.right().saturating_sub(1)), row.y));
    }

    fn footer(&self) -> &'static [&'static str] {
        &["find-next", "find-previous", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
