//! One that is broken never stops the others.

use super::*;

#[test]
fn a_community_that_never_answers_holds_up_nobody() {
    let mut hall = Hall::start(&[(GUILD, "ada"), (ELM, "ada"), (GUILD, "grace")], SMALL, Language::English);
    hall.silent.push(ELM.to_owned());
    hall.tell(Told::Painted);
    assert_eq!(hall.engines.len(), 3);
    let grace = hall.id(GUILD, "grace");
    assert!(hall.seats.state(grace).unwrap().home.me.is_some(), "complete");
    hall.shows("How do I stream SSE");
    hall.keys("g t").keys("g t").shows("3/3").shows("How do I stream SSE");
    // Not a line below the header is other than it would be alone.
    let below = |hall: &Hall| hall.picture().lines().skip(1).map(str::to_owned).collect::<Vec<_>>();
    assert_eq!(below(&hall), below(&Hall::open(&[(GUILD, "grace")])));
}

#[test]
fn what_cannot_be_opened_says_why_and_is_tried_again() {
    let mut hall = Hall::start(&[(GUILD, "ada"), (ELM, "ada"), (GUILD, "grace")], SMALL, Language::English);
    hall.broken.push(ELM.to_owned());
    hall.tell(Told::Painted);
    let elm = hall.id(ELM, "ada");
    assert!(hall.engines.contains_key(&hall.id(GUILD, "grace")), "the next is opened all the same");
    hall.shows("How do I stream SSE").keys("ctrl-t down").shows("failed").shows("is not the address of a community");
    hall.broken.clear();
    hall.keys("r");
    assert!(hall.engines.contains_key(&elm));
    hall.shows("Elm Town");
    assert!(!hall.picture().contains("failed"), "{}", hall.picture());
}

#[test]
fn an_engine_that_ends_ends_its_seat_and_no_other() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let (guild, elm) = (hall.id(GUILD, "ada"), hall.id(ELM, "ada"));
    let before = hall.picture();
    hall.tell(Told::Ended(elm));
    assert_eq!(hall.picture(), before, "behind, that changes nothing in front");
    hall.keys("j").shows("How do I stream SSE");
    // In front the list is shown, so that one can go on with another or try again.
    hall.tell(Told::Ended(guild)).shows("Accounts").shows("Lyceum's work for this account has ended.");
    let restarted = hall.since(|hall| hall.keys("r"));
    assert_eq!(opens(&restarted), [GUILD]);
    hall.keys("esc").shows("How do I stream SSE");
    assert!(hall.seats.front().trouble.is_none());
}

#[test]
fn what_is_written_while_the_engine_is_gone_is_kept_by_the_next() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let guild = hall.id(GUILD, "ada");
    hall.keys("j j j enter");
    hall.tell(Told::Ended(guild)).keys("esc r").text("not lost");
    hall.keys("esc");
    assert_eq!(hall.seats.front().unsent(), 1, "it is kept nowhere, and leaving says so");
    let orders = hall.since(|hall| hall.keys("ctrl-t r"));
    let keeps = |order: &Order| matches!(order, Order::Send(_, _, Request::KeepDraft(draft)) if draft.body.contains("not lost"));
    assert!(orders.iter().any(keeps), "{orders:?}");
}

#[test]
fn what_is_wrong_with_a_store_stands_in_the_list() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let elm = hall.id(ELM, "ada");
    hall.event(elm, Event::Trouble(engine_gone()));
    assert!(hall.seats.front().is_safe && !hall.seats.state(elm).unwrap().is_safe);
    assert!(!hall.picture().contains("ended"), "{}", hall.picture());
    hall.keys("ctrl-t").shows("Lyceum's work for this account has ended.");
}

#[test]
fn a_list_that_cannot_be_read_is_said_and_the_screen_goes_on() {
    let mut hall = Hall::start(&[(GUILD, "ada")], SMALL, Language::English);
    let error = lyceum::engine::problem::explain_accounts(
        std::path::Path::new("/a/accounts.toml"),
        &std::io::Error::other("no"),
    );
    hall.tell(Told::Listed(Err(error))).shows("/a/accounts.toml").shows("How do I stream SSE");
}

#[test]
fn what_comes_late_from_a_closed_seat_is_dropped() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let elm = hall.id(ELM, "ada");
    hall.keys("ctrl-t down x y n");
    hall.event(elm, Event::Outbox(vec![unsent(1)])).event(elm, Event::SignedOut).tell(Told::Ended(elm));
    assert!(hall.seats.front().outbox.is_empty() && !hall.seats.front().home.signed_out);
}

#[test]
fn the_list_is_drawn_at_every_size() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada"), (GUILD, "grace")]);
    for keys in ["ctrl-t", "n", "esc x", "y"] {
        hall.keys(keys);
        for (columns, lines) in [(0, 0), (1, 1), (5, 5), (39, 9), (40, 10), (41, 11), (100, 10), (300, 2), (1000, 500)]
        {
            hall.front(Input::Resize(columns, lines));
            hall.picture();
        }
    }
}
