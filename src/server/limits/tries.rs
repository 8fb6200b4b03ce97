//! Tries to sign in: the first few are free, then each waits twice as long as the one before, up to a few minutes.
//! Nobody is ever locked out.
//!
//! Counted twice: by name and network, so that somebody elsewhere cannot make the owner of an account wait; and by name
//! alone, much more patiently, so that many networks together do not get many tries. The second count leaves out the
//! networks from which that name has signed in: whoever floods an account from elsewhere does not keep its owner out.
//! Names are counted whether or not somebody has them, so the wait tells nothing.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::base::time::Timestamp;
use crate::config::server::{Delay, Limits};
use crate::server::error::{Failure, code};

/// Counts kept at most; those that hold nobody back are dropped first.
const MOST: usize = 50_000;

/// After this long without a try a count is forgotten, in milliseconds.
const FORGOTTEN: i64 = 24 * 3600 * 1000;

/// For how long a network counts as one of a name's own after it signed in there, in milliseconds.
const KNOWN: i64 = 90 * 24 * 3600 * 1000;

/// Most characters of a name that are looked at, so that nobody fills the table with long ones.
const NAME: usize = 32;

/// What has been tried lately.
#[derive(Debug, Default)]
pub struct Tries(Mutex<HashMap<Key, Count>>);

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Key {
    /// A name from a network.
    Here(IpAddr, String),
    /// A name from networks that are not its own.
    Elsewhere(String),
    /// A name that signed in from a network.
    Known(IpAddr, String),
}

#[derive(Clone, Copy, Debug)]
struct Count {
    tries: u32,
    /// When it was last counted, Unix milliseconds.
    at: i64,
    /// Before this nobody may try again, Unix milliseconds.
    free_at: i64,
}

impl Tries {
    /// Counts a try to sign in as `name` from `network`, before anything is looked up. A try that turns out right is
    /// taken back by [`Tries::succeeded`].
    ///
    /// # Errors
    /// 429 with when to come back. Such a try is not counted: waiting is never made longer by asking.
    pub fn begin(&self, network: IpAddr, name: &str, limits: &Limits, now: Timestamp) -> Result<(), Failure> {
        let (name, now) = (cut(name), now.as_millisecond());
        let mut counts = self.lock();
        // A try takes two places.
        if counts.len() + 2 > MOST {
            make_room(&mut counts, now);
        }
        let own = counts.get(&Key::Known(network, name.clone())).is_some_and(|known| now - known.at < KNOWN);
        let here = (Key::Here(network, name.clone()), limits.sign_in);
        let elsewhere = (!own).then_some((Key::Elsewhere(name), limits.sign_in_account));
        let asked: Vec<(Key, Delay)> = [here].into_iter().chain(elsewhere).collect();
        let wait = asked.iter().filter_map(|(key, _)| counts.get(key)).map(|count| count.free_at - now).max();
        if let Some(wait) = wait.filter(|wait| *wait > 0) {
            let seconds = (wait + 999) / 1000;
            return Err(Failure::new(code::TOO_MANY_REQUESTS).retry_after(seconds.unsigned_abs()));
        }
        for (key, delay) in asked {
            let count = counts.entry(key).or_insert(Count { tries: 0, at: now, free_at: now });
            if now - count.at > FORGOTTEN {
                count.tries = 0;
            }
            count.tries = count.tries.saturating_add(1);
            (count.at, count.free_at) = (now, now + wait_after(count.tries, delay));
        }
        Ok(())
    }

    /// Forgets the tries of a name from a network, which is one of its own from now on.
    pub fn succeeded(&self, network: IpAddr, name: &str, now: Timestamp) {
        let (name, now) = (cut(name), now.as_millisecond());
        let mut counts = self.lock();
        counts.remove(&Key::Here(network, name.clone()));
        counts.insert(Key::Known(network, name), Count { tries: 0, at: now, free_at: now });
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Key, Count>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn cut(name: &str) -> String {
    name.chars().take(NAME).collect()
}

/// How long to wait after so many tries, in milliseconds: nothing for the first, then twice as long each time.
fn wait_after(tries: u32, delay: Delay) -> i64 {
    let Some(beyond) = tries.checked_sub(delay.free) else { return 0 };
    let seconds = u64::from(delay.first_seconds).saturating_mul(1_u64 << beyond.min(30));
    i64::try_from(seconds.min(u64::from(delay.most_seconds)) * 1000).unwrap_or(i64::MAX)
}

/// Drops what is forgotten, then what holds nobody back, then everything but what is known.
fn make_room(counts: &mut HashMap<Key, Count>, now: i64) {
    let kept = |key: &Key| if matches!(key, Key::Known(..)) { KNOWN } else { FORGOTTEN };
    counts.retain(|key, count| now - count.at < kept(key));
    if counts.len() > MOST / 2 {
        counts.retain(|key, count| matches!(key, Key::Known(..)) || count.free_at > now);
    }
    if counts.len() > MOST / 2 {
        counts.retain(|key, _| matches!(key, Key::Known(..)));
    }
    if counts.len() > MOST / 2 {
        counts.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::SignedDuration;

    const HOME: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(seconds)).unwrap()
    }

    fn away(number: u32) -> IpAddr {
        IpAddr::from((0x0A00_0000 + number).to_be_bytes())
    }

    /// 0 when the try was let through, else the seconds to wait.
    fn ask(tries: &Tries, network: IpAddr, name: &str, seconds: i64) -> u64 {
        let asked = tries.begin(network, name, &Limits::default(), at(seconds));
        asked.err().map_or(0, |failure| failure.problem(None).retry_after.unwrap())
    }

    #[test]
    fn five_are_free_then_the_wait_doubles_up_to_a_quarter_of_an_hour() {
        let tries = Tries::default();
        assert_eq!([(); 5].map(|()| ask(&tries, HOME, "ada", 0)), [0; 5]);
        let mut now = 0;
        let mut waits = Vec::new();
        for _ in 0..8 {
            let wait = ask(&tries, HOME, "ada", now);
            assert_eq!(ask(&tries, HOME, "ada", now), wait, "asking makes it no longer");
            waits.push(wait);
            now += wait.cast_signed();
            assert_eq!(ask(&tries, HOME, "ada", now), 0, "never a lock-out");
        }
        assert_eq!(waits, [30, 60, 120, 240, 480, 900, 900, 900]);
        assert_eq!(ask(&tries, HOME, "bram", now), 0, "another name is another count");
        assert_eq!(ask(&tries, away(1), "ada", now), 0, "another network is another count");
        assert_eq!(ask(&tries, HOME, "ada", now + 25 * 3600), 0);
        assert_eq!(ask(&tries, HOME, "ada", now + 25 * 3600), 0, "after a day it is forgotten");
    }

    #[test]
    fn a_success_starts_the_count_again() {
        let tries = Tries::default();
        assert_eq!([(); 5].map(|()| ask(&tries, HOME, "ada", 0)), [0; 5]);
        tries.succeeded(HOME, "ada", at(0));
        assert_eq!([(); 5].map(|()| ask(&tries, HOME, "ada", 0)), [0; 5]);
        assert_eq!(ask(&tries, HOME, "ada", 0), 30);
    }

    #[test]
    fn a_flood_from_elsewhere_is_slowed_and_does_not_keep_the_owner_out() {
        let tries = Tries::default();
        assert_eq!(ask(&tries, HOME, "ada", 0), 0);
        tries.succeeded(HOME, "ada", at(0));
        // A thousand networks, one try each, as fast as they can.
        let let_through = (0..1000).filter(|number| ask(&tries, away(*number), "ada", 1) == 0).count();
        assert_eq!(let_through, 99, "and one from home, before it was known");
        assert!(ask(&tries, away(5000), "ada", 1) > 0);
        assert_eq!(ask(&tries, HOME, "ada", 1), 0, "at home nothing has changed");
        // A new network of the owner's waits for half a minute at most.
        let after = (0..3600).filter(|second| ask(&tries, away(6000), "ada", 2 + second) == 0).count();
        assert!(after > 0);
        let longest = (0..100).map(|number| ask(&tries, away(7000 + number), "ada", 4000)).max();
        assert!(longest <= Some(30), "{longest:?}");
        // For a name that nobody has it is the same.
        assert_eq!((0..1000).filter(|number| ask(&tries, away(*number), "eve", 1) == 0).count(), 100);
    }

    #[test]
    fn a_flood_of_names_takes_no_more_room() {
        let tries = Tries::default();
        tries.succeeded(HOME, "ada", at(0));
        for number in 0..u32::try_from(MOST).unwrap() {
            ask(&tries, away(number), &format!("name{number}"), 0);
        }
        let counts = tries.lock();
        assert!(counts.len() <= MOST);
        assert!(counts.contains_key(&Key::Known(HOME, "ada".into())));
    }
}
