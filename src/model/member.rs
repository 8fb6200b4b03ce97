//! People and their roles.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{ids::Username, text::Clean};

/// What a member may do, from least to most. Given by an owner, never chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Reads, asks, answers.
    #[default]
    Member,
    /// Answers by appointment; named as such beside what they write.
    Expert,
    /// Keeps order: accepts answers, locks and pins.
    Moderator,
    /// Runs the place: plans, roles, content.
    Owner,
}

impl Role {
    /// All roles, least first.
    pub const ALL: [Self; 4] = [Self::Member, Self::Expert, Self::Moderator, Self::Owner];

    /// The word used on the wire and in commands.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Expert => "expert",
            Self::Moderator => "moderator",
            Self::Owner => "owner",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    /// Whether this role keeps order (moderators and owners).
    pub fn is_staff(self) -> bool {
        self >= Self::Moderator
    }
}

/// Who wrote something: as much of a member as a list needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Author {
    /// Unique name.
    pub username: Username,
    /// Shown name.
    pub name: Clean,
    /// Role now, not when it was written.
    pub role: Role,
}

/// A member's public page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Name and role.
    pub author: Author,
    /// What they say about themselves.
    pub bio: Clean,
    /// When they joined.
    pub joined: Timestamp,
    /// Posts written that this reader may know of.
    pub posts: u32,
    /// Answers of theirs that were accepted.
    pub accepted: u32,
}

/// The person signed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Me {
    /// Name and role.
    pub author: Author,
    /// Address for receipts and notices, if given.
    pub email: Option<Clean>,
    /// Open items in the inbox.
    pub inbox: u32,
}
