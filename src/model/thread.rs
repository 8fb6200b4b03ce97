//! Threads: an opening post and what follows it.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{
    ids::{PlanId, PostId, SpaceId, ThreadId},
    text::Clean,
};
use crate::model::{member::Author, plan::Tier};

/// What sort of thread it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Something to read.
    Article,
    /// Something to talk about.
    Discussion,
    /// Something to be answered.
    Question,
    /// News from those who run the place.
    Announcement,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 4] = [Self::Article, Self::Discussion, Self::Question, Self::Announcement];

    /// The word used on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Article => "article",
            Self::Discussion => "discussion",
            Self::Question => "question",
            Self::Announcement => "announcement",
        }
    }

    /// Reads the word back.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

/// Why the rest of a thread is closed to this reader, and what opens it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gate {
    /// Tier it takes.
    pub required: Tier,
    /// Plans that give it.
    pub plans: Vec<PlanId>,
}

/// What this reader has marked on a thread. A mark that was not known when it was written down is not set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Marks {
    /// Number of the last post read; 0 when never opened.
    pub read: u32,
    /// Whether new posts are reported to the inbox.
    pub follow: bool,
    /// Whether nothing of it is reported or counts as unread. Never together with `follow`.
    pub mute: bool,
    /// Kept for later.
    pub bookmark: bool,
}

impl Marks {
    /// Follows, which ends muting, or stops.
    pub fn set_follow(&mut self, on: bool) {
        self.follow = on;
        self.mute &= !on;
    }

    /// Mutes, which ends following, or stops.
    pub fn set_mute(&mut self, on: bool) {
        self.mute = on;
        self.follow &= !on;
    }
}

/// A thread as lists show it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Its id.
    pub id: ThreadId,
    /// Where it is.
    pub space: SpaceId,
    /// What it is.
    pub kind: Kind,
    /// One line.
    pub title: Clean,
    /// Who opened it.
    pub author: Author,
    /// Tags, lowercase.
    pub tags: Vec<Clean>,
    /// When it was opened.
    pub created: Timestamp,
    /// When it was last posted to.
    pub active: Timestamp,
    /// Number of the last post; the opening post is 1.
    pub last: u32,
    /// Top-level replies that stand; the answers of a question.
    pub answers: u32,
    /// Votes on the opening post, up minus down.
    pub score: i64,
    /// The accepted answer.
    pub accepted: Option<PostId>,
    /// Its number, where it is known.
    #[serde(default)]
    pub accepted_number: Option<u32>,
    /// Nobody may reply.
    pub locked: bool,
    /// Kept on top of its space.
    pub pinned: bool,
    /// First words, of the public preview when gated.
    pub excerpt: Clean,
    /// Set when this reader may see the preview only.
    pub gate: Option<Gate>,
    /// This reader's marks.
    pub marks: Marks,
}

impl Thread {
    /// How many posts this reader has not read.
    pub fn unread(&self) -> u32 {
        self.last.saturating_sub(self.marks.read)
    }

    /// Whether it counts as unread: there is something, and it is not muted.
    pub fn has_news(&self) -> bool {
        self.unread() > 0 && !self.marks.mute
    }

    /// Whether it is a question with an accepted answer.
    pub fn is_solved(&self) -> bool {
        self.accepted.is_some()
    }
}
