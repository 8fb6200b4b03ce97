//! Votes and accepted answers.

use axum::extract::State;
use axum::http::StatusCode;

use super::posts::readable;
use super::threads::{act, find};
use crate::api::path;
use crate::api::post::SetVote;
use crate::api::thread::SetAccepted;
use crate::model::permission::may_accept;
use crate::model::thread::Kind;
use crate::server::acts::judge;
use crate::server::db::posts;
use crate::server::db::threads::ThreadRow;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Id, Json, Reader, parse_id};
use crate::server::state::AppState;
use crate::server::viewer::Viewer;

/// Votes on another member's post: 1, -1, or 0 to take it back.
#[utoipa::path(put, path = path::POST_VOTE, tag = "posts", security(("bearer" = [])), request_body = SetVote, params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn vote(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    Json(SetVote { value }): Json<SetVote>,
) -> Answer<StatusCode> {
    if !(-1..=1).contains(&value) {
        return Err(Failure::invalid("value", "1, -1 or 0"));
    }
    let mut write = app.db.write().await?;
    let viewer = Viewer::load(&mut write, &reader, app.clock.now()).await?;
    let (post, _) = readable(&mut write, id, &viewer).await?;
    if post.author_id == reader.id {
        return Err(Failure::forbidden("nobody votes on their own post"));
    }
    if post.deleted {
        return Err(Failure::new(code::CONFLICT).detail("the post was taken away"));
    }
    judge::vote(&mut act(&app, &mut write, &viewer), reader.id, &post, value).await?;
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Accepts a top-level reply as the answer of a question: who asked, and staff.
#[utoipa::path(put, path = path::THREAD_ACCEPTED, tag = "threads", security(("bearer" = [])), request_body = SetAccepted,
    params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn accept(
    State(app): State<AppState>,
    reader: Reader,
    Id(id): Id,
    Json(SetAccepted { post }): Json<SetAccepted>,
) -> Answer<StatusCode> {
    let no_answer = || Failure::invalid("post", "no top-level reply of this question");
    let post = parse_id(&post).map_err(|_| no_answer())?;
    let mut write = app.db.write().await?;
    let viewer = Viewer::load(&mut write, &reader, app.clock.now()).await?;
    let thread = find(&mut write, id, reader.id).await?;
    may_judge(&viewer, &thread)?;
    let answer = posts::by_id(&mut write, post, reader.id).await?;
    let stands = |p: &posts::PostRow| p.thread == id && p.number > 1 && p.parent.is_none() && !p.deleted;
    let answer = answer.filter(stands).ok_or_else(no_answer)?;
    judge::accept(&mut act(&app, &mut write, &viewer), reader.id, &thread, Some(&answer)).await?;
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Takes an acceptance back.
#[utoipa::path(delete, path = path::THREAD_ACCEPTED, tag = "threads", security(("bearer" = [])), params(("id" = String, Path)),
    responses((status = 204)))]
pub async fn unaccept(State(app): State<AppState>, reader: Reader, Id(id): Id) -> Answer<StatusCode> {
    let mut write = app.db.write().await?;
    let viewer = Viewer::load(&mut write, &reader, app.clock.now()).await?;
    let thread = find(&mut write, id, reader.id).await?;
    may_judge(&viewer, &thread)?;
    judge::accept(&mut act(&app, &mut write, &viewer), reader.id, &thread, None).await?;
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}

fn may_judge(viewer: &Viewer, thread: &ThreadRow) -> Answer<()> {
    viewer.must_read(&thread.space, thread.gate.as_deref())?;
    if !may_accept(viewer.id == thread.author_id, viewer.role) {
        return Err(Failure::forbidden("who asked accepts an answer"));
    }
    if thread.kind != Kind::Question {
        return Err(Failure::new(code::CONFLICT).detail("only a question has an accepted answer"));
    }
    Ok(())
}
