//! The address of another community, to be typed. Whether it is one is decided where addresses are known.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, ask::Ask, field::Field, frame};
use crate::tui::{effect::Effect, key::Key, pane::membership, roll::Act, state::State, widget::text::width};

/// The overlay.
#[derive(Default)]
pub struct AddressForm {
    address: Field,
    fault: Option<String>,
}

impl AddressForm {
    /// What was typed is no address; it stays, to be mended.
    pub fn refuse(&mut self, fault: String) {
        self.fault = Some(fault);
    }
}

impl Overlay for AddressForm {
    fn context(&self) -> &'static str {
        "form"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "close" => return Then::Close,
            "submit" if self.address.text().trim().is_empty() => self.fault = Some(state.word("accounts.need_address")),
            "submit" => state.effect(Effect::Seat(Act::Add(self.address.text().trim().to_owned()))),
            _ => {}
        }
        state.dirty = true;
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.address.key(key) {
            self.fault = None;
            state.dirty = true;
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.address.insert(text.trim());
        state.dirty = true;
        Then::Stay
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        Some(Ask::new(state.word("accounts.address"), self.address.text().to_owned(), Some("submit")))
    }

    fn fill(&mut self, text: &str, _: &mut State) {
        self.address.clear();
        self.address.insert(text.trim());
        self.fault = None;
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).min(60);
        let page = membership::page_of(state, columns);
        let label = state.word("accounts.address");
        let (shown, behind) = self.address.shown(usize::from(columns).saturating_sub(width(&label) + 3));
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
            None => lines.extend(page.text(&state.word("accounts.address-hint"), state.theme.dim, "")),
        }
        let size = (columns + 4, lines.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("accounts.add"), size);
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
