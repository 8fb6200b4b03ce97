//! What was bought, given and tried, each in a chain of its own: one never shortens another. Which of them counts is
//! decided when somebody asks.

use jiff::{Timestamp, ToSpan, tz::TimeZone};

use super::{Derived, GRACE_DAYS, Standing, rank};
use crate::base::time::SignedDuration;
use crate::model::{
    ledger::{Bought, FactKind},
    plan::Interval,
};

/// Everything that is held by payments, gifts and trials. Those written last stand last.
#[derive(Default)]
pub(super) struct Chains(Vec<Chain>);

/// The periods of one plan that came one way: paid for, given, or tried.
struct Chain {
    of: Bought,
    kind: Standing,
    since: Timestamp,
    /// Periods are counted from here, so that 31 January + 1 month + 1 month is 31 March.
    anchor: Timestamp,
    /// One for each payment, never empty. The last one's end is the chain's.
    periods: Vec<Period>,
    failed: bool,
    cancelled: bool,
    paused: Option<Timestamp>,
    refunded: Option<Timestamp>,
}

/// What one payment bought.
#[derive(Clone, Copy)]
struct Period {
    paid: Timestamp,
    /// None for no end.
    end: Option<Timestamp>,
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

fn grace(end: Timestamp) -> Timestamp {
    end.saturating_add(SignedDuration::from_hours(24 * GRACE_DAYS)).unwrap_or(Timestamp::MAX)
}

impl Chains {
    /// A payment. Early or within the grace it goes on from where the last period of its chain ends; while that is
    /// paused, it ends the pause too.
    pub(super) fn paid(&mut self, of: &Bought, at: Timestamp, kind: Standing) {
        let since = self.since(at);
        let mut chain = match self.take(of, kind) {
            Some(chain) if chain.goes_on(at) => chain,
            _ => {
                let begun = Chain::begin(of, kind, since, at);
                return self.0.push(begun.ending(at, end_of(at, of.interval, 1)));
            }
        };
        chain.resume(at);
        let next = chain.next_end(of.interval);
        (chain.of, chain.failed, chain.cancelled) = (of.clone(), false, false);
        self.0.push(chain.ending(at, next));
    }

    /// A trial, beside whatever else is held.
    pub(super) fn trial(&mut self, of: &Bought, days: u32, at: Timestamp) {
        let end = at.saturating_add(SignedDuration::from_hours(24 * i64::from(days))).unwrap_or(Timestamp::MAX);
        let since = self.since(at);
        self.take(of, Standing::Trial);
        self.0.push(Chain::begin(of, Standing::Trial, since, at).ending(at, Some(end)));
    }

    /// A fact that names no plan. A pause stops all that runs; a refund is of the last payment that was not given back;
    /// the rest is about what renews.
    pub(super) fn turn(&mut self, fact: &FactKind, at: Timestamp) {
        match fact {
            FactKind::Pause => self.0.iter_mut().filter(|c| c.runs(at)).for_each(|c| c.paused = Some(at)),
            FactKind::Resume => self.0.iter_mut().for_each(|c| c.resume(at)),
            FactKind::Refunded => {
                let given = self.0.iter_mut().filter(|c| c.kind != Standing::Trial && c.refunded.is_none());
                if let Some(chain) = given.max_by_key(|c| c.last().paid) {
                    chain.refund(at);
                }
            }
            FactKind::Failed => self.renewing(at, |c| c.failed = true),
            FactKind::Cancel => self.renewing(at, |c| c.cancelled = true),
            FactKind::CancelUndone => self.renewing(at, |c| c.cancelled = false),
            _ => {}
        }
    }

    /// Turns the chain that renews: the one paid for last, else the one given or begun last.
    fn renewing(&mut self, at: Timestamp, turn: impl FnOnce(&mut Chain)) {
        let standing = self.0.iter_mut().filter(|c| c.goes_on(at));
        if let Some(chain) = standing.max_by_key(|c| (c.kind == Standing::Active, c.last().paid)) {
            turn(chain);
        }
    }

    /// The best at an instant: the highest tier, then what is not a trial, then what lasts longest. Where nothing opens
    /// doors, what is paused, else what ended last.
    pub(super) fn at(&self, now: Timestamp) -> Derived {
        let held: Vec<Derived> = self.0.iter().map(|chain| chain.at(now)).collect();
        let open = |d: &&Derived| d.tier.is_some();
        let of_rank = |d: &Derived| (rank(d), d.standing != Standing::Trial, last_day(d));
        if let Some(best) = held.iter().filter(open).max_by_key(|d| of_rank(d)) {
            let ends = held.iter().filter(open).filter(|d| rank(d) == rank(best));
            let until = ends.max_by_key(|d| last_day(d)).and_then(|d| d.until);
            return Derived { until, renews: self.renews(now), ..best.clone() };
        }
        held.into_iter().max_by_key(|d| (d.standing == Standing::Paused, d.until)).unwrap_or_default()
    }

    /// When the next payment is due. Whoever paid for another plan has changed to that one.
    fn renews(&self, now: Timestamp) -> Option<Timestamp> {
        let bought = self.0.iter().filter(|c| c.kind == Standing::Active && c.refunded.is_none());
        let paid = bought.max_by_key(|c| c.last().paid)?.at(now);
        paid.until.filter(|_| paid.standing == Standing::Active)
    }

    /// Since when something is held without a gap, for what begins at `at`.
    fn since(&self, at: Timestamp) -> Timestamp {
        let held = self.0.iter().filter(|c| c.goes_on(at) && c.paused.is_none());
        held.map(|c| c.since).min().unwrap_or(at)
    }

    fn take(&mut self, of: &Bought, kind: Standing) -> Option<Chain> {
        // A plan that is paid in another rhythm now counts from anew.
        let same = |c: &Chain| c.kind == kind && c.of.plan == of.plan && c.of.interval == of.interval;
        let place = self.0.iter().position(same)?;
        Some(self.0.remove(place))
    }
}

/// The end for comparisons: none is later than any.
pub(super) fn last_day(d: &Derived) -> Timestamp {
    d.until.unwrap_or(Timestamp::MAX)
}

impl Chain {
    fn begin(of: &Bought, kind: Standing, since: Timestamp, anchor: Timestamp) -> Self {
        let (of, periods) = (of.clone(), Vec::new());
        Self { of, kind, since, anchor, periods, failed: false, cancelled: false, paused: None, refunded: None }
    }

    fn ending(mut self, paid: Timestamp, end: Option<Timestamp>) -> Self {
        self.periods.push(Period { paid, end });
        self
    }

    fn last(&self) -> Period {
        self.periods.last().copied().unwrap_or(Period { paid: self.anchor, end: Some(self.anchor) })
    }

    /// Whether it is open at an instant, without any grace.
    fn runs(&self, at: Timestamp) -> bool {
        self.refunded.is_none() && self.paused.is_none() && self.last().end.is_none_or(|end| at < end)
    }

    /// Whether a payment then would go on with it.
    fn goes_on(&self, at: Timestamp) -> bool {
        let kept = self.paused.is_some() || self.last().end.is_none_or(|end| at <= grace(end));
        self.refunded.is_none() && kept
    }

    /// Counted from the anchor, and never shorter than an interval.
    fn next_end(&self, interval: Interval) -> Option<Timestamp> {
        let count = i64::try_from(self.periods.len()).unwrap_or(i64::MAX).saturating_add(1);
        let after_last = end_of(self.last().end?, interval, 1)?;
        end_of(self.anchor, interval, count).map(|end| end.max(after_last))
    }

    fn resume(&mut self, at: Timestamp) {
        let Some(start) = self.paused.take() else { return };
        let kept = at.duration_since(start);
        for period in self.periods.iter_mut().filter(|period| period.end.is_some_and(|end| end > start)) {
            period.end = period.end.and_then(|end| end.checked_add(kept).ok());
        }
        self.anchor = self.anchor.checked_add(kept).unwrap_or(self.anchor);
    }

    /// Takes back what the last payment bought. An earlier period that still runs goes on.
    fn refund(&mut self, at: Timestamp) {
        let mut earlier = self.periods.iter().rev().skip(1);
        let since = self.paused.unwrap_or(at);
        if earlier.next().is_some_and(|period| period.end.is_none_or(|end| since < end)) {
            self.periods.pop();
        } else {
            self.refunded = Some(at);
        }
    }

    fn at(&self, now: Timestamp) -> Derived {
        let end = self.last().end;
        let over = end.is_some_and(|end| now >= end);
        let in_grace = self.failed && !self.cancelled && end.is_some_and(|end| now < grace(end));
        let (standing, open, until) = match (self.refunded, self.paused) {
            (Some(at), _) => (Standing::Refunded, false, Some(at)),
            (None, Some(at)) => (Standing::Paused, false, Some(at)),
            _ if over && in_grace => (Standing::PastDue, true, end.map(grace)),
            _ if over => (Standing::Expired, false, end),
            _ if self.cancelled => (Standing::Cancelled, true, end),
            _ if self.failed => (Standing::PastDue, true, end.map(grace)),
            _ => (self.kind, true, end),
        };
        Derived {
            standing,
            tier: open.then(|| self.of.tier.clone()),
            plan: Some(self.of.plan.clone()),
            since: Some(self.since),
            until,
            renews: None,
        }
    }
}
