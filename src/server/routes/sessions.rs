//! One's own sessions: seeing where one is signed in, and ending that from anywhere (ASVS 7.4.3, 7.5.2).

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::path;
use crate::api::session::{Credential, Scope, Sessions};
use crate::server::db::{personal_tokens, sessions};
use crate::server::error::{Answer, Failure};
use crate::server::extract::{By, Id, Json, Reader};
use crate::server::state::AppState;

/// One's own sessions that have not ended: the one that asks first, then the last used first.
#[utoipa::path(get, path = path::SESSIONS, tag = "keys", security(("session" = [])),
    responses((status = 200, body = Sessions)))]
pub async fn list(State(app): State<AppState>, reader: Reader) -> Answer<Json<Sessions>> {
    let current = reader.session()?;
    let items = sessions::list(app.db.read(), reader.id, current, app.clock.now()).await?;
    Ok(Json(Sessions { items }))
}

/// What the token that asks may be used for, and until when. The one thing about tokens that any of them may ask.
#[utoipa::path(get, path = path::CREDENTIAL, tag = "keys", responses((status = 200, body = Credential)))]
pub async fn credential(State(app): State<AppState>, reader: Reader) -> Answer<Json<Credential>> {
    let now = app.clock.now();
    let found = match reader.by {
        By::Session(session) => sessions::list(app.db.read(), reader.id, session, now)
            .await?
            .into_iter()
            .find(|known| known.current)
            .map(|known| Credential { session: true, scopes: Scope::ALL.to_vec(), until: known.until }),
        By::PersonalToken { id, .. } => personal_tokens::list(app.db.read(), reader.id, now)
            .await?
            .into_iter()
            .find(|known| known.id == id.to_string())
            .map(|known| Credential { session: false, scopes: known.scopes, until: known.until }),
    };
    found.map(Json).ok_or_else(Failure::not_found)
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
