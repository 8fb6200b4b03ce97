//! What the screen asks for. `run.rs` performs it; nothing else may.

use crate::base::text::Clean;
use crate::engine::request::{Request, Ticket};
use crate::tui::roll::Act;

/// Something to be done outside the state.
#[derive(Clone, Debug)]
pub enum Effect {
    /// Ask the engine.
    Send(Ticket, Request),
    /// Do something with the accounts of the screen.
    Seat(Act),
    /// Put text on the reader's own clipboard: through the terminal (OSC 52), or by a tool, which answers
    /// [`super::msg::Input::Copied`].
    Copy(Clean),
    /// Open an address of the community in this machine's browser. Never one that somebody wrote.
    Browse(String),
    /// Have the terminal announce something, in the way it can.
    Notify(Clean),
    /// Have text written in the reader's own editor; it comes back as [`super::msg::Input::Edited`].
    Edit(Clean),
    /// Give the terminal back until the shell says `fg`.
    Suspend,
    /// Paint everything anew.
    Redraw,
    /// Look whether files of one's own have changed; told as [`super::msg::Input::Own`].
    Reload,
    /// Turn the mouse on or off.
    Mouse(bool),
    /// End.
    Quit,
}
