//! Every route on one page, and the document that describes them (OpenAPI 3.1).

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::http::Method;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;
use utoipa::OpenApi;
use utoipa::openapi::RefOr;
use utoipa::openapi::path::ParameterIn;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::api::path;
use crate::api::problem::Problem;
use crate::server::error::Failure;
use crate::server::state::AppState;
use crate::server::{answer, error, etag, policy, routes};

mod document;

/// The head of the document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Lyceum community API", description = "The API of one community, version 1."),
    components(schemas(Problem)),
    modifiers(&Bearer)
)]
struct Head;

struct Bearer;

/// What handlers name that are for sessions alone. The document is where it is written, and what it is enforced by.
const SESSION: &str = "session";

impl utoipa::Modify for Bearer {
    fn modify(&self, document: &mut utoipa::openapi::OpenApi) {
        let components = document.components.get_or_insert_default();
        for (name, about) in [
            (
                "bearer",
                "The access token of a session, or a personal access token with the scope that the method takes.",
            ),
            (SESSION, "The access token of a session. A personal access token is refused, whatever its scopes."),
        ] {
            let mut scheme = Http::new(HttpAuthScheme::Bearer);
            scheme.description = Some(about.to_owned());
            components.add_security_scheme(name, SecurityScheme::Http(scheme));
        }
    }
}

/// The routes with their descriptions, before any layer.
fn table() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(routes::health::health))
        .routes(routes!(routes::openapi::openapi))
        .routes(routes!(routes::security::contact))
        .routes(routes!(routes::community::community))
        .routes(routes!(routes::community::plans))
        .routes(routes!(routes::community::spaces))
        .routes(routes!(routes::accounts::open))
        .routes(routes!(routes::oauth::token))
        .routes(routes!(routes::oauth::device_authorization))
        .routes(routes!(routes::oauth::revoke))
        .routes(routes!(routes::oauth::metadata))
        .routes(routes!(routes::me::me, routes::me::edit))
        .routes(routes!(routes::second_factor::show, routes::second_factor::begin, routes::second_factor::confirm))
        .routes(routes!(routes::second_factor::end))
        .routes(routes!(routes::second_factor::recovery_codes))
        .routes(routes!(routes::sessions::credential))
        .routes(routes!(routes::sessions::list, routes::sessions::end_others))
        .routes(routes!(routes::sessions::end))
        .routes(routes!(routes::tokens::list, routes::tokens::make))
        .routes(routes!(routes::tokens::end))
        .routes(routes!(routes::password::change))
        .routes(routes!(routes::membership::membership))
        .routes(routes!(routes::membership::access))
        .routes(routes!(routes::members::member))
        .routes(routes!(routes::members::set_role))
        .routes(routes!(routes::feed::list))
        .routes(routes!(routes::threads::list, routes::threads::open))
        .routes(routes!(routes::threads::one, routes::threads::edit, routes::threads::delete))
        .routes(routes!(routes::marks::read))
        .routes(routes!(routes::marks::follow))
        .routes(routes!(routes::marks::mute))
        .routes(routes!(routes::marks::bookmark))
        .routes(routes!(routes::votes::accept, routes::votes::unaccept))
        .routes(routes!(routes::posts::list, routes::posts::reply))
        .routes(routes!(routes::posts::edit, routes::posts::delete))
        .routes(routes!(routes::posts::revisions))
        .routes(routes!(routes::votes::vote))
        .routes(routes!(routes::search::search))
        .routes(routes!(routes::notifications::list))
        .routes(routes!(routes::notifications::done))
        .routes(routes!(routes::changes::list))
        .routes(routes!(routes::changes::events))
}

/// The pages for a browser. They are no part of the API, so the document does not name them; what their queries mean is
/// OAuth's, which passes over what it does not know (RFC 6749 section 3.1), or nothing.
fn pages() -> axum::Router<AppState> {
    axum::Router::new()
        .route(path::ACTIVATE, get(routes::activate::show).post(routes::activate::act))
        .route(path::AUTHORIZE, get(routes::authorize::show).post(routes::authorize::act))
        .route(path::THREAD_PAGE, get(routes::permalink::show))
        .route(path::POST_PAGE, get(routes::permalink::show))
}

/// The OpenAPI document of this version.
pub fn document() -> utoipa::openapi::OpenApi {
    let mut made = table().into_openapi();
    document::complete(&mut made);
    made
}

/// The paths whose `GET` reads a query.
fn with_query(document: &utoipa::openapi::OpenApi) -> BTreeSet<String> {
    let reads = |item: &utoipa::openapi::PathItem| {
        let parameters = item.get.iter().flat_map(|get| get.parameters.iter().flatten());
        parameters.into_iter().any(|parameter| match parameter {
            RefOr::T(parameter) => parameter.parameter_in == ParameterIn::Query,
            RefOr::Ref(_) => false,
        })
    };
    document.paths.paths.iter().filter(|(_, item)| reads(item)).map(|(path, _)| path.clone()).collect()
}

/// The operations that only a session may use.
fn sessions_only(document: &utoipa::openapi::OpenApi) -> answer::Operations {
    let session = SecurityRequirement::new::<_, [String; 0], String>(SESSION, []);
    let mut found = answer::Operations::new();
    for (path, item) in &document.paths.paths {
        for (method, operation) in [
            (Method::GET, &item.get),
            (Method::POST, &item.post),
            (Method::PUT, &item.put),
            (Method::PATCH, &item.patch),
            (Method::DELETE, &item.delete),
        ] {
            let security = operation.iter().flat_map(|operation| operation.security.iter().flatten());
            if security.into_iter().any(|requirement| *requirement == session) {
                found.insert((path.clone(), method));
            }
        }
    }
    found
}

/// The whole server as one service.
pub fn router(app: AppState) -> axum::Router {
    let (router, document) = table().split_for_parts();
    let queries = Arc::new(with_query(&document));
    let router = router.layer(from_fn_with_state(queries, answer::refuse_query));
    let sessions_only = Arc::new(sessions_only(&document));
    around(app, policy::TABLE, router.layer(from_fn_with_state(sessions_only, answer::within_scope)).merge(pages()))
}

/// What happens around every route. Layers run from the last to the first. A route without a row in `table` is closed.
pub fn around(app: AppState, table: &'static [policy::Row], routes: axum::Router<AppState>) -> axum::Router {
    routes
        .fallback(|| async { Failure::not_found() })
        .method_not_allowed_fallback(|| async { Failure::new(error::code::METHOD_NOT_ALLOWED) })
        .layer(from_fn(answer::see_through))
        .layer(from_fn_with_state(table, policy::enforce))
        .layer(from_fn(etag::layer))
        .layer(from_fn_with_state(app.clone(), answer::count_account))
        .layer(from_fn_with_state(app.clone(), answer::identify))
        .layer(RequestDecompressionLayer::new())
        .layer(from_fn_with_state(app.clone(), answer::count_address))
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(answer::panicked))
        .layer(from_fn_with_state(app.clone(), answer::finish))
        .with_state(app)
}
