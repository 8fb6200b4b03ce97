//! The ledger: append-only facts about money and grants. What a member holds is derived from them in
//! [`super::membership`]; nothing here is ever changed or deleted.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::ids::PlanId;
use crate::model::plan::{Interval, Tier};

/// What was bought or given: a plan as it was on that day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bought {
    /// Which plan.
    pub plan: PlanId,
    /// What it lifted the member to.
    pub tier: Tier,
    /// How long one payment lasts.
    pub interval: Interval,
}

/// Something that happened to one member's standing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum FactKind {
    /// A payment for one interval arrived.
    Paid(Bought),
    /// A trial began.
    Trial {
        /// Of which plan.
        of: Bought,
        /// Length in days.
        days: u32,
    },
    /// Somebody else paid one interval.
    Gift {
        /// Of which plan.
        of: Bought,
        /// From whom, in words.
        reason: String,
    },
    /// Staff gave a tier, with no end unless one is named.
    Granted {
        /// Which tier.
        tier: Tier,
        /// When it ends.
        until: Option<Timestamp>,
        /// Why.
        reason: String,
    },
    /// A renewal payment was tried and failed.
    Failed,
    /// The member asked to stop at the end of the period.
    Cancel,
    /// The member took that back.
    CancelUndone,
    /// The member paused: access stops, the days left are kept.
    Pause,
    /// The pause ended.
    Resume,
    /// The last payment was given back in full; what it bought ends.
    Refunded,
    /// Staff took everything away.
    Revoked {
        /// Why.
        reason: String,
    },
}

impl FactKind {
    /// The word used on the wire and as a locale key.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Paid(_) => "paid",
            Self::Trial { .. } => "trial",
            Self::Gift { .. } => "gift",
            Self::Granted { .. } => "granted",
            Self::Failed => "failed",
            Self::Cancel => "cancel",
            Self::CancelUndone => "cancel_undone",
            Self::Pause => "pause",
            Self::Resume => "resume",
            Self::Refunded => "refunded",
            Self::Revoked { .. } => "revoked",
        }
    }

    /// The plan it names, if any.
    pub fn plan(&self) -> Option<&PlanId> {
        match self {
            Self::Paid(of) | Self::Trial { of, .. } | Self::Gift { of, .. } => Some(&of.plan),
            _ => None,
        }
    }
}

/// One line of the ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fact {
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    #[serde(flatten)]
    pub kind: FactKind,
}
