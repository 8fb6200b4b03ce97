//! The keys of the place one is at, with what they do.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, frame};
use crate::tui::{
    command,
    keymap::{Binding, written},
    pane::PANES,
    state::State,
    update,
    widget::text::{width, wrap},
};

/// Columns of the box, where there are so many.
const WIDE: u16 = 76;

/// Help on the keys.
pub struct Help {
    rows: Vec<(String, Vec<(String, String)>)>,
    top: usize,
}

impl Help {
    /// Opens it for where one is.
    pub fn open(state: &mut State) {
        let contexts = match state.overlays.last() {
            Some(overlay) => vec![overlay.context(), "overlay"],
            None => update::contexts(state),
        };
        let rows =
            contexts.iter().map(|context| (state.word(&format!("place.{context}")), keys(state, &contexts, context)));
        let rows = rows.filter(|(_, keys)| !keys.is_empty()).collect();
        state.lay(Self { rows, top: 0 });
    }

    fn lines(&self, state: &State) -> Vec<Line<'static>> {
        let inside = usize::from(state.size.0.min(WIDE)).saturating_sub(4);
        let columns = self.rows.iter().flat_map(|(_, keys)| keys).map(|(key, _)| width(key)).max().unwrap_or(0).min(24);
        let mut lines = Vec::new();
        for (place, keys) in &self.rows {
            lines.push(Line::styled(place.clone(), state.theme.title));
            for (key, text) in keys {
                let gap = " ".repeat(columns.saturating_sub(width(key)) + 2);
                let taken = 1 + width(key) + gap.len();
                for (at, text) in wrap(text, inside.saturating_sub(taken)).into_iter().enumerate() {
                    lines.push(match at {
                        0 => Line::from(vec![
                            Span::styled(format!(" {key}"), state.theme.accent),
                            Span::raw(format!("{gap}{text}")),
                        ]),
                        _ => Line::raw(format!("{}{text}", " ".repeat(taken))),
                    });
                }
            }
            lines.push(Line::default());
        }
        lines.pop();
        lines
    }
}

/// The keys of one context that are not covered by a nearer one, several for one command together.
fn keys(state: &State, contexts: &[&str], context: &str) -> Vec<(String, String)> {
    let mut found: Vec<(&str, String)> = Vec::new();
    for binding in state.keymap.rows(context).iter().filter(|row| state.keymap.reaches(contexts, row)) {
        let Some(command) = named(state, binding) else { continue };
        let key = written(&binding.keys);
        match found.iter_mut().find(|(name, _)| *name == command) {
            Some((_, keys)) => {
                keys.push_str(", ");
                keys.push_str(&key);
            }
            None => found.push((command, key)),
        }
    }
    let order = |name: &str| command::all().position(|c| c.name == name);
    found.sort_by_key(|(name, _)| order(name));
    found.into_iter().map(|(name, keys)| (keys, state.word(&format!("command.{name}")))).collect()
}

/// What a row's keys run: of a tab's number, its pane.
fn named<'a>(state: &State, row: &'a Binding) -> Option<&'a str> {
    if row.command != "tab" {
        return Some(&row.command);
    }
    let pane = row.number().and_then(|number| state.tab(number))?;
    PANES.get(pane).map(|pane| pane.name())
}

impl Overlay for Help {
    fn context(&self) -> &'static str {
        "help"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let last = self.lines(state).len().saturating_sub(1);
        match command {
            "choice-down" => self.top = (self.top + 3).min(last),
            "choice-up" => self.top = self.top.saturating_sub(3),
            "page-down" => self.top = (self.top + 15).min(last),
            "page-up" => self.top = self.top.saturating_sub(15),
            _ => return Then::Close,
        }
        Then::Stay
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let lines = self.lines(state);
        let size = (WIDE, lines.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("help.title"), size);
        frame::lines(frame, inside, &lines, self.top);
    }

    fn footer(&self) -> &'static [&'static str] {
        &["choice-down", "page-down", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
