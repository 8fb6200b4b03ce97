//! The kinds of failure: a stable word, a status and a title each. Programs go by the word.

use axum::http::StatusCode;

/// A kind of failure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Code {
    /// The stable word.
    pub word: &'static str,
    /// The HTTP status.
    pub status: StatusCode,
    /// The kind in words.
    pub title: &'static str,
}

macro_rules! codes {
    ($($name:ident $status:ident $word:literal $title:literal;)*) => {
        $(#[doc = $title] pub const $name: Code = Code { word: $word, status: StatusCode::$status, title: $title };)*

        /// Every kind there is.
        pub const ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    MALFORMED BAD_REQUEST "malformed" "The request cannot be read.";
    UNKNOWN_FIELD BAD_REQUEST "unknown_field" "The request has a field that is not known here.";
    INVALID_QUERY BAD_REQUEST "invalid_query" "The query is wrong.";
    BAD_CURSOR BAD_REQUEST "bad_cursor" "The cursor does not belong to this list.";
    IDEMPOTENCY_KEY_MISSING BAD_REQUEST "idempotency_key_missing" "The request needs an Idempotency-Key.";
    INVALID_GRANT BAD_REQUEST "invalid_grant" "The token is not valid, has ended or was used before.";
    UNSUPPORTED_GRANT BAD_REQUEST "unsupported_grant_type" "The server does not offer this grant.";
    INVALID_REQUEST BAD_REQUEST "invalid_request" "The request lacks something that its grant needs.";
    AUTHORIZATION_PENDING BAD_REQUEST "authorization_pending" "Nobody has let the device in yet.";
    SLOW_DOWN BAD_REQUEST "slow_down" "Nobody has let the device in yet; wait five seconds longer between two questions.";
    ACCESS_DENIED BAD_REQUEST "access_denied" "Somebody refused to let it in.";
    EXPIRED_TOKEN BAD_REQUEST "expired_token" "The code has ended; ask for a new one.";
    UNAUTHENTICATED UNAUTHORIZED "unauthenticated" "Sign in first.";
    INVALID_TOKEN UNAUTHORIZED "invalid_token" "The access token is not valid or has ended.";
    WRONG_PASSWORD UNAUTHORIZED "wrong_password" "The name or the password is wrong.";
    SECOND_FACTOR_REQUIRED UNAUTHORIZED "second_factor_required" "The account has a second factor: a code is needed too.";
    WRONG_CODE UNAUTHORIZED "wrong_code" "The code is wrong or was used already.";
    MEMBERSHIP_REQUIRED PAYMENT_REQUIRED "membership_required" "This takes a membership.";
    FORBIDDEN FORBIDDEN "forbidden" "Your role may not do that.";
    SCOPE FORBIDDEN "scope" "A personal access token may not do that, or not this one.";
    PAGE_ENDED FORBIDDEN "page_ended" "The page is too old or was not sent from here.";
    REGISTRATION_CLOSED FORBIDDEN "registration_closed" "This community opens no accounts by itself.";
    NOT_FOUND NOT_FOUND "not_found" "It is not there.";
    METHOD_NOT_ALLOWED METHOD_NOT_ALLOWED "method_not_allowed" "This cannot be done with that method.";
    BODY_TIMEOUT REQUEST_TIMEOUT "body_timeout" "The body did not arrive in time.";
    CONFLICT CONFLICT "conflict" "That does not fit what is there.";
    NAME_TAKEN CONFLICT "name_taken" "The name is taken.";
    STALE PRECONDITION_FAILED "stale" "It has changed meanwhile.";
    TOO_LARGE PAYLOAD_TOO_LARGE "too_large" "The body is too large.";
    UNSUPPORTED_MEDIA_TYPE UNSUPPORTED_MEDIA_TYPE "unsupported_media_type" "The body is of a kind that is not read here.";
    INVALID_FIELD UNPROCESSABLE_ENTITY "invalid_field" "A field is wrong.";
    IDEMPOTENCY_KEY_REUSED UNPROCESSABLE_ENTITY "idempotency_key_reused" "The Idempotency-Key was used for another request.";
    IF_MATCH_MISSING PRECONDITION_REQUIRED "if_match_missing" "The request needs If-Match.";
    TOO_MANY_REQUESTS TOO_MANY_REQUESTS "too_many_requests" "Too many requests.";
    INTERNAL INTERNAL_SERVER_ERROR "internal" "The server failed.";
    BUSY SERVICE_UNAVAILABLE "busy" "The server is busy.";
}

/// The kind that goes with a bare status, for answers that a layer below made.
pub fn of_status(status: StatusCode) -> Code {
    let fallback = if status.is_server_error() { INTERNAL } else { MALFORMED };
    match status {
        StatusCode::NOT_FOUND => NOT_FOUND,
        StatusCode::PAYLOAD_TOO_LARGE => TOO_LARGE,
        other => ALL.iter().find(|code| code.status == other).copied().unwrap_or(Code { status: other, ..fallback }),
    }
}

/// The word that OAuth has for a kind (RFC 6749 section 5.2, RFC 8628 section 3.5). None where it has no word: the
/// status says enough.
pub fn oauth(code: Code) -> Option<&'static str> {
    match code.word {
        "wrong_password" | "second_factor_required" | "wrong_code" => Some(INVALID_GRANT.word),
        "invalid_grant"
        | "unsupported_grant_type"
        | "authorization_pending"
        | "slow_down"
        | "access_denied"
        | "expired_token" => Some(code.word),
        _ if code.status.is_server_error() || code == TOO_MANY_REQUESTS || code == BODY_TIMEOUT => None,
        _ => Some(INVALID_REQUEST.word),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_unique_and_titles_are_sentences() {
        for (at, code) in ALL.iter().enumerate() {
            assert!(ALL[..at].iter().all(|other| other.word != code.word), "{}", code.word);
            assert!(code.title.ends_with('.') && code.status.as_u16() >= 400, "{}", code.word);
        }
    }

    #[test]
    fn a_bare_status_has_a_code_of_the_same_status() {
        for status in [400, 404, 405, 408, 413, 415, 418, 422, 500, 503, 504] {
            let status = StatusCode::from_u16(status).unwrap();
            assert_eq!(of_status(status).status, status);
        }
    }
}
