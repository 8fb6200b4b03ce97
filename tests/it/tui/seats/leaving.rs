//! Leaving with several accounts.

use super::*;

fn quits(orders: &[Order]) -> bool {
    orders.iter().any(|order| matches!(order, Order::Do(Effect::Quit)))
}

#[test]
fn every_seat_is_asked_before_one_leaves() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let orders = hall.since(|hall| hall.keys("q"));
    let asked = orders.iter().filter(|order| matches!(order, Order::Send(_, _, Request::Leave)));
    assert_eq!(asked.count(), 2);
    assert!(quits(&orders));
}

#[test]
fn what_is_unsent_anywhere_is_told_with_its_community() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    hall.event(hall.id(ELM, "ada"), Event::Outbox(vec![unsent(1), unsent(2)]));
    assert!(!quits(&hall.since(|hall| hall.keys("q"))));
    hall.shows("Not sent: Elm Town (2). 2 texts or changes are not sent yet.");
    let guild = hall.id(GUILD, "ada");
    hall.keys("n").event(guild, Event::Outbox(vec![unsent(3)])).keys("q");
    hall.shows("Not sent: Rust Guild (1), Elm Town (2). 3 texts or");
    assert!(quits(&hall.since(|hall| hall.keys("y"))));
}

#[test]
fn one_that_does_not_answer_keeps_nobody() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    hall.silent.push(ELM.to_owned());
    assert!(!quits(&hall.since(|hall| hall.keys("q"))), "it gets its time");
    assert!(!quits(&hall.since(|hall| hall.wait(9))));
    assert!(quits(&hall.since(|hall| hall.wait(1))), "and no more");
    // Said twice, it is not waited for at all.
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    hall.silent.push(ELM.to_owned());
    assert!(quits(&hall.since(|hall| hall.keys("q q"))));
}

#[test]
fn who_goes_elsewhere_does_not_leave() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    hall.silent.push(ELM.to_owned());
    hall.keys("q").keys("g t");
    let elm = hall.id(ELM, "ada");
    let late = hall.since(|hall| hall.event(elm, Event::MayLeave).wait(60));
    assert!(!quits(&late), "{late:?}");
}
