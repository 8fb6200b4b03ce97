//! Questions like the one whose title is being typed: asked for once the typing pauses.

use crate::base::text::width;
use crate::base::time::{SignedDuration, Timestamp};
use crate::engine::{
    event::Answer,
    request::{Query, Request, Ticket},
};
use crate::model::search::Hit;
use crate::tui::{effect::Effect, heard::Heard, state::State};

/// How long typing rests before the server is asked.
const PAUSE: SignedDuration = SignedDuration::from_millis(400);
/// A title shorter than this, in columns, says too little.
const LEAST: usize = 6;
/// Most that are shown.
const MOST: usize = 3;

/// What is known of similar questions.
#[derive(Default)]
pub(super) struct Similar {
    /// What will be asked, and when.
    waiting: Option<(Timestamp, String)>,
    ticket: Option<Ticket>,
    hits: Vec<Hit>,
}

impl Similar {
    /// The title was changed.
    pub(super) fn typed(&mut self, title: &str, state: &mut State) {
        let title = title.trim().to_owned();
        if width::width(&title) < LEAST {
            self.close(state);
            return;
        }
        let at = state.now.saturating_add(PAUSE).unwrap_or(state.now);
        self.waiting = Some((at, title));
        state.wake_at(at);
    }

    /// An instant has come: asks if it was ours.
    pub(super) fn due(&mut self, state: &mut State) {
        if self.waiting.as_ref().is_none_or(|(at, _)| *at > state.now) {
            return;
        }
        if let Some((_, title)) = self.waiting.take() {
            self.abandon(state);
            self.ticket = Some(state.send(Request::Ask(Query::Search(title, None))));
        }
    }

    /// Takes the answer in; a failure shows nothing, for nobody asked aloud.
    pub(super) fn answer(&mut self, heard: &Heard, state: &mut State) {
        if self.ticket != Some(heard.ticket) {
            return;
        }
        if !heard.is_kept {
            self.ticket = None;
        }
        if let Ok(Answer::Hits(page)) = &heard.result {
            self.hits = page.items.iter().take(MOST).cloned().collect();
            state.dirty = true;
        }
    }

    /// Wants no more.
    pub(super) fn close(&mut self, state: &mut State) {
        self.abandon(state);
        *self = Self::default();
    }

    fn abandon(&mut self, state: &mut State) {
        if let Some(before) = self.ticket.take() {
            state.effect(Effect::Send(before, Request::Abandon(before)));
        }
    }

    pub(super) fn hits(&self) -> &[Hit] {
        &self.hits
    }
}
