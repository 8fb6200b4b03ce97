//! Which threads a list is about.

use serde::{Deserialize, Serialize};

use crate::base::ids::SpaceId;
use crate::model::thread::Kind;

/// The feed's views.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum View {
    /// Newest activity first.
    #[default]
    Latest,
    /// Threads this reader follows.
    Following,
    /// Threads with unread posts that this reader has not muted.
    Unread,
    /// Of these, threads by tags and authors this reader has voted for, bookmarked or followed.
    ForYou,
}

impl View {
    /// All views in tab order.
    pub const ALL: [Self; 4] = [Self::Latest, Self::Following, Self::Unread, Self::ForYou];

    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Latest => "latest",
            Self::Following => "following",
            Self::Unread => "unread",
            Self::ForYou => "for-you",
        }
    }
}

/// Narrows a list of threads to a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Questions without an answer.
    Unanswered,
    /// Questions without an accepted answer.
    Open,
    /// Questions with one.
    Solved,
    /// Opened by this reader.
    Mine,
    /// Open questions of others with a tag this reader has had an answer accepted or voted up in.
    NeedsMe,
    /// Kept by this reader.
    Bookmarked,
}

impl State {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Unanswered => "unanswered",
            Self::Open => "open",
            Self::Solved => "solved",
            Self::Mine => "mine",
            Self::NeedsMe => "needs-me",
            Self::Bookmarked => "bookmarked",
        }
    }
}

/// The order of a list of threads.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Sort {
    /// Newest activity first, pinned before.
    #[default]
    Active,
    /// Newest first.
    Newest,
    /// Oldest first: what has waited longest.
    Oldest,
    /// Most votes first.
    Votes,
}

impl Sort {
    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
            Self::Votes => "votes",
        }
    }
}

/// Which threads, in which order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct ThreadQuery {
    /// In this space only.
    pub space: Option<SpaceId>,
    /// Of this kind only.
    pub kind: Option<Kind>,
    /// With this tag only.
    pub tag: Option<String>,
    /// In this state only.
    pub state: Option<State>,
    /// In this order.
    pub sort: Sort,
}
