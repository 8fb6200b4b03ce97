//! Posts: a window of a thread, replying, editing, taking away, older texts.

use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;

use super::threads::{act, find};
use crate::api::change::Written;
use crate::api::path;
use crate::api::post::{EditPost, NewPost, PostPage, PostsQuery, Revisions};
use crate::model::permission::may_reply;
use crate::server::db::posts::{self as rows, PostRow};
use crate::server::db::threads::ThreadRow;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Id, IfMatch, Json, Query, Reader};
use crate::server::idempotency::Once;
use crate::server::state::AppState;
use crate::server::validate::Faults;
use crate::server::viewer::Viewer;
use crate::server::{acts, page, show};

/// Text of the posts in one answer, in bytes; long posts come in more answers.
const MOST_BYTES: usize = 512 * 1024;

/// Posts of a thread by number. A thread that is closed to the reader answers with its public beginning alone.
#[utoipa::path(get, path = path::POSTS, tag = "posts", security(("bearer" = [])), params(("id" = String, Path), PostsQuery), responses(
    (status = 200, body = PostPage)))]
pub async fn list(
    State(app): State<AppState>,
    reader: Reader,
    here: Uri,
    Id(id): Id,
    Query(query): Query<PostsQuery>,
) -> Answer<Response> {
    let limit = page::limit(query.limit)?;
    let scope = format!("posts?{id}");
    let cursor: Option<u32> = page::position(&scope, query.cursor.as_deref())?;
    if [query.after.is_some(), query.around.is_some(), cursor.is_some()].iter().filter(|given| **given).count() > 1 {
        return Err(Failure::new(code::INVALID_QUERY).field("after", "one of after, around and cursor"));
    }
    let mut db = app.db.snapshot().await?;
    let viewer = Viewer::load(&mut db, &reader, app.clock.now()).await?;
    let thread = find(&mut db, id, reader.id).await?;
    if let Some(gate) = viewer.gate(&thread.space, thread.gate.as_deref()) {
        let opening = rows::by_number(&mut db, (id, reader.id), 1).await?.ok_or_else(Failure::not_found)?;
        let items = vec![show::partial_post(&opening, &thread, &viewer)];
        return Ok(page::answer(&here, PostPage { items, next: None, entitlement: Some(gate) }, None));
    }
    let before = |number: u32| number.min(thread.last).saturating_sub(1).saturating_sub(limit / 3);
    let after = cursor.or(query.after).or_else(|| query.around.map(before)).unwrap_or(0);
    let mut posts = rows::after(&mut db, (id, reader.id), after, limit).await?;
    posts.truncate(fitting(&posts, query.around.unwrap_or(0)));
    let last = posts.last().map(|post| post.number).filter(|number| *number < thread.last);
    let next = last.map(|number| page::cursor(&scope, &number)).transpose()?;
    let items = posts.iter().map(|post| show::post(post, &thread, &viewer)).collect();
    Ok(page::answer(&here, PostPage { items, next: next.clone(), entitlement: None }, next.as_deref()))
}

/// How many posts go into one answer: as many as [`MOST_BYTES`] hold, at least one, and always up to number `until`.
fn fitting(posts: &[PostRow], until: u32) -> usize {
    let mut bytes = 0;
    let fits = |post: &&PostRow| {
        bytes += post.body.len();
        bytes <= MOST_BYTES || post.number <= until
    };
    posts.iter().take_while(fits).count().max(1).min(posts.len())
}

/// Replies. In a locked thread moderators and owners only; others get 409. Wants `Idempotency-Key`.
#[utoipa::path(post, path = path::POSTS, tag = "posts", security(("bearer" = [])), request_body = NewPost,
    params(("id" = String, Path), ("Idempotency-Key" = String, Header)), responses(
    (status = 201, body = Written)))]
pub async fn reply(State(app): State<AppState>, reader: Reader, Id(id): Id, once: Once<NewPost>) -> Answer<Response> {
    let (new, now) = (once.body, app.clock.now());
    let mut faults = Faults::default();
    faults.body(&new.body);
    faults.check()?;
    let mut write = app.db.write().await?;
    if let Some(earlier) = once.key.earlier(&mut write, reader.id).await? {
        return Ok(earlier);
    }
    let viewer = Viewer::load(&mut write, &reader, now).await?;
    let thread = find(&mut write, id, reader.id).await?;
    viewer.must_read(&thread.space, thread.gate.as_deref())?;
    if !may_reply(thread.locked, viewer.role) {
        return Err(Failure::new(code::CONFLICT).detail("the thread is locked"));
    }
    let parent = match new.parent {
        // A reply to the opening post is a reply to the thread.
        None | Some(1) => None,
        Some(number) => {
            let parent = rows::by_number(&mut write, (id, reader.id), number).await?;
            let parent = parent.filter(|post| !post.deleted);
            Some(parent.ok_or_else(|| Failure::invalid("parent", "there is no such post in this thread"))?)
        }
    };
    let mut act = act(&app, &mut write, &viewer);
    let done = acts::posts::reply(&mut act, reader.id, &thread, parent.as_ref(), &new.body).await?;
    once.key.commit(write, reader.id, now, (StatusCode::CREATED, &Written::from(done))).await
}

/// A post and its thread, for somebody who may read it whole.
pub(super) async fn readable(db: &mut sqlx::AnyConnection, id: i64, viewer: &Viewer) -> Answer<(PostRow, ThreadRow)> {
    let post = rows::by_id(db, id, viewer.id).await?.ok_or_else(Failure::not_found)?;
    let thread = find(db, post.thread, viewer.id).await?;
    viewer.must_read(&thread.space, thread.gate.as_deref())?;
    Ok((post, thread))
}

fn may_change(viewer: &Viewer, post: &PostRow) -> Answer<()> {
    if post.author_id != viewer.id && !viewer.role.is_staff() {
        return Err(Failure::forbidden("this post is another member's"));
    }
    if post.deleted {
        return Err(Failure::new(code::CONFLICT).detail("the post was taken away"));
    }
    Ok(())
}

/// Replaces the text of a post; the old one is kept. Wants `If-Match` with the post's version.
#[utoipa::path(patch, path = path::POST, tag = "posts", security(("bearer" = [])), request_body = EditPost,
    params(("id" = String, Path), ("If-Match" = String, Header)), responses(
    (status = 200, body = Written)))]
pub async fn edit(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    version: IfMatch,
    Json(edit): Json<EditPost>,
) -> Answer<Json<Written>> {
    let mut faults = Faults::default();
    faults.body(&edit.body);
    faults.check()?;
    let mut write = app.db.write().await?;
    let viewer = Viewer::load(&mut write, &reader, app.clock.now()).await?;
    let (post, thread) = readable(&mut write, id, &viewer).await?;
    may_change(&viewer, &post)?;
    // An edit that says what stands already was most likely made, and its answer lost (RFC 9110 section 13.1.1).
    if post.body != edit.body {
        version.check(&post.version.to_string())?;
        acts::posts::edit(&mut act(&app, &mut write, &viewer), &thread, &post, &edit.body).await?;
        write.commit().await?;
    }
    let done = acts::Done { thread: thread.id, post: post.id, number: post.number };
    Ok(Json(done.into()))
}

/// Takes a reply away; its place stays. Wants `If-Match` with the post's version.
#[utoipa::path(delete, path = path::POST, tag = "posts", security(("bearer" = [])),
    params(("id" = String, Path), ("If-Match" = String, Header)), responses(
    (status = 204)))]
pub async fn delete(State(app): State<AppState>, reader: Reader, Id(id): Id, version: IfMatch) -> Answer<StatusCode> {
    let mut write = app.db.write().await?;
    let viewer = Viewer::load(&mut write, &reader, app.clock.now()).await?;
    let (post, thread) = readable(&mut write, id, &viewer).await?;
    may_change(&viewer, &post)?;
    version.check(&post.version.to_string())?;
    if post.number == 1 {
        return Err(Failure::new(code::CONFLICT).detail("the opening post goes with its thread"));
    }
    acts::posts::delete(&mut act(&app, &mut write, &viewer), &thread, &post).await?;
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Older texts of a post, for its author and staff.
#[utoipa::path(get, path = path::POST_REVISIONS, tag = "posts", security(("bearer" = [])), params(("id" = String, Path)), responses(
    (status = 200, body = Revisions)))]
pub async fn revisions(State(app): State<AppState>, reader: Reader, Id(id): Id) -> Answer<Json<Revisions>> {
    let mut db = app.db.snapshot().await?;
    let viewer = Viewer::load(&mut db, &reader, app.clock.now()).await?;
    let (post, _) = readable(&mut db, id, &viewer).await?;
    if post.author_id != viewer.id && !viewer.role.is_staff() {
        return Err(Failure::forbidden("older texts are for the author and those who keep order"));
    }
    Ok(Json(Revisions { items: rows::revisions(&mut db, id).await? }))
}
