//! F4: a community in memory, for tests of everything above the port and for the contract suite itself. It keeps every
//! promise of [`Community`], on a clock of its own, and can be told to fail, to hold calls and to count them.
//!
//! What it must never become: a second server. It has no passwords worth the name and forgets everything.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;

use super::{Arrived, Capabilities, Community, Error, Kind, LiveStream, Result};
use crate::base::ids::{IdempotencyKey, ThreadId, Username};
use crate::base::time::{Clock, FixedClock, Timestamp};
use crate::model::{
    change::{Applied, Change, Notice, Topic},
    community::Community as About,
    feed::{ThreadQuery, View},
    ledger::FactKind,
    member::{Me, Member},
    membership::Membership,
    notification::Notification,
    page::{Cursor, Page, Window},
    permission::Access,
    plan::Plan,
    post::Post,
    search::Hit,
    space::Space,
    thread::Thread,
};

mod apply;
mod build;
mod fault;
mod list;
mod news;
mod sample;
mod security;
mod sign_in;
mod view;
mod world;

pub use build::{Builder, Draft};
pub use fault::{Call, Faults, Hold};
pub use sample::{NOW, sample};

use fault::Fate;
use view::Eyes;
use world::World;

/// A community in memory as one reader sees it. Clones share the world, the reader and the faults.
#[derive(Clone)]
pub struct Memory {
    world: Arc<Mutex<World>>,
    reader: Arc<Mutex<Option<Username>>>,
    clock: Arc<FixedClock>,
    faults: Faults,
    can: Capabilities,
}

impl Memory {
    /// Starts an empty community whose clock stands at `now`.
    pub fn builder(now: Timestamp) -> Builder {
        Builder::new(now)
    }

    /// The same community as another reader sees it, with no faults planned.
    pub fn seen_by(&self, username: &str) -> Self {
        let reader = Some(Username::new(username));
        Self { reader: Arc::new(Mutex::new(reader)), faults: Faults::default(), ..self.clone() }
    }

    /// The same community, seen by nobody in particular.
    pub fn signed_out(&self) -> Self {
        Self { reader: Arc::default(), faults: Faults::default(), ..self.clone() }
    }

    /// A backend that can do less.
    pub fn with_capabilities(mut self, can: Capabilities) -> Self {
        self.can = can;
        self
    }

    /// What is to go wrong.
    pub fn faults(&self) -> &Faults {
        &self.faults
    }

    /// The community's clock: moves only when told to.
    pub fn clock(&self) -> Arc<FixedClock> {
        Arc::clone(&self.clock)
    }

    /// Somebody else does something, now.
    ///
    /// # Errors
    /// As [`Community::apply`].
    pub fn done_by(&self, username: &str, change: &Change) -> Result<Applied> {
        let now = self.clock.now();
        self.world().apply(&Username::new(username), change, now)
    }

    /// A line is added to a member's ledger, now; they hear of it.
    pub fn ledger(&self, username: &str, kind: FactKind) {
        let (who, at) = (Username::new(username), self.clock.now());
        let mut world = self.world();
        if let Some(person) = world.person_mut(&who) {
            person.ledger.push(crate::model::ledger::Fact { at, kind });
        }
        world.tell(Topic::Membership, None, Some(&who));
    }

    /// A thread is closed to replies, or opened again, by staff.
    pub fn lock(&self, id: &ThreadId, locked: bool) {
        let mut world = self.world();
        if let Ok(thread) = world.thread_mut(id) {
            thread.locked = locked;
        }
        world.tell(Topic::Edit, Some(id), None);
    }

    /// A post is taken away.
    pub fn delete(&self, id: &ThreadId, number: u32) {
        let mut world = self.world();
        if let Ok(thread) = world.thread_mut(id)
            && let Some(post) = thread.posts.iter_mut().find(|post| post.number == number)
        {
            post.deleted = true;
            thread.accepted = thread.accepted.take().filter(|accepted| *accepted != post.id);
        }
        world.tell_of_post(Topic::Edit, id, number);
    }

    /// Every live connection breaks with this error.
    pub fn break_live(&self, error: &Error) {
        self.world().break_live(error);
    }

    fn world(&self) -> MutexGuard<'_, World> {
        self.world.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn reader(&self) -> Result<Username> {
        let reader = self.reader.lock().unwrap_or_else(PoisonError::into_inner);
        reader.clone().ok_or(Error::new(Kind::SignedOut))
    }

    fn read_as(&self, who: Option<Username>) {
        *self.reader.lock().unwrap_or_else(PoisonError::into_inner) = who;
    }

    /// One call: counted, held, then failed, done, or done and its answer lost.
    async fn call<T>(&self, call: Call, act: impl FnOnce(&mut World) -> Result<T> + Send) -> Result<T> {
        match self.faults.enter(call).await {
            Fate::Fail(error) => Err(error),
            Fate::Lose(error) => act(&mut self.world()).and(Err(error)),
            Fate::Do => act(&mut self.world()),
        }
    }

    /// A call that only looks, and needs somebody to be signed in.
    async fn look<T>(&self, call: Call, look: impl FnOnce(&Eyes<'_>) -> Result<T> + Send) -> Result<T> {
        let now = self.clock.now();
        self.call(call, |world| look(&Eyes::of(world, &self.reader()?, now)?)).await
    }
}

#[async_trait]
impl Community for Memory {
    fn capabilities(&self) -> Capabilities {
        self.can
    }

    async fn about(&self) -> Result<About> {
        self.call(Call::About, |world| Ok(world.about.clone())).await
    }

    async fn me(&self) -> Result<Me> {
        self.look(Call::Me, |eyes| Ok(eyes.me())).await
    }

    async fn spaces(&self) -> Result<Vec<Space>> {
        self.look(Call::Spaces, |eyes| Ok(eyes.spaces())).await
    }

    async fn feed(&self, view: View, cursor: Option<&Cursor>) -> Result<Page<Thread>> {
        self.look(Call::Feed, |eyes| eyes.feed(view, cursor)).await
    }

    async fn threads(&self, query: &ThreadQuery, cursor: Option<&Cursor>) -> Result<Page<Thread>> {
        self.look(Call::Threads, |eyes| eyes.threads(query, cursor)).await
    }

    async fn thread(&self, id: &ThreadId) -> Result<Thread> {
        self.look(Call::Thread, |eyes| Ok(eyes.thread(eyes.world.thread(id)?))).await
    }

    async fn posts(&self, id: &ThreadId, window: Window) -> Result<Page<Post>> {
        self.look(Call::Posts, |eyes| eyes.posts(id, window)).await
    }

    async fn access(&self, id: &ThreadId) -> Result<Access> {
        self.look(Call::Access, |eyes| Ok(eyes.access(eyes.world.thread(id)?))).await
    }

    async fn search(&self, query: &str, cursor: Option<&Cursor>) -> Result<Page<Hit>> {
        self.look(Call::Search, |eyes| eyes.search(query, cursor)).await
    }

    async fn notifications(&self, done: bool, cursor: Option<&Cursor>) -> Result<Page<Notification>> {
        self.look(Call::Notifications, |eyes| eyes.notifications(done, cursor)).await
    }

    async fn plans(&self) -> Result<Vec<Plan>> {
        let (now, reader) = (self.clock.now(), self.reader().ok());
        self.call(Call::Plans, |world| match &reader {
            Some(reader) => Ok(Eyes::of(world, reader, now)?.plans()),
            None => Ok(world.plans.clone()),
        })
        .await
    }

    async fn membership(&self) -> Result<Membership> {
        self.look(Call::Membership, |eyes| Ok(eyes.membership())).await
    }

    async fn member(&self, username: &Username) -> Result<Member> {
        self.look(Call::Member, |eyes| eyes.member(username)).await
    }

    async fn apply(&self, change: &Change, key: &IdempotencyKey) -> Result<Applied> {
        let now = self.clock.now();
        let forgets_keys = self.can.keys_kept.is_zero();
        self.call(Call::Apply, |world| match forgets_keys {
            true => world.apply(&self.reader()?, change, now),
            false => world.apply_once(&self.reader()?, change, key, now),
        })
        .await
    }

    async fn arrived(&self, change: &Change, after: u32) -> Result<Arrived> {
        self.call(Call::Arrived, |world| Ok(world.arrived(&self.reader()?, change, after))).await
    }

    async fn changes(&self, after: Option<u64>) -> Result<(Vec<Notice>, u64)> {
        self.call(Call::Changes, |world| Ok(world.changes(&self.reader()?, after))).await
    }

    async fn live(&self, after: Option<u64>) -> Result<LiveStream> {
        if !self.can.live {
            return Err(Error::new(Kind::Unsupported));
        }
        self.call(Call::Live, |world| Ok(world.listen(self.reader()?, after))).await
    }
}
