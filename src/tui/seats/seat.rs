//! One seat: whose it is, the state of its screen while it is open, and how its engine stands.

use crate::base::text::Clean;
use crate::engine::{
    problem::{Kind, UserError},
    request::{Request, Ticket},
    seat::Who,
};
use crate::tui::{
    roll::{Row, SeatId, Stands},
    state::State,
};

/// How the engine of a seat stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Engine {
    /// There is none.
    None,
    /// It is being started.
    Starting,
    /// It runs.
    Runs,
    /// It could not be started, or has ended.
    Failed(UserError),
}

/// A place for one account.
pub(super) struct Seat {
    pub(super) id: SeatId,
    pub(super) who: Who,
    /// Whether its tokens were kept somewhere, as far as the list of accounts knows.
    pub(super) is_signed_in: bool,
    /// What its community called itself when it was last heard of.
    pub(super) name: Option<Clean>,
    pub(super) engine: Engine,
    /// What its state asked for before there was an engine.
    pub(super) waiting: Vec<(Ticket, Request)>,
    /// When it was last put in front.
    pub(super) turn: u64,
    /// It is on its way out; with what is kept of it on this machine or without.
    pub(super) removal: Option<bool>,
    /// Its state while it is open and another one is in front.
    pub(super) behind: Option<Box<State>>,
}

impl Seat {
    /// A seat whose engine runs.
    pub(super) fn open(id: SeatId, who: Who) -> Self {
        Self { engine: Engine::Runs, ..Self::closed(id, who, true) }
    }

    /// A seat that nobody has asked for yet.
    pub(super) fn closed(id: SeatId, who: Who, is_signed_in: bool) -> Self {
        let (engine, waiting) = (Engine::None, Vec::new());
        Self { id, who, is_signed_in, name: None, engine, waiting, turn: 0, removal: None, behind: None }
    }

    /// Takes engine and state away.
    pub(super) fn close(&mut self) {
        (self.engine, self.behind) = (Engine::None, None);
        self.waiting.clear();
    }

    pub(super) fn is_ready(&self) -> bool {
        self.engine == Engine::Runs
    }

    /// Whether nobody would miss it, were it closed: nothing is unsent, nothing lies over its pane.
    pub(super) fn is_idle(&self) -> bool {
        let idle = |state: &State| state.overlays.is_empty() && state.outbox.is_empty() && state.is_safe;
        self.removal.is_none() && self.behind.as_deref().is_some_and(idle)
    }

    /// What the switcher and the header show of it, whose state this is.
    pub(super) fn row(&self, state: Option<&State>) -> Row {
        let home = state.map(|state| &state.home);
        let is_out = home.map_or(!self.is_signed_in, |home| home.signed_out);
        let stands = match &self.engine {
            _ if self.removal.is_some() => Stands::Leaving,
            Engine::Failed(_) => Stands::Failed,
            Engine::Starting => Stands::Opening,
            _ if is_out => Stands::SignedOut,
            Engine::None => Stands::Closed,
            Engine::Runs => Stands::Line(home.map(|home| home.connection.clone()).unwrap_or_default()),
        };
        let of_engine = if let Engine::Failed(error) = &self.engine { Some(error) } else { None };
        let of_home = || home.and_then(|home| home.failure()).filter(|error| error.kind != Kind::Auth);
        let failure = of_engine.or_else(|| state?.trouble.as_ref()).or_else(of_home).cloned();
        let mut who = self.who.clone();
        // A token from the environment does not say whose it is; the community does.
        who.username = who.username.or_else(|| Some(home?.me.as_ref()?.author.username.to_string()));
        let is_safe = state.is_none_or(|state| state.is_safe);
        Row {
            id: self.id,
            who,
            name: home
                .and_then(|home| home.about.as_ref())
                .map(|about| about.name.clone())
                .or_else(|| self.name.clone()),
            stands,
            failure,
            unread: home.and_then(|home| home.me.as_ref()).map_or(0, |me| me.inbox),
            unsent: state.map_or(0, State::unsent),
            is_safe,
        }
    }
}
