//! Threads: lists, one, opening, changing, taking away.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use crate::api::change::Written;
use crate::api::path;
use crate::api::thread::{EditThread, NewThread, Thread, ThreadPage, ThreadsQuery};
use crate::model::permission::may_open;
use crate::model::thread::Kind;
use crate::server::acts::{self, Act};
use crate::server::db::thread_lists::{self, Filter, Order, Part};
use crate::server::db::threads::{self as rows, ThreadRow};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Id, IfMatch, Json, Query, Reader};
use crate::server::idempotency::Once;
use crate::server::state::AppState;
use crate::server::validate::Faults;
use crate::server::viewer::Viewer;
use crate::server::{etag, page, show};

/// Threads that the filters describe; all of them must hold.
#[utoipa::path(get, path = path::THREADS, tag = "threads", security(("bearer" = [])), params(ThreadsQuery), responses(
    (status = 200, body = ThreadPage)))]
pub async fn list(
    State(app): State<AppState>,
    reader: Reader,
    here: Uri,
    Query(query): Query<ThreadsQuery>,
) -> Answer<Response> {
    let limit = page::limit(query.limit)?;
    let sort = query.sort.unwrap_or_default();
    let order = Order::from(sort);
    let tag = query.tag.map(|tag| tag.to_lowercase());
    let filter = Filter { space: query.space, kind: query.kind, tag, state: query.state };
    let described = serde_json::to_string(&filter).map_err(Failure::internal)?;
    let scope = format!("threads?{described}&{}&{}", sort.as_str(), reader.id);
    let after = super::feed::position(&scope, order, query.cursor.as_deref())?;
    let mut db = app.db.snapshot().await?;
    let viewer = Viewer::load(&mut db, &reader, app.clock.now()).await?;
    if filter.space.as_ref().is_some_and(|space| !viewer.house.spaces.contains_key(space)) {
        return Err(Failure::not_found().field("space", "there is no such space"));
    }
    let part = Part { reader: reader.id, order, after: after.as_ref(), limit: limit + 1 };
    let threads = thread_lists::filtered(&mut db, &filter, &part).await?;
    super::feed::answer(&here, &scope, order, threads, (&viewer, limit))
}

/// One thread, as lists show it.
#[utoipa::path(get, path = path::THREAD, tag = "threads", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 200, body = Thread)))]
pub async fn one(State(app): State<AppState>, reader: Reader, Id(id): Id) -> Answer<Json<Thread>> {
    let mut db = app.db.snapshot().await?;
    let viewer = Viewer::load(&mut db, &reader, app.clock.now()).await?;
    Ok(Json(show::thread(&find(&mut db, id, reader.id).await?, &viewer)))
}

/// The thread, or 404.
pub(super) async fn find(db: &mut sqlx::AnyConnection, id: i64, reader: i64) -> Answer<ThreadRow> {
    rows::by_id(db, id, reader).await?.ok_or_else(Failure::not_found)
}

/// Opens a thread. Wants `Idempotency-Key`.
#[utoipa::path(post, path = path::THREADS, tag = "threads", security(("bearer" = [])), request_body = NewThread,
    params(("Idempotency-Key" = String, Header)), responses(
    (status = 201, body = Written)))]
pub async fn open(State(app): State<AppState>, reader: Reader, once: Once<NewThread>) -> Answer<Response> {
    let (new, now) = (once.body, app.clock.now());
    let mut faults = Faults::default();
    let title = faults.title(&new.title);
    faults.body(&new.body);
    faults.tags(&new.tags);
    faults.check()?;
    let mut write = app.db.write().await?;
    if let Some(earlier) = once.key.earlier(&mut write, reader.id).await? {
        return Ok(earlier);
    }
    let viewer = Viewer::load(&mut write, &reader, now).await?;
    may_open_in(&viewer, &new.space, new.kind)?;
    let mut act = act(&app, &mut write, &viewer);
    let thread = rows::NewThread {
        space: &new.space,
        kind: new.kind,
        title: &title,
        body: &new.body,
        tags: &new.tags,
        gate: None,
    };
    let done = acts::threads::open(&mut act, reader.id, &thread).await?;
    once.key.commit(write, reader.id, now, (StatusCode::CREATED, &Written::from(done))).await
}

fn may_open_in(viewer: &Viewer, space: &str, kind: Kind) -> Answer<()> {
    let rule = viewer.house.spaces.get(space);
    let rule = rule.ok_or_else(|| Failure::invalid("space", "there is no such space"))?;
    if !may_open(rule.write, viewer.role) {
        return Err(Failure::forbidden(format!("opening threads here takes the role {}", rule.write.as_str())));
    }
    if kind == Kind::Announcement && !viewer.role.is_staff() {
        return Err(Failure::forbidden("announcements are made by those who keep order"));
    }
    viewer.must_read(space, None)
}

/// Something done now by somebody who asks.
pub(super) fn act<'a>(app: &'a AppState, write: &'a mut crate::server::db::Write, viewer: &'a Viewer) -> Act<'a> {
    Act { write, ids: app.db.ids(), house: &viewer.house, at: viewer.now, dated: false }
}

/// Changes title and tags (its author and staff), lock and pin (staff). Wants `If-Match`.
#[utoipa::path(patch, path = path::THREAD, tag = "threads", security(("bearer" = [])), request_body = EditThread,
    params(("id" = String, Path), ("If-Match" = String, Header)), responses(
    (status = 200, body = Thread)))]
pub async fn edit(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    version: IfMatch,
    Json(edit): Json<EditThread>,
) -> Answer<Json<Thread>> {
    let mut write = app.db.write().await?;
    let viewer = Viewer::load(&mut write, &reader, app.clock.now()).await?;
    let mut thread = find(&mut write, id, reader.id).await?;
    may_change(&viewer, &thread)?;
    if (edit.locked.is_some() || edit.pinned.is_some()) && !viewer.role.is_staff() {
        return Err(Failure::forbidden("locking and pinning are for those who keep order"));
    }
    version.check(&version_of(&thread, &viewer)?)?;
    let mut faults = Faults::default();
    if let Some(title) = &edit.title {
        thread.title = faults.title(title);
    }
    if let Some(tags) = edit.tags {
        faults.tags(&tags);
        thread.tags = tags;
    }
    faults.check()?;
    thread.locked = edit.locked.unwrap_or(thread.locked);
    thread.pinned = edit.pinned.unwrap_or(thread.pinned);
    acts::threads::change(&mut act(&app, &mut write, &viewer), &thread).await?;
    let shown = show::thread(&find(&mut write, id, reader.id).await?, &viewer);
    write.commit().await?;
    Ok(Json(shown))
}

/// The author and staff change a thread, and only one that they may read.
fn may_change(viewer: &Viewer, thread: &ThreadRow) -> Answer<()> {
    viewer.must_read(&thread.space, thread.gate.as_deref())?;
    if viewer.id != thread.author_id && !viewer.role.is_staff() {
        return Err(Failure::forbidden("this thread is another member's"));
    }
    Ok(())
}

/// The strong tag that a GET of the thread has for this reader.
fn version_of(thread: &ThreadRow, viewer: &Viewer) -> Answer<String> {
    let bytes = serde_json::to_vec(&show::thread(thread, viewer)).map_err(Failure::internal)?;
    Ok(etag::version(&bytes))
}

/// Takes a thread away: staff always, its author as long as nobody has replied. Wants `If-Match`.
#[utoipa::path(delete, path = path::THREAD, tag = "threads", security(("bearer" = [])),
    params(("id" = String, Path), ("If-Match" = String, Header)), responses(
    (status = 204)))]
pub async fn delete(State(app): State<AppState>, reader: Reader, Id(id): Id, version: IfMatch) -> Answer<StatusCode> {
    let mut write = app.db.write().await?;
    let viewer = Viewer::load(&mut write, &reader, app.clock.now()).await?;
    let thread = find(&mut write, id, reader.id).await?;
    may_change(&viewer, &thread)?;
    version.check(&version_of(&thread, &viewer)?)?;
    if thread.last > 1 && !viewer.role.is_staff() {
        return Err(Failure::new(code::CONFLICT).detail("others have replied; ask those who keep order"));
    }
    acts::threads::delete(&mut act(&app, &mut write, &viewer), id).await?;
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
