//! `Idempotency-Key`: a write that is sent twice takes effect once and answers the same both times.
//!
//! The key, a hash of the request and the answer are stored in the transaction of the write itself, so that there is no
//! moment at which one is there without the other.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::{Serialize, de::DeserializeOwned};

use crate::base::time::{SignedDuration, Timestamp};
use crate::server::auth::token;
use crate::server::db::Write;
use crate::server::db::idempotency::{self, First};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{json_media_type, parse_json, read_body};
use crate::server::state::AppState;

/// For how long an answer is kept: an outbox may lie in a bag for weeks.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// A JSON body under an `Idempotency-Key`.
#[derive(Clone, Debug)]
pub struct Once<T> {
    /// What was sent.
    pub body: T,
    /// How to recognise it.
    pub key: Key,
}

/// A key and the request that it stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    key: String,
    request_hash: String,
}

impl<T: DeserializeOwned> FromRequest<AppState> for Once<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        json_media_type(request.headers())?;
        let missing = || Failure::new(code::IDEMPOTENCY_KEY_MISSING);
        let mut keys = request.headers().get_all("idempotency-key").iter();
        let key = keys.next().filter(|_| keys.next().is_none()).ok_or_else(missing)?;
        let key = key.to_str().ok().filter(|key| (1..=255).contains(&key.len()));
        let key = key.ok_or_else(|| missing().detail("1 to 255 visible ASCII characters"))?.to_owned();
        let mut hashed = format!("{} {}\n", request.method(), request.uri().path()).into_bytes();
        let bytes = read_body(request.into_body(), &state.settings.limits).await?;
        hashed.extend(&bytes);
        let body = parse_json(&bytes)?;
        Ok(Self { body, key: Key { key, request_hash: token::hex_digest(&hashed) } })
    }
}

impl Key {
    /// The first answer, if this was done before. 422 when the key was used for something else.
    pub async fn earlier(&self, write: &mut Write, member: i64) -> Answer<Option<Response>> {
        let Some(first) = idempotency::get(write, member, &self.key).await? else { return Ok(None) };
        if first.request_hash != self.request_hash {
            return Err(Failure::new(code::IDEMPOTENCY_KEY_REUSED));
        }
        let status = u16::try_from(first.status).ok().and_then(|status| StatusCode::from_u16(status).ok());
        Ok(Some(raw(status.unwrap_or(StatusCode::OK), first.answer)))
    }

    /// Stores the answer, commits, and answers.
    pub async fn commit(
        &self,
        mut write: Write,
        member: i64,
        now: Timestamp,
        (status, answer): (StatusCode, &impl Serialize),
    ) -> Answer<Response> {
        let answer = serde_json::to_string(answer).map_err(Failure::internal)?;
        let old = now.saturating_sub(KEPT).map_err(Failure::internal)?;
        idempotency::drop_old(&mut write, member, old).await?;
        let first = First { request_hash: self.request_hash.clone(), status: i64::from(status.as_u16()), answer };
        idempotency::keep(&mut write, member, &self.key, &first, now).await?;
        write.commit().await?;
        Ok(raw(status, first.answer))
    }
}

fn raw(status: StatusCode, json: String) -> Response {
    (status, [(header::CONTENT_TYPE, "application/json")], json).into_response()
}
