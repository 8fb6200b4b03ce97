//! What is no HTTP, or HTTP that means to do harm: lengths that lie, chunks without end, headers without end, silence,
//! packed zeros, and live connections of all that.

use std::sync::Arc;

use super::bodies::texts;
use super::{Case, Expect, Reply};
use crate::faults::fake::{answer, head, json};
use crate::network::answers::Ask;

fn genuine(more: &str, body: &str) -> Vec<u8> {
    format!("{}{body}", head("200 OK", "application/json", more)).into_bytes()
}

fn raw(text: &str) -> Vec<u8> {
    text.as_bytes().to_vec()
}

/// What every call is answered with in turn, by name.
fn answers() -> Vec<(&'static str, Expect, Vec<u8>)> {
    use Expect::{Ends, Malformed, Offline, Refused};
    let ok = "{}";
    let signed = "HTTP/1.1 200 OK\r\nlyceum-server: 1\r\ncontent-type: application/json\r\n";
    vec![
        ("HTTP/0.9", Offline, raw("<html>hello</html>\n")),
        ("a line of another protocol", Offline, raw("220 mail.example ESMTP\r\n")),
        ("zeros", Offline, vec![0; 4096]),
        ("noise", Offline, (0..4096_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect()),
        ("a preface of HTTP/2", Offline, raw("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")),
        ("HTTP/3.7", Offline, raw("HTTP/3.7 200 OK\r\n\r\n")),
        ("HTTP/1.0 and a lie", Refused, raw("HTTP/1.0 200 OK\r\nlyceum-server: 1\r\ncontent-length: 10\r\n\r\n{}")),
        ("no status", Offline, raw("HTTP/1.1 \r\n\r\n")),
        ("status 0", Offline, raw("HTTP/1.1 000 OK\r\n\r\n")),
        ("status 999", Refused, raw("HTTP/1.1 999 OK\r\nlyceum-server: 1\r\ncontent-length: 0\r\n\r\n")),
        ("a status of five digits", Offline, raw("HTTP/1.1 20000 OK\r\n\r\n")),
        ("a hundred continues", Ends, [raw(&"HTTP/1.1 100 Continue\r\n\r\n".repeat(100)), json(ok)].concat()),
        ("early hints without end", Refused, raw(&"HTTP/1.1 103 Early Hints\r\nlink: </x>\r\n\r\n".repeat(20_000))),
        (
            "another protocol",
            Refused,
            raw("HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nx"),
        ),
        ("204 with a body", Ends, raw("HTTP/1.1 204 No Content\r\nlyceum-server: 1\r\ncontent-length: 2\r\n\r\n{}")),
        ("205", Ends, raw("HTTP/1.1 205 Reset\r\nlyceum-server: 1\r\ncontent-length: 2\r\n\r\n{}")),
        ("304", Refused, raw("HTTP/1.1 304 Not Modified\r\nlyceum-server: 1\r\n\r\n")),
        (
            "206",
            Ends,
            raw("HTTP/1.1 206 Part\r\nlyceum-server: 1\r\ncontent-range: bytes 0-0/9\r\ncontent-length: 1\r\n\r\n{"),
        ),
        ("both lengths", Ends, genuine("content-length: 2\r\ntransfer-encoding: chunked\r\n", "2\r\n{}\r\n0\r\n\r\n")),
        (
            "both lengths, the other way",
            Ends,
            genuine("transfer-encoding: chunked\r\ncontent-length: 999\r\n", "2\r\n{}\r\n0\r\n\r\n"),
        ),
        ("two lengths", Offline, genuine("content-length: 2\r\ncontent-length: 3\r\n", "{}x")),
        ("a length below zero", Offline, genuine("content-length: -1\r\n", ok)),
        ("a length that is none", Offline, genuine("content-length: 2x\r\n", ok)),
        ("a length with a sign", Offline, genuine("content-length: +2\r\n", ok)),
        ("an endless length", Refused, genuine("content-length: 18446744073709551615\r\n", ok)),
        ("a longer length", Offline, genuine("content-length: 99999999999999999999999\r\n", ok)),
        ("a length in words", Offline, genuine("content-length: two\r\n", ok)),
        ("a length too short", Ends, genuine("content-length: 1\r\n", ok)),
        ("chunks of nothing", Offline, genuine("transfer-encoding: chunked\r\n", "\r\n\r\n")),
        ("a chunk in letters", Offline, genuine("transfer-encoding: chunked\r\n", "zz\r\n{}\r\n0\r\n\r\n")),
        ("a chunk below zero", Offline, genuine("transfer-encoding: chunked\r\n", "-2\r\n{}\r\n0\r\n\r\n")),
        ("an endless chunk size", Malformed, genuine("transfer-encoding: chunked\r\n", "fffffffffffffffff\r\n{}")),
        ("the largest chunk size", Offline, genuine("transfer-encoding: chunked\r\n", "ffffffffffffffff\r\n{}")),
        ("a chunk without its end", Offline, genuine("transfer-encoding: chunked\r\n", "2\r\n{}x\r\n0\r\n\r\n")),
        (
            "an extension without end",
            Malformed,
            genuine("transfer-encoding: chunked\r\n", &format!("2;{}\r\n{{}}", "x".repeat(1 << 20))),
        ),
        (
            "trailers without end",
            Refused,
            genuine("transfer-encoding: chunked\r\n", &format!("1\r\n{{\r\n0\r\n{}", "a: b\r\n".repeat(100_000))),
        ),
        ("gzip as a transfer", Refused, genuine("transfer-encoding: gzip\r\n", "x")),
        ("a header without a colon", Offline, raw(&format!("{signed}what is this\r\n\r\n{{"))),
        ("a header with a zero", Offline, raw(&format!("{signed}x: a\0b\r\n\r\n{{"))),
        ("a header with an escape", Refused, raw(&format!("{signed}x: \u{1b}[2J\r\ncontent-length: 1\r\n\r\n{{"))),
        ("a folded header", Refused, raw(&format!("{signed}x: a\r\n b\r\ncontent-length: 1\r\n\r\n{{"))),
        ("line feeds only", Refused, raw("HTTP/1.1 200 OK\nlyceum-server: 1\ncontent-length: 1\n\n{")),
        ("a header of two megabytes", Offline, raw(&format!("{signed}x: {}\r\n\r\n{{", "x".repeat(2 << 20)))),
        ("five thousand headers", Offline, raw(&format!("{signed}{}\r\n{{", "x: y\r\n".repeat(5000)))),
        (
            "a content type that is no text",
            Refused,
            [
                raw("HTTP/1.1 200 OK\r\nlyceum-server: 1\r\ncontent-type: \u{e9}"),
                vec![0xff],
                raw("\r\ncontent-length: 1\r\n\r\n{"),
            ]
            .concat(),
        ),
        ("gzip that is none", Malformed, genuine("content-encoding: gzip\r\ncontent-length: 9\r\n", "not a gzip")),
        ("an encoding nobody asked for", Refused, genuine("content-encoding: br\r\ncontent-length: 1\r\n", "{")),
        ("gzip of nothing", Refused, genuine("content-encoding: gzip\r\ncontent-length: 0\r\n", "")),
    ]
}

/// Bodies that are no JSON, or JSON that means to do harm.
fn bodies() -> Vec<(&'static str, String)> {
    let deep = |open: &str, close: &str, n: usize| format!("{}{}", open.repeat(n), close.repeat(n));
    vec![
        ("nothing", String::new()),
        ("blanks", " \r\n\t".repeat(1000)),
        ("a page", "<!doctype html><title>Welcome</title>".to_owned()),
        ("zeros", "\0".repeat(64)),
        ("a byte order mark", "\u{feff}{}".to_owned()),
        ("one and another", "{}{}".to_owned()),
        ("an end too many", "{}}".to_owned()),
        ("deep lists", deep("[", "]", 200)),
        ("deeper lists", deep("[", "]", 200_000)),
        ("deep objects", deep("{\"a\":", "}", 100_000)),
        ("deep where nobody looks", format!("{{\"unknown\":{}}}", deep("[", "]", 100_000))),
        ("only beginnings", "[".repeat(500_000)),
        ("a long number", format!("{{\"inbox\":{}}}", "9".repeat(1 << 20))),
        ("a small number", format!("{{\"inbox\":1e-{}}}", "9".repeat(1000))),
        ("many fields", format!("{{{}}}", (0..20_000).map(|n| format!("\"f{n}\":{n}")).collect::<Vec<_>>().join(","))),
        ("one field, often", format!("{{{}}}", vec!["\"name\":\"x\""; 20_000].join(","))),
        ("a comment", "/* {} */".to_owned()),
        ("other quotes", "{'username':'ada'}".to_owned()),
    ]
}

/// Every call answered with all of it.
pub(super) fn nonsense() -> Vec<Case> {
    let mut cases = Vec::new();
    let (whole, inner) = (Arc::new(answers()), Arc::new(bodies()));
    for ask in Ask::ALL {
        let is_read = ask.valid().is_some();
        for (at, (name, expect, _)) in whole.iter().enumerate() {
            // What is done without words is done when it is signed, whatever else is said.
            let expect = if is_read || *expect == Expect::Offline { *expect } else { Expect::Ends };
            let whole = Arc::clone(&whole);
            let reply = move || Reply::Say(whole[at].2.clone());
            cases.push(Case { name: (*name).to_owned(), ask, expect, reply: Box::new(reply) });
        }
    }
    for (ask, text) in texts() {
        for (at, (name, _)) in inner.iter().enumerate() {
            let inner = Arc::clone(&inner);
            let reply = move || Reply::Say(json(&inner[at].1));
            cases.push(Case { name: (*name).to_owned(), ask, expect: Expect::Malformed, reply: Box::new(reply) });
        }
        for kind in ["text/html", "text/plain", "application/jsonp", "application/x-json", "json", ""] {
            let text = text.clone();
            let reply = move || Reply::Say(answer("200 OK", kind, &text));
            let name = format!("said to be {kind:?}");
            cases.push(Case { name, ask, expect: Expect::Malformed, reply: Box::new(reply) });
        }
        let unsigned = move || {
            let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n";
            Reply::Say(format!("{head}{text}").into_bytes())
        };
        cases.push(Case { name: "unsigned".to_owned(), ask, expect: Expect::Refused, reply: Box::new(unsigned) });
    }
    cases
}

/// Every call answered up to a point, and then no more, or byte by byte.
pub(super) fn silent() -> Vec<Case> {
    let mut cases = Vec::new();
    for ask in Ask::ALL {
        let text = ask.valid().map_or_else(String::new, |value| value.to_string());
        // A length that never comes true, so that there is something to wait for.
        let whole = genuine(&format!("content-length: {}\r\n", text.len() + 100), &text);
        for said in [0, 1, 12, 40, whole.len() - text.len() - 1, whole.len() - 1, whole.len()] {
            let part = whole[..said].to_vec();
            let reply = move || Reply::Hold(part.clone());
            cases.push(Case {
                name: format!("silent after {said}"),
                ask,
                expect: Expect::Refused,
                reply: Box::new(reply),
            });
        }
    }
    for ask in [Ask::Me, Ask::Posts, Ask::Reply] {
        for (name, begin, again) in [
            ("drips blanks", genuine("", "{"), &b" "[..]),
            ("drips small chunks", genuine("transfer-encoding: chunked\r\n", ""), b"1\r\n \r\n"),
            ("drips headers", raw("HTTP/1.1 200 OK\r\n"), b"x: y\r\n"),
            ("drips hints", raw(""), b"HTTP/1.1 103 Early Hints\r\n\r\n"),
        ] {
            let reply = move || Reply::Endless(begin.clone(), again.to_vec());
            cases.push(Case { name: name.to_owned(), ask, expect: Expect::Refused, reply: Box::new(reply) });
        }
    }
    cases
}

/// What unpacks without end, or comes without end.
pub(super) fn large() -> Vec<Case> {
    let mut cases = Vec::new();
    for ask in [Ask::About, Ask::Me, Ask::Feed, Ask::Posts, Ask::Search, Ask::Changes, Ask::Reply, Ask::Password] {
        let mut add = |name: &str, reply: Box<dyn Fn() -> Reply + Send + Sync>| {
            cases.push(Case { name: name.to_owned(), ask, expect: Expect::Malformed, reply });
        };
        add("64 MiB of blanks in 400 KiB", Box::new(|| Reply::Say(packed(&crate::faults::bomb(64 << 20)))));
        add("20 MB of JSON in 20 kB", Box::new(|| Reply::Say(packed(include_bytes!("../../fixtures/bomb.json.gz")))));
        add(
            "64 MiB of a refusal",
            Box::new(|| {
                let head = head("500 No", "application/problem+json", "content-encoding: gzip\r\n").into_bytes();
                Reply::Say([head, crate::faults::bomb(64 << 20)].concat())
            }),
        );
        add("without end", Box::new(|| Reply::Endless(genuine("", "\""), vec![b'x'; 64 << 10])));
        add(
            "chunks without end",
            Box::new(|| {
                let chunk = format!("10000\r\n{}\r\n", " ".repeat(0x1_0000)).into_bytes();
                Reply::Endless(genuine("transfer-encoding: chunked\r\n", ""), chunk)
            }),
        );
        add(
            "a length of 4 GiB",
            Box::new(|| Reply::Endless(genuine("content-length: 4294967296\r\n", ""), vec![b' '; 64 << 10])),
        );
        add("a byte more than may be", Box::new(|| Reply::Say(json(&" ".repeat((2 << 20) + 1)))));
    }
    cases
}

/// A genuine answer whose body is packed.
fn packed(bytes: &[u8]) -> Vec<u8> {
    let mut all = genuine(&format!("content-encoding: gzip\r\ncontent-length: {}\r\n", bytes.len()), "");
    all.extend(bytes);
    all
}

/// Live connections that break in every way.
pub(super) fn streams() -> Vec<(String, Reply)> {
    let begin = head("200 OK", "text/event-stream", "");
    let event = "id: 42\ndata: {\"seq\":42,\"topic\":\"post\",\"thread\":\"7\",\"post\":3}\n\n";
    let mut cases = Vec::new();
    let whole = format!("{begin}{event}{event}").into_bytes();
    for at in 0..whole.len() {
        cases.push((format!("cut at {at}"), Reply::Say(whole[..at].to_vec())));
    }
    for other in ["null", "{}", "[]", "\"\\ud800\"", "{\"seq\":-1}", "\u{1b}[2J", "{\"seq\":1e400,\"topic\":\"post\"}"]
    {
        cases.push((format!("data {other}"), Reply::Say(format!("{begin}data: {other}\n\n{event}").into_bytes())));
    }
    for line in
        ["id: \0", "id", ":", "data", "retry: -1", "retry: 99999999999999999999", "event: \u{1b}", "\u{feff}data: x"]
    {
        cases.push((format!("line {line:?}"), Reply::Say(format!("{begin}{line}\n\n{event}").into_bytes())));
    }
    for end in ["\n", "\r", "\r\n", "\n\r"] {
        let text = format!("{begin}{}", event.replace('\n', end));
        cases.push((format!("ends of line {end:?}"), Reply::Say(text.into_bytes())));
    }
    for bytes in [&b"\xff\xfe\n\n"[..], b"data: \xc3\n\n", b"data: \xed\xa0\x80\n\n", b"\0\0\0\0"] {
        cases.push((format!("bytes {bytes:?}"), Reply::Say([begin.as_bytes(), bytes].concat())));
    }
    for again in ["data: x\n", "x", ":\r", ":\n", "data: {\"a\":", "id: 1\r"] {
        let again = again.repeat(512).into_bytes();
        cases.push((format!("without end {:?}", &again[..4]), Reply::Endless(begin.clone().into_bytes(), again)));
    }
    for said in [0, 10, begin.len(), begin.len() + 9, whole.len()] {
        cases.push((format!("silent after {said}"), Reply::Hold(whole[..said].to_vec())));
    }
    let bomb = crate::faults::bomb(64 << 20);
    let packed = head("200 OK", "text/event-stream", "content-encoding: gzip\r\n").into_bytes();
    cases.push(("packed without end".to_owned(), Reply::Say([packed, bomb].concat())));
    cases
}
