//! Every answer of a server, read and taken over as the port knows it, without a server: for those who make answers up
//! (`fuzz/targets/answers.rs`).

use serde::de::DeserializeOwned;

use super::super::http::{Answer, decoded};
use super::{events, failure, map};
use crate::api;

/// What an answer that refuses may have as its status: each is read in another way.
const REFUSALS: [u16; 7] = [400, 401, 402, 404, 422, 429, 500];

/// How many kinds of answers a body is at once, events of a stream counted singly. Bytes that are none are 0; no bytes
/// panic. As a refusal every body is one, so that is read too and not counted.
#[doc(hidden)]
pub fn accepted(body: &[u8]) -> usize {
    let reads = [
        reads(body, map::about),
        reads(body, map::me),
        reads(body, map::member),
        reads(body, map::threads),
        reads(body, map::thread),
        reads(body, map::posts),
        reads(body, map::hits),
        reads(body, map::notifications),
        reads(body, map::membership),
        reads(body, map::access),
        reads(body, |all: api::community::Spaces| all.items.into_iter().map(map::space).count()),
        reads(body, |all: api::community::Plans| all.items.into_iter().map(map::plan).count()),
        reads(body, |all: api::session::Sessions| all.items.into_iter().map(map::session).count()),
        reads(body, |all: api::session::AccessTokens| all.items.into_iter().map(map::access_token).count()),
        reads(body, map::notice),
        reads(body, |problem: api::problem::Problem| problem),
        reads(body, |tokens: api::account::Tokens| tokens),
    ];
    for status in REFUSALS {
        failure::from_answer(&Answer::saying(status, api::problem::MEDIA_TYPE, body));
    }
    let news = decoded(body).into_iter().flatten().filter_map(|data| events::read(&data));
    reads.into_iter().filter(|is_one| *is_one).count() + news.count()
}

fn reads<T: DeserializeOwned, U>(body: &[u8], take: impl FnOnce(T) -> U) -> bool {
    serde_json::from_slice::<T>(body).map(take).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_what_it_looks_like_and_nothing_else() {
        let change = br#"{"seq":1,"topic":"thread"}"#;
        assert_eq!(accepted(br#"{"items":[],"next":null}"#), accepted(b" {\"items\":[],\"next\":null}"));
        assert!(accepted(br#"{"items":[],"next":null}"#) > 0 && accepted(change) > 0);
        let stream = [b"id: 1\ndata: ".as_slice(), change, b"\n\n"].concat();
        assert_eq!(accepted(&stream.repeat(3)), 3);
        assert_eq!(accepted(&b"data: {\"seq\":1,\"topic\":\"of tomorrow\"}\n\n".repeat(3)), 0);
        assert_eq!((accepted(b""), accepted(b"\xff{"), accepted(b"[[[[")), (0, 0, 0));
    }
}
