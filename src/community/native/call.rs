//! A request in the making, kept so that it can be sent once more after a token was renewed.

use reqwest::Method;
use reqwest::header::{HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use super::super::{Error, Kind, Result};
use crate::api::path;

/// What is asked for, without the address and the token.
#[derive(Clone)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: Vec<(HeaderName, HeaderValue)>,
    pub(super) body: Option<Vec<u8>>,
}

impl Call {
    pub(super) fn new(method: Method, path: String) -> Self {
        Self { method, path, query: Vec::new(), headers: Vec::new(), body: None }
    }

    /// A call to one thing. An id that would climb out of its place in the path is nobody's.
    pub(super) fn to(method: Method, path: &str, id: &str) -> Result<Self> {
        if id.is_empty() || id == "." || id == ".." {
            return Err(Error::new(Kind::NotFound));
        }
        Ok(Self::new(method, path::fill(path, id)))
    }

    /// The fields of `query` that are set, as a query string.
    pub(super) fn query(mut self, query: &impl Serialize) -> Self {
        if let Ok(Value::Object(fields)) = serde_json::to_value(query) {
            self.query = fields.into_iter().filter_map(|(name, value)| Some((name, plain(value)?))).collect();
        }
        self
    }

    pub(super) fn json(mut self, body: &impl Serialize) -> Result<Self> {
        let bytes = serde_json::to_vec(body).map_err(|_| Error::new(Kind::Malformed))?;
        self.headers.push((reqwest::header::CONTENT_TYPE, HeaderValue::from_static("application/json")));
        self.body = Some(bytes);
        Ok(self)
    }

    /// A header whose value comes from outside; one that cannot be sent is refused.
    pub(super) fn header(mut self, name: &'static str, value: &str) -> Result<Self> {
        let value = HeaderValue::from_str(value).map_err(|_| Error::with(Kind::Invalid(Vec::new()), name))?;
        self.headers.push((HeaderName::from_static(name), value));
        Ok(self)
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
        let call = Call::new(Method::GET, path::FEED.to_owned()).query(&query);
        let pairs: Vec<_> = call.query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(pairs, [("limit", "5"), ("view", "for-you")]);
    }

    #[test]
    fn what_is_no_id_is_not_asked_for() {
        for id in ["", ".", ".."] {
            assert_eq!(Call::to(Method::GET, path::THREAD, id).err(), Some(Error::new(Kind::NotFound)), "{id}");
        }
        let call = Call::new(Method::GET, String::new());
        assert!(call.header("if-match", "a\r\nx: y").is_err());
    }
}
