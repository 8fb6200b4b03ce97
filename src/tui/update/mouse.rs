//! The mouse: the wheel scrolls what is under it, a click selects, a second one opens; one on the community's name shows
//! the accounts.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use crate::tui::{command, layout, overlay::Overlay, pane::list::Motion, state::State};

/// The mouse did something.
pub(super) fn moved(state: &mut State, event: MouseEvent) {
    let at = Position::new(event.column, event.row);
    let parts = layout::parts(state.size);
    let is_click = event.kind == MouseEventKind::Down(MouseButton::Left);
    if is_click && parts.header.contains(at) && event.column < crate::tui::view::name_ends(state) {
        return command::run(state, "switch-account", None);
    }
    // Over the first page a tab says why it cannot be shown.
    let answers = |over: &dyn Overlay| over.covers() && parts.tabs.contains(at);
    if state.overlays.last().is_some_and(|over| !answers(over.as_ref())) {
        return;
    }
    match event.kind {
        MouseEventKind::ScrollDown if parts.body.contains(at) => state.pane().wheel(state, at, Motion::Down(1)),
        MouseEventKind::ScrollUp if parts.body.contains(at) => state.pane().wheel(state, at, Motion::Up(1)),
        MouseEventKind::Down(MouseButton::Left) if parts.body.contains(at) => state.pane().click(state, at),
        MouseEventKind::Down(MouseButton::Left) if parts.tabs.contains(at) => {
            if let Some(name) = crate::tui::view::tab_at(state, event.column) {
                command::run(state, name, None);
            }
        }
        _ => {}
    }
}
