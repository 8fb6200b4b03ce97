//! The outbox at work: what is due is sent, in the order of its lane, under the key it was given when the person pressed
//! send; what fails for a reason that passes goes again, the rest is put before the person.
//!
//! What stands in the store is what counts: this task may end at any instant without anything being lost or doubled.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use super::event::Event;
use super::problem::{UserError, explain, explain_store};
use super::request::{OutboxAct, Ticket};
use super::sync::Parts;
use super::verdict::{Next, verdict};
use crate::base::ids::IdempotencyKey;
use crate::base::random::{self, Random};
use crate::base::time::{SignedDuration, Timestamp};
use crate::community::{self, Arrived};
use crate::model::change::{Applied, Change};
use crate::model::draft::Draft;
use crate::model::outbox::{Entry, EntryId, State};
use crate::store::{self, NewEntry};

/// Changes on their way to the network at the same time.
const AT_ONCE: usize = 4;
/// A text can be taken back this long after it was sent.
pub const HOLD: SignedDuration = SignedDuration::from_secs(10);
/// How often an entry that waits for another window's is looked at.
const GLANCE: Duration = Duration::from_secs(1);
/// A leaving program gives what is on its way this long.
const FAREWELL: Duration = Duration::from_secs(3);

/// What the outbox tells the rest of the engine.
pub(super) enum Told {
    /// The community did not take the session.
    SignedOut,
    /// How a request to the community went, as far as the line is concerned.
    Reach(community::Result<()>),
}

/// An order to the outbox.
enum Order {
    Add(Ticket, Box<NewEntry>),
    Act(Ticket, OutboxAct),
    Resume,
    Pause(oneshot::Sender<()>),
    Abort(oneshot::Sender<()>),
    Leave(oneshot::Sender<()>),
}

/// The way to a running outbox. Dropping the last one ends it.
#[derive(Clone)]
pub(super) struct Outbox {
    orders: UnboundedSender<Order>,
}

impl Outbox {
    /// Starts sending; `tell` hears what is learned by it.
    pub(super) fn start(parts: Parts, tell: UnboundedSender<Told>) -> Self {
        let (orders, inbox) = unbounded_channel();
        tokio::spawn(Clerk::new(parts, tell).run(inbox));
        Self { orders }
    }

    /// Takes a change in. What comes of it is told under the ticket.
    pub(super) fn add(&self, ticket: Ticket, new: NewEntry) {
        let _ = self.orders.send(Order::Add(ticket, Box::new(new)));
    }

    pub(super) fn act(&self, ticket: Ticket, act: OutboxAct) {
        let _ = self.orders.send(Order::Act(ticket, act));
    }

    /// Somebody is signed in again.
    pub(super) fn resume(&self) {
        let _ = self.orders.send(Order::Resume);
    }

    /// Sends nothing more until [`Outbox::resume`], and returns when nothing is on its way any more: what does not arrive
    /// in a while is broken off.
    pub(super) async fn pause(&self) {
        let (done, wait) = oneshot::channel();
        let _ = self.orders.send(Order::Pause(done));
        if tokio::time::timeout(super::way_in::FAREWELL, wait).await.is_err() {
            let (done, wait) = oneshot::channel();
            let _ = self.orders.send(Order::Abort(done));
            let _ = wait.await;
        }
    }

    /// Sends what is held now, and returns when nothing is on its way any more, or after a moment.
    pub(super) async fn leave(&self) {
        let (done, wait) = oneshot::channel();
        let _ = self.orders.send(Order::Leave(done));
        let _ = tokio::time::timeout(FAREWELL, wait).await;
    }
}

/// What came of one attempt.
pub(super) enum Came {
    Of(community::Result<Applied>),
    /// Of looking whether it arrived.
    Looked(community::Result<Arrived>),
}

struct Clerk {
    parts: Parts,
    tell: UnboundedSender<Told>,
    tickets: HashMap<EntryId, Ticket>,
    going: JoinSet<(Entry, Came)>,
    /// Entries that wait for the line, not for the server's patience.
    unreachable: HashSet<EntryId>,
    paused: bool,
    leaving: Vec<oneshot::Sender<()>>,
    has_failed: bool,
    /// What is known and could not be written yet; none for one that arrived.
    unwritten: Vec<(EntryId, Option<State>)>,
}

impl Clerk {
    fn new(parts: Parts, tell: UnboundedSender<Told>) -> Self {
        Self {
            parts,
            tell,
            tickets: HashMap::new(),
            going: JoinSet::new(),
            unreachable: HashSet::new(),
            paused: false,
            leaving: Vec::new(),
            has_failed: false,
            unwritten: Vec::new(),
        }
    }

    async fn run(mut self, mut inbox: UnboundedReceiver<Order>) {
        self.judge_the_interrupted().await;
        self.publish().await;
        loop {
            let pause = self.send_due().await;
            self.say_farewell().await;
            let line = self.parts.line.clone();
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(order) => self.take(order).await,
                    None => return,
                },
                Some(done) = self.going.join_next() => {
                    if let Ok((entry, came)) = done {
                        self.settle(entry, came).await;
                    }
                }
                () = sleep(pause.unwrap_or_default()), if pause.is_some() => {}
                () = line.reachable(), if !self.unreachable.is_empty() => self.wake().await,
            }
        }
    }

    fn now(&self) -> Timestamp {
        self.parts.clock.now()
    }

    /// Entries that were on their way when a program ended: nobody knows whether they arrived.
    async fn judge_the_interrupted(&mut self) {
        let own = self.own().await;
        let keys_kept = self.parts.community.capabilities().keys_kept;
        for entry in own {
            let was_sent = match entry.state {
                State::Sending => true,
                // Without keys only what surely was not taken goes again.
                State::Retry { .. } => entry.tries > 0 && !keys_kept.is_zero(),
                _ => false,
            };
            let is_safe = !entry.change.is_text() || self.now().duration_since(entry.made) < keys_kept;
            match (was_sent, is_safe) {
                (true, false) => self.set(entry.id, &State::Unsure { at: self.now() }).await,
                (true, true) if entry.state == State::Sending => self.set(entry.id, &State::Queued).await,
                _ => {}
            }
        }
    }

    /// Sends what is due, and says how long there is nothing to do; none for as long as it takes.
    async fn send_due(&mut self) -> Option<Duration> {
        for (id, state) in std::mem::take(&mut self.unwritten) {
            self.write(id, state).await;
        }
        if !self.unwritten.is_empty() {
            return Some(GLANCE);
        }
        while !self.paused && self.going.len() < AT_ONCE {
            let claimed = self.parts.desk.store.claim(&self.parts.desk.window, self.now()).await;
            match claimed {
                Ok(Some(entry)) => self.send(entry).await,
                Ok(None) => break,
                Err(error) => {
                    self.failed(&error);
                    return Some(GLANCE);
                }
            }
        }
        if self.paused || self.going.len() >= AT_ONCE {
            return None;
        }
        match self.parts.desk.store.next_due(&self.parts.desk.window).await.ok().flatten() {
            Some(due) => {
                let wait = Duration::try_from(due.duration_since(self.now())).unwrap_or_default();
                Some(wait.max(Duration::from_millis(10)))
            }
            None => self.waits_for_another().await.then_some(GLANCE),
        }
    }

    /// Whether an entry of this window waits for another window's. One of a window that is gone becomes this one's.
    async fn waits_for_another(&mut self) -> bool {
        let own = self.own().await;
        if !own.iter().any(|entry| entry.state.due().is_some()) {
            return false;
        }
        let all = self.parts.desk.store.outbox().await.unwrap_or_default();
        let others = all.iter().filter(|entry| !own.iter().any(|mine| mine.id == entry.id));
        let lanes: Vec<(EntryId, String)> = others.map(|entry| (entry.id, entry.change.lane())).collect();
        let waits = |entry: &&Entry| {
            let lane = entry.change.lane();
            entry.state.due().is_some() && lanes.iter().any(|(id, other)| *id < entry.id && *other == lane)
        };
        let is_blocked = own.iter().any(|entry| waits(&entry));
        if is_blocked && self.parts.desk.store.adopt(&self.parts.desk.window).await.is_ok() {
            self.judge_the_adopted(&own).await;
        }
        is_blocked
    }

    /// What was on its way when its window ended.
    async fn judge_the_adopted(&mut self, before: &[Entry]) {
        let is_new = self.own().await.iter().any(|entry| !before.iter().any(|known| known.id == entry.id));
        if is_new && self.going.is_empty() {
            self.judge_the_interrupted().await;
        }
    }

    async fn send(&mut self, entry: Entry) {
        let community = Arc::clone(&self.parts.community);
        let looks = matches!(entry.state, State::Unsure { .. });
        if looks {
            // One look at a time; a program that ends meanwhile finds it uncertain still.
            self.set(entry.id, &State::Sending).await;
        }
        self.publish().await;
        self.going.spawn(async move {
            let came = match looks {
                true => Came::Looked(community.arrived(&entry.change, entry.after).await),
                false => Came::Of(community.apply(&entry.change, &entry.key).await),
            };
            (entry, came)
        });
    }

    /// Draws the consequences of an attempt.
    async fn settle(&mut self, entry: Entry, came: Came) {
        let reach = match &came {
            Came::Of(result) => result.as_ref().map(drop).map_err(Clone::clone),
            Came::Looked(result) => result.as_ref().map(drop).map_err(Clone::clone),
        };
        self.unreachable.remove(&entry.id);
        let next = verdict(&entry, came, &self.judge());
        if matches!(&next, Next::Wait { for_line: true, .. }) {
            self.unreachable.insert(entry.id);
        }
        match next {
            Next::Done(applied) => self.done(&entry, Ok(applied)).await,
            Next::Wait { state, .. } => self.set(entry.id, &state).await,
            Next::Pause => {
                self.paused = true;
                self.set(entry.id, &State::Queued).await;
                let _ = self.tell.send(Told::SignedOut);
            }
            Next::Stuck(state, error) => {
                self.set(entry.id, &state).await;
                self.answer(entry.id, Err(explain(&error)));
            }
            Next::Refused(error) => self.done(&entry, Err(error)).await,
        }
        let _ = self.tell.send(Told::Reach(reach));
        self.publish().await;
    }

    fn judge(&self) -> super::verdict::Judge<'_> {
        super::verdict::Judge {
            now: self.now(),
            random: &*self.parts.random,
            keys_kept: self.parts.community.capabilities().keys_kept,
        }
    }

    /// It is over: the entry goes, and whoever waits is told.
    async fn done(&mut self, entry: &Entry, result: community::Result<Applied>) {
        self.write(entry.id, None).await;
        self.answer(entry.id, result.map_err(|error| explain(&error)));
    }

    fn answer(&mut self, id: EntryId, result: Result<Applied, UserError>) {
        if let Some(ticket) = self.tickets.remove(&id) {
            let _ = self.parts.events.send(Event::Applied { ticket, result });
        }
    }

    async fn take(&mut self, order: Order) {
        match order {
            Order::Add(ticket, new) => self.add(ticket, &new).await,
            Order::Act(ticket, act) => self.act(ticket, act).await,
            Order::Resume => self.paused = false,
            Order::Pause(done) => {
                self.paused = true;
                self.leaving.push(done);
            }
            Order::Abort(done) => {
                self.going.shutdown().await;
                self.leaving.clear();
                self.judge_the_interrupted().await;
                let _ = done.send(());
            }
            Order::Leave(done) => {
                self.release().await;
                self.leaving.push(done);
            }
        }
        self.publish().await;
    }

    async fn add(&mut self, ticket: Ticket, new: &NewEntry) {
        match self.parts.desk.store.enqueue(&self.parts.desk.window, new).await {
            Ok(entry) => {
                self.tickets.insert(entry.id, ticket);
            }
            Err(error) => {
                let _ = self.parts.events.send(Event::Applied { ticket, result: Err(explain_store(&error)) });
            }
        }
    }

    async fn act(&mut self, ticket: Ticket, act: OutboxAct) {
        let store = &self.parts.desk.store;
        let done = match act {
            OutboxAct::Retry(id) => {
                self.unreachable.remove(&id);
                store.requeue(id).await
            }
            OutboxAct::Recall(id) => match store.recall(&self.parts.desk.window, id, self.now()).await {
                Ok(draft) => {
                    super::room::tell_kept(&self.parts.desk, &self.parts.events).await;
                    self.recalled(ticket, id, draft);
                    Ok(())
                }
                Err(error) => Err(error),
            },
            OutboxAct::Cancel(id) => store.cancel(id).await.map(|gone| match gone {
                Some(_) => drop(self.tickets.remove(&id)),
                // Too late, as for taking back.
                None => drop(self.parts.events.send(Event::Recalled { ticket, draft: None })),
            }),
            OutboxAct::Look => Ok(()),
        };
        if let Err(error) = done {
            self.failed(&error);
        }
    }

    fn recalled(&mut self, ticket: Ticket, id: EntryId, draft: Option<Draft>) {
        if draft.is_some() {
            self.tickets.remove(&id);
        }
        let _ = self.parts.events.send(Event::Recalled { ticket, draft });
    }

    /// What is held goes now.
    async fn release(&mut self) {
        for entry in self.own().await {
            if matches!(entry.state, State::Held { .. }) {
                self.requeue(entry.id).await;
            }
        }
    }

    /// The line is back: what waited for it goes now.
    async fn wake(&mut self) {
        let waiting = std::mem::take(&mut self.unreachable);
        for entry in self.own().await {
            if waiting.contains(&entry.id) && matches!(entry.state, State::Retry { .. }) {
                self.requeue(entry.id).await;
            }
        }
    }

    /// The entries of this window.
    async fn own(&self) -> Vec<Entry> {
        self.parts.desk.store.own_outbox(&self.parts.desk.window).await.unwrap_or_default()
    }

    async fn requeue(&mut self, id: EntryId) {
        if let Err(error) = self.parts.desk.store.requeue(id).await {
            self.failed(&error);
        }
    }

    /// Tells who wants to leave that nothing is on its way any more.
    async fn say_farewell(&mut self) {
        if !self.leaving.is_empty() && self.going.is_empty() {
            for done in self.leaving.drain(..) {
                let _ = done.send(());
            }
        }
    }

    async fn set(&mut self, id: EntryId, state: &State) {
        self.write(id, Some(state.clone())).await;
    }

    /// Writes how an entry stands, or that it arrived; what cannot be written is tried again before anything is sent.
    async fn write(&mut self, id: EntryId, state: Option<State>) {
        let store = &self.parts.desk.store;
        let written = match &state {
            Some(state) => store.set_state(id, state).await,
            None => store.confirm(id).await,
        };
        if let Err(error) = written {
            self.failed(&error);
            self.unwritten.push((id, state));
        }
    }

    /// Tells how everything on its way stands.
    async fn publish(&mut self) {
        match self.parts.desk.store.outbox().await {
            Ok(entries) => {
                self.has_failed = false;
                let settings = entries.iter().filter(|entry| !entry.change.is_text());
                self.parts.desk.set_pending(settings.map(|entry| entry.change.clone()).collect());
                // What one reader left unsent is not shown to the next.
                if self.parts.desk.is_open() {
                    let _ = self.parts.events.send(Event::Outbox(entries));
                }
            }
            Err(error) => self.failed(&error),
        }
    }

    fn failed(&mut self, error: &store::Error) {
        tracing::warn!(%error, "the outbox cannot be written");
        if !std::mem::replace(&mut self.has_failed, true) {
            let _ = self.parts.events.send(Event::Trouble(explain_store(error)));
        }
    }
}

/// A change as the outbox takes it in: under a key made now.
pub(super) fn entry(random: &dyn Random, change: Change, now: Timestamp) -> NewEntry {
    NewEntry {
        key: IdempotencyKey::new(random::hex(random, 16)),
        change,
        about: String::new(),
        after: 0,
        made: now,
        state: State::Queued,
        draft: None,
    }
}

/// A text that goes at once, under this key if there is one.
pub(super) fn written(
    random: &dyn Random,
    draft: &Draft,
    after: u32,
    now: Timestamp,
    key: Option<IdempotencyKey>,
) -> NewEntry {
    let new = entry(random, draft.change(), now);
    NewEntry { about: draft.about.clone(), after, key: key.unwrap_or(new.key.clone()), ..new }
}

/// A text as the outbox takes it in: held for as long as it can be taken back.
pub(super) fn text(random: &dyn Random, draft: &Draft, after: u32, now: Timestamp) -> NewEntry {
    NewEntry {
        about: draft.about.clone(),
        after,
        state: State::Held { until: now.saturating_add(HOLD).unwrap_or(now) },
        draft: Some(draft.place.clone()),
        ..entry(random, draft.change(), now)
    }
}
