//! The part of the engine's loop through which readers come and go: one at a time, and nothing of one reader is sent or
//! kept as another's.

use std::sync::Arc;

use tokio::task::Id;

use super::{Outcome, Room, Work, stop};
use crate::base::ids::Username;
use crate::community::{self, Session};
use crate::engine::event::Event;
use crate::engine::keeping;
use crate::engine::problem::{explain, explain_store};
use crate::engine::request::{Deed, Ticket};
use crate::engine::room::tell_kept;
use crate::engine::security::secure;
use crate::engine::way_in::{Teller, Way, leave, obtain, settle};

/// How somebody comes in.
enum Coming {
    By(Way),
    With(Username, Session),
}

impl Work {
    /// Who waits for a person elsewhere leaves everything as it is until they are in.
    pub(super) fn sign_in(&mut self, ticket: Ticket, way: Way) {
        if !way.is_slow() {
            return self.come_in(ticket, Coming::By(way));
        }
        let (way_in, random) = (Arc::clone(&self.parts.sign_in), Arc::clone(&self.parts.random));
        let teller = Teller { ticket, events: self.events.clone() };
        let task =
            self.tasks.spawn(async move { Outcome::Obtained(ticket, obtain(&*way_in, way, &*random, &teller).await) });
        self.await_outcome(ticket, task);
    }

    /// Nothing of the reader before is sent or kept once somebody else may be the one who is signed in.
    fn come_in(&mut self, ticket: Ticket, coming: Coming) {
        self.was_following |= self.following.is_some();
        self.unfollow();
        self.room.desk.set_open(false);
        let (outbox, door) = (self.room.outbox.clone(), Arc::clone(&self.door));
        let (parts, teller) = (Arc::clone(&self.parts), Teller { ticket, events: self.events.clone() });
        let task = self.tasks.spawn(async move {
            let _alone = door.lock().await;
            outbox.pause().await;
            let obtained = match coming {
                Coming::With(who, session) => Ok((who, session)),
                Coming::By(way) => obtain(&*parts.sign_in, way, &*parts.random, &teller).await,
            };
            let settled = match obtained {
                Ok((who, session)) => settle(Arc::clone(&parts.sessions), who, session).await,
                Err(error) => Err(error),
            };
            Outcome::SignedIn(ticket, settled)
        });
        self.await_outcome(ticket, task);
    }

    /// Sent once: what it brings is told once, and a second try could undo the first.
    pub(super) fn secure(&mut self, ticket: Ticket, deed: Deed) {
        let security = Arc::clone(&self.parts.security);
        let task = self.tasks.spawn(async move { Outcome::Secured(ticket, secure(&*security, deed).await) });
        self.await_outcome(ticket, task);
    }

    /// Writes that are under way are let finish, for a while: the next reader must not be their author. What is not sent
    /// stays with its author's account.
    pub(super) fn sign_out(&mut self) {
        self.unfollow();
        self.room.desk.set_open(false);
        stop(&mut self.prefetching);
        stop(&mut self.fetching_all);
        let (drafts, outbox) = (self.room.drafts.clone(), self.room.outbox.clone());
        let (way_in, sessions) = (Arc::clone(&self.parts.sign_in), Arc::clone(&self.parts.sessions));
        let store = self.room.desk.store.clone();
        // What was asked as this reader is not kept any more.
        for (_, awaited) in self.awaited.drain() {
            awaited.task.abort();
        }
        let door = Arc::clone(&self.door);
        self.tasks.spawn(async move {
            let _alone = door.lock().await;
            drafts.flush().await;
            outbox.pause().await;
            leave(&*way_in, sessions).await;
            // What the community gave is not left to whoever comes next; what a person wrote is theirs.
            if let Err(error) = store.forget_community().await {
                tracing::warn!(%error, "what was read is still on the disk");
            }
            Outcome::SignedOut
        });
    }

    /// Nobody comes in who was not waited for any more.
    pub(super) fn obtained(&mut self, ticket: Ticket, id: Id, result: community::Result<(Username, Session)>) {
        self.learn_reach(&result);
        if self.awaited_since(ticket, id).is_none() {
            return;
        }
        match result {
            Ok((who, session)) => self.come_in(ticket, Coming::With(who, session)),
            Err(error) => self.tell(Event::SignedIn { ticket, result: Err(explain(&error)) }),
        }
    }

    pub(super) async fn signed_in(&mut self, ticket: Ticket, id: Id, result: community::Result<&'static str>) {
        self.learn_reach(&result);
        if result.is_ok() {
            self.sitting += 1;
            self.change_room().await;
        }
        self.room.desk.set_open(true);
        self.room.outbox.resume();
        if result.is_ok() || std::mem::take(&mut self.was_following) {
            self.follow().await;
        }
        self.was_following = false;
        let has_entered = result.is_ok();
        if self.awaited_since(ticket, id).is_some() {
            self.tell(Event::SignedIn { ticket, result: result.map_err(|error| explain(&error)) });
        }
        if has_entered {
            self.tell_keeping(keeping::after_entering(&self.parts.sessions));
        }
    }

    /// Another account has another store.
    async fn change_room(&mut self) {
        let me = self.parts.sessions.account().map(|account| Username::new(account.username));
        if me == self.room.desk.me {
            return tell_kept(&self.room.desk, &self.events).await;
        }
        self.room.drafts.flush().await;
        match Room::open(&self.parts, &self.line, &self.events, &self.tell_us).await {
            Ok(room) => self.room = room,
            Err(error) => self.tell(Event::Trouble(explain_store(&error))),
        }
    }
}
