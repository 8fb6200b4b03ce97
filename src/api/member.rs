//! Members and oneself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::member::Role;

/// Who wrote something.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Author {
    /// Unique name.
    pub username: String,
    /// Shown name.
    pub name: String,
    /// Role now.
    pub role: Role,
}

/// `GET /v1/members/{username}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Member {
    /// Unique name.
    pub username: String,
    /// Shown name.
    pub name: String,
    /// Role now.
    pub role: Role,
    /// What they say about themselves.
    pub bio: String,
    /// When they joined.
    pub joined: Timestamp,
    /// Posts that the reader may know of.
    pub posts: u32,
    /// Answers that were accepted.
    pub accepted: u32,
}

/// `GET /v1/me`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Me {
    /// Unique name.
    pub username: String,
    /// Shown name.
    pub name: String,
    /// Role now.
    pub role: Role,
    /// What they say about themselves.
    pub bio: String,
    /// Address for receipts.
    pub email: Option<String>,
    /// Open items in the inbox.
    pub inbox: u32,
}

/// `PATCH /v1/me`, with `If-Match`. Absent fields stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct EditMe {
    /// Shown name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 128))]
    pub name: Option<String>,
    /// What they say about themselves, at most 500 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 500))]
    pub bio: Option<String>,
    /// Address for receipts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 254))]
    pub email: Option<String>,
}

/// `PUT /v1/members/{username}/role`, owners only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct SetRole {
    /// The role to give.
    pub role: Role,
}
