//! How the screen is laid out, and how dates are written: by the settings, by commands, and as it was left.

use insta::assert_snapshot;
use lyceum::config::locale::Language;
use lyceum::config::screen::{Clock, Dates, Density, Layout};
use lyceum::engine::event::Event;
use lyceum::tui::msg::Input;
use lyceum::tui::pane::PANES;

use super::screen::{Line, Screen};

/// Runs a command by its name, as somebody types it.
fn run(screen: &mut Screen, command: &str) {
    screen.keys(":");
    screen.text(command).keys("enter");
}

fn tabs(screen: &Screen) -> Vec<&'static str> {
    screen.state.options.tabs.iter().map(|at| PANES[*at].name()).collect()
}

#[test]
fn a_thread_takes_one_line_or_two() {
    for (columns, lines) in [(80, 24), (120, 40)] {
        for (language, tag) in [(Language::English, ""), (Language::Chinese, "_zh")] {
            let mut screen = Screen::with(columns, lines, language, Line::Answers);
            run(&mut screen, "density");
            screen.wait(5000);
            assert_snapshot!(format!("compact_{columns}x{lines}{tag}"), screen.picture());
        }
    }
    let mut screen = Screen::new(80, 24);
    run(&mut screen, "density");
    screen.keys("5");
    assert_snapshot!("compact_inbox_80x24", screen.wait(5000).picture());
}

#[test]
fn what_is_clicked_is_what_is_seen_in_rows_of_one_line() {
    use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

    let mut screen = Screen::new(80, 24);
    run(&mut screen, "density");
    let click =
        MouseEvent { kind: MouseEventKind::Down(MouseButton::Left), column: 20, row: 6, modifiers: KeyModifiers::NONE };
    screen.picture();
    screen.tell(Input::Mouse(click));
    assert_eq!(screen.state.panes.feed.list.selected, 2);
    let seen = screen.picture();
    assert!(seen.lines().nth(6).unwrap().starts_with('▌'), "{seen}");
}

#[test]
fn times_are_written_as_one_wants_them() {
    let mut screen = Screen::new(120, 40);
    run(&mut screen, "dates");
    let local = screen.wait(5000).picture();
    run(&mut screen, "dates");
    let iso = screen.wait(5000).picture();
    run(&mut screen, "clock");
    assert_eq!(screen.state.options.clock, Clock::Twelve);
    run(&mut screen, "dates");
    assert_eq!(screen.state.options.dates, Dates::Relative);
    assert_snapshot!("dates_local_120x40", local);
    assert_snapshot!("dates_iso_120x40", iso);
}

#[test]
fn hours_are_counted_to_twelve_or_to_twenty_four() {
    let mut screen = Screen::new(80, 24);
    let at = |text: &str| text.parse::<lyceum::base::time::Timestamp>().unwrap();
    let written = |screen: &Screen| {
        ["2026-11-26T00:05:00Z", "2026-11-26T09:30:00Z", "2026-11-26T12:00:00Z", "2026-11-26T23:59:00Z"]
            .map(|text| screen.state.clock(at(text)))
    };
    assert_eq!(written(&screen), ["00:05", "09:30", "12:00", "23:59"]);
    screen.state.options.clock = Clock::Twelve;
    assert_eq!(written(&screen), ["12:05 am", "9:30 am", "12:00 pm", "11:59 pm"]);
    screen.state.options.dates = Dates::Local;
    screen.state.now = at("2026-11-26T10:00:00Z");
    let when = |text: &str| screen.state.when(at(text));
    assert_eq!(when("2026-11-26T09:30:00Z"), "9:30 am");
    assert_eq!(when("2026-03-01T09:30:00Z"), "1 Mar 9:30 am");
    assert_eq!(when("2025-03-01T09:30:00Z"), "1 Mar 2025");
}

#[test]
fn tabs_stand_in_ones_own_order_and_their_numbers_with_them() {
    let mut screen = Screen::new(120, 40);
    assert_eq!(tabs(&screen)[..2], ["feed", "threads"]);
    screen.keys("5 { { { { {");
    assert_eq!(tabs(&screen)[..3], ["inbox", "feed", "threads"], "it stops at the end");
    assert!(screen.picture().lines().nth(1).unwrap().starts_with(" 1 Inbox"), "{}", screen.picture());
    screen.keys("2");
    assert_eq!(screen.state.pane().name(), "feed");
    screen.keys("[");
    assert_eq!(screen.state.pane().name(), "inbox");
    screen.keys("1 }");
    assert_eq!((tabs(&screen)[..2].to_vec(), screen.state.pane().name()), (vec!["feed", "inbox"], "inbox"));
    screen.keys("9");
    assert!(screen.picture().contains("no tab of that number"));
    // The palette and help name the keys as they are now.
    screen.keys("?");
    assert!(screen.picture().contains("2, alt-2"), "{}", screen.picture());
    assert_eq!(screen.state.keys_of(&["global"], "inbox").as_deref(), Some("2"));
}

#[test]
fn a_click_on_a_tab_shows_what_stands_there() {
    use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

    let mut screen = Screen::new(120, 40);
    screen.keys("5 { { { {").keys("3");
    let click =
        MouseEvent { kind: MouseEventKind::Down(MouseButton::Left), column: 3, row: 1, modifiers: KeyModifiers::NONE };
    screen.picture();
    screen.tell(Input::Mouse(click));
    assert_eq!(screen.state.pane().name(), "inbox");
}

/// The layout that was last to be remembered.
fn left(screen: &Screen) -> String {
    screen.layouts.last().cloned().unwrap()
}

#[test]
fn the_window_opens_as_it_was_left() {
    let mut screen = Screen::new(120, 40);
    for command in ["density", "dates", "clock", "wider"] {
        run(&mut screen, command);
    }
    screen.keys("5 { { { {");
    let mut again = Screen::new(120, 40);
    again.tell(Input::Engine(Box::new(Event::Layout(left(&screen)))));
    let options = &again.state.options;
    assert_eq!((options.split, options.density), (50, Density::Compact));
    assert_eq!((options.dates, options.clock), (Dates::Local, Clock::Twelve));
    assert_eq!(tabs(&again)[..2], ["inbox", "feed"]);
    assert_eq!(again.state.pane().name(), "inbox");
}

#[test]
fn what_was_decided_last_counts() {
    let mut screen = Screen::new(120, 40);
    run(&mut screen, "density");
    run(&mut screen, "dates");
    let kept = left(&screen);
    // The settings say another split and other dates than they did: that was decided later.
    let mut again = Screen::new(120, 40);
    again.state.options.configured = Layout { split: 60, dates: Dates::Iso, ..Layout::default() };
    let configured = again.state.options.configured.clone();
    again.state.options.lay_out(&configured);
    again.tell(Input::Engine(Box::new(Event::Layout(kept.clone()))));
    let options = &again.state.options;
    assert_eq!((options.split, options.dates, options.density), (60, Dates::Iso, Density::Compact));
    // What an earlier version kept is taken up as far as it goes.
    let mut old = Screen::new(120, 40);
    old.tell(Input::Engine(Box::new(Event::Layout("{\"pane\":\"inbox\",\"split\":70}".to_owned()))));
    assert_eq!((old.state.options.split, old.state.pane().name()), (70, "inbox"));
}
