//! What the engine tells a front end.

use super::{problem::UserError, request::Ticket};
use crate::base::time::Timestamp;
use crate::model::{
    change::{Applied, Notice},
    community::Community,
    member::{Me, Member},
    membership::Membership,
    notification::Notification,
    page::Page,
    permission::Access,
    plan::Plan,
    post::Post,
    search::Hit,
    space::Space,
    thread::Thread,
};

/// The answer to a [`super::request::Query`], variant by variant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// To `About`.
    About(Community),
    /// To `Me`.
    Me(Me),
    /// To `Spaces`.
    Spaces(Vec<Space>),
    /// To `Feed` and `Threads`.
    Threads(Page<Thread>),
    /// To `Thread`.
    Thread(Box<Thread>),
    /// To `Posts`.
    Posts(Page<Post>),
    /// To `Access`.
    Access(Box<Access>),
    /// To `Search`.
    Hits(Page<Hit>),
    /// To `Inbox`.
    Inbox(Page<Notification>),
    /// To `Plans`.
    Plans(Vec<Plan>),
    /// To `Membership`.
    Membership(Box<Membership>),
    /// To `Member`.
    Member(Box<Member>),
}

/// How the line to the community stands: shown as a light with a word.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Nothing is known yet.
    #[default]
    Connecting,
    /// Changes arrive by themselves.
    Live,
    /// The server can be reached; changes must be asked for.
    Polling,
    /// The line broke and is being made again.
    Reconnecting,
    /// It cannot be reached, since then.
    Offline(Timestamp),
}

/// What the engine tells.
#[derive(Clone, Debug)]
pub enum Event {
    /// What was found out.
    Answer {
        /// Which request.
        ticket: Ticket,
        /// The answer, or why there is none.
        result: Result<Answer, UserError>,
    },
    /// What came of a change.
    Applied {
        /// Which request.
        ticket: Ticket,
        /// What it did, or why it did not.
        result: Result<Applied, UserError>,
    },
    /// What came of signing in or opening an account.
    SignedIn {
        /// Which request.
        ticket: Ticket,
        /// Where the tokens were put (a vault's name), or why signing in failed.
        result: Result<&'static str, UserError>,
    },
    /// The session is over: signed out here, or ended by the server.
    SignedOut,
    /// How the line stands now.
    Connection(Connection),
    /// Something changed on the server.
    Changed(Notice),
}
