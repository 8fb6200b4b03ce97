//! What a person is writing. A draft is kept by its place until the server has confirmed it; nothing else ends one.

use crate::base::ids::{PostId, SpaceId, ThreadId};
use crate::model::{change::Change, thread::Kind};

/// Where a text will go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// A thread of one's own; a question too.
    NewThread {
        /// In which space.
        space: SpaceId,
        /// Of what kind.
        kind: Kind,
    },
    /// A reply: an answer to a question, a comment under a post.
    Reply {
        /// To which thread.
        thread: ThreadId,
        /// Under which of its posts.
        parent: Option<u32>,
    },
    /// An own post again.
    Edit {
        /// Which one.
        post: PostId,
        /// The version that was read.
        version: String,
    },
}

impl Place {
    /// Whether two texts are for the same place. Another version of a post is the same place.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Edit { post, .. }, Self::Edit { post: its, .. }) => post == its,
            _ => self == other,
        }
    }
}

/// A text on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Where it will go.
    pub place: Place,
    /// What it is about, in a line for lists: a thread's title. Not sent.
    pub about: String,
    /// One line; only for a new thread.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Only for a new thread.
    pub tags: Vec<String>,
}

impl Draft {
    /// An empty text for a place.
    pub fn new(place: Place, about: impl Into<String>) -> Self {
        Self { place, about: about.into(), title: String::new(), body: String::new(), tags: Vec::new() }
    }

    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        self.title.trim().is_empty() && self.body.trim().is_empty()
    }

    /// Whether it can be sent: a body, and a title where one is needed.
    pub fn is_whole(&self) -> bool {
        let titled = !matches!(self.place, Place::NewThread { .. }) || !self.title.trim().is_empty();
        titled && !self.body.trim().is_empty()
    }

    /// What sending it asks for.
    pub fn change(&self) -> Change {
        let body = self.body.clone();
        match self.place.clone() {
            Place::NewThread { space, kind } => {
                let title = self.title.trim().to_owned();
                Change::NewThread { space, kind, title, body, tags: self.tags.clone() }
            }
            Place::Reply { thread, parent } => Change::Reply { thread, parent, body },
            Place::Edit { post, version } => Change::Edit { post, body, version },
        }
    }
}
