//! What was said in this sitting, newest first.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, frame};
use crate::tui::{notice::Tone, state::State, widget::text::wrap};

/// The log of short messages.
#[derive(Default)]
pub struct Messages {
    top: usize,
}

impl Overlay for Messages {
    fn context(&self) -> &'static str {
        "help"
    }

    fn run(&mut self, command: &str, _: &mut State) -> Then {
        match command {
            "choice-down" => self.top += 1,
            "choice-up" => self.top = self.top.saturating_sub(1),
            _ => return Then::Close,
        }
        Then::Stay
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let mut lines = Vec::new();
        for notice in state.notices.all() {
            let style = match notice.tone {
                Tone::Plain => state.theme.text,
                Tone::Good => state.theme.good,
                Tone::Bad => state.theme.bad,
            };
            lines.push(Line::from(Span::styled(state.when(notice.at), state.theme.dim)));
            lines.extend(wrap(&notice.text, 70).into_iter().map(|line| Line::styled(format!("  {line}"), style)));
        }
        if lines.is_empty() {
            lines.push(Line::styled(state.word("messages.none"), state.theme.dim));
        }
        let size = (78, lines.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("messages.title"), size);
        frame::lines(frame, inside, &lines, self.top);
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
