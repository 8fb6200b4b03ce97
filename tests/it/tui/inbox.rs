//! The inbox.

use lyceum::community::memory::{Call, sample};
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::engine::event::Event;
use lyceum::model::change::{Change, Notice, Topic};
use lyceum::tui::msg::Input;

use super::screen::{Line, Screen};

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);

const ENGLISH: Language = Language::English;

fn inbox(language: Language, size: (u16, u16)) -> Screen {
    let mut screen = Screen::on(sample(), size, language, Line::Answers);
    screen.keys("5");
    screen
}

fn news(screen: &mut Screen) {
    let notice = Notice { seq: 99, topic: Topic::Inbox, thread: None, number: None };
    screen.tell(Input::Engine(Box::new(Event::Changed(vec![notice]))));
}

#[test]
fn filled_in_both_languages_and_sizes() {
    insta::assert_snapshot!("inbox_120x40", inbox(ENGLISH, WIDE).picture());
    insta::assert_snapshot!("inbox_120x40_zh", inbox(Language::Chinese, WIDE).picture());
    insta::assert_snapshot!("inbox_80x24", inbox(ENGLISH, SMALL).picture());
    insta::assert_snapshot!("inbox_80x24_zh", inbox(Language::Chinese, SMALL).picture());
}

#[test]
fn loading_failed_and_empty_are_designed() {
    for (name, size) in [("120x40", WIDE), ("80x24", SMALL)] {
        let mut screen = Screen::on(sample(), size, ENGLISH, Line::Silent);
        screen.keys("5");
        screen.wait(200);
        insta::assert_snapshot!(format!("inbox_loading_{name}"), screen.picture());

        let community = sample();
        community.faults().fail(Call::Notifications, Error::new(Kind::Offline));
        let mut screen = Screen::on(community, size, ENGLISH, Line::Answers);
        screen.keys("5");
        insta::assert_snapshot!(format!("inbox_failed_{name}"), screen.picture());

        let mut screen = Screen::on(sample().seen_by("octavia"), size, ENGLISH, Line::Answers);
        screen.keys("5");
        insta::assert_snapshot!(format!("inbox_empty_{name}"), screen.picture());
    }
}

#[test]
fn done_marks_and_undo_takes_it_back() {
    let mut screen = inbox(ENGLISH, WIDE);
    let first = screen.state.panes.inbox.list.items[0].clone();
    screen.line = Line::Silent;
    screen.keys("d");
    assert!(screen.picture().contains("Put away. u brings it back."), "{}", screen.picture());
    assert_eq!(screen.state.panes.inbox.list.selected, 1);
    screen.line = Line::Answers;
    screen.answer();
    assert!(screen.state.panes.inbox.list.items[0].done);
    screen.keys("u");
    assert!(!screen.state.panes.inbox.list.items[0].done);
    assert_eq!(screen.state.panes.inbox.list.items[0].id, first.id);
    assert!(screen.picture().contains("Put back in the inbox."), "{}", screen.picture());
}

#[test]
fn what_the_server_refuses_is_open_again() {
    let mut screen = inbox(ENGLISH, WIDE);
    screen.memory.faults().fail(Call::Apply, Error::new(Kind::Offline));
    screen.line = Line::Silent;
    screen.keys("d");
    assert!(screen.picture().contains("· done"), "shown at once: {}", screen.picture());
    screen.line = Line::Answers;
    screen.answer();
    assert!(!screen.picture().contains("· done"), "{}", screen.picture());
    assert!(screen.picture().contains("Could not reach the community."), "{}", screen.picture());
}

#[test]
fn what_is_done_goes_with_the_next_look_and_can_be_shown() {
    let mut screen = inbox(ENGLISH, WIDE);
    let count = screen.state.panes.inbox.list.items.len();
    screen.keys("d R");
    assert_eq!(screen.state.panes.inbox.list.items.len(), count - 1);
    screen.keys("D");
    assert_eq!(screen.state.panes.inbox.list.items.len(), count);
    assert!(screen.picture().contains("· done"), "{}", screen.picture());
}

#[test]
fn a_done_item_comes_back_when_something_new_happens() {
    let mut screen = inbox(ENGLISH, WIDE);
    let item = screen.state.panes.inbox.list.items.iter().find(|item| item.thread.is_some()).cloned().unwrap();
    while screen.state.panes.inbox.list.current().map(|now| &now.id) != Some(&item.id) {
        screen.keys("j");
    }
    screen.keys("d R");
    let titles = |screen: &Screen| {
        screen.state.panes.inbox.list.items.iter().filter_map(|item| item.thread.clone()).collect::<Vec<_>>()
    };
    let thread = item.thread.clone().unwrap();
    assert!(!titles(&screen).contains(&thread));
    let again = Change::Reply { thread: thread.clone(), parent: None, body: "@ada one more thing".into() };
    screen.memory.done_by("juno", &again).unwrap();
    news(&mut screen);
    assert!(!titles(&screen).contains(&thread), "rows do not move under the hand");
    assert!(screen.picture().contains("1 new"), "{}", screen.picture());
    screen.keys("g g");
    assert!(titles(&screen).contains(&thread));
}

#[test]
fn enter_goes_to_the_post_and_back_comes_back() {
    let mut screen = inbox(ENGLISH, WIDE);
    let item = screen.state.panes.inbox.list.items.iter().find(|item| item.thread.is_some()).cloned().unwrap();
    while screen.state.panes.inbox.list.current().map(|now| &now.id) != Some(&item.id) {
        screen.keys("j");
    }
    screen.keys("enter");
    assert_eq!(screen.state.pane().open_thread(&screen.state), item.thread);
    let current = screen.state.pane().reader(&screen.state).map(|reader| reader.current);
    assert_eq!(current, item.number);
    screen.keys("ctrl-o");
    assert_eq!(screen.state.pane().name(), "inbox");
    screen.keys("enter esc");
    assert_eq!(screen.state.pane().name(), "inbox", "escape is a step back too");
    screen.keys("esc");
    assert_eq!(screen.state.pane().name(), "inbox", "there is nothing to go back to");
    // Whoever came another way goes back to the list.
    screen.keys("enter alt-5 alt-2 esc");
    assert_eq!(screen.state.pane().name(), "threads");
    assert!(screen.state.pane().reader(&screen.state).is_none());
}

#[test]
fn a_refresh_never_moves_the_selection() {
    let mut screen = inbox(ENGLISH, WIDE);
    screen.keys("j");
    let before = screen.state.panes.inbox.list.current().unwrap().id.clone();
    let thread = screen.state.threads.values().find(|t| t.author.username.as_str() == "ada").unwrap().id.clone();
    screen.memory.done_by("juno", &Change::Reply { thread, parent: None, body: "@ada look".into() }).unwrap();
    news(&mut screen);
    assert_eq!(screen.state.panes.inbox.list.current().unwrap().id, before);
}
