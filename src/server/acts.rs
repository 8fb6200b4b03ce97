//! What members do to content, with everything that follows from it: counts, the index, the inbox, the news.
//!
//! Handlers and the seeding of demo content both come through here, so that invented content is made of the same rows
//! as real content. Whether somebody may is decided before, by the caller.

use crate::base::time::Timestamp;
use crate::server::db::{Write, house::House, ids::Ids};

pub mod judge;
pub mod notify;
pub mod posts;
pub mod threads;

/// Something being done: in a transaction, at an instant.
pub struct Act<'a> {
    /// Where it is written.
    pub write: &'a mut Write,
    /// Where rows get their ids.
    pub ids: &'a Ids,
    /// The place.
    pub house: &'a House,
    /// When it is done.
    pub at: Timestamp,
    /// Whether `at` lies in the past on purpose: content with a history of its own.
    pub dated: bool,
}

impl Act<'_> {
    fn id(&self) -> i64 {
        if self.dated { self.ids.at(self.at) } else { self.ids.next() }
    }
}

/// The thread and post that an act came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Done {
    /// Row of the thread.
    pub thread: i64,
    /// Row of the post.
    pub post: i64,
    /// Its number.
    pub number: u32,
}

impl From<Done> for crate::api::change::Written {
    fn from(done: Done) -> Self {
        Self { thread: done.thread.to_string(), post: done.post.to_string(), number: done.number }
    }
}
