//! The engine's one loop. It alone knows which tickets somebody waits for and whether anybody is signed in; tasks do
//! the waiting and hand back what came of it.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::SyncSender;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Mutex, Semaphore};
use tokio::task::{AbortHandle, Id, JoinSet};

use super::ask::{Asker, Source};
use super::attach::{Fault, Found};
use super::event::{Answer, Connection, Event, Keeping, Secured};
use super::line::Line;
use super::live::{self, Follow};
use super::outbox::{self, Told};
use super::problem::{explain, explain_attach};
use super::request::{Query, Request, Ticket};
use super::room::{LAYOUT, Room, SEARCHES, following};
use super::security;
use super::sync;
use super::way_in::{Obtained, Way};
use super::{Parts, full, keeping, retry};
use crate::base::ids::{ThreadId, Username};
use crate::community::{self, Error, Kind, NewAccount, SessionStore};
use crate::model::change::Applied;
use crate::model::member::Role;
use crate::model::page::Window;

/// Requests to the network at the same time, besides those of the outbox.
const AT_ONCE: usize = 6;

mod attach;
mod door;

/// What a task hands back.
enum Outcome {
    Answer(Ticket, community::Result<Answer>),
    /// The store alone answered.
    Looked(Ticket, Answer),
    Applied(Ticket, community::Result<Applied>),
    /// Tokens of somebody who was waited for.
    Obtained(Ticket, community::Result<Obtained>),
    SignedIn(Ticket, community::Result<&'static str>),
    Secured(Ticket, community::Result<Secured>),
    SignedOut,
    /// The server ended the session while the community was being followed.
    Ended,
    /// Whether there were tokens from an earlier run.
    Found(bool),
    /// What was found on this machine.
    Attached(Ticket, Result<Found, Fault>),
    /// Where the tokens are now.
    Tokens(Option<Keeping>),
    /// Everything is on the disk and nothing is on its way.
    MayLeave,
    /// Something nobody waits for is over.
    Idle,
}

/// A task whose outcome somebody waits for.
struct Awaited {
    task: AbortHandle,
    /// In which sitting it began: what it learns of an earlier session says nothing of this one.
    sitting: u32,
    /// Of a task that must come to its end: set when nobody waits for it any more.
    given_up: Option<Arc<AtomicBool>>,
}

impl Awaited {
    /// Nobody waits any more. What shut the room is not broken off, because only its end opens it again.
    fn give_up(self) {
        match self.given_up {
            Some(given_up) => given_up.store(true, Ordering::SeqCst),
            None => self.task.abort(),
        }
    }
}

struct Work {
    parts: Arc<Parts>,
    events: UnboundedSender<Event>,
    tell_us: UnboundedSender<Told>,
    line: Line,
    room: Room,
    tasks: JoinSet<Outcome>,
    awaited: HashMap<Ticket, Awaited>,
    slots: Arc<Semaphore>,
    /// Through which one comes or goes at a time.
    door: Arc<Mutex<()>>,
    /// Counts sessions that began or ended here.
    sitting: u32,
    following: Option<AbortHandle>,
    /// Whether the community was followed before somebody tried to sign in.
    was_following: bool,
    prefetching: Option<AbortHandle>,
    fetching_all: Option<AbortHandle>,
}

/// Works until the last handle is gone. Dropping the set of tasks ends them all.
pub(super) async fn run(parts: Parts, mut inbox: UnboundedReceiver<(Ticket, Request)>, events: UnboundedSender<Event>) {
    let line = Line::new(events.clone(), Arc::clone(&parts.clock));
    let (tell_us, mut told) = unbounded_channel();
    let room = match Room::open(&parts, &line, &events, &tell_us).await {
        Ok(room) => room,
        Err(error) => return tracing::error!(%error, "not even a store in memory can be had"),
    };
    let mut work = Work {
        parts: Arc::new(parts),
        events,
        tell_us,
        line,
        room,
        tasks: JoinSet::new(),
        awaited: HashMap::new(),
        slots: Arc::new(Semaphore::new(AT_ONCE)),
        door: Arc::default(),
        sitting: 0,
        following: None,
        was_following: false,
        prefetching: None,
        fetching_all: None,
    };
    work.look_for_session();
    loop {
        tokio::select! {
            request = inbox.recv() => match request {
                Some((ticket, request)) => work.take(ticket, request),
                None => return work.room.drafts.flush().await,
            },
            Some(told) = told.recv() => work.heed(told),
            Some(ended) = work.tasks.join_next_with_id() => {
                if let Ok((id, outcome)) = ended {
                    work.finish(id, outcome).await;
                }
            }
        }
    }
}

impl Work {
    fn take(&mut self, ticket: Ticket, request: Request) {
        let (now, random) = (self.parts.clock.now(), Arc::clone(&self.parts.random));
        match request {
            Request::Ask(query) => self.ask(ticket, query, None),
            Request::Look(query, most) => self.ask(ticket, query, Some(most)),
            Request::Apply(change) => self.room.outbox.add(ticket, outbox::entry(&*random, change, now)),
            Request::Post { draft, after } => {
                let new = outbox::text(&*random, &draft, after, now);
                self.room.drafts.send(self.room.outbox.clone(), ticket, new);
            }
            Request::Write { draft, after, key } => {
                self.room.outbox.add(ticket, outbox::written(&*random, &draft, after, now, key));
            }
            Request::KeepDraft(draft) => self.room.drafts.keep(*draft),
            Request::DropDraft(place) => self.room.drafts.drop(place),
            Request::TakeUp(place, copy) => self.room.drafts.take_up(place, copy),
            Request::Attach(wish) => self.attach(ticket, wish),
            Request::Outbox(act) => self.room.drafts.act(self.room.outbox.clone(), ticket, act),
            Request::Prefetch(thread) => self.prefetch(thread),
            Request::SyncAll => self.fetch_all(),
            Request::StopSync => self.stop_fetching(),
            Request::KeepLayout(layout) => self.keep_document(LAYOUT, layout),
            Request::KeepSearches(searches) => self.keep_document(SEARCHES, searches),
            Request::Save(done) => self.save(done),
            Request::Leave => self.prepare_to_leave(),
            Request::GiveRole(username, role) => self.give_role(ticket, username, role),
            Request::SignIn { username, password, code } => {
                self.sign_in(ticket, Way::Password { username, password, code });
            }
            Request::Register { username, display_name, password, accepted_policy_version } => {
                let account = NewAccount { username, display_name, password, accepted_policy_version };
                self.sign_in(ticket, Way::Register(account));
            }
            Request::SignInByDevice => self.sign_in(ticket, Way::Device),
            Request::SignInInBrowser(done) => self.sign_in(ticket, Way::Browser { done }),
            Request::SignInWithToken(token) => self.sign_in(ticket, Way::Token(token)),
            Request::Secure(deed) => self.secure(ticket, deed),
            Request::AgreeToPlain => self.agree_to_plain(),
            Request::SignOut => self.sign_out(),
            Request::Abandon(ticket) => self.abandon(ticket),
        }
    }

    /// Only what looks is asked under a ticket that can be abandoned; a change is the outbox's.
    fn abandon(&mut self, ticket: Ticket) {
        if let Some(awaited) = self.awaited.remove(&ticket) {
            awaited.give_up();
        }
    }

    fn await_outcome(&mut self, ticket: Ticket, task: AbortHandle) {
        self.abandon(ticket);
        self.awaited.insert(ticket, Awaited { task, sitting: self.sitting, given_up: None });
    }

    fn look_for_session(&mut self) {
        let sessions = Arc::clone(&self.parts.sessions);
        self.tasks.spawn(async move {
            Outcome::Found(tokio::task::spawn_blocking(move || sessions.load().is_some()).await.unwrap_or(false))
        });
    }

    fn asker(&self) -> Asker {
        Asker { parts: self.following_parts(), slots: Arc::clone(&self.slots) }
    }

    fn ask(&mut self, ticket: Ticket, query: Query, look: Option<usize>) {
        let (asker, parts) = (self.asker(), Arc::clone(&self.parts));
        let task = self.tasks.spawn(async move {
            if let Some(result) = security::look(&*parts.sign_in, &*parts.security, &query).await {
                return Outcome::Answer(ticket, result);
            }
            let source = match look {
                Some(most) => asker.look(&query, most).await,
                None => asker.ask(ticket, &query).await,
            };
            match source {
                Source::Store(answer) => Outcome::Looked(ticket, answer),
                Source::Community(result) => Outcome::Answer(ticket, result),
            }
        });
        self.await_outcome(ticket, task);
    }

    /// The later guess is the better one.
    fn prefetch(&mut self, thread: ThreadId) {
        stop(&mut self.prefetching);
        let parts = self.following_parts();
        self.prefetching = Some(self.tasks.spawn(async move {
            if let Ok(Some(kept)) = parts.desk.store.thread(&thread).await
                && parts.desk.store.last_kept(&thread).await.is_ok_and(|last| last < kept.value.last.min(recall_page()))
            {
                let _ = sync::fetch(&parts, &Query::Posts(thread, Window::Start)).await;
            }
            Outcome::Idle
        }));
    }

    fn fetch_all(&mut self) {
        stop(&mut self.fetching_all);
        let parts = self.following_parts();
        self.fetching_all = Some(self.tasks.spawn(async move {
            full::fetch_all(parts).await;
            Outcome::Idle
        }));
    }

    fn stop_fetching(&mut self) {
        if self.fetching_all.is_some() {
            stop(&mut self.fetching_all);
            self.tell(Event::Progress(super::event::Progress { is_over: true, ..Default::default() }));
        }
    }

    fn following_parts(&self) -> sync::Parts {
        following(&self.parts, &self.room.desk, &self.line, &self.events)
    }

    fn keep_document<T: serde::Serialize + Send + Sync + 'static>(&mut self, name: &'static str, value: T) {
        let (desk, now) = (self.room.desk.clone(), self.parts.clock.now());
        self.tasks.spawn(async move {
            if let Err(error) = desk.store.keep_document(name, &value, now).await {
                tracing::warn!(%error, name, "not kept");
            }
            Outcome::Idle
        });
    }

    fn save(&mut self, done: SyncSender<()>) {
        let drafts = self.room.drafts.clone();
        self.tasks.spawn(async move {
            drafts.flush().await;
            // Whoever asked may have gone.
            let _ = done.try_send(());
            Outcome::Idle
        });
    }

    fn prepare_to_leave(&mut self) {
        let (drafts, outbox) = (self.room.drafts.clone(), self.room.outbox.clone());
        self.tasks.spawn(async move {
            drafts.flush().await;
            outbox.leave().await;
            Outcome::MayLeave
        });
    }

    /// Giving the same role twice is giving it once, so this may be repeated as a read may.
    fn give_role(&mut self, ticket: Ticket, username: Username, role: Role) {
        let (parts, sitting) = (Arc::clone(&self.parts), self.parts.sessions.sitting());
        let task = self.tasks.spawn(async move {
            let give = || async {
                let is_same = parts.sessions.sitting() == sitting;
                if is_same {
                    parts.community.give_role(&username, role).await
                } else {
                    Err(Error::new(Kind::SignedOut))
                }
            };
            let result = retry::read(&*parts.random, give).await;
            Outcome::Applied(ticket, result.map(|()| Applied::default()))
        });
        self.await_outcome(ticket, task);
    }

    /// Puts the tokens away once more, now that they may be in plain text.
    fn agree_to_plain(&mut self) {
        let sessions = Arc::clone(&self.parts.sessions);
        self.tasks.spawn(async move {
            let agreed = tokio::task::spawn_blocking(move || keeping::agree(&sessions)).await;
            Outcome::Tokens(agreed.unwrap_or_default())
        });
    }

    /// Sends what came of a task to who waits for it, and draws the consequences.
    async fn finish(&mut self, id: Id, outcome: Outcome) {
        match outcome {
            Outcome::Answer(ticket, result) => {
                if let Ok(Answer::About(about)) = &result {
                    self.remember_name(&about.name);
                }
                let since = self.learn(ticket, id, &result);
                self.answer(ticket, since, result);
            }
            Outcome::Looked(ticket, answer) => {
                let since = self.awaited_since(ticket, id);
                self.answer(ticket, since, Ok(answer));
            }
            Outcome::Applied(ticket, result) => {
                if self.learn(ticket, id, &result).is_some() {
                    self.tell(Event::Applied { ticket, result: result.map_err(|error| explain(&error)) });
                }
            }
            Outcome::Obtained(ticket, result) => self.obtained(ticket, id, result),
            Outcome::Secured(ticket, result) => {
                if self.learn(ticket, id, &result).is_some() {
                    self.tell(Event::Secured { ticket, result: result.map_err(|error| explain(&error)) });
                }
            }
            Outcome::SignedIn(ticket, result) => self.signed_in(ticket, id, result).await,
            Outcome::SignedOut => {
                self.sitting += 1;
                self.unfollow();
                // What anybody may see is asked for again.
                self.room.desk.set_open(true);
                self.tell(Event::SignedOut);
                self.tell_keeping(keeping::after_leaving(&self.parts.sessions));
            }
            Outcome::Ended => {
                if self.following.take_if(|task| task.id() == id).is_some() {
                    // It was the community that said so.
                    self.line.set(Connection::Polling);
                    self.tell(Event::SignedOut);
                }
            }
            // Whoever signed in meanwhile is followed already.
            Outcome::Found(true) if self.following.is_none() => self.follow().await,
            Outcome::Attached(ticket, result) => {
                if self.awaited_since(ticket, id).is_some() {
                    self.tell(Event::Attached { ticket, result: result.map_err(|fault| explain_attach(&fault)) });
                }
            }
            Outcome::MayLeave => self.tell(Event::MayLeave),
            Outcome::Tokens(keeping) => self.tell_keeping(keeping),
            Outcome::Found(false) => self.tell_keeping(keeping::at_the_start(&self.parts.sessions)),
            Outcome::Found(_) | Outcome::Idle => {}
        }
    }

    /// What the community is called stands in the list of accounts, for when nobody is signed in or reaches it.
    fn remember_name(&self, name: &str) {
        if self.parts.sessions.is_news(name) {
            let (sessions, name) = (Arc::clone(&self.parts.sessions), name.to_owned());
            drop(tokio::task::spawn_blocking(move || sessions.call(&name)));
        }
    }

    fn tell_keeping(&self, keeping: Option<Keeping>) {
        if let Some(keeping) = keeping {
            self.tell(Event::Tokens(keeping));
        }
    }

    /// What the outbox has learned.
    fn heed(&mut self, told: Told) {
        match told {
            Told::SignedOut => {
                if self.following.is_some() {
                    self.unfollow();
                    self.tell(Event::SignedOut);
                }
            }
            Told::Reach(result) => self.learn_reach(&result),
        }
    }

    /// The sitting in which somebody began to wait for this task; none when nobody waits any more.
    fn awaited_since(&mut self, ticket: Ticket, id: Id) -> Option<u32> {
        self.awaited.get(&ticket).filter(|awaited| awaited.task.id() == id)?;
        self.awaited.remove(&ticket).map(|awaited| awaited.sitting)
    }

    /// Answers who waits. What was asked as an earlier reader is not told to this one, who may ask again.
    fn answer(&self, ticket: Ticket, since: Option<u32>, result: community::Result<Answer>) {
        let result = match since {
            Some(since) if since == self.sitting => result,
            Some(_) => Err(Error::new(Kind::Offline)),
            None => return,
        };
        self.tell(Event::Answer { ticket, result: result.map_err(|error| explain(&error)) });
    }

    /// What an answer says besides what it says: that the session is over, or that the line stands. Tells since which
    /// sitting somebody waits for it.
    fn learn<T>(&mut self, ticket: Ticket, id: Id, result: &community::Result<T>) -> Option<u32> {
        let since = self.awaited_since(ticket, id);
        let has_ended = result.as_ref().is_err_and(|error| error.kind == Kind::SignedOut);
        if has_ended && since == Some(self.sitting) && self.following.is_some() {
            self.unfollow();
            self.tell(Event::SignedOut);
        }
        self.learn_reach(result);
        since
    }

    fn learn_reach<T>(&self, result: &community::Result<T>) {
        if let Some(wait) = result.as_ref().err().and_then(retry::asked_to_wait) {
            self.line.limited(wait);
        }
        let unreachable = result.as_ref().is_err_and(|error| error.kind.is_unreachable());
        match (&self.following, unreachable) {
            // The follower knows better; it only wants to hear good news.
            (Some(_), false) => self.line.answered(),
            (Some(_), true) => {}
            (None, false) => self.line.set(Connection::Polling),
            (None, true) => self.line.lost(),
        }
    }

    async fn follow(&mut self) {
        self.unfollow();
        let parts = Follow {
            community: Arc::clone(&self.parts.community),
            random: Arc::clone(&self.parts.random),
            line: self.line.clone(),
            batches: self.room.batches.clone(),
            seen: self.room.desk.store.position().await.unwrap_or_default(),
        };
        self.following = Some(self.tasks.spawn(async move {
            live::follow(parts).await;
            Outcome::Ended
        }));
    }

    fn unfollow(&mut self) {
        stop(&mut self.following);
    }

    fn tell(&self, event: Event) {
        let _ = self.events.send(event);
    }
}

fn stop(task: &mut Option<AbortHandle>) {
    if let Some(task) = task.take() {
        task.abort();
    }
}

fn recall_page() -> u32 {
    u32::try_from(super::recall::PAGE).unwrap_or(u32::MAX)
}
