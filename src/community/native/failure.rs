//! What went wrong with an exchange, as an error of the port: on the way, by a stranger's answer, or in the server's
//! own words.

use std::error::Error as _;
use std::io;

use reqwest::StatusCode;

use super::super::{Error, Kind};
use super::client::{Answer, media_type};
use super::map;
use crate::api::problem::{MEDIA_TYPE, Problem};
use crate::base::{text::Clean, time::SignedDuration};

/// The longest wait that a server may ask for, in seconds.
const LONGEST_WAIT: u64 = 300;

/// A request that did not get its answer. Addresses are left out of the words: they hold what was searched for.
pub(super) fn from_transport(error: &reqwest::Error) -> Error {
    let kind = match () {
        () if error.is_timeout() => Kind::Timeout,
        () if error.is_decode() && causes(error).any(is_nonsense) => Kind::Malformed,
        () => Kind::Offline,
    };
    let told = match causes(error).last() {
        Some(deepest) => Error::with(kind, &deepest.to_string()),
        None => Error::new(kind),
    };
    if error.is_connect() { told.unsent() } else { told }
}

fn causes(error: &reqwest::Error) -> impl Iterator<Item = &(dyn std::error::Error + 'static)> {
    std::iter::successors(error.source(), |cause| (*cause).source())
}

/// Bytes that arrived and cannot be unpacked; every other error of a body is a connection that broke.
fn is_nonsense(error: &(dyn std::error::Error + 'static)) -> bool {
    error.downcast_ref::<io::Error>().is_some_and(|error| error.kind() == io::ErrorKind::InvalidData)
}

/// Whether an answer with this status cannot be the community's own; `signed` when it carries the server's header.
pub(super) fn from_stranger(status: StatusCode, signed: bool) -> Option<Kind> {
    match status {
        StatusCode::NETWORK_AUTHENTICATION_REQUIRED | StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            Some(Kind::NotTheServer)
        }
        _ if status.is_redirection() || status.is_informational() => Some(Kind::NotTheServer),
        _ if signed => None,
        // What stands before the server says that the server is down.
        _ if status.is_server_error() => Some(Kind::Server(None)),
        _ => Some(Kind::NotTheServer),
    }
}

/// The problem that an answer tells, if it is one.
fn problem(answer: &Answer) -> Option<Problem> {
    let is_one = media_type(&answer.content_type) == MEDIA_TYPE;
    is_one.then(|| serde_json::from_slice(&answer.bytes).ok()).flatten()
}

/// The word that an answer gives its problem.
pub(super) fn code(answer: &Answer) -> Option<String> {
    problem(answer).map(|problem| problem.code)
}

/// Whether a 401 is about a password or a code that was sent, and not about the token: new tokens would not help, and
/// the same once more would count as another try.
pub(super) fn is_about_the_body(answer: &Answer) -> bool {
    matches!(code(answer).as_deref(), Some("wrong_password" | "second_factor_required" | "wrong_code"))
}

/// Why the server did not do what was asked.
pub(super) fn from_answer(answer: &Answer) -> Error {
    let problem = problem(answer);
    let words = problem.as_ref().map(|p| p.detail.as_deref().unwrap_or(&p.title)).map(Clean::line);
    let wait = problem.as_ref().and_then(|p| p.retry_after).or(answer.retry_after).unwrap_or(1);
    Error { kind: kind(answer.status, problem, wait), detail: words.unwrap_or_default(), unsent: false }
}

fn kind(status: StatusCode, problem: Option<Problem>, wait: u64) -> Kind {
    let code = problem.as_ref().map(|p| p.code.as_str()).unwrap_or_default();
    match status.as_u16() {
        // RFC 6749 section 5.2: a refused grant is a 400; ours says what it was about.
        400 if code == "invalid_grant" => Kind::SignedOut,
        400 if code == "access_denied" => Kind::Refused,
        400 if code == "expired_token" => Kind::Expired,
        401 if code == "wrong_password" => Kind::WrongPassword,
        401 if code == "second_factor_required" => Kind::SecondFactor,
        401 | 422 if code == "wrong_code" => Kind::WrongCode,
        403 if code == "scope" => Kind::Scope,
        401 => Kind::SignedOut,
        402 => Kind::Gated(problem.and_then(|p| p.entitlement).map(map::gate)),
        403 => Kind::Forbidden,
        404 | 410 => Kind::NotFound,
        405 | 501 => Kind::Unsupported,
        408 => Kind::Timeout,
        409 | 412 => Kind::Conflict,
        413 => Kind::TooLarge,
        400 | 415 | 422 | 428 => Kind::Invalid(problem.map(fields).unwrap_or_default()),
        429 => Kind::TooFast(SignedDuration::from_secs(wait.min(LONGEST_WAIT).cast_signed())),
        500.. => Kind::Server(problem.and_then(|p| p.incident).map(|incident| Clean::line(&incident))),
        _ => Kind::Malformed,
    }
}

fn fields(problem: Problem) -> Vec<(Clean, Clean)> {
    problem.errors.iter().map(|e| (Clean::line(&e.field), Clean::line(&e.message))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(status: u16, body: &str) -> Answer {
        Answer {
            status: StatusCode::from_u16(status).unwrap(),
            retry_after: Some(7),
            content_type: "application/problem+json; charset=utf-8".to_owned(),
            bytes: body.as_bytes().to_vec(),
        }
    }

    #[test]
    fn a_problem_keeps_the_servers_words_and_fields() {
        let body = r#"{"type":"about:blank#invalid_field","title":"A field is wrong.","status":422,"code":"invalid_field",
            "detail":"the title","errors":[{"field":"title","message":"too\u001b[2J long"}]}"#;
        let error = from_answer(&answer(422, body));
        let Kind::Invalid(fields) = &error.kind else { panic!("{error:?}") };
        assert_eq!((&*fields[0].0, &*error.detail), ("title", "the title"));
        assert!(!fields[0].1.contains('\u{1b}'), "{fields:?}");
    }

    #[test]
    fn each_status_is_one_thing_to_act_on_even_without_a_problem() {
        let kind = |status| from_answer(&answer(status, "<html>")).kind;
        assert_eq!(kind(401), Kind::SignedOut);
        assert_eq!(kind(402), Kind::Gated(None));
        assert_eq!(kind(412), Kind::Conflict);
        assert_eq!(kind(418), Kind::Malformed);
        assert_eq!(kind(429), Kind::TooFast(SignedDuration::from_secs(7)));
        assert_eq!(kind(500), Kind::Server(None));
        let endless = Answer { retry_after: Some(u64::MAX), ..answer(429, "") };
        assert_eq!(from_answer(&endless).kind, Kind::TooFast(SignedDuration::from_mins(5)));
    }

    #[test]
    fn strangers_are_told_from_a_server_that_is_down() {
        let stranger = |status, signed| from_stranger(StatusCode::from_u16(status).unwrap(), signed);
        assert_eq!(stranger(200, true), None);
        assert_eq!(stranger(500, true), None);
        assert_eq!(stranger(200, false), Some(Kind::NotTheServer));
        assert_eq!(stranger(404, false), Some(Kind::NotTheServer));
        assert_eq!(stranger(502, false), Some(Kind::Server(None)));
        assert_eq!(stranger(511, false), Some(Kind::NotTheServer));
        assert_eq!(stranger(302, true), Some(Kind::NotTheServer));
    }
}
