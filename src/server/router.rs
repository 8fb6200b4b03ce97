//! Every route on one page, and the document that describes them (OpenAPI 3.1).

use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::decompression::RequestDecompressionLayer;
use utoipa::OpenApi;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::server::error::Failure;
use crate::server::state::AppState;
use crate::server::{answer, error, etag, routes};

/// The head of the document.
#[derive(OpenApi)]
#[openapi(
    info(title = "Lyceum community API", description = "The API of one community, version 1."),
    components(schemas(crate::api::problem::Problem))
)]
struct Head;

/// The routes with their descriptions, before any layer.
fn table() -> OpenApiRouter<AppState> {
    OpenApiRouter::with_openapi(Head::openapi())
        .routes(routes!(routes::health::health))
        .routes(routes!(routes::openapi::openapi))
}

/// The OpenAPI document of this version.
pub fn document() -> utoipa::openapi::OpenApi {
    table().into_openapi()
}

/// The whole server as one service. Layers run from the last to the first.
pub fn router(app: AppState) -> axum::Router {
    let (router, _) = table().split_for_parts();
    router
        .fallback(|| async { Failure::not_found() })
        .method_not_allowed_fallback(|| async { Failure::new(error::code::METHOD_NOT_ALLOWED) })
        .layer(from_fn(answer::see_through))
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
