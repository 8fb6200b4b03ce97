//! When a server wants to be asked again (RFC 9110 section 10.2.3): in seconds, or at a date. A date is told from the
//! server's own `Date`, never from the clock of this machine: no two clocks agree.

use reqwest::header::{DATE, HeaderMap};

use super::RETRY_AFTER;
use crate::base::time::SignedDuration;

/// The longest wait that a server may ask for, in seconds.
const LONGEST: u64 = 300;

/// The wait for a date that there is nothing to tell from, in seconds.
const UNTOLD: u64 = 60;

/// How long to wait, in seconds and within reason; none when the answer does not say, or says nonsense.
pub(super) fn seconds(headers: &HeaderMap) -> Option<u64> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    let asked = text(RETRY_AFTER)?;
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        // What is no number any more is a very long time.
        return Some(asked.parse().unwrap_or(u64::MAX).min(LONGEST));
    }
    let then = httpdate::parse_http_date(asked).ok()?;
    let wait = match text(DATE).and_then(|now| httpdate::parse_http_date(now).ok()) {
        Some(now) => then.duration_since(now).unwrap_or_default().as_secs(),
        None => UNTOLD,
    };
    Some(wait.min(LONGEST))
}

/// A wait that a server asked for, five minutes at most.
pub fn within_reason(seconds: u64) -> SignedDuration {
    SignedDuration::from_secs(seconds.min(LONGEST).cast_signed())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_read_in_seconds_or_from_the_servers_own_clock() {
        let read = |asked: &'static str, now: Option<&'static str>| {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, asked.parse().unwrap());
            if let Some(now) = now {
                headers.insert(DATE, now.parse().unwrap());
            }
            seconds(&headers)
        };
        assert_eq!((read("7", None), read(" 0 ", None)), (Some(7), Some(0)));
        assert_eq!(read("99999999999999999999999999", None), Some(300));
        // The three forms of RFC 9110 section 5.6.7, from a server whose clock is decades off.
        let now = Some("Sun, 06 Nov 1994 08:49:00 GMT");
        for then in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            assert_eq!(read(then, now), Some(37), "{then}");
        }
        assert_eq!(read("Sun, 06 Nov 1994 08:48:00 GMT", now), Some(0), "it is past");
        assert_eq!(read("Mon, 07 Nov 1994 08:49:37 GMT", now), Some(300));
        assert_eq!(read("Sun, 06 Nov 1994 08:49:37 GMT", None), Some(60));
        for nonsense in ["", "soon", "-1", "1.5", "+3"] {
            assert_eq!(read(nonsense, now), None, "{nonsense}");
        }
        assert_eq!(within_reason(u64::MAX), SignedDuration::from_mins(5));
    }
}
