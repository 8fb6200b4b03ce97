//! Whether the server is up and its database answers.

use axum::extract::State;

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
#[utoipa::path(get, path = "/v1/health", tag = "server", responses((status = 200, body = Health)))]
pub async fn health(State(app): State<AppState>) -> Answer<Json<Health>> {
    sqlx::query("SELECT 1").execute(app.db.read()).await?;
    Ok(Json(Health { status: "ok", version: env!("CARGO_PKG_VERSION") }))
}
