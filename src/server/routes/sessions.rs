//! One's own sessions: seeing where one is signed in, and ending that from anywhere (ASVS 7.4.3, 7.5.2).

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::path;
use crate::api::session::Sessions;
use crate::server::db::sessions;
use crate::server::error::{Answer, Failure};
use crate::server::extract::{Id, Json, Reader};
use crate::server::state::AppState;

/// One's own sessions that have not ended: the one that asks first, then the last used first.
#[utoipa::path(get, path = path::SESSIONS, tag = "keys", security(("session" = [])),
    responses((status = 200, body = Sessions)))]
pub async fn list(State(app): State<AppState>, reader: Reader) -> Answer<Json<Sessions>> {
    let current = reader.session()?;
    let items = sessions::list(app.db.read(), reader.id, current, app.clock.now()).await?;
    Ok(Json(Sessions { items }))
}

/// Ends one of one's own sessions. Its tokens are good no longer, and its streams of events end.
#[utoipa::path(delete, path = path::SESSION, tag = "keys", security(("session" = [])),
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn end(State(app): State<AppState>, reader: Reader, Id(id): Id) -> Answer<StatusCode> {
    let mut write = app.db.write().await?;
    if !sessions::end(&mut write, reader.id, id, app.clock.now()).await? {
        return Err(Failure::not_found());
    }
    write.wake(reader.id);
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Ends all of one's own sessions but the one that asks.
#[utoipa::path(delete, path = path::SESSIONS, tag = "keys", security(("session" = [])), responses((status = 204)))]
pub async fn end_others(State(app): State<AppState>, reader: Reader) -> Answer<StatusCode> {
    let current = reader.session()?;
    let mut write = app.db.write().await?;
    sessions::revoke_others(&mut write, reader.id, current, app.clock.now()).await?;
    write.wake(reader.id);
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
