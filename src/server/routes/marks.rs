//! What a reader marks on a thread. Marks are one's own: they also work on threads of which only the beginning shows.

use axum::extract::State;
use axum::http::StatusCode;

use super::threads::find;
use crate::api::path;
use crate::api::thread::{SetMark, SetRead};
use crate::model::change::Topic;
use crate::server::db::marks::{self, Mark};
use crate::server::error::Answer;
use crate::server::extract::{Id, Json, Reader};
use crate::server::state::AppState;

/// Marks posts up to a number as read, and those after it as unread.
#[utoipa::path(put, path = path::THREAD_READ, tag = "marks", security(("bearer" = [])), request_body = SetRead, params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn read(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    Json(SetRead { upto }): Json<SetRead>,
) -> Answer<StatusCode> {
    set(&app, &reader, id, Mark::Read(upto)).await
}

/// Follows a thread, or stops. Who follows mutes no longer.
#[utoipa::path(put, path = path::THREAD_FOLLOW, tag = "marks", security(("bearer" = [])), request_body = SetMark, params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn follow(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    Json(SetMark { on }): Json<SetMark>,
) -> Answer<StatusCode> {
    set(&app, &reader, id, Mark::Follow(on)).await
}

/// Mutes a thread, or stops: nothing of it comes to the inbox, and it is in no list of what is unread. Who mutes follows
/// no longer.
#[utoipa::path(put, path = path::THREAD_MUTE, tag = "marks", security(("bearer" = [])), request_body = SetMark, params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn mute(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    Json(SetMark { on }): Json<SetMark>,
) -> Answer<StatusCode> {
    set(&app, &reader, id, Mark::Mute(on)).await
}

/// Keeps a thread, or drops it.
#[utoipa::path(put, path = path::THREAD_BOOKMARK, tag = "marks", security(("bearer" = [])), request_body = SetMark, params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn bookmark(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    Json(SetMark { on }): Json<SetMark>,
) -> Answer<StatusCode> {
    set(&app, &reader, id, Mark::Bookmark(on)).await
}

async fn set(app: &AppState, reader: &Reader, id: i64, mark: Mark) -> Answer<StatusCode> {
    let now = app.clock.now();
    let mut write = app.db.write().await?;
    let thread = find(&mut write, id, reader.id).await?;
    let mark = match mark {
        // Nobody has read what is not written yet.
        Mark::Read(upto) => Mark::Read(upto.min(thread.last)),
        other => other,
    };
    if marks::set(&mut write, (id, reader.id), mark, now).await? {
        write.tell(Topic::Marks, Some(id), Some(reader.id), now).await?;
    }
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
