//! A question before something that cannot be taken back. Enter alone never says yes.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, Then, frame};
use crate::tui::{
    hits::Hit,
    state::State,
    widget::text::{width, wrap},
};

type Yes = Box<dyn Fn(&mut State) + Send>;

/// A question to be answered with yes or no.
pub struct Confirm {
    question: String,
    yes: Yes,
    no: Option<Yes>,
}

impl Confirm {
    /// Asks; `yes` is done when that is the answer.
    pub fn new(question: String, yes: impl Fn(&mut State) + Send + 'static) -> Self {
        Self { question, yes: Box::new(yes), no: None }
    }

    /// The same, where something is to be done when the answer is no. Closing it is no answer.
    pub fn or_else(self, no: impl Fn(&mut State) + Send + 'static) -> Self {
        Self { no: Some(Box::new(no)), ..self }
    }
}

impl Overlay for Confirm {
    fn context(&self) -> &'static str {
        "confirm"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "yes" => (self.yes)(state),
            "no" => {
                if let Some(no) = &self.no {
                    no(state);
                }
            }
            "close" => {}
            _ => return Then::Stay,
        }
        Then::Close
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let room = usize::from(area.width.saturating_sub(4)).clamp(1, 60);
        let mut lines: Vec<Line<'_>> = wrap(&self.question, room).into_iter().map(Line::raw).collect();
        lines.push(Line::default());
        let key = |command| state.keymap.keys_of(&["confirm", "overlay"], command).unwrap_or_default();
        let answers =
            ["yes", "no"].map(|name| (name, format!("{} {}", key(name), state.word(&format!("label.{name}")))));
        let [(_, yes), (_, no)] = &answers;
        lines.push(Line::styled(format!("{yes}   {no}"), state.theme.accent));
        let size = (64, lines.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("confirm.title"), size);
        frame::lines(frame, inside, &lines, 0);
        let (mut x, y) = (inside.x, inside.y + lines.len() as u16 - 1);
        for (name, answer) in &answers {
            let columns = width(answer) as u16;
            state.hits.put(Rect::new(x, y, columns, 1).intersection(inside), Hit::Command(name));
            x += columns + 3;
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["yes", "no"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
