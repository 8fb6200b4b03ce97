//! What is known by name without asking anybody: to go there by a few letters.

use crate::model::member::Author;
use crate::model::thread::Thread;

/// Threads and members that are kept here.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Threads, the last active first.
    pub threads: Vec<Thread>,
    /// Who wrote something, by name.
    pub members: Vec<Author>,
}
