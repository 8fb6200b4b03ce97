//! Opening, going from one to another, adding and taking away.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use lyceum::vault::Error;

use super::*;

#[test]
fn the_others_are_opened_after_the_first_picture_one_at_a_time() {
    let all = [(GUILD, "ada"), (ELM, "ada"), (ELM, "bob")];
    let mut hall = Hall::start(&all, SMALL, Language::English);
    assert!(
        hall.orders.iter().all(|order| !matches!(order, Order::Open(..) | Order::List)),
        "before the first picture"
    );
    hall.slow = true;
    let asked = hall.since(|hall| hall.tell(Told::Painted));
    assert_eq!(opens(&asked), [ELM], "one at a time");
    let (second, who) = (hall.id(ELM, "ada"), hall.who(hall.id(ELM, "ada")));
    hall.opened(second, &who);
    let asked = hall.since(|hall| hall.front(Input::Due));
    assert_eq!(opens(&asked), [ELM], "the next when that one is there");
    assert!(hall.since(|hall| hall.tell(Told::Painted)).is_empty(), "every further picture asks for nothing");
}

#[test]
fn the_one_in_front_has_a_head_start_and_no_more() {
    let mut hall = Hall::start(&[(GUILD, "ada"), (ELM, "ada")], SMALL, Language::English);
    let front = hall.seats.front_id();
    hall.event(front, Event::Connection(Connection::Connecting)).tell(Told::Painted).shows("Rust Guild 1/2");
    assert!(opens(&hall.orders).is_empty(), "it is on its way to its own community");
    assert!(opens(&hall.since(|hall| hall.wait(1))) == [ELM], "however long that takes");
}

#[test]
fn who_is_signed_out_is_listed_and_not_opened() {
    let mut hall = Hall::start(&[(GUILD, "ada"), (ELM, "ada")], SMALL, Language::English);
    hall.accounts[1].vault = None;
    hall.accounts[1].name = Some("Elm \u{202e}Town".to_owned());
    hall.tell(Told::Painted).keys("ctrl-t").shows("signed out").shows("1/2");
    assert_eq!(hall.engines.len(), 1);
    // By the name of its community, as it was last heard.
    hall.shows("Elm Town  ");
}

#[test]
fn the_next_account_may_be_one_that_is_signed_out() {
    let mut hall = Hall::start(&[(GUILD, "ada"), (ELM, "ada"), (GUILD, "grace")], SMALL, Language::English);
    hall.accounts[1].vault = None;
    hall.tell(Told::Painted);
    hall.keys("g t").shows("Elm Town 2/3").shows("Of elms.").shows("Press s to sign in");
    hall.keys("g t").shows("Rust Guild 3/3");
    hall.keys("g t").shows("Rust Guild 1/3");
}

#[test]
fn the_switcher_tells_how_all_stand() {
    for (language, suffix) in [(Language::English, ""), (Language::Chinese, "_zh")] {
        for (columns, lines) in [SMALL, (120, 40)] {
            let all = [(GUILD, "ada"), (ELM, "ada"), (GUILD, "grace"), ("https://gone.example", "ada")];
            let mut hall = Hall::start(&all, (columns, lines), language);
            hall.broken.push("https://gone.example".to_owned());
            hall.accounts.push(Account { origin: ELM.to_owned(), username: "bob".to_owned(), vault: None, name: None });
            hall.tell(Told::Painted);
            hall.event(hall.id(GUILD, "grace"), Event::Outbox(vec![unsent(1), unsent(2)]));
            hall.event(hall.id(GUILD, "grace"), Event::Connection(Connection::Offline(NOW)));
            hall.keys("ctrl-t down");
            insta::assert_snapshot!(format!("accounts_{columns}x{lines}{suffix}"), hall.picture());
        }
    }
}

#[test]
fn one_account_is_shown_as_ever() {
    let mut hall = Hall::open(&[(GUILD, "ada")]);
    assert!(hall.picture().starts_with(" Rust Guild   "), "{}", hall.picture());
    hall.keys("g t").shows("There is no other account here.");
}

#[test]
fn what_one_does_stays_where_it_was_done() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let (guild, elm) = (hall.id(GUILD, "ada"), hall.id(ELM, "ada"));
    hall.keys("j j j enter").shows("bumpalo");
    let open = hall.seats.front().pane().open_thread(hall.seats.front());
    assert!(open.is_some());
    // A text that is being written lies there until one is back.
    hall.keys("r").text("half a thought");
    hall.keys("ctrl-t").keys("down enter").shows("Elm Town 2/2");
    assert_eq!(hall.seats.front_id(), elm);
    assert!(
        hall.seats.front().overlays.is_empty() && hall.seats.front().pane().open_thread(hall.seats.front()).is_none()
    );
    // Asked by this one, of this one's engine.
    let asked = hall.since(|hall| hall.keys("2 R"));
    assert!(asked.iter().any(|order| matches!(order, Order::Send(..))));
    assert!(asked.iter().all(|order| !matches!(order, Order::Send(id, ..) if *id == guild)), "{asked:?}");
    // How the window is laid out is remembered where it was laid out.
    let layouts =
        asked.iter().filter(|order| matches!(order, Order::Send(id, _, Request::KeepLayout(_)) if *id == elm));
    assert_eq!(layouts.count(), 1, "{asked:?}");
    hall.keys("g t").shows("half a thought").shows("Rust Guild 1/2");
    hall.keys("esc");
    assert_eq!(hall.seats.front().pane().open_thread(hall.seats.front()), open);
    assert_eq!(hall.seats.front().active, 0);
}

#[test]
fn what_is_told_of_another_shows_in_the_header_alone() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "bob")]);
    let elm = hall.id(ELM, "bob");
    let before = hall.picture();
    hall.event(elm, Event::Outbox(vec![unsent(1)]));
    let (old, new) = (before, hall.picture());
    let differ: Vec<usize> =
        old.lines().zip(new.lines()).enumerate().filter(|(_, (a, b))| a != b).map(|(at, _)| at).collect();
    assert_eq!(differ, [0], "{new}");
    assert!(new.starts_with(" Rust Guild 1/2 ↑ "), "{new}");
    assert_eq!((hall.seats.front().outbox.len(), hall.seats.state(elm).unwrap().outbox.len()), (0, 1));
    // The session of the other one has ended: nothing is laid over this one.
    hall.event(elm, Event::SignedOut);
    assert!(hall.seats.front().overlays.is_empty() && !hall.seats.front().home.signed_out);
    assert!(!hall.seats.state(elm).unwrap().overlays.is_empty());
    hall.keys("ctrl-t").shows("signed out");
}

#[test]
fn nothing_is_painted_for_what_changes_nothing() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "bob")]);
    let elm = hall.id(ELM, "bob");
    hall.seats.front_mut().dirty = false;
    hall.event(elm, Event::Changed(Vec::new()));
    assert!(!hall.seats.front().dirty);
    // Nor does anything that is waited for behind wake the screen.
    let later = NOW.checked_add(SignedDuration::from_secs(9)).unwrap();
    let before = hall.seats.front().next_wake();
    hall.event(elm, Event::Connection(Connection::Reconnecting(later)));
    assert_eq!(hall.seats.front().next_wake(), before);
}

#[test]
fn news_name_their_community_when_there_are_several() {
    let announced = |hall: &mut Hall, id| {
        let orders = hall.since(|hall| hall.event(id, news()));
        let text = |order| if let Order::Do(Effect::Notify(text)) = order { Some(text.to_string()) } else { None };
        orders.into_iter().filter_map(text).collect::<Vec<_>>()
    };
    let mut one = Hall::open(&[(GUILD, "ada")]);
    let id = one.seats.front_id();
    assert_eq!(announced(&mut one, id), ["Your plan renews"]);
    let mut two = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let (guild, elm) = (two.id(GUILD, "ada"), two.id(ELM, "ada"));
    assert_eq!(announced(&mut two, guild), ["Rust Guild: Your plan renews"]);
    assert_eq!(announced(&mut two, elm), ["Elm Town: Your plan renews"]);
    // Two of one community are told apart.
    let mut three = Hall::open(&[(GUILD, "ada"), (ELM, "ada"), (GUILD, "grace")]);
    let grace = three.id(GUILD, "grace");
    assert_eq!(announced(&mut three, grace), ["Rust Guild/grace: Your plan renews"]);
}

#[test]
fn a_click_on_the_name_shows_the_accounts() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let click = |column| {
        let kind = MouseEventKind::Down(MouseButton::Left);
        Input::Mouse(MouseEvent { kind, column, row: 0, modifiers: KeyModifiers::NONE })
    };
    hall.shows("Rust Guild").front(click(60));
    assert!(hall.seats.front().overlays.is_empty(), "that is the light");
    hall.shows("Rust Guild").front(click(3)).shows("Accounts");
}

#[test]
fn who_is_in_front_is_remembered_as_used_last() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "ada")]);
    let orders = hall.since(|hall| hall.keys("g t"));
    let used = |order: &Order| matches!(order, Order::Used(who) if who.origin == ELM);
    assert!(orders.iter().any(used), "{orders:?}");
}

#[test]
fn too_many_are_opened_on_demand_and_the_one_least_used_goes() {
    let origins: Vec<String> = (0..LIMIT + 3).map(|at| format!("https://c{at}.example")).collect();
    let all: Vec<(&str, &str)> = origins.iter().map(|origin| (origin.as_str(), "ada")).collect();
    let mut hall = Hall::open(&all);
    assert_eq!(hall.engines.len(), LIMIT);
    // Something unsent is never let go of.
    let (second, third) = (hall.id(&origins[1], "ada"), hall.id(&origins[2], "ada"));
    hall.event(second, Event::Outbox(vec![unsent(1)]));
    let ninth = hall.id(&origins[LIMIT], "ada");
    hall.keys("g s").keys(&"down ".repeat(LIMIT)).shows("not open yet").keys("enter");
    assert_eq!(hall.seats.front_id(), ninth);
    assert_eq!(hall.engines.len(), LIMIT);
    assert!(hall.engines.contains_key(&second) && !hall.engines.contains_key(&third));
    assert!(hall.seats.front().home.me.is_some(), "it works like any other");
}

#[test]
fn another_community_is_added_by_its_address() {
    let mut hall = Hall::open(&[(GUILD, "ada")]);
    hall.keys("ctrl-t n enter").shows("Type the address");
    hall.text("http://elm.example").keys("enter").shows("is not encrypted");
    hall.keys("ctrl-u").text(ELM).keys("enter").shows("Of elms.").shows("2/2").shows("ctrl-t accounts");
    hall.keys("s").text("bob");
    hall.keys("tab").text("correct horse battery");
    hall.keys("enter");
    assert!(hall.seats.front().overlays.is_empty(), "{}", hall.picture());
    assert_eq!(hall.who(hall.seats.front_id()).username.as_deref(), Some("bob"));
    assert_eq!(
        hall.seats.front().roll.rows.len(),
        2,
        "the account of the list and the one that signed in are the same"
    );
    // Back at the first one no list is left lying.
    hall.keys("g t").shows("Rust Guild 1/2");
    assert!(hall.seats.front().overlays.is_empty());
}

#[test]
fn a_second_account_of_one_community_signs_in_beside_the_first() {
    let mut hall = Hall::open(&[(GUILD, "ada")]);
    let first = hall.seats.front_id();
    hall.keys("ctrl-t a").shows("not signed in");
    assert_ne!(hall.seats.front_id(), first);
    hall.keys("s").text("grace");
    hall.keys("tab").text("correct horse battery");
    hall.keys("enter");
    let names: Vec<_> = hall.seats.front().roll.rows.iter().map(|row| row.who.username.clone().unwrap()).collect();
    assert_eq!(names, ["ada", "grace"]);
    assert!(hall.engines.contains_key(&first), "the first goes on");
    // Signing in as somebody who has a seat already leaves one seat of them.
    hall.keys("ctrl-t a s").text("ada");
    hall.keys("tab").text("correct horse battery");
    hall.keys("enter");
    assert_eq!(hall.seats.front().roll.rows.len(), 2);
    assert!(!hall.engines.contains_key(&first));
}

#[test]
fn from_a_form_one_goes_to_the_accounts_and_finds_it_again() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "bob")]);
    let front = hall.seats.front_id();
    hall.event(front, Event::SignedOut).text("ada");
    hall.keys("ctrl-t").shows("Accounts").keys("down enter").shows("Elm Town 2/2");
    hall.keys("g t").shows("Your session has ended").shows("Username  ada");
}

#[test]
fn an_account_goes_after_two_questions() {
    for (answer, texts) in [("y", true), ("n", false)] {
        let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "bob")]);
        let elm = hall.id(ELM, "bob");
        hall.event(elm, Event::Outbox(vec![unsent(1)]));
        hall.keys("ctrl-t down x").shows("Take bob at Elm Town from this list?");
        assert!(hall.since(|hall| hall.keys("n")).is_empty(), "no is no");
        hall.keys("x y").shows("Delete what is kept of bob").shows("1 text or change");
        assert!(hall.since(|hall| hall.keys("esc")).is_empty(), "no answer is none");
        let orders = hall.since(|hall| hall.keys("x y").keys(answer));
        let signs_out = orders.iter().position(|o| matches!(o, Order::Send(id, _, Request::SignOut) if *id == elm));
        let closes = orders.iter().position(|o| matches!(o, Order::Close(id) if *id == elm));
        let forgets =
            orders.iter().position(|o| matches!(o, Order::Forget(who, with) if who.origin == ELM && *with == texts));
        assert!(signs_out.is_some() && signs_out < closes && closes < forgets, "first on the server: {orders:?}");
        hall.shows("is no longer on this machine's list.");
        assert_eq!(hall.seats.front().roll.rows.len(), 1);
    }
}

#[test]
fn an_account_whose_tokens_may_be_left_stays_in_the_list() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "bob")]);
    hall.left = vec![Refusal::of(&Error::Locked("keyring"))];
    let orders = hall.since(|hall| hall.keys("ctrl-t down x y y"));
    assert!(!orders.iter().any(|order| matches!(order, Order::Forget(..))), "{orders:?}");
    hall.shows("may still be kept on this machine: the system's keyring is").shows("signed out");
    // Once that is mended it goes.
    hall.left.clear();
    hall.keys("x y y").shows("is no longer on this machine's list.");
    assert_eq!(hall.seats.front().roll.rows.len(), 1);
}

#[test]
fn a_community_that_was_not_told_is_named_with_the_account_that_went() {
    let mut hall = Hall::open(&[(GUILD, "ada"), (ELM, "bob")]);
    hall.farewell = Farewell { is_told: false, until: Some(NOW) };
    hall.keys("ctrl-t down x y y").shows("is no longer on this machine's list.").shows("could not be told that you");
}

#[test]
fn the_last_account_leaves_the_first_page_of_its_community() {
    let mut hall = Hall::open(&[(ELM, "ada")]);
    hall.keys("ctrl-t x y y").shows("Of elms.").shows("not signed in");
    assert_eq!(hall.seats.front().roll.rows.len(), 1);
    assert!(hall.accounts.is_empty());
}
