//! Valid answers with one field of another type, given twice, or missing.

use serde_json::Value;

use super::bodies::texts;
use super::{Case, Expect, Reply};
use crate::faults::fake::{answer, json};
use crate::network::answers::Ask;

/// What stands in a field's place, as it is written.
const OTHERS: [&str; 18] = [
    "null",
    "true",
    "-1",
    "1.5",
    "1e400",
    "18446744073709551616",
    "-9223372036854775809",
    r#""""#,
    r#""\u0000\u001b[2J\u202e""#,
    r#""\ud800""#,
    r#""\udc00\ud800""#,
    r#""\u12""#,
    "[]",
    "[[]]",
    "{}",
    r#"{"x":{}}"#,
    "NaN",
    "\"\u{7}\"",
];

const PLACE: &str = "@place@";

/// A pointer (RFC 6901) to every value within one.
fn pointers(value: &Value) -> Vec<String> {
    let inner: Vec<(String, &Value)> = match value {
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
        Value::Array(items) => items.iter().enumerate().map(|(at, value)| (at.to_string(), value)).collect(),
        _ => Vec::new(),
    };
    let deeper = inner.into_iter().flat_map(|(name, value)| {
        pointers(value).into_iter().map(move |deeper| format!("/{name}{deeper}")).collect::<Vec<_>>()
    });
    std::iter::once(String::new()).chain(deeper).collect()
}

/// The answer with something else at a place.
fn with(value: &Value, pointer: &str, other: &[u8]) -> Vec<u8> {
    let mut value = value.clone();
    *value.pointer_mut(pointer).unwrap() = Value::String(PLACE.to_owned());
    let text = value.to_string();
    let at = text.find(PLACE).unwrap() - 1;
    [&text.as_bytes()[..at], other, &text.as_bytes()[at + PLACE.len() + 2..]].concat()
}

/// An answer of JSON that need not be text.
fn bytes(body: &[u8]) -> Vec<u8> {
    let mut bytes = answer("200 OK", "application/json", "");
    let head = bytes.len() - "content-length: 0\r\n\r\n".len();
    bytes.truncate(head);
    bytes.extend(format!("content-length: {}\r\n\r\n", body.len()).into_bytes());
    bytes.extend(body);
    bytes
}

pub(super) fn all() -> Vec<Case> {
    let mut cases = Vec::new();
    for (ask, text) in texts() {
        let value: Value = serde_json::from_str(&text).unwrap();
        for pointer in pointers(&value) {
            for other in OTHERS {
                // What a type allows is allowed; what is no JSON never is.
                let is_json = serde_json::from_str::<Value>(other).is_ok();
                let expect = if is_json { Expect::Ends } else { Expect::Malformed };
                cases.push(case(format!("{pointer} = {other}"), ask, expect, with(&value, &pointer, other.as_bytes())));
            }
            let no_text = with(&value, &pointer, b"\"\xff\xc0\xaf\"");
            cases.push(case(format!("{pointer} is no text"), ask, Expect::Malformed, no_text));
            let name = pointer.rsplit('/').next().unwrap_or_default();
            let is_field = !name.is_empty() && name.parse::<usize>().is_err();
            if is_field {
                cases.push(twice(&value, &pointer, name, ask));
                cases.push(missing(&value, &pointer, name, ask));
            }
        }
    }
    cases
}

fn case(name: String, ask: Ask, expect: Expect, body: Vec<u8>) -> Case {
    Case { name, ask, expect, reply: Box::new(move || Reply::Say(bytes(&body))) }
}

/// A field given twice. Which of the two counts is nothing to guess.
fn twice(value: &Value, pointer: &str, name: &str, ask: Ask) -> Case {
    let own = value.pointer(pointer).unwrap().to_string();
    let body = with(value, pointer, format!("{own},\"{name}\":{own}").as_bytes());
    // What a newer server tells of a change is read as it is.
    let is_loose = ask == Ask::Changes && pointer.starts_with("/items/");
    case(format!("{pointer} twice"), ask, if is_loose { Expect::Ends } else { Expect::Malformed }, body)
}

fn missing(value: &Value, pointer: &str, name: &str, ask: Ask) -> Case {
    let mut value = value.clone();
    let parent = &pointer[..pointer.len() - name.len() - 1];
    value.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    let body = value.to_string();
    Case {
        name: format!("{pointer} missing"),
        ask,
        expect: Expect::Ends,
        reply: Box::new(move || Reply::Say(json(&body))),
    }
}
