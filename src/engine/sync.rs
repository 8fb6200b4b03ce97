//! The store follows the community: what changed is noted on the disk first and fetched then, so that a program that
//! ends in between goes on where it was. Only when the store has followed is the front end told to look again.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::desk::Desk;
use super::event::{Answer, Event};
use super::line::Line;
use super::problem::explain_store;
use super::recall;
use super::request::Query;
use super::retry;
use crate::base::ids::ThreadId;
use crate::base::random::Random;
use crate::base::time::Clock;
use crate::community::{self, Community, Error, Kind};
use crate::model::change::{Notice, Topic};
use crate::model::page::Window;
use crate::model::thread::Thread;
use crate::store::{self, Stale};

/// After this what could not be fetched is tried again, whatever the line says.
const AGAIN: Duration = Duration::from_secs(30);
/// Threads that are fetched at the same time.
const AT_ONCE: usize = 3;
/// Threads that are taken from the list of what is out of date in one go.
const AT_A_TIME: u32 = 24;

/// News of the community, up to a place in its sequence of changes.
#[derive(Clone)]
pub(super) struct Batch {
    pub(super) notices: Vec<Notice>,
    pub(super) position: u64,
    /// The community went back in time, or is another: what is kept of it is of no use.
    pub(super) is_anew: bool,
}

/// What following takes.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) desk: Desk,
    pub(super) community: Arc<dyn Community>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) random: Arc<dyn Random>,
    pub(super) line: Line,
    pub(super) events: UnboundedSender<Event>,
}

/// Starts following; ends with the last sender.
pub(super) fn start(parts: Parts) -> UnboundedSender<Batch> {
    let (batches, inbox) = unbounded_channel();
    tokio::spawn(Follower { parts, is_behind: true, unnoted: None }.run(inbox));
    batches
}

struct Follower {
    parts: Parts,
    /// Something could not be fetched yet.
    is_behind: bool,
    /// News that could not be noted yet.
    unnoted: Option<Batch>,
}

impl Follower {
    async fn run(mut self, mut inbox: UnboundedReceiver<Batch>) {
        loop {
            let line = self.parts.line.clone();
            tokio::select! {
                first = inbox.recv() => {
                    let Some(mut batch) = first else { return };
                    while let Ok(next) = inbox.try_recv() {
                        batch.notices.extend(next.notices);
                        (batch.position, batch.is_anew) = (next.position, batch.is_anew || next.is_anew);
                    }
                    self.take(batch).await;
                }
                () = line.reachable(), if self.is_behind => self.try_again().await,
                () = tokio::time::sleep(AGAIN), if self.is_behind => self.try_again().await,
            }
        }
    }

    async fn try_again(&mut self) {
        if self.catch_up().await {
            self.tell(Event::Changed(Vec::new()));
        }
    }

    async fn take(&mut self, mut batch: Batch) {
        if let Some(earlier) = self.unnoted.take() {
            batch.notices.splice(0..0, earlier.notices);
            batch.is_anew |= earlier.is_anew;
        }
        if let Err(error) = self.note(&batch).await {
            tracing::warn!(%error, "what changed could not be noted");
            self.tell(Event::Trouble(explain_store(&error)));
            self.unnoted = Some(batch.clone());
        }
        self.catch_up().await;
        let has = |topics: &[Topic]| batch.notices.iter().any(|notice| topics.contains(&notice.topic));
        if has(&[Topic::Inbox]) {
            self.look_into_inbox().await;
        }
        if has(&[Topic::Thread, Topic::Post, Topic::Marks]) {
            let _ = self.fetch(&Query::Spaces).await;
        }
        if !batch.notices.is_empty() || batch.is_anew {
            self.tell(Event::Changed(batch.notices));
        }
    }

    async fn note(&self, batch: &Batch) -> store::Result<()> {
        let store = &self.parts.desk.store;
        if batch.is_anew {
            store.forget_community().await?;
        }
        let about_threads = batch.notices.iter().filter(|notice| notice.topic != Topic::Inbox);
        let stale: Vec<(ThreadId, Option<u32>)> =
            about_threads.filter_map(|notice| Some((notice.thread.clone()?, notice.number))).collect();
        store.note(&stale, batch.position).await
    }

    /// Fetches what is out of date. Whether there was something.
    async fn catch_up(&mut self) -> bool {
        let mut has_fetched = false;
        loop {
            let stale = match self.parts.desk.store.stale(AT_A_TIME).await {
                Ok(stale) if !stale.is_empty() => stale,
                _ => {
                    self.is_behind = false;
                    return has_fetched;
                }
            };
            let parts = &self.parts;
            let fetched = stream::iter(stale).map(async |one| refresh(parts, &one).await).buffer_unordered(AT_ONCE);
            let results: Vec<community::Result<()>> = fetched.collect().await;
            has_fetched |= results.iter().any(Result::is_ok);
            if results.iter().any(Result::is_err) {
                self.is_behind = true;
                return has_fetched;
            }
        }
    }

    /// Fetches the inbox and tells what is new in it.
    async fn look_into_inbox(&self) {
        let parts = &self.parts;
        let page = retry::read(&*parts.random, || parts.community.notifications(false, None)).await;
        let Ok(page) = page else { return };
        if !parts.desk.is_open() {
            return;
        }
        let had_any = parts.desk.store.inbox(true, 0, 1).await.is_ok_and(|kept| !kept.is_empty());
        let kept = parts.desk.store.keep_inbox(&page, false, true, parts.clock.now()).await;
        let mut news = kept.unwrap_or_default();
        if !had_any {
            // Nothing of this inbox was known: only the last of it can be new.
            news.truncate(1);
        }
        if !news.is_empty() {
            self.tell(Event::News(news));
        }
    }

    async fn fetch(&self, query: &Query) -> community::Result<Answer> {
        fetch(&self.parts, query).await
    }

    fn tell(&self, event: Event) {
        let _ = self.parts.events.send(event);
    }
}

/// Asks the community and keeps its answer.
pub(super) async fn fetch(parts: &Parts, query: &Query) -> community::Result<Answer> {
    let answer = retry::read(&*parts.random, || super::ask::ask(&*parts.community, query)).await?;
    // It may have been asked as another reader, who signed in meanwhile.
    if !parts.desk.is_open() {
        return Err(Error::new(Kind::Offline));
    }
    if let Err(error) = recall::keep(&parts.desk, query, &answer, parts.clock.now()).await {
        tracing::warn!(%error, "an answer is not kept");
    }
    Ok(answer)
}

/// Fetches a thread that changed, and of its posts those that changed and are kept or follow what is kept.
async fn refresh(parts: &Parts, stale: &Stale) -> community::Result<()> {
    match fetch(parts, &Query::Thread(stale.thread.clone())).await {
        Ok(Answer::Thread(thread)) => refresh_posts(parts, &thread, &stale.numbers).await?,
        Ok(_) => {}
        Err(error) if matches!(error.kind, Kind::NotFound | Kind::Forbidden | Kind::Gated(_)) => {
            let _ = parts.desk.store.forget_thread(&stale.thread).await;
        }
        Err(error) => return Err(error),
    }
    if let Err(error) = parts.desk.store.refreshed(stale).await {
        tracing::warn!(%error, "what was fetched is not noted");
    }
    Ok(())
}

async fn refresh_posts(parts: &Parts, thread: &Thread, numbers: &[u32]) -> community::Result<()> {
    let store = &parts.desk.store;
    let mut wanted: Vec<u32> = numbers.to_vec();
    wanted.sort_unstable();
    let mut fetched = 0;
    for number in wanted.into_iter().filter(|number| *number <= thread.last) {
        if number <= fetched {
            continue;
        }
        let is_kept = store.has_post(&thread.id, number).await.unwrap_or(false);
        let follows = number > 1 && store.has_post(&thread.id, number - 1).await.unwrap_or(false);
        if is_kept || follows {
            fetched = fetch_posts(parts, &thread.id, number - 1).await?.max(number);
        }
    }
    Ok(())
}

/// Fetches the page of posts after a number; answers with the last number on it.
pub(super) async fn fetch_posts(parts: &Parts, thread: &ThreadId, after: u32) -> community::Result<u32> {
    match fetch(parts, &Query::Posts(thread.clone(), Window::After(after))).await? {
        Answer::Posts(page) => Ok(page.items.last().map_or(after, |post| post.number)),
        _ => Ok(after),
    }
}
