//! Ids of new rows: milliseconds since 1970 and a counter, so that ids sort by time and no row is asked for its own.

use std::sync::{Arc, Mutex};

use sqlx::AnyPool;

use crate::base::time::{Clock, Timestamp};

/// Bits of the counter below the milliseconds.
const COUNTER_BITS: u32 = 22;

/// Set in ids made for a given instant, which therefore never meet those made for now.
const GIVEN: i64 = 1 << (COUNTER_BITS - 1);

/// Hands out ids: strictly increasing for now, unique for a given instant.
pub struct Ids {
    clock: Arc<dyn Clock>,
    state: Mutex<State>,
}

struct State {
    last: i64,
    given: i64,
}

impl Ids {
    /// Goes on after `last`, the largest id that exists.
    pub fn new(clock: Arc<dyn Clock>, last: i64) -> Self {
        Self { clock, state: Mutex::new(State { last, given: 0 }) }
    }

    /// An id for a row made now: larger than every one before, also when the clock goes back.
    pub fn next(&self) -> i64 {
        let now = self.clock.now().as_millisecond() << COUNTER_BITS;
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.last = now.max(state.last + 1);
        state.last
    }

    /// An id that sorts to `at`, for content with a past of its own (seeding, import).
    pub fn at(&self, at: Timestamp) -> i64 {
        let mut state = self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        state.given = (state.given + 1) % GIVEN;
        (at.as_millisecond() << COUNTER_BITS) | GIVEN | state.given
    }
}

/// The largest id that exists.
pub(super) async fn last(pool: &AnyPool) -> Result<i64, sqlx::Error> {
    let sql = "SELECT COALESCE(MAX(id), 0) FROM (SELECT MAX(id) AS id FROM members UNION ALL \
               SELECT MAX(id) FROM sessions UNION ALL SELECT MAX(id) FROM personal_tokens UNION ALL \
               SELECT MAX(id) FROM ledger UNION ALL \
               SELECT MAX(id) FROM threads UNION ALL SELECT MAX(id) FROM posts UNION ALL \
               SELECT MAX(id) FROM notifications UNION ALL SELECT MAX(id) FROM audit UNION ALL \
               SELECT MAX(id) FROM device_codes) AS every";
    sqlx::query_scalar(sql).fetch_one(pool).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::{FixedClock, SignedDuration};

    #[test]
    fn ids_grow_while_the_clock_stands_or_goes_back() {
        let clock = Arc::new(FixedClock::new("2026-03-01T00:00:00Z".parse().unwrap()));
        let ids = Ids::new(clock.clone(), 0);
        let first = ids.next();
        let second = ids.next();
        clock.advance(SignedDuration::from_secs(-60));
        let third = ids.next();
        assert!(first < second && second < third);
        let again = Ids::new(clock.clone(), third);
        assert!(again.next() > third, "after a restart too");
    }

    #[test]
    fn given_instants_sort_by_themselves_and_never_meet_now() {
        let at: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let ids = Ids::new(Arc::new(FixedClock::new(at)), 0);
        let (now, given, later) =
            (ids.next(), ids.at(at), ids.at(at.saturating_add(SignedDuration::from_millis(1)).unwrap()));
        assert!(now < given && given < later);
        assert!(ids.next() < given);
    }
}
