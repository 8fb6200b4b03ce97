//! What lies over a pane: a stack, of which the top one gets the keys first and consumes or passes them.
//! Each overlay is a file below this one.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;

use ask::{Ask, Rows};

use super::{heard::Heard, key::Key, state::State};
use crate::engine::{event::Event, problem::UserError, request::Ticket};

pub mod accounts;
pub mod ask;
pub mod beside;
pub mod compose;
pub mod confirm;
pub mod elsewhere;
pub mod field;
pub mod find;
pub mod form;
pub mod frame;
pub mod help;
pub mod landing;
pub mod link;
pub mod member;
pub mod messages;
pub mod outbox;
pub mod palette;
pub mod peek;
pub mod picker;
pub mod search;
pub mod searches;
pub mod secret;
pub mod security;
pub mod sign_in;
pub mod typed;
pub mod why;

/// What becomes of an overlay after it was told something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It stays, and what it was told is dealt with.
    Stay,
    /// It goes.
    Close,
    /// It stays and leaves what it was told to what lies below.
    Pass,
}

/// Something over the pane. While one of its methods runs it is not in [`State::overlays`]; it may lay others there.
pub trait Overlay: Send {
    /// Its context in the keymap; `overlay` holds for all besides.
    fn context(&self) -> &'static str;

    /// Runs a command that its keys name. The default closes at `close` and passes all others.
    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let _ = state;
        if command == "close" { Then::Close } else { Then::Pass }
    }

    /// A key that is bound to nothing in its context: typing.
    fn key(&mut self, key: Key, state: &mut State) -> Then {
        let _ = (key, state);
        Then::Stay
    }

    /// A row of it was clicked ([`crate::tui::hits`]).
    fn click(&mut self, row: usize, state: &mut State) -> Then {
        let _ = (row, state);
        Then::Stay
    }

    /// Whether the mouse reaches the pane below it.
    fn lets_through(&self) -> bool {
        false
    }

    /// Pasted text, not cleaned.
    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        let _ = (text, state);
        Then::Stay
    }

    /// What it waits to have typed, for a front end that asks line by line; none when it takes only commands.
    fn asks(&self, state: &State) -> Option<Ask> {
        let _ = state;
        None
    }

    /// Puts a text in the place of what is typed where [`Overlay::asks`] asks, not cleaned.
    fn fill(&mut self, text: &str, state: &mut State) {
        self.paste(text, state);
    }

    /// The rows it lets choose from, where it shows only some of them.
    fn rows(&self, state: &State) -> Option<Rows> {
        let _ = state;
        None
    }

    /// All that it says, in lines of so many columns, where no picture may be tall enough for it.
    fn text(&self, state: &State, columns: u16) -> Option<Vec<String>> {
        let _ = (state, columns);
        None
    }

    /// A text that it sent to an editor ([`super::effect::Effect::Edit`]) has come back, not cleaned.
    fn edited(&mut self, text: &str, state: &mut State) {
        let _ = (text, state);
    }

    /// An instant that was waited for has come; every overlay is told, whoever waited.
    fn due(&mut self, state: &mut State) {
        let _ = state;
    }

    /// An answer of the engine; every overlay sees every one, and takes those it asked for.
    fn answer(&mut self, heard: &Heard, state: &mut State) {
        let _ = (heard, state);
    }

    /// What came of a sign-in that it asked for.
    fn signed_in(&mut self, ticket: Ticket, result: &Result<&'static str, UserError>, state: &mut State) -> Then {
        let _ = (ticket, result, state);
        Then::Stay
    }

    /// What the engine tells besides answers: a code for another device, a browser to open, a deed that is done.
    fn told(&mut self, event: &Event, state: &mut State) -> Then {
        let _ = (event, state);
        Then::Stay
    }

    /// Whether it hides the pane altogether.
    fn covers(&self) -> bool {
        false
    }

    /// Draws it over `area`, the pane's body; sets the cursor where typing goes.
    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State);

    /// The commands for the footer while it is on top.
    fn footer(&self) -> &'static [&'static str] {
        &["close"]
    }

    /// Itself, for commands that look for one kind of overlay.
    fn as_any(&mut self) -> &mut dyn Any;
}
