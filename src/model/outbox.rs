//! The outbox: changes on their way to the community, and the rules of their order. Where they are kept is the store's
//! concern, when they are sent the engine's.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{ids::IdempotencyKey, text::Clean};
use crate::model::change::Change;

/// Numbers an entry on this machine, in the order in which the entries were made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct EntryId(pub i64);

/// A change on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Its number.
    pub id: EntryId,
    /// Made once, when the person pressed send; every attempt goes under it.
    pub key: IdempotencyKey,
    /// What was asked for.
    pub change: Change,
    /// What it is about, in a line for lists: a thread's title. Not sent.
    pub about: String,
    /// Number of the last post of its thread when it was made: where it stands until the server has placed it.
    pub after: u32,
    /// When the person pressed send.
    pub made: Timestamp,
    /// How it stands.
    pub state: State,
    /// How often it was sent.
    pub tries: u32,
}

/// How a change on its way stands. One that arrived is no entry any more.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "word")]
pub enum State {
    /// Waits out the time in which it can be taken back.
    Held {
        /// When that is over.
        until: Timestamp,
    },
    /// Goes next.
    Queued,
    /// Was sent; nothing was heard yet.
    Sending,
    /// Failed for a reason that passes.
    Retry {
        /// When it goes again.
        at: Timestamp,
    },
    /// Whether it arrived is not known, and sending it again could double it: the community is looked at first.
    Unsure {
        /// When it is looked at.
        at: Timestamp,
    },
    /// Cannot go as it is: the person decides.
    Stuck {
        /// Why.
        why: Why,
        /// In the server's words; may be empty.
        detail: Clean,
    },
}

/// Why a change cannot go as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Why {
    /// What it is for is gone, or private.
    NotFound,
    /// The role may not.
    Forbidden,
    /// It takes a membership.
    Gated,
    /// The thread was locked, or the post edited elsewhere.
    Conflict,
    /// The server found fault with it.
    Invalid,
    /// Too large.
    TooLarge,
    /// The community cannot do that.
    Unsupported,
    /// The server failed at it again and again.
    Failing,
    /// It may have arrived or not, and nobody but the person can tell.
    Unknown,
}

impl Why {
    /// All reasons.
    pub const ALL: [Self; 9] = [
        Self::NotFound,
        Self::Forbidden,
        Self::Gated,
        Self::Conflict,
        Self::Invalid,
        Self::TooLarge,
        Self::Unsupported,
        Self::Failing,
        Self::Unknown,
    ];

    /// The last part of the keys of its sentences: `stuck.<word>` and `stuck.<word>.hint`.
    pub fn word(self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Forbidden => "forbidden",
            Self::Gated => "gated",
            Self::Conflict => "conflict",
            Self::Invalid => "invalid",
            Self::TooLarge => "too-large",
            Self::Unsupported => "unsupported",
            Self::Failing => "failing",
            Self::Unknown => "unknown",
        }
    }
}

impl State {
    /// Whether it can still be taken back or changed: it is not on its way this moment.
    pub fn is_at_rest(&self) -> bool {
        !matches!(self, Self::Sending | Self::Unsure { .. })
    }

    /// When something is to be done about it; none when that is up to somebody else, the instant itself when now.
    pub fn due(&self) -> Option<Timestamp> {
        match self {
            Self::Held { until } => Some(*until),
            Self::Queued => Some(Timestamp::MIN),
            Self::Retry { at } | Self::Unsure { at } => Some(*at),
            Self::Sending | Self::Stuck { .. } => None,
        }
    }
}

impl Change {
    /// Whether a person wrote it: it is never dropped, and it can become a draft again.
    pub fn is_text(&self) -> bool {
        matches!(self, Self::NewThread { .. } | Self::Reply { .. } | Self::Edit { .. })
    }

    /// What a change that sets something sets: of two that set the same only the later counts. None for text.
    pub fn sets(&self) -> Option<String> {
        match self {
            Self::NewThread { .. } | Self::Reply { .. } | Self::Edit { .. } => None,
            Self::Vote { post, .. } => Some(format!("vote {post}")),
            Self::Accept { thread, .. } => Some(format!("accept {thread}")),
            Self::Read { thread, .. } => Some(format!("read {thread}")),
            Self::Follow { thread, .. } => Some(format!("follow {thread}")),
            Self::Bookmark { thread, .. } => Some(format!("bookmark {thread}")),
            Self::Mute { thread, .. } => Some(format!("mute {thread}")),
            Self::Done { notification, .. } => Some(format!("done {notification}")),
        }
    }

    /// What it keeps its order in: of two changes in one lane the later waits for the earlier. Texts of one thread share
    /// a lane; what sets something has one for itself.
    pub fn lane(&self) -> String {
        match self {
            Self::NewThread { space, .. } => format!("space {space}"),
            Self::Reply { thread, .. } => format!("thread {thread}"),
            Self::Edit { post, .. } => format!("post {post}"),
            other => other.sets().unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::{PostId, ThreadId};

    #[test]
    fn texts_of_a_thread_keep_their_order_and_settings_stand_for_themselves() {
        let thread = ThreadId::new("1");
        let reply = |body: &str| Change::Reply { thread: thread.clone(), parent: None, body: body.into() };
        let read = |upto| Change::Read { thread: thread.clone(), upto };
        assert_eq!(reply("a").lane(), reply("b").lane());
        assert_eq!((reply("a").sets(), reply("a").is_text()), (None, true));
        assert_eq!(read(1).sets(), read(2).sets());
        assert_ne!(read(1).lane(), reply("a").lane());
        let vote = |post: &str| Change::Vote { post: PostId::new(post), value: 1 };
        assert_ne!(vote("1").sets(), vote("2").sets());
    }

    #[test]
    fn a_state_survives_being_written_down() {
        let at = Timestamp::UNIX_EPOCH;
        let mut states = vec![State::Held { until: at }, State::Queued, State::Sending, State::Retry { at }];
        states.extend(Why::ALL.map(|why| State::Stuck { why, detail: Clean::line("a\u{1b}b") }));
        for state in states {
            let text = serde_json::to_string(&state).unwrap();
            assert_eq!(serde_json::from_str::<State>(&text).unwrap(), state, "{text}");
        }
    }
}
