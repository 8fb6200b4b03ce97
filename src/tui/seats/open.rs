//! Opening, switching, adding and removing seats.

use super::seat::{Engine, Seat};
use super::{HEAD_START, LIMIT, Order, Seats};
use crate::base::text::Clean;
use crate::engine::account::Account;
use crate::engine::event::Connection;
use crate::engine::problem::{UserError, engine_gone, explain_left};
use crate::engine::request::{Request, Ticket};
use crate::engine::seat::Who;
use crate::engine::tokens::{Farewell, Refusal};
use crate::tui::{
    msg::Input,
    notice::Tone,
    overlay::accounts,
    roll::SeatId,
    state::{State, Typed},
    update::{ask_home, tokens},
};

impl Seats {
    /// The list is read, and the others are opened soon: neither the first picture nor what comes into it is kept waiting
    /// for them.
    pub(super) fn painted(&mut self) {
        if self.opens_at.is_none() {
            let opens_at = self.now.saturating_add(HEAD_START).unwrap_or(self.now);
            self.opens_at = Some(opens_at);
            self.shown.wake_at(opens_at);
            self.orders.push(Order::List);
        }
    }

    /// Takes in the accounts of the list: those that are new to the screen get a seat, those that nobody opened and
    /// that are gone lose theirs. What is in front stays there.
    pub(super) fn listed(&mut self, accounts: Vec<Account>) {
        let front = self.front_id();
        let is_first = !std::mem::replace(&mut self.has_list, true);
        let gone =
            |seat: &Seat| seat.engine == Engine::None && !accounts.iter().any(|account| Who::of(account) == seat.who);
        self.list.retain(|seat| seat.id == front || !gone(seat));
        for account in &accounts {
            let (who, is_signed_in) = (Who::of(account), account.vault.is_some());
            let at = self.list.iter().position(|seat| seat.who == who).unwrap_or_else(|| {
                let id = self.next_id();
                self.list.push(Seat::closed(id, who, is_signed_in));
                self.list.len() - 1
            });
            let seat = &mut self.list[at];
            seat.is_signed_in = is_signed_in;
            seat.name = account.name.as_deref().map(Clean::line).or(seat.name.take());
        }
        if is_first {
            // As in the list; who is not in it comes last. Later nobody changes places under the reader's hand.
            let rank = |seat: &Seat| accounts.iter().position(|account| Who::of(account) == seat.who);
            self.list.sort_by_key(|seat| rank(seat).unwrap_or(usize::MAX));
        }
        self.front = self.place(front).unwrap_or_default();
    }

    /// Opens the next of those that are signed in and not open, once it is known how the one in front stands; one at a
    /// time, so that nobody is held up.
    pub(super) fn open_next(&mut self) {
        let is_settled = self.shown.home.connection != Connection::Connecting;
        let may_open = self.opens_at.is_some_and(|at| is_settled || at <= self.now);
        let is_busy = self.list.iter().any(|seat| seat.engine == Engine::Starting);
        if !self.has_list || !may_open || is_busy || self.leaving.is_some() || self.open_seats() >= LIMIT {
            return;
        }
        let next = |seat: &Seat| seat.engine == Engine::None && seat.is_signed_in;
        if let Some(at) = self.list.iter().position(next) {
            self.start(at);
        }
    }

    fn open_seats(&self) -> usize {
        (0..self.list.len()).filter(|at| self.state_at(*at).is_some()).count()
    }

    /// Starts the engine of a seat, and its state with it when it has none. What was written meanwhile is kept by it.
    fn start(&mut self, at: usize) {
        if self.state_at(at).is_none() {
            self.list[at].behind = Some(Box::new(self.shown.beside()));
        }
        let seat = &mut self.list[at];
        seat.engine = Engine::Starting;
        seat.waiting.clear();
        self.orders.push(Order::Open(seat.id, seat.who.clone()));
        let Some(state) = self.state_at_mut(at) else { return };
        (state.is_safe, state.trouble) = (true, None);
        for draft in state.drafts.clone() {
            state.send(Request::KeepDraft(Box::new(draft)));
        }
        self.tell(at, Input::Start);
    }

    pub(super) fn opened(&mut self, id: SeatId, result: Result<(), UserError>) {
        if let Some(at) = self.place(id).filter(|at| self.list[*at].engine == Engine::Starting) {
            match result {
                Ok(()) => {
                    self.list[at].engine = Engine::Runs;
                    let waiting = std::mem::take(&mut self.list[at].waiting);
                    let orders = waiting.into_iter().map(|(ticket, request)| Order::Send(id, ticket, request));
                    self.orders.extend(orders);
                }
                Err(error) => self.fail(at, error),
            }
        } else {
            // It was closed while it was being opened.
            self.orders.push(Order::Close(id));
        }
    }

    /// An engine has ended by itself: its seat says so, the others go on.
    pub(super) fn ended(&mut self, id: SeatId) {
        let Some(at) = self.place(id) else { return };
        if let Some(texts) = self.list[at].removal {
            return self.remove(at, texts);
        }
        self.fail(at, engine_gone());
        self.may_leave(id);
    }

    fn fail(&mut self, at: usize, error: UserError) {
        let is_front = at == self.front;
        self.orders.push(Order::Close(self.list[at].id));
        self.list[at].engine = Engine::Failed(error.clone());
        if let Some(state) = self.state_at_mut(at) {
            // What is written there from now on is kept by nobody.
            state.is_safe = false;
            state.say_error(&error);
        }
        if is_front {
            accounts::open(&mut self.shown);
            let effects = self.shown.take_effects();
            self.carry_out(at, effects);
        }
    }

    /// Puts a seat in front. What was in front goes on behind.
    pub(super) fn switch(&mut self, id: SeatId) {
        let Some(to) = self.place(id).filter(|to| *to != self.front && self.list[*to].removal.is_none()) else {
            return;
        };
        self.put_down();
        if matches!(self.list[to].engine, Engine::None | Engine::Failed(_)) {
            self.make_room(to);
            self.start(to);
        }
        let Some(next) = self.list[to].behind.take() else { return };
        let before = std::mem::replace(&mut self.shown, *next);
        let (size, focus, mouse) = (before.size, before.has_focus, before.options.mouse);
        self.list[self.front].behind = Some(Box::new(before));
        self.turn += 1;
        (self.front, self.list[to].turn) = (to, self.turn);
        (self.shown.has_focus, self.shown.options.mouse, self.shown.dirty) = (focus, mouse, true);
        self.tell(to, Input::Resize(size.0, size.1));
        self.tell(to, Input::Due);
        let seat = &self.list[to];
        if seat.who.username.is_some() && seat.is_signed_in {
            self.orders.push(Order::Used(seat.who.clone()));
        }
    }

    /// What was begun in front is brought to an end, as when a pane is left.
    fn put_down(&mut self) {
        self.leaving = None;
        let state: &mut State = &mut self.shown;
        (state.typed, state.leaving) = (Typed::default(), false);
        state.pane().due(state);
        let effects = state.take_effects();
        self.carry_out(self.front, effects);
    }

    /// Closes the seat that was in front longest ago, when there are too many and one can be missed.
    fn make_room(&mut self, but: usize) {
        if self.state_at(but).is_some() || self.open_seats() < LIMIT {
            return;
        }
        let (front, but) = (self.front_id(), self.list[but].id);
        let may_go = |seat: &&mut Seat| seat.id != front && seat.id != but && seat.is_idle();
        if let Some(seat) = self.list.iter_mut().filter(may_go).min_by_key(|seat| seat.turn) {
            seat.close();
            self.orders.push(Order::Close(seat.id));
        }
    }

    /// Tries again: an engine that failed is started anew, one that runs asks once more.
    pub(super) fn reopen(&mut self, id: SeatId) {
        let Some(at) = self.place(id) else { return };
        match self.list[at].engine {
            Engine::Starting => {}
            Engine::None | Engine::Failed(_) => self.start(at),
            Engine::Runs => {
                let now = self.now;
                let Some(state) = self.state_at_mut(at) else { return };
                state.now = now;
                state.retry_failed();
                ask_home(state);
                state.pane().refresh(state);
                let effects = state.take_effects();
                self.carry_out(at, effects);
            }
        }
    }

    /// A seat for somebody who is yet to sign in, in front. One that is there already serves.
    pub(super) fn add(&mut self, origin: &str) {
        let who = Who::nobody(origin);
        let known = self.list.iter().find(|seat| seat.who == who).map(|seat| seat.id);
        let id = known.unwrap_or_else(|| {
            let id = self.next_id();
            self.list.push(Seat::closed(id, who, false));
            id
        });
        self.switch(id);
    }

    /// The seat turns out to be of this account. Another seat of the same account has become superfluous.
    pub(super) fn is_of(&mut self, id: SeatId, username: String) {
        let Some(at) = self.place(id) else { return };
        self.list[at].who.username = Some(username);
        let who = self.list[at].who.clone();
        let front = self.front_id();
        let twin = |seat: &Seat| seat.id != id && seat.id != front && seat.who == who;
        if let Some(twin) = self.list.iter().position(twin) {
            let seat = self.list.remove(twin);
            self.orders.push(Order::Close(seat.id));
            self.front = self.place(front).unwrap_or_default();
        }
    }

    /// Signs a seat out on its server; it goes when that is done, or has been given up by its engine.
    pub(super) fn begin_removal(&mut self, id: SeatId, texts: bool) {
        let Some(at) = self.place(id) else { return };
        if self.list[at].engine == Engine::Runs && self.list[at].who.username.is_some() {
            self.list[at].removal = Some(texts);
            self.orders.push(Order::Send(id, Ticket(0), Request::SignOut));
        } else {
            self.remove(at, texts);
        }
    }

    /// A seat that is to go has signed out. It stays while a vault may hold its tokens: who takes it away once more has
    /// them looked for again.
    pub(super) fn has_left(&mut self, at: usize, texts: bool, farewell: Farewell, left: &[Refusal]) {
        if let Some(left) = left.first() {
            let why = left.sentence(&self.shown.words);
            return self.shown.say_error(&explain_left(&why));
        }
        if !farewell.is_told {
            self.untold.push((self.list[at].who.clone(), farewell));
        }
        self.remove(at, texts);
    }

    /// Takes a seat away. The last one leaves a place at its community where somebody can sign in.
    pub(super) fn remove(&mut self, at: usize, texts: bool) {
        let (id, who) = (self.list[at].id, self.list[at].who.clone());
        if at == self.front {
            let stays = |seat: &Seat| seat.id != id && seat.is_signed_in && seat.removal.is_none();
            match self.list.iter().find(|seat| stays(seat)).map(|seat| seat.id) {
                Some(other) => self.switch(other),
                None => self.add(&who.origin),
            }
        }
        let front = self.front_id();
        if front == id {
            return;
        }
        self.list.retain(|seat| seat.id != id);
        self.front = self.place(front).unwrap_or_default();
        self.orders.push(Order::Close(id));
        if who.username.is_some() {
            self.orders.push(Order::Forget(who, texts));
        }
    }

    pub(super) fn forgotten(&mut self, who: &Who, result: &Result<Farewell, UserError>) {
        let before = self.untold.iter().position(|(known, _)| known == who).map(|at| self.untold.swap_remove(at).1);
        let state = self.front_mut();
        match result {
            Ok(farewell) => {
                let name = who.username.clone().unwrap_or_default();
                let values = [("name", name.as_str()), ("community", who.origin.as_str())];
                let removed = state.words.fill("accounts.removed", &values);
                match tokens::untold(state, before.unwrap_or(*farewell)) {
                    None => state.say(Tone::Good, removed),
                    Some(untold) => {
                        let both = [removed, untold].join(state.words.get("frame.between-sentences"));
                        state.say(Tone::Bad, both);
                    }
                }
            }
            Err(error) => state.say_error(error),
        }
        self.orders.push(Order::List);
    }

    fn next_id(&mut self) -> SeatId {
        self.last += 1;
        SeatId(self.last)
    }
}
