//! The last line: the keys that matter here and now, and at the right what is unsent.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use crate::engine::event::Progress;
use crate::model::outbox::State as Stands;
use crate::tui::{command, hits::Hit, keymap, state::State, widget::text::width};

/// Columns of the bar of something long.
const BAR: usize = 10;

/// Draws the footer. A click on a key and its word does what the key does.
pub(super) fn draw(state: &State, frame: &mut Frame<'_>, area: Rect) {
    let right = unsent(state);
    let columns = usize::from(area.width);
    let room = columns.saturating_sub(width(&right) + 2);
    let pending = pending(state);
    let keys = if pending.is_empty() { fitting(keys(state), room) } else { fitting(pending, room) };
    let mut x = area.x + 1.min(area.width);
    for shown in keys {
        let place = Rect { x, width: (shown.columns() - 2) as u16, ..area }.intersection(area);
        x = x.saturating_add(shown.columns() as u16).min(area.right());
        if let Some(command) = shown.command {
            state.hits.put(place, Hit::Command(command));
        }
        let line = [Span::styled(shown.key, state.theme.accent), Span::raw(format!(" {}", shown.label))];
        frame.render_widget(Line::from_iter(line), place);
    }
    let taken = (width(&right) as u16).min(area.width);
    let place = Rect { x: area.right().saturating_sub(taken + 1), width: taken, ..area }.intersection(area);
    if state.overlays.is_empty() {
        state.hits.put(place, Hit::Command("outbox"));
    }
    frame.render_widget(Span::styled(right, state.theme.warn), place);
}

/// A key, its word, and how much it is missed where it has no room.
struct Shown {
    key: String,
    label: String,
    command: Option<&'static str>,
    need: Need,
}

/// Who goes first: the ways out, then what leads to all the other keys.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Need {
    WayOut,
    LeadsOn,
    Other,
}

impl Shown {
    fn new(key: String, label: String) -> Self {
        Self { key, label, command: None, need: Need::Other }
    }

    fn of(self, command: &str) -> Self {
        let command = command::find(command).map(|command| command.name);
        let need = match command {
            Some("close" | "quit") => Need::WayOut,
            Some("palette" | "help") => Need::LeadsOn,
            _ => Need::Other,
        };
        Self { command, need, ..self }
    }

    fn columns(&self) -> usize {
        width(&self.key) + 1 + width(&self.label) + 2
    }
}

/// Those that have room: the ways out, what leads to those that have none, and of the others as many as go beside them.
fn fitting(keys: Vec<Shown>, room: usize) -> Vec<Shown> {
    let mut left = room;
    let mut keys: Vec<(Shown, bool)> = keys.into_iter().map(|shown| (shown, false)).collect();
    for need in [Need::WayOut, Need::LeadsOn, Need::Other] {
        for (shown, fits) in keys.iter_mut().filter(|(shown, _)| shown.need == need) {
            *fits = shown.columns() <= left;
            left = if *fits { left - shown.columns() } else { 0 };
        }
    }
    keys.into_iter().filter_map(|(shown, fits)| fits.then_some(shown)).collect()
}

/// The keys of the top overlay or the pane, with their words; only those that work now.
fn keys(state: &State) -> Vec<Shown> {
    let (names, contexts) = match state.overlays.last() {
        Some(overlay) => (overlay.footer(), vec![overlay.context(), "overlay"]),
        None => (state.pane().footer(state), super::super::update::contexts(state)),
    };
    // Whoever is at the first page of one community may have come from another.
    let ways_back = state.overlays.last().filter(|over| over.covers() && state.roll.is_several());
    let ways_back: &[&str] = if ways_back.is_some() { &["switch-account"] } else { &[] };
    let works = |name: &&&str| command::find(name).is_some_and(|c| (c.when)(state).is_ok());
    ways_back
        .iter()
        .chain(names)
        .filter(works)
        .filter_map(|name| {
            let (key, label) = (state.keys_of(&contexts, name)?, state.word(&format!("label.{name}")));
            Some(Shown::new(key, label).of(name))
        })
        .collect()
}

/// A number or a sequence that was begun, and how it can go on.
fn pending(state: &State) -> Vec<Shown> {
    let typed = &state.typed;
    if let Some(count) = typed.count {
        return counting(state, count);
    }
    if typed.keys.is_empty() {
        return Vec::new();
    }
    let contexts = super::super::update::contexts(state);
    let rows = contexts.iter().flat_map(|c| state.keymap.rows(c)).filter(|b| b.keys.starts_with(&typed.keys));
    rows.map(|b| Shown::new(keymap::written(&b.keys), state.word(&format!("label.{}", b.command))).of(&b.command))
        .collect()
}

/// What a number is good for: a motion, a link, or the pane whose number was meant.
fn counting(state: &State, count: u32) -> Vec<Shown> {
    let contexts = super::super::update::contexts(state);
    let key = |command: &str| state.keys_of(&contexts, command);
    let labelled = |command: &str| Some(Shown::new(key(command)?, state.word(&format!("label.{command}"))).of(command));
    let mut words = vec![Shown::new(count.to_string(), state.word("frame.count"))];
    words.extend(["down", "up", "link", "copy-code"].into_iter().filter_map(labelled));
    let meant = state.tab(count).and_then(|at| crate::tui::pane::PANES.get(at));
    let meant = meant.and_then(|pane| {
        Some(Shown::new(key(pane.name())?, state.word(&format!("pane.{}", pane.name()))).of(pane.name()))
    });
    words.extend(meant);
    words.extend(key("back").map(|key| Shown::new(key, state.word("frame.forget-count"))));
    words
}

/// What is on its way and what cannot go. Something sent a moment ago is counted before the outbox has heard of it.
fn unsent(state: &State) -> String {
    let stuck = state.outbox.iter().filter(|e| matches!(e.state, Stands::Stuck { .. })).count() as u64;
    let queued = (state.outbox.len() as u64 - stuck).max(state.sending.len() as u64);
    let mut words: Vec<String> = state.progress.map(|progress| bar(state, progress)).into_iter().collect();
    if stuck > 0 {
        words.push(state.words.count("unsent.failed", stuck));
    }
    if queued > 0 {
        words.push(format!("{} {}", state.words.count("unsent.sending", queued), state.symbols.sending));
    }
    words.join("  ")
}

/// How far fetching everything is: a bar, threads, and posts in a second.
fn bar(state: &State, progress: Progress) -> String {
    let share = (progress.threads * BAR as u64).checked_div(progress.of).unwrap_or(0).min(BAR as u64) as usize;
    let bar = state.symbols.full.repeat(share) + &state.symbols.shade.repeat(BAR - share);
    let rate = (progress.posts * 1000).checked_div(progress.took_ms).unwrap_or(0).to_string();
    let values = [("done", progress.threads.to_string()), ("all", progress.of.to_string()), ("rate", rate)];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    format!("{bar} {}", state.words.fill("sync.progress", &values))
}
