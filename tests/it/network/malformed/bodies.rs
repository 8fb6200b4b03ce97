//! Valid answers of every call, whole and cut at every byte, in each of the three ways a body can be framed.

use super::{Case, Expect, Reply, json};
use crate::faults::fake::{answer, head};
use crate::network::answers::Ask;

/// The answers that are read, as text.
pub(super) fn texts() -> impl Iterator<Item = (Ask, String)> {
    Ask::ALL.into_iter().filter_map(|ask| Some((ask, ask.valid()?.to_string())))
}

fn chunk(text: &str) -> String {
    format!("{:x}\r\n{text}\r\n", text.len())
}

fn chunked() -> String {
    head("200 OK", "application/json", "transfer-encoding: chunked\r\n")
}

fn nothing() -> Vec<u8> {
    head("204 No Content", "text/plain", "").into_bytes()
}

fn say(name: String, ask: Ask, expect: Expect, bytes: impl Fn() -> Vec<u8> + Send + Sync + 'static) -> Case {
    Case { name, ask, expect, reply: Box::new(move || Reply::Say(bytes())) }
}

/// What must be understood: otherwise a case that is refused shows nothing.
pub(super) fn valid() -> Vec<Case> {
    let mut cases = Vec::new();
    for (ask, text) in texts() {
        let (whole, pieces) = (text.clone(), text.clone());
        cases.push(say("whole".to_owned(), ask, Expect::Good, move || json(&whole)));
        cases.push(say("in chunks".to_owned(), ask, Expect::Good, move || {
            let (one, two) = pieces.split_at(pieces.len() / 2);
            format!("{}{}{}0\r\n\r\n", chunked(), chunk(one), chunk(two)).into_bytes()
        }));
        cases.push(say("to the end".to_owned(), ask, Expect::Good, move || {
            format!("{}{text}", head("200 OK", "application/json; charset=utf-8", "")).into_bytes()
        }));
    }
    for ask in Ask::ALL.into_iter().filter(|ask| ask.valid().is_none()) {
        cases.push(say("nothing".to_owned(), ask, Expect::Good, nothing));
    }
    cases
}

/// Cut at every byte: with a length that is honest, one that is not, and within a chunk; and heads.
pub(super) fn cut() -> Vec<Case> {
    let mut cases = Vec::new();
    for (ask, text) in texts() {
        let text: std::sync::Arc<str> = text.into();
        for at in 0..text.len() {
            let part = std::sync::Arc::clone(&text);
            let honest = move || answer("200 OK", "application/json", &part[..at]);
            cases.push(say(format!("honest, cut at {at}"), ask, Expect::Malformed, honest));
            let part = std::sync::Arc::clone(&text);
            let short = move || {
                let length = format!("content-length: {}\r\n", part.len());
                format!("{}{}", head("200 OK", "application/json", &length), &part[..at]).into_bytes()
            };
            cases.push(say(format!("short, cut at {at}"), ask, Expect::Offline, short));
            let part = std::sync::Arc::clone(&text);
            let chunks = move || format!("{}{:x}\r\n{}", chunked(), part.len(), &part[..at]).into_bytes();
            cases.push(say(format!("in a chunk, cut at {at}"), ask, Expect::Offline, chunks));
        }
        let whole = json(&text);
        for at in 0..whole.len() - text.len() {
            let part = whole[..at].to_vec();
            cases.push(say(format!("head, cut at {at}"), ask, Expect::Offline, move || part.clone()));
        }
    }
    for ask in Ask::ALL.into_iter().filter(|ask| ask.valid().is_none()) {
        for at in 0..nothing().len() {
            cases.push(say(format!("nothing, cut at {at}"), ask, Expect::Offline, move || nothing()[..at].to_vec()));
        }
    }
    cases
}
