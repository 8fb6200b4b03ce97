//! How the line to the community stands, told when it changes and not otherwise.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{Notify, mpsc::UnboundedSender};

use super::event::{Connection, Event};
use crate::base::time::{Clock, SignedDuration, Timestamp};

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

    /// It stands like this now. Whoever waits for a line that stands is woken.
    pub(super) fn set(&self, now: Connection) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        if *state == now {
            return;
        }
        let was_away = matches!(*state, Connection::Reconnecting(_) | Connection::Offline(_));
        *state = now.clone();
        if was_away && matches!(now, Connection::Live | Connection::Polling) {
            self.reachable.notify_waiters();
        }
        let _ = self.events.send(Event::Connection(now));
    }

    /// It broke, and is made again after a delay.
    pub(super) fn reconnecting(&self, delay: Duration) {
        self.set(Connection::Reconnecting(self.later(delay)));
    }

    /// The community wants to be left alone for so long.
    pub(super) fn limited(&self, wait: Duration) {
        let _ = self.events.send(Event::Limited(self.later(wait)));
    }

    fn later(&self, delay: Duration) -> Timestamp {
        let now = self.clock.now();
        SignedDuration::try_from(delay).ok().and_then(|delay| now.checked_add(delay).ok()).unwrap_or(now)
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
