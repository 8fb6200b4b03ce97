//! F3: the port to a community, whoever hosts it. Adapters live in `community/`; the contract suite
//! (`tests/it/contract.rs`) states in code what this trait promises in words and runs on every adapter.

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use futures_util::Stream;

use crate::base::ids::{IdempotencyKey, ThreadId, Username};
use crate::base::time::SignedDuration;
use crate::model::{
    change::{Applied, Change, Notice},
    community::Community as About,
    feed::{ThreadQuery, View},
    member::{Me, Member, Role},
    membership::Membership,
    notification::Notification,
    page::{Cursor, Page, Window},
    permission::Access,
    plan::Plan,
    post::Post,
    search::Hit,
    space::Space,
    thread::Thread,
};

pub mod error;
pub mod http;
pub mod memory;
pub mod native;
pub mod security;
pub mod sign_in;

pub use error::{Distrust, Error, Kind, Result};
pub use security::{Begun, Security};
pub use sign_in::{
    BrowserPage, BrowserRequest, DeviceCode, Ends, NewAccount, Polled, Session, SessionStore, SignIn, Ways,
};

/// What a backend can do. A pane or command that needs what is missing says so instead of failing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Capabilities {
    /// Questions have answers that can be accepted.
    pub questions: bool,
    /// Posts can be voted down, not only up.
    pub downvotes: bool,
    /// There are memberships and plans.
    pub memberships: bool,
    /// Changes arrive by themselves.
    pub live: bool,
    /// For how long a write may be sent again under its key without a second effect; zero where keys mean nothing.
    pub keys_kept: SignedDuration,
}

/// News from a live connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Live {
    /// The connection stands; what was missed comes next.
    Open,
    /// Something changed.
    Notice(Notice),
}

/// What is known of a text that was sent and never answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrived {
    /// It is there.
    Yes(Applied),
    /// It is not there and cannot come any more.
    No,
    /// Nobody can tell: it is not there, or not to be told from another.
    Unknown,
}

/// A live connection. It ends with an error or without one; whoever listens connects again.
pub type LiveStream = Pin<Box<dyn Stream<Item = Result<Live>> + Send>>;

/// A community as one reader sees it.
///
/// Every method may fail with what [`Kind::is_unreachable`] names, [`Kind::Server`], [`Kind::Malformed`],
/// [`Kind::SignedOut`] and [`Kind::TooFast`] besides what it names itself. Nothing is retried here, except after one
/// renewal of an access token that ran out, and a read over a connection that was dead. Dropping a call's future
/// abandons it. Texts in answers are clean.
#[async_trait]
pub trait Community: Send + Sync {
    /// What this backend can do. Does not ask the network.
    fn capabilities(&self) -> Capabilities;

    /// What the place says about itself. Needs no sign-in.
    async fn about(&self) -> Result<About>;

    /// The person signed in.
    async fn me(&self) -> Result<Me>;

    /// All spaces, in their order.
    async fn spaces(&self) -> Result<Vec<Space>>;

    /// A page of the feed, newest activity first. A cursor of another list is [`Kind::Invalid`].
    async fn feed(&self, view: View, cursor: Option<&Cursor>) -> Result<Page<Thread>>;

    /// A page of the threads that `query` describes. An unknown space is [`Kind::NotFound`].
    async fn threads(&self, query: &ThreadQuery, cursor: Option<&Cursor>) -> Result<Page<Thread>>;

    /// One thread. [`Kind::NotFound`] also where its existence is private.
    async fn thread(&self, id: &ThreadId) -> Result<Thread>;

    /// Posts of a thread by number, deleted ones as empty places. A gated thread answers with its preview: one post,
    /// [`Post::partial`]. `next` goes on from the last one.
    async fn posts(&self, id: &ThreadId, window: Window) -> Result<Page<Post>>;

    /// Why a thread is open or closed to this reader.
    async fn access(&self, id: &ThreadId) -> Result<Access>;

    /// Threads that match, best first, one line each. A query without a word is [`Kind::Invalid`].
    async fn search(&self, query: &str, cursor: Option<&Cursor>) -> Result<Page<Hit>>;

    /// The inbox, newest first; with `done`, also what was put away.
    async fn notifications(&self, done: bool, cursor: Option<&Cursor>) -> Result<Page<Notification>>;

    /// What can be bought, lowest tier first.
    async fn plans(&self) -> Result<Vec<Plan>>;

    /// What this reader holds.
    async fn membership(&self) -> Result<Membership>;

    /// A member's public page.
    async fn member(&self, username: &Username) -> Result<Member>;

    /// Does what was asked. The same key again gives the first answer without a second effect, for at least a day; the
    /// same key with another change is [`Kind::Invalid`]. [`Kind::Conflict`] when an edit named an older version, or
    /// when the thread was locked and this reader is no staff; [`Kind::Forbidden`] and [`Kind::Gated`] when this reader
    /// may not.
    async fn apply(&self, change: &Change, key: &IdempotencyKey) -> Result<Applied>;

    /// Whether a text that was sent and never answered has arrived: among what came after the post `after` of its thread.
    /// Asked where its key means nothing (any more), because sending it again could double it.
    async fn arrived(&self, _change: &Change, _after: u32) -> Result<Arrived> {
        Ok(Arrived::Unknown)
    }

    /// Gives a member a role. For owners; [`Kind::Forbidden`] to others.
    async fn give_role(&self, _username: &Username, _role: Role) -> Result<()> {
        Err(Error::new(Kind::Unsupported))
    }

    /// What changed after `after`, oldest first, and where the sequence now is. With none, only where it is. A returned
    /// position lower than `after` means the community went back in time: what was kept of it is of no use.
    async fn changes(&self, after: Option<u64>) -> Result<(Vec<Notice>, u64)>;

    /// Connects for live news from after `after`; from now on when the sequence is not that far. [`Kind::Unsupported`] where [`Capabilities::live`] is false.
    async fn live(&self, after: Option<u64>) -> Result<LiveStream>;
}

/// A community shared by tasks.
pub type Shared = Arc<dyn Community>;
