//! An answer as the parts of the screen hear it: of the community, or of what was kept of its last one.

use crate::base::time::Timestamp;
use crate::engine::{event::Answer, problem::UserError, request::Ticket};

/// An answer to something that was asked for.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Which request.
    pub ticket: Ticket,
    /// The answer, or why there is none.
    pub result: Result<Answer, UserError>,
    /// When the community said so.
    pub at: Timestamp,
    /// Whether it was kept from an earlier time; the community's own answer follows.
    pub is_kept: bool,
}
