//! What a front end can ask of the engine.

use crate::base::ids::{ThreadId, Username};
use crate::base::secret::Secret;
use crate::model::{
    change::Change,
    feed::{ThreadQuery, View},
    member::Role,
    page::{Cursor, Window},
};

/// Numbers a request, so that its answer finds its way and a late one can be dropped. Chosen by who asks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Ticket(pub u64);

/// Something to find out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// What the place says about itself.
    About,
    /// Who is signed in.
    Me,
    /// The spaces.
    Spaces,
    /// A page of the feed.
    Feed(View, Option<Cursor>),
    /// A page of threads.
    Threads(ThreadQuery, Option<Cursor>),
    /// One thread.
    Thread(ThreadId),
    /// Posts of a thread.
    Posts(ThreadId, Window),
    /// Why a thread is open or closed.
    Access(ThreadId),
    /// Threads that match words.
    Search(String, Option<Cursor>),
    /// The inbox; with those put away.
    Inbox(bool, Option<Cursor>),
    /// What can be bought.
    Plans,
    /// What one holds.
    Membership,
    /// A member's page.
    Member(Username),
}

/// Something to be done, with an answer under its ticket.
#[derive(Clone, Debug)]
pub enum Request {
    /// Find out. Answered by [`super::event::Event::Answer`].
    Ask(Query),
    /// Change something. Answered by [`super::event::Event::Applied`]. Sent once, under one idempotency key; a
    /// request that failed for want of a connection may be sent again under the same ticket.
    Apply(Change),
    /// Give a member a role, as an owner. Answered by [`super::event::Event::Applied`].
    GiveRole(Username, Role),
    /// Sign in with a password. Answered by [`super::event::Event::SignedIn`].
    SignIn {
        /// Who.
        username: String,
        /// Their password.
        password: Secret,
    },
    /// Open an account and sign in.
    Register {
        /// Unique name.
        username: String,
        /// Shown name.
        display_name: String,
        /// At least ten characters.
        password: Secret,
        /// The policy that was shown.
        accepted_policy_version: String,
    },
    /// Sign out on the server and forget the tokens.
    SignOut,
    /// Nobody waits for this ticket any more.
    Abandon(Ticket),
}
