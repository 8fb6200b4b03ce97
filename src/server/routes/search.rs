//! Search: over whole texts where the reader may read them, over the public beginning elsewhere.

use std::collections::HashMap;

use axum::extract::State;
use axum::http::Uri;
use axum::response::Response;

use crate::api::path;
use crate::api::search::{Hit, HitPage, SearchQuery};
use crate::model::search::{Query as Asked, snippet::snippet};
use crate::server::db::search::{self, Bounds, Match};
use crate::server::db::{posts, threads};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Query, Reader};
use crate::server::state::AppState;
use crate::server::viewer::Viewer;
use crate::server::{page, show};

/// The longest search line, in characters.
const LONGEST: usize = 500;

/// Threads that match, best first, one line each.
#[utoipa::path(get, path = path::SEARCH, tag = "search", security(("bearer" = [])), params(SearchQuery), responses(
    (status = 200, body = HitPage)))]
pub async fn search(
    State(app): State<AppState>,
    reader: Reader,
    here: Uri,
    Query(query): Query<SearchQuery>,
) -> Answer<Response> {
    let limit = page::limit(query.limit)? as usize;
    let wrong = |message: String| Failure::new(code::INVALID_QUERY).field("q", message);
    if query.q.chars().count() > LONGEST {
        return Err(wrong(format!("at most {LONGEST} characters")));
    }
    let asked = Asked::parse(&query.q).map_err(|error| wrong(error.to_string()))?;
    let scope = format!("search?{}&{}", query.q, reader.id);
    let place: Option<(i64, usize)> = page::position(&scope, query.cursor.as_deref())?;
    let mut db = app.db.snapshot().await?;
    let viewer = Viewer::load(&mut db, &reader, app.clock.now()).await?;
    // Every page looks at the posts that were there for the first, so that new ones push nothing over its edge.
    let (until, skip) = match place {
        Some(place) => place,
        None => (search::newest(&mut db).await?, 0),
    };
    let all = search::best(&mut db, &asked, Bounds { rank: viewer.rank(), until }).await?;
    let part: Vec<Match> = all.iter().skip(skip).take(limit).copied().collect();
    let end = skip.saturating_add(part.len());
    let next = (end < all.len()).then(|| page::cursor(&scope, &(until, end))).transpose()?;
    let items = hits(&mut db, &viewer, &asked, &part).await?;
    Ok(page::answer(&here, HitPage { items, next: next.clone() }, next.as_deref()))
}

async fn hits(
    db: &mut sqlx::AnyConnection,
    viewer: &Viewer,
    asked: &Asked,
    part: &[Match],
) -> Result<Vec<Hit>, sqlx::Error> {
    let ids: Vec<i64> = part.iter().map(|one| one.thread).collect();
    let found = threads::by_ids(db, &ids, viewer.id).await?;
    let found: HashMap<i64, threads::ThreadRow> = found.into_iter().map(|thread| (thread.id, thread)).collect();
    let ids: Vec<i64> = part.iter().filter(|one| !one.closed).map(|one| one.post).collect();
    let texts = posts::texts(db, &ids).await?;
    let hit = |one: &Match| {
        let thread = found.get(&one.thread)?;
        // The index said which part was searched; what is shown is decided again, here.
        let open = viewer.decide(&thread.space, thread.gate.as_deref()).allowed;
        let (number, text) = match texts.get(&one.post).filter(|_| open) {
            Some((number, text)) => (*number, text.as_str()),
            None => (1, thread.preview.as_str()),
        };
        let at = crate::server::db::sql::time(one.at).ok()?;
        Some(Hit { thread: show::thread(thread, viewer), number, snippet: snippet(text, &asked.phrases), at })
    };
    Ok(part.iter().filter_map(hit).collect())
}
