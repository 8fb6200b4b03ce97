//! The mouse: what is drawn is what can be clicked, the wheel scrolls what is under it, and the line can be dragged.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};
use lyceum::base::text::Clean;
use lyceum::config::locale::Language;
use lyceum::engine::attach::Ground;
use lyceum::engine::event::Event;
use lyceum::model::search::saved::{Pane, Saved};
use lyceum::tui::effect::Effect;
use lyceum::tui::hits::Hit;
use lyceum::tui::msg::Input;

use super::reading::{copied, tree};
use super::screen::{Line, Screen};

fn mouse(screen: &mut Screen, kind: MouseEventKind, (column, row): (u16, u16)) {
    let event = MouseEvent { kind, column, row, modifiers: KeyModifiers::NONE };
    screen.tell(Input::Mouse(event));
    // What is drawn next is what can be clicked next.
    screen.picture();
}

fn click(screen: &mut Screen, at: (u16, u16)) {
    mouse(screen, MouseEventKind::Down(MouseButton::Left), at);
    mouse(screen, MouseEventKind::Up(MouseButton::Left), at);
}

/// Where some words stand in the picture.
fn place(screen: &Screen, words: &str) -> (u16, u16) {
    let picture = screen.picture();
    let found = picture.lines().enumerate().find_map(|(y, line)| {
        let at = line.find(words)?;
        Some((lyceum::base::text::width::width(&line[..at]) as u16, y as u16))
    });
    found.unwrap_or_else(|| panic!("{words} is not in\n{picture}"))
}

fn click_on(screen: &mut Screen, words: &str) {
    let at = place(screen, words);
    click(screen, at);
}

fn reading(size: (u16, u16)) -> Screen {
    let mut screen = Screen::on(tree(), size, Language::English, Line::Answers);
    screen.keys("enter");
    screen.picture();
    screen
}

fn at(screen: &Screen) -> u32 {
    screen.state.pane().reader(&screen.state).expect("a thread is open").current
}

#[test]
fn the_heading_of_a_list_goes_on_to_its_next_filter() {
    let mut screen = Screen::new(120, 40);
    screen.keys("3");
    let before = place(&screen, "▾");
    let by_key = {
        let mut other = Screen::new(120, 40);
        other.keys("3 t").picture()
    };
    click(&mut screen, before);
    assert_eq!(screen.picture(), by_key);
    assert_ne!(screen.picture(), Screen::new(120, 40).keys("3").picture());
}

#[test]
fn tabs_rows_and_the_keys_at_the_bottom() {
    let mut screen = Screen::new(120, 40);
    click_on(&mut screen, "3 Q&A");
    assert_eq!(screen.state.pane().name(), "questions");
    click_on(&mut screen, "t filter");
    assert!(screen.picture().contains("open ▾"), "{}", screen.picture());
    click_on(&mut screen, "cargo build fails");
    assert_eq!(screen.state.panes.questions.list.selected, 1);
    assert!(screen.state.pane().reader(&screen.state).is_none(), "one click selects");
    click_on(&mut screen, "cargo build fails");
    assert!(screen.state.pane().reader(&screen.state).is_some(), "a second one opens");
    click_on(&mut screen, "esc back");
    assert!(screen.state.pane().reader(&screen.state).is_none());
    click_on(&mut screen, "? help");
    assert_eq!(screen.state.overlays.last().unwrap().context(), "help");
    click_on(&mut screen, "close");
    assert!(screen.state.overlays.is_empty());
}

#[test]
fn a_sequence_that_was_begun_can_be_ended_with_a_click() {
    let mut screen = reading((120, 40));
    screen.keys("g");
    click_on(&mut screen, "g g first");
    assert_eq!(at(&screen), 1);
    assert!(screen.state.typed.keys.is_empty());
}

#[test]
fn posts_links_and_what_is_folded() {
    let mut screen = reading((120, 40));
    click_on(&mut screen, "Nine answers six");
    assert_eq!(at(&screen), 9);
    click_on(&mut screen, "the docs (docs.rs)");
    assert_eq!(screen.state.overlays.last().unwrap().context(), "link");
    assert!(screen.picture().contains("https://docs.rs/x"), "{}", screen.picture());
    click_on(&mut screen, "y copy");
    assert_eq!(copied(&screen), "https://docs.rs/x");
    click_on(&mut screen, "https://guild.example/t/t1/4");
    assert_eq!(at(&screen), 4, "an address of this community leads there");
    screen.keys("z").picture();
    assert!(!screen.picture().contains("Six answers"));
    click_on(&mut screen, "4 replies folded");
    assert!(screen.picture().contains("Six answers"), "{}", screen.picture());
}

#[test]
fn the_wheel_scrolls_what_is_under_it() {
    let mut screen = Screen::new(120, 40);
    let long = screen.state.threads.values().max_by_key(|t| t.last).unwrap().id.clone();
    screen.state.visit_thread(&long, Some(1));
    screen.wait(1).picture();
    let top = |s: &Screen| s.state.panes.feed.reader.as_ref().unwrap().top;
    let (before, selected) = (top(&screen), screen.state.panes.feed.list.selected);
    mouse(&mut screen, MouseEventKind::ScrollDown, (90, 20));
    assert_eq!((top(&screen), screen.state.panes.feed.list.selected), (before + 3, selected));
    mouse(&mut screen, MouseEventKind::ScrollDown, (10, 20));
    assert_eq!((top(&screen), screen.state.panes.feed.list.selected), (before + 3, selected + 1));
    // Over a window it scrolls the window, and nothing below.
    screen.keys("?").picture();
    let help = screen.picture();
    mouse(&mut screen, MouseEventKind::ScrollDown, (90, 20));
    assert_eq!(top(&screen), before + 3);
    assert_ne!(screen.picture(), help);
    screen.keys("esc").picture();
    mouse(&mut screen, MouseEventKind::ScrollUp, (90, 20));
    assert_eq!(top(&screen), before);
}

#[test]
fn what_lies_over_the_pane_is_clicked_and_not_what_is_below() {
    let mut screen = Screen::new(120, 40);
    let selected = screen.state.panes.feed.list.selected;
    screen.keys("2 s").picture();
    click(&mut screen, (5, 7));
    assert_eq!(screen.state.panes.threads.list.selected, selected, "the row below is covered");
    click_on(&mut screen, "Help Desk  Questions");
    assert!(screen.state.overlays.is_empty());
    assert!(screen.picture().contains("Help Desk ▾"), "{}", screen.picture());
    screen.keys(":").text("bookmark").picture();
    click_on(&mut screen, "bookmark            Bookmark");
    assert!(screen.picture().contains("Bookmarked.") || screen.picture().contains("dropped"), "{}", screen.picture());
    screen.keys("/").text("allocator").keys("enter").picture();
    click_on(&mut screen, "Which allocator for many small short-lived objects");
    assert!(screen.state.pane().reader(&screen.state).is_some());
}

/// Clicks on a row of what lies on top, which must say this.
fn click_row(screen: &mut Screen, row: usize, says: &str) {
    let picture = screen.picture();
    let place = screen.state.hits.find(Hit::Row(row)).unwrap_or_else(|| panic!("no row {row} in\n{picture}"));
    let line = picture.lines().nth(usize::from(place.y)).unwrap_or_default();
    assert!(line.contains(says), "{says} is not row {row} of\n{picture}");
    click(screen, (place.x + 1, place.y));
}

#[test]
fn saved_searches_and_sessions_are_rows() {
    let mut screen = Screen::new(120, 40);
    let saved = |name: &str, query: &str| Saved { name: Clean::line(name), query: query.to_owned(), pane: Pane::Feed };
    let both = vec![saved("first", "musl"), saved("second", "allocator")];
    screen.tell(Input::Engine(Box::new(Event::Searches(both))));
    screen.keys("S");
    click_row(&mut screen, 1, "second");
    assert_eq!(screen.state.overlays.last().unwrap().context(), "searches", "one click selects");
    click_row(&mut screen, 1, "second");
    assert!(screen.state.overlays.is_empty() && screen.picture().contains("second ▾"), "{}", screen.picture());
    let mut screen = super::security::member(Language::English, (80, 24));
    screen.keys("4 s");
    click_row(&mut screen, 1, "lyceum on laptop");
    screen.keys("x");
    assert_eq!(screen.state.overlays.last().unwrap().context(), "confirm", "the other session is selected");
    screen.keys("n");
    click_row(&mut screen, 1, "lyceum on laptop");
    assert_eq!(screen.state.overlays.last().unwrap().context(), "confirm");
}

#[test]
fn what_can_be_attached_is_rows() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("main.rs"), "fn main() {}\n").unwrap();
    std::fs::write(folder.path().join("other.rs"), "fn other() {}\n").unwrap();
    let mut screen = Screen::new(120, 40);
    screen.ground = Some(Ground { folder: folder.path().to_owned(), shell: "sh".into() });
    screen.keys("enter r ctrl-o");
    click_row(&mut screen, 1, "command");
    assert!(!screen.picture().contains("$ "), "one click selects");
    click_row(&mut screen, 1, "command");
    assert!(screen.picture().contains("$ "), "{}", screen.picture());
    screen.keys("esc");
    click_row(&mut screen, 0, "file");
    click_row(&mut screen, 0, "file");
    click_row(&mut screen, 1, "other.rs");
    click_row(&mut screen, 1, "other.rs");
    assert!(screen.picture().contains("other.rs · 1 line"), "{}", screen.picture());
}

#[test]
fn a_question_has_buttons() {
    let mut screen = Screen::new(80, 24);
    screen.keys("3 enter a").text("Some text").keys("esc : d r a f t s enter ctrl-x");
    assert_eq!(screen.state.overlays.last().unwrap().context(), "confirm");
    screen.picture();
    let no = screen.state.hits.find(Hit::Command("no")).expect("a button");
    let (x, y) = place(&screen, "y yes   n no");
    let buttons = [(x, y), (x + 8, y)];
    assert!(no.y == 23 || no.contains(buttons[1].into()), "{no:?}");
    click(&mut screen, buttons[1]);
    assert_eq!(screen.state.overlays.last().unwrap().context(), "picker");
    screen.keys("ctrl-x").picture();
    let (x, y) = place(&screen, "y yes   n no");
    click(&mut screen, (x, y));
    assert!(screen.state.drafts.is_empty());
}

#[test]
fn the_line_between_list_and_detail_is_dragged_and_remembered() {
    let mut screen = Screen::new(120, 40);
    let line = |s: &Screen| s.picture().lines().nth(5).unwrap().split('│').next().unwrap().chars().count();
    let before = screen.layouts.len();
    screen.picture();
    mouse(&mut screen, MouseEventKind::Down(MouseButton::Left), (54, 10));
    for column in [60, 70, 84] {
        mouse(&mut screen, MouseEventKind::Drag(MouseButton::Left), (column, 12));
    }
    assert!((84..=85).contains(&line(&screen)), "{}", line(&screen));
    assert_eq!(screen.layouts.len(), before, "it is remembered once it is let go");
    mouse(&mut screen, MouseEventKind::Up(MouseButton::Left), (84, 12));
    assert_eq!(screen.layouts.len(), before + 1);
    assert!(screen.layouts.last().unwrap().contains("\"split\":70"), "{:?}", screen.layouts.last());
    mouse(&mut screen, MouseEventKind::Drag(MouseButton::Left), (40, 12));
    assert!(line(&screen) >= 84, "nothing is held any more");
    mouse(&mut screen, MouseEventKind::Down(MouseButton::Left), (84, 10));
    mouse(&mut screen, MouseEventKind::Drag(MouseButton::Left), (119, 12));
    assert_eq!(screen.state.options.split, 80, "both stay wide enough");
}

#[test]
fn a_click_anywhere_harms_nothing() {
    for keys in [
        "",
        "enter",
        "?",
        ":",
        "/",
        "2 s",
        "enter r",
        "O",
        ": s i g n - i n enter",
        "ctrl-t",
        "4",
        "5",
        "enter ctrl-f a",
    ] {
        let mut screen = Screen::new(80, 24);
        screen.keys(keys).picture();
        for (row, column) in (0..24).step_by(2).flat_map(|row| (0..80).step_by(23).map(move |column| (row, column))) {
            mouse(&mut screen, MouseEventKind::ScrollDown, (column, row));
            click(&mut screen, (column, row));
        }
        click(&mut screen, (200, 200));
        mouse(&mut screen, MouseEventKind::Drag(MouseButton::Left), (0, 0));
        assert!(!screen.effects.iter().any(|effect| matches!(effect, Effect::Quit)));
    }
}
