//! The delta feed and live events. Neither carries text that somebody wrote.

use serde::{Deserialize, Serialize};

use crate::model::change::Topic;

/// Something that changed. Also the `data:` of an event, with `seq` as its `id:`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Change {
    /// Its place in the sequence.
    pub seq: u64,
    /// What it touches.
    pub topic: Topic,
    /// The thread it touches.
    pub thread: Option<String>,
    /// Number of the post in its thread, where it touches one post: a new post, an edit, a vote, an accepted answer.
    pub post: Option<u32>,
}

/// `GET /v1/changes`: oldest first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Changes {
    /// The changes.
    pub items: Vec<Change>,
    /// What `after` should be next time. Lower than it was when the community went back in time, to a backup of it.
    pub last: u64,
    /// Whether more are waiting.
    pub more: bool,
}

/// Query of `GET /v1/changes`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct ChangesQuery {
    /// Changes after this one; the latest sequence number only, without items, when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<u64>,
    /// 1 to 100, 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}

/// What a write answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Written {
    /// The thread that was opened or written in.
    pub thread: String,
    /// The post that was written or changed.
    pub post: String,
    /// That post's number.
    pub number: u32,
}
