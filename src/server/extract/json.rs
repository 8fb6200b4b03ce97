//! JSON bodies, read strictly: unknown fields, wrong types and U+0000 are refused with the field named.

use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, error::Category};

use super::read_body;
use crate::server::error::{Answer, Failure, code};
use crate::server::state::AppState;

/// A JSON body, in or out.
#[derive(Clone, Debug)]
pub struct Json<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, Failure> {
        json_media_type(request.headers())?;
        let bytes = read_body(request.into_body(), &state.settings.limits).await?;
        parse_json(&bytes).map(Self)
    }
}

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        match serde_json::to_vec(&self.0) {
            Ok(bytes) => ([(header::CONTENT_TYPE, "application/json")], bytes).into_response(),
            Err(error) => Failure::internal(format!("an answer that is no JSON: {error}")).into_response(),
        }
    }
}

/// Fails with 415 unless the body says it is JSON, in UTF-8 if it says so at all.
pub fn json_media_type(headers: &HeaderMap) -> Answer<()> {
    media_type(headers, "application/json")
}

/// Fails with 415 unless the body says, once, that it is of this kind, in UTF-8 if it says so at all.
pub fn media_type(headers: &HeaderMap, wanted: &str) -> Answer<()> {
    let mut values = headers.get_all(header::CONTENT_TYPE).iter();
    let value = values.next().and_then(|value| value.to_str().ok()).unwrap_or_default();
    let mut parts = value.split(';').map(|part| part.trim().to_ascii_lowercase());
    let kind = parts.next().is_some_and(|kind| kind == wanted);
    let utf8 = parts.all(|part| part.strip_prefix("charset=").is_none_or(|set| set.trim_matches('"') == "utf-8"));
    if kind && utf8 && values.next().is_none() {
        return Ok(());
    }
    Err(Failure::new(code::UNSUPPORTED_MEDIA_TYPE).detail(format!("send {wanted} in UTF-8")))
}

/// Reads a JSON text. 400 when it is no JSON or has an unknown field, 422 when it says something wrong.
pub fn parse_json<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    // Serde would fill a struct from a list as well, field by field in an order that nobody has promised.
    if bytes.trim_ascii_start().first() != Some(&b'{') {
        let read = serde_json::from_slice::<serde::de::IgnoredAny>(bytes);
        return Err(match read {
            Ok(_) => Failure::new(code::INVALID_FIELD).detail("the body must be an object"),
            Err(error) => explain(bytes, &error),
        });
    }
    if bytes.windows(6).any(|escape| escape == b"\\u0000") {
        let value: Value = serde_json::from_slice(bytes).map_err(|error| explain(bytes, &error))?;
        if let Some(field) = nul(&value, String::new()) {
            return Err(Failure::invalid(field, "must not contain U+0000"));
        }
    }
    serde_json::from_slice(bytes).map_err(|error| explain(bytes, &error))
}

/// Where in a value U+0000 stands, dotted.
fn nul(value: &Value, path: String) -> Option<String> {
    let below = |name: &str| if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
    match value {
        Value::String(text) => text.contains('\0').then_some(path),
        Value::Array(items) => items.iter().enumerate().find_map(|(at, item)| nul(item, below(&at.to_string()))),
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, field)| if name.contains('\0') { Some(path.clone()) } else { nul(field, below(name)) }),
        _ => None,
    }
}

fn explain(bytes: &[u8], error: &serde_json::Error) -> Failure {
    let message = error.to_string();
    let message = message.split(" at line ").next().unwrap_or_default().to_owned();
    if error.classify() != Category::Data {
        return Failure::new(code::MALFORMED).detail(format!("no JSON: {message}"));
    }
    let named = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        return Failure::new(code::UNKNOWN_FIELD).field(named, "unknown field");
    }
    if message.starts_with("duplicate field") {
        return Failure::new(code::MALFORMED).field(named, "stands twice");
    }
    if message.starts_with("missing field") {
        return Failure::invalid(named, "is missing");
    }
    Failure::invalid(field_at(bytes, error.line(), error.column()), message)
}

/// The field in whose value a position (both from 1) stands, dotted; empty at the top.
fn field_at(bytes: &[u8], line: usize, column: usize) -> String {
    let start: usize = bytes.split(|b| *b == b'\n').take(line.saturating_sub(1)).map(|l| l.len() + 1).sum();
    let end = (start + column).min(bytes.len());
    let mut path: Vec<String> = Vec::new();
    let mut at = 0;
    let mut last = String::new();
    while at < end {
        match bytes[at] {
            b'"' => {
                let close = string_end(bytes, at);
                last = String::from_utf8_lossy(bytes.get(at + 1..close).unwrap_or_default()).into_owned();
                at = close;
            }
            b':' => {
                path.pop();
                path.push(std::mem::take(&mut last));
            }
            b'{' | b'[' => path.push(String::new()),
            b'}' | b']' => drop(path.pop()),
            _ => {}
        }
        at += 1;
    }
    path.retain(|name| !name.is_empty());
    path.join(".")
}

/// The closing quote of the string that opens at `open`.
fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while at < bytes.len() && bytes[at] != b'"' {
        at += if bytes[at] == b'\\' { 2 } else { 1 };
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::account::NewAccount;
    use crate::api::member::EditMe;
    use crate::api::thread::NewThread;

    fn fails<T: DeserializeOwned>(text: &str) -> (u16, String) {
        let problem = parse_json::<T>(text.as_bytes()).map(drop).unwrap_err().problem(None);
        (problem.status, problem.errors.first().map(|e| e.field.clone()).unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_is_named() {
        let thread = |tags: &str| format!(r#"{{"space":"a","kind":"question","title":"t","body":"b","tags":{tags}}}"#);
        assert!(parse_json::<NewThread>(thread("[]").as_bytes()).is_ok());
        assert_eq!(fails::<NewThread>(&thread("[\"a\", 5]")), (422, "tags".into()));
        assert_eq!(fails::<NewThread>(&thread("{}")), (422, "tags".into()));
        assert_eq!(fails::<NewThread>(&thread(r#"["a\u0000"]"#)), (422, "tags.0".into()));
        assert_eq!(fails::<NewThread>(r#"{"space":1}"#), (422, "space".into()));
        assert_eq!(fails::<NewThread>(r#"{"space":"a\"b","title":true}"#), (422, "title".into()));
        assert_eq!(fails::<NewThread>(r#"{"space":"a"}"#), (422, "kind".into()));
        assert_eq!(fails::<NewAccount>(r#"{"role":"owner"}"#), (400, "role".into()));
        assert_eq!(fails::<NewAccount>(r#"{"username":"a","username":"b"}"#), (400, "username".into()));
        assert_eq!(fails::<NewAccount>("{"), (400, String::new()));
        assert_eq!(fails::<NewAccount>("["), (400, String::new()));
        assert_eq!(fails::<EditMe>("[]"), (422, String::new()), "a list is no struct");
        assert_eq!(
            fails::<NewAccount>(r#"{"username":"\\u0000"}"#),
            (422, "display_name".into()),
            "an escaped backslash"
        );
    }
}
