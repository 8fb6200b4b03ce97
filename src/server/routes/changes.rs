//! What changed: the delta feed, and the same live.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, Sse};
use futures_util::{Stream, StreamExt, stream};
use sqlx::AnyConnection;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use tokio::time::{Instant, timeout_at};

use crate::api::MAX_LIMIT;
use crate::api::change::{Change, Changes, ChangesQuery};
use crate::api::path;
use crate::server::auth::identity;
use crate::server::db::{News, changes};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Json, Query, Reader};
use crate::server::page;
use crate::server::state::AppState;

/// Between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What changed after a place in the sequence, as far as it concerns this reader. When `after` is beyond the end, because
/// the community was restored from a backup, there are no items, and `last` is the end itself: lower than `after`.
#[utoipa::path(get, path = path::CHANGES, tag = "changes", security(("bearer" = [])), params(ChangesQuery), responses(
    (status = 200, body = Changes)))]
pub async fn list(
    State(app): State<AppState>,
    reader: Reader,
    Query(query): Query<ChangesQuery>,
) -> Answer<Json<Changes>> {
    let limit = page::limit(query.limit)?;
    let mut db = app.db.snapshot().await?;
    let last = changes::last(&mut db).await?;
    let Some(after) = query.after else { return Ok(Json(Changes { items: Vec::new(), last, more: false })) };
    let mut items = changes::after(&mut db, reader.id, after, limit + 1).await?;
    let more = items.len() > limit as usize;
    items.truncate(limit as usize);
    let last = if more { items.last().map_or(last, |change| change.seq) } else { last };
    Ok(Json(Changes { items, last, more }))
}

/// Changes as they happen (SSE). `id:` is the place in the sequence; `Last-Event-ID` or `after` resumes without a gap.
/// The stream ends with the access token it was opened with, before anything that happened after that end: come again
/// with a fresh one.
/// A place beyond the end counts as the end: what happens from now on is told.
#[utoipa::path(get, path = path::EVENTS, tag = "changes", security(("bearer" = [])),
    params(("after" = Option<u64>, Query), ("Last-Event-ID" = Option<u64>, Header)), responses(
    (status = 200, body = Change, content_type = "text/event-stream")))]
pub async fn events(
    State(app): State<AppState>,
    reader: Reader,
    headers: HeaderMap,
    Query(query): Query<EventsQuery>,
) -> Answer<impl IntoResponse> {
    let resumed = headers.get("last-event-id").map(|value| value.to_str().ok().and_then(|id| id.parse().ok()));
    let resumed = match resumed {
        Some(None) => return Err(Failure::new(code::INVALID_QUERY).field("Last-Event-ID", "a number")),
        Some(id) => id,
        None => query.after,
    };
    // Listening begins before the first look, so that nothing falls between.
    let news = app.db.news();
    let now = changes::last(&mut *app.db.snapshot().await?).await?;
    let sent = resumed.unwrap_or(now).min(now);
    let (ready, beat) = (VecDeque::new(), Instant::now() + HEARTBEAT);
    let follower = Follower { app: app.clone(), reader, sent, ready, news, behind: true, beat };
    let hello = stream::once(async { Ok::<_, Infallible>(Event::default().comment("live")) });
    let events = hello.chain(follower.events()).take_until(async move { app.stopped().await });
    Ok(Sse::new(events))
}

/// Query of `GET /v1/events`.
#[derive(Clone, Copy, Debug, Default, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventsQuery {
    /// Changes after this one; from now on when absent. `Last-Event-ID` comes first.
    #[serde(default)]
    after: Option<u64>,
}

/// One reader who follows the changes. The database is what counts; news only says when to look.
struct Follower {
    app: AppState,
    reader: Reader,
    sent: u64,
    ready: VecDeque<Change>,
    news: Receiver<News>,
    behind: bool,
    /// When the next sign of life is due.
    beat: Instant,
}

impl Follower {
    fn events(self) -> impl Stream<Item = Result<Event, Infallible>> {
        stream::unfold(self, |mut follower| async move {
            let event = follower.next().await?;
            Some((Ok(event), follower))
        })
    }

    /// The next event; none when the stream has to end and whoever listens should come again.
    async fn next(&mut self) -> Option<Event> {
        loop {
            if let Some(change) = self.ready.pop_front() {
                self.sent = change.seq;
                let data = serde_json::to_string(&change).ok()?;
                return Some(Event::default().id(change.seq.to_string()).data(data));
            }
            if self.behind {
                self.look().await?;
                continue;
            }
            match timeout_at(self.beat, self.news.recv()).await {
                Ok(Ok(news)) if news.member.is_none_or(|member| member == self.reader.id) => self.behind = true,
                Ok(Ok(_)) => {}
                Ok(Err(RecvError::Lagged(_))) => self.behind = true,
                Ok(Err(RecvError::Closed)) => return None,
                Err(_) => return self.live().await,
            }
        }
    }

    /// Reads what there is; none when the token is good no longer.
    async fn look(&mut self) -> Option<()> {
        // One state of the database for both: what came after the end of a session is never seen beside its token.
        let mut db = self.app.db.snapshot().await.ok()?;
        self.still_signed_in(&mut db).await?;
        let found = changes::after(&mut db, self.reader.id, self.sent, MAX_LIMIT).await.ok()?;
        // A full page may have more behind it.
        self.behind = found.len() == MAX_LIMIT as usize;
        self.ready.extend(found);
        Some(())
    }

    /// A sign of life; none when the token is good no longer.
    async fn live(&mut self) -> Option<Event> {
        self.beat = Instant::now() + HEARTBEAT;
        let mut db = self.app.db.read().acquire().await.ok()?;
        self.still_signed_in(&mut db).await?;
        Some(Event::default().comment("alive"))
    }

    /// The question that was asked at the door, again.
    async fn still_signed_in(&self, db: &mut AnyConnection) -> Option<()> {
        identity::stands(db, &self.reader, self.app.clock.now()).await.ok()?.then_some(())
    }
}
