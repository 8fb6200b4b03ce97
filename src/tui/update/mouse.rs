//! The mouse: a click does what is drawn there ([`crate::tui::hits`]), the wheel scrolls what is under it, and the line
//! between list and detail can be dragged.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};
use ratatui::layout::Position;

use super::keys;
use crate::tui::{
    command::copying,
    hits::{Hit, Part},
    layout,
    overlay::{Overlay, Then},
    pane::list::Motion,
    state::State,
};

/// The mouse did something.
pub(super) fn moved(state: &mut State, event: MouseEvent) {
    let at = Position::new(event.column, event.row);
    match event.kind {
        MouseEventKind::Down(MouseButton::Left) => press(state, at),
        MouseEventKind::Drag(MouseButton::Left) if state.is_dragging => drag(state, event.column),
        // Whatever was pressed, it is let go: also outside of what it was pressed on.
        MouseEventKind::Up(_) => state.is_dragging = false,
        MouseEventKind::ScrollDown => wheel(state, at, true),
        MouseEventKind::ScrollUp => wheel(state, at, false),
        _ => {}
    }
}

fn press(state: &mut State, at: Position) {
    state.is_dragging = false;
    let Some(hit) = state.hits.at(at) else { return };
    state.typed.keys.clear();
    state.dirty = true;
    match hit {
        Hit::Command(name) => keys::run(state, name),
        Hit::Row(row) if state.hits.part(at) == Some(Part::Over) => {
            over(state, |overlay, state| overlay.click(row, state));
        }
        Hit::Row(row) => state.pane().click(state, row),
        Hit::Divider => state.is_dragging = true,
        Hit::Post(number) | Hit::Folded(number) => {
            state.pane().focus_detail(state, true);
            if let Some(reader) = state.pane().reader_mut(state) {
                reader.current = number;
                if matches!(hit, Hit::Folded(_)) {
                    reader.fold(number);
                }
            }
        }
        Hit::Link(number) => {
            state.pane().focus_detail(state, true);
            copying::follow(state, number);
        }
        Hit::Part(Part::Detail) if state.pane().open_thread(state).is_some() => state.pane().focus_detail(state, true),
        Hit::Part(_) => {}
    }
}

/// Tells the top overlay something.
fn over(state: &mut State, tell: impl FnOnce(&mut dyn Overlay, &mut State) -> Then) {
    let Some(mut overlay) = state.overlays.pop() else { return };
    let at = state.overlays.len();
    if tell(overlay.as_mut(), state) != Then::Close {
        state.overlays.insert(at, overlay);
    }
    state.dirty = true;
}

/// Over a window the wheel is its keys for up and down, where it has them.
fn wheel(state: &mut State, at: Position, down: bool) {
    match state.hits.part(at) {
        Some(Part::Over) => {
            let command = if down { "choice-down" } else { "choice-up" };
            over(state, |overlay, state| overlay.run(command, state));
        }
        Some(part @ (Part::List | Part::Detail)) => {
            let motion = if down { Motion::Down(1) } else { Motion::Up(1) };
            state.pane().wheel(state, part, motion);
        }
        Some(Part::Nothing) | None => {}
    }
}

/// The line between list and detail goes where the mouse is.
fn drag(state: &mut State, column: u16) {
    let columns = u32::from(state.size.0.max(1));
    let percent = (u32::from(column) * 100).div_ceil(columns) as u16;
    let percent = percent.clamp(layout::LEAST_SPLIT, layout::MOST_SPLIT);
    state.dirty |= percent != state.options.split;
    state.options.split = percent;
}
