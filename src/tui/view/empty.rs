//! The states of a list or a text that has nothing to show: on its way, failed, empty.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::tui::{pane::list::Load, state::State, widget::text::wrap};

/// An area's first line and the rest.
pub fn heading(area: Rect) -> [Rect; 2] {
    let height = area.height.min(1);
    let rest = Rect { y: area.y + height, height: area.height - height, ..area };
    [Rect { height, ..area }, rest]
}

/// Draws what stands in place of the missing: a skeleton once it takes long, why it failed, or the sentence `empty`:
/// what to do.
pub fn view(frame: &mut Frame<'_>, area: Rect, state: &State, load: &Load, empty: &str) {
    if load.ticket().is_some() && load.error.is_none() {
        if load.is_slow(state.now) {
            skeleton(frame, area, state);
        }
        return;
    }
    match &load.error {
        Some(error) => {
            let [what, next] = state.explain(error);
            card(frame, area, state, &[(what, state.theme.bad), (next, state.theme.text)]);
        }
        None if load.arrived.is_some() => card(frame, area, state, &[(empty.to_owned(), state.theme.dim)]),
        None => {}
    }
}

fn card(frame: &mut Frame<'_>, area: Rect, state: &State, texts: &[(String, Style)]) {
    let _ = state;
    let room = usize::from(area.width).saturating_sub(4).clamp(1, 60);
    let lines = texts.iter().flat_map(|(text, style)| wrap(text, room).into_iter().map(|line| (line, *style)));
    let top = area.y + (area.height / 4);
    for (y, (line, style)) in (top..area.bottom()).zip(lines) {
        let row = Rect { y, height: 1, ..area };
        frame.render_widget(Line::styled(line, style).centered(), row);
    }
    if area.width > 0 && area.height > 0 {
        frame.set_cursor_position((area.x, area.y));
    }
}

/// Grey bars where rows will be. They do not move.
fn skeleton(frame: &mut Frame<'_>, area: Rect, state: &State) {
    const SHARES: [u16; 6] = [62, 38, 74, 30, 55, 42];
    for (y, share) in (area.top()..area.bottom()).zip(SHARES.iter().cycle()) {
        let bar = state.symbols.shade.repeat(usize::from(area.width.saturating_sub(7)) * usize::from(*share) / 100);
        let row = Rect { x: area.x + area.width.min(7), y, width: area.width.saturating_sub(7), height: 1 };
        frame.render_widget(Span::styled(bar, state.theme.border), row);
    }
}
