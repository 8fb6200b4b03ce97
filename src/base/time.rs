//! Instants and ages. The only room that may read the system clock.

use std::sync::Mutex;

use jiff::civil::Time;
pub use jiff::{SignedDuration, Timestamp, ZonedDateTime, tz::TimeZone};

/// Tells what time it is. Everything that needs to know is handed one.
pub trait Clock: Send + Sync {
    /// The instant now, in UTC.
    fn now(&self) -> Timestamp;
}

/// The system's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

/// A clock that moves only when told to.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Stands still at `at`.
    pub fn new(at: Timestamp) -> Self {
        Self(Mutex::new(at))
    }

    /// Moves forward (or back, when negative).
    pub fn advance(&self, by: SignedDuration) {
        let mut at = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *at = at.saturating_add(by).unwrap_or(*at);
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// How long ago something was, in the one unit a reader wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Age {
    /// Under a minute, or in the future by a clock's error.
    Now,
    /// Whole minutes, under an hour.
    Minutes(i64),
    /// Whole hours, under a day.
    Hours(i64),
    /// Whole days, under sixty.
    Days(i64),
    /// Whole months of 30 days, under two years.
    Months(i64),
    /// Whole years of 365 days.
    Years(i64),
}

/// The age of `then` at `now`.
pub fn age(now: Timestamp, then: Timestamp) -> Age {
    let minutes = now.duration_since(then).as_secs() / 60;
    match minutes {
        i64::MIN..=0 => Age::Now,
        1..=59 => Age::Minutes(minutes),
        60..=1439 => Age::Hours(minutes / 60),
        1440..=86_399 => Age::Days(minutes / 1440),
        86_400..=1_051_199 => Age::Months(minutes / 43_200),
        _ => Age::Years(minutes / 525_600),
    }
}

/// Hours of the day: from one time to another, over midnight when the second is the earlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hours {
    from: Time,
    to: Time,
}

impl Hours {
    /// Whether an instant falls into them, in a zone.
    pub fn hold(self, at: Timestamp, zone: &TimeZone) -> bool {
        let time = at.to_zoned_datetime(zone.clone()).time();
        match self.from <= self.to {
            true => self.from <= time && time < self.to,
            false => self.from <= time || time < self.to,
        }
    }
}

impl std::str::FromStr for Hours {
    type Err = &'static str;

    /// Reads `22:00-07:30`.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (from, to) = text.split_once('-').ok_or("two times with a dash between: 22:00-07:30")?;
        let time = |text: &str| text.trim().parse::<Time>().map_err(|_| "times are hours and minutes: 22:00-07:30");
        Ok(Self { from: time(from)?, to: time(to)? })
    }
}

impl<'de> serde::Deserialize<'de> for Hours {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// How many midnights of a zone lie between `now` and `then`: 1 for tomorrow, 0 for today and for what is past.
pub fn days_until(now: Timestamp, then: Timestamp, zone: &TimeZone) -> u64 {
    let day = |at: Timestamp| at.to_zoned_datetime(zone.clone()).date();
    let days = day(then).since(day(now)).map_or(0, |span| span.get_days());
    u64::try_from(days).unwrap_or(0)
}

/// Reads a length of time such as `2d4h` or `90s` (units `w d h m s`, each at most once per mention).
///
/// Returns `None` when the text is empty, has no unit, or does not fit.
pub fn parse_span(text: &str) -> Option<SignedDuration> {
    let mut total: i64 = 0;
    let mut number: Option<i64> = None;
    for c in text.chars() {
        if let Some(digit) = c.to_digit(10) {
            number = Some(number.unwrap_or(0).checked_mul(10)?.checked_add(i64::from(digit))?);
            continue;
        }
        let unit = match c {
            'w' => 604_800,
            'd' => 86_400,
            'h' => 3_600,
            'm' => 60,
            's' => 1,
            _ => return None,
        };
        total = total.checked_add(number.take()?.checked_mul(unit)?)?;
    }
    (number.is_none() && !text.is_empty()).then(|| SignedDuration::from_secs(total))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_sums_of_units() {
        assert_eq!(parse_span("2d4h"), Some(SignedDuration::from_hours(52)));
        assert_eq!(parse_span("1w"), Some(SignedDuration::from_hours(168)));
        for bad in ["", "4", "h", "2x", "4h3", "99999999999999999999d"] {
            assert_eq!(parse_span(bad), None, "{bad}");
        }
    }

    #[test]
    fn hours_may_go_over_midnight() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let night: Hours = "22:00-07:30".parse().unwrap();
        let holds = |text: &str| night.hold(at(text), &TimeZone::UTC);
        assert!(holds("2026-01-01T23:00:00Z") && holds("2026-01-01T07:29:00Z"));
        assert!(!holds("2026-01-01T07:30:00Z") && !holds("2026-01-01T21:59:00Z"));
        let noon: Hours = "12:00-13:00".parse().unwrap();
        assert!(noon.hold(at("2026-01-01T12:30:00Z"), &TimeZone::UTC));
        assert!("22:00".parse::<Hours>().is_err() && "a-b".parse::<Hours>().is_err());
    }

    #[test]
    fn an_age_uses_the_largest_fitting_unit() {
        let now = Timestamp::UNIX_EPOCH;
        let back = |minutes| age(now, now.saturating_sub(SignedDuration::from_mins(minutes)).expect("in range"));
        assert_eq!(back(-5), Age::Now);
        assert_eq!(back(59), Age::Minutes(59));
        assert_eq!(back(60), Age::Hours(1));
        assert_eq!(back(1440), Age::Days(1));
        assert_eq!(back(60 * 1440), Age::Months(2));
        assert_eq!(back(800 * 1440), Age::Years(2));
    }
}
