//! The address of a link that is looked at, written so that the terminal can open it (OSC 8): over a remote line that is
//! the only program on the reader's own machine. ratatui knows no links, so the cells are sent once more, in one.

use std::io::{self, Write};

use ratatui::backend::{Backend as _, CrosstermBackend};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::base::text::Clean;
use crate::tui::{layout, state::State};

/// A link, and where its address stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hyperlink {
    /// The address. It may be followed ([`crate::base::text::link::Link`]).
    pub url: Clean,
    /// The lines of the address, of the width of what is in them.
    pub places: Vec<Rect>,
    /// Where the cursor stands.
    pub cursor: (u16, u16),
}

/// The link that is looked at now. One that may pass for another is not made easy to follow.
pub(super) fn hyperlink(state: &State) -> Option<Hyperlink> {
    let body = layout::parts(state.size).body;
    if layout::is_too_small(state.size) {
        return None;
    }
    state.overlays.last()?.hyperlink(body, state).filter(|link| link.url.is_ascii())
}

impl Hyperlink {
    /// Writes the cells of the address again, as a link.
    pub(super) fn write(&self, picture: &Buffer, to: &mut CrosstermBackend<impl Write>) -> io::Result<()> {
        for place in &self.places {
            write!(to, "\x1b]8;;{}\x1b\\", self.url)?;
            let cells = (place.left()..place.right()).filter_map(|x| Some((x, place.y, picture.cell((x, place.y))?)));
            to.draw(cells)?;
            write!(to, "\x1b]8;;\x1b\\")?;
        }
        to.set_cursor_position(self.cursor)
    }
}
