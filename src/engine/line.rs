//! How the line to the community stands, told when it changes and not otherwise.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{Notify, mpsc::UnboundedSender};

use super::event::{Connection, Event};
use crate::base::time::Clock;

/// The line, shared by the tasks that learn something about it.
#[derive(Clone)]
pub(super) struct Line {
    state: Arc<Mutex<Connection>>,
    reachable: Arc<Notify>,
    events: UnboundedSender<Event>,
    clock: Arc<dyn Clock>,
}

impl Line {
    pub(super) fn new(events: UnboundedSender<Event>, clock: Arc<dyn Clock>) -> Self {
        Self { state: Arc::default(), reachable: Arc::default(), events, clock }
    }

    /// It stands like this now.
    pub(super) fn set(&self, now: Connection) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state != now {
            *state = now.clone();
            let _ = self.events.send(Event::Connection(now));
        }
    }

    /// It cannot be reached; since now, unless that was known.
    pub(super) fn lost(&self) {
        let known = matches!(*self.state.lock().unwrap_or_else(PoisonError::into_inner), Connection::Offline(_));
        if !known {
            self.set(Connection::Offline(self.clock.now()));
        }
    }

    /// Something was answered: who waits to connect again need not wait longer.
    pub(super) fn answered(&self) {
        self.reachable.notify_waiters();
    }

    /// Waits for that.
    pub(super) async fn reachable(&self) {
        self.reachable.notified().await;
    }
}
