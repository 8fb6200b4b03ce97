//! Whether the server is up and its database answers.

use axum::extract::State;

use crate::api::path;
use crate::server::error::Answer;
use crate::server::extract::Json;
use crate::server::state::AppState;

/// The answer of a healthy server.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Health {
    /// Always `ok`.
    pub status: &'static str,
    /// Version of the server.
    pub version: &'static str,
}

/// Whether the server is up and its database answers.
#[utoipa::path(get, path = path::HEALTH, tag = "server", responses((status = 200, body = Health)))]
pub async fn health(State(app): State<AppState>) -> Answer<Json<Health>> {
    app.db.check().await?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}
