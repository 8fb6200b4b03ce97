//! Several accounts on one screen. Each has a seat with a state of its own; one is in front and gets the keys, events of
//! the others go into their states and show in the header. Messages in, orders out: nothing here waits, reads a clock or
//! touches a terminal, a disk or an engine.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{
    effect::Effect,
    msg::{Input, Msg},
    overlay::{accounts::Switcher, typed::Typed},
    roll::{Act, Roll, Row, SeatId},
    state::State,
    update::{
        own::{background, take_up},
        update,
    },
};
use crate::base::text::Clean;
use crate::base::time::{SignedDuration, Timestamp};
use crate::engine::{
    account::Account,
    event::{Event, Keeping},
    problem::UserError,
    request::{Request, Ticket},
    seat::{Address, Who},
    tokens::Farewell,
};

mod open;
mod seat;

use seat::{Engine, Seat};

/// Seats that are open at the same time. Further accounts are opened when they are asked for.
pub const LIMIT: usize = 8;

/// How long the others wait for the one in front to reach its community.
const HEAD_START: SignedDuration = SignedDuration::from_secs(1);

/// How long leaving waits for the seats that are not in front.
const FAREWELL: SignedDuration = SignedDuration::from_secs(10);

/// What the seats can be told.
#[derive(Clone, Debug)]
pub enum Told {
    /// Something for the seat in front.
    Front(Input),
    /// What an engine tells.
    Event(SeatId, Box<Event>),
    /// An engine has ended by itself.
    Ended(SeatId),
    /// Whether an engine could be started.
    Opened(SeatId, Result<(), UserError>),
    /// The list of accounts as it is on the disk.
    Listed(Result<Vec<Account>, UserError>),
    /// What came of taking an account from this machine.
    Forgotten(Who, Result<Farewell, UserError>),
    /// The first picture is on the screen.
    Painted,
}

/// What the seats ask for. `run.rs` performs it.
#[derive(Clone, Debug)]
pub enum Order {
    /// Ask an engine.
    Send(SeatId, Ticket, Request),
    /// Do something to the terminal, or end.
    Do(Effect),
    /// Start an engine; told by [`Told::Opened`].
    Open(SeatId, Who),
    /// Let an engine go.
    Close(SeatId),
    /// Read the list of accounts; told by [`Told::Listed`].
    List,
    /// This account is the one used last.
    Used(Who),
    /// Take an account from this machine, with its texts or without; told by [`Told::Forgotten`].
    Forget(Who, bool),
}

/// Who has not said yet that one may leave.
struct Leaving {
    waits: BTreeSet<SeatId>,
    until: Timestamp,
}

/// All seats of a screen.
pub struct Seats {
    list: Vec<Seat>,
    front: usize,
    /// The state of the one in front.
    shown: State,
    last: u32,
    /// Counts switches: whoever was in front longest ago goes first.
    turn: u64,
    now: Timestamp,
    address: Address,
    leaving: Option<Leaving>,
    /// Accounts that are being taken away, and whose community has not heard that they were signed out.
    untold: Vec<(Who, Farewell)>,
    /// Whether the list of accounts was read.
    has_list: bool,
    /// When the others are opened at the latest; none before the first picture.
    opens_at: Option<Timestamp>,
    orders: Vec<Order>,
}

impl Seats {
    /// One seat, whose engine runs already.
    pub fn new(who: Who, state: State, address: Address) -> Self {
        Self {
            list: vec![Seat::open(SeatId(1), who)],
            front: 0,
            shown: state,
            last: 1,
            turn: 0,
            now: Timestamp::UNIX_EPOCH,
            address,
            leaving: None,
            untold: Vec::new(),
            has_list: false,
            opens_at: None,
            orders: Vec::new(),
        }
    }

    /// The state of the seat in front.
    pub fn front(&self) -> &State {
        &self.shown
    }

    /// The same, to change it.
    pub fn front_mut(&mut self) -> &mut State {
        &mut self.shown
    }

    /// The seat in front.
    pub fn front_id(&self) -> SeatId {
        self.list[self.front].id
    }

    /// Whether there is another account to go to.
    pub fn has_others(&self) -> bool {
        self.list.len() > 1
    }

    /// The state of a seat; none when it is not open.
    pub fn state(&self, id: SeatId) -> Option<&State> {
        self.place(id).and_then(|at| self.state_at(at))
    }

    fn state_at(&self, at: usize) -> Option<&State> {
        if at == self.front { Some(&self.shown) } else { self.list[at].behind.as_deref() }
    }

    fn state_at_mut(&mut self, at: usize) -> Option<&mut State> {
        if at == self.front { Some(&mut self.shown) } else { self.list[at].behind.as_deref_mut() }
    }

    /// Takes a message in and returns what to do about it outside.
    pub fn take(&mut self, at: Timestamp, told: Told) -> Vec<Order> {
        self.now = at;
        match told {
            Told::Front(input) => {
                self.share(&input);
                self.tell(self.front, input);
            }
            Told::Event(id, event) => self.heard(id, *event),
            Told::Ended(id) => self.ended(id),
            Told::Opened(id, result) => self.opened(id, result),
            Told::Listed(Ok(accounts)) => self.listed(accounts),
            Told::Listed(Err(error)) => self.front_mut().say_error(&error),
            Told::Forgotten(who, result) => self.forgotten(&who, &result),
            Told::Painted => self.painted(),
        }
        self.give_up_waiting();
        self.open_next();
        self.call_the_roll();
        std::mem::take(&mut self.orders)
    }

    fn place(&self, id: SeatId) -> Option<usize> {
        self.list.iter().position(|seat| seat.id == id)
    }

    /// Tells the state of a seat something and draws the consequences. What it wants of the terminal is granted to the
    /// front alone; its news are announced wherever it is.
    fn tell(&mut self, at: usize, input: Input) {
        let now = self.now;
        let Some(state) = self.state_at_mut(at) else { return };
        let effects = update(state, Msg { at: now, input });
        self.carry_out(at, effects);
    }

    /// Keys and looks are those of the terminal: whoever is not in front takes them up too, and says nothing of it.
    fn share(&mut self, input: &Input) {
        for behind in self.list.iter_mut().filter_map(|seat| seat.behind.as_deref_mut()) {
            match input {
                Input::Own(new) if behind.own.texts != new.own.texts => drop(take_up(behind, new)),
                Input::Background(light) => background(behind, *light),
                _ => {}
            }
        }
    }

    fn carry_out(&mut self, at: usize, effects: Vec<Effect>) {
        let id = self.list[at].id;
        for effect in effects {
            // An act may have moved it.
            let Some(at) = self.place(id) else { return };
            match effect {
                Effect::Send(ticket, Request::Leave) if at == self.front => self.leave(ticket),
                Effect::Send(ticket, request) => self.send(at, ticket, request),
                Effect::Seat(act) => self.act(act),
                Effect::Notify(text) => {
                    let text = if self.has_others() { self.named(at, &text) } else { text };
                    self.orders.push(Order::Do(Effect::Notify(text)));
                }
                other if at == self.front => self.orders.push(Order::Do(other)),
                _ => {}
            }
        }
    }

    /// News with the name of their community.
    fn named(&self, at: usize, text: &Clean) -> Clean {
        let name = self.shown.roll.name_of(&self.row(at));
        Clean::line(&self.front().words.fill("accounts.news", &[("community", &name), ("text", text)]))
    }

    fn send(&mut self, at: usize, ticket: Ticket, request: Request) {
        let seat = &mut self.list[at];
        match seat.engine {
            Engine::Runs => self.orders.push(Order::Send(seat.id, ticket, request)),
            Engine::Starting => seat.waiting.push((ticket, request)),
            // Nobody is there to ask; everything is asked anew when it is opened again.
            Engine::None | Engine::Failed(_) => {}
        }
    }

    fn heard(&mut self, id: SeatId, event: Event) {
        let Some(at) = self.place(id) else { return };
        if let Event::MayLeave = event
            && self.leaving.is_some()
        {
            return self.may_leave(id);
        }
        if let Event::Tokens(Keeping::Left(farewell, left)) = &event
            && let Some(texts) = self.list[at].removal.take()
        {
            return self.has_left(at, texts, *farewell, left);
        }
        if let Event::SignedOut = event {
            self.list[at].is_signed_in = false;
        }
        let entered = matches!(event, Event::SignedIn { result: Ok(_), .. });
        let whose = if let Event::Opened { of: Some(name), .. } = &event { Some(name.to_string()) } else { None };
        self.tell(at, Input::Engine(Box::new(event)));
        if let Some(name) = whose {
            self.is_of(id, name);
        }
        if entered {
            if let Some(at) = self.place(id) {
                self.list[at].is_signed_in = true;
            }
            self.orders.push(Order::List);
        }
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Look => self.orders.push(Order::List),
            Act::Switch(id) => self.switch(id),
            Act::Reopen(id) => self.reopen(id),
            Act::Add(written) => self.add_by_address(&written),
            Act::Beside(id) => {
                if let Some(at) = self.place(id) {
                    let origin = self.list[at].who.origin.clone();
                    self.add(&origin);
                }
            }
            Act::Remove(id, texts) => self.begin_removal(id, texts),
        }
    }

    /// An address that is none is mended in the form it was typed into.
    fn add_by_address(&mut self, written: &str) {
        let origin = match (self.address)(written) {
            Ok(origin) => origin,
            Err(error) => {
                let [fault, _] = self.shown.explain(&error);
                let mut forms = self.shown.overlays.iter_mut();
                if let Some(form) = forms.find_map(|over| over.as_any().downcast_mut::<Typed>()) {
                    form.refuse(fault);
                }
                return self.shown.dirty = true;
            }
        };
        self.shown.overlays.retain_mut(|over| !over.as_any().is::<Typed>() && !over.as_any().is::<Switcher>());
        self.add(&origin);
    }

    /// Asks every seat to bring to the disk and to send what it holds, before one leaves.
    fn leave(&mut self, ticket: Ticket) {
        let asked: Vec<SeatId> = self.list.iter().filter(|seat| seat.is_ready()).map(|seat| seat.id).collect();
        let front = self.front_id();
        for id in &asked {
            // Tickets of a state begin at 1: nobody waits for this one.
            let ticket = if *id == front { ticket } else { Ticket(0) };
            self.orders.push(Order::Send(*id, ticket, Request::Leave));
        }
        let until = self.now.saturating_add(FAREWELL).unwrap_or(self.now);
        self.front_mut().wake_at(until);
        self.leaving = Some(Leaving { waits: asked.into_iter().collect(), until });
        self.leave_if_all_agree();
    }

    fn may_leave(&mut self, id: SeatId) {
        if let Some(leaving) = &mut self.leaving {
            leaving.waits.remove(&id);
        }
        self.leave_if_all_agree();
    }

    /// A seat that does not answer keeps nobody.
    fn give_up_waiting(&mut self) {
        let (front, now) = (self.front_id(), self.now);
        if let Some(leaving) = self.leaving.as_mut().filter(|leaving| leaving.until <= now) {
            leaving.waits.retain(|id| *id == front);
        }
        self.leave_if_all_agree();
    }

    fn leave_if_all_agree(&mut self) {
        if self.leaving.take_if(|leaving| leaving.waits.is_empty()).is_some() {
            // What is unsent elsewhere is told too.
            self.call_the_roll();
            self.tell(self.front, Input::Engine(Box::new(Event::MayLeave)));
        }
    }

    /// Tells the front how all stand, where that is news.
    fn call_the_roll(&mut self) {
        let rows = (0..self.list.len()).map(|at| self.row(at)).collect();
        let roll = Roll { rows, front: self.front_id() };
        if *self.shown.roll != roll {
            self.shown.roll = Arc::new(roll);
            self.shown.dirty = true;
        }
    }

    fn row(&self, at: usize) -> Row {
        self.list[at].row(self.state_at(at))
    }
}
