//! Several accounts at once: each has an engine of its own, and this is what a front end needs from outside to start,
//! find and forget them. An engine knows nothing of the others, so that one that is broken cannot stop them.

use async_trait::async_trait;
use tokio::sync::mpsc::UnboundedReceiver;

use super::account::Account;
use super::event::Event;
use super::problem::UserError;
use super::tokens::Farewell;
use super::{Engine, Handle, Parts};

/// Whose seat it is: an account of a community, or somebody there who has not signed in yet.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Who {
    /// Scheme, host and port of the community.
    pub origin: String,
    /// Username there; none while nobody is known.
    pub username: Option<String>,
}

impl Who {
    /// An account that is in the list.
    pub fn of(account: &Account) -> Self {
        Self { origin: account.origin.clone(), username: Some(account.username.clone()) }
    }

    /// Somebody new at a community.
    pub fn nobody(origin: &str) -> Self {
        Self { origin: origin.to_owned(), username: None }
    }
}

/// A running engine: the way to ask it, and what it tells.
pub struct Seat {
    /// The way to ask. Dropping it ends the engine.
    pub handle: Handle,
    /// What it tells.
    pub events: UnboundedReceiver<Event>,
}

impl Seat {
    /// Starts an engine on the current tokio runtime.
    pub fn start(parts: Parts) -> Self {
        let (handle, events) = Engine::start(parts);
        Self { handle, events }
    }
}

/// The origin of a community by its address as a person writes it; an error where it is none, or one that would send
/// passwords in the clear.
pub type Address = fn(written: &str) -> Result<String, UserError>;

/// The accounts of this machine. Every call may block on the disk, so none may be made from the screen's loop, and they
/// are made on a tokio runtime.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Every account that was used on this machine, the last used first.
    ///
    /// # Errors
    /// When the list cannot be read.
    fn list(&self) -> Result<Vec<Account>, UserError>;

    /// Starts an engine for an account.
    ///
    /// # Errors
    /// When its community has no address that could be asked. A community that does not answer, a vault that is locked
    /// and a store that is damaged are no such errors: the engine tells them.
    fn open(&self, who: &Who) -> Result<Seat, UserError>;

    /// An account is in use now: the next start begins with it.
    fn used(&self, who: &Who);

    /// Signs an account out on the server, deletes its tokens and takes it from the list; with `texts`, also what is
    /// kept of it here. Its engine must have ended. Answers whether its community has heard of it.
    ///
    /// # Errors
    /// When something of it is left on this machine. As long as that may be its tokens, it stays in the list.
    async fn forget(&self, who: &Who, texts: bool) -> Result<Farewell, UserError>;
}
