//! What the screen can be told.

use std::sync::Arc;

use crossterm::event::MouseEvent;

use super::{key::Key, own::Reloaded};
use crate::base::{text::Clean, time::Timestamp};
use crate::engine::event::Event;

/// A message, with the instant at which it came: the only clock the screen has.
#[derive(Clone, Debug)]
pub struct Msg {
    /// When.
    pub at: Timestamp,
    /// What.
    pub input: Input,
}

/// What a message is about.
#[derive(Clone, Debug)]
pub enum Input {
    /// The screen was just started.
    Start,
    /// A key.
    Key(Key),
    /// A command by its name, with a number before it: from a front end without keys.
    Command(&'static str, Option<u32>),
    /// A text for what the top overlay asks for; not yet cleaned.
    Fill(String),
    /// Text pasted as one piece; not yet cleaned.
    Paste(String),
    /// A text that was in an editor; none when the editor failed. Not yet cleaned.
    Edited(Option<String>),
    /// A text came back from an editor longer than can be sent, and stands in this file.
    TooLong(Clean),
    /// An editor saved a text and failed then; it stands in this file.
    EditorFailed(Clean),
    /// Whether a tool of the desktop has put text on the clipboard.
    Copied(bool),
    /// The terminal got the reader's eyes, or lost them.
    Focus(bool),
    /// The mouse.
    Mouse(MouseEvent),
    /// The terminal has another size: columns, lines.
    Resize(u16, u16),
    /// What the background of the terminal is: light, or dark.
    Background(bool),
    /// Files of one's own have changed, or somebody asked whether they have.
    Own(Arc<Reloaded>),
    /// Something from the engine.
    Engine(Box<Event>),
    /// An instant that was waited for ([`super::state::State::wake_at`]).
    Due,
}
