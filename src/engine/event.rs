//! What the engine tells a front end.

use std::time::Duration;

use super::{attach::Found, problem::UserError, request::Ticket, tokens::Farewell, tokens::Refusal};
use crate::base::ids::Username;
use crate::base::secret::Secret;
use crate::base::text::Clean;
use crate::base::time::Timestamp;
pub use crate::community::{Begun, Ways};
use crate::model::{
    change::{Applied, Notice},
    community::Community,
    draft::Draft,
    member::{Me, Member},
    membership::Membership,
    notification::Notification,
    outbox::Entry,
    page::Page,
    permission::Access,
    plan::Plan,
    post::Post,
    search::{Hit, known::Known, saved::Saved},
    session::{AccessToken, OpenSession, SecondFactor},
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
    /// To `Ways`.
    Ways(Ways),
    /// To `Sessions`.
    Sessions(Vec<OpenSession>),
    /// To `AccessTokens`.
    AccessTokens(Vec<AccessToken>),
    /// To `SecondFactor`.
    SecondFactor(SecondFactor),
    /// To `Known`.
    Known(Box<Known>),
}

/// What a deed of security brought. Secrets are told this once.
#[derive(Clone, Debug)]
pub enum Secured {
    /// It is done.
    Done,
    /// A personal access token: what is known of it, and itself.
    Token(Box<AccessToken>, Secret),
    /// What an authenticator is told.
    Begun(Begun),
    /// Recovery codes.
    Codes(Vec<Secret>),
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
    /// The line broke and is made again then.
    Reconnecting(Timestamp),
    /// It cannot be reached, since then.
    Offline(Timestamp),
}

/// A draft that is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptDraft {
    /// The text.
    pub draft: Draft,
    /// When it was last written.
    pub at: Timestamp,
    /// Whether another window that is open now writes it.
    pub is_others: bool,
    /// 0 for the text that is being written for its place; a further one was set aside when another took its place.
    pub copy: u32,
}

/// How far fetching the whole community has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Threads that are here.
    pub threads: u64,
    /// Threads in all, as far as the spaces tell.
    pub of: u64,
    /// Posts that were fetched.
    pub posts: u64,
    /// Milliseconds it has taken.
    pub took_ms: u64,
    /// Whether it is over: all is here, or it was stopped.
    pub is_over: bool,
    /// Whether all is here.
    pub is_whole: bool,
}

/// What a person should know about where their tokens are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// They are in a vault that does not give them: who is signed in looks signed out.
    Unreadable(Refusal),
    /// They are kept for this run only. For these reasons, best vault first.
    Unkept(Vec<Refusal>),
    /// They could be kept unencrypted in this file, if the person agrees: [`super::request::Request::AgreeToPlain`].
    Ask(String),
    /// They are kept in this vault now.
    Kept(&'static str),
    /// The reader signed out: whether the community has heard of it, and why a vault may hold the tokens still. Follows
    /// every [`Event::SignedOut`] that was asked for.
    Left(Farewell, Vec<Refusal>),
}

/// What the engine tells.
#[derive(Clone, Debug)]
pub enum Event {
    /// What is kept of an answer that is on its way: as the community last gave it.
    Kept {
        /// Which request.
        ticket: Ticket,
        /// What is kept.
        answer: Box<Answer>,
        /// When the community last said so.
        at: Timestamp,
    },
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
    /// A code waits to be confirmed on another device.
    Device {
        /// Which request.
        ticket: Ticket,
        /// What a person compares.
        code: Clean,
        /// The page to open; short enough to type.
        page: Clean,
        /// The page with the code in it.
        page_with_code: Clean,
        /// How long the code is good.
        lasts: Duration,
    },
    /// A browser on this machine is to open an address.
    Browser {
        /// Which request.
        ticket: Ticket,
        /// The address.
        address: String,
    },
    /// What came of a deed of security.
    Secured {
        /// Which request.
        ticket: Ticket,
        /// What it brought, or why it was not done.
        result: Result<Secured, UserError>,
    },
    /// The session is over: signed out here, or ended by the server.
    SignedOut,
    /// How the line stands now.
    Connection(Connection),
    /// The community wants to be left alone until then.
    Limited(Timestamp),
    /// Things changed on the server; what is kept here follows already.
    Changed(Vec<Notice>),
    /// What is new in the inbox since the last time.
    News(Vec<Notification>),
    /// Everything that is on its way, oldest first.
    Outbox(Vec<Entry>),
    /// The store of an account was opened.
    Opened {
        /// Whose it is; none while nobody is known.
        of: Option<Username>,
        /// The drafts that are kept, newest first.
        drafts: Vec<KeptDraft>,
    },
    /// What came of taking a text back: what it was; none when it is on its way or gone.
    Recalled {
        /// Which request.
        ticket: Ticket,
        /// The text.
        draft: Option<Draft>,
    },
    /// What was found on this machine.
    Attached {
        /// Which request.
        ticket: Ticket,
        /// It, or why there is none.
        result: Result<Found, UserError>,
    },
    /// How the window was laid out the last time.
    Layout(String),
    /// The searches that are saved.
    Searches(Vec<Saved>),
    /// How far fetching the whole community has come.
    Progress(Progress),
    /// What is written does not reach the disk, or what is there cannot be used.
    Trouble(UserError),
    /// Where the tokens are, when a person should know.
    Tokens(Keeping),
    /// Nothing is in the way of leaving.
    MayLeave,
}
