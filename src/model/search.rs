//! What a search asks for, and how text is cut into words for an index that knows only spaces.
//!
//! [`query`] reads what a person typed, [`words`] cuts text, [`fts`] asks an index of SQLite, [`snippet`] shows where
//! something was found; [`saved`] keeps searches under names, [`known`] is what can be gone to by name. The indexes themselves belong to those who keep texts: the server, and the client's store.

use jiff::Timestamp;

use crate::base::text::Clean;
use crate::model::thread::Thread;

pub mod fts;
pub mod known;
pub mod query;
pub mod saved;
pub mod snippet;
pub mod words;

pub use query::{Is, Phrase, Query, Unreadable};
pub use words::index_text;

/// One thread that matched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The thread.
    pub thread: Thread,
    /// Number of the post that matched.
    pub number: u32,
    /// Words around the match, in pieces; `true` marks what matched.
    pub snippet: Vec<(bool, Clean)>,
    /// When that post was written.
    pub at: Timestamp,
}
