//! Why the server did not do what was asked, in its own words.

use super::super::http::{Answer, media_type, within_reason};
use super::super::{Error, Kind};
use super::map;
use crate::api::problem::{MEDIA_TYPE, Problem};
use crate::base::text::Clean;

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
    Error { detail: words.unwrap_or_default(), ..Error::new(kind(answer.status.as_u16(), problem, wait)) }
}

fn kind(status: u16, problem: Option<Problem>, wait: u64) -> Kind {
    let code = problem.as_ref().map(|p| p.code.as_str()).unwrap_or_default();
    match status {
        // RFC 6749 section 5.2: a refused grant is a 400; ours says what it was about.
        400 if code == "invalid_grant" => Kind::SignedOut,
        400 if code == "access_denied" => Kind::Refused,
        400 if code == "expired_token" => Kind::Expired,
        401 if code == "wrong_password" => Kind::WrongPassword,
        401 if code == "second_factor_required" => Kind::SecondFactor,
        401 | 422 if code == "wrong_code" => Kind::WrongCode,
        403 if code == "scope" => Kind::Scope,
        401 => Kind::SignedOut,
        402 => Kind::Gated(problem.and_then(|p| p.entitlement).map(map::gate).map(Box::new)),
        403 => Kind::Forbidden,
        404 | 410 => Kind::NotFound,
        405 | 501 => Kind::Unsupported,
        408 => Kind::Timeout,
        409 | 412 => Kind::Conflict,
        413 => Kind::TooLarge,
        400 | 415 | 422 | 428 => Kind::Invalid(problem.map(fields).unwrap_or_default()),
        429 => Kind::TooFast(within_reason(wait)),
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
    use crate::base::time::SignedDuration;

    fn refused(status: u16, body: &str) -> Error {
        from_answer(&Answer::saying(status, "application/problem+json; charset=utf-8", body))
    }

    #[test]
    fn a_problem_keeps_the_servers_words_and_fields() {
        let body = r#"{"type":"about:blank#invalid_field","title":"A field is wrong.","status":422,"code":"invalid_field",
            "detail":"the title","errors":[{"field":"title","message":"too\u001b[2J long"}]}"#;
        let error = refused(422, body);
        let Kind::Invalid(fields) = &error.kind else { panic!("{error:?}") };
        assert_eq!((&*fields[0].0, &*error.detail), ("title", "the title"));
        assert!(!fields[0].1.contains('\u{1b}'), "{fields:?}");
    }

    #[test]
    fn each_status_is_one_thing_to_act_on_even_without_a_problem() {
        let kind = |status| refused(status, "<html>").kind;
        assert_eq!(kind(401), Kind::SignedOut);
        assert_eq!(kind(402), Kind::Gated(None));
        assert_eq!(kind(412), Kind::Conflict);
        assert_eq!(kind(418), Kind::Malformed);
        assert_eq!(kind(429), Kind::TooFast(SignedDuration::from_secs(1)));
        assert_eq!(kind(500), Kind::Server(None));
    }

    #[test]
    fn how_long_to_wait_is_told_by_the_problem_or_the_header_and_within_reason() {
        let asking = |header, body: &str| {
            let mut answer = Answer::saying(429, MEDIA_TYPE, body);
            answer.retry_after = header;
            from_answer(&answer).kind
        };
        let problem =
            |seconds: u64| format!(r#"{{"type":"x","title":"x","status":429,"code":"x","retry_after":{seconds}}}"#);
        assert_eq!(asking(Some(7), "<html>"), Kind::TooFast(SignedDuration::from_secs(7)));
        assert_eq!(asking(Some(7), &problem(9)), Kind::TooFast(SignedDuration::from_secs(9)));
        assert_eq!(asking(None, &problem(u64::MAX)), Kind::TooFast(SignedDuration::from_mins(5)));
    }
}
