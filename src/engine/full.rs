//! Fetching the whole community, so that all of it can be read and searched without a line. What is here already is
//! passed over, so that going on after a stop costs what is left.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::time::Instant;

use super::event::{Answer, Event, Progress};
use super::request::Query;
use super::sync::{Parts, fetch, fetch_posts};
use crate::community::{Kind, Result};
use crate::model::feed::{Sort, ThreadQuery};
use crate::model::thread::Thread;

/// The name under which it is kept that all is here.
pub(super) const COMPLETE: &str = "complete";
/// Threads whose posts are fetched at the same time.
const AT_ONCE: usize = 4;
/// Progress is told no more often than this.
const BREATH: Duration = Duration::from_millis(100);

/// Fetches everything, and tells how far it is.
pub(super) async fn fetch_all(parts: Parts) {
    let mut tally = Tally { progress: Progress::default(), began: Instant::now(), told: None };
    let result = fetch_threads(&parts, &mut tally).await;
    if let Err(error) = &result {
        tracing::info!(%error, "fetching everything ended early");
    } else if let Err(error) = parts.desk.store.keep_document(COMPLETE, &true, parts.clock.now()).await {
        tracing::warn!(%error, "it is not kept that all is here");
    }
    (tally.progress.is_over, tally.progress.is_whole) = (true, result.is_ok());
    tally.tell(&parts, true);
}

struct Tally {
    progress: Progress,
    began: Instant,
    told: Option<Instant>,
}

impl Tally {
    fn tell(&mut self, parts: &Parts, now: bool) {
        if now || self.told.is_none_or(|at| at.elapsed() >= BREATH) {
            self.told = Some(Instant::now());
            self.progress.took_ms = u64::try_from(self.began.elapsed().as_millis()).unwrap_or(u64::MAX);
            let _ = parts.events.send(Event::Progress(self.progress));
        }
    }
}

async fn fetch_threads(parts: &Parts, tally: &mut Tally) -> Result<()> {
    tally.tell(parts, true);
    if let Answer::Spaces(spaces) = fetch(parts, &Query::Spaces).await? {
        tally.progress.of = spaces.iter().map(|space| u64::from(space.threads)).sum();
    }
    tally.tell(parts, true);
    let mut cursor = None;
    loop {
        let query = Query::Threads(ThreadQuery { sort: Sort::Newest, ..ThreadQuery::default() }, cursor);
        let Answer::Threads(page) = fetch(parts, &query).await? else { return Ok(()) };
        let mut done = stream::iter(page.items).map(async |t| fetch_thread(parts, &t).await).buffer_unordered(AT_ONCE);
        while let Some(posts) = done.next().await {
            tally.progress.posts += match posts {
                // Gone, or closed, since the list was made.
                Err(error) if matches!(error.kind, Kind::NotFound | Kind::Forbidden | Kind::Gated(_)) => 0,
                posts => posts?,
            };
            tally.progress.threads += 1;
            tally.tell(parts, false);
        }
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(()),
        }
    }
}

/// Fetches the posts of a thread that are not here; how many.
async fn fetch_thread(parts: &Parts, thread: &Thread) -> Result<u64> {
    let mut last = parts.desk.store.last_kept(&thread.id).await.unwrap_or(0);
    // Of a gated thread there is only the beginning.
    let end = if thread.gate.is_some() { 1 } else { thread.last };
    let mut fetched = 0;
    while last < end {
        let reached = fetch_posts(parts, &thread.id, last).await?;
        if reached == last {
            break;
        }
        fetched += u64::from(reached - last);
        last = reached;
    }
    Ok(fetched)
}
