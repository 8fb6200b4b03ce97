//! The inbox: what concerns this reader.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{
    ids::{NotificationId, ThreadId},
    text::Clean,
};
use crate::model::member::Author;

/// Why something is in the inbox.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Named with `@`.
    Mention,
    /// A reply to an own post, or in a followed thread.
    Reply,
    /// An answer to an own question.
    Answer,
    /// An own answer was accepted.
    Accepted,
    /// Something about the membership.
    Membership,
}

/// One line of the inbox. Several posts in one thread fold into one line that comes back when there is more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notification {
    /// Its id.
    pub id: NotificationId,
    /// Why.
    pub reason: Reason,
    /// Who caused it; none for the system.
    pub actor: Option<Author>,
    /// In which thread.
    pub thread: Option<ThreadId>,
    /// Title of the thread, or the notice itself.
    pub title: Clean,
    /// Which post of it.
    pub number: Option<u32>,
    /// First words; of the public preview when gated.
    pub excerpt: Clean,
    /// When.
    pub at: Timestamp,
    /// Put away.
    pub done: bool,
}
