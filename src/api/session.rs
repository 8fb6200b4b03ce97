//! One's own sessions and personal access tokens.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use crate::model::session::Scope;

/// A session: one sign-in on one device.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Session {
    /// Opaque.
    pub id: String,
    /// What the client called itself when it signed in; empty when it said nothing.
    pub client_name: String,
    /// When it was opened.
    pub created: Timestamp,
    /// When its tokens were last renewed.
    pub used: Timestamp,
    /// When it ends unless it is used.
    pub until: Timestamp,
    /// Whether it is the one that asks.
    pub current: bool,
}

/// `GET /v1/me/sessions`: those that have not ended, the one that asks first, then the last used first.
/// `DELETE /v1/me/sessions/{id}` ends one, `DELETE /v1/me/sessions` all but the one that asks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Sessions {
    /// The sessions.
    pub items: Vec<Session>,
}

/// `GET /v1/me/credential`: what the token that asks may be used for, and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Credential {
    /// Whether it belongs to a session; else it is a personal access token.
    pub session: bool,
    /// What it may be used for. A session may do everything its owner may.
    pub scopes: Vec<Scope>,
    /// When it ends: a session, unless it is used.
    pub until: Timestamp,
}

/// A personal access token, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccessToken {
    /// Opaque.
    pub id: String,
    /// What it is for, in its owner's words.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last used, to the hour; never when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub used: Option<Timestamp>,
    /// When it ends.
    pub until: Timestamp,
}

/// `GET /v1/me/tokens`: those that have not ended, newest first. `DELETE /v1/me/tokens/{id}` ends one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct AccessTokens {
    /// The tokens.
    pub items: Vec<AccessToken>,
}

/// `POST /v1/me/tokens`. Only a session may make one, never another personal access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccessToken {
    /// What it is for: 1 to 64 characters on one line.
    pub name: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<Scope>,
    /// Days until it ends, 1 to 366.
    pub days: u32,
}

/// The answer to [`NewAccessToken`]. The token is shown this once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct MadeAccessToken {
    /// The token: `lyp_…`, sent as `Authorization: Bearer`.
    pub token: String,
    /// What is known of it.
    #[serde(flatten)]
    pub about: AccessToken,
}
