//! One question at a time: the engine's tickets and events for commands that wait for an answer.

use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;

use super::output::Failure;
use crate::base::time::Timestamp;
use crate::engine::Handle;
use crate::engine::event::{Answer, Event, KeptDraft, Secured};
use crate::engine::problem::{Kind, UserError};
use crate::engine::request::{Deed, Query, Request, Ticket};
use crate::model::change::{Applied, Change};
use crate::model::outbox::{Entry, State};

/// After so many tries a command waits no longer.
const TRIES: u32 = 3;

/// The engine, as a command sees it.
pub struct Asking {
    handle: Handle,
    events: UnboundedReceiver<Event>,
    last: u64,
    /// What the engine told besides answers.
    heard: Heard,
}

/// What the engine told besides answers.
#[derive(Clone, Debug, Default)]
pub struct Heard {
    /// Whether its store was opened, and is an account's: what is written outlives the command.
    pub keeps: Option<bool>,
    /// What is on its way.
    pub outbox: Option<Vec<Entry>>,
    /// Texts that were begun.
    pub drafts: Vec<KeptDraft>,
}

/// An answer.
#[derive(Clone, Debug)]
pub struct Told {
    /// The answer.
    pub answer: Answer,
    /// When the community last said so and why it could not be asked, when it was kept.
    pub kept: Option<(Timestamp, UserError)>,
}

impl Asking {
    /// Asks this engine.
    pub fn new(handle: Handle, events: UnboundedReceiver<Event>) -> Self {
        Self { handle, events, last: 0, heard: Heard::default() }
    }

    /// Gives the engine back, to a front end that goes on with it.
    pub fn into_parts(self) -> (Handle, UnboundedReceiver<Event>) {
        (self.handle, self.events)
    }

    /// Finds something out.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn ask(&mut self, query: Query) -> Result<Answer, Failure> {
        let ticket = self.send(Request::Ask(query));
        loop {
            if let Event::Answer { ticket: answered, result } = self.next().await?
                && answered == ticket
            {
                return result.map_err(Failure::User);
            }
        }
    }

    /// Finds something out; what was kept of it counts when the community cannot be reached.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn read(&mut self, query: Query) -> Result<Told, Failure> {
        let ticket = self.send(Request::Ask(query));
        let mut earlier = None;
        loop {
            match self.next().await? {
                Event::Kept { ticket: answered, answer, at } if answered == ticket => earlier = Some((*answer, at)),
                Event::Answer { ticket: answered, result } if answered == ticket => {
                    return match (result, earlier) {
                        (Ok(answer), _) => Ok(Told { answer, kept: None }),
                        (Err(error), Some((answer, at))) if matches!(error.kind, Kind::Network | Kind::Server) => {
                            Ok(Told { answer, kept: Some((at, error)) })
                        }
                        (Err(error), _) => Err(Failure::User(error)),
                    };
                }
                _ => {}
            }
        }
    }

    /// Has a change sent, and waits until it arrived, cannot go as it is, was tried in vain some times, or `most` is over.
    ///
    /// # Errors
    /// When the engine is gone.
    pub async fn deliver(&mut self, request: Request, change: &Change, most: Duration) -> Result<Delivery, Failure> {
        let ticket = self.send(request);
        let until = tokio::time::Instant::now() + most;
        loop {
            match tokio::time::timeout_at(until, self.next()).await {
                Err(_) => return Ok(Delivery::Waits),
                Ok(event) => match event? {
                    Event::Applied { ticket: answered, result } if answered == ticket => {
                        return Ok(match result {
                            Ok(applied) => Delivery::Arrived(applied),
                            Err(error) => Delivery::Refused(error),
                        });
                    }
                    // What is on its way waits until somebody has signed in again.
                    Event::SignedOut => return Ok(Delivery::SignedOut),
                    Event::Outbox(entries) if entries.iter().any(|entry| in_vain(entry, change)) => {
                        return Ok(Delivery::Waits);
                    }
                    _ => {}
                },
            }
        }
    }

    /// Hands something in that is not answered.
    pub fn hand_in(&mut self, request: Request) {
        self.send(request);
    }

    /// What the engine told so far besides answers.
    pub fn heard(&self) -> &Heard {
        &self.heard
    }

    /// Waits until the store was opened and what is on its way is known.
    ///
    /// # Errors
    /// When the engine is gone.
    pub async fn look_around(&mut self) -> Result<&Heard, Failure> {
        while self.heard.keeps.is_none() || self.heard.outbox.is_none() {
            self.next().await?;
        }
        Ok(&self.heard)
    }

    /// Waits until the outbox is told anew, or `most` is over.
    ///
    /// # Errors
    /// When the engine is gone.
    pub async fn outbox_moves(&mut self, most: Duration) -> Result<(), Failure> {
        let until = tokio::time::Instant::now() + most;
        while let Ok(event) = tokio::time::timeout_at(until, self.next()).await {
            if matches!(event?, Event::Outbox(_)) {
                break;
            }
        }
        Ok(())
    }

    /// Changes something.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn apply(&mut self, request: Request) -> Result<(), Failure> {
        let ticket = self.send(request);
        loop {
            if let Event::Applied { ticket: answered, result } = self.next().await?
                && answered == ticket
            {
                return result.map(drop).map_err(Failure::User);
            }
        }
    }

    /// Signs in; answers with the vault that keeps the tokens. What a person is to do meanwhile is given to `tell`.
    ///
    /// # Errors
    /// With the engine's reason, or that of `tell`.
    pub async fn sign_in(
        &mut self,
        request: Request,
        mut tell: impl FnMut(&Event) -> Result<(), Failure>,
    ) -> Result<&'static str, Failure> {
        let ticket = self.send(request);
        loop {
            match self.next().await? {
                Event::SignedIn { ticket: answered, result } if answered == ticket => {
                    return result.map_err(Failure::User);
                }
                event => tell(&event)?,
            }
        }
    }

    /// Does something about what opens one's own account.
    ///
    /// # Errors
    /// With the engine's reason.
    pub async fn secure(&mut self, deed: Deed) -> Result<Secured, Failure> {
        let ticket = self.send(Request::Secure(deed));
        loop {
            if let Event::Secured { ticket: answered, result } = self.next().await?
                && answered == ticket
            {
                return result.map_err(Failure::User);
            }
        }
    }

    /// Signs out.
    ///
    /// # Errors
    /// When the engine is gone.
    pub async fn sign_out(&mut self) -> Result<(), Failure> {
        self.send(Request::SignOut);
        while !matches!(self.next().await?, Event::SignedOut) {}
        Ok(())
    }

    fn send(&mut self, request: Request) -> Ticket {
        self.last += 1;
        let ticket = Ticket(self.last);
        self.handle.send(ticket, request);
        ticket
    }

    /// The next thing the engine tells; what a command may want later is remembered.
    async fn next(&mut self) -> Result<Event, Failure> {
        let event = self.events.recv().await.ok_or_else(|| Failure::said(Kind::Server, "cli.engine_gone"))?;
        match &event {
            Event::Opened { of, drafts } => {
                self.heard.keeps = Some(of.is_some() && self.heard.keeps != Some(false));
                self.heard.drafts.clone_from(drafts);
            }
            // What is wrong with the store is told before it is opened in memory.
            Event::Trouble(_) => self.heard.keeps = Some(false),
            Event::Outbox(entries) => self.heard.outbox = Some(entries.clone()),
            _ => {}
        }
        Ok(event)
    }
}

/// Whether a change was tried often enough to tell a person that it waits.
fn in_vain(entry: &Entry, change: &Change) -> bool {
    entry.change == *change && entry.tries >= TRIES && matches!(entry.state, State::Retry { .. } | State::Unsure { .. })
}

/// What came of something that was sent.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// It arrived.
    Arrived(Applied),
    /// It cannot go as it is.
    Refused(UserError),
    /// It waits for the line.
    Waits,
    /// It waits for somebody to sign in.
    SignedOut,
}
