//! What handlers take out of a request, strictly: what is not understood is refused with the field named.

use axum::extract::{FromRequestParts, Path};
use axum::http::{HeaderMap, header, request::Parts};

use crate::base::time::Timestamp;
use crate::model::member::Role;
use crate::server::error::{Answer, Failure, code};

mod body;
mod json;
mod query;

pub use body::read_body;
pub use json::{Json, json_media_type, media_type, parse_json};
pub use query::{Query, parse_form};

/// What a member showed to be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// The access token of a session, by its row.
    Session(i64),
    /// A personal access token.
    PersonalToken {
        /// Its row.
        id: i64,
        /// Whether it has the scope to write.
        writes: bool,
        /// When it was last used, to the hour.
        used: Option<Timestamp>,
    },
}

/// The member who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reader {
    /// Row of the member.
    pub id: i64,
    /// Unique name.
    pub username: String,
    /// Role now.
    pub role: Role,
    /// What was shown.
    pub by: By,
    /// SHA-256 of that token.
    pub token_hash: String,
}

impl Reader {
    /// The row of the session that asks. Fails with 403 for a personal access token.
    pub fn session(&self) -> Answer<i64> {
        match self.by {
            By::Session(session) => Ok(session),
            By::PersonalToken { .. } => Err(Failure::out_of_scope("this takes a session; no token may do it")),
        }
    }

    /// Fails with 403 when the role is lower than `least`.
    pub fn at_least(&self, least: Role) -> Answer<()> {
        if self.role >= least {
            return Ok(());
        }
        Err(Failure::forbidden(format!("this takes the role {}", least.as_str())))
    }
}

/// What the token of a request came to; put in its extensions by [`crate::server::answer::identify`].
#[derive(Clone, Debug)]
pub struct Identity(pub Result<Option<Reader>, Failure>);

impl<S: Sync> FromRequestParts<S> for Reader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let MaybeReader(reader) = MaybeReader::from_request_parts(parts, state).await?;
        reader.ok_or_else(|| Failure::new(code::UNAUTHENTICATED))
    }
}

/// The member who asks, or nobody. A token that is shown must be good even where none is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MaybeReader(pub Option<Reader>);

impl MaybeReader {
    /// Row of the member.
    pub fn id(&self) -> Option<i64> {
        self.0.as_ref().map(|reader| reader.id)
    }

    /// The role; somebody unknown has the least.
    pub fn role(&self) -> Role {
        self.0.as_ref().map_or(Role::Member, |reader| reader.role)
    }
}

impl<S: Sync> FromRequestParts<S> for MaybeReader {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        match parts.extensions.get::<Identity>() {
            Some(Identity(Ok(reader))) => Ok(Self(reader.clone())),
            Some(Identity(Err(failure))) => Err(failure.clone()),
            None => Err(Failure::internal("a route without the identify layer")),
        }
    }
}

/// The one `{id}` of a path. What is no id of ours is not there: 404.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Id(pub i64);

impl<S: Send + Sync> FromRequestParts<S> for Id {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        parse_id(&segment(parts, state).await?).map(Self)
    }
}

/// Reads an id out of a path, a query or a body.
pub fn parse_id(text: &str) -> Answer<i64> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) && !text.starts_with('0');
    text.parse().ok().filter(|_| digits).ok_or_else(Failure::not_found)
}

/// The one `{username}` of a path. What can be no name is not there: 404.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Name(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Name {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let name = segment(parts, state).await?;
        if is_username(&name) { Ok(Self(name)) } else { Err(Failure::not_found()) }
    }
}

async fn segment<S: Send + Sync>(parts: &mut Parts, state: &S) -> Answer<String> {
    let Path(text) = Path::<String>::from_request_parts(parts, state).await.map_err(|_| Failure::not_found())?;
    Ok(text)
}

/// 3 to 32 of `a-z 0-9 - _`.
pub fn is_username(name: &str) -> bool {
    (3..=32).contains(&name.len())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
}

/// The versions that a change may replace (RFC 9110 section 13.1.1). Missing: 428.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(Vec<String>);

impl IfMatch {
    /// Fails with 412 unless `version` (without quotes) is named, or anything will do (`*`).
    pub fn check(&self, version: &str) -> Answer<()> {
        let named = self.0.iter().any(|tag| tag == "*" || tag.trim_matches('"') == version);
        if named { Ok(()) } else { Err(Failure::new(code::STALE)) }
    }
}

impl<S: Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        let tags = tags(&parts.headers, header::IF_MATCH);
        if tags.is_empty() {
            return Err(Failure::new(code::IF_MATCH_MISSING));
        }
        // `5` is no entity tag; taking it for `"5"` would hide a mistake until a version has a comma in it.
        let quoted = |tag: &str| tag.len() >= 2 && tag.starts_with('"') && tag.ends_with('"');
        if tags.iter().any(|tag| tag != "*" && !quoted(tag.trim_start_matches("W/"))) {
            return Err(Failure::new(code::MALFORMED).field("If-Match", "entity tags in quotes, or *"));
        }
        Ok(Self(tags))
    }
}

/// The entity tags of a header, quotes kept, without what a compressing layer added. Weak ones keep their `W/`.
pub fn tags(headers: &HeaderMap, name: header::HeaderName) -> Vec<String> {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let tags = values.flat_map(|value| value.split(',')).map(|tag| tag.trim().replace("-gzip\"", "\""));
    tags.filter(|tag| !tag.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_ids_as_we_write_them_are_ids() {
        assert_eq!(parse_id("42").ok(), Some(42));
        for bad in ["", "0", "042", "-1", "+1", "1e3", "9223372036854775808", "１"] {
            assert!(parse_id(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_version_must_be_named() {
        let check =
            |tags: &[&str], version| IfMatch(tags.iter().map(ToString::to_string).collect()).check(version).is_ok();
        assert!(check(&["\"a\"", "\"b\""], "b"));
        assert!(check(&["*"], "b"));
        assert!(!check(&["W/\"b\""], "b"), "a weak tag never matches");
        assert!(!check(&["\"a\""], "b"));
    }
}
