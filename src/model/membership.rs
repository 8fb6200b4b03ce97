//! What a member holds, derived from the ledger for any instant. The same facts give the same answer for ever.

use jiff::{Timestamp, ToSpan, tz::TimeZone};
use serde::{Deserialize, Serialize};

use crate::base::{ids::PlanId, text::Clean, time::SignedDuration};
use crate::model::{
    ledger::{Bought, Fact, FactKind},
    plan::{Interval, Tier},
};

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

/// What was bought, and the chain of periods it belongs to.
#[derive(Clone)]
struct Subscription {
    of: Bought,
    kind: Standing,
    since: Timestamp,
    /// Periods are counted from here, so that 31 January + 1 month + 1 month is 31 March.
    anchor: Timestamp,
    periods: i64,
    until: Option<Timestamp>,
    failed: bool,
    cancelled: bool,
    paused: Option<Timestamp>,
    ended: Option<(Timestamp, Standing)>,
}

/// Folds the facts (in any order) into what is held at `now`. Facts of the future do not count yet.
pub fn derive(facts: &[Fact], now: Timestamp) -> Derived {
    let mut facts: Vec<&Fact> = facts.iter().filter(|f| f.at <= now).collect();
    facts.sort_by_key(|f| f.at);
    let mut subscription: Option<Subscription> = None;
    let mut grant: Option<(Tier, Timestamp, Option<Timestamp>)> = None;
    let mut revoked: Option<Timestamp> = None;
    for fact in facts {
        match &fact.kind {
            FactKind::Paid(of) => subscription = Some(paid(subscription, of, fact.at, Standing::Active)),
            FactKind::Gift { of, .. } => subscription = Some(paid(subscription, of, fact.at, Standing::Gift)),
            FactKind::Trial { of, days } => subscription = Some(trial(of, *days, fact.at)),
            FactKind::Granted { tier, until, .. } => grant = Some((tier.clone(), fact.at, *until)),
            FactKind::Revoked { .. } => {
                (subscription, grant, revoked) = (None, None, Some(fact.at));
                continue;
            }
            other => {
                if let Some(s) = &mut subscription {
                    s.turn(other, fact.at);
                }
                continue;
            }
        }
        revoked = None;
    }
    if let Some(at) = revoked {
        return Derived { standing: Standing::Revoked, until: Some(at), ..Derived::default() };
    }
    let held = subscription.map(|s| s.at(now)).unwrap_or_default();
    match grant.map(|g| granted(g, now)) {
        Some(g) if rank(&g) >= rank(&held) && (g.tier.is_some() || held.standing == Standing::None) => g,
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

/// The end of the `periods`th interval after `anchor`, in UTC; a day that the month lacks becomes its last.
fn end_of(anchor: Timestamp, interval: Interval, periods: i64) -> Option<Timestamp> {
    let span = match interval {
        Interval::Month => periods.months(),
        Interval::Year => periods.years(),
        Interval::Once => return None,
    };
    anchor.to_zoned_datetime(TimeZone::UTC).checked_add(span).ok().map(|end| end.timestamp())
}

fn paid(before: Option<Subscription>, of: &Bought, at: Timestamp, kind: Standing) -> Subscription {
    let open = before.filter(|s| s.ended.is_none() && s.paused.is_none() && s.until.is_none_or(|end| at <= grace(end)));
    let (since, anchor, periods) = match open {
        // A renewal, early or within the grace: the chain goes on from where the last period ends.
        Some(s) if s.of.plan == of.plan && s.kind == kind => (s.since, s.anchor, s.periods + 1),
        // From a trial or another plan: a new chain, but held without a gap.
        Some(s) => (s.since, at, 1),
        None => (at, at, 1),
    };
    Subscription {
        until: end_of(anchor, of.interval, periods),
        of: of.clone(),
        kind,
        since,
        anchor,
        periods,
        failed: false,
        cancelled: false,
        paused: None,
        ended: None,
    }
}

fn trial(of: &Bought, days: u32, at: Timestamp) -> Subscription {
    let until = at.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX);
    Subscription { until: Some(until), ..paid(None, of, at, Standing::Trial) }
}

fn grace(end: Timestamp) -> Timestamp {
    end.saturating_add(SignedDuration::from_hours(24 * GRACE_DAYS)).unwrap_or(Timestamp::MAX)
}

impl Subscription {
    fn turn(&mut self, fact: &FactKind, at: Timestamp) {
        match fact {
            FactKind::Failed => self.failed = true,
            FactKind::Cancel => self.cancelled = true,
            FactKind::CancelUndone => self.cancelled = false,
            FactKind::Pause => self.paused = self.paused.or(Some(at)),
            FactKind::Resume => {
                if let Some(start) = self.paused.take() {
                    let kept = at.duration_since(start);
                    self.until = self.until.and_then(|end| end.checked_add(kept).ok());
                    self.anchor = self.anchor.checked_add(kept).unwrap_or(self.anchor);
                }
            }
            FactKind::Refunded => self.ended = Some((at, Standing::Refunded)),
            _ => {}
        }
    }

    fn at(self, now: Timestamp) -> Derived {
        let over = self.until.is_some_and(|end| now >= end);
        let in_grace = self.failed && !self.cancelled && self.until.is_some_and(|end| now < grace(end));
        let (standing, open, until) = match (self.ended, self.paused) {
            (Some((at, standing)), _) => (standing, false, Some(at)),
            (None, Some(at)) if self.until.is_none_or(|end| at < end) => (Standing::Paused, false, Some(at)),
            _ if over && in_grace => (Standing::PastDue, true, self.until.map(grace)),
            _ if over => (Standing::Expired, false, self.until),
            _ if self.cancelled => (Standing::Cancelled, true, self.until),
            _ if self.failed => (Standing::PastDue, true, self.until.map(grace)),
            _ => (self.kind, true, self.until),
        };
        let renews = matches!(standing, Standing::Active).then_some(self.until).flatten();
        Derived {
            standing,
            tier: open.then_some(self.of.tier),
            plan: Some(self.of.plan),
            since: Some(self.since),
            until,
            renews,
        }
    }
}
