//! Saved searches beside the own view of a pane that is no list of threads, and without a line.

use lyceum::base::text::Clean;
use lyceum::community::memory::sample;
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::engine::event::{Answer, Connection, Event};
use lyceum::engine::problem::explain;
use lyceum::engine::request::{Query, Request, Ticket};
use lyceum::model::search::saved::{Pane, Saved};
use lyceum::tui::msg::Input;

use super::screen::{Line, Screen};

fn saved(name: &str, query: &str, pane: Pane) -> Saved {
    Saved { name: Clean::line(name), query: query.to_owned(), pane }
}

fn with(size: (u16, u16), language: Language, searches: Vec<Saved>) -> Screen {
    let mut screen = Screen::on(sample(), size, language, Line::Answers);
    screen.tell(Input::Engine(Box::new(Event::Searches(searches))));
    screen
}

fn heading(screen: &Screen) -> String {
    screen.picture().lines().nth(3).unwrap_or_default().trim().to_owned()
}

fn both() -> Vec<Saved> {
    vec![saved("allocators", "allocator", Pane::Inbox), saved("builds", "musl", Pane::Membership)]
}

#[test]
fn the_inbox_and_the_membership_have_searches_beside_their_own_view() {
    for (key, name, own, search) in
        [("5", "inbox", "for your attention ▾", "allocators ▾"), ("4", "membership", "your membership ▾", "builds ▾")]
    {
        let mut screen = with((80, 24), Language::English, both());
        screen.keys(key);
        assert!(heading(&screen).starts_with(own), "{}", screen.picture());
        screen.keys("t");
        assert!(heading(&screen).starts_with(search), "{}", screen.picture());
        assert!(!screen.state.pane().listed(&screen.state).is_empty(), "threads, as in every other pane");
        screen.keys("enter");
        assert!(screen.state.pane().reader(&screen.state).is_some(), "{}", screen.picture());
        assert_eq!(screen.state.pane().name(), name);
        screen.keys("esc t");
        assert!(heading(&screen).starts_with(own), "{}", screen.picture());
        assert!(screen.state.pane().listed(&screen.state).is_empty());
    }
}

#[test]
fn without_one_a_pane_is_as_it_was_and_the_key_says_why() {
    let mut screen = Screen::new(80, 24);
    screen.keys("5");
    let before = heading(&screen);
    screen.keys("t");
    assert_eq!(heading(&screen), before);
    assert!(screen.picture().contains("No search is saved for this pane"), "{}", screen.picture());
}

#[test]
fn keys_of_the_inbox_are_not_about_what_a_search_found() {
    let mut screen = with((80, 24), Language::English, both());
    screen.keys("5 t d");
    assert!(screen.picture().contains("That works in the inbox."), "{}", screen.picture());
    assert!(screen.state.panes.inbox.list.items.iter().all(|item| !item.done));
    screen.keys("t d");
    assert!(screen.picture().contains("Put away."), "{}", screen.picture());
}

#[test]
fn a_search_is_saved_over_the_inbox_moved_round_and_thrown_away() {
    let mut screen = Screen::new(80, 24);
    screen.keys("5 /").text("allocator").keys("ctrl-s ctrl-u").text("mine").keys("enter");
    assert_eq!(screen.searches.last().unwrap()[..], [saved("mine", "allocator", Pane::Inbox)]);
    assert!(heading(&screen).starts_with("mine ▾"), "{}", screen.picture());
    // After the inbox comes the feed; the inbox is itself again.
    screen.keys("S tab esc");
    assert_eq!(screen.searches.last().unwrap()[..], [saved("mine", "allocator", Pane::Feed)]);
    assert!(screen.state.list_shown().is_none(), "{}", screen.picture());
    screen.keys("S tab tab tab enter");
    assert_eq!(screen.state.pane().name(), "membership");
    screen.keys("S ctrl-x y esc");
    assert!(screen.state.list_shown().is_none(), "{}", screen.picture());
    assert!(screen.picture().contains("Pro"), "the membership itself: {}", screen.picture());
}

#[test]
fn the_window_opens_with_it_and_goes_back_to_what_was_never_asked_for() {
    let mut screen = with((80, 24), Language::English, both());
    let layout = screen.told_keys("5 t").last().unwrap().clone();
    let mut next = with((80, 24), Language::English, both());
    next.tell(Input::Engine(Box::new(Event::Layout(layout))));
    assert!(heading(&next).starts_with("allocators ▾"), "{}", next.picture());
    next.keys("t");
    assert!(!next.state.panes.inbox.list.items.is_empty(), "{}", next.picture());
    // What an older version remembered knew three panes.
    let mut older = with((80, 24), Language::English, both());
    let layout = r#"{"pane":"inbox","searches":[null,null,null]}"#;
    older.tell(Input::Engine(Box::new(Event::Layout(layout.to_owned()))));
    assert_eq!(older.state.pane().name(), "inbox");
}

#[test]
fn back_through_the_trail_leads_to_the_thread_when_the_search_is_gone() {
    let mut screen = with((80, 24), Language::English, both());
    screen.keys("5 t enter");
    let open = screen.state.pane().open_thread(&screen.state);
    screen.keys("alt-1 alt-5 esc t ctrl-o ctrl-o");
    assert_eq!(screen.state.pane().name(), "threads", "{}", screen.picture());
    assert_eq!(screen.state.pane().open_thread(&screen.state), open);
}

/// The ticket under which a search waits for its answer.
fn waiting(screen: &Screen) -> Ticket {
    let is_search = |request: &Request| matches!(request, Request::Ask(Query::Search(..)));
    screen.open.iter().find(|(_, request)| is_search(request)).expect("a search is asked for").0
}

#[test]
fn without_a_line_a_search_shows_what_is_kept_with_its_age() {
    for (pane, key) in [(Pane::Inbox, "5"), (Pane::Feed, "1 t t t")] {
        let mut screen = with((80, 24), Language::English, vec![saved("builds", "musl", pane)]);
        let Ok(Answer::Hits(hits)) = screen.ask(&Query::Search("musl".to_owned(), None)) else { panic!("no hits") };
        let since = screen.state.now;
        screen.wait(2 * 60 * 60 * 1000);
        screen.tell(Input::Engine(Box::new(Event::Connection(Connection::Offline(since)))));
        screen.line = Line::Silent;
        screen.keys(key).keys("t");
        let ticket = waiting(&screen);
        let answer = Box::new(Answer::Hits(hits.clone()));
        screen.tell(Input::Engine(Box::new(Event::Kept { ticket, answer, at: since })));
        let result = Err(explain(&Error::new(Kind::Offline)));
        screen.tell(Input::Engine(Box::new(Event::Answer { ticket, result })));
        assert!(heading(&screen).starts_with("builds ▾  musl  as of 2 h ago"), "{pane:?}: {}", screen.picture());
        assert!(screen.picture().contains("offline since"), "{}", screen.picture());
        assert_eq!(screen.state.pane().listed(&screen.state).len(), hits.items.len());
        // Of what nothing is kept it is said that it could not be had.
        let mut nothing = with((80, 24), Language::English, vec![saved("builds", "musl", pane)]);
        nothing.line = Line::Broken;
        nothing.keys(key).keys("t");
        assert!(nothing.picture().contains("Could not reach the community."), "{}", nothing.picture());
        assert!(heading(&nothing).starts_with("builds ▾"), "{}", nothing.picture());
    }
}

#[test]
fn pictures_in_both_languages() {
    for (language, tag) in [(Language::English, "en"), (Language::Chinese, "zh")] {
        for size in [(80, 24), (120, 40)] {
            let mut screen = with(size, language, both());
            let name = |what: &str| format!("saved-{what}-{tag}-{}x{}", size.0, size.1);
            screen.keys("5");
            insta::assert_snapshot!(name("inbox"), screen.picture());
            screen.keys("t");
            insta::assert_snapshot!(name("inbox-search"), screen.picture());
            screen.keys("4");
            insta::assert_snapshot!(name("membership"), screen.picture());
        }
    }
}
