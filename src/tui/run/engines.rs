//! The engines of all seats, as the loop hears and asks them. What may take its time is done on other threads and
//! reported; an engine that is silent, or ends, is waited for by nobody.

use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::mpsc::error::TryRecvError;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::keepers::Keepers;
use crate::engine::event::Event;
use crate::engine::problem::{UserError, engine_gone};
use crate::engine::seat::{Accounts, Seat, Who};
use crate::tui::msg::Input;
use crate::tui::roll::SeatId;
use crate::tui::seats::{Order, Told};

/// What was done on another thread.
enum Report {
    Opened(SeatId, Result<Seat, UserError>),
    Told(Told),
}

/// What the loop hears.
pub(super) enum Heard {
    /// What an engine tells; nothing when it has ended.
    Event(SeatId, Option<Event>),
    /// What was done on another thread.
    Done(Told),
}

/// All engines of a screen.
pub(super) struct Engines {
    handles: Keepers,
    ears: Vec<(SeatId, UnboundedReceiver<Event>)>,
    /// Whose turn it is to be heard first.
    turn: usize,
    accounts: Arc<dyn Accounts>,
    reports: UnboundedReceiver<Report>,
    report: UnboundedSender<Report>,
}

impl Engines {
    /// One engine, which runs already.
    pub(super) fn new(id: SeatId, seat: Seat, accounts: Arc<dyn Accounts>, handles: Keepers) -> Self {
        let (report, reports) = unbounded_channel();
        let mut engines = Self { handles, ears: Vec::new(), turn: 0, accounts, reports, report };
        engines.take_in(id, seat);
        engines
    }

    fn take_in(&mut self, id: SeatId, seat: Seat) {
        self.handles.add(id, seat.handle);
        self.ears.retain(|(known, _)| *known != id);
        self.ears.push((id, seat.events));
    }

    /// What is told next: what was done, or an event of any engine, each in its turn.
    pub(super) async fn hear(&mut self) -> Heard {
        std::future::poll_fn(|context| self.poll(context)).await
    }

    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Heard> {
        if let Poll::Ready(Some(report)) = self.reports.poll_recv(context) {
            return Poll::Ready(Heard::Done(self.learn(report)));
        }
        let count = self.ears.len();
        for step in 0..count {
            let at = (self.turn + step) % count;
            let (id, ear) = &mut self.ears[at];
            if let Poll::Ready(event) = ear.poll_recv(context) {
                let id = *id;
                self.heard_at(at, event.is_some());
                return Poll::Ready(Heard::Event(id, event));
            }
        }
        Poll::Pending
    }

    fn learn(&mut self, report: Report) -> Told {
        match report {
            Report::Told(told) => told,
            Report::Opened(id, Err(error)) => Told::Opened(id, Err(error)),
            Report::Opened(id, Ok(seat)) => {
                self.take_in(id, seat);
                Told::Opened(id, Ok(()))
            }
        }
    }

    /// An event that is there already.
    pub(super) fn ready(&mut self) -> Option<(SeatId, Option<Event>)> {
        let count = self.ears.len();
        for step in 0..count {
            let at = (self.turn + step) % count;
            let (id, ear) = &mut self.ears[at];
            let (id, event) = match ear.try_recv() {
                Ok(event) => (*id, Some(event)),
                Err(TryRecvError::Empty) => continue,
                Err(TryRecvError::Disconnected) => (*id, None),
            };
            self.heard_at(at, event.is_some());
            return Some((id, event));
        }
        None
    }

    /// The next one is heard first the next time. One that has ended is not listened to any more; what was
    /// typed there may still be on its way to the disk, so it is asked for it at the end.
    fn heard_at(&mut self, at: usize, goes_on: bool) {
        self.turn = at + 1;
        if !goes_on {
            self.ears.remove(at);
        }
    }

    /// Does something that may take its time, and tells the front what came of it.
    pub(super) fn aside(&self, work: impl FnOnce() -> Input + Send + 'static) {
        let report = self.report.clone();
        tokio::task::spawn_blocking(move || report.send(Report::Told(Told::Front(work()))));
    }

    /// Does what the seats ask for.
    pub(super) fn perform(&mut self, order: Order) {
        let (accounts, report) = (Arc::clone(&self.accounts), self.report.clone());
        match order {
            Order::Send(id, ticket, request) => {
                if let Some(handle) = self.handles.get(id) {
                    handle.send(ticket, request);
                }
            }
            Order::Close(id) => {
                self.handles.remove(id);
                self.ears.retain(|(known, _)| *known != id);
            }
            Order::Open(id, who) => drop(tokio::spawn(async move {
                let opened = tokio::task::spawn_blocking(move || accounts.open(&who)).await;
                let _ = report.send(Report::Opened(id, opened.unwrap_or_else(|_| Err(engine_gone()))));
            })),
            Order::List => drop(tokio::spawn(async move {
                let list = tokio::task::spawn_blocking(move || accounts.list()).await;
                let _ = report.send(Report::Told(Told::Listed(list.unwrap_or_else(|_| Err(engine_gone())))));
            })),
            Order::Used(who) => drop(tokio::task::spawn_blocking(move || accounts.used(&who))),
            Order::Forget(who, texts) => forget(accounts, report, who, texts),
            // The loop's own.
            Order::Do(_) => {}
        }
    }
}

fn forget(accounts: Arc<dyn Accounts>, report: UnboundedSender<Report>, who: Who, texts: bool) {
    tokio::spawn(async move {
        let result = accounts.forget(&who, texts).await;
        let _ = report.send(Report::Told(Told::Forgotten(who, result)));
    });
}
