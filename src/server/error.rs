//! Every way a request can fail, as one type that becomes `application/problem+json` (RFC 9457).
//!
//! A failure travels in the answer's extensions; [`crate::server::answer`] writes it out, so that a 5xx gets the id of
//! an incident and its cause goes to the log and nowhere else.

use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::api::problem::{FieldError, Problem};
use crate::api::thread::Gate;

pub mod code;

pub use code::Code;

/// Why a request failed.
#[derive(Clone, Debug)]
pub struct Failure(Box<Inner>);

#[derive(Clone, Debug)]
struct Inner {
    code: Code,
    detail: Option<String>,
    errors: Vec<FieldError>,
    retry_after: Option<u64>,
    gate: Option<Gate>,
    headers: HeaderMap,
    cause: Option<String>,
    oauth: bool,
}

/// What a handler answers.
pub type Answer<T> = Result<T, Failure>;

impl Failure {
    /// A failure of a kind, with nothing to add.
    pub fn new(code: Code) -> Self {
        Self(Box::new(Inner {
            code,
            detail: None,
            errors: Vec::new(),
            retry_after: None,
            gate: None,
            headers: HeaderMap::new(),
            cause: None,
            oauth: false,
        }))
    }

    /// Says what happened this time, in English. Never repeats what a secret field held.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    /// Names a field and what is wrong with it.
    #[must_use]
    pub fn field(mut self, field: impl Into<String>, message: impl Into<String>) -> Self {
        self.0.errors.push(FieldError { field: field.into(), message: message.into() });
        self
    }

    /// One field is wrong: 422.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(code::INVALID_FIELD).field(field, message)
    }

    /// It is not there, or not for this reader to know of: 404.
    pub fn not_found() -> Self {
        Self::new(code::NOT_FOUND)
    }

    /// The role may not: 403.
    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(code::FORBIDDEN).detail(detail)
    }

    /// The personal access token may not, whatever its owner may: 403 (RFC 6750 section 3.1).
    pub fn out_of_scope(detail: impl Into<String>) -> Self {
        let challenge = HeaderValue::from_static("Bearer error=\"insufficient_scope\"");
        Self::new(code::SCOPE).detail(detail).header(header::WWW_AUTHENTICATE, challenge)
    }

    /// It takes a membership: 402.
    pub fn gated(gate: Gate) -> Self {
        let mut failure = Self::new(code::MEMBERSHIP_REQUIRED);
        failure.0.gate = Some(gate);
        failure
    }

    /// Wait this many seconds (429, 503).
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.0.retry_after = Some(seconds);
        self
    }

    /// Adds a header to the answer.
    #[must_use]
    pub fn header(mut self, name: header::HeaderName, value: HeaderValue) -> Self {
        self.0.headers.insert(name, value);
        self
    }

    /// Says it in OAuth's words too ([`code::oauth`]): it is the answer to a request for tokens.
    #[must_use]
    pub fn oauth(mut self) -> Self {
        self.0.oauth = true;
        self
    }

    /// The server's own fault: 500. `cause` goes to the log only.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        let mut failure = Self::new(code::INTERNAL);
        failure.0.cause = Some(cause.to_string());
        failure
    }

    /// The kind.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// Seconds to wait, if it says so.
    pub fn wait(&self) -> Option<u64> {
        self.0.retry_after
    }

    /// What goes to the log, if anything does.
    pub fn cause(&self) -> Option<&str> {
        self.0.cause.as_deref()
    }

    /// The problem as it goes over the wire.
    pub fn problem(&self, incident: Option<String>) -> Problem {
        let inner = &*self.0;
        Problem {
            kind: format!("about:blank#{}", inner.code.word),
            title: inner.code.title.to_owned(),
            status: inner.code.status.as_u16(),
            detail: inner.detail.clone(),
            code: inner.code.word.to_owned(),
            error: inner.oauth.then(|| code::oauth(inner.code)).flatten().map(str::to_owned),
            errors: inner.errors.clone(),
            retry_after: inner.retry_after,
            entitlement: inner.gate.clone(),
            incident,
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let mut response = self.0.code.status.into_response();
        response.headers_mut().extend(self.0.headers.clone());
        if let Some(seconds) = self.0.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        if self.0.code.status == StatusCode::UNAUTHORIZED && !response.headers().contains_key(header::WWW_AUTHENTICATE)
        {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response.extensions_mut().insert(self);
        response
    }
}

impl From<sqlx::Error> for Failure {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => {
                let mut busy = Self::new(code::BUSY).retry_after(1);
                busy.0.cause = Some("no database connection became free".to_owned());
                busy
            }
            other => Self::internal(format!("database: {other}")),
        }
    }
}
