//! The text as it will be read: beside it where there is room, in its place when asked for.
//!
//! Laid out when the text is another, not with every picture; a long text when typing rests.

use std::cell::{Cell, RefCell};

use ratatui::text::Line;

use crate::base::time::{SignedDuration, Timestamp};
use crate::model::markup;
use crate::tui::{
    layout::parts,
    state::State,
    symbols::Symbols,
    theme::Theme,
    widget::markdown::{self, Opened},
};

/// From this width on, text and preview stand side by side.
const BESIDE: u16 = 120;
/// A text up to so many bytes is shown as it is typed.
const SHORT: usize = 4 * 1024;
/// How long typing in a longer one rests before it is shown.
const PAUSE: SignedDuration = SignedDuration::from_millis(200);

/// Whether text and preview stand side by side where both are shown.
pub(super) fn is_wide(state: &State) -> bool {
    state.size.0 >= BESIDE
}

/// The preview of one text.
#[derive(Default)]
pub(super) struct Preview {
    /// What the writer said; until then it is shown where it takes no room from the text.
    wanted: Option<bool>,
    /// The first line shown, where it hides the text.
    pub(super) top: usize,
    text: String,
    due: Option<Timestamp>,
    laid: RefCell<Option<Laid>>,
    /// How often something was laid out.
    count: Cell<usize>,
}

struct Laid {
    width: u16,
    looks: (Theme, Symbols),
    lines: Vec<Line<'static>>,
}

impl Preview {
    pub(super) fn is_shown(&self, state: &State) -> bool {
        self.wanted.unwrap_or(is_wide(state))
    }

    /// Whether it stands where the text does.
    pub(super) fn hides_text(&self, state: &State) -> bool {
        self.is_shown(state) && !is_wide(state)
    }

    /// Shows it, or stops.
    pub(super) fn toggle(&mut self, body: &str, state: &State) {
        (self.wanted, self.top) = (Some(!self.is_shown(state)), 0);
        self.show(body);
    }

    /// What cannot be seen is not typed into: the text comes back.
    pub(super) fn make_way(&mut self, state: &State) {
        if self.hides_text(state) {
            self.wanted = None;
        }
    }

    /// Moves where it hides the text.
    pub(super) fn scroll(&mut self, by: isize, state: &State) {
        let page = isize::from(i16::try_from(parts(state.size).body.height).unwrap_or(i16::MAX).max(4) - 4);
        self.top = self.top.saturating_add_signed(by.clamp(-page, page));
    }

    /// The text is another now.
    pub(super) fn typed(&mut self, body: &str, state: &mut State) {
        if body.len() <= SHORT {
            return self.show(body);
        }
        let at = state.now.saturating_add(PAUSE).unwrap_or(state.now);
        self.due = Some(at);
        state.wake_at(at);
    }

    /// Whether the text is to be shown now.
    pub(super) fn is_due(&self, state: &State) -> bool {
        self.due.is_some_and(|at| at <= state.now)
    }

    pub(super) fn show(&mut self, body: &str) {
        self.due = None;
        if self.text != body {
            body.clone_into(&mut self.text);
            *self.laid.borrow_mut() = None;
        }
    }

    /// Gives the lines in so many columns to `draw`.
    pub(super) fn with_lines(&self, width: u16, state: &State, draw: impl FnOnce(&[Line<'static>])) {
        let mut laid = self.laid.borrow_mut();
        let is_same = |laid: &Laid| laid.width == width && laid.looks.0 == state.theme && laid.looks.1 == state.symbols;
        if !laid.as_ref().is_some_and(is_same) {
            self.count.set(self.count.get() + 1);
            let lines =
                markdown::layout(&markup::parse(&self.text), width, 1, &Opened::everything(), state.looks()).lines;
            *laid = Some(Laid { width, looks: (state.theme.clone(), state.symbols), lines });
        }
        draw(laid.as_ref().map_or(&[], |laid| &laid.lines));
    }

    /// How often something was laid out.
    pub(super) fn count(&self) -> usize {
        self.count.get()
    }
}
