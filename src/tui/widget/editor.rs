//! A field for typing: the text area, made to move and delete by grapheme cluster, and closed to what nobody can see.
//!
//! Soft wrap never changes the text. The terminal's own cursor stands where typing goes, for input methods and screen
//! readers; the text area draws none of its own.

use crossterm::event::KeyCode;
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use tui_textarea::{CursorMove, Scrolling, TextArea, WrapMode};
use unicode_segmentation::UnicodeSegmentation;

use crate::base::text::{Clean, MOST_BLOCK_BYTES, MOST_BLOCK_LINES, MOST_LINE_CLUSTERS};

/// Something done to the text or the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Type a character.
    Insert(char),
    /// Begin a new line.
    Newline,
    /// Delete the cluster, or the line end, before the cursor.
    Backspace,
    /// Delete the cluster, or the line end, after the cursor.
    Delete,
    /// Delete back to the start of a word.
    BackspaceWord,
    /// Delete up to the end of the line.
    DeleteLine,
    /// Empty a field of one line; in one of many, take the last change back.
    Clear,
    /// Take the last change back.
    Undo,
    /// Make it again.
    Redo,
    /// One cluster to the left.
    Left,
    /// One cluster to the right.
    Right,
    /// Move another way.
    Move(CursorMove),
    /// As far down as the field shows at a time.
    PageDown,
    /// As far up.
    PageUp,
}

/// What became of text that was to be put in, in bytes after cleaning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pasted {
    /// So much was put in.
    pub put: usize,
    /// So much was to be.
    pub of: usize,
}

impl Pasted {
    /// Whether all of it had room.
    pub fn is_whole(self) -> bool {
        self.put == self.of
    }
}

impl Edit {
    /// What a key does to text where no command has it. Ctrl-J is a line's end: it is what a terminal without
    /// bracketed paste sends for one.
    pub fn of(code: KeyCode, ctrl: bool, alt: bool) -> Option<Self> {
        use CursorMove::{Bottom, Down, End, Head, Top, Up, WordBack, WordForward};
        Some(match (code, ctrl, alt) {
            (KeyCode::Char('j'), true, false) | (KeyCode::Enter, ..) => Self::Newline,
            (KeyCode::Char(c), false, false) if !c.is_control() => Self::Insert(c),
            (KeyCode::Char('h'), true, false) => Self::Backspace,
            (KeyCode::Backspace, false, false) => Self::Backspace,
            (KeyCode::Char('w'), true, false) | (KeyCode::Backspace, ..) => Self::BackspaceWord,
            (KeyCode::Char('d'), true, false) | (KeyCode::Delete, ..) => Self::Delete,
            (KeyCode::Char('k'), true, false) => Self::DeleteLine,
            (KeyCode::Char('u'), true, false) => Self::Clear,
            (KeyCode::Char('z'), true, false) => Self::Undo,
            (KeyCode::Char('r' | 'y'), true, false) => Self::Redo,
            (KeyCode::Char('a'), true, false) | (KeyCode::Home, false, _) => Self::Move(Head),
            (KeyCode::Home, true, _) => Self::Move(Top),
            (KeyCode::End, true, _) => Self::Move(Bottom),
            (KeyCode::End, false, _) => Self::Move(End),
            (KeyCode::Left, false, false) | (KeyCode::Char('b'), true, false) => Self::Left,
            (KeyCode::Right, false, false) | (KeyCode::Char('f'), true, false) => Self::Right,
            (KeyCode::Left, ..) | (KeyCode::Char('b'), false, true) => Self::Move(WordBack),
            (KeyCode::Right, ..) | (KeyCode::Char('f'), false, true) => Self::Move(WordForward),
            (KeyCode::PageDown, ..) => Self::PageDown,
            (KeyCode::PageUp, ..) => Self::PageUp,
            (KeyCode::Up, ..) => Self::Move(Up),
            (KeyCode::Down, ..) => Self::Move(Down),
            _ => return None,
        })
    }
}

/// A field of one line or of many.
#[derive(Clone, Debug)]
pub struct Editor {
    area: TextArea<'static>,
    lines: Lines,
    bytes: usize,
}

/// How much a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lines {
    /// One line, [`MOST_LINE_CLUSTERS`] long.
    One,
    /// Many, [`MOST_BLOCK_LINES`] and [`MOST_BLOCK_BYTES`] in all.
    Many,
}

impl Editor {
    /// A field that holds `text`, the cursor behind it.
    pub fn new(lines: Lines, text: &str) -> Self {
        let mut editor = Self { area: TextArea::default(), lines, bytes: 0 };
        editor.set(text);
        editor
    }

    /// Replaces all of the text by `text`, cleaned; the cursor goes behind it.
    pub fn set(&mut self, text: &str) {
        let text = self.cleaned(text);
        self.bytes = text.len();
        self.area = TextArea::new(text.split('\n').map(str::to_owned).collect());
        self.area.set_cursor_line_style(Style::default());
        self.area.set_cursor_style(Style::default());
        self.area.set_wrap_mode(if self.lines == Lines::Many { WrapMode::WordOrGlyph } else { WrapMode::None });
        self.area.move_cursor(CursorMove::Bottom);
        self.area.move_cursor(CursorMove::End);
    }

    /// The text as typed.
    pub fn text(&self) -> String {
        self.area.lines().join("\n")
    }

    /// The line the cursor is in, up to the cursor.
    pub fn before_cursor(&self) -> String {
        let (row, column) = self.place();
        self.area.lines().get(row).map(|line| line.chars().take(column).collect()).unwrap_or_default()
    }

    /// Whether the cursor is on the first line and on the last.
    pub fn at_ends(&self) -> (bool, bool) {
        let (row, _) = self.place();
        (row == 0, row + 1 == self.area.lines().len())
    }

    /// Does something; whether the text changed.
    pub fn edit(&mut self, edit: Edit) -> bool {
        let changed = match edit {
            Edit::Insert(c) => self.has_room(c.len_utf8()) && self.insert(c),
            Edit::Newline => self.free_lines() > 0 && self.has_room(1) && self.insert('\n'),
            Edit::Backspace => self.backspace(),
            Edit::Delete => self.delete(),
            Edit::BackspaceWord => self.area.delete_word(),
            Edit::DeleteLine => self.area.delete_line_by_end(),
            Edit::Clear if self.lines == Lines::One => self.clear(),
            Edit::Undo | Edit::Clear => self.area.undo(),
            Edit::Redo => self.area.redo(),
            Edit::Left => return self.left(),
            Edit::Right => return self.right(),
            Edit::Move(to) => {
                self.area.move_cursor(to);
                self.snap();
                return false;
            }
            Edit::PageDown | Edit::PageUp => {
                self.area.scroll(if edit == Edit::PageDown { Scrolling::PageDown } else { Scrolling::PageUp });
                self.snap();
                return false;
            }
        };
        if changed {
            self.bytes = self.area.lines().iter().map(|line| line.len() + 1).sum::<usize>().saturating_sub(1);
        }
        changed
    }

    /// Inserts text at the cursor, cleaned; of what has no room the start, in whole clusters. However much comes, no more
    /// of it is looked at than a field can hold.
    pub fn paste(&mut self, text: &str) -> Pasted {
        let clean = self.cleaned(text);
        let is_shortened = text.len() > clean.len() && clean.ends_with('…') && !text.ends_with('…');
        let past = clean.match_indices('\n').nth(self.free_lines()).map_or(clean.len(), |(at, _)| at);
        let room = self.room().min(past);
        let end = if clean.len() <= room {
            clean.len()
        } else {
            clean.grapheme_indices(true).map(|(at, _)| at).take_while(|at| *at <= room).last().unwrap_or(0)
        };
        self.area.insert_str(&clean[..end]);
        self.bytes += end;
        Pasted { put: end, of: if is_shortened { text.len().max(end + 1) } else { clean.len() } }
    }

    /// Inserts text, cleaned, and leaves the cursor in it, at this byte; whether it had room. What has none is not put in
    /// at all.
    pub fn insert_whole(&mut self, text: &str, at: usize) -> bool {
        let clean = self.cleaned(text);
        let has_lines = clean.matches('\n').count() <= self.free_lines();
        if clean.len() > self.room() || !has_lines || !Clean::holds(text) {
            return false;
        }
        let before = self.cleaned(text.get(..at).unwrap_or(text));
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count();
        let (row, start) = match (self.place(), before.matches('\n').count()) {
            ((row, column), 0) => (row, column),
            ((row, _), lines) => (row + lines, 0),
        };
        self.area.insert_str(&clean);
        self.bytes += clean.len();
        self.jump(row, start + column);
        true
    }

    /// How far down the cursor is, of the lines there are.
    pub fn progress(&self) -> (usize, usize) {
        (self.place().0, self.area.lines().len())
    }

    /// Whether the cursor stands at the start of a line with nothing before it but a line of nothing, or nothing at all.
    pub fn is_at_paragraph(&self) -> bool {
        let (row, _) = self.place();
        let is_blank = |row: usize| self.area.lines().get(row).is_none_or(|line| line.trim().is_empty());
        self.before_cursor().trim().is_empty() && (row == 0 || is_blank(row - 1))
    }

    /// How many bytes more there is room for.
    pub fn room(&self) -> usize {
        self.most_bytes().saturating_sub(self.bytes)
    }

    /// Replaces the last `characters` before the cursor.
    pub fn complete(&mut self, characters: usize, with: &str) {
        let (row, column) = self.place();
        self.jump(row, column.saturating_sub(characters));
        self.area.delete_str(characters.min(column));
        self.area.insert_str(self.cleaned(with));
        self.bytes = self.text().len();
    }

    /// Draws the field; with the focus, the terminal's cursor goes where typing goes.
    pub fn view(&self, frame: &mut Frame<'_>, area: Rect, has_focus: bool) {
        if area.is_empty() {
            return;
        }
        frame.render_widget(&self.area, area);
        if !has_focus {
            return;
        }
        let cursor = self.area.screen_cursor();
        let (top, left) = self.area.scroll_offset();
        let within = |at: usize, from: u16, room: u16| {
            u16::try_from(at.saturating_sub(usize::from(from))).unwrap_or(u16::MAX).min(room - 1)
        };
        let x = area.x + within(cursor.col, left, area.width);
        frame.set_cursor_position((x, area.y + within(cursor.row, top, area.height)));
    }

    /// How many lines more there is room for.
    fn free_lines(&self) -> usize {
        let most = if self.lines == Lines::Many { MOST_BLOCK_LINES } else { 1 };
        most.saturating_sub(self.area.lines().len())
    }

    fn cleaned(&self, text: &str) -> String {
        let clean = if self.lines == Lines::Many { Clean::block(text) } else { Clean::line(text) };
        clean.as_str().to_owned()
    }

    fn most_bytes(&self) -> usize {
        if self.lines == Lines::Many { MOST_BLOCK_BYTES } else { MOST_LINE_CLUSTERS * 16 }
    }

    fn has_room(&self, bytes: usize) -> bool {
        self.bytes + bytes <= self.most_bytes()
            && (self.lines == Lines::Many || self.text().graphemes(true).count() < MOST_LINE_CLUSTERS)
    }

    fn insert(&mut self, c: char) -> bool {
        self.area.insert_char(c);
        true
    }

    /// Empties the line; it can be taken back.
    fn clear(&mut self) -> bool {
        self.area.move_cursor(CursorMove::End);
        self.area.delete_line_by_head()
    }

    fn place(&self) -> (usize, usize) {
        let cursor = self.area.cursor();
        (cursor.0, cursor.1)
    }

    fn jump(&mut self, row: usize, column: usize) {
        let short = |n: usize| u16::try_from(n).unwrap_or(u16::MAX);
        self.area.move_cursor(CursorMove::Jump(short(row), short(column)));
    }

    /// The starts of clusters in the cursor's line, in characters, and its end.
    fn stops(&self) -> Vec<usize> {
        let line = self.area.lines().get(self.place().0).map_or("", String::as_str);
        let mut at = 0;
        let mut stops = vec![0];
        for cluster in line.graphemes(true) {
            at += cluster.chars().count();
            stops.push(at);
        }
        stops
    }

    fn left(&mut self) -> bool {
        let (row, column) = self.place();
        match self.stops().into_iter().rfind(|stop| *stop < column) {
            Some(stop) => self.jump(row, stop),
            None => self.area.move_cursor(CursorMove::Back),
        }
        false
    }

    fn right(&mut self) -> bool {
        let (row, column) = self.place();
        match self.stops().into_iter().find(|stop| *stop > column) {
            Some(stop) => self.jump(row, stop),
            None => self.area.move_cursor(CursorMove::Forward),
        }
        false
    }

    fn backspace(&mut self) -> bool {
        let (row, column) = self.place();
        match self.stops().into_iter().rfind(|stop| *stop < column) {
            Some(stop) => {
                self.jump(row, stop);
                self.area.delete_str(column - stop)
            }
            None => self.area.delete_newline(),
        }
    }

    fn delete(&mut self) -> bool {
        let (_, column) = self.place();
        match self.stops().into_iter().find(|stop| *stop > column) {
            Some(stop) => self.area.delete_str(stop - column),
            None => self.area.delete_next_char(),
        }
    }

    /// Out of the middle of a cluster, to its start.
    fn snap(&mut self) {
        let (row, column) = self.place();
        let stop = self.stops().into_iter().rfind(|stop| *stop <= column);
        if let Some(stop) = stop.filter(|stop| *stop != column) {
            self.jump(row, stop);
        }
    }
}

#[cfg(test)]
mod tests;
