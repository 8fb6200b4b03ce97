//! To a post by its address, or by its number in the open thread.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, ask::Ask, field::Field, frame};
use crate::model::permalink;
use crate::tui::{key::Key, state::State, widget::text::wrap};

/// The line to type it into.
#[derive(Default)]
pub struct GoTo {
    typed: Field,
    fault: Option<String>,
}

impl GoTo {
    /// Opens it.
    pub fn open(state: &mut State) {
        state.lay(Self::default());
    }

    fn go(&mut self, state: &mut State) -> Then {
        let typed = self.typed.text().trim().trim_start_matches('#').to_owned();
        let open = state.pane().reader(state).map(|reader| reader.id.clone());
        let last = open.and_then(|id| state.threads.get(&id)).map(|thread| thread.last);
        match (typed.parse::<u32>(), last) {
            (Ok(number), Some(last)) if (1..=last).contains(&number) => {
                state.leave_spot();
                state.go_to_post(number);
                return Then::Close;
            }
            (Ok(_), Some(last)) => {
                self.fault = Some(state.words.fill("reading.no-such-number", &[("last", &last.to_string())]));
            }
            (Ok(_), None) => self.fault = Some(state.word("unavailable.not-reading")),
            (Err(_), _) => match state.origin().and_then(|origin| permalink::read(origin, &typed)) {
                Some(place) => {
                    state.visit_thread(&place.thread, place.number);
                    return Then::Close;
                }
                None => self.fault = Some(state.word("reading.no-such-address")),
            },
        }
        Then::Stay
    }
}

impl Overlay for GoTo {
    fn context(&self) -> &'static str {
        "form"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        state.dirty = true;
        match command {
            "close" => Then::Close,
            "submit" => self.go(state),
            _ => Then::Stay,
        }
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.typed.key(key) {
            self.fault = None;
            state.dirty = true;
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.typed.insert(text.trim());
        state.dirty = true;
        Then::Stay
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        Some(Ask::new(state.word("reading.go-to"), self.typed.text().to_owned(), Some("submit")))
    }

    fn fill(&mut self, text: &str, _: &mut State) {
        self.typed.clear();
        self.typed.insert(text.trim());
        self.fault = None;
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).clamp(1, 72);
        let room = usize::from(columns);
        let (shown, behind) = self.typed.shown(room.saturating_sub(2));
        let mut lines =
            vec![Line::from(vec![Span::styled("> ", state.theme.accent), Span::raw(shown)]), Line::default()];
        let (text, style) = match &self.fault {
            Some(fault) => (fault.clone(), state.theme.bad),
            None => (state.word("reading.go-to-hint"), state.theme.dim),
        };
        lines.extend(wrap(&text, room).into_iter().map(|line| Line::styled(line, style)));
        let tall = lines.len() as u16 + 2;
        let inside = frame::boxed(frame, area, state, &state.word("reading.go-to"), (columns + 4, tall));
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
