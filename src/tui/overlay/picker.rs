//! One of several things: type to narrow, enter to choose.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{
    Overlay, Then,
    ask::{Ask, Rows},
    frame,
};
use crate::tui::{
    hits::Hit,
    key::Key,
    state::State,
    widget::text::{fit, type_into, width},
};

/// The most rows that are shown.
const ROWS: usize = 14;

type Choose = Box<dyn Fn(&mut State, usize) + Send>;

/// A list to choose from.
pub struct Picker {
    title: String,
    rows: Vec<String>,
    typed: String,
    found: Vec<usize>,
    selected: usize,
    choose: Choose,
    discard: Option<Choose>,
    look: Option<Look>,
}

/// How a choice looks before it is made.
struct Look {
    show: Choose,
    /// The row that is shown again when nothing is chosen.
    before: usize,
}

impl Picker {
    /// A choice among `rows`; `choose` is told which one it was.
    pub fn new(title: String, rows: Vec<String>, choose: impl Fn(&mut State, usize) + Send + 'static) -> Self {
        let found = (0..rows.len()).collect();
        Self {
            title,
            rows,
            typed: String::new(),
            found,
            selected: 0,
            choose: Box::new(choose),
            discard: None,
            look: None,
        }
    }

    /// The same, where a row can be thrown away; `discard` is told which one, and asks first.
    pub fn with_discard(self, discard: impl Fn(&mut State, usize) + Send + 'static) -> Self {
        Self { discard: Some(Box::new(discard)), ..self }
    }

    /// The same, where each row is shown as soon as the bar is on it; `before` is the one that was chosen before.
    pub fn with_look(self, before: usize, show: impl Fn(&mut State, usize) + Send + 'static) -> Self {
        Self { selected: before, look: Some(Look { show: Box::new(show), before }), ..self }
    }

    fn look(&self, state: &mut State) {
        if let (Some(look), Some(at)) = (&self.look, self.found.get(self.selected)) {
            (look.show)(state, *at);
        }
    }

    /// Goes without a choice.
    fn leave(&self, state: &mut State) -> Then {
        if let Some(look) = &self.look {
            (look.show)(state, look.before);
        }
        Then::Close
    }

    fn narrow(&mut self) {
        let typed = self.typed.to_lowercase();
        let fits = |at: &usize| typed.split_whitespace().all(|word| self.rows[*at].to_lowercase().contains(word));
        self.found = (0..self.rows.len()).filter(fits).collect();
        self.selected = 0;
    }
}

impl Overlay for Picker {
    fn context(&self) -> &'static str {
        "picker"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let last = self.found.len().saturating_sub(1);
        match command {
            "choice-down" => self.selected = (self.selected + 1).min(last),
            "choice-up" => self.selected = self.selected.saturating_sub(1),
            "choose" => {
                if let Some(chosen) = self.found.get(self.selected) {
                    (self.choose)(state, *chosen);
                    return Then::Close;
                }
            }
            "discard" => {
                if let (Some(discard), Some(chosen)) = (&self.discard, self.found.get(self.selected)) {
                    discard(state, *chosen);
                }
            }
            _ => return self.leave(state),
        }
        self.look(state);
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if !type_into(&mut self.typed, key) {
            return self.leave(state);
        }
        self.narrow();
        self.look(state);
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        self.selected = row.min(self.found.len().saturating_sub(1));
        self.run("choose", state)
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.typed.push_str(crate::base::text::Clean::line(text).as_str());
        self.narrow();
        self.look(state);
        Then::Stay
    }

    fn asks(&self, _: &State) -> Option<Ask> {
        Some(Ask::new(self.title.clone(), self.typed.clone(), None))
    }

    fn fill(&mut self, text: &str, state: &mut State) {
        self.typed.clear();
        self.paste(text, state);
    }

    fn rows(&self, _: &State) -> Option<Rows> {
        Some(Rows { rows: self.found.iter().map(|at| self.rows[*at].clone()).collect(), selected: self.selected })
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let rows = self.found.len().clamp(1, ROWS).min(usize::from(area.height.saturating_sub(3)));
        let inside = frame::boxed(frame, area, state, &self.title, (70, rows as u16 + 3));
        if inside.height == 0 {
            return;
        }
        let columns = usize::from(inside.width);
        let typed = fit(&self.typed, columns.saturating_sub(3), "");
        let input = Line::from(vec![Span::styled("> ", state.theme.accent), Span::raw(typed.clone())]);
        frame.render_widget(input, Rect { height: 1, ..inside });
        let top = (self.selected + 1).saturating_sub(rows);
        for (at, row) in self.found.iter().enumerate().skip(top).take(rows) {
            let line = Rect { y: inside.y + 1 + (at - top) as u16, height: 1, ..inside };
            if line.y >= inside.bottom() {
                break;
            }
            state.hits.put(line, Hit::Row(at));
            frame.render_widget(Span::raw(fit(&self.rows[*row], columns, state.symbols.ellipsis)), line);
            if at == self.selected {
                let bar = Rect { x: inside.x - 1, width: 1, ..line };
                frame.render_widget(Span::styled(state.symbols.bar, state.theme.selection), bar);
            }
        }
        if self.found.is_empty() && inside.height > 1 {
            let none = Span::styled(state.word("picker.none"), state.theme.dim);
            frame.render_widget(none, Rect { y: inside.y + 1, height: 1, ..inside });
        }
        frame.set_cursor_position((inside.x + 2 + width(&typed) as u16, inside.y));
    }

    fn footer(&self) -> &'static [&'static str] {
        if self.discard.is_some() { &["choose", "discard", "close"] } else { &["choose", "close"] }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
