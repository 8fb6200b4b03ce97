//! When to paint: not more often than eyes can tell, and once for a terminal that changes its size many times in a row.

use std::time::{Duration, Instant};

/// At most one frame in this time.
const FRAME: Duration = Duration::from_millis(16);
/// After this without a new size the size is what it will be.
const SETTLED: Duration = Duration::from_millis(20);
/// After this one of many sizes is painted anyway.
const LONGEST_STORM: Duration = Duration::from_millis(100);

/// What was painted when.
#[derive(Debug, Default)]
pub(super) struct Pace {
    painted: Option<Instant>,
    /// The first new size since then, and the last one.
    resized: Option<(Instant, Instant)>,
}

impl Pace {
    /// The terminal has another size.
    pub(super) fn resized(&mut self, now: Instant) {
        let storm = self.resized.filter(|(_, last)| now < *last + SETTLED);
        let first = storm.map_or(now, |(first, _)| first);
        self.resized = Some((first, now));
    }

    /// A frame was painted; whether it was the first.
    pub(super) fn painted(&mut self, now: Instant) -> bool {
        let is_first = self.painted.is_none();
        *self = Self { painted: Some(now), resized: None };
        is_first
    }

    /// How long the next frame is not to be painted yet.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let after_frame = self.painted.map(|at| at + FRAME);
        let after_storm = self.resized.map(|(first, last)| (last + SETTLED).min(first + LONGEST_STORM));
        let at = after_frame.into_iter().chain(after_storm).max();
        at.map_or(Duration::ZERO, |at| at.saturating_duration_since(now))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MS: Duration = Duration::from_millis(1);

    #[test]
    fn frames_are_not_closer_than_eyes_can_tell() {
        let start = Instant::now();
        let mut pace = Pace::default();
        assert_eq!(pace.wait(start), Duration::ZERO, "the first one at once");
        assert!(pace.painted(start));
        assert_eq!(pace.wait(start + 4 * MS), 12 * MS);
        assert_eq!(pace.wait(start + 40 * MS), Duration::ZERO);
    }

    #[test]
    fn a_storm_of_sizes_is_one_frame_and_a_long_one_is_seen() {
        let start = Instant::now();
        let mut pace = Pace::default();
        for at in 0..50 {
            pace.resized(start + at * MS);
            assert!(pace.wait(start + at * MS) > Duration::ZERO, "painted in the middle of a storm");
        }
        assert_eq!(pace.wait(start + 69 * MS), Duration::ZERO);
        for at in 50..100 {
            pace.resized(start + at * MS);
        }
        assert_eq!(pace.wait(start + 100 * MS), Duration::ZERO, "a storm that does not end");
        assert!(pace.painted(start + 100 * MS));
        assert!(!pace.painted(start + 100 * MS));
        assert_eq!(pace.wait(start + 120 * MS), Duration::ZERO);
    }
}
