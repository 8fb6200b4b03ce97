//! The feed: threads of all spaces, in four views.

use super::browser::{BrowserPane, Source};
use crate::model::feed::View;
use crate::tui::state::State;

/// The pane.
pub static PANE: BrowserPane = BrowserPane {
    name: "feed",
    of: |panes| &panes.feed,
    of_mut: |panes| &mut panes.feed,
    heading: |state| vec![state.word(&format!("view.{}", view(state).as_str())), state.symbols.more.to_owned()],
    empty: |state| state.word(&format!("empty.{}", view(state).as_str())),
    badge: |state| state.home.spaces.iter().map(|s| s.unread).sum(),
    list_footer: &["open", "mark-read", "mark-all-read", "follow", "filter", "search", "palette", "help"],
    detail_footer: super::READING,
};

/// The view shown.
pub fn view(state: &State) -> View {
    match state.panes.feed.source {
        Source::Feed(view) => view,
        Source::Threads(_) | Source::Nothing => View::default(),
    }
}

/// Whether the views end with the one shown.
pub fn is_last(state: &State) -> bool {
    View::ALL.last() == Some(&view(state))
}

/// Shows the following view.
pub fn next_view(state: &mut State) {
    let at = View::ALL.iter().position(|v| *v == view(state)).unwrap_or(0);
    PANE.set_source(state, Source::Feed(View::ALL[(at + 1) % View::ALL.len()]));
}
