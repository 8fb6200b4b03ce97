//! The inbox.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use crate::api::notification::{NotificationPage, NotificationsQuery, SetDone};
use crate::api::path;
use crate::model::change::Topic;
use crate::server::db::notifications;
use crate::server::error::{Answer, Failure};
use crate::server::extract::{Id, Json, Query, Reader};
use crate::server::state::AppState;
use crate::server::viewer::Viewer;
use crate::server::{page, show};

/// The inbox, newest first; with `done=true` also what was put away.
#[utoipa::path(get, path = path::NOTIFICATIONS, tag = "inbox", security(("bearer" = [])), params(NotificationsQuery), responses(
    (status = 200, body = NotificationPage)))]
pub async fn list(
    State(app): State<AppState>,
    reader: Reader,
    here: Uri,
    Query(query): Query<NotificationsQuery>,
) -> Answer<Response> {
    let limit = page::limit(query.limit)?;
    let done = query.done.unwrap_or(false);
    let scope = format!("notifications?{done}&{}", reader.id);
    let after: Option<(i64, i64)> = page::position(&scope, query.cursor.as_deref())?;
    let mut db = app.db.snapshot().await?;
    let viewer = Viewer::load(&mut db, &reader, app.clock.now()).await?;
    let mut rows = notifications::list(&mut db, reader.id, done, after, limit + 1).await?;
    let more = rows.len() > limit as usize;
    rows.truncate(limit as usize);
    let last = rows.last().filter(|_| more).map(|row| (row.at.as_millisecond(), row.id));
    let next = last.map(|last| page::cursor(&scope, &last)).transpose()?;
    let items = rows.iter().map(|row| show::notification(row, &viewer)).collect();
    Ok(page::answer(&here, NotificationPage { items, next: next.clone() }, next.as_deref()))
}

/// Puts a line away, or back.
#[utoipa::path(put, path = path::NOTIFICATION_DONE, tag = "inbox", security(("bearer" = [])), request_body = SetDone,
    params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn done(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    Json(SetDone { done }): Json<SetDone>,
) -> Answer<StatusCode> {
    let mut write = app.db.write().await?;
    let changed = notifications::set_done(&mut write, (id, reader.id), done).await?;
    if changed.ok_or_else(Failure::not_found)? {
        write.tell(Topic::Inbox, None, Some(reader.id), app.clock.now()).await?;
    }
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
