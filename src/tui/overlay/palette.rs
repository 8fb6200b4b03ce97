//! Every command by name or by what it does, with its key, and why it cannot be done now.

use std::any::Any;

use nucleo_matcher::{
    Config, Matcher, Utf32Str,
    pattern::{CaseMatching, Normalization, Pattern},
};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, frame};
use crate::tui::{
    command::{self, Command},
    key::Key,
    state::State,
    update,
    widget::text::{fit, type_into, width},
};

/// The most rows that are shown.
const ROWS: usize = 12;

/// The palette.
pub struct Palette {
    typed: String,
    selected: usize,
    found: Vec<&'static Command>,
}

impl Palette {
    /// Opens it.
    pub fn open(state: &mut State) {
        let mut palette = Self { typed: String::new(), selected: 0, found: Vec::new() };
        palette.search(state);
        state.lay(palette);
    }

    /// Looks for what was typed, in names and sentences, best first. A command whose name that is comes before all, also
    /// when it cannot be done now; what only has the letters somewhere comes last. Of the others what can be done now
    /// comes first.
    fn search(&mut self, state: &State) {
        let mut matcher = Matcher::new(Config::DEFAULT);
        let pattern = Pattern::parse(&self.typed, CaseMatching::Ignore, Normalization::Smart);
        let mut buffer = Vec::new();
        let typed = self.typed.trim().to_lowercase();
        let mut scored: Vec<(Match, bool, u32, usize, &'static Command)> = Vec::new();
        for (place, command) in command::all().filter(|c| is_listed(c)).enumerate() {
            let mut score = |text: &str| pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher);
            // A name weighs more than a word in the sentence.
            let name = score(command.name).map(|s| s * 2);
            let written = state.word(&format!("command.{}", command.name));
            let sentence = score(&written);
            if let Some(score) = name.max(sentence) {
                let how = Match::of(&typed, command.name, &written.to_lowercase());
                scored.push((how, (command.when)(state).is_err(), u32::MAX - score, place, command));
            }
        }
        scored.sort_by_key(|(how, closed, score, place, _)| (*how, *closed, *score, *place));
        self.found = scored.into_iter().map(|(.., command)| command).collect();
        self.selected = 0;
    }

    fn row(&self, state: &State, contexts: &[&str], command: &Command, columns: usize) -> Line<'static> {
        let key = state.keys_of(contexts, command.name).unwrap_or_default();
        let (style, text) = match (command.when)(state) {
            Ok(()) => (state.theme.text, state.word(&format!("command.{}", command.name))),
            Err(reason) => (state.theme.dim, state.word(reason)),
        };
        let name_width = 18.min(columns / 3);
        let name = fit(command.name, name_width, state.symbols.ellipsis);
        let gap = " ".repeat(name_width.saturating_sub(width(&name)) + 2);
        let room = columns.saturating_sub(name_width + 2 + width(&key) + 4);
        let text = fit(&text, room, state.symbols.ellipsis);
        let fill = " ".repeat(room.saturating_sub(width(&text)) + 1);
        Line::from(vec![
            Span::styled(name, style),
            Span::styled(format!("{gap}{text}{fill}"), state.theme.dim),
            Span::styled(key, state.theme.accent),
        ])
    }
}

/// How well a command is what was typed.
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

/// Keys for overlays and digits are no commands to look for.
fn is_listed(command: &Command) -> bool {
    !["count", "tab"].contains(&command.name) && !command::overlay::COMMANDS.iter().any(|c| c.name == command.name)
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
                if let Some(chosen) = self.found.get(self.selected) {
                    command::run(state, chosen.name, None);
                }
                return Then::Close;
            }
            _ => return Then::Close,
        }
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if !type_into(&mut self.typed, key) {
            return Then::Close;
        }
        self.search(state);
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        self.typed.push_str(crate::base::text::Clean::line(text).as_str());
        self.search(state);
        Then::Stay
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
        let input = Line::from(vec![Span::styled(":", state.theme.accent), Span::raw(typed.clone())]);
        frame.render_widget(input, Rect { height: 1, ..inside });
        let contexts = update::contexts(state);
        let top = (self.selected + 1).saturating_sub(rows);
        for (at, command) in self.found.iter().enumerate().skip(top).take(rows) {
            let row = Rect { y: inside.y + 1 + (at - top) as u16, height: 1, ..inside };
            if row.y >= inside.bottom() {
                break;
            }
            frame.render_widget(self.row(state, &contexts, command, columns), row);
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
