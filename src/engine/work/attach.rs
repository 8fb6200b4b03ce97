//! The part of the engine's loop that looks at this machine: on a thread that may wait, and no longer than somebody
//! waits for it.

use super::{Outcome, Work};
use crate::engine::attach::{Fault, Ground, Stop, Wish, grant};
use crate::engine::request::Ticket;

/// Stops what it stands for when its task ends before it.
struct Waiting(Stop);

impl Drop for Waiting {
    fn drop(&mut self) {
        self.0.stop();
    }
}

impl Work {
    pub(super) fn attach(&mut self, ticket: Ticket, wish: Wish) {
        let task = self.tasks.spawn(async move {
            let waiting = Waiting(Stop::default());
            let stop = waiting.0.clone();
            let work = tokio::task::spawn_blocking(move || grant(&wish, &Ground::here(), &stop));
            Outcome::Attached(ticket, work.await.unwrap_or(Err(Fault::Stopped)))
        });
        self.await_outcome(ticket, task);
    }
}
