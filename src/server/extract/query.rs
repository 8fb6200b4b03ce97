//! Queries and forms, read strictly.

use axum::extract::{FromRequestParts, rejection::QueryRejection};
use axum::http::{Uri, request::Parts};
use serde::de::DeserializeOwned;

use crate::server::error::{Answer, Code, Failure, code};

/// The query of a request. Unknown filters and values that cannot be read are 400.
#[derive(Clone, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        read(&parts.uri, code::INVALID_QUERY).map(Self)
    }
}

/// Reads `application/x-www-form-urlencoded`.
pub fn parse_form<T: DeserializeOwned>(bytes: &[u8]) -> Answer<T> {
    let malformed = || Failure::new(code::MALFORMED).detail("no form");
    let text = std::str::from_utf8(bytes).map_err(|_| malformed())?;
    // A form and a query are the same text, and a URI is what the reader of queries takes.
    let uri = Uri::builder().path_and_query(format!("/?{text}")).build().map_err(|_| malformed())?;
    read(&uri, code::MALFORMED)
}

fn read<T: DeserializeOwned>(uri: &Uri, wrong: Code) -> Answer<T> {
    if uri.query().is_some_and(|query| query.contains("%00")) {
        return Err(Failure::new(wrong).detail("U+0000 may not stand in it"));
    }
    match axum::extract::Query::<T>::try_from_uri(uri) {
        Ok(axum::extract::Query(read)) => Ok(read),
        Err(rejection) => Err(explain(&rejection, wrong)),
    }
}

/// The rejection says `Failed to deserialize query string: FIELD: MESSAGE`.
fn explain(rejection: &QueryRejection, wrong: Code) -> Failure {
    let text = rejection.body_text();
    let text = text.strip_prefix("Failed to deserialize query string: ").unwrap_or(&text);
    let (path, message) = text.split_once(": ").unwrap_or(("", text));
    let named = message.split('`').nth(1).unwrap_or_default();
    if message.starts_with("unknown field") {
        return Failure::new(code::UNKNOWN_FIELD).field(named, "unknown field");
    }
    let field = if message.contains(" field `") { named } else { path };
    Failure::new(wrong).field(field, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::membership::AccessQuery;
    use crate::api::thread::ThreadsQuery;

    fn fails<T: DeserializeOwned>(query: &str) -> (String, String) {
        let uri: Uri = format!("/x?{query}").parse().unwrap();
        let problem = read::<T>(&uri, code::INVALID_QUERY).map(drop).unwrap_err().problem(None);
        (problem.code, problem.errors.first().map(|e| e.field.clone()).unwrap_or_default())
    }

    #[test]
    fn what_is_wrong_is_named() {
        let wrong = |code: &str, field: &str| (code.to_owned(), field.to_owned());
        assert_eq!(fails::<ThreadsQuery>("spce=a"), wrong("unknown_field", "spce"));
        assert_eq!(fails::<ThreadsQuery>("limit=x"), wrong("invalid_query", "limit"));
        assert_eq!(fails::<ThreadsQuery>("limit=-1"), wrong("invalid_query", "limit"));
        assert_eq!(fails::<ThreadsQuery>("kind=x"), wrong("invalid_query", "kind"));
        assert_eq!(fails::<ThreadsQuery>("tag=a%00b"), wrong("invalid_query", ""));
        assert_eq!(fails::<AccessQuery>(""), wrong("invalid_query", "thread"));
    }
}
