use super::*;
use crate::model::ledger::Bought;
use crate::model::plan::Interval;

fn at(text: &str) -> Timestamp {
    text.parse().expect("an RFC 3339 instant")
}

fn tier(slug: &str, rank: u8) -> Tier {
    Tier { slug: slug.into(), name: slug.into(), rank }
}

fn pro(interval: Interval) -> Bought {
    Bought { plan: PlanId::new("pro"), tier: tier("pro", 1), interval }
}

fn facts(list: &[(&str, FactKind)]) -> Vec<Fact> {
    list.iter().map(|(when, kind)| Fact { at: at(when), kind: kind.clone() }).collect()
}

fn standing(list: &[(&str, FactKind)], now: &str) -> (Standing, Option<Timestamp>) {
    let d = derive(&facts(list), at(now));
    (d.standing, d.until)
}

#[test]
fn month_ends_clamp_and_come_back() {
    let list = [
        ("2026-01-31T10:00:00Z", FactKind::Paid(pro(Interval::Month))),
        ("2026-02-28T09:00:00Z", FactKind::Paid(pro(Interval::Month))),
    ];
    assert_eq!(standing(&list[..1], "2026-02-01T00:00:00Z").1, Some(at("2026-02-28T10:00:00Z")));
    assert_eq!(standing(&list, "2026-03-01T00:00:00Z").1, Some(at("2026-03-31T10:00:00Z")));
}

#[test]
fn a_leap_day_year_ends_on_the_28th() {
    let list = [("2028-02-29T00:00:00Z", FactKind::Paid(pro(Interval::Year)))];
    assert_eq!(standing(&list, "2028-03-01T00:00:00Z").1, Some(at("2029-02-28T00:00:00Z")));
}

#[test]
fn a_failed_renewal_keeps_the_door_open_for_the_grace_only() {
    let list =
        [("2026-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Month))), ("2026-02-01T00:00:00Z", FactKind::Failed)];
    let open = derive(&facts(&list), at("2026-02-05T00:00:00Z"));
    assert_eq!((open.standing, open.tier.is_some()), (Standing::PastDue, true));
    let shut = derive(&facts(&list), at("2026-02-08T00:00:00Z"));
    assert_eq!((shut.standing, shut.tier), (Standing::Expired, None));
}

#[test]
fn a_payment_within_the_grace_continues_the_chain() {
    let list = [
        ("2026-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Month))),
        ("2026-02-01T00:00:00Z", FactKind::Failed),
        ("2026-02-05T00:00:00Z", FactKind::Paid(pro(Interval::Month))),
    ];
    let d = derive(&facts(&list), at("2026-02-06T00:00:00Z"));
    assert_eq!((d.standing, d.until), (Standing::Active, Some(at("2026-03-01T00:00:00Z"))));
    assert_eq!(d.since, Some(at("2026-01-01T00:00:00Z")));
}

#[test]
fn cancel_keeps_what_is_paid_for_and_can_be_taken_back() {
    let mut list =
        vec![("2026-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Year))), ("2026-03-01T00:00:00Z", FactKind::Cancel)];
    let d = derive(&facts(&list), at("2026-06-01T00:00:00Z"));
    assert_eq!((d.standing, d.tier.is_some(), d.renews), (Standing::Cancelled, true, None));
    assert_eq!(standing(&list, "2027-01-01T00:00:00Z").0, Standing::Expired);
    list.push(("2026-04-01T00:00:00Z", FactKind::CancelUndone));
    let d = derive(&facts(&list), at("2026-06-01T00:00:00Z"));
    assert_eq!((d.standing, d.renews), (Standing::Active, Some(at("2027-01-01T00:00:00Z"))));
}

#[test]
fn a_pause_shuts_the_door_and_keeps_the_days() {
    let list = [
        ("2026-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Month))),
        ("2026-01-11T00:00:00Z", FactKind::Pause),
        ("2026-03-11T00:00:00Z", FactKind::Resume),
    ];
    let paused = derive(&facts(&list), at("2026-03-01T00:00:00Z"));
    assert_eq!((paused.standing, paused.tier), (Standing::Paused, None));
    assert_eq!(standing(&list, "2026-03-12T00:00:00Z"), (Standing::Active, Some(at("2026-04-01T00:00:00Z"))));
}

#[test]
fn refund_revoke_and_expiry_are_told_apart() {
    let mut list = vec![("2026-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Year)))];
    list.push(("2026-01-05T00:00:00Z", FactKind::Refunded));
    assert_eq!(standing(&list, "2026-02-01T00:00:00Z"), (Standing::Refunded, Some(at("2026-01-05T00:00:00Z"))));
    list[1].1 = FactKind::Revoked { reason: "spam".into() };
    let d = derive(&facts(&list), at("2026-02-01T00:00:00Z"));
    assert_eq!((d.standing, d.tier), (Standing::Revoked, None));
    list.push(("2026-01-20T00:00:00Z", FactKind::Paid(pro(Interval::Year))));
    assert_eq!(standing(&list, "2026-02-01T00:00:00Z").0, Standing::Active);
}

#[test]
fn the_higher_of_grant_and_subscription_counts() {
    let studio = FactKind::Granted { tier: tier("studio", 2), until: None, reason: "expert".into() };
    let list =
        [("2026-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Month))), ("2026-01-02T00:00:00Z", studio.clone())];
    let d = derive(&facts(&list), at("2026-01-10T00:00:00Z"));
    assert_eq!((d.standing, d.tier), (Standing::Granted, Some(tier("studio", 2))));
    assert_eq!(derive(&facts(&list[1..]), at("2030-01-01T00:00:00Z")).standing, Standing::Granted);
}

#[test]
fn facts_of_the_future_and_their_order_do_not_matter() {
    let mut list = facts(&[
        ("2026-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Month))),
        ("2026-01-03T00:00:00Z", FactKind::Cancel),
        ("2027-01-01T00:00:00Z", FactKind::Paid(pro(Interval::Month))),
    ]);
    let now = at("2026-01-10T00:00:00Z");
    let forward = derive(&list, now);
    list.reverse();
    assert_eq!(derive(&list, now), forward);
    assert_eq!(forward.standing, Standing::Cancelled);
}

fn of(plan: &str) -> Bought {
    let (tier, interval) = match plan {
        "pro-month" => (tier("pro", 1), Interval::Month),
        "pro-year" => (tier("pro", 1), Interval::Year),
        "studio-month" => (tier("studio", 2), Interval::Month),
        other => panic!("no plan {other}"),
    };
    Bought { plan: PlanId::new(plan), tier, interval }
}

/// A ledger in short: `paid pro-year 2026-01-01`, `trial pro-month 30 2026-01-01`, `cancel 2026-02-01`; all at noon.
fn ledger(lines: &[&str]) -> Vec<Fact> {
    let read = |line: &&str| {
        let (what, day) = line.rsplit_once(' ').expect("a day");
        let kind = match *what.split(' ').collect::<Vec<_>>() {
            ["paid", plan] => FactKind::Paid(of(plan)),
            ["gift", plan] => FactKind::Gift { of: of(plan), reason: String::new() },
            ["trial", plan, days] => FactKind::Trial { of: of(plan), days: days.parse().expect("days") },
            ["cancel"] => FactKind::Cancel,
            ["failed"] => FactKind::Failed,
            ["pause"] => FactKind::Pause,
            ["resume"] => FactKind::Resume,
            ["refunded"] => FactKind::Refunded,
            _ => panic!("no fact {what}"),
        };
        Fact { at: noon(day), kind }
    };
    lines.iter().map(read).collect()
}

fn noon(day: &str) -> Timestamp {
    at(&format!("{day}T12:00:00Z"))
}

/// A day, and what is held in its evening: standing, plan, tier (`-` for none), until, renews.
type Then<'a> = (&'a str, Standing, &'a str, &'a str, &'a str, &'a str);

fn holds(lines: &[&str], table: &[Then<'_>]) {
    let facts = ledger(lines);
    for (day, standing, plan, tier, until, renews) in table {
        let d = derive(&facts, at(&format!("{day}T18:00:00Z")));
        let shown = |at: Option<Timestamp>| at.map_or("-".to_owned(), |at| at.strftime("%F").to_string());
        let word = |word: Option<&str>| word.unwrap_or("-").to_owned();
        let held = (
            d.standing,
            word(d.plan.as_ref().map(PlanId::as_str)),
            word(d.tier.as_ref().map(|t| t.slug.as_str())),
            shown(d.until),
            shown(d.renews),
        );
        let expected = (*standing, (*plan).into(), (*tier).into(), (*until).into(), (*renews).into());
        assert_eq!(held, expected, "on {day} after {lines:?}");
    }
}

#[test]
fn another_plan_does_not_cost_the_months_left() {
    use Standing::{Active, Expired, Gift, PastDue};
    holds(
        &["paid pro-year 2026-01-01", "gift pro-month 2026-03-01"],
        &[
            ("2026-03-02", Active, "pro-year", "pro", "2027-01-01", "2027-01-01"),
            ("2026-05-01", Active, "pro-year", "pro", "2027-01-01", "2027-01-01"),
            ("2027-01-01", Expired, "pro-year", "-", "2027-01-01", "-"),
        ],
    );
    holds(
        &["paid pro-year 2026-01-01", "paid pro-month 2026-03-01", "failed 2026-04-01"],
        &[
            ("2026-03-02", Active, "pro-year", "pro", "2027-01-01", "2026-04-01"),
            ("2026-04-02", Active, "pro-year", "pro", "2027-01-01", "-"),
        ],
    );
    holds(
        &["paid pro-month 2026-01-31", "gift pro-year 2026-02-10", "failed 2026-02-28"],
        &[
            ("2026-02-11", Gift, "pro-year", "pro", "2027-02-10", "2026-02-28"),
            ("2026-03-01", Gift, "pro-year", "pro", "2027-02-10", "-"),
        ],
    );
    // The higher tier first, then what is left of the lower.
    holds(
        &["paid pro-year 2026-01-01", "paid studio-month 2026-01-31", "failed 2026-02-28"],
        &[
            ("2026-02-01", Active, "studio-month", "studio", "2026-02-28", "2026-02-28"),
            ("2026-03-01", PastDue, "studio-month", "studio", "2026-03-07", "-"),
            ("2026-03-08", Active, "pro-year", "pro", "2027-01-01", "-"),
        ],
    );
}

#[test]
fn who_changes_the_plan_holds_it_without_a_gap_and_renews_the_new_one() {
    let lines = ["paid pro-month 2026-01-01", "paid pro-year 2026-01-20"];
    holds(&lines, &[("2026-01-21", Standing::Active, "pro-year", "pro", "2027-01-20", "2027-01-20")]);
    assert_eq!(derive(&ledger(&lines), noon("2026-02-20")).since, Some(noon("2026-01-01")));
}

#[test]
fn a_payment_while_paused_ends_the_pause_and_keeps_the_days() {
    use Standing::{Active, Paused};
    // Ten days used, 21 left; then the month that is paid.
    holds(
        &["paid pro-month 2026-01-01", "pause 2026-01-11", "paid pro-month 2026-03-11"],
        &[
            ("2026-03-10", Paused, "pro-month", "-", "2026-01-11", "-"),
            ("2026-03-12", Active, "pro-month", "pro", "2026-05-01", "2026-05-01"),
        ],
    );
    // Another plan opens the door meanwhile; the days wait for the one who paused.
    holds(
        &["paid pro-year 2026-01-01", "pause 2026-02-01", "gift pro-month 2026-03-31", "resume 2026-06-01"],
        &[
            ("2026-04-01", Standing::Gift, "pro-month", "pro", "2026-04-30", "-"),
            ("2026-05-01", Paused, "pro-year", "-", "2026-02-01", "-"),
            ("2026-06-02", Active, "pro-year", "pro", "2027-05-01", "2027-05-01"),
        ],
    );
}

#[test]
fn a_month_after_a_pause_is_never_shorter_than_a_month() {
    // 30 days of pause move the end to 3 March, and the first day to 31 January.
    holds(
        &["paid pro-month 2026-01-01", "pause 2026-01-10", "resume 2026-02-09", "paid pro-month 2026-03-03"],
        &[
            ("2026-02-10", Standing::Active, "pro-month", "pro", "2026-03-03", "2026-03-03"),
            ("2026-03-04", Standing::Active, "pro-month", "pro", "2026-04-03", "2026-04-03"),
        ],
    );
}

#[test]
fn a_trial_stands_beside_what_is_paid_for() {
    use Standing::{Active, Expired, Trial};
    holds(
        &["paid pro-year 2026-01-01", "trial studio-month 14 2026-02-01"],
        &[
            ("2026-02-02", Trial, "studio-month", "studio", "2026-02-15", "2027-01-01"),
            ("2026-02-15", Active, "pro-year", "pro", "2027-01-01", "2027-01-01"),
        ],
    );
    holds(
        &["paid pro-month 2026-01-31", "trial pro-month 60 2026-02-10"],
        &[
            ("2026-02-11", Active, "pro-month", "pro", "2026-04-11", "2026-02-28"),
            ("2026-03-01", Trial, "pro-month", "pro", "2026-04-11", "-"),
            ("2026-04-11", Expired, "pro-month", "-", "2026-04-11", "-"),
        ],
    );
}

#[test]
fn a_refund_ends_what_the_last_payment_bought_and_no_more() {
    use Standing::{Active, Expired, Refunded};
    // Renewed early: the month before it goes on, and its end is the month's own.
    holds(
        &["paid pro-month 2026-01-31", "paid pro-month 2026-02-20", "refunded 2026-02-22"],
        &[
            ("2026-02-21", Active, "pro-month", "pro", "2026-03-31", "2026-03-31"),
            ("2026-02-23", Active, "pro-month", "pro", "2026-02-28", "2026-02-28"),
            ("2026-03-01", Expired, "pro-month", "-", "2026-02-28", "-"),
        ],
    );
    holds(
        &["paid pro-month 2026-01-31", "paid pro-month 2026-02-20", "refunded 2026-02-22", "paid pro-month 2026-02-28"],
        &[("2026-03-01", Active, "pro-month", "pro", "2026-03-31", "2026-03-31")],
    );
    holds(
        &["paid pro-month 2026-01-01", "paid pro-month 2026-02-01", "refunded 2026-02-03"],
        &[("2026-02-04", Refunded, "pro-month", "-", "2026-02-03", "-")],
    );
    holds(
        &["paid pro-year 2026-01-01", "paid studio-month 2026-03-01", "refunded 2026-03-03"],
        &[("2026-03-04", Active, "pro-year", "pro", "2027-01-01", "2027-01-01")],
    );
    holds(
        &["paid pro-year 2026-01-01", "paid studio-month 2026-03-01", "refunded 2026-03-03", "refunded 2026-03-04"],
        &[("2026-03-05", Refunded, "pro-year", "-", "2026-03-04", "-")],
    );
}

#[test]
fn a_shorter_grant_of_the_same_tier_hides_no_paid_year() {
    let grant = FactKind::Granted { tier: tier("pro", 1), until: Some(noon("2026-03-01")), reason: String::new() };
    let mut facts = ledger(&["paid pro-year 2026-01-01"]);
    facts.push(Fact { at: noon("2026-02-01"), kind: grant });
    let d = derive(&facts, noon("2026-02-02"));
    assert_eq!((d.standing, d.until), (Standing::Active, Some(noon("2027-01-01"))));
}
