//! Named areas that hold threads.

use serde::{Deserialize, Serialize};

use crate::base::{ids::SpaceId, text::Clean};
use crate::model::{member::Role, plan::Tier};

/// A space as one reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Space {
    /// Its slug.
    pub id: SpaceId,
    /// Its name.
    pub name: Clean,
    /// What belongs in it.
    pub about: Clean,
    /// Tier needed to read whole threads, if any.
    pub read_tier: Option<Tier>,
    /// Role needed to open a thread.
    pub write_role: Role,
    /// Whether this reader may read whole threads.
    pub may_read: bool,
    /// Whether this reader may open a thread.
    pub may_write: bool,
    /// Threads in it.
    pub threads: u32,
    /// Threads with something this reader has not read, but for those they mute.
    pub unread: u32,
}
