//! What is to go wrong: calls that fail, whose answers get lost, or that wait until they are let go.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::super::Error;

/// A method of the port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Call {
    /// `Community::about`.
    About,
    /// `Community::me`.
    Me,
    /// `Community::spaces`.
    Spaces,
    /// `Community::feed`.
    Feed,
    /// `Community::threads`.
    Threads,
    /// `Community::thread`.
    Thread,
    /// `Community::posts`.
    Posts,
    /// `Community::access`.
    Access,
    /// `Community::search`.
    Search,
    /// `Community::notifications`.
    Notifications,
    /// `Community::plans`.
    Plans,
    /// `Community::membership`.
    Membership,
    /// `Community::member`.
    Member,
    /// `Community::apply`.
    Apply,
    /// `Community::arrived`.
    Arrived,
    /// `Community::changes`.
    Changes,
    /// `Community::live`.
    Live,
    /// `SignIn::password`.
    Password,
    /// `SignIn::ways`.
    Ways,
    /// `SignIn::device`.
    Device,
    /// `SignIn::device_tokens`.
    DeviceTokens,
    /// `SignIn::browser`.
    Browser,
    /// `SignIn::browser_tokens`.
    BrowserTokens,
    /// `SignIn::whose`.
    Whose,
    /// Anything of `Security`.
    Security,
    /// `SignIn::register`.
    Register,
    /// `SignIn::sign_out`.
    SignOut,
}

/// What becomes of one call.
pub(super) enum Fate {
    Do,
    /// Nothing happens.
    Fail(Error),
    /// It happens, and nobody hears of it.
    Lose(Error),
}

#[derive(Default)]
struct Plan {
    fates: HashMap<Call, VecDeque<Fate>>,
    holds: HashMap<Call, watch::Receiver<bool>>,
}

/// The plan of what is to go wrong, and the count of calls. Clones share it.
#[derive(Clone)]
pub struct Faults {
    plan: Arc<Mutex<Plan>>,
    counts: Arc<watch::Sender<HashMap<Call, usize>>>,
}

impl Default for Faults {
    fn default() -> Self {
        Self { plan: Arc::default(), counts: Arc::new(watch::Sender::new(HashMap::new())) }
    }
}

/// Calls wait while this lives, or until [`Hold::release`].
#[derive(Debug)]
pub struct Hold(watch::Sender<bool>);

impl Hold {
    /// Lets those that wait go on, and those to come.
    pub fn release(self) {
        self.0.send_replace(true);
    }
}

impl Faults {
    /// The next call fails without an effect. Said twice, the next two do.
    pub fn fail(&self, call: Call, error: Error) {
        self.plan().fates.entry(call).or_default().push_back(Fate::Fail(error));
    }

    /// The next call has its effect and its answer gets lost on the way.
    pub fn lose_answer(&self, call: Call, error: Error) {
        self.plan().fates.entry(call).or_default().push_back(Fate::Lose(error));
    }

    /// Calls wait until the hold is released or dropped. They are counted when they arrive.
    pub fn hold(&self, call: Call) -> Hold {
        let (sender, receiver) = watch::channel(false);
        self.plan().holds.insert(call, receiver);
        Hold(sender)
    }

    /// How many calls arrived.
    pub fn count(&self, call: Call) -> usize {
        self.counts.borrow().get(&call).copied().unwrap_or_default()
    }

    /// Waits until that many calls arrived.
    pub async fn arrived(&self, call: Call, times: usize) {
        let mut counts = self.counts.subscribe();
        // The sender lives as long as `self`, so this only ends well.
        let _ = counts.wait_for(|counts| counts.get(&call).copied().unwrap_or_default() >= times).await;
    }

    pub(super) async fn enter(&self, call: Call) -> Fate {
        self.counts.send_modify(|counts| *counts.entry(call).or_default() += 1);
        let (fate, held) = {
            let mut plan = self.plan();
            let fate = plan.fates.get_mut(&call).and_then(VecDeque::pop_front);
            (fate.unwrap_or(Fate::Do), plan.holds.get(&call).cloned())
        };
        if let Some(mut held) = held {
            // An error means that the hold was dropped, which lets go too.
            let _ = held.wait_for(|released| *released).await;
        }
        fate
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
