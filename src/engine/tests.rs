//! The engine on the community in memory, under a clock that stands still unless everybody waits.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::timeout;

use super::account::Sessions;
use super::event::{Answer, Connection, Event};
use super::request::{Query, Request, Ticket};
use super::{Engine, Handle, Parts, Shelf};
use crate::base::ids::ThreadId;
use crate::base::random::Seeded;
use crate::base::secret::Secret;
use crate::base::time::{Clock, FixedClock, SignedDuration, Timestamp};
use crate::community::memory::{Call, Faults, Memory, sample};
use crate::community::{Community, Ends, Error, Kind, Session, SessionStore};
use crate::model::change::Change;
use crate::model::feed::View;
use crate::model::page::Window;
use crate::store::busy;
use crate::vault;

mod following;
mod keeping;
mod outbox;
mod requests;
mod signing_in;
mod ways;

/// Longer than anything the engine waits for; no time at all on a clock that stands still.
const EVER: Duration = Duration::from_secs(3600);

/// An engine on a sample community, and what its front end sees.
struct Bench {
    memory: Memory,
    sessions: Arc<Sessions>,
    handle: Handle,
    events: UnboundedReceiver<Event>,
}

impl Bench {
    /// An engine whose reader, ada, is signed in from an earlier run.
    fn signed_in(memory: Memory) -> Self {
        let sessions = sessions();
        sessions.keep("ada", &session());
        Self::with(memory, sessions)
    }

    /// An engine with nobody signed in.
    fn signed_out(memory: Memory) -> Self {
        Self::with(memory, sessions())
    }

    /// An engine of ada's whose store is in this folder.
    fn at(folder: &std::path::Path, memory: Memory) -> Self {
        let sessions = sessions();
        sessions.keep("ada", &session());
        Self::on(Some(Shelf::in_folder(folder.to_owned())), memory, sessions)
    }

    fn with(memory: Memory, sessions: Arc<Sessions>) -> Self {
        Self::on(None, memory, sessions)
    }

    fn on(shelf: Option<Shelf>, memory: Memory, sessions: Arc<Sessions>) -> Self {
        let (handle, events) = Engine::start(Parts {
            community: Arc::new(memory.clone()),
            sign_in: Arc::new(memory.clone()),
            security: Arc::new(memory.clone()),
            sessions: Arc::clone(&sessions),
            shelf,
            clock: Arc::new(Moving { base: memory.clock(), began: tokio::time::Instant::now() }),
            // Another run has other keys.
            random: Arc::new(Seeded::new(3 + memory.faults().count(Call::Apply) as u64)),
        });
        Self { memory, sessions, handle, events }
    }

    fn ask(&self, ticket: u64, query: Query) {
        self.handle.send(Ticket(ticket), Request::Ask(query));
    }

    fn apply(&self, ticket: u64, change: Change) {
        self.handle.send(Ticket(ticket), Request::Apply(change));
    }

    /// The next event that `pick` takes; others are passed over.
    async fn until<T>(&mut self, mut pick: impl FnMut(Event) -> Option<T>) -> T {
        let mut passed = Vec::new();
        let found = timeout(EVER, async {
            loop {
                let event = self.events.recv().await.expect("the engine ended");
                passed.push(format!("{event:?}"));
                if let Some(picked) = pick(event) {
                    return picked;
                }
            }
        });
        found.await.unwrap_or_else(|_| panic!("it never came; passed over: {passed:#?}"))
    }

    async fn until_line(&mut self, wanted: &Connection) {
        self.until(|event| matches!(event, Event::Connection(now) if now == *wanted).then_some(())).await;
    }

    /// Everything told within an hour.
    async fn within_an_hour(&mut self) -> Vec<Event> {
        let mut told = Vec::new();
        let _ = timeout(EVER, async {
            while let Some(event) = self.events.recv().await {
                told.push(event);
            }
        })
        .await;
        told
    }

    /// Everything told until the session is over.
    async fn until_signed_out(&mut self) -> Vec<Event> {
        let mut told = Vec::new();
        self.until(|event| {
            let is_over = matches!(event, Event::SignedOut);
            told.push(event);
            is_over.then_some(())
        })
        .await;
        told
    }

    /// The first open thread.
    async fn thread(&self) -> ThreadId {
        let feed = self.memory.seen_by("ada").feed(View::Latest, None).await.unwrap();
        feed.items.into_iter().find(|thread| thread.gate.is_none() && !thread.locked).unwrap().id
    }
}

fn sessions() -> Arc<Sessions> {
    Arc::new(Sessions::open("https://a.example", Arc::new(vault::memory::Memory::default()), None))
}

fn session() -> Session {
    Session { access: Secret::from("a"), refresh: Secret::from("r"), ends: Ends::default() }
}

fn renewed() -> Session {
    Session { access: Secret::from("a2"), refresh: Secret::from("r2"), ends: Ends::default() }
}

fn offline() -> Error {
    Error::new(Kind::Offline)
}

fn reply(thread: &ThreadId, body: &str) -> Change {
    Change::Reply { thread: thread.clone(), parent: None, body: body.to_owned() }
}

/// The longest leap of the clock: whatever begins meanwhile is noticed after that.
const LEAP: Duration = Duration::from_millis(20);

/// Runs a test on a clock that moves on by itself when everybody waits for it, the store included.
fn on_a_still_clock<F: Future<Output = ()>>(test: F) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let watch = async {
            loop {
                match busy::is_busy() {
                    true => tokio::task::yield_now().await,
                    false => tokio::time::sleep(LEAP).await,
                }
            }
        };
        tokio::select! {
            () = test => {}
            () = watch => {}
        }
    });
}

/// The community's clock, moved along with tokio's: what is due by the one is due by the other.
struct Moving {
    base: Arc<FixedClock>,
    began: tokio::time::Instant,
}

impl Clock for Moving {
    fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.began.elapsed()).unwrap();
        self.base.now().saturating_add(passed).unwrap()
    }
}
