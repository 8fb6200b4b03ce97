//! Lines to type into, one under another, with their names before them. Whoever shows one decides what they mean.

use ratatui::text::{Line, Span};

use super::{ask::Ask, field::Field};
use crate::base::secret::Secret;
use crate::base::text::width::{Stand, pad, width};
use crate::tui::{key::Key, state::State};

/// The lines of a form, by the keys of their names.
#[derive(Default)]
pub struct Form {
    rows: Vec<(&'static str, Field)>,
    at: usize,
}

impl Form {
    /// These lines, the first of which has the cursor.
    pub fn new(rows: Vec<(&'static str, Field)>) -> Self {
        Self { rows, at: 0 }
    }

    /// What was typed into a line; nothing when there is no such line.
    pub fn text(&self, key: &str) -> &str {
        self.rows.iter().find(|(known, _)| *known == key).map_or("", |(_, field)| field.text())
    }

    /// The same as a secret.
    pub fn secret(&self, key: &str) -> Secret {
        Secret::from(self.text(key))
    }

    /// Whether there is such a line.
    pub fn has(&self, key: &str) -> bool {
        self.rows.iter().any(|(known, _)| *known == key)
    }

    /// Adds a line and goes to it; one that is there is emptied.
    pub fn want(&mut self, key: &'static str, field: Field) {
        match self.rows.iter_mut().find(|(known, _)| *known == key) {
            Some((_, known)) => known.clear(),
            None => self.rows.push((key, field)),
        }
        self.go(key);
    }

    /// Puts text into a line.
    pub fn fill(&mut self, key: &str, text: &str) {
        if let Some((_, field)) = self.rows.iter_mut().find(|(known, _)| *known == key) {
            field.clear();
            field.insert(text);
        }
    }

    /// Empties a line and goes to it.
    pub fn clear(&mut self, key: &str) {
        self.fill(key, "");
        self.go(key);
    }

    /// The line that has the cursor, as it is asked for: `submit` follows the last one.
    pub fn asks(&self, state: &State) -> Option<Ask> {
        let (key, field) = self.rows.get(self.at)?;
        let then = if self.at + 1 == self.rows.len() { "submit" } else { "next-field" };
        let value = if field.is_secret() { String::new() } else { field.text().to_owned() };
        let ask = Ask::new(state.word(key), value, Some(then));
        Some(Ask { is_secret: field.is_secret(), ..ask })
    }

    /// Puts text in the place of what the line with the cursor holds.
    pub fn fill_here(&mut self, text: &str) {
        if let Some((_, field)) = self.rows.get_mut(self.at) {
            field.clear();
            field.insert(text);
        }
    }

    /// Goes to a line.
    pub fn go(&mut self, key: &str) {
        self.at = self.rows.iter().position(|(known, _)| *known == key).unwrap_or(self.at);
    }

    /// Goes so many lines down, round and round.
    pub fn step(&mut self, by: isize) {
        let all = self.rows.len().max(1) as isize;
        self.at = (self.at as isize + by).rem_euclid(all) as usize;
    }

    /// Takes a key; whether it was one for a line.
    pub fn key(&mut self, key: Key) -> bool {
        self.rows.get_mut(self.at).is_some_and(|(_, field)| field.key(key))
    }

    /// Takes pasted text.
    pub fn paste(&mut self, text: &str) {
        if let Some((_, field)) = self.rows.get_mut(self.at) {
            field.insert(text);
        }
    }

    /// The lines as drawn, and where in them the cursor stands.
    pub fn lines(&self, state: &State, columns: u16) -> (Vec<Line<'static>>, (u16, u16)) {
        let theme = &state.theme;
        let label = self.rows.iter().map(|(key, _)| width(state.words.get(key))).max().unwrap_or(0);
        let room = usize::from(columns).saturating_sub(label + 3);
        let mut cursor = (0, 0);
        let line = |(at, (key, field)): (usize, &(&'static str, Field))| {
            let name = pad(state.words.get(key), label, Stand::Left);
            let (shown, behind) = field.shown(room);
            let here = at == self.at;
            let (bar, style) = if here { (state.symbols.bar, theme.selection) } else { (" ", theme.dim) };
            if here {
                cursor = ((1 + label + 2 + behind) as u16, at as u16);
            }
            Line::from(vec![
                Span::styled(bar, theme.selection),
                Span::styled(format!("{name}  "), style),
                Span::styled(shown, theme.text),
            ])
        };
        let lines = self.rows.iter().enumerate().map(line).collect();
        (lines, cursor)
    }
}
