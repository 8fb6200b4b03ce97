use super::*;

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
