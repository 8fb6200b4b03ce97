//! What opens an account: its sessions, its personal access tokens and its second factor. Never a secret itself.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{
    ids::{SessionId, TokenId},
    text::Clean,
};

/// A session: one sign-in on one device.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenSession {
    /// Its id.
    pub id: SessionId,
    /// What the client called itself when it signed in; may be empty.
    pub client: Clean,
    /// When it was opened.
    pub created: Timestamp,
    /// When it was last used, as far as the community notes it.
    pub used: Timestamp,
    /// When it ends unless it is used.
    pub until: Timestamp,
    /// Whether it is this one.
    pub current: bool,
}

/// What a personal access token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Everything its owner may read.
    Read,
    /// And everything they may write, but for sessions, tokens, the second factor and roles.
    Write,
}

impl Scope {
    /// All scopes, least first.
    pub const ALL: [Self; 2] = [Self::Read, Self::Write];

    /// The word used on the wire and in commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == word)
    }
}

/// What a token may be used for, and until when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Credential {
    /// Whether it belongs to a session; else it is a personal access token.
    pub session: bool,
    /// What it may be used for. A session may do everything its owner may.
    pub scopes: Vec<Scope>,
    /// When it ends: a session, unless it is used.
    pub until: Timestamp,
}

/// A personal access token, without the token itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccessToken {
    /// Its id.
    pub id: TokenId,
    /// What it is for, in its owner's words.
    pub name: Clean,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// When it was made.
    pub created: Timestamp,
    /// When it was last used, if it ever was.
    pub used: Option<Timestamp>,
    /// When it ends.
    pub until: Timestamp,
}

/// A personal access token to be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewAccessToken {
    /// What it is for: 1 to 64 characters.
    pub name: String,
    /// What it may be used for; at least one.
    pub scopes: Vec<Scope>,
    /// Days until it ends.
    pub days: u32,
}

/// How the second factor stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SecondFactor {
    /// Whether signing in asks for a code.
    pub enabled: bool,
    /// Recovery codes that were not used yet.
    pub codes_left: u32,
}
