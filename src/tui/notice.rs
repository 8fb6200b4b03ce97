//! Short messages: shown for a few seconds without taking the focus, kept for `:messages`.

use crate::base::text::Clean;
use crate::base::time::{SignedDuration, Timestamp};

/// How a message is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// For your information.
    Plain,
    /// It went well.
    Good,
    /// It went wrong.
    Bad,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When it was said.
    pub at: Timestamp,
    /// How it is meant.
    pub tone: Tone,
    /// What it says, others' words in it.
    pub text: Clean,
}

/// How many messages are kept.
const KEPT: usize = 200;

/// All messages of this sitting.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    log: Vec<Notice>,
    said: u64,
    /// Of all that was said, how much is not to be shown any more.
    dismissed: u64,
}

impl Notices {
    /// Keeps a message; returns until when it is shown.
    pub fn push(&mut self, at: Timestamp, tone: Tone, text: Clean) -> Timestamp {
        if self.log.len() == KEPT {
            self.log.remove(0);
        }
        self.log.push(Notice { at, tone, text });
        self.said += 1;
        at.saturating_add(shown_for(tone)).unwrap_or(at)
    }

    /// The message to show now: the newest, while it is fresh.
    pub fn showing(&self, now: Timestamp) -> Option<&Notice> {
        self.log.last().filter(|_| self.said > self.dismissed).filter(|n| now.duration_since(n.at) < shown_for(n.tone))
    }

    /// How many were said so far.
    pub fn said(&self) -> u64 {
        self.said
    }

    /// Shows none of the first so many any more: what they were about is gone from the screen.
    pub fn dismiss(&mut self, first: u64) {
        self.dismissed = self.dismissed.max(first);
    }

    /// All that are kept, newest first.
    pub fn all(&self) -> impl Iterator<Item = &Notice> {
        self.log.iter().rev()
    }
}

/// Bad news stays longer: it has a next step to read.
fn shown_for(tone: Tone) -> SignedDuration {
    SignedDuration::from_secs(if tone == Tone::Bad { 10 } else { 4 })
}
