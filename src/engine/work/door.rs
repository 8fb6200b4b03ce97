//! The part of the engine's loop through which readers come and go: one at a time, and nothing of one reader is sent or
//! kept as another's.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::task::Id;

use super::{Awaited, Outcome, Room, Work, stop};
use crate::base::ids::Username;
use crate::community::{self, Error, Kind};
use crate::engine::event::Event;
use crate::engine::keeping;
use crate::engine::problem::{explain, explain_store};
use crate::engine::request::{Deed, Ticket};
use crate::engine::room::tell_kept;
use crate::engine::security::secure;
use crate::engine::way_in::{Obtained, Teller, Way, give_back, leave, named, obtain, settle};

/// How somebody comes in.
enum Coming {
    By(Way),
    With(Obtained),
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

    /// Nothing of the reader before is sent or kept once somebody else may be the one who is signed in. Whoever gives up
    /// waiting while the room is shut does not come in; one who was in already is.
    fn come_in(&mut self, ticket: Ticket, coming: Coming) {
        self.was_following |= self.following.is_some();
        self.unfollow();
        self.room.desk.set_open(false);
        let (outbox, door) = (self.room.outbox.clone(), Arc::clone(&self.door));
        let (parts, teller) = (Arc::clone(&self.parts), Teller { ticket, events: self.events.clone() });
        let given_up = Arc::new(AtomicBool::new(false));
        let is_given_up = Arc::clone(&given_up);
        let task = self.tasks.spawn(async move {
            let _alone = door.lock().await;
            outbox.pause().await;
            let obtained = match coming {
                Coming::With(obtained) => Ok(obtained),
                Coming::By(way) => obtain(&*parts.sign_in, way, &*parts.random, &teller).await,
            };
            let named = match obtained {
                Ok(obtained) => named(&*parts.sign_in, obtained).await,
                Err(error) => Err(error),
            };
            let settled = match named {
                Ok((_, obtained)) if is_given_up.load(Ordering::SeqCst) => {
                    give_back(&*parts.sign_in, obtained).await;
                    Err(Error::new(Kind::Refused))
                }
                Ok((who, obtained)) => settle(Arc::clone(&parts.sessions), who, obtained).await,
                Err(error) => Err(error),
            };
            Outcome::SignedIn(ticket, settled)
        });
        self.abandon(ticket);
        self.awaited.insert(ticket, Awaited { task, sitting: self.sitting, given_up: Some(given_up) });
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
            awaited.give_up();
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

    /// Nobody comes in who was not waited for any more: the session that was opened for them is ended.
    pub(super) fn obtained(&mut self, ticket: Ticket, id: Id, result: community::Result<Obtained>) {
        self.learn_reach(&result);
        let is_awaited = self.awaited_since(ticket, id).is_some();
        match result {
            Ok(obtained) if is_awaited => self.come_in(ticket, Coming::With(obtained)),
            Ok(obtained) => {
                let way_in = Arc::clone(&self.parts.sign_in);
                self.tasks.spawn(async move {
                    give_back(&*way_in, obtained).await;
                    Outcome::Idle
                });
            }
            Err(error) if is_awaited => self.tell(Event::SignedIn { ticket, result: Err(explain(&error)) }),
            Err(_) => {}
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
        // Whoever is in is told, also when nobody waited for it any more.
        if self.awaited_since(ticket, id).is_some() || has_entered {
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
