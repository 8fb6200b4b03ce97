//! The address of a link that is looked at, written so that the terminal can open it (OSC 8): over a remote line that is
//! the only program on the reader's own machine.

use crate::tui::{layout, painter::Hyperlink, state::State};

/// The link that is looked at now. One that may pass for another is not made easy to follow.
pub(super) fn hyperlink(state: &State) -> Option<Hyperlink> {
    let body = layout::parts(state.size).body;
    if layout::is_too_small(state.size) {
        return None;
    }
    state.overlays.last()?.hyperlink(body, state).filter(|link| link.url.is_ascii())
}
