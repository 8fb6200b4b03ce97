//! Whether a store of this thread is at work: for tests on a clock that moves when everybody waits. A database works on
//! threads of its own, which such a clock does not see.

use std::cell::{Cell, RefCell};

use sqlx::SqlitePool;

thread_local! {
    static OPENING: Cell<usize> = const { Cell::new(0) };
    static POOLS: RefCell<Vec<SqlitePool>> = const { RefCell::new(Vec::new()) };
}

/// While this lives a store is being opened.
pub(super) struct Opening;

impl Opening {
    pub(super) fn begin() -> Self {
        OPENING.set(OPENING.get() + 1);
        Self
    }
}

impl Drop for Opening {
    fn drop(&mut self) {
        OPENING.set(OPENING.get() - 1);
    }
}

/// These are a store's connections.
pub(super) fn watch<const N: usize>(pools: [&SqlitePool; N]) {
    POOLS.with_borrow_mut(|watched| watched.extend(pools.into_iter().cloned()));
}

/// Whether a store of this thread is being opened or works on a statement.
pub(crate) fn is_busy() -> bool {
    OPENING.get() > 0 || POOLS.with_borrow(|pools| pools.iter().any(|pool| pool.size() as usize != pool.num_idle()))
}
