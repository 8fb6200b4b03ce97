//! A request in the making, kept so that it can be sent once more after a token was renewed.

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use crate::community::{Error, Kind, Result};

/// The largest answer in JSON, after decompression, in bytes.
pub const LARGEST_JSON: usize = 2 * 1024 * 1024;

/// The largest file, after decompression, in bytes.
pub const LARGEST_FILE: usize = 16 * 1024 * 1024;

/// What is asked for, without the address and the token.
#[derive(Clone, Debug)]
pub struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<Vec<u8>>,
    pub(super) most: usize,
}

impl Call {
    /// A call of a path, which starts with a slash and holds nothing that comes from outside.
    pub fn new(method: Method, path: String) -> Self {
        Self { method, path, query: Vec::new(), headers: Vec::new(), body: None, most: LARGEST_JSON }
    }

    /// The fields of `query` that are set, as a query string.
    #[must_use]
    pub fn query(mut self, query: &impl Serialize) -> Self {
        if let Ok(Value::Object(fields)) = serde_json::to_value(query) {
            self.query = fields.into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect();
        }
        self
    }

    /// With a body of JSON.
    ///
    /// # Errors
    /// When it cannot be written as JSON.
    pub fn json(mut self, body: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(body).map_err(|_| Error::new(Kind::Malformed))?;
        self.headers.push((reqwest::header::CONTENT_TYPE, HeaderValue::from_static("application/json")));
        self.body = Some(bytes);
        Ok(self)
    }

    /// With a header whose value comes from outside.
    ///
    /// # Errors
    /// [`Kind::Invalid`] for one that cannot be sent.
    pub fn header(mut self, name: &'static str, value: &str) -> Result<Self> {
        let value = HeaderValue::from_str(value).map_err(|_| Error::with(Kind::Invalid(Vec::new()), name))?;
        self.headers.push((HeaderName::from_static(name), value));
        Ok(self)
    }

    /// For an answer that is a file: it may be as large as [`LARGEST_FILE`].
    #[must_use]
    pub fn file(self) -> Self {
        Self { most: LARGEST_FILE, ..self }
    }
}

fn plain(value: Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::feed::View;

    #[test]
    fn a_query_holds_what_is_set() {
        let query = crate::api::thread::FeedQuery { view: Some(View::ForYou), cursor: None, limit: Some(5) };
        let call = Call::new(Method::GET, "/".to_owned()).query(&query);
        let pairs: Vec<_> = call.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("limit", "5"), ("view", "for-you")]);
    }

    #[test]
    fn what_would_break_out_of_a_header_is_refused() {
        assert!(Call::new(Method::GET, String::new()).header("if-match", "a\r\nx: y").is_err());
    }
}
