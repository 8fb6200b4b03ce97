//! The live connection: kept up, resumed after the last change seen, replaced by asking where there is none.
//!
//! Between two pieces of news nothing here wakes up.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt;
use tokio::sync::mpsc::UnboundedSender;
use tokio::time::{Instant, sleep, timeout_at};

use super::event::Connection;
use super::line::Line;
use super::retry::{asked_to_wait, jittered};
use super::sync::Batch;
use crate::base::{ids::ThreadId, random::Random};
use crate::community::{Community, Error, Kind, Live, LiveStream, Result};
use crate::model::change::{Notice, Topic};

/// The longest wait between two attempts.
const LONGEST: Duration = Duration::from_secs(60);
/// How often changes are asked for where they do not come by themselves.
const POLL: Duration = Duration::from_secs(30);
/// News that comes closer together than this is told together.
const GATHER: Duration = Duration::from_millis(200);
/// A connection that lasted this long was a good one: the next failure counts as the first.
const STEADY: Duration = Duration::from_secs(10);

/// What following the community takes.
pub(super) struct Follow {
    pub(super) community: Arc<dyn Community>,
    pub(super) random: Arc<dyn Random>,
    pub(super) line: Line,
    /// Who makes the store follow, and tells the front end then.
    pub(super) batches: UnboundedSender<Batch>,
    /// Up to where the store has followed in earlier runs.
    pub(super) seen: Option<u64>,
}

/// How far one attempt came.
struct Progress {
    /// The last change that was told.
    seen: Option<u64>,
    /// Since when the connection stands. A long wait for one that never stood is no steadiness.
    opened: Option<Instant>,
}

/// Follows the community until the session is over.
pub(super) async fn follow(parts: Follow) {
    let mut progress = Progress { seen: parts.seen, opened: None };
    let mut failures = 0;
    loop {
        progress.opened = None;
        match follow_once(&parts, &mut progress).await {
            Ok(()) => {
                failures = 0;
                parts.line.set(Connection::Polling);
                sleep(POLL + jittered(&*parts.random, 1, POLL)).await;
            }
            Err(error) if error.kind == Kind::SignedOut => return,
            Err(error) => {
                let was_steady = progress.opened.is_some_and(|at| at.elapsed() >= STEADY);
                failures = if was_steady { 1 } else { failures + 1 };
                recover(&parts, &error, failures).await;
            }
        }
    }
}

/// Says how the line stands and waits before the next attempt.
async fn recover(parts: &Follow, error: &Error, failures: u32) {
    let delay = jittered(&*parts.random, failures, LONGEST);
    let asked = asked_to_wait(error);
    if failures > 1 && error.kind.is_unreachable() {
        parts.line.lost();
    } else {
        parts.line.reconnecting(asked.unwrap_or_default() + delay);
    }
    if let Some(asked) = asked {
        parts.line.limited(asked);
        sleep(asked + delay).await;
    } else {
        tokio::select! {
            () = sleep(delay) => {}
            () = parts.line.reachable() => {}
        }
    }
}

/// Catches up and then listens until that breaks. Ends well where the changes could be had by asking only: the
/// community is not live, or something on the way does not let long answers through.
async fn follow_once(parts: &Follow, progress: &mut Progress) -> Result<()> {
    let (missed, now) = parts.community.changes(progress.seen).await?;
    let is_anew = progress.seen.is_some_and(|seen| now < seen);
    progress.seen = Some(now);
    tell(parts, missed, now, is_anew);
    if !parts.community.capabilities().live {
        return Ok(());
    }
    match parts.community.live(progress.seen).await {
        Ok(stream) => Err(listen(parts, stream, progress).await),
        Err(error) => match error.kind {
            Kind::Offline | Kind::Untrusted(_) | Kind::SignedOut | Kind::TooFast(_) => Err(error),
            _ => Ok(()),
        },
    }
}

/// Listens until the connection ends, and says why it did.
async fn listen(parts: &Follow, mut stream: LiveStream, progress: &mut Progress) -> Error {
    loop {
        match stream.next().await {
            None => return Error::new(Kind::Offline),
            Some(Err(error)) => return error,
            Some(Ok(Live::Open)) => {
                progress.opened = Some(Instant::now());
                parts.line.set(Connection::Live);
            }
            Some(Ok(Live::Notice(first))) => {
                let mut batch = vec![first];
                let end = gather(&mut stream, &mut batch).await;
                let seen = batch.last().map_or(0, |notice| notice.seq);
                progress.seen = Some(seen);
                tell(parts, batch, seen, false);
                if let Some(error) = end {
                    return error;
                }
            }
        }
    }
}

/// Takes what else comes within a moment; the reason when the connection ends meanwhile.
async fn gather(stream: &mut LiveStream, batch: &mut Vec<Notice>) -> Option<Error> {
    let deadline = Instant::now() + GATHER;
    loop {
        match timeout_at(deadline, stream.next()).await {
            Err(_) => return None,
            Ok(None) => return Some(Error::new(Kind::Offline)),
            Ok(Some(Err(error))) => return Some(error),
            Ok(Some(Ok(Live::Open))) => {}
            Ok(Some(Ok(Live::Notice(notice)))) => batch.push(notice),
        }
    }
}

/// Tells each thing to look at once, by its last notice, in the order of these.
fn tell(parts: &Follow, batch: Vec<Notice>, position: u64, is_anew: bool) {
    let mut last: HashMap<(Topic, Option<ThreadId>, Option<u32>), Notice> = HashMap::new();
    for notice in batch {
        last.insert((notice.topic, notice.thread.clone(), notice.number), notice);
    }
    let mut told: Vec<Notice> = last.into_values().collect();
    told.sort_by_key(|notice| notice.seq);
    let _ = parts.batches.send(Batch { notices: told, position, is_anew });
}
