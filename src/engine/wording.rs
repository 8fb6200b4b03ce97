//! What a membership comes to and how long ago things were, in sentences: for the screen and the command line alike.
//! Nothing here knows of places on the screen.

use crate::base::time::{Age, TimeZone, Timestamp, age, days_until};
use crate::config::locale::Catalog;
use crate::model::{
    membership::{Derived, Entry, Standing},
    notification::Reason,
    permission::{Access, Because},
    plan::{Interval, Plan},
};

/// What it takes to say when something is: the language, the reader's zone and the instant now.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The sentences.
    pub catalog: &'a Catalog,
    /// The reader's zone.
    pub zone: &'a TimeZone,
    /// The instant now.
    pub now: Timestamp,
    /// Whether dates are written as ISO 8601 has them.
    pub is_iso: bool,
}

impl Words<'_> {
    /// A day, as the language writes it.
    pub fn date(&self, at: Timestamp) -> String {
        let at = at.to_zoned_datetime(self.zone.clone());
        if self.is_iso { at.strftime("%Y-%m-%d").to_string() } else { self.catalog.date("date.full", &at) }
    }

    /// How long ago something was: `3 h`.
    pub fn age(&self, then: Timestamp) -> String {
        let (key, n) = match age(self.now, then) {
            Age::Now => return self.catalog.get("age.now").to_owned(),
            Age::Minutes(n) => ("age.minutes", n),
            Age::Hours(n) => ("age.hours", n),
            Age::Days(n) => ("age.days", n),
            Age::Months(n) => ("age.months", n),
            Age::Years(n) => ("age.years", n),
        };
        self.catalog.fill(key, &[("n", &n.to_string())])
    }

    /// That something is as it was then: `as of 3 h ago`.
    pub fn as_of(&self, then: Timestamp) -> String {
        match age(self.now, then) {
            Age::Now => self.catalog.get("list.stale-now").to_owned(),
            _ => self.catalog.fill("list.stale", &[("age", &self.age(then))]),
        }
    }

    /// How many midnights of the reader's zone away: `98 days`, `today`. The past is today.
    pub fn days_until(&self, at: Timestamp) -> String {
        match days_until(self.now, at, self.zone) {
            0 => self.catalog.get("membership.today").to_owned(),
            days => self.catalog.count("membership.days", days),
        }
    }

    /// Where somebody stands, in a sentence.
    pub fn standing(&self, held: &Derived) -> String {
        let word = held.standing.as_str();
        match held.until {
            Some(until) => {
                let (date, days) = (self.date(until), self.days_until(until));
                self.catalog.fill(&format!("membership.say.{word}.dated"), &[("date", &date), ("days", &days)])
            }
            None => self.catalog.get(&format!("membership.say.{word}.open")).to_owned(),
        }
    }

    /// Where somebody stands, in a word.
    pub fn word(&self, standing: Standing) -> String {
        self.catalog.get(&format!("membership.word.{}", standing.as_str())).to_owned()
    }

    /// Since when, until when and when the next payment is due, as far as each is known.
    pub fn period(&self, held: &Derived) -> Vec<String> {
        let dated = |key: &str, at: Timestamp| self.catalog.fill(key, &[("date", &self.date(at))]);
        let mut parts = Vec::new();
        parts.extend(held.since.map(|at| dated("membership.since", at)));
        match (held.until, held.tier.is_some()) {
            (Some(at), true) => parts.push(dated("membership.until", at)),
            (Some(at), false) if held.standing != Standing::Paused => parts.push(dated("membership.ended_on", at)),
            (None, true) => parts.push(self.catalog.get("membership.no_end").to_owned()),
            _ => {}
        }
        parts.extend(held.renews.filter(|at| held.until != Some(*at)).map(|at| dated("membership.renews", at)));
        parts
    }

    /// What a plan costs, per interval.
    pub fn price(&self, plan: &Plan) -> String {
        let key = match plan.interval {
            Interval::Month => "membership.interval.month",
            Interval::Year => "membership.interval.year",
            Interval::Once => "membership.interval.once",
        };
        self.catalog.fill(key, &[("price", &plan.price.to_string())])
    }

    /// A fact of the ledger, with the name of the plan it is about.
    pub fn fact(&self, entry: &Entry, plans: &[Plan]) -> String {
        let key = format!("membership.fact.{}", entry.fact);
        let what = if self.catalog.has(&key) {
            self.catalog.get(&key).to_owned()
        } else {
            self.catalog.fill("membership.fact.unknown", &[("word", &entry.fact)])
        };
        let plan = entry.plan.as_ref().map(|id| plans.iter().find(|p| p.id == *id).map_or(id.as_str(), |p| &p.name));
        plan.map_or(what.clone(), |plan| self.about(&what, plan))
    }

    /// `what: more`, in the language's own signs.
    fn about(&self, what: &str, more: &str) -> String {
        self.catalog.fill("membership.about", &[("what", what), ("more", more)])
    }

    /// Why something is open or closed, then what would open it, a plan a line.
    pub fn why(&self, access: &Access, plans: &[Plan]) -> Vec<String> {
        let because = match access.decision.because {
            Because::Open => "open",
            Because::Staff => "staff",
            Because::Held => "held",
            Because::NoMembership => "no-membership",
            Because::TierTooLow => "tier-too-low",
            Because::Ended => "ended",
        };
        let name = |tier: &Option<crate::model::plan::Tier>| tier.as_ref().map(|t| t.name.clone()).unwrap_or_default();
        let (required, holds) = (name(&access.decision.required), name(&access.decision.holds.tier));
        let values = [("required", required.as_str()), ("holds", holds.as_str())];
        let mut said = vec![self.catalog.fill(&format!("membership.why.{because}"), &values)];
        if access.decision.because == Because::Ended {
            said.push(self.standing(&access.decision.holds));
        }
        if !access.decision.allowed {
            let key = if access.plans.is_empty() { "membership.why.no_plan" } else { "membership.why.opened_by" };
            said.push(self.catalog.get(key).to_owned());
            for id in &access.plans {
                let plan = plans.iter().find(|plan| plan.id == *id);
                said.push(plan.map_or_else(|| id.to_string(), |plan| self.about(&plan.name, &self.price(plan))));
            }
        }
        said
    }
}

/// The sentence that says why something is in the inbox, by its key.
pub fn reason_key(reason: Reason) -> &'static str {
    match reason {
        Reason::Mention => "inbox.reason.mention",
        Reason::Reply => "inbox.reason.reply",
        Reason::Answer => "inbox.reason.answer",
        Reason::Accepted => "inbox.reason.accepted",
        Reason::Membership => "inbox.reason.membership",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::PlanId;
    use crate::config::locale::Language;
    use crate::model::plan::Tier;

    const STANDINGS: [Standing; 11] = [
        Standing::None,
        Standing::Trial,
        Standing::Active,
        Standing::Gift,
        Standing::Granted,
        Standing::PastDue,
        Standing::Cancelled,
        Standing::Paused,
        Standing::Expired,
        Standing::Refunded,
        Standing::Revoked,
    ];

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn say<T>(language: Language, now: &str, with: impl Fn(Words<'_>) -> T) -> T {
        let catalog = Catalog::new(language);
        with(Words { catalog: &catalog, zone: &TimeZone::UTC, now: at(now), is_iso: false })
    }

    #[test]
    fn every_standing_has_its_own_sentence_in_every_language() {
        for language in Language::ALL {
            let mut said = Vec::new();
            for standing in STANDINGS {
                for until in [Some(at("2027-03-01T00:00:00Z")), None] {
                    let held = Derived { standing, until, ..Derived::default() };
                    let sentence = say(language, "2026-11-23T12:00:00Z", |w| w.standing(&held));
                    assert!(!sentence.contains(['{', '}']) && !sentence.starts_with("membership."), "{sentence}");
                    assert!(standing == Standing::None || !said.contains(&sentence), "twice: {sentence}");
                    said.push(sentence);
                }
                let word = say(language, "2026-11-23T12:00:00Z", |w| w.word(standing));
                assert!(!word.starts_with("membership."), "{word}");
            }
        }
    }

    #[test]
    fn days_are_counted_by_the_readers_midnights() {
        let zone = TimeZone::fixed(jiff::tz::offset(8));
        let catalog = Catalog::new(Language::English);
        let words = Words { catalog: &catalog, zone: &zone, now: at("2026-11-23T15:30:00Z"), is_iso: false };
        // 23:30 there; half an hour later it is another day.
        assert_eq!(words.days_until(at("2026-11-23T15:59:00Z")), "today");
        assert_eq!(words.days_until(at("2026-11-23T16:00:00Z")), "1 day");
        assert_eq!(words.days_until(at("2027-03-01T00:00:00Z")), "98 days");
        assert_eq!(words.days_until(at("2020-01-01T00:00:00Z")), "today");
        assert_eq!(words.date(at("2026-11-23T16:00:00Z")), "24 Nov 2026");
        assert_eq!(say(Language::Chinese, "2026-11-23T00:00:00Z", |w| w.date(w.now)), "2026年11月23日");
    }

    #[test]
    fn why_names_the_rule_what_is_held_and_what_opens_it() {
        let tier = |name: &str| Some(Tier { slug: name.to_lowercase(), name: name.into(), rank: 1 });
        let mut access = Access {
            decision: crate::model::permission::Decision {
                allowed: false,
                because: Because::TierTooLow,
                required: tier("Studio"),
                holds: Derived { tier: tier("Pro"), ..Derived::default() },
            },
            plans: vec![PlanId::new("studio-year")],
        };
        let why = |access: &Access| say(Language::English, "2026-11-23T00:00:00Z", |w| w.why(access, &[]));
        assert_eq!(why(&access), ["It takes Studio. You hold Pro, which is lower.", "What opens it:", "studio-year"]);
        access.plans.clear();
        assert_eq!(why(&access)[1], "No plan on sale opens it; the host can grant access.");
        access.decision.because = Because::Ended;
        access.decision.holds =
            Derived { standing: Standing::Refunded, until: Some(at("2026-10-02T00:00:00Z")), ..Derived::default() };
        assert_eq!(why(&access)[1], "The payment was given back on 2 Oct 2026, and what it bought ended then.");
    }
}
