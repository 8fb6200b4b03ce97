//! What a person is writing. A draft is kept by its place until it is in the outbox; nothing else ends one.

use serde::{Deserialize, Serialize};

use crate::base::ids::{PostId, SpaceId, ThreadId};
use crate::model::{change::Change, thread::Kind};

/// Where a text will go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
    /// The place as a word that is the same for the same place.
    pub fn key(&self) -> String {
        match self {
            Self::NewThread { space, kind } => format!("new {} {space}", kind.as_str()),
            Self::Reply { thread, parent: None } => format!("reply {thread}"),
            Self::Reply { thread, parent: Some(parent) } => format!("reply {thread} {parent}"),
            Self::Edit { post, .. } => format!("edit {post}"),
        }
    }

    /// Whether two texts are for the same place. Another version of a post is the same place.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Edit { post, .. }, Self::Edit { post: its, .. }) => post == its,
            _ => self == other,
        }
    }
}

/// A text on its way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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

    /// What a change that was not sent was written as; none for a change that is no text.
    pub fn of(change: &Change, about: &str) -> Option<Self> {
        let (place, title, body, tags) = match change.clone() {
            Change::NewThread { space, kind, title, body, tags } => {
                (Place::NewThread { space, kind }, title, body, tags)
            }
            Change::Reply { thread, parent, body } => {
                (Place::Reply { thread, parent }, String::new(), body, Vec::new())
            }
            Change::Edit { post, body, version } => (Place::Edit { post, version }, String::new(), body, Vec::new()),
            _ => return None,
        };
        Some(Self { place, about: about.to_owned(), title, body, tags })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_that_was_not_sent_is_a_draft_again() {
        let places = [
            Place::NewThread { space: SpaceId::new("help"), kind: Kind::Question },
            Place::Reply { thread: ThreadId::new("1"), parent: Some(2) },
            Place::Edit { post: PostId::new("7"), version: "v".into() },
        ];
        for place in places {
            let titled = matches!(place, Place::NewThread { .. });
            let mut draft = Draft::new(place, "about");
            draft.body = "text".into();
            if titled {
                (draft.title, draft.tags) = ("Title".into(), vec!["a".into()]);
            }
            assert_eq!(Draft::of(&draft.change(), "about"), Some(draft));
        }
        assert_eq!(Draft::of(&Change::Follow { thread: ThreadId::new("1"), on: true }, ""), None);
    }
}
