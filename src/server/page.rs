//! Lists: how many, where they go on, and how the next part is named (RFC 8288).

use axum::http::{HeaderValue, Uri, header};
use axum::response::{IntoResponse, Response};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};

use crate::api::{DEFAULT_LIMIT, MAX_LIMIT};
use crate::server::auth::token;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::Json;

/// First byte of a cursor; another layout gets another number.
const VERSION: u8 = 1;

/// Bytes that bind a cursor to its list.
const SCOPE_BYTES: usize = 8;

/// How many items were asked for.
pub fn limit(asked: Option<u32>) -> Answer<u32> {
    match asked.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=MAX_LIMIT => Ok(limit),
        _ => Err(Failure::new(code::INVALID_QUERY).field("limit", format!("1 to {MAX_LIMIT}"))),
    }
}

/// A cursor that goes on after `position` in the list `scope` (its kind and filters, such as `threads?space=help`).
pub fn cursor(scope: &str, position: &impl Serialize) -> Answer<String> {
    let mut bytes = vec![VERSION];
    bytes.extend(&token::digest(scope.as_bytes())[..SCOPE_BYTES]);
    serde_json::to_writer(&mut bytes, position).map_err(Failure::internal)?;
    Ok(BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// Reads a cursor of the list `scope`. One of another list, another layout or nobody's is 400.
pub fn position<T: DeserializeOwned>(scope: &str, cursor: Option<&str>) -> Answer<Option<T>> {
    let Some(cursor) = cursor else { return Ok(None) };
    let bad = || Failure::new(code::BAD_CURSOR).field("cursor", "does not belong to this list");
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(cursor).map_err(|_| bad())?;
    let (head, body) = bytes.split_at_checked(1 + SCOPE_BYTES).ok_or_else(bad)?;
    if head[0] != VERSION || head[1..] != token::digest(scope.as_bytes())[..SCOPE_BYTES] {
        return Err(bad());
    }
    serde_json::from_slice(body).map(Some).map_err(|_| bad())
}

/// Answers a part of a list, with `Link: rel="next"` when it goes on. `here` is the request's URI.
pub fn answer<T: Serialize>(here: &Uri, page: T, next: Option<&str>) -> Response {
    let mut response = Json(page).into_response();
    if let Some(link) = next.and_then(|next| HeaderValue::from_str(&link(here, next)).ok()) {
        response.headers_mut().insert(header::LINK, link);
    }
    response
}

fn link(here: &Uri, next: &str) -> String {
    let query = here.query().unwrap_or_default();
    let kept = query.split('&').filter(|pair| !pair.is_empty() && pair.split('=').next() != Some("cursor"));
    let pairs: Vec<String> = kept.map(str::to_owned).chain([format!("cursor={next}")]).collect();
    format!("<{}?{}>; rel=\"next\"", here.path(), pairs.join("&"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_belongs_to_its_list() {
        let made = cursor("threads?space=help", &(5_i64, 7_i64)).unwrap();
        let read = |scope, cursor| position::<(i64, i64)>(scope, Some(cursor)).map_err(|f| f.code().word);
        assert_eq!(read("threads?space=help", &made), Ok(Some((5, 7))));
        assert_eq!(read("threads?space=web", &made), Err("bad_cursor"));
        for bad in ["", "x", "AAAA", "💥", &made[..made.len() - 2]] {
            assert_eq!(read("threads?space=help", bad), Err("bad_cursor"), "{bad}");
        }
        assert_eq!(position::<i64>("x", None).unwrap(), None);
    }

    #[test]
    fn the_next_part_keeps_the_filters() {
        let here: Uri = "/v1/threads?space=help&cursor=old&limit=5".parse().unwrap();
        assert_eq!(link(&here, "new"), "</v1/threads?space=help&limit=5&cursor=new>; rel=\"next\"");
        assert!(limit(Some(0)).is_err() && limit(Some(101)).is_err());
        assert_eq!((limit(None).unwrap(), limit(Some(100)).unwrap()), (30, 100));
    }
}
