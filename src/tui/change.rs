//! Changes on their way: shown at once where that is safe, taken back when the server refuses, never forgotten.

use super::pane::reader::Jump;
use super::{notice::Tone, pane::PANES, state::State};
use crate::base::ids::{PostId, ThreadId};
use crate::engine::{
    problem::{Kind, UserError},
    request::{OutboxAct, Request, Ticket},
};
use crate::model::{
    change::{Applied, Change},
    draft::{Draft, Place},
    outbox::{Entry, EntryId, State as EntryState},
    thread::{Marks, Thread},
};

/// Texts that are shown as they were sent until the community shows them, at most.
const MOST_ARRIVED: usize = 20;

/// A change that the server has not confirmed.
#[derive(Clone, Debug)]
pub struct Sending {
    /// Its ticket.
    pub ticket: Ticket,
    /// What it is.
    pub change: Change,
    /// The text it was, if it was one.
    pub draft: Option<Draft>,
    /// What was shown at once, as it was before.
    pub before: Option<Before>,
    /// Whether the outbox has been seen to hold it.
    pub is_listed: bool,
}

/// What was there before a change was shown.
#[derive(Clone, Debug)]
pub enum Before {
    /// A reader's marks on a thread.
    Marks(ThreadId, Marks),
    /// The accepted answer of a question.
    Accepted(ThreadId, Option<PostId>),
    /// A vote and the score.
    Vote {
        /// On which post.
        post: PostId,
        /// The reader's vote.
        vote: i8,
        /// The sum.
        score: i64,
    },
}

/// What `undo` takes back.
#[derive(Clone, Debug)]
pub struct Undo {
    /// What is said once it is taken back: a key of the catalogue.
    pub said: &'static str,
    /// The changes that take it back.
    pub changes: Vec<Change>,
}

impl State {
    /// Makes a change: shows it at once where that can be taken back, and sends it.
    pub fn apply(&mut self, change: Change) -> Ticket {
        let before = self.show_change(&change);
        let ticket = self.send(Request::Apply(change.clone()));
        self.sending.push(Sending { ticket, change, draft: None, before, is_listed: false });
        self.dirty = true;
        ticket
    }

    /// Sends a draft: it ends, and the text is in the outbox from then on.
    pub fn send_draft(&mut self, draft: Draft) {
        let change = draft.change();
        let thread = match &draft.place {
            Place::Reply { thread, .. } => self.threads.get(thread),
            _ => None,
        };
        let after = thread.map_or(0, |thread| thread.last);
        if let Place::Reply { thread, .. } = &draft.place {
            let open = self.panes.readers_mut().filter(|reader| reader.id == *thread);
            open.for_each(|reader| reader.jump = Some(Jump::Echo));
        }
        self.drafts.retain(|d| !d.place.is_same(&draft.place));
        let ticket = self.send(Request::Post { draft: Box::new(draft.clone()), after });
        self.sending.push(Sending { ticket, change, draft: Some(draft), before: None, is_listed: false });
        let key = self.keymap.keys_of(&["global"], "undo").unwrap_or_default();
        self.say(Tone::Plain, self.words.fill("sent.held", &[("key", &key)]));
        self.dirty = true;
    }

    /// Takes in what came of a change.
    pub(super) fn applied(&mut self, ticket: Ticket, result: &Result<Applied, UserError>) {
        let Some(at) = self.sending.iter().position(|s| s.ticket == ticket) else { return };
        self.dirty = true;
        match result {
            Ok(applied) => {
                let sent = self.sending.remove(at);
                if sent.draft.is_some() {
                    self.say(Tone::Good, self.word("sent.done"));
                    // It stays in its place until the community shows it.
                    let entry = self.outbox.iter().find(|entry| entry.change == sent.change).cloned();
                    self.arrived.extend(entry);
                    let surplus = self.arrived.len().saturating_sub(MOST_ARRIVED);
                    self.arrived.drain(..surplus);
                }
                for pane in PANES {
                    pane.confirmed(self, &sent, applied);
                }
                self.show_own(&sent, applied);
            }
            Err(error) => {
                let sent = self.sending.remove(at);
                if let Some(before) = sent.before {
                    self.take_back(before);
                }
                match sent.draft {
                    // It did not even get into the outbox.
                    Some(draft) if error.kind == Kind::Disk => {
                        self.keep_draft(draft);
                        self.say_error(error);
                    }
                    Some(_) => {
                        let [what, _] = self.explain(error);
                        self.say(Tone::Bad, self.words.fill("sent.stuck", &[("what", &what)]));
                    }
                    None => self.say_error(error),
                }
            }
        }
    }

    /// Takes in how the outbox stands. What it held and holds no longer, without a word of how it ended, was taken back.
    pub(super) fn take_outbox(&mut self, entries: Vec<Entry>) {
        // Of whoever has left.
        if self.has_left {
            return;
        }
        self.sending.retain_mut(|sent| {
            let is_there = entries.iter().any(|entry| entry.change == sent.change);
            let stays = is_there || !sent.is_listed;
            sent.is_listed |= is_there;
            stays
        });
        self.outbox = entries;
        self.dirty = true;
    }

    /// Opens a new thread of one's own, unless one is reading or writing something else by then.
    fn show_own(&mut self, sent: &Sending, applied: &Applied) {
        let is_busy = !self.overlays.is_empty() || self.pane().reader(self).is_some();
        if let (Change::NewThread { .. }, Some(thread), false) = (&sent.change, &applied.thread, is_busy) {
            self.visit_thread(thread, None);
        }
    }

    /// Sends again what waits for another try.
    pub fn retry_failed(&mut self) {
        let waits = |entry: &&Entry| matches!(entry.state, EntryState::Retry { .. });
        let waiting: Vec<EntryId> = self.outbox.iter().filter(waits).map(|entry| entry.id).collect();
        for id in waiting {
            self.send(Request::Outbox(OutboxAct::Retry(id)));
        }
    }

    /// The text that can be taken back still, the last one first.
    pub fn held(&self) -> Option<&Entry> {
        self.outbox.iter().rev().find(|entry| matches!(entry.state, EntryState::Held { .. }))
    }

    /// Shows a change before it is confirmed; returns how it was.
    fn show_change(&mut self, change: &Change) -> Option<Before> {
        match change {
            Change::Read { thread, upto } => self.mark(thread, |m| m.read = *upto),
            Change::Follow { thread, on } => self.mark(thread, |m| m.set_follow(*on)),
            Change::Mute { thread, on } => self.mark(thread, |m| m.set_mute(*on)),
            Change::Bookmark { thread, on } => self.mark(thread, |m| m.bookmark = *on),
            Change::Vote { post, value } => {
                let found = self.panes.readers_mut().flat_map(|r| &mut r.posts).find(|p| p.id == *post)?;
                let (vote, score) = (found.vote, found.score);
                let now = score + i64::from(*value) - i64::from(vote);
                self.set_vote(post, *value, now);
                Some(Before::Vote { post: post.clone(), vote, score })
            }
            Change::Accept { thread, post } => {
                let before = self.threads.get(thread)?.accepted.clone();
                self.set_accepted(thread, post.clone());
                Some(Before::Accepted(thread.clone(), before))
            }
            _ => None,
        }
    }

    fn mark(&mut self, thread: &ThreadId, set: impl FnOnce(&mut Marks)) -> Option<Before> {
        let known: &mut Thread = self.threads.get_mut(thread)?;
        let before = known.marks;
        set(&mut known.marks);
        Some(Before::Marks(thread.clone(), before))
    }

    fn set_vote(&mut self, post: &PostId, vote: i8, score: i64) {
        let mut opening = None;
        for reader in self.panes.readers_mut() {
            for found in reader.posts.iter_mut().filter(|p| p.id == *post) {
                (found.vote, found.score) = (vote, score);
                opening = (found.number == 1).then(|| found.thread.clone());
            }
            reader.outdate();
        }
        if let Some(thread) = opening.and_then(|id| self.threads.get_mut(&id)) {
            thread.score = score;
        }
    }

    fn set_accepted(&mut self, thread: &ThreadId, accepted: Option<PostId>) {
        let mut number = None;
        for reader in self.panes.readers_mut().filter(|r| r.id == *thread) {
            for post in &mut reader.posts {
                post.accepted = accepted.as_ref() == Some(&post.id);
                number = number.or(post.accepted.then_some(post.number));
            }
            reader.outdate();
        }
        if let Some(thread) = self.threads.get_mut(thread) {
            (thread.accepted, thread.accepted_number) = (accepted, number);
        }
    }

    fn take_back(&mut self, before: Before) {
        match before {
            Before::Marks(id, marks) => {
                if let Some(thread) = self.threads.get_mut(&id) {
                    thread.marks = marks;
                }
            }
            Before::Vote { post, vote, score } => self.set_vote(&post, vote, score),
            Before::Accepted(thread, post) => self.set_accepted(&thread, post),
        }
    }
}
