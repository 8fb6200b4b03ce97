//! Posts: one piece of text in a thread.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{
    ids::{PostId, ThreadId},
    text::Clean,
};
use crate::model::member::Author;

/// A post as one reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// The thread it is in.
    pub thread: ThreadId,
    /// Its place in the thread, from 1 (the opening post) without gaps.
    pub number: u32,
    /// Number of the post it replies to; none for the opening post and top-level replies.
    pub parent: Option<u32>,
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub created: Timestamp,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
    /// Markdown. The public preview when gated; empty when deleted.
    pub body: Clean,
    /// Up minus down.
    pub score: i64,
    /// This reader's vote: 1, -1 or 0.
    pub vote: i8,
    /// Whether it is the accepted answer.
    pub accepted: bool,
    /// Whether it was taken away.
    pub deleted: bool,
    /// Whether `body` is only a preview.
    pub partial: bool,
    /// Whether this reader may edit it.
    pub may_edit: bool,
    /// The version an edit must name (strong ETag).
    pub version: String,
}
