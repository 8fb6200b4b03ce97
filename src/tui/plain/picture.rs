//! What is drawn and has no words of its own here, as lines: drawn where nobody looks, in a picture tall enough for all of
//! it, and read off.

use ratatui::{Frame, Terminal, backend::TestBackend, layout::Rect};

use crate::tui::state::State;

/// Columns of such a picture.
pub(super) const COLUMNS: u16 = 80;
/// Lines: more than anything is long that does not tell its text itself.
const LINES: u16 = 400;

/// The top overlay.
pub(super) fn overlay(state: &State) -> Vec<String> {
    drawn(|frame, area| {
        if let Some(over) = state.overlays.last() {
            over.view(frame, area, state);
        }
    })
}

/// The pane.
pub(super) fn pane(state: &State) -> Vec<String> {
    drawn(|frame, area| state.pane().view(frame, area, state))
}

fn drawn(draw: impl FnOnce(&mut Frame<'_>, Rect)) -> Vec<String> {
    // The backend of tests cannot fail.
    let Ok(mut terminal) = Terminal::new(TestBackend::new(COLUMNS, LINES));
    let Ok(drawn) = terminal.draw(|frame| draw(frame, frame.area()));
    let buffer = drawn.buffer;
    let line = |y: u16| {
        let mut text = String::new();
        let mut skip = 0;
        for x in 0..buffer.area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(x, y)].symbol();
            skip = crate::base::text::width::width(symbol).saturating_sub(1);
            text.push_str(symbol);
        }
        text.trim_end().to_owned()
    };
    tidy((0..buffer.area.height).map(line).collect())
}

/// Without what only places text on a screen: the same room at the left of every line, and runs of blank lines.
fn tidy(lines: Vec<String>) -> Vec<String> {
    let left = lines.iter().filter(|line| !line.is_empty()).map(|line| line.len() - line.trim_start().len()).min();
    let mut tidy: Vec<String> = Vec::new();
    for line in lines {
        let line = line.get(left.unwrap_or(0)..).unwrap_or_default().to_owned();
        if !line.is_empty() || tidy.last().is_some_and(|last| !last.is_empty()) {
            tidy.push(line);
        }
    }
    while tidy.last().is_some_and(String::is_empty) {
        tidy.pop();
    }
    tidy
}
