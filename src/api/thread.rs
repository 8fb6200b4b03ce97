//! Threads: lists, one, and the marks a reader puts on them.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::member::Author;
use crate::model::{
    feed::{Sort, State, View},
    plan::Tier,
    thread::Kind,
};

/// What a gated thread takes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Gate {
    /// Tier it takes.
    pub required: Tier,
    /// Plans that give it.
    pub plans: Vec<String>,
}

/// What the reader has marked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Marks {
    /// Number of the last post read; 0 when never opened.
    pub read: u32,
    /// New posts are reported to the inbox.
    pub follow: bool,
    /// Nothing of it is reported or counts as unread; never together with `follow`.
    pub mute: bool,
    /// Kept for later.
    pub bookmark: bool,
}

/// A thread as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Thread {
    /// Its id.
    pub id: String,
    /// Slug of its space.
    pub space: String,
    /// What it is.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Who opened it.
    pub author: Author,
    /// Tags.
    pub tags: Vec<String>,
    /// When it was opened.
    pub created: Timestamp,
    /// When it was last posted to.
    pub active: Timestamp,
    /// Number of the last post.
    pub last: u32,
    /// Top-level replies that stand.
    pub answers: u32,
    /// Votes on the opening post, up minus down.
    pub score: i64,
    /// The accepted answer's id.
    pub accepted: Option<String>,
    /// The accepted answer's number in its thread.
    #[serde(default)]
    pub accepted_number: Option<u32>,
    /// Nobody may reply.
    pub locked: bool,
    /// Kept on top of its space.
    pub pinned: bool,
    /// First words, of the public preview when gated.
    pub excerpt: String,
    /// Set when the reader may see the preview only.
    pub entitlement: Option<Gate>,
    /// The reader's marks.
    pub marks: Marks,
}

/// A page of threads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct ThreadPage {
    /// The threads.
    pub items: Vec<Thread>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Query of `GET /v1/feed`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct FeedQuery {
    /// Which view; `latest` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<View>,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100, 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// Query of `GET /v1/threads`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ThreadsQuery {
    /// In this space only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub space: Option<String>,
    /// Of this kind only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<Kind>,
    /// With this tag only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tag: Option<String>,
    /// In this state only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<State>,
    /// In this order; `active` when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100, 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// `POST /v1/threads`, with `Idempotency-Key`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewThread {
    /// Slug of the space.
    pub space: String,
    /// What it is.
    pub kind: Kind,
    /// 1 to 200 characters as a reader counts them, one line.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 1000))]
    pub title: String,
    /// Markdown, 1 byte to 64 KiB.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 65536))]
    pub body: String,
    /// Up to five of `a-z 0-9 - + # .`, at most 32 characters each.
    #[serde(default)]
    #[cfg_attr(feature = "server", schema(max_items = 5))]
    pub tags: Vec<String>,
}

/// `PATCH /v1/threads/{id}`, with `If-Match`: its author edits title and tags, staff also lock and pin.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditThread {
    /// New title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 1000))]
    pub title: Option<String>,
    /// New tags.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_items = 5))]
    pub tags: Option<Vec<String>>,
    /// Staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub locked: Option<bool>,
    /// Staff only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pinned: Option<bool>,
}

/// `PUT /v1/threads/{id}/read`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRead {
    /// Number of the last post read; 0 marks all unread.
    pub upto: u32,
}

/// `PUT /v1/threads/{id}/follow`, `/mute` and `/bookmark`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetMark {
    /// On or off.
    pub on: bool,
}

/// `PUT /v1/threads/{id}/accepted`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetAccepted {
    /// Id of the answer.
    #[cfg_attr(feature = "server", schema(pattern = "^[1-9][0-9]{0,18}$"))]
    pub post: String,
}
