//! What a member holds, derived from the ledger for any instant. The same facts give the same answer for ever.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::{ids::PlanId, text::Clean};
use crate::model::{
    ledger::{Fact, FactKind},
    plan::Tier,
};
use chains::{Chains, last_day};

mod chains;
#[cfg(test)]
mod tests;

/// How long a failed renewal leaves the door open, in days.
pub const GRACE_DAYS: i64 = 7;

/// Where a member stands. Cancel, pause, refund, revoke and expire are different things.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Standing {
    /// Never held anything.
    #[default]
    None,
    /// Trying a plan.
    Trial,
    /// Paid for and renewing.
    Active,
    /// Paid for by somebody else.
    Gift,
    /// Given by staff.
    Granted,
    /// The renewal failed; the door stays open for [`GRACE_DAYS`].
    PastDue,
    /// Ends with the period that is paid for.
    Cancelled,
    /// Stopped by the member, the days left are kept.
    Paused,
    /// Ran out.
    Expired,
    /// Given back.
    Refunded,
    /// Taken away by staff.
    Revoked,
}

impl Standing {
    /// The word used on the wire and as a locale key.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Trial => "trial",
            Self::Active => "active",
            Self::Gift => "gift",
            Self::Granted => "granted",
            Self::PastDue => "past-due",
            Self::Cancelled => "cancelled",
            Self::Paused => "paused",
            Self::Expired => "expired",
            Self::Refunded => "refunded",
            Self::Revoked => "revoked",
        }
    }
}

/// What the facts come to at one instant.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Derived {
    /// Where the member stands.
    pub standing: Standing,
    /// What opens doors now; none when nothing does.
    pub tier: Option<Tier>,
    /// The plan behind it, also after it ended.
    pub plan: Option<PlanId>,
    /// Since when without a gap.
    pub since: Option<Timestamp>,
    /// Until when, or when it ended; none for no end.
    pub until: Option<Timestamp>,
    /// When the next payment is due, if one is.
    pub renews: Option<Timestamp>,
}

/// One line of a member's own history.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The fact's word ([`FactKind::word`]).
    pub fact: String,
    /// The plan it names.
    pub plan: Option<PlanId>,
}

/// A membership as its holder sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// What the facts come to.
    pub derived: Derived,
    /// What it gives, in words.
    pub gives: Vec<Clean>,
    /// The facts, oldest first.
    pub history: Vec<Entry>,
}

/// Folds the facts (in any order) into what is held at `now`. Facts of the future do not count yet.
pub fn derive(facts: &[Fact], now: Timestamp) -> Derived {
    let mut facts: Vec<&Fact> = facts.iter().filter(|f| f.at <= now).collect();
    facts.sort_by_key(|f| f.at);
    let mut chains = Chains::default();
    let mut grant: Option<(Tier, Timestamp, Option<Timestamp>)> = None;
    let mut revoked: Option<Timestamp> = None;
    for fact in facts {
        match &fact.kind {
            FactKind::Paid(of) => chains.paid(of, fact.at, Standing::Active),
            FactKind::Gift { of, .. } => chains.paid(of, fact.at, Standing::Gift),
            FactKind::Trial { of, days } => chains.trial(of, *days, fact.at),
            FactKind::Granted { tier, until, .. } => grant = Some((tier.clone(), fact.at, *until)),
            FactKind::Revoked { .. } => {
                (chains, grant, revoked) = (Chains::default(), None, Some(fact.at));
                continue;
            }
            other => {
                chains.turn(other, fact.at);
                continue;
            }
        }
        revoked = None;
    }
    if let Some(at) = revoked {
        return Derived { standing: Standing::Revoked, until: Some(at), ..Derived::default() };
    }
    let held = chains.at(now);
    let opens = |d: &Derived| d.tier.as_ref().map(|tier| (tier.rank, last_day(d)));
    match grant.map(|g| granted(g, now)) {
        Some(g) if opens(&g) >= opens(&held) && (g.tier.is_some() || held.standing == Standing::None) => g,
        _ => held,
    }
}

fn rank(d: &Derived) -> u8 {
    d.tier.as_ref().map_or(0, |t| t.rank)
}

fn granted((tier, since, until): (Tier, Timestamp, Option<Timestamp>), now: Timestamp) -> Derived {
    let open = until.is_none_or(|end| now < end);
    Derived {
        standing: if open { Standing::Granted } else { Standing::Expired },
        tier: open.then_some(tier),
        since: Some(since),
        until,
        ..Derived::default()
    }
}
