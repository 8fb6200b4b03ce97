//! The saved searches: to be shown, renamed, moved, and thrown away.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, confirm::Confirm, frame, typed::Typed};
use crate::base::text::Clean;
use crate::model::search::saved::{Saved, put, shift};
use crate::tui::{
    state::State,
    widget::text::{fit, width},
};

/// The most rows that are shown.
const ROWS: usize = 14;

/// The overlay.
#[derive(Default)]
pub struct Searches {
    selected: usize,
}

impl Searches {
    /// Opens it, at the first search of the pane shown.
    pub fn open(state: &mut State) {
        let here = state.search_pane();
        let selected = state.all_searches().position(|one| Some(one.pane) == here).unwrap_or(0);
        state.lay(Self { selected });
    }

    fn current(&self, state: &State) -> Option<Saved> {
        state.all_searches().nth(self.selected).cloned()
    }

    /// The selected search and its place among those that were saved here; one of the settings is told to be that.
    fn own(&self, state: &mut State) -> Option<(Saved, usize)> {
        let search = self.current(state)?;
        if state.is_set(&search) {
            state.say(crate::tui::notice::Tone::Plain, state.word("searches.set"));
            return None;
        }
        let at = state.searches.iter().position(|one| one.is(&search))?;
        Some((search, at))
    }

    fn select(&mut self, state: &State, search: &Saved) {
        self.selected = state.all_searches().position(|one| one.is(search)).unwrap_or(0);
    }

    fn rename(&self, state: &mut State) {
        let Some((search, at)) = self.own(state) else { return };
        let (title, hint) = (state.word("searches.rename"), state.word("searches.rename-hint"));
        let start = search.name.to_string();
        state.lay(Typed::name(title, hint, &start, move |state, name| {
            let renamed = Saved { name: Clean::line(name), ..search.clone() };
            if renamed.name != search.name && state.all_searches().any(|one| one.is(&renamed)) {
                return Err(state.word("searches.taken"));
            }
            if let Some(known) = state.searches.get_mut(at).filter(|known| known.is(&search)) {
                *known = renamed.clone();
            }
            state.keep_searches();
            state.follow_search(&search, Some(renamed));
            Ok(())
        }));
    }

    fn shift(&mut self, state: &mut State, down: bool) {
        let Some((search, at)) = self.own(state) else { return };
        shift(&mut state.searches, at, down);
        state.keep_searches();
        self.select(state, &search);
    }

    /// To the following pane; a search of the same name there keeps its place and gets these words.
    fn other_pane(&mut self, state: &mut State) {
        let Some((search, at)) = self.own(state) else { return };
        let moved = Saved { pane: search.pane.next(), ..search.clone() };
        if state.all_searches().any(|one| one.is(&moved)) {
            return state.say(crate::tui::notice::Tone::Plain, state.word("searches.taken"));
        }
        state.searches.remove(at);
        put(&mut state.searches, moved.clone());
        state.keep_searches();
        state.follow_search(&search, None);
        self.select(state, &moved);
    }

    fn discard(&self, state: &mut State) {
        let Some((search, _)) = self.own(state) else { return };
        let question = state.words.fill("searches.discard", &[("name", &search.name)]);
        state.lay(Confirm::new(question, move |state| {
            state.searches.retain(|one| !one.is(&search));
            state.keep_searches();
            state.follow_search(&search, None);
        }));
    }

    fn row(state: &State, search: &Saved, columns: usize) -> Line<'static> {
        let mut place = state.word(&format!("pane.{}", search.pane.as_str()));
        if state.is_set(search) {
            place = format!("{place} {} {}", state.symbols.middot, state.word("searches.from-settings"));
        }
        let room = columns.saturating_sub(width(&place) + 4);
        let name = fit(&search.name, room / 2, state.symbols.ellipsis);
        let query = Clean::line(&search.query);
        let query = fit(&query, room.saturating_sub(width(&name)), state.symbols.ellipsis);
        let fill = " ".repeat(room.saturating_sub(width(&name) + width(&query)) + 2);
        Line::from(vec![
            Span::styled(name, state.theme.text),
            Span::styled(format!("  {query}{fill}"), state.theme.dim),
            Span::styled(place, state.theme.accent),
        ])
    }
}

impl Overlay for Searches {
    fn context(&self) -> &'static str {
        "searches"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let last = state.all_searches().count().saturating_sub(1);
        match command {
            "choice-down" => self.selected = (self.selected + 1).min(last),
            "choice-up" => self.selected = self.selected.saturating_sub(1),
            "choose" => match self.current(state) {
                Some(search) => {
                    state.show_search(search);
                    return Then::Close;
                }
                None => return Then::Stay,
            },
            "rename" => self.rename(state),
            "move-down" => self.shift(state, true),
            "move-up" => self.shift(state, false),
            "other-pane" => self.other_pane(state),
            "discard" => self.discard(state),
            _ => return Then::Close,
        }
        state.dirty = true;
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        if self.selected == row {
            return self.run("choose", state);
        }
        if row < state.all_searches().count() {
            self.selected = row;
            state.dirty = true;
        }
        Then::Stay
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let all: Vec<&Saved> = state.all_searches().collect();
        let rows = all.len().clamp(1, ROWS).min(usize::from(area.height.saturating_sub(2)));
        let inside = frame::boxed(frame, area, state, &state.word("searches.title"), (84, rows as u16 + 2));
        let columns = usize::from(inside.width);
        if all.is_empty() && inside.height > 0 {
            let none = fit(&state.word("searches.none"), columns, state.symbols.ellipsis);
            frame.render_widget(Span::styled(none, state.theme.dim), Rect { height: 1, ..inside });
            frame.set_cursor_position((inside.x, inside.y));
        }
        let selected = self.selected.min(all.len().saturating_sub(1));
        let top = (selected + 1).saturating_sub(rows);
        frame::rows(state, inside, all.iter().map(|_| 1), top);
        for (at, search) in all.iter().enumerate().skip(top).take(usize::from(inside.height)) {
            let row = Rect { y: inside.y + (at - top) as u16, height: 1, ..inside };
            frame.render_widget(Self::row(state, search, columns), row);
            if at == selected {
                let bar = Rect { x: inside.x.saturating_sub(1), width: 1, ..row };
                frame.render_widget(Span::styled(state.symbols.bar, state.theme.selection), bar);
                frame.set_cursor_position((bar.x, bar.y));
            }
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["choose", "rename", "move-down", "move-up", "other-pane", "discard", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
