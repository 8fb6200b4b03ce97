//! The feed: threads across spaces.

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

use crate::api::path;
use crate::api::thread::{FeedQuery, ThreadPage};
use crate::server::db::thread_lists::{self, Order, Part, Position};
use crate::server::db::threads::ThreadRow;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Query, Reader};
use crate::server::state::AppState;
use crate::server::viewer::Viewer;
use crate::server::{page, show};

/// Threads across spaces, newest activity first.
#[utoipa::path(get, path = path::FEED, tag = "threads", security(("bearer" = [])), params(FeedQuery), responses(
    (status = 200, body = ThreadPage)))]
pub async fn list(
    State(app): State<AppState>,
    reader: Reader,
    here: Uri,
    Query(query): Query<FeedQuery>,
) -> Answer<Response> {
    let limit = page::limit(query.limit)?;
    let view = query.view.unwrap_or_default();
    let scope = format!("feed?{}&{}", view.as_str(), reader.id);
    let after = position(&scope, Order::Active, query.cursor.as_deref())?;
    let mut db = app.db.snapshot().await?;
    let viewer = Viewer::load(&mut db, &reader, app.clock.now()).await?;
    let part = Part { reader: reader.id, order: Order::Active, after: after.as_ref(), limit: limit + 1 };
    let threads = thread_lists::feed(&mut db, view, &part).await?;
    answer(&here, &scope, Order::Active, threads, (&viewer, limit))
}

/// Reads a cursor and makes sure that it is one of this order.
pub(super) fn position(scope: &str, order: Order, cursor: Option<&str>) -> Answer<Option<Position>> {
    let after: Option<Position> = page::position(scope, cursor)?;
    match after {
        Some(position) if !order.fits(&position) => {
            Err(Failure::new(code::BAD_CURSOR).field("cursor", "does not belong to this list"))
        }
        other => Ok(other),
    }
}

/// Answers a page of threads of which one more than wanted was read.
pub(super) fn answer(
    here: &Uri,
    scope: &str,
    order: Order,
    mut threads: Vec<ThreadRow>,
    (viewer, limit): (&Viewer, u32),
) -> Answer<Response> {
    let more = threads.len() > limit as usize;
    threads.truncate(limit as usize);
    let last = threads.last().filter(|_| more);
    let next = last.map(|last| page::cursor(scope, &order.position(last))).transpose()?;
    let items = threads.iter().map(|row| show::thread(row, viewer)).collect();
    Ok(page::answer(here, ThreadPage { items, next: next.clone() }, next.as_deref()))
}
