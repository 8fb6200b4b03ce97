//! What changed: the delta feed, and the same live.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::time::Duration;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::IntoResponse;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt, stream};
use tokio::sync::broadcast::{Receiver, error::RecvError};

use crate::api::MAX_LIMIT;
use crate::api::change::{Change, Changes, ChangesQuery};
use crate::api::path;
use crate::server::db::{News, changes};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Json, Query, Reader};
use crate::server::page;
use crate::server::state::AppState;

/// Between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What changed after a place in the sequence, as far as it concerns this reader.
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
    let follower = Follower { app: app.clone(), reader: reader.id, sent, ready: VecDeque::new(), news, behind: true };
    let hello = stream::once(async { Ok::<_, Infallible>(Event::default().comment("live")) });
    let events = hello.chain(follower.events()).take_until(async move { app.stopped().await });
    let alive = KeepAlive::new().interval(HEARTBEAT).text("alive");
    Ok(Sse::new(events).keep_alive(alive))
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
    reader: i64,
    sent: u64,
    ready: VecDeque<Change>,
    news: Receiver<News>,
    behind: bool,
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
            match self.news.recv().await {
                Ok(news) if news.member.is_none_or(|member| member == self.reader) => self.behind = true,
                Ok(_) => {}
                Err(RecvError::Lagged(_)) => self.behind = true,
                Err(RecvError::Closed) => return None,
            }
        }
    }

    async fn look(&mut self) -> Option<()> {
        let mut db = self.app.db.read().acquire().await.ok()?;
        let found = changes::after(&mut db, self.reader, self.sent, MAX_LIMIT).await.ok()?;
        // A full page may have more behind it.
        self.behind = found.len() == MAX_LIMIT as usize;
        self.ready.extend(found);
        Some(())
    }
}
