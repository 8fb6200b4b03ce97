//! The links of a picture, written so that the terminal can open them (OSC 8): over a remote line that is the only program
//! on the reader's own machine.

use crate::tui::{painter::Hyperlink, state::State};

/// The links that can be seen in the picture that was drawn last.
pub(super) fn hyperlinks(state: &State) -> Vec<Hyperlink> {
    // Only what every terminal reads alike.
    let links = state.hits.links().into_iter().filter(|(_, url)| url.is_ascii());
    links.map(|(place, url)| Hyperlink { url, places: vec![place] }).collect()
}
