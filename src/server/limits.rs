//! How often is too often: token buckets per address, account and token, and for all together. What they hold is in the
//! settings. Tries to sign in as a name are counted in `tries`.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::Mutex;

use axum::http::{HeaderMap, HeaderValue};

use crate::base::time::Timestamp;
use crate::config::server::Rate;
use crate::server::error::{Failure, code};

mod tries;

pub use tries::Tries;

/// Buckets kept at most; full ones are dropped first. A flood of addresses costs memory up to here.
const MOST: usize = 50_000;

/// Who is counted, for what.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Who {
    /// Requests of an address.
    Address(IpAddr),
    /// Requests of a member.
    Account(i64),
    /// Writes of a member.
    Writes(i64),
    /// Requests with one token, by its hash.
    Token(String),
    /// Requests of everybody together.
    Everybody,
    /// Tries to sign in or open an account from an address.
    SignInAddress(IpAddr),
    /// Codes of second factors from an address.
    Code(IpAddr),
    /// Device codes asked for from an address.
    DeviceCodes(IpAddr),
    /// User codes typed at an address that no device waits with.
    UserCodes(IpAddr),
}

/// The network that one subscriber has: an IPv4 address, or the /64 of an IPv6 one (RFC 6177).
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6((u128::from(v6) & (u128::MAX << 64)).into()),
        v4 => v4,
    }
}

/// What is left in a bucket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Left {
    rate: Rate,
    /// Whole requests that may be made at once.
    remaining: u64,
    /// Seconds until one more may be made; 0 when one may be made now.
    wait: u64,
}

impl Left {
    /// The fields of draft-ietf-httpapi-ratelimit-headers.
    pub fn write(&self, headers: &mut HeaderMap) {
        let policy = format!("\"default\";q={};w={}", self.rate.burst, self.rate.seconds);
        let left = format!("\"default\";r={};t={}", self.remaining, self.wait);
        for (name, value) in [("ratelimit-policy", policy), ("ratelimit", left)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
    }
}

/// All buckets of a server.
#[derive(Debug, Default)]
pub struct Buckets(Mutex<HashMap<Who, Bucket>>);

/// Counted in milliseconds of filling, so that there is no rounding: a request costs `seconds * 1000 / burst`.
#[derive(Clone, Copy, Debug)]
struct Bucket {
    level: i64,
    at: i64,
    full: i64,
}

impl Bucket {
    fn fill(&mut self, now: i64) {
        self.level = self.full.min(self.level.saturating_add((now - self.at).max(0)));
        self.at = now;
    }
}

impl Buckets {
    /// Takes one from the bucket, or fails with 429 and when to come back.
    pub fn take(&self, who: Who, rate: Rate, now: Timestamp) -> Result<Left, Failure> {
        let (full, now) = (i64::from(rate.seconds) * 1000, now.as_millisecond());
        let cost = (full / i64::from(rate.burst.max(1))).max(1);
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if buckets.len() >= MOST {
            make_room(&mut buckets, now);
        }
        let bucket = buckets.entry(who).or_insert(Bucket { level: full, at: now, full });
        bucket.fill(now);
        if bucket.level < cost {
            let seconds = (cost - bucket.level).div_euclid(1000) + 1;
            let left = Left { rate, remaining: 0, wait: seconds.unsigned_abs() };
            let mut headers = HeaderMap::new();
            left.write(&mut headers);
            let failure = Failure::new(code::TOO_MANY_REQUESTS).retry_after(left.wait);
            return Err(headers.into_iter().fold(failure, |failure, (name, value)| match name {
                Some(name) => failure.header(name, value),
                None => failure,
            }));
        }
        bucket.level -= cost;
        let remaining = (bucket.level / cost).unsigned_abs();
        Ok(Left { rate, remaining, wait: 0 })
    }

    /// Gives back what was taken last, after a success. What failed before stays.
    pub fn give_back(&self, who: &Who, rate: Rate) {
        let full = i64::from(rate.seconds) * 1000;
        let mut buckets = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(bucket) = buckets.get_mut(who) {
            bucket.level = bucket.full.min(bucket.level + (full / i64::from(rate.burst.max(1))).max(1));
        }
    }
}

/// Drops what is full again; in a flood also the counts of addresses, so that those of sign-ins stay.
fn make_room(buckets: &mut HashMap<Who, Bucket>, now: i64) {
    buckets.retain(|_, bucket| {
        bucket.fill(now);
        bucket.level < bucket.full
    });
    if buckets.len() > MOST / 2 {
        buckets.retain(|who, _| !matches!(who, Who::Address(_) | Who::Token(_)));
    }
    if buckets.len() > MOST / 2 {
        buckets.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::time::SignedDuration;

    #[test]
    fn a_bucket_empties_and_fills_up_evenly() {
        let (buckets, rate) = (Buckets::default(), Rate { burst: 3, seconds: 60 });
        let start = Timestamp::UNIX_EPOCH;
        let after = |seconds| start.saturating_add(SignedDuration::from_secs(seconds)).unwrap();
        let take = |at| buckets.take(Who::Account(1), rate, at).map(|left| left.remaining);
        assert_eq!([take(start).unwrap(), take(start).unwrap(), take(start).unwrap()], [2, 1, 0]);
        let problem = take(start).unwrap_err().problem(None);
        assert_eq!((problem.status, problem.retry_after), (429, Some(21)));
        assert!(take(after(19)).is_err());
        assert_eq!(take(after(20)).unwrap(), 0);
        assert_eq!(take(after(3600)).unwrap(), 2, "never more than the burst");
        assert!(buckets.take(Who::Account(2), rate, start).is_ok(), "everybody has one of their own");
    }

    #[test]
    fn what_is_given_back_is_one() {
        let (buckets, rate, now) = (Buckets::default(), Rate { burst: 2, seconds: 60 }, Timestamp::UNIX_EPOCH);
        let who = Who::UserCodes(IpAddr::from([192, 0, 2, 1]));
        let take = || buckets.take(who.clone(), rate, now).map(|left| left.remaining).ok();
        assert_eq!((take(), take()), (Some(1), Some(0)));
        buckets.give_back(&who, rate);
        assert_eq!((take(), take()), (Some(0), None));
        (0..5).for_each(|_| buckets.give_back(&who, rate));
        assert_eq!((take(), take(), take()), (Some(1), Some(0), None), "never more than the burst");
    }

    #[test]
    fn a_flood_of_addresses_takes_no_more_room_and_resets_no_sign_in() {
        let (buckets, rate, now) = (Buckets::default(), Rate { burst: 1, seconds: 60 }, Timestamp::UNIX_EPOCH);
        let ada = || Who::SignInAddress(IpAddr::from([192, 0, 2, 1]));
        buckets.take(ada(), rate, now).unwrap();
        for address in 0..u32::try_from(MOST).unwrap() + 10 {
            buckets.take(Who::Address(IpAddr::from(address.to_be_bytes())), rate, now).unwrap();
        }
        assert!(buckets.0.lock().unwrap().len() <= MOST / 2);
        assert!(buckets.take(ada(), rate, now).is_err());
    }

    #[test]
    fn an_ipv6_subscriber_is_one() {
        let net = |text: &str| network(text.parse().unwrap());
        assert_eq!(net("2001:db8::1"), net("2001:db8::ffff:1"));
        assert_ne!(net("2001:db8::1"), net("2001:db8:0:1::1"));
        assert_eq!(net("::ffff:192.0.2.1"), net("192.0.2.1"));
    }
}
