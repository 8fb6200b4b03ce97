//! Who may use which route: one row for each method and path, and no route without one.
//!
//! [`enforce`] stands in front of every handler and goes by the table alone, so that a handler that forgot to ask stands
//! behind a door all the same, and a route that nobody gave a row answers nobody. What a row cannot know, whose thing it
//! is and whether it may be read, the handler decides; the row says what that decision is, the document tells clients,
//! and a test drives every route as everybody to compare. Nothing here reads the database.

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::path;
use crate::model::member::Role;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::Identity;

/// Who is let through to the handler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Who {
    /// Everybody, with a token or without.
    Anybody,
    /// Members: 401 without a good token.
    Member,
    /// Members of at least this role: 403 below it.
    AtLeast(Role),
}

/// What the handler then asks of the thing that the request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// Nothing: none is named, or whoever is let through may have it.
    Nothing,
    /// That it is the reader's own. Another's is not there: 404.
    Own,
    /// That it is there. Of a closed thread the public beginning is enough.
    Known,
    /// That the reader may read it whole: 402 where that takes a membership.
    Readable,
    /// That the reader may read it whole, and wrote it or keeps order: 403 for others.
    Authored,
}

/// What holds for one route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The method.
    pub method: &'static str,
    /// The path, with `{…}` where it varies.
    pub path: &'static str,
    /// Who is let through.
    pub who: Who,
    /// What is asked of the thing it names.
    pub asks: Asks,
}

/// A row of a table.
pub const fn row(method: &'static str, path: &'static str, who: Who, asks: Asks) -> Row {
    Row { method, path, who, asks }
}

use Asks::{Authored, Known, Nothing, Own, Readable};
use Who::{Anybody, AtLeast, Member};

/// Every route of the server.
pub const TABLE: &[Row] = &[
    row("GET", path::HEALTH, Anybody, Nothing),
    row("GET", path::OPENAPI, Anybody, Nothing),
    row("GET", path::SECURITY_TXT, Anybody, Nothing),
    row("GET", path::OAUTH_METADATA, Anybody, Nothing),
    row("GET", path::COMMUNITY, Anybody, Nothing),
    row("GET", path::PLANS, Anybody, Nothing),
    row("GET", path::SPACES, Anybody, Nothing),
    row("POST", path::ACCOUNTS, Anybody, Nothing),
    row("POST", path::TOKEN, Anybody, Nothing),
    row("POST", path::DEVICE_AUTHORIZATION, Anybody, Nothing),
    row("POST", path::REVOKE, Anybody, Nothing),
    row("GET", path::ACTIVATE, Anybody, Nothing),
    row("POST", path::ACTIVATE, Anybody, Nothing),
    row("GET", path::AUTHORIZE, Anybody, Nothing),
    row("POST", path::AUTHORIZE, Anybody, Nothing),
    row("GET", path::THREAD_PAGE, Anybody, Nothing),
    row("GET", path::POST_PAGE, Anybody, Nothing),
    row("GET", path::ME, Member, Nothing),
    row("PATCH", path::ME, Member, Nothing),
    row("PUT", path::PASSWORD, Member, Nothing),
    row("GET", path::SECOND_FACTOR, Member, Nothing),
    row("POST", path::SECOND_FACTOR, Member, Nothing),
    row("PUT", path::SECOND_FACTOR, Member, Nothing),
    row("POST", path::SECOND_FACTOR_END, Member, Nothing),
    row("POST", path::RECOVERY_CODES, Member, Nothing),
    row("GET", path::CREDENTIAL, Member, Nothing),
    row("GET", path::SESSIONS, Member, Nothing),
    row("DELETE", path::SESSIONS, Member, Nothing),
    row("DELETE", path::SESSION, Member, Own),
    row("GET", path::TOKENS, Member, Nothing),
    row("POST", path::TOKENS, Member, Nothing),
    row("DELETE", path::ACCESS_TOKEN, Member, Own),
    row("GET", path::MEMBERSHIP, Member, Nothing),
    row("GET", path::ACCESS, Anybody, Known),
    row("GET", path::MEMBER, Anybody, Nothing),
    row("PUT", path::MEMBER_ROLE, AtLeast(Role::Owner), Nothing),
    row("GET", path::FEED, Member, Nothing),
    row("GET", path::THREADS, Member, Nothing),
    row("POST", path::THREADS, Member, Readable),
    row("GET", path::THREAD, Member, Known),
    row("PATCH", path::THREAD, Member, Authored),
    row("DELETE", path::THREAD, Member, Authored),
    row("PUT", path::THREAD_READ, Member, Known),
    row("PUT", path::THREAD_FOLLOW, Member, Known),
    row("PUT", path::THREAD_MUTE, Member, Known),
    row("PUT", path::THREAD_BOOKMARK, Member, Known),
    row("PUT", path::THREAD_ACCEPTED, Member, Authored),
    row("DELETE", path::THREAD_ACCEPTED, Member, Authored),
    row("GET", path::POSTS, Member, Known),
    row("POST", path::POSTS, Member, Readable),
    row("PATCH", path::POST, Member, Authored),
    row("DELETE", path::POST, Member, Authored),
    row("GET", path::POST_REVISIONS, Member, Authored),
    row("PUT", path::POST_VOTE, Member, Readable),
    row("GET", path::SEARCH, Member, Nothing),
    row("GET", path::NOTIFICATIONS, Member, Nothing),
    row("PUT", path::NOTIFICATION_DONE, Member, Own),
    row("GET", path::CHANGES, Member, Nothing),
    row("GET", path::EVENTS, Member, Nothing),
];

/// The row of a route in [`TABLE`].
pub fn of(method: &str, path: &str) -> Option<&'static Row> {
    TABLE.iter().find(|row| row.path == path && row.method.eq_ignore_ascii_case(method))
}

/// Lets a request through to its handler, or not. A route without a row is the server's own fault: 500, for everybody.
pub async fn enforce(State(table): State<&'static [Row]>, request: Request, next: Next) -> Response {
    let Some(route) = request.extensions().get::<MatchedPath>() else {
        // No route: the router says that nothing is there.
        return next.run(request).await;
    };
    let rows = || table.iter().filter(|row| row.path == route.as_str());
    // A HEAD is a GET whose answer is not sent (RFC 9110 section 9.3.2).
    let method = if request.method() == Method::HEAD { "GET" } else { request.method().as_str() };
    let Some(row) = rows().find(|row| row.method == method) else {
        return match rows().next() {
            None => Failure::internal(format!("{} has no row in the table of who may", route.as_str())),
            Some(_) => not_allowed(rows().map(|row| row.method)),
        }
        .into_response();
    };
    match row.who.admits(request.extensions().get::<Identity>()) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

impl Who {
    fn admits(self, asks: Option<&Identity>) -> Answer<()> {
        if self == Self::Anybody {
            return Ok(());
        }
        let Identity(known) = asks.ok_or_else(|| Failure::internal("a route without the identify layer"))?;
        let reader = known.as_ref().map_err(Clone::clone)?;
        let reader = reader.as_ref().ok_or_else(|| Failure::new(code::UNAUTHENTICATED))?;
        if let Self::AtLeast(role) = self { reader.at_least(role) } else { Ok(()) }
    }
}

/// 405 with the methods that there are (RFC 9110 section 15.5.6).
fn not_allowed(methods: impl Iterator<Item = &'static str>) -> Failure {
    let with_head = methods.flat_map(|method| [method].into_iter().chain((method == "GET").then_some("HEAD")));
    let allow = with_head.collect::<Vec<_>>().join(",");
    let failure = Failure::new(code::METHOD_NOT_ALLOWED);
    match HeaderValue::from_str(&allow) {
        Ok(allow) => failure.header(header::ALLOW, allow),
        Err(_) => failure,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_route_has_one_row() {
        for (at, row) in TABLE.iter().enumerate() {
            assert!(TABLE[..at].iter().all(|other| (other.method, other.path) != (row.method, row.path)), "{row:?}");
            assert!(Method::from_bytes(row.method.as_bytes()).is_ok() && row.method != "HEAD", "{row:?}");
        }
        assert_eq!(of("get", path::ME).map(|row| row.who), Some(Member));
        assert_eq!(of("DELETE", path::ME), None);
    }
}
