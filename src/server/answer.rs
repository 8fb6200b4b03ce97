//! What happens around every handler: who asks, how often they may, and the shape of every answer, good or bad.

use std::collections::BTreeSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Instant;

use axum::body::Body;
use axum::extract::{ConnectInfo, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::api::{SERVER_HEADER, path, problem::MEDIA_TYPE};
use crate::base::random;
use crate::server::auth::identity;
use crate::server::error::{Answer, Failure, code};
use crate::server::etag;
use crate::server::extract::{By, Identity, Reader};
use crate::server::limits::{Left, Who, network};
use crate::server::state::AppState;
use crate::server::web::failure::{self, Place};
use crate::server::web::page::IsPage;

/// The address that a request came from, in its extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Address(pub IpAddr);

/// Outermost: turns failures into problems, logs the server's own, and adds the headers of every answer.
pub async fn finish(State(app): State<AppState>, request: Request, next: Next) -> Response {
    // The route, not the path: what somebody looks at is not the log's business.
    let route = request.extensions().get::<MatchedPath>().map_or("no route", MatchedPath::as_str);
    let line = format!("{} {route}", request.method());
    let is_page = matches!(route, path::ACTIVATE | path::AUTHORIZE | path::THREAD_PAGE | path::POST_PAGE);
    let page = is_page.then(|| Place::of(route, request.headers()));
    let start = Instant::now();
    let response = next.run(request).await;
    let mut response = written_out(&app, &line, page, response);
    let (status, ms) = (response.status().as_u16(), start.elapsed().as_millis());
    tracing::info!(request = line, status, ms, "answered");
    let headers = response.headers_mut();
    etag::mark_compressed(headers);
    headers.insert(SERVER_HEADER, HeaderValue::from_static(env!("CARGO_PKG_VERSION")));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    response
}

/// A failure becomes a problem, or a page where a person looks at it; whatever else is answered stays as it is.
fn written_out(app: &AppState, line: &str, page: Option<Place>, response: Response) -> Response {
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || response.extensions().get::<IsPage>().is_some() {
        return response;
    }
    let (mut parts, _) = response.into_parts();
    let failure = parts.extensions.remove::<Failure>().unwrap_or_else(|| Failure::new(code::of_status(status)));
    let incident = status.is_server_error().then(|| random::hex(&*app.random, 8));
    if let Some(incident) = &incident {
        let cause = failure.cause().unwrap_or("no cause was given");
        tracing::error!(incident, request = line, cause, "a request failed");
    }
    for stale in [header::CONTENT_LENGTH, header::CONTENT_ENCODING, header::TRANSFER_ENCODING] {
        parts.headers.remove(stale);
    }
    if let Some(place) = page {
        return failure::page(app, place, &failure, incident.as_deref(), parts);
    }
    let problem = serde_json::to_vec(&failure.problem(incident)).unwrap_or_default();
    parts.headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(MEDIA_TYPE));
    Response::from_parts(parts, Body::from(problem))
}

/// A handler that panicked.
pub fn panicked(cause: Box<dyn std::any::Any + Send>) -> Response {
    let text = cause.downcast_ref::<String>().map(String::as_str).or_else(|| cause.downcast_ref::<&str>().copied());
    Failure::internal(format!("panic: {}", text.unwrap_or("without words"))).into_response()
}

/// Counts requests by address, before anything is read or looked up.
pub async fn count_address(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| peer.ip());
    let peer = peer.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let address = network(client(peer, request.headers(), &app.settings.trusted_proxies));
    request.extensions_mut().insert(Address(address));
    let (limits, now) = (&app.settings.limits, app.clock.now());
    let mut taken = app.buckets.take(Who::Address(address), limits.per_address, now);
    // Last, so that who asks too often uses up nothing of the others'.
    if taken.is_ok() {
        taken = app.buckets.take(Who::Everybody, limits.everybody, now).and(taken);
    }
    counted(taken, request, next).await
}

/// Counts requests by token and by account, and writes of an account apart.
pub async fn count_account(State(app): State<AppState>, request: Request, next: Next) -> Response {
    let Some(Identity(Ok(Some(Reader { id, token_hash, .. })))) = request.extensions().get() else {
        return next.run(request).await;
    };
    let (id, limits, now) = (*id, &app.settings.limits, app.clock.now());
    let mut taken = app.buckets.take(Who::Token(token_hash.clone()), limits.per_token, now);
    if taken.is_ok() {
        taken = app.buckets.take(Who::Account(id), limits.per_account, now);
    }
    if taken.is_ok() && is_write(request.method()) {
        taken = app.buckets.take(Who::Writes(id), limits.writes, now);
    }
    counted(taken, request, next).await
}

async fn counted(taken: Result<Left, Failure>, request: Request, next: Next) -> Response {
    match taken {
        Err(failure) => failure.into_response(),
        Ok(left) => {
            let mut response = next.run(request).await;
            // The inner, narrower count has written already.
            if !response.headers().contains_key("ratelimit") {
                left.write(response.headers_mut());
            }
            response
        }
    }
}

/// The nearest address in `X-Forwarded-For` that is no trusted proxy; the peer itself unless it is one.
fn client(peer: IpAddr, headers: &HeaderMap, trusted: &[IpAddr]) -> IpAddr {
    if !trusted.contains(&peer.to_canonical()) {
        return peer;
    }
    let values = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = values.flat_map(|value| value.split(',')).map(str::trim).collect();
    let hops = hops.iter().rev().map_while(|hop| hop.parse::<IpAddr>().ok());
    let mut nearest = peer;
    for hop in hops {
        nearest = hop;
        if !trusted.contains(&hop.to_canonical()) {
            break;
        }
    }
    nearest
}

/// Finds out who asks, once per request.
pub async fn identify(State(app): State<AppState>, mut request: Request, next: Next) -> Response {
    let identity = Identity(who(&app, request.headers()).await);
    request.extensions_mut().insert(identity);
    next.run(request).await
}

async fn who(app: &AppState, headers: &HeaderMap) -> Answer<Option<Reader>> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let Some(value) = values.next() else { return Ok(None) };
    let challenge = HeaderValue::from_static("Bearer error=\"invalid_token\"");
    let invalid = || Failure::new(code::INVALID_TOKEN).header(header::WWW_AUTHENTICATE, challenge.clone());
    let (scheme, shown) = value.to_str().ok().and_then(|text| text.split_once(' ')).ok_or_else(invalid)?;
    // Two would be one for us and another for a proxy.
    if values.next().is_some() || !scheme.eq_ignore_ascii_case("bearer") {
        return Err(invalid());
    }
    identity::of_token(app, shown).await?.map(Some).ok_or_else(invalid)
}

/// Operations by path and method.
pub type Operations = BTreeSet<(String, Method)>;

/// The one place that decides what a personal access token may do, whoever its owner is: without the scope to write it
/// reads, and what only a session may do (`sessions_only`) it never does.
pub async fn within_scope(State(sessions_only): State<Arc<Operations>>, request: Request, next: Next) -> Response {
    let Some(Identity(Ok(Some(Reader { by: By::PersonalToken { writes, .. }, .. })))) = request.extensions().get()
    else {
        return next.run(request).await;
    };
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let method = if request.method() == Method::HEAD { &Method::GET } else { request.method() };
    if sessions_only.contains(&(route.to_owned(), method.clone())) {
        return Failure::out_of_scope("this takes a session; no token may do it").into_response();
    }
    if is_write(method) && !writes {
        return Failure::out_of_scope("this takes the scope write").into_response();
    }
    next.run(request).await
}

/// Refuses a query where none is read: a filter that does nothing would be a lie.
pub async fn refuse_query(State(reads): State<Arc<BTreeSet<String>>>, request: Request, next: Next) -> Response {
    let query = request.uri().query().unwrap_or_default();
    let route = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let read = !is_write(request.method()) && reads.contains(route);
    if query.is_empty() || read {
        return next.run(request).await;
    }
    let named = query.split(['=', '&']).next().unwrap_or_default();
    Failure::new(code::UNKNOWN_FIELD).field(named, "unknown field").into_response()
}

/// Lets a write finish although the client has left: axum drops a handler with its connection.
pub async fn see_through(request: Request, next: Next) -> Response {
    if !is_write(request.method()) {
        return next.run(request).await;
    }
    match tokio::spawn(next.run(request)).await {
        Ok(response) => response,
        Err(error) if error.is_panic() => panicked(error.into_panic()),
        Err(error) => Failure::internal(error).into_response(),
    }
}

fn is_write(method: &Method) -> bool {
    !matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_forwarded_address_counts_behind_a_trusted_proxy_only() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let mut headers = HeaderMap::new();
        headers.insert("x-forwarded-for", HeaderValue::from_static("203.0.113.9, 198.51.100.7, 10.0.0.2"));
        let trusted = [ip("10.0.0.1"), ip("10.0.0.2")];
        assert_eq!(client(ip("10.0.0.1"), &headers, &trusted), ip("198.51.100.7"));
        assert_eq!(client(ip("192.0.2.1"), &headers, &trusted), ip("192.0.2.1"), "a stranger's word is no address");
        assert_eq!(client(ip("10.0.0.1"), &HeaderMap::new(), &trusted), ip("10.0.0.1"));
    }
}
