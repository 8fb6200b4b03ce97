//! Strong entity tags over the bytes of an answer, and 304 for who has them already (RFC 9110 section 13).

use axum::body::{Body, Bytes};
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::server::auth::token;
use crate::server::error::Failure;
use crate::server::extract::tags;

/// Bytes of the hash that a tag shows: 128 bits tell any two answers apart.
const TAG_BYTES: usize = 16;

/// The version of some bytes: an entity tag without its quotes.
pub fn version(bytes: &[u8]) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(&token::digest(bytes)[..TAG_BYTES])
}

/// Gives every good JSON answer to a GET its tag.
pub async fn layer(request: Request, next: Next) -> Response {
    let asked = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = tags(request.headers(), header::IF_NONE_MATCH);
    let response = next.run(request).await;
    if !asked || response.status() != StatusCode::OK || !is_json(response.headers()) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes: Bytes = match axum::body::to_bytes(body, usize::MAX).await {
        Ok(bytes) => bytes,
        Err(error) => return Failure::internal(error).into_response(),
    };
    let tag = format!("\"{}\"", version(&bytes));
    if let Ok(value) = HeaderValue::from_str(&tag) {
        parts.headers.insert(header::ETAG, value);
    }
    // Comparison for If-None-Match is the weak one (section 13.1.2).
    if known.iter().any(|one| one == "*" || one.trim_start_matches("W/") == tag) {
        parts.status = StatusCode::NOT_MODIFIED;
        parts.headers.remove(header::CONTENT_TYPE);
        parts.headers.remove(header::CONTENT_LENGTH);
        return Response::from_parts(parts, Body::empty());
    }
    Response::from_parts(parts, Body::from(bytes))
}

/// A compressed answer is another sequence of bytes and wants another strong tag (section 8.8.3.3).
pub fn mark_compressed(headers: &mut HeaderMap) {
    let gzip = headers.get(header::CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip");
    let tag = headers.get(header::ETAG).and_then(|tag| tag.to_str().ok()).and_then(|tag| tag.strip_suffix('"'));
    let marked = tag.filter(|_| gzip).and_then(|tag| HeaderValue::from_str(&format!("{tag}-gzip\"")).ok());
    if let Some(marked) = marked {
        headers.insert(header::ETAG, marked);
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"application/json"))
}
