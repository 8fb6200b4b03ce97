//! What follows from one attempt to send a change. Pure: the outbox carries it out.

use std::time::Duration;

use super::outbox::Came;
use super::retry::{asked_to_wait, jittered};
use crate::base::random::Random;
use crate::base::time::{SignedDuration, Timestamp};
use crate::community::{Arrived, Error, Kind};
use crate::model::change::Applied;
use crate::model::outbox::{Entry, State, Why};

/// The longest wait before another attempt.
const LONGEST: Duration = Duration::from_secs(60);
/// A server that answers and fails this often at one change will go on failing.
const MOST_FAILURES: u32 = 8;

/// What a verdict rests on besides the attempt.
pub(super) struct Judge<'a> {
    pub(super) now: Timestamp,
    pub(super) random: &'a dyn Random,
    /// For how long a key protects.
    pub(super) keys_kept: SignedDuration,
}

/// What follows.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// It arrived.
    Done(Applied),
    /// It goes, or is looked for, again later; at once when the line is back, if it waits for that.
    Wait { state: State, for_line: bool },
    /// Nothing goes until somebody has signed in again.
    Pause,
    /// The person decides.
    Stuck(State, Error),
    /// It set something, and that was refused: nothing of it is kept.
    Refused(Error),
}

/// What follows from an attempt.
pub(super) fn verdict(entry: &Entry, came: Came, judge: &Judge<'_>) -> Next {
    match came {
        Came::Of(Ok(applied)) | Came::Looked(Ok(Arrived::Yes(applied))) => Next::Done(applied),
        Came::Looked(Ok(Arrived::No)) => Next::Wait { state: State::Queued, for_line: false },
        Came::Looked(Ok(Arrived::Unknown)) => stuck(Why::Unknown, Error::new(Kind::Timeout)),
        Came::Looked(Err(error)) if error.kind == Kind::SignedOut => Next::Pause,
        Came::Looked(Err(error)) => {
            let for_line = error.kind.is_unreachable();
            Next::Wait { state: State::Unsure { at: later(entry, &error, judge) }, for_line }
        }
        Came::Of(Err(error)) => failed(entry, error, judge),
    }
}

fn failed(entry: &Entry, error: Error, judge: &Judge<'_>) -> Next {
    let is_safe = !entry.change.is_text() || judge.now.duration_since(entry.made) < judge.keys_kept;
    let why = match &error.kind {
        Kind::SignedOut => return Next::Pause,
        Kind::TooFast(_) => return wait(State::Retry { at: later(entry, &error, judge) }, false),
        // An answer that cannot be read was given by a server that may have done what was asked.
        Kind::Offline
        | Kind::Timeout
        | Kind::NotTheServer
        | Kind::LoginPage
        | Kind::ProxyLogin
        | Kind::Untrusted(_)
        | Kind::Server(_)
        | Kind::Malformed => {
            let at = later(entry, &error, judge);
            let for_line = error.kind.is_unreachable();
            return match () {
                () if !is_safe && !error.unsent => wait(State::Unsure { at }, for_line),
                () if !for_line && entry.tries >= MOST_FAILURES => refused(entry, Why::Failing, error),
                () => wait(State::Retry { at }, for_line),
            };
        }
        Kind::NotFound => Why::NotFound,
        Kind::Forbidden
        | Kind::WrongPassword
        | Kind::SecondFactor
        | Kind::WrongCode
        | Kind::Refused
        | Kind::Expired
        | Kind::Scope => Why::Forbidden,
        Kind::Gated(_) => Why::Gated,
        Kind::Conflict => Why::Conflict,
        Kind::Invalid(_) => Why::Invalid,
        Kind::TooLarge => Why::TooLarge,
        Kind::Unsupported => Why::Unsupported,
    };
    refused(entry, why, error)
}

fn wait(state: State, for_line: bool) -> Next {
    Next::Wait { state, for_line }
}

fn refused(entry: &Entry, why: Why, error: Error) -> Next {
    if entry.change.is_text() { stuck(why, error) } else { Next::Refused(error) }
}

fn stuck(why: Why, error: Error) -> Next {
    Next::Stuck(State::Stuck { why, detail: super::problem::fault(&error) }, error)
}

/// When to try again: after a delay that doubles with every failure, and not before the server wants to be asked.
fn later(entry: &Entry, error: &Error, judge: &Judge<'_>) -> Timestamp {
    let delay = jittered(judge.random, entry.tries.max(1), LONGEST) + asked_to_wait(error).unwrap_or_default();
    let delay = SignedDuration::try_from(delay).unwrap_or(SignedDuration::from_mins(1));
    judge.now.saturating_add(delay).unwrap_or(judge.now)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::{IdempotencyKey, ThreadId};
    use crate::base::random::Seeded;
    use crate::model::change::Change;
    use crate::model::outbox::EntryId;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn entry(change: Change) -> Entry {
        Entry {
            id: EntryId(1),
            key: IdempotencyKey::new("k"),
            change,
            about: String::new(),
            after: 0,
            made: NOW,
            state: State::Sending,
            tries: 1,
        }
    }

    fn text() -> Entry {
        entry(Change::Reply { thread: ThreadId::new("1"), parent: None, body: "x".into() })
    }

    fn setting() -> Entry {
        entry(Change::Follow { thread: ThreadId::new("1"), on: true })
    }

    fn after(entry: &Entry, came: Came, hours: i64) -> Next {
        let keys_kept = SignedDuration::from_hours(hours);
        verdict(entry, came, &Judge { now: NOW, random: &Seeded::new(1), keys_kept })
    }

    #[test]
    fn what_may_pass_goes_again_and_the_rest_is_the_persons() {
        let failed = |kind| after(&text(), Came::Of(Err(Error::new(kind))), 24);
        let expired = Kind::Untrusted(crate::community::Distrust::Expired);
        for kind in [Kind::Offline, Kind::Timeout, Kind::NotTheServer, Kind::LoginPage, Kind::ProxyLogin, expired] {
            assert!(matches!(failed(kind), Next::Wait { state: State::Retry { .. }, for_line: true }));
        }
        for kind in [Kind::Server(None), Kind::Malformed, Kind::TooFast(SignedDuration::from_secs(3))] {
            assert!(matches!(failed(kind), Next::Wait { state: State::Retry { at }, for_line: false } if at > NOW));
        }
        for (kind, why) in [
            (Kind::NotFound, Why::NotFound),
            (Kind::Forbidden, Why::Forbidden),
            (Kind::Gated(None), Why::Gated),
            (Kind::Conflict, Why::Conflict),
            (Kind::Invalid(Vec::new()), Why::Invalid),
            (Kind::TooLarge, Why::TooLarge),
            (Kind::Unsupported, Why::Unsupported),
        ] {
            assert!(matches!(failed(kind), Next::Stuck(State::Stuck { why: told, .. }, _) if told == why));
        }
        assert_eq!(failed(Kind::SignedOut), Next::Pause);
    }

    #[test]
    fn a_server_that_asks_for_patience_gets_it() {
        let error = Error::new(Kind::TooFast(SignedDuration::from_secs(90)));
        let Next::Wait { state: State::Retry { at }, .. } = after(&text(), Came::Of(Err(error)), 24) else { panic!() };
        assert!(at.duration_since(NOW) >= SignedDuration::from_secs(90));
    }

    #[test]
    fn a_setting_that_is_refused_is_taken_back() {
        let error = Error::new(Kind::Forbidden);
        assert_eq!(after(&setting(), Came::Of(Err(error.clone())), 24), Next::Refused(error));
    }

    #[test]
    fn without_a_key_an_uncertain_text_is_looked_for_and_never_repeated_blindly() {
        let timeout = || Error::new(Kind::Timeout);
        let unsure = |next: Next| matches!(next, Next::Wait { state: State::Unsure { .. }, .. });
        assert!(unsure(after(&text(), Came::Of(Err(timeout())), 0)));
        assert!(unsure(after(&text(), Came::Looked(Err(timeout())), 0)));
        let never_sent = after(&text(), Came::Of(Err(Error::new(Kind::Offline).unsent())), 0);
        assert!(matches!(never_sent, Next::Wait { state: State::Retry { .. }, .. }), "{never_sent:?}");
        assert!(!unsure(after(&setting(), Came::Of(Err(timeout())), 0)));
        let unknown = after(&text(), Came::Looked(Ok(Arrived::Unknown)), 0);
        assert!(matches!(unknown, Next::Stuck(State::Stuck { why: Why::Unknown, .. }, _)));
        let no = after(&text(), Came::Looked(Ok(Arrived::No)), 0);
        assert_eq!(no, Next::Wait { state: State::Queued, for_line: false });
    }

    #[test]
    fn a_server_that_only_fails_is_given_up_on_in_the_end() {
        let text = Entry { tries: MOST_FAILURES, ..text() };
        let failed = |kind| after(&text, Came::Of(Err(Error::new(kind))), 24);
        assert!(matches!(failed(Kind::Server(None)), Next::Stuck(State::Stuck { why: Why::Failing, .. }, _)));
        assert!(matches!(failed(Kind::Offline), Next::Wait { .. }));
    }
}
