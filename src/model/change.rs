//! What a person asked to be done: the one vocabulary for writing.

use serde::{Deserialize, Serialize};

use crate::base::ids::{NotificationId, PostId, SpaceId, ThreadId};
use crate::model::thread::Kind;

/// One thing to be done. Text is as the person typed it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Change {
    /// Open a thread; a question is asked this way too.
    NewThread {
        /// Where.
        space: SpaceId,
        /// What sort.
        kind: Kind,
        /// One line.
        title: String,
        /// Markdown.
        body: String,
        /// Up to five tags.
        tags: Vec<String>,
    },
    /// Reply to a thread: an answer when it is a question and `parent` is none, a comment when `parent` is set.
    Reply {
        /// To which thread.
        thread: ThreadId,
        /// To which post of it, by number.
        parent: Option<u32>,
        /// Markdown.
        body: String,
    },
    /// Replace the text of an own post.
    Edit {
        /// Which post.
        post: PostId,
        /// Markdown.
        body: String,
        /// The version that was edited; another one now is a conflict.
        version: String,
    },
    /// Vote on a post: 1, -1, or 0 to take it back.
    Vote {
        /// Which post.
        post: PostId,
        /// 1, -1 or 0.
        value: i8,
    },
    /// Accept an answer, or take that back.
    Accept {
        /// Which question.
        thread: ThreadId,
        /// Which answer; none takes it back.
        post: Option<PostId>,
    },
    /// Mark posts up to a number as read. Lower than before marks the rest unread again.
    Read {
        /// Which thread.
        thread: ThreadId,
        /// Number of the last post read; 0 for none.
        upto: u32,
    },
    /// Follow a thread, or stop. Ends muting it.
    Follow {
        /// Which thread.
        thread: ThreadId,
        /// On or off.
        on: bool,
    },
    /// Mute a thread, or stop. Ends following it.
    Mute {
        /// Which thread.
        thread: ThreadId,
        /// On or off.
        on: bool,
    },
    /// Bookmark a thread, or drop it.
    Bookmark {
        /// Which thread.
        thread: ThreadId,
        /// On or off.
        on: bool,
    },
    /// Put an inbox item away, or back.
    Done {
        /// Which item.
        notification: NotificationId,
        /// Away or back.
        done: bool,
    },
}

/// What came of a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Applied {
    /// The thread that was opened or written in.
    pub thread: Option<ThreadId>,
    /// The post that was written or changed.
    pub post: Option<PostId>,
    /// That post's number.
    pub number: Option<u32>,
}

/// News of a change on the server: what to look at again. Carries no text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its place in the community's sequence of changes.
    pub seq: u64,
    /// What it touches.
    pub topic: Topic,
    /// The thread it touches, if any.
    pub thread: Option<ThreadId>,
    /// The post of that thread it touches, by number, where it touches one.
    pub number: Option<u32>,
}

/// What a notice touches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Topic {
    /// A new thread.
    Thread,
    /// A new post.
    Post,
    /// A changed post: edited or deleted.
    Edit,
    /// A vote or an accepted answer.
    Vote,
    /// This reader's own marks, from another device.
    Marks,
    /// This reader's inbox.
    Inbox,
    /// This reader's membership.
    Membership,
}
