//! F5: use-cases without a screen. A front end sends [`request::Request`]s under tickets of its own and receives
//! [`event::Event`]s; it never awaits. Nothing here knows of terminals or of HTTP.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use crate::base::{random::Random, time::Clock};
use crate::community::{Community, Security, SignIn};

pub mod account;
mod ask;
pub mod attach;
mod desk;
mod drafts;
pub mod event;
mod full;
mod keeping;
mod line;
mod live;
pub mod outbox;
mod pending;
pub mod problem;
mod recall;
pub mod request;
mod retry;
mod room;
pub mod seat;
pub mod security;
mod sync;
pub mod tokens;
mod verdict;
mod way_in;
pub mod wording;
mod work;

pub use desk::Shelf;

use account::Sessions;
use event::Event;
use request::{Request, Ticket};

/// What the engine works with: one community, as one reader.
pub struct Parts {
    /// The community.
    pub community: Arc<dyn Community>,
    /// The way in.
    pub sign_in: Arc<dyn SignIn>,
    /// What opens the reader's account.
    pub security: Arc<dyn Security>,
    /// The reader's tokens; the same ones the community uses.
    pub sessions: Arc<Sessions>,
    /// Where what is read and written is kept; none to keep nothing when the program ends.
    pub shelf: Option<Shelf>,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
    /// Makes idempotency keys and spreads retries.
    pub random: Arc<dyn Random>,
}

/// The engine. It has no value of its own: it is a task that lives as long as somebody holds a [`Handle`].
pub struct Engine;

impl Engine {
    /// Starts the engine on the current tokio runtime. When the last handle is dropped all its tasks end at once, and
    /// the receiver with them.
    pub fn start(parts: Parts) -> (Handle, UnboundedReceiver<Event>) {
        let (requests, inbox) = unbounded_channel();
        let (outbox, events) = unbounded_channel();
        tokio::spawn(work::run(parts, inbox, outbox));
        (Handle { requests }, events)
    }
}

/// The way to ask the engine for something.
#[derive(Clone, Debug)]
pub struct Handle {
    requests: UnboundedSender<(Ticket, Request)>,
}

impl Handle {
    /// Hands a request in. Never blocks. What comes of it arrives as an event under the same ticket; a ticket that is
    /// used again replaces what it stood for.
    pub fn send(&self, ticket: Ticket, request: Request) {
        // The engine only ends after its handles, except when its runtime is shutting down.
        let _ = self.requests.send((ticket, request));
    }

    /// Brings everything typed so far to the disk; whether that was done within `most`. Blocks its thread, which must be
    /// none of the engine's: for ends that cannot await anything.
    pub fn save(&self, most: Duration) -> bool {
        let (done, wait) = std::sync::mpsc::sync_channel(1);
        self.send(Ticket(0), Request::Save(done));
        wait.recv_timeout(most).is_ok()
    }

    /// A handle whose requests can be looked at: for tests of a front end.
    pub fn recorder() -> (Self, UnboundedReceiver<(Ticket, Request)>) {
        let (requests, recorded) = unbounded_channel();
        (Self { requests }, recorded)
    }
}

#[cfg(test)]
mod tests;
