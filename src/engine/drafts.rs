//! Drafts on their way to the disk: what is typed is written at most a tenth of a second later, however fast it comes,
//! and at once when somebody asks.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until};

use super::desk::Desk;
use super::event::Event;
use super::outbox::Outbox;
use super::problem::explain_store;
use super::request::{OutboxAct, Ticket};
use crate::base::time::Clock;
use crate::model::draft::{Draft, Place};
use crate::store::NewEntry;

/// From the first key that is not on the disk until it is.
const LATEST: Duration = Duration::from_millis(100);

/// After this what could not be written is tried again.
const AGAIN: Duration = Duration::from_secs(1);

/// Something to be done with a draft.
enum Order {
    Keep(Draft),
    Drop(Place),
    /// It is sent: the outbox takes it in, and its draft ends there, in the same moment.
    Send(Outbox, Ticket, Box<NewEntry>),
    /// Everything typed so far is written before this is done.
    Act(Outbox, Ticket, OutboxAct),
    TakeUp(Place, u32),
    Flush(oneshot::Sender<()>),
}

/// The way to the disk.
#[derive(Clone)]
pub(super) struct Drafts {
    orders: UnboundedSender<Order>,
}

impl Drafts {
    /// Starts writing drafts of this desk. Ends with the last of its handles.
    pub(super) fn start(desk: Desk, clock: Arc<dyn Clock>, events: UnboundedSender<Event>) -> Self {
        let (orders, inbox) = unbounded_channel();
        tokio::spawn(Writer { desk, clock, events, unsaved: HashMap::new(), has_failed: false }.run(inbox));
        Self { orders }
    }

    /// Keeps a draft; an empty one is dropped.
    pub(super) fn keep(&self, draft: Draft) {
        let _ = self.orders.send(Order::Keep(draft));
    }

    /// Drops the draft of a place.
    pub(super) fn drop(&self, place: Place) {
        let _ = self.orders.send(Order::Drop(place));
    }

    /// Hands a text over to the outbox. No draft of it is written after that.
    pub(super) fn send(&self, outbox: Outbox, ticket: Ticket, new: NewEntry) {
        let _ = self.orders.send(Order::Send(outbox, ticket, Box::new(new)));
    }

    /// Has something done with the outbox that may touch drafts.
    pub(super) fn act(&self, outbox: Outbox, ticket: Ticket, act: OutboxAct) {
        let _ = self.orders.send(Order::Act(outbox, ticket, act));
    }

    /// Puts a text that was set aside in its place, and what is there aside.
    pub(super) fn take_up(&self, place: Place, copy: u32) {
        let _ = self.orders.send(Order::TakeUp(place, copy));
    }

    /// Returns when everything is on the disk, or could not be brought there.
    pub(super) async fn flush(&self) {
        let (done, wait) = oneshot::channel();
        let _ = self.orders.send(Order::Flush(done));
        let _ = wait.await;
    }
}

struct Writer {
    desk: Desk,
    clock: Arc<dyn Clock>,
    events: UnboundedSender<Event>,
    unsaved: HashMap<String, Draft>,
    has_failed: bool,
}

impl Writer {
    async fn run(mut self, mut inbox: UnboundedReceiver<Order>) {
        let mut due: Option<Instant> = None;
        loop {
            let wait = sleep_until(due.unwrap_or_else(Instant::now));
            tokio::select! {
                order = inbox.recv() => match order {
                    Some(Order::Keep(draft)) => {
                        self.unsaved.insert(draft.place.key(), draft);
                        due = due.or_else(|| Some(Instant::now() + LATEST));
                    }
                    Some(Order::Drop(place)) => {
                        self.unsaved.remove(&place.key());
                        let dropped = self.desk.store.drop_draft(&self.desk.window, &place).await;
                        self.note(dropped);
                    }
                    Some(Order::Send(outbox, ticket, new)) => {
                        if let Some(place) = &new.draft {
                            self.unsaved.remove(&place.key());
                        }
                        outbox.add(ticket, *new);
                    }
                    Some(Order::Act(outbox, ticket, act)) => {
                        self.save().await;
                        due = None;
                        outbox.act(ticket, act);
                    }
                    Some(Order::TakeUp(place, copy)) => {
                        self.save().await;
                        due = None;
                        let swapped = self.desk.store.take_up(&self.desk.window, &place, copy).await;
                        self.note(swapped);
                    }
                    Some(Order::Flush(done)) => {
                        self.save().await;
                        due = None;
                        let _ = done.send(());
                    }
                    None => return self.save().await,
                },
                () = wait, if due.is_some() => {
                    self.save().await;
                    // What could not be written is tried again.
                    due = (!self.unsaved.is_empty()).then(|| Instant::now() + AGAIN);
                }
            }
        }
    }

    async fn save(&mut self) {
        for (place, draft) in std::mem::take(&mut self.unsaved) {
            let kept = self.desk.store.keep_draft(&self.desk.window, &draft, self.clock.now()).await;
            if kept.is_err() {
                self.unsaved.insert(place, draft);
            }
            self.note(kept);
        }
    }

    /// Says once that drafts do not reach the disk, and again when that begins anew.
    fn note(&mut self, result: crate::store::Result<()>) {
        let failed = result.as_ref().err().map(explain_store);
        if let Some(error) = failed.clone().filter(|_| !self.has_failed) {
            let _ = self.events.send(Event::Trouble(error));
        }
        self.has_failed = failed.is_some();
    }
}
