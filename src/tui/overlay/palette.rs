//! Every command by name or by what it does, with its key, and why it cannot be done now; and every space, member, saved
//! search and thread that is known here. Signs narrow it: `>` commands, `#` spaces, `@` members, `/` threads and searches.

use std::any::Any;

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{
    Overlay, Then,
    ask::{Ask, Rows},
    frame,
};
use crate::engine::{event::Answer, request::Query};
use crate::model::search::known::Known;
use crate::tui::{
    heard::Heard,
    hits::Hit,
    key::Key,
    pane::list::Load,
    state::State,
    update,
    widget::text::{fit, type_into, width},
};

mod entry;

use entry::{Entry, Kind, SCOPES};

/// The most rows that are shown.
const ROWS: usize = 12;

/// The palette.
pub struct Palette {
    typed: String,
    selected: usize,
    known: Known,
    load: Load,
    found: Vec<Entry>,
}

impl Palette {
    /// Opens it; what is kept here is asked for meanwhile.
    pub fn open(state: &mut State) {
        let (known, load) = (Known::default(), Load::default());
        let mut palette = Self { typed: String::new(), selected: 0, known, load, found: Vec::new() };
        let ticket = state.start(Query::Known);
        palette.load.asked(ticket, state.now);
        palette.search(state);
        state.lay(palette);
    }

    /// The kinds that are looked through, and for what.
    fn scope(&self) -> (Option<&'static [Kind]>, &str) {
        let typed = self.typed.trim();
        match SCOPES.iter().find(|(sign, _)| typed.starts_with(*sign)) {
            Some((sign, kinds)) => (Some(kinds), typed[sign.len_utf8()..].trim()),
            None => (None, typed),
        }
    }

    /// Looks for what was typed, in names and sentences, best first. Something whose name that is comes before all, also
    /// when it cannot be done now; what only has the letters somewhere comes last. Of the others what can be done now
    /// comes first, and commands before the rest.
    fn search(&mut self, state: &State) {
        let (kinds, typed) = self.scope();
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let typed = typed.to_lowercase();
        let mut scored: Vec<(Match, bool, Kind, u32, usize, Entry)> = Vec::new();
        let all = entry::all(state, &self.known);
        for (place, entry) in all.into_iter().enumerate().filter(|(_, e)| kinds.is_none_or(|k| k.contains(&e.kind()))) {
            let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
            let (name, text) = (entry.name(), entry.text(state));
            // A name weighs more than a word in the sentence.
            let in_name = score(&name).map(|s| s * 2);
            if let Some(score) = in_name.max(score(&text)) {
                let how = Match::of(&typed, &name.to_lowercase(), &text.to_lowercase());
                scored.push((how, entry.may(state).is_err(), entry.kind(), u32::MAX - score, place, entry));
            }
        }
        scored.sort_by_key(|(how, closed, kind, score, place, _)| (*how, *closed, *kind, *score, *place));
        self.found = scored.into_iter().map(|(.., entry)| entry).collect();
        self.selected = 0;
    }

    /// A name, what it does or is, and its key or what sort of thing it is.
    fn row(state: &State, contexts: &[&str], entry: &Entry, columns: usize) -> Line<'static> {
        let (style, text) = match entry.may(state) {
            Ok(()) => (state.theme.text, entry.text(state)),
            Err(reason) => (state.theme.dim, state.word(reason)),
        };
        let (name, right, name_width) = match entry {
            Entry::Command(command) => {
                let key = state.keys_of(contexts, command.name).unwrap_or_default();
                (command.name.to_owned(), key, 18.min(columns / 3))
            }
            entry => {
                let sign = if entry.kind() == Kind::Member { "@" } else { "" };
                let name = format!("{sign}{}", entry.name());
                let wide = width(&name).clamp(18, (columns * 3 / 5).max(18));
                (name, state.word(entry.kind().word()), wide)
            }
        };
        let name = fit(&name, name_width, state.symbols.ellipsis);
        let gap = " ".repeat(name_width.saturating_sub(width(&name)) + 2);
        let room = columns.saturating_sub(name_width + 2 + width(&right) + 4);
        let text = fit(&text, room, state.symbols.ellipsis);
        let fill = " ".repeat(room.saturating_sub(width(&text)) + 1);
        let right_style = if entry.kind() == Kind::Command { state.theme.accent } else { state.theme.dim };
        Line::from(vec![
            Span::styled(name, style),
            Span::styled(format!("{gap}{text}{fill}"), state.theme.dim),
            Span::styled(right, right_style),
        ])
    }
}

/// How well something is what was typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Match {
    /// That is its name.
    Exact,
    /// Every word stands in its name or in its sentence.
    Whole,
    /// The letters are there, scattered.
    Scattered,
}

impl Match {
    fn of(typed: &str, name: &str, sentence: &str) -> Self {
        let stands = |word: &str| name.contains(word) || sentence.contains(word);
        match typed {
            _ if typed == name => Self::Exact,
            _ if typed.split_whitespace().all(stands) => Self::Whole,
            _ => Self::Scattered,
        }
    }
}

impl Overlay for Palette {
    fn context(&self) -> &'static str {
        "palette"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let last = self.found.len().saturating_sub(1);
        match command {
            "choice-down" => self.selected = (self.selected + 1).min(last),
            "choice-up" => self.selected = self.selected.saturating_sub(1),
            "choose" => {
                state.abandon(self.load.ticket());
                if let Some(chosen) = self.found.get(self.selected) {
                    chosen.run(state);
                }
                return Then::Close;
            }
            _ => {
                state.abandon(self.load.ticket());
                return Then::Close;
            }
        }
        Then::Stay
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        if let Some(Answer::Known(known)) = self.load.take(heard) {
            self.known = *known;
            let selected = self.selected;
            self.search(state);
            self.selected = selected.min(self.found.len().saturating_sub(1));
            state.dirty = true;
        }
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if !type_into(&mut self.typed, key) {
            return Then::Close;
        }
        self.search(state);
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        self.selected = row.min(self.found.len().saturating_sub(1));
        self.run("choose", state)
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.typed.push_str(crate::base::text::Clean::line(text).as_str());
        self.search(state);
        Then::Stay
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        Some(Ask::new(state.word("palette.title"), self.typed.clone(), None))
    }

    fn fill(&mut self, text: &str, state: &mut State) {
        self.typed.clear();
        self.paste(text, state);
    }

    fn rows(&self, state: &State) -> Option<Rows> {
        let row = |entry: &Entry| {
            let said = entry.may(state).map_or_else(|reason| state.word(reason), |()| entry.text(state));
            format!("{}: {said}", entry.name())
        };
        Some(Rows { rows: self.found.iter().map(row).collect(), selected: self.selected })
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let rows = self.found.len().clamp(1, ROWS).min(usize::from(area.height.saturating_sub(3)));
        let size = (84, rows as u16 + 3);
        let inside = frame::boxed(frame, area, state, &state.word("palette.title"), size);
        if inside.height == 0 {
            return;
        }
        let columns = usize::from(inside.width);
        let typed = fit(&self.typed, columns.saturating_sub(2), "");
        let mut input = vec![Span::styled(":", state.theme.accent), Span::raw(typed.clone())];
        if self.typed.is_empty() {
            let hint = fit(&state.word("palette.hint"), columns.saturating_sub(4), state.symbols.ellipsis);
            input.push(Span::styled(format!("  {hint}"), state.theme.dim));
        }
        let input = Line::from(input);
        frame.render_widget(input, Rect { height: 1, ..inside });
        let contexts = update::contexts(state);
        let top = (self.selected + 1).saturating_sub(rows);
        for (at, entry) in self.found.iter().enumerate().skip(top).take(rows) {
            let row = Rect { y: inside.y + 1 + (at - top) as u16, height: 1, ..inside };
            if row.y >= inside.bottom() {
                break;
            }
            state.hits.put(row, Hit::Row(at));
            frame.render_widget(Self::row(state, &contexts, entry, columns), row);
            if at == self.selected {
                let bar = Rect { x: inside.x - 1, width: 1, ..row };
                frame.render_widget(Span::styled(state.symbols.bar, state.theme.selection), bar);
            }
        }
        if self.found.is_empty() && inside.height > 1 {
            let none = Span::styled(state.word("palette.none"), state.theme.dim);
            frame.render_widget(none, Rect { y: inside.y + 1, height: 1, ..inside });
        }
        frame.set_cursor_position((inside.x + 1 + width(&typed) as u16, inside.y));
    }

    fn footer(&self) -> &'static [&'static str] {
        &["choose", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
