//! One line to type into.

use crossterm::event::KeyCode;
use unicode_segmentation::UnicodeSegmentation as _;

use crate::base::text::{Clean, width::width};
use crate::tui::key::Key;

/// The most that is taken, in bytes: more than any name or password needs.
const MOST: usize = 1024;

/// A line being typed. Deliberately without `Debug`: it may hold a password.
#[derive(Default)]
pub struct Field {
    text: String,
    is_secret: bool,
}

impl Field {
    /// A line whose characters are not drawn.
    pub fn secret() -> Self {
        Self { text: String::new(), is_secret: true }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Whether its characters are not drawn.
    pub fn is_secret(&self) -> bool {
        self.is_secret
    }

    /// Forgets what was typed.
    pub fn clear(&mut self) {
        self.text.clear();
    }

    /// Takes a key; whether it was one for a line.
    pub fn key(&mut self, key: Key) -> bool {
        match (key.typed(), key.code) {
            (Some(c), _) if self.text.len() < MOST => self.text.push(c),
            (None, KeyCode::Backspace) => {
                let keep = self.text.grapheme_indices(true).next_back().map_or(0, |(at, _)| at);
                self.text.truncate(keep);
            }
            (None, KeyCode::Char('u')) if key.ctrl => self.text.clear(),
            _ => return false,
        }
        true
    }

    /// Takes pasted text: its first line, and no line end behind a password copied with one.
    pub fn insert(&mut self, text: &str) {
        let line = text.lines().next().unwrap_or_default();
        if self.text.len() + line.len() <= MOST {
            // A password is taken as it is: cleaning it would change it.
            self.text.push_str(&if self.is_secret { line.to_owned() } else { Clean::line(line).to_string() });
        }
    }

    /// What is drawn in `room` columns, and how many of them stand before the cursor.
    pub fn shown(&self, room: usize) -> (String, usize) {
        let room = room.saturating_sub(1);
        if self.is_secret {
            // One star for each character: a slip of the finger is seen. What was typed is not.
            let drawn = "*".repeat(self.text.graphemes(true).count().min(room));
            let columns = drawn.len();
            return (drawn, columns);
        }
        let mut start = 0;
        let clusters: Vec<&str> = self.text.graphemes(true).collect();
        while width(&clusters[start..].concat()) > room {
            start += 1;
        }
        let drawn = clusters[start..].concat();
        let columns = width(&drawn);
        (drawn, columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(text: &str, mut field: Field) -> Field {
        for c in text.chars() {
            assert!(field.key(Key::plain(KeyCode::Char(c))));
        }
        field
    }

    #[test]
    fn a_password_is_drawn_as_so_many_stars() {
        assert_eq!(typed("a", Field::secret()).shown(40), ("*".to_owned(), 1));
        assert_eq!(typed("密码 long", Field::secret()).shown(40), ("*******".to_owned(), 7));
        assert_eq!(typed("longer than its room", Field::secret()).shown(9), ("********".to_owned(), 8));
    }

    #[test]
    fn backspace_takes_what_a_reader_sees_as_one() {
        let mut field = typed("ae\u{301}", Field::default());
        field.key(Key::plain(KeyCode::Backspace));
        assert_eq!(field.text(), "a");
        field.key(Key { ctrl: true, ..Key::plain(KeyCode::Char('u')) });
        assert_eq!(field.text(), "");
        assert!(!field.key(Key::plain(KeyCode::Enter)));
    }

    #[test]
    fn a_long_line_shows_its_end() {
        assert_eq!(typed("你好世界", Field::default()).shown(5), ("世界".to_owned(), 4));
    }

    #[test]
    fn pasted_text_ends_with_its_first_line() {
        let mut field = Field::secret();
        field.insert("correct horse\nrm -rf\n");
        assert_eq!(field.text(), "correct horse");
    }
}
