//! The box around an overlay, and lines of text that scroll in it.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::Clear;

use crate::tui::{
    hits::Hit,
    layout,
    state::State,
    widget::text::{fit, width},
};

/// Draws a titled box of at most this size in the middle of `area`; returns its inside.
pub fn boxed(frame: &mut Frame<'_>, area: Rect, state: &State, title: &str, (columns, lines): (u16, u16)) -> Rect {
    let inside = inside(area, (columns, lines));
    let area = layout::centered(area, columns, lines);
    clear(frame, area);
    if inside.is_empty() {
        return inside;
    }
    let (signs, style) = (&state.symbols, state.theme.border);
    let inner = usize::from(area.width) - 2;
    let title = fit(title, inner.saturating_sub(3), signs.ellipsis);
    let rest = signs.horizontal.repeat(inner.saturating_sub(width(&title) + 3));
    let top = Line::from(vec![
        Span::styled(format!("{}{} ", signs.corners[0], signs.horizontal), style),
        Span::styled(title, state.theme.title),
        Span::styled(format!(" {rest}{}", signs.corners[1]), style),
    ]);
    frame.render_widget(top, Rect { height: 1, ..area });
    for y in area.top() + 1..area.bottom() - 1 {
        frame.render_widget(Span::styled(signs.vertical, style), Rect::new(area.x, y, 1, 1));
        frame.render_widget(Span::styled(signs.vertical, style), Rect::new(area.right() - 1, y, 1, 1));
    }
    let bottom = format!("{}{}{}", signs.corners[2], signs.horizontal.repeat(inner), signs.corners[3]);
    frame.render_widget(Span::styled(bottom, style), Rect { y: area.bottom() - 1, height: 1, ..area });
    inside
}

/// The inside of a box of at most this size in the middle of `area`.
pub fn inside(area: Rect, (columns, lines): (u16, u16)) -> Rect {
    let area = layout::centered(area, columns, lines);
    if area.width < 4 || area.height < 3 {
        return Rect { height: 0, ..area };
    }
    Rect { x: area.x + 2, y: area.y + 1, width: area.width - 4, height: area.height - 2 }
}

/// Empties an area, with the wide characters that reach into it from the left: half of one cannot be drawn.
pub fn clear(frame: &mut Frame<'_>, area: Rect) {
    frame.render_widget(Clear, area);
    let Some(left) = area.x.checked_sub(1) else { return };
    let buffer = frame.buffer_mut();
    for y in area.top()..area.bottom() {
        if let Some(cell) = buffer.cell_mut((left, y)).filter(|cell| width(cell.symbol()) > 1) {
            cell.set_symbol(" ");
        }
    }
}

/// Words at the right end of the first line of an area, over what is drawn there.
pub fn corner(frame: &mut Frame<'_>, area: Rect, words: &str, style: Style) {
    let columns = (width(words) as u16).min(area.width);
    let place = Rect { x: area.right() - columns, width: columns, height: area.height.min(1), ..area };
    clear(frame, place);
    frame.render_widget(Span::styled(words.to_owned(), style), place);
}

/// Says which lines of a box are which row: rows so many lines tall, one under another, drawn from line `top` on.
pub fn rows(state: &State, area: Rect, tall: impl IntoIterator<Item = usize>, top: usize) {
    let mut next = 0;
    let places = tall.into_iter().map(|tall| {
        let from = next;
        next += tall;
        (from, tall)
    });
    rows_at(state, area, places, top);
}

/// The same, where something else stands between the rows: the line each begins in, and how many it takes.
pub fn rows_at(state: &State, area: Rect, places: impl IntoIterator<Item = (usize, usize)>, top: usize) {
    for (row, (from, tall)) in places.into_iter().enumerate() {
        let (start, end) = (from.max(top), (from + tall).min(top + usize::from(area.height)));
        if start < end {
            let place = Rect { y: area.y + (start - top) as u16, height: (end - start) as u16, ..area };
            state.hits.put(place, Hit::Row(row));
        }
    }
}

/// Draws lines from `top` on; the cursor stands at the first.
pub fn lines(frame: &mut Frame<'_>, area: Rect, lines: &[Line<'_>], top: usize) {
    let top = top.min(lines.len().saturating_sub(usize::from(area.height)));
    for (y, line) in (area.top()..area.bottom()).zip(lines.iter().skip(top)) {
        frame.render_widget(line, Rect { y, height: 1, ..area });
    }
    if area.height > 0 {
        frame.set_cursor_position((area.x, area.y));
    }
}
