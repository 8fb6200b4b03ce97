//! How results look to a person: the width, the inks, how a body is laid out, and what time it is. Handed in by `boot`;
//! nothing here asks a terminal.

use crate::base::text::ink::{Ink, Run};
use crate::base::time::{TimeZone, Timestamp};
use crate::config::locale::Catalog;
use crate::engine::wording::Words;

/// The inks of what stands around bodies.
#[derive(Clone, Copy, Debug, Default)]
pub struct Inks {
    /// Titles.
    pub title: Ink,
    /// What may be overlooked.
    pub dim: Ink,
    /// Numbers and names that one types again.
    pub accent: Ink,
    /// It went well; accepted.
    pub good: Ink,
    /// Unread; closed.
    pub warn: Ink,
    /// What a search found.
    pub mark: Ink,
}

/// Lays Markdown out as lines of at most so many columns.
pub type Body = Box<dyn Fn(&str, usize) -> Vec<Vec<Run>> + Send + Sync>;

/// How results look.
pub struct Look {
    /// Columns of the terminal.
    pub columns: usize,
    /// Columns of a row that is cut where it does not fit: what is not a terminal gets all of it.
    pub row: usize,
    /// The inks.
    pub inks: Inks,
    /// How a body is laid out.
    pub body: Body,
    /// The reader's zone.
    pub zone: TimeZone,
    /// The instant now.
    pub now: Timestamp,
}

impl Look {
    /// What says when something is.
    pub fn words<'a>(&'a self, catalog: &'a Catalog) -> Words<'a> {
        Words { catalog, zone: &self.zone, now: self.now, is_iso: false }
    }
}
