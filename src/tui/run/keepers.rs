//! The engines that keep what is typed: asked once more at every end of the screen, also one that does not return.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::engine::Handle;
use crate::tui::roll::SeatId;

/// How long the disk may take at an end.
const MOST: Duration = Duration::from_millis(900);

/// The ways to the engines of all seats. A clone is the same list; the panic hook holds one for ever, so it is emptied at
/// the end: an engine ends with the last way to it.
#[derive(Clone, Default)]
pub(super) struct Keepers(Arc<Mutex<HashMap<SeatId, Handle>>>);

impl Keepers {
    /// One more engine, or another one for a seat.
    pub(super) fn add(&self, id: SeatId, handle: Handle) {
        self.list().insert(id, handle);
    }

    /// The engine of a seat.
    pub(super) fn get(&self, id: SeatId) -> Option<Handle> {
        self.list().get(&id).cloned()
    }

    /// The engine of a seat may end.
    pub(super) fn remove(&self, id: SeatId) {
        self.list().remove(&id);
    }

    /// Has everything typed brought to the disk; returns when it is there or has taken too long. Blocks its thread.
    pub(super) fn save(&self) {
        let handles: Vec<Handle> = self.list().values().cloned().collect();
        let latest = Instant::now() + MOST;
        for handle in handles {
            handle.save(latest.saturating_duration_since(Instant::now()));
        }
    }

    /// The same at an ordinary end, after which the engines may go.
    pub(super) async fn dismiss(&self) {
        let keepers = self.clone();
        let _ = tokio::task::spawn_blocking(move || keepers.save()).await;
        self.list().clear();
    }

    fn list(&self) -> MutexGuard<'_, HashMap<SeatId, Handle>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
