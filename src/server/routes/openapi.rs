//! The description of the API itself.

use crate::api::path;
use crate::server::extract::Json;
use crate::server::router;

/// This document.
#[utoipa::path(get, path = path::OPENAPI, tag = "server", responses((status = 200, description = "OpenAPI 3.1")))]
pub async fn openapi() -> Json<utoipa::openapi::OpenApi> {
    Json(router::document())
}
