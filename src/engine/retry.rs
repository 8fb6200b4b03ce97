//! When to try again, and after how long. Pure but for [`read`], which waits on tokio's clock.

use std::time::Duration;

use crate::base::random::Random;
use crate::community::{Error, Kind, Result};

/// Tries in all, the first one included.
const TRIES: u32 = 3;
const SHORTEST: Duration = Duration::from_millis(200);
const LONGEST: Duration = Duration::from_secs(5);
/// A person waits this long for a server that asks for patience; beyond it they are told instead.
const PATIENCE: Duration = Duration::from_secs(10);

/// A delay drawn evenly from `SHORTEST` to a limit that doubles with every failure ("full jitter"), so that clients
/// that failed together do not come back together. `failures` is 1 after the first.
pub(super) fn jittered(random: &dyn Random, failures: u32, longest: Duration) -> Duration {
    let limit = SHORTEST.saturating_mul(1 << failures.min(16)).clamp(SHORTEST, longest);
    let mut bytes = [0; 4];
    random.fill(&mut bytes);
    let share = f64::from(u32::from_le_bytes(bytes)) / f64::from(u32::MAX);
    SHORTEST + (limit - SHORTEST).mul_f64(share)
}

/// How long a server asked to be left alone.
pub(super) fn asked_to_wait(error: &Error) -> Option<Duration> {
    match &error.kind {
        Kind::TooFast(wait) => Some(Duration::try_from(*wait).unwrap_or_default()),
        _ => None,
    }
}

/// The delay before a read is tried again; `None` when that is no use.
fn again(random: &dyn Random, error: &Error, failures: u32) -> Option<Duration> {
    if failures >= TRIES {
        return None;
    }
    match &error.kind {
        Kind::Offline | Kind::Timeout | Kind::Server(_) => Some(jittered(random, failures, LONGEST)),
        Kind::TooFast(_) => {
            let wait = asked_to_wait(error)?;
            (wait <= PATIENCE).then(|| wait + jittered(random, 1, LONGEST))
        }
        _ => None,
    }
}

/// Does something that changes nothing, up to three times.
pub(super) async fn read<T, F>(random: &dyn Random, mut attempt: impl FnMut() -> F) -> Result<T>
where
    F: Future<Output = Result<T>>,
{
    let mut failures = 0;
    loop {
        let error = match attempt().await {
            Ok(answer) => return Ok(answer),
            Err(error) => error,
        };
        failures += 1;
        match again(random, &error, failures) {
            Some(delay) => tokio::time::sleep(delay).await,
            None => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Seeded;
    use crate::base::time::SignedDuration;

    #[test]
    fn delays_stay_within_their_limits_and_spread() {
        let random = Seeded::new(7);
        let delays: Vec<_> = (0..200).map(|n| jittered(&random, n % 9 + 1, LONGEST)).collect();
        assert!(delays.iter().all(|d| (SHORTEST..=LONGEST).contains(d)), "{delays:?}");
        assert!(delays.iter().any(|d| *d > Duration::from_secs(3)), "never long: {delays:?}");
        assert!(jittered(&random, u32::MAX, LONGEST) <= LONGEST);
    }

    #[test]
    fn only_what_may_pass_is_tried_again() {
        let random = Seeded::new(1);
        let delay = |kind| again(&random, &Error::new(kind), 1);
        assert!(delay(Kind::Offline).is_some());
        assert!(delay(Kind::Server(None)).is_some());
        assert!(delay(Kind::TooFast(SignedDuration::from_secs(2))).is_some_and(|d| d >= Duration::from_secs(2)));
        assert_eq!(delay(Kind::TooFast(SignedDuration::from_secs(60))), None);
        assert_eq!(delay(Kind::NotFound), None);
        assert_eq!(delay(Kind::SignedOut), None);
        assert_eq!(again(&random, &Error::new(Kind::Offline), 3), None);
    }
}
