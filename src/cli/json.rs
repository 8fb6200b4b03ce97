//! What commands print for programs (`--json`): the documents, and how they are made from the model. Every document names
//! its schema; a field is added within a version and never changed or taken away. The schemas in `docs/reference/schema`
//! are made from these types.

use serde::Serialize;
#[cfg(feature = "server")]
use utoipa::ToSchema;

use crate::base::time::Timestamp;

// Before the rooms that use them.
macro_rules! items {
    ($($(#[$doc:meta])* $name:ident { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Serialize)]
            #[cfg_attr(feature = "server", derive(ToSchema))]
            pub struct $name {
                $($(#[$field_doc])* pub $field: $type,)*
            }
        )*
    };
}

macro_rules! documents {
    ($list:ident; $($(#[$doc:meta])* $name:ident = $schema:literal { $($(#[$field_doc:meta])* $field:ident: $type:ty,)* })*) => {
        $(
            $(#[$doc])*
            #[derive(Clone, Debug, Serialize)]
            #[cfg_attr(feature = "server", derive(ToSchema))]
            pub struct $name {
                /// Which document this is, and its version.
                pub schema: &'static str,
                $($(#[$field_doc])* pub $field: $type,)*
            }

            impl $name {
                /// The word in `schema`.
                pub const SCHEMA: &'static str = concat!("lyceum/", $schema, "/1");
            }
        )*

        #[cfg(feature = "server")]
        impl schema::Sources {
            /// The schema of every document of this room, by its name.
            pub(super) fn $list() -> Vec<(&'static str, &'static str, Self)> {
                vec![$(($schema, $name::SCHEMA, Self::of::<$name>())),*]
            }
        }
    };
}

mod items;
mod own;
#[cfg(feature = "server")]
pub mod schema;

pub use items::{
    Author, Draft, Gate, Hit, Item, Marks, Piece, Plan, Post, Space, Step, Thread, Tier, Unsent, of_hit, of_item,
    of_plan, of_post, of_space, of_thread, of_tier, of_unsent,
};

pub use own::{
    Account, Accounts, AuthStatus, Authenticator, ConfigCheck, ConfigFile, Device, Doctor, Ended, FactorEnded, Found,
    Grant, Mistake, OpenSession, RecoveryCodes, RoleSet, SecondFactor, Sessions, SignedIn, SignedOut, Token, TokenMade,
    Tokens, Whoami,
};

documents! {
    community;
    /// `lyceum feed`: threads, in the order that was asked for.
    Threads = "threads" {
        /// The community's address.
        community: String,
        /// Set when this was kept from an earlier time.
        stale: Option<Stale>,
        /// The threads.
        threads: Vec<Thread>,
        /// Where `--cursor` goes on; null at the end.
        next: Option<String>,
    }
    /// `lyceum thread` and each file of `lyceum export`: one thread with its posts.
    WholeThread = "thread" {
        /// The community's address.
        community: String,
        /// Set when this was kept from an earlier time.
        stale: Option<Stale>,
        /// The thread.
        thread: Thread,
        /// Its posts by number; of `lyceum export mine` only one's own.
        posts: Vec<Post>,
        /// The member whose posts these are; null when they are everybody's.
        only: Option<String>,
        /// Where `--after` goes on; null when the last post is there.
        next: Option<u32>,
    }
    /// `lyceum search`: threads that match, best first.
    Hits = "hits" {
        /// The community's address.
        community: String,
        /// Set when this was found in what is kept on this machine.
        stale: Option<Stale>,
        /// What was looked for.
        query: String,
        /// What was found.
        hits: Vec<Hit>,
        /// Where `--cursor` goes on; null at the end.
        next: Option<String>,
    }
    /// `lyceum inbox`: what concerns the reader, newest first.
    Inbox = "inbox" {
        /// The community's address.
        community: String,
        /// Set when this was kept from an earlier time.
        stale: Option<Stale>,
        /// The items.
        items: Vec<Item>,
        /// Where `--cursor` goes on; null at the end.
        next: Option<String>,
    }
    /// `lyceum spaces`: the spaces, as the reader sees them.
    Spaces = "spaces" {
        /// The community's address.
        community: String,
        /// Set when this was kept from an earlier time.
        stale: Option<Stale>,
        /// The spaces.
        spaces: Vec<Space>,
    }
    /// `lyceum membership`: what the reader holds.
    Membership = "membership" {
        /// The community's address.
        community: String,
        /// Set when this was kept from an earlier time.
        stale: Option<Stale>,
        /// Where they stand: `none`, `trial`, `active`, `gift`, `granted`, `past-due`, `cancelled`, `paused`, `expired`,
        /// `refunded` or `revoked`.
        standing: &'static str,
        /// What opens doors now; null when nothing does.
        tier: Option<Tier>,
        /// The plan behind it.
        plan: Option<String>,
        /// Since when without a gap.
        since: Option<Timestamp>,
        /// Until when, or when it ended; null for no end.
        until: Option<Timestamp>,
        /// When the next payment is due.
        renews: Option<Timestamp>,
        /// What it gives, in words.
        gives: Vec<String>,
        /// What happened, oldest first.
        history: Vec<Step>,
        /// What can be bought.
        plans: Vec<Plan>,
    }
    /// `lyceum membership why`: why a thread is open or closed to the reader.
    Why = "why" {
        /// The community's address.
        community: String,
        /// Set when this was kept from an earlier time.
        stale: Option<Stale>,
        /// The thread.
        thread: String,
        /// Whether the whole may be read.
        allowed: bool,
        /// `open`, `staff`, `held`, `no-membership`, `tier-too-low` or `ended`.
        because: &'static str,
        /// The tier it takes.
        required: Option<Tier>,
        /// The tier the reader holds.
        holds: Option<Tier>,
        /// Plans that open it.
        plans: Vec<String>,
    }
    /// `lyceum ask`, `answer`, `reply`, `comment` and `edit`: a text that arrived.
    Written = "written" {
        /// The community's address.
        community: String,
        /// The thread it is in; null when the community did not say.
        thread: Option<String>,
        /// The post's id.
        post: Option<String>,
        /// The post's number in the thread.
        number: Option<u32>,
    }
    /// `lyceum vote`, `accept`, `bookmark`, `follow`, `mute`, `mark-read` and `inbox done`: a mark that was set.
    Marked = "marked" {
        /// The community's address.
        community: String,
        /// What was set: the command's name.
        what: &'static str,
        /// To what: `up`, `down`, `none`, `on`, `off`, or a post's number.
        to: String,
        /// The thread, where it is about one.
        thread: Option<String>,
        /// The post's number, where it is about one.
        number: Option<u32>,
        /// The inbox item, where it is about one.
        item: Option<String>,
    }
    /// `lyceum outbox`: what was written and has not arrived.
    Outbox = "outbox" {
        /// The community's address.
        community: String,
        /// What is on its way, oldest first.
        entries: Vec<Unsent>,
        /// Texts that were begun.
        drafts: Vec<Draft>,
    }
    /// `lyceum export … --dir`: what was written there; also the file `export.json` beside it.
    Export = "export" {
        /// The community's address.
        community: String,
        /// What was asked for: `thread`, `space` or `mine`.
        what: &'static str,
        /// Which thread or space.
        of: Option<String>,
        /// When.
        at: Timestamp,
        /// Set when some of it was kept from an earlier time.
        stale: Option<Stale>,
        /// The files, as names in the folder: each with `.json` and `.md` behind it.
        files: Vec<String>,
        /// How many of them were there already and have not changed.
        unchanged: usize,
    }
    /// What any command prints on standard error when it failed.
    Error = "error" {
        /// What went wrong.
        error: Fault,
    }
}

/// That something was kept on this machine from an earlier time, because the community could not be asked.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema))]
pub struct Stale {
    /// When the community last said so.
    pub since: Timestamp,
    /// Why it could not be asked, in words.
    pub why: String,
}

/// What went wrong.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema))]
pub struct Fault {
    /// The exit code.
    pub code: u8,
    /// The kind, in a word that does not change with the language.
    pub kind: &'static str,
    /// What happened and what to do, in the reader's language.
    pub text: String,
    /// Where what was to be sent is kept; null when nothing was to be sent, or nothing had to be kept.
    pub kept: Option<Kept>,
}

/// Where a text is that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "server", derive(ToSchema))]
pub struct Kept {
    /// Its number in `lyceum outbox`.
    pub entry: Option<i64>,
    /// The file it was written to, where there is no outbox: a token from outside has none.
    pub file: Option<String>,
}
