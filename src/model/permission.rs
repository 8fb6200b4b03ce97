//! Who may read what. The one place where that is decided.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::base::ids::PlanId;
use crate::model::{
    ledger::Fact,
    member::Role,
    membership::{self, Derived, Standing},
    plan::Tier,
};

/// Why something is open or closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Because {
    /// Nothing is asked of anybody.
    Open,
    /// Staff keep order everywhere.
    Staff,
    /// The membership is high enough.
    Held,
    /// There never was a membership.
    NoMembership,
    /// The membership is of a lower tier.
    TierTooLow,
    /// There was a membership; it does not open doors now.
    Ended,
}

/// An answer, with what it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Decision {
    /// Whether the whole may be read.
    pub allowed: bool,
    /// Why.
    pub because: Because,
    /// What it takes, if it takes anything.
    pub required: Option<Tier>,
    /// What the reader holds.
    pub holds: Derived,
}

/// Decides whether a reader may read whole bodies where the space asks for `space` and the thread for `gate`.
///
/// The higher of the two counts. `ledger` holds the reader's facts; an empty one is a reader who never paid.
pub fn may_read(space: Option<&Tier>, gate: Option<&Tier>, role: Role, ledger: &[Fact], now: Timestamp) -> Decision {
    let holds = membership::derive(ledger, now);
    let required = [space, gate].into_iter().flatten().max_by_key(|t| t.rank).cloned();
    let (allowed, because) = match (&required, &holds.tier) {
        (None, _) => (true, Because::Open),
        (Some(_), _) if role.is_staff() => (true, Because::Staff),
        (Some(need), Some(tier)) if tier.rank >= need.rank => (true, Because::Held),
        (Some(_), Some(_)) => (false, Because::TierTooLow),
        (Some(_), None) if holds.standing == Standing::None => (false, Because::NoMembership),
        (Some(_), None) => (false, Because::Ended),
    };
    Decision { allowed, because, required, holds }
}

/// Whether a role may open a thread in a space that asks for `write`.
pub fn may_open(write: Role, role: Role) -> bool {
    role >= write
}

/// Whether somebody may accept an answer: the asker, or staff.
pub fn may_accept(is_asker: bool, role: Role) -> bool {
    is_asker || role.is_staff()
}

/// Whether a role may reply in a thread: a locked one is closed to all but staff, who say why, or what came after.
pub fn may_reply(locked: bool, role: Role) -> bool {
    !locked || role.is_staff()
}

/// The answer to `why`, as the reader sees it: rule, standing, and what would change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Access {
    /// The decision.
    pub decision: Decision,
    /// Plans that would open it, cheapest tier first.
    pub plans: Vec<PlanId>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ledger::{Bought, FactKind};
    use crate::model::plan::Interval;

    fn tier(rank: u8) -> Tier {
        Tier { slug: format!("t{rank}"), name: String::new(), rank }
    }

    fn paid(rank: u8) -> Vec<Fact> {
        let of = Bought { plan: PlanId::new("p"), tier: tier(rank), interval: Interval::Month };
        vec![Fact { at: Timestamp::UNIX_EPOCH, kind: FactKind::Paid(of) }]
    }

    #[test]
    fn every_combination_has_one_answer() {
        let now = Timestamp::UNIX_EPOCH;
        let later = "1980-01-01T00:00:00Z".parse().expect("an instant");
        let (one, two) = (tier(1), tier(2));
        let ask = |space, gate, role, facts: &[Fact], now| may_read(space, gate, role, facts, now).because;
        assert_eq!(ask(None, None, Role::Member, &[], now), Because::Open);
        assert_eq!(ask(Some(&one), None, Role::Member, &[], now), Because::NoMembership);
        assert_eq!(ask(Some(&one), None, Role::Expert, &[], now), Because::NoMembership);
        assert_eq!(ask(Some(&one), None, Role::Moderator, &[], now), Because::Staff);
        assert_eq!(ask(Some(&one), None, Role::Member, &paid(1), now), Because::Held);
        assert_eq!(ask(Some(&one), Some(&two), Role::Member, &paid(1), now), Because::TierTooLow);
        assert_eq!(ask(Some(&two), Some(&one), Role::Member, &paid(1), now), Because::TierTooLow);
        assert_eq!(ask(Some(&one), None, Role::Member, &paid(1), later), Because::Ended);
    }
}
