//! The engine's one loop. It alone knows which tickets somebody waits for and whether anybody is signed in; tasks do
//! the waiting and hand back what came of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{AbortHandle, Id, JoinSet};

use super::account::Sessions;
use super::ask::ask;
use super::event::{Answer, Connection, Event};
use super::line::Line;
use super::live::{self, Follow};
use super::problem::explain;
use super::request::{Query, Request, Ticket};
use super::{Parts, retry};
use crate::base::ids::{IdempotencyKey, Username};
use crate::base::random;
use crate::base::secret::Secret;
use crate::community::{self, Error, Kind, NewAccount, SessionStore, SignIn};
use crate::model::change::{Applied, Change};
use crate::model::member::Role;

/// Requests to the network at the same time, reads and writes together.
const AT_ONCE: usize = 6;
/// The server gets this long to hear that somebody leaves.
const FAREWELL: Duration = Duration::from_secs(5);

/// What a task hands back.
enum Outcome {
    Answer(Ticket, community::Result<Answer>),
    Applied(Ticket, community::Result<Applied>),
    SignedIn(Ticket, community::Result<&'static str>),
    SignedOut,
    /// The server ended the session while the community was being followed.
    Ended,
    /// Whether there were tokens from an earlier run.
    Found(bool),
}

/// A task whose outcome somebody waits for.
struct Awaited {
    task: AbortHandle,
    /// In which sitting it began: what it learns of an earlier session says nothing of this one.
    sitting: u32,
}

/// A write and the key it goes under: kept while it is not known to have arrived.
struct Sent {
    change: Change,
    key: IdempotencyKey,
}

struct Work {
    parts: Arc<Parts>,
    events: UnboundedSender<Event>,
    line: Line,
    tasks: JoinSet<Outcome>,
    awaited: HashMap<Ticket, Awaited>,
    sent: HashMap<Ticket, Sent>,
    /// Per thread, post or item: closes when the last write to it is done.
    lanes: HashMap<String, oneshot::Receiver<()>>,
    slots: Arc<Semaphore>,
    /// Counts sessions that began or ended here.
    sitting: u32,
    following: Option<AbortHandle>,
}

/// Works until the last handle is gone. Dropping the set of tasks ends them all.
pub(super) async fn run(parts: Parts, mut inbox: UnboundedReceiver<(Ticket, Request)>, events: UnboundedSender<Event>) {
    let line = Line::new(events.clone(), Arc::clone(&parts.clock));
    let mut work = Work {
        parts: Arc::new(parts),
        events,
        line,
        tasks: JoinSet::new(),
        awaited: HashMap::new(),
        sent: HashMap::new(),
        lanes: HashMap::new(),
        slots: Arc::new(Semaphore::new(AT_ONCE)),
        sitting: 0,
        following: None,
    };
    work.look_for_session();
    loop {
        tokio::select! {
            request = inbox.recv() => match request {
                Some((ticket, request)) => work.take(ticket, request),
                None => return,
            },
            Some(ended) = work.tasks.join_next_with_id() => {
                if let Ok((id, outcome)) = ended {
                    work.finish(id, outcome);
                }
            }
        }
    }
}

impl Work {
    fn take(&mut self, ticket: Ticket, request: Request) {
        match request {
            Request::Ask(query) => self.ask(ticket, query),
            Request::Apply(change) => self.apply(ticket, change),
            Request::GiveRole(username, role) => self.give_role(ticket, username, role),
            Request::SignIn { username, password } => self.sign_in(ticket, None, username, password),
            Request::Register { username, display_name, password, accepted_policy_version } => {
                let account =
                    NewAccount { username, display_name, password: password.clone(), accepted_policy_version };
                self.sign_in(ticket, Some(account.clone()), account.username, password);
            }
            Request::SignOut => self.sign_out(),
            Request::Abandon(ticket) => self.abandon(ticket),
        }
    }

    /// A write that is under way goes on: half of it cannot be taken back. Everything else stops.
    fn abandon(&mut self, ticket: Ticket) {
        if let Some(awaited) = self.awaited.remove(&ticket)
            && !self.sent.contains_key(&ticket)
        {
            awaited.task.abort();
        }
    }

    fn await_outcome(&mut self, ticket: Ticket, task: AbortHandle) {
        self.abandon(ticket);
        self.awaited.insert(ticket, Awaited { task, sitting: self.sitting });
    }

    fn look_for_session(&mut self) {
        let sessions = Arc::clone(&self.parts.sessions);
        self.tasks.spawn(async move {
            Outcome::Found(tokio::task::spawn_blocking(move || sessions.load().is_some()).await.unwrap_or(false))
        });
    }

    fn ask(&mut self, ticket: Ticket, query: Query) {
        let (parts, slots) = (Arc::clone(&self.parts), Arc::clone(&self.slots));
        let task = self.tasks.spawn(async move {
            let _slot = slots.acquire().await;
            let result = retry::read(&*parts.random, || ask(&*parts.community, &query)).await;
            Outcome::Answer(ticket, result)
        });
        self.await_outcome(ticket, task);
    }

    /// Writes to one thing go one after the other, in the order they were asked for.
    fn apply(&mut self, ticket: Ticket, change: Change) {
        let key = match self.sent.remove(&ticket) {
            Some(sent) if sent.change == change => sent.key,
            _ => IdempotencyKey::new(random::hex(&*self.parts.random, 16)),
        };
        self.lanes.retain(|_, done| matches!(done.try_recv(), Err(oneshot::error::TryRecvError::Empty)));
        let (done, next) = oneshot::channel::<()>();
        let before = self.lanes.insert(lane(&change), next);
        let (parts, slots) = (Arc::clone(&self.parts), Arc::clone(&self.slots));
        let (asked, under) = (change.clone(), key.clone());
        let task = self.tasks.spawn(async move {
            let _done = done;
            if let Some(before) = before {
                let _ = before.await;
            }
            let _slot = slots.acquire().await;
            let result = retry::write(&*parts.random, || parts.community.apply(&asked, &under)).await;
            Outcome::Applied(ticket, result)
        });
        self.await_outcome(ticket, task);
        self.sent.insert(ticket, Sent { change, key });
    }

    /// Giving the same role twice is giving it once, so this may be repeated as a read may.
    fn give_role(&mut self, ticket: Ticket, username: Username, role: Role) {
        let parts = Arc::clone(&self.parts);
        let task = self.tasks.spawn(async move {
            let result = retry::read(&*parts.random, || parts.community.give_role(&username, role)).await;
            Outcome::Applied(ticket, result.map(|()| Applied::default()))
        });
        self.await_outcome(ticket, task);
    }

    fn sign_in(&mut self, ticket: Ticket, account: Option<NewAccount>, username: String, password: Secret) {
        let (way_in, sessions) = (Arc::clone(&self.parts.sign_in), Arc::clone(&self.parts.sessions));
        let task = self.tasks.spawn(async move {
            Outcome::SignedIn(ticket, enter(&*way_in, sessions, account, username, password).await)
        });
        self.await_outcome(ticket, task);
    }

    /// Writes that are under way are let finish, for a while: the next reader must not be their author.
    fn sign_out(&mut self) {
        self.unfollow();
        let under_way = std::mem::take(&mut self.lanes).into_values();
        let (way_in, sessions) = (Arc::clone(&self.parts.sign_in), Arc::clone(&self.parts.sessions));
        self.tasks.spawn(async move {
            let _ = tokio::time::timeout(FAREWELL, join_all(under_way)).await;
            leave(&*way_in, sessions).await;
            Outcome::SignedOut
        });
    }

    /// Sends what came of a task to who waits for it, and draws the consequences.
    fn finish(&mut self, id: Id, outcome: Outcome) {
        match outcome {
            Outcome::Answer(ticket, result) => {
                if self.learn(ticket, id, &result) {
                    self.tell(Event::Answer { ticket, result: result.map_err(|error| explain(&error)) });
                }
            }
            Outcome::Applied(ticket, result) => {
                if !result.as_ref().is_err_and(retry::is_uncertain) {
                    self.sent.remove(&ticket);
                }
                if self.learn(ticket, id, &result) {
                    self.tell(Event::Applied { ticket, result: result.map_err(|error| explain(&error)) });
                }
            }
            Outcome::SignedIn(ticket, result) => {
                self.learn_reach(&result);
                if result.is_ok() {
                    self.sitting += 1;
                    self.follow();
                }
                if self.awaited_since(ticket, id).is_some() {
                    self.tell(Event::SignedIn { ticket, result: result.map_err(|error| explain(&error)) });
                }
            }
            Outcome::SignedOut => {
                self.sitting += 1;
                self.unfollow();
                self.give_up_writes();
                self.tell(Event::SignedOut);
            }
            Outcome::Ended => {
                if self.following.take_if(|task| task.id() == id).is_some() {
                    self.tell(Event::SignedOut);
                }
            }
            Outcome::Found(true) => self.follow(),
            Outcome::Found(false) => {}
        }
    }

    /// What is still unsent when its author has left stays unsent.
    fn give_up_writes(&mut self) {
        for ticket in std::mem::take(&mut self.sent).into_keys() {
            if let Some(awaited) = self.awaited.remove(&ticket) {
                awaited.task.abort();
                self.tell(Event::Applied { ticket, result: Err(explain(&Error::new(Kind::SignedOut))) });
            }
        }
    }

    /// The sitting in which somebody began to wait for this task; none when nobody waits any more.
    fn awaited_since(&mut self, ticket: Ticket, id: Id) -> Option<u32> {
        self.awaited.get(&ticket).filter(|awaited| awaited.task.id() == id)?;
        self.awaited.remove(&ticket).map(|awaited| awaited.sitting)
    }

    /// What an answer says besides what it says: that the session is over, or that the line stands. Tells whether
    /// somebody waits for it.
    fn learn<T>(&mut self, ticket: Ticket, id: Id, result: &community::Result<T>) -> bool {
        let since = self.awaited_since(ticket, id);
        let has_ended = result.as_ref().is_err_and(|error| error.kind == Kind::SignedOut);
        if has_ended && since == Some(self.sitting) && self.following.is_some() {
            self.unfollow();
            self.tell(Event::SignedOut);
        }
        self.learn_reach(result);
        since.is_some()
    }

    fn learn_reach<T>(&self, result: &community::Result<T>) {
        let unreachable =
            result.as_ref().is_err_and(|e| matches!(e.kind, Kind::Offline | Kind::Timeout | Kind::NotTheServer));
        match (&self.following, unreachable) {
            // The follower knows better; it only wants to hear good news.
            (Some(_), false) => self.line.answered(),
            (Some(_), true) => {}
            (None, false) => self.line.set(Connection::Polling),
            (None, true) => self.line.lost(),
        }
    }

    fn follow(&mut self) {
        self.unfollow();
        let parts = Follow {
            community: Arc::clone(&self.parts.community),
            random: Arc::clone(&self.parts.random),
            line: self.line.clone(),
            events: self.events.clone(),
        };
        self.following = Some(self.tasks.spawn(async move {
            live::follow(parts).await;
            Outcome::Ended
        }));
    }

    fn unfollow(&mut self) {
        if let Some(task) = self.following.take() {
            task.abort();
        }
    }

    fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }
}

/// What a change is about: changes to the same thing keep their order.
fn lane(change: &Change) -> String {
    match change {
        Change::NewThread { space, .. } => format!("space {space}"),
        Change::Reply { thread, .. }
        | Change::Accept { thread, .. }
        | Change::Read { thread, .. }
        | Change::Follow { thread, .. }
        | Change::Bookmark { thread, .. } => format!("thread {thread}"),
        Change::Edit { post, .. } | Change::Vote { post, .. } => format!("post {post}"),
        Change::Done { notification, .. } => format!("item {notification}"),
    }
}

/// Opens the account if there is one to open, signs in, and puts the tokens away.
async fn enter(
    way_in: &dyn SignIn,
    sessions: Arc<Sessions>,
    account: Option<NewAccount>,
    username: String,
    password: Secret,
) -> community::Result<&'static str> {
    if let Some(account) = account {
        way_in.register(&account).await?;
    }
    let session = way_in.password(&username, &password).await?;
    let kept = tokio::task::spawn_blocking(move || sessions.keep(&username, &session).vault).await;
    kept.map_err(|_| Error::new(Kind::Unsupported))
}

/// Ends the session on the server, or gives up on that, and forgets the tokens either way.
async fn leave(way_in: &dyn SignIn, sessions: Arc<Sessions>) {
    let reader = Arc::clone(&sessions);
    if let Ok(Some(session)) = tokio::task::spawn_blocking(move || reader.load()).await {
        let _ = tokio::time::timeout(FAREWELL, way_in.sign_out(&session)).await;
    }
    let _ = tokio::task::spawn_blocking(move || sessions.forget()).await;
}
