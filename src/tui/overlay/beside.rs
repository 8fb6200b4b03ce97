//! Text with a QR code at its right: in a box where that fits, on the whole of the pane where only that does, and
//! without the code where neither does, since what it says stands in the text as well.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::frame;
use crate::base::qr;
use crate::tui::{state::State, symbols::Symbols};

/// The fewest columns in which the text can be read.
const LEAST: u16 = 26;
/// The most that it is given.
const MOST: u16 = 60;

/// Text of a width, and where the cursor stands in it.
pub type Text = (Vec<Line<'static>>, Option<(u16, u16)>);

/// Draws `text` and the code of `told`, if there is one and the signs for it.
pub fn view(
    frame: &mut Frame<'_>,
    area: Rect,
    state: &State,
    title: &str,
    told: Option<&str>,
    text: impl Fn(u16) -> Text,
) {
    let code = told.filter(|_| state.symbols == Symbols::UNICODE).and_then(qr::lines);
    let most = area.width.saturating_sub(4);
    let wide = code.as_ref().and_then(|code| code.first()).map_or(0, |line| line.chars().count() as u16);
    let code = code.filter(|code| wide + 2 + LEAST <= most && code.len() <= usize::from(area.height));
    let beside = if code.is_some() { wide + 2 } else { 0 };
    let columns = most.saturating_sub(beside).min(MOST);
    let (lines, cursor) = text(columns);
    let tall = code.as_ref().map_or(0, Vec::len) as u16;
    let inside = if tall + 2 > area.height {
        frame::clear(frame, area);
        Rect { x: area.x + 2, width: most, ..area }
    } else {
        frame::boxed(frame, area, state, title, (columns + beside + 4, tall.max(lines.len() as u16) + 2))
    };
    frame::lines(frame, Rect { width: columns.min(inside.width), ..inside }, &lines, 0);
    if let Some(code) = code.filter(|_| inside.width > beside) {
        let place = Rect { x: inside.x + columns + 2, width: wide, ..inside };
        let code: Vec<Line<'_>> = code.iter().map(|line| Line::styled(line.as_str(), state.theme.qr)).collect();
        frame::lines(frame, place, &code, 0);
        frame.set_cursor_position((inside.x, inside.y));
    }
    if let Some((x, y)) = cursor.filter(|(_, y)| *y < inside.height) {
        frame.set_cursor_position((inside.x + x.min(inside.width.saturating_sub(1)), inside.y + y));
    }
}
