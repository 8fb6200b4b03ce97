//! Posts: a window of a thread, one, and votes.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{member::Author, thread::Gate};

/// A post as one reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Post {
    /// Its id.
    pub id: String,
    /// Its thread's id.
    pub thread: String,
    /// Its place in the thread, from 1.
    pub number: u32,
    /// Number of the post it replies to.
    pub parent: Option<u32>,
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub created: Timestamp,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
    /// Markdown; the preview when `partial`, empty when `deleted`.
    pub body: String,
    /// Up minus down.
    pub score: i64,
    /// The reader's vote.
    pub vote: i8,
    /// The accepted answer.
    pub accepted: bool,
    /// Taken away.
    pub deleted: bool,
    /// Only a preview.
    pub partial: bool,
    /// Whether the reader may edit it.
    pub may_edit: bool,
    /// What `If-Match` must name to edit it.
    pub version: String,
}

/// A window of a thread. When the reader may see the preview only, it holds one partial post and `entitlement`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct PostPage {
    /// The posts, by number.
    pub items: Vec<Post>,
    /// Cursor of the next page.
    pub next: Option<String>,
    /// What the rest takes.
    pub entitlement: Option<Gate>,
}

/// Query of `GET /v1/threads/{id}/posts`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct PostsQuery {
    /// Posts after this number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u32>,
    /// A window that holds this number, a third of it before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub around: Option<u32>,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100, 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// `POST /v1/threads/{id}/posts`, with `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewPost {
    /// Markdown, 1 byte to 64 KiB.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 65536))]
    pub body: String,
    /// Number of the post it replies to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<u32>,
}

/// `PATCH /v1/posts/{id}`, with `If-Match`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditPost {
    /// Markdown, 1 byte to 64 KiB.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 65536))]
    pub body: String,
}

/// `PUT /v1/posts/{id}/vote`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetVote {
    /// 1, -1, or 0 to take it back.
    #[cfg_attr(feature = "server", schema(minimum = -1, maximum = 1))]
    pub value: i8,
}

/// An older text of a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Revision {
    /// When this text stopped standing.
    pub until: Timestamp,
    /// Markdown.
    pub body: String,
}

/// `GET /v1/posts/{id}/revisions`: staff and the author.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Revisions {
    /// Newest first.
    pub items: Vec<Revision>,
}
