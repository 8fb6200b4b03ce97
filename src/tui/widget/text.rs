//! One-line text cut to a width with the terminal's own ellipsis, running text as owned lines, and a line being typed.

use crossterm::event::KeyCode;

use crate::base::text::width::{cut, wrapped};
use crate::tui::key::Key;

pub use crate::base::text::width::width;

/// The text, cut with an ellipsis where it is wider than `room` columns. Never wider than `room`.
pub fn fit(text: &str, room: usize, ellipsis: &str) -> String {
    if width(text) <= room {
        return text.to_owned();
    }
    match room.checked_sub(width(ellipsis)) {
        Some(left) => format!("{}{ellipsis}", cut(text, left).0),
        None => cut(text, room).0.to_owned(),
    }
}

/// Words put into lines of at most `room` columns.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    wrapped(text, room.max(1)).map(str::to_owned).collect()
}

/// Types a key into a line; false when there was nothing left to delete.
pub fn type_into(line: &mut String, key: Key) -> bool {
    match (key.code, key.typed()) {
        (_, Some(c)) => line.push(c),
        (KeyCode::Backspace, _) => return line.pop().is_some(),
        (KeyCode::Char('u'), _) if key.ctrl => line.clear(),
        _ => {}
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_wider_than_its_room() {
        for text in ["plain words here", "缓存行 64 还是 128", "e\u{301}tude", "👩‍👩‍👧 family", ""] {
            for room in 0..20 {
                assert!(width(&fit(text, room, "…")) <= room, "{text} in {room}");
            }
        }
        assert_eq!(fit("plain words", 6, "…"), "plain…");
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
    }
}
