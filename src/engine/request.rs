//! What a front end can ask of the engine.

use super::attach::Wish;
use crate::base::ids::{IdempotencyKey, SessionId, ThreadId, TokenId, Username};
use crate::base::secret::Secret;
use crate::model::{
    change::Change,
    draft::{Draft, Place},
    feed::{ThreadQuery, View},
    member::Role,
    outbox::EntryId,
    page::{Cursor, Window},
    search::saved::Saved,
    session::NewAccessToken,
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
    /// The ways to sign in.
    Ways,
    /// One's own sessions.
    Sessions,
    /// One's own personal access tokens.
    AccessTokens,
    /// How one's own second factor stands.
    SecondFactor,
    /// Threads and members that are kept here; the community is never asked.
    Known,
}

/// Something to do about what opens one's own account.
#[derive(Clone, Debug)]
pub enum Deed {
    /// End a session.
    EndSession(SessionId),
    /// End all sessions but this one.
    EndOtherSessions,
    /// Make a personal access token.
    MakeToken(NewAccessToken),
    /// End one.
    EndToken(TokenId),
    /// Begin a second factor, with the password.
    BeginSecondFactor(Secret),
    /// Confirm it with a first code.
    ConfirmSecondFactor(Secret),
    /// Switch it off, with the password and a code.
    EndSecondFactor(Secret, Secret),
    /// Make new recovery codes, with the password and a code.
    NewRecoveryCodes(Secret, Secret),
}

/// Something to do with what is on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutboxAct {
    /// Send it now.
    Retry(EntryId),
    /// Take it back to be written on. Answered by [`super::event::Event::Recalled`].
    Recall(EntryId),
    /// Give it up.
    Cancel(EntryId),
    /// Tell how everything stands, what other windows send included.
    Look,
}

/// Something to be done, with an answer under its ticket.
#[derive(Clone, Debug)]
pub enum Request {
    /// Find out. Answered by [`super::event::Event::Answer`].
    Ask(Query),
    /// Find out what is kept on this machine of up to so many items, without asking the community; only what is not
    /// kept is asked for. Answered like `Ask`.
    Look(Query, usize),
    /// Set something. It goes into the outbox and from there to the community, however long that takes. Answered by
    /// [`super::event::Event::Applied`] once it arrived or was refused.
    Apply(Change),
    /// Send a text: it goes into the outbox, where it can be taken back for a while, and its draft ends. `after` is the
    /// last post of its thread so far. Answered like `Apply`.
    Post {
        /// The text.
        draft: Box<Draft>,
        /// Number of the last post of its thread.
        after: u32,
    },
    /// Send a text at once: it can be taken back only as long as the line is down, and no draft ends by it. Under this
    /// key, if one is given: a text that was sent under the same key before is not sent again. Answered like `Apply`.
    Write {
        /// The text.
        draft: Box<Draft>,
        /// Number of the last post of its thread.
        after: u32,
        /// The key.
        key: Option<IdempotencyKey>,
    },
    /// Keep what is being written; an empty draft ends one.
    KeepDraft(Box<Draft>),
    /// End a draft.
    DropDraft(Place),
    /// Put a text that was set aside in its place again, and the one that is there aside under its number.
    TakeUp(Place, u32),
    /// Look for something on this machine that can be attached to a text. Answered by
    /// [`super::event::Event::Attached`]; abandoned, it ends.
    Attach(Wish),
    /// Do something with what is on its way.
    Outbox(OutboxAct),
    /// Fetch a thread that may be opened next, when nothing else is to be done.
    Prefetch(ThreadId),
    /// Fetch the whole community, so that all of it can be read and searched without a line. Told by
    /// [`super::event::Event::Progress`].
    SyncAll,
    /// Stop doing that.
    StopSync,
    /// Remember how the window is laid out: a text of the front end's own.
    KeepLayout(String),
    /// Keep these saved searches in place of those before. Told at the next start by [`super::event::Event::Searches`].
    KeepSearches(Vec<Saved>),
    /// Bring everything typed so far to the disk, and say so here.
    Save(std::sync::mpsc::SyncSender<()>),
    /// Bring everything to the disk and send what is held. Answered by [`super::event::Event::MayLeave`].
    Leave,
    /// Give a member a role, as an owner. Answered by [`super::event::Event::Applied`].
    GiveRole(Username, Role),
    /// Sign in with a password. Answered by [`super::event::Event::SignedIn`].
    SignIn {
        /// Who.
        username: String,
        /// Their password.
        password: Secret,
        /// A code of the second factor, where the account has one.
        code: Option<Secret>,
    },
    /// Sign in by confirming a code on another device; the code is told by [`super::event::Event::Device`]. Answered by
    /// [`super::event::Event::SignedIn`], after minutes.
    SignInByDevice,
    /// Sign in through a browser on this machine; its address is told by [`super::event::Event::Browser`]. Answered
    /// likewise. The text is what the browser shows at the end.
    SignInInBrowser(String),
    /// Sign in with a personal access token. Answered likewise.
    SignInWithToken(Secret),
    /// Do something about what opens one's own account. Answered by [`super::event::Event::Secured`].
    Secure(Deed),
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
    /// Keep the tokens unencrypted in a file after all: the person said yes to its path. Answered by
    /// [`super::event::Event::Tokens`].
    AgreeToPlain,
    /// Sign out on the server and forget the tokens.
    SignOut,
    /// Nobody waits for this ticket any more.
    Abandon(Ticket),
}
