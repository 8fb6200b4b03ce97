//! What is on its way: how each change stands, and what can be done about it.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, confirm::Confirm, frame};
use crate::base::{text::Clean, time::SignedDuration};
use crate::engine::request::{OutboxAct, Request};
use crate::model::change::Change;
use crate::model::outbox::{Entry, EntryId, State as Stands};
use crate::tui::{
    state::State,
    widget::text::{fit, wrap},
};

/// The most entries that are shown.
const ROWS: usize = 8;

/// The list of what is on its way.
#[derive(Default)]
pub struct Outbox {
    selected: usize,
}

impl Outbox {
    /// Opens the list, with what other windows have on their way too.
    pub fn open(state: &mut State) {
        state.send(Request::Outbox(OutboxAct::Look));
        count_down(state);
        state.lay(Self::default());
    }

    fn current<'a>(&self, state: &'a State) -> Option<&'a Entry> {
        state.outbox.get(self.selected.min(state.outbox.len().saturating_sub(1)))
    }

    fn act(&self, state: &mut State, act: fn(EntryId) -> OutboxAct) {
        if let Some(id) = self.current(state).map(|entry| entry.id) {
            state.send(Request::Outbox(act(id)));
        }
    }

    /// A text is given up only after a question; what sets something is set again with a key.
    fn give_up(&self, state: &mut State) {
        let Some((id, is_text)) = self.current(state).map(|entry| (entry.id, entry.change.is_text())) else { return };
        let what = self.current(state).map(|entry| what(state, entry)).unwrap_or_default();
        let what = fit(&what, 60, state.symbols.ellipsis);
        let give_up = move |state: &mut State| {
            state.send(Request::Outbox(OutboxAct::Cancel(id)));
        };
        if is_text {
            state.lay(Confirm::new(state.words.fill("outbox.give-up", &[("what", &what)]), give_up));
        } else {
            give_up(state);
        }
    }
}

impl Overlay for Outbox {
    fn context(&self) -> &'static str {
        "outbox"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let last = state.outbox.len().saturating_sub(1);
        self.selected = self.selected.min(last);
        match command {
            "choice-down" => self.selected = (self.selected + 1).min(last),
            "choice-up" => self.selected = self.selected.saturating_sub(1),
            "retry-entry" => self.act(state, OutboxAct::Retry),
            "take-back" if self.current(state).is_some_and(|entry| entry.change.is_text()) => {
                self.act(state, OutboxAct::Recall);
                return Then::Close;
            }
            "give-up" => self.give_up(state),
            "take-back" => {}
            _ => return Then::Close,
        }
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        self.selected = row.min(state.outbox.len().saturating_sub(1));
        Then::Stay
    }

    fn due(&mut self, state: &mut State) {
        count_down(state);
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let room = usize::from(area.width.saturating_sub(4)).min(76);
        let selected = self.selected.min(state.outbox.len().saturating_sub(1));
        let top = selected.saturating_sub(ROWS - 1);
        let mut lines = Vec::new();
        let mut tall = vec![0; top];
        for (at, entry) in state.outbox.iter().enumerate().skip(top).take(ROWS) {
            let row = row(state, entry, at == selected, room);
            tall.push(row.len());
            lines.extend(row);
        }
        if lines.is_empty() {
            lines.push(Line::styled(state.word("outbox.empty"), state.theme.dim));
        }
        let size = (80, lines.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("outbox.title"), size);
        frame::lines(frame, inside, &lines, 0);
        frame::rows(state, inside, tall, 0);
    }

    fn footer(&self) -> &'static [&'static str] {
        &["take-back", "retry-entry", "give-up", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// Seconds are counted while somebody looks at them, and only then.
fn count_down(state: &mut State) {
    let counts = |entry: &Entry| entry.state.due().is_some_and(|at| at > state.now);
    if state.outbox.iter().any(counts) {
        state.wake_at(state.now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(state.now));
    }
}

/// What it is and how it stands; of one that cannot go also why, and what to do.
fn row(state: &State, entry: &Entry, is_selected: bool, room: usize) -> Vec<Line<'static>> {
    let bar = if is_selected { Span::styled(state.symbols.bar, state.theme.selection) } else { Span::raw(" ") };
    let what = format!(" {}", what(state, entry));
    let mut lines = vec![Line::from(vec![bar, Span::raw(fit(&what, room, state.symbols.ellipsis))])];
    let style = if matches!(entry.state, Stands::Stuck { .. }) { state.theme.bad } else { state.theme.dim };
    for line in wrap(&stands(state, entry), room.saturating_sub(4)) {
        lines.push(Line::styled(format!("    {line}"), style));
    }
    lines
}

/// What a change is, in a line.
fn what(state: &State, entry: &Entry) -> String {
    let start = |text: &str| text.split_whitespace().take(12).collect::<Vec<_>>().join(" ");
    let (key, words) = match &entry.change {
        Change::NewThread { title, .. } => ("outbox.new-thread", title.clone()),
        Change::Reply { body, .. } => ("outbox.reply", start(body)),
        Change::Edit { body, .. } => ("outbox.edit", start(body)),
        Change::Vote { .. } => ("outbox.vote", String::new()),
        Change::Accept { .. } => ("outbox.accept", String::new()),
        Change::Read { .. } => ("outbox.read", String::new()),
        Change::Follow { .. } => ("outbox.follow", String::new()),
        Change::Mute { .. } => ("outbox.mute", String::new()),
        Change::Bookmark { .. } => ("outbox.bookmark", String::new()),
        Change::Done { .. } => ("outbox.done", String::new()),
    };
    let parts = [state.word(key), words, entry.about.clone()];
    let all = parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(": ");
    // It was read from a file.
    Clean::line(&all).to_string()
}

/// How an entry stands beside its text in a thread: without seconds, which nobody counts there.
pub fn stands_in_thread(state: &State, entry: &Entry) -> String {
    match &entry.state {
        Stands::Held { until } if *until > state.now => state.word("outbox.held-here"),
        Stands::Retry { .. } => state.word("outbox.retry-here"),
        _ => stands(state, entry),
    }
}

/// How an entry stands, in words.
pub fn stands(state: &State, entry: &Entry) -> String {
    let until = |at: &crate::base::time::Timestamp| at.duration_since(state.now).as_secs().max(0).to_string();
    match &entry.state {
        // Over, and not on its way: another one goes first.
        Stands::Held { until: at } if *at <= state.now => state.word("outbox.queued"),
        Stands::Held { until: at } => state.words.fill("outbox.held", &[("n", &until(at))]),
        Stands::Queued => state.word(if state.home.signed_out { "outbox.signed-out" } else { "outbox.queued" }),
        Stands::Sending => state.word("outbox.sending"),
        Stands::Retry { at } => state.words.fill("outbox.retry", &[("n", &until(at))]),
        Stands::Unsure { .. } => state.word("outbox.unsure"),
        Stands::Stuck { why, detail } => {
            let what = state.word(&format!("stuck.{}", why.word()));
            let hint = state.word(&format!("stuck.{}-hint", why.word()));
            let detail = if detail.is_empty() { String::new() } else { format!(" ({detail})") };
            [format!("{what}{detail}"), hint].join(state.words.get("frame.between-sentences"))
        }
    }
}
