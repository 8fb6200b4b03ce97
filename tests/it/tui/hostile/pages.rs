//! What people come to without opening a window: lists, threads, what is said in passing, and the menus of the composer.

use lyceum::base::ids::SpaceId;
use lyceum::base::text::Clean;
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::engine::event::Event;
use lyceum::model::draft::{Draft as Written, Place};
use lyceum::model::notification::Notification;
use lyceum::model::thread::Kind as Sort;
use lyceum::tui::msg::Input;
use lyceum::tui::overlay::compose::Compose;

use super::super::screen::{Line, Screen};
use super::{OFFERED, SIZE, Stage, community};
use crate::corpus::Case;

/// Everything of one community.
pub(super) fn play(stage: &mut Stage, all: &[&Case], first: usize) {
    let mut screen = Screen::on(community(all, first), SIZE, Language::English, Line::Answers);
    stage.paint(&mut screen, &[]);
    stage.press(&mut screen, "G", &[]);
    screen.keys("g g");
    for case in all {
        // The thread, its author, its link, what is copied; the next row.
        stage.press(&mut screen, "enter", &[]);
        stage.press(&mut screen, "i", &[]);
        screen.keys("esc");
        stage.press(&mut screen, "o", &[]);
        screen.keys("esc");
        stage.press(&mut screen, "y", &[]);
        screen.keys("esc j");
        fail(stage, &mut screen, case);
    }
    screen.keys("2");
    page_through(stage, &mut screen, "s", all);
    screen.keys("/").text("needle");
    page_through(stage, &mut screen, "enter", all);
    stage.press(&mut screen, "5", &[]);
    stage.press(&mut screen, "G", &[]);
    news(stage, &mut screen, all);
    complete(stage, &mut screen, all, first);
}

/// Opens a window with a row or two for each payload, goes down in it and closes it.
fn page_through(stage: &mut Stage, screen: &mut Screen, open: &str, all: &[&Case]) {
    stage.press(screen, open, &[]);
    for at in 0..all.len() {
        screen.keys("down");
        if at % 8 == 7 {
            stage.paint(screen, &[]);
        }
    }
    screen.keys("esc");
}

/// The server fails in its own words; the notice and the list say so.
fn fail(stage: &mut Stage, screen: &mut Screen, case: &Case) {
    let words = Clean::line(&case.text);
    screen.failure = Some(Error::with(Kind::Invalid(vec![(words.clone(), words)]), &case.text));
    screen.line = Line::Broken;
    screen.state.say_error(&lyceum::engine::problem::explain(screen.failure.as_ref().unwrap()));
    stage.paint(screen, &[case]);
    screen.line = Line::Answers;
    screen.state.home.about.as_mut().unwrap().name = Clean::line(&case.text);
    // What a caller did not clean is clean once it is said.
    screen.state.say(lyceum::tui::notice::Tone::Plain, case.text.clone());
    stage.paint(screen, &[case]);
}

fn news(stage: &mut Stage, screen: &mut Screen, all: &[&Case]) {
    let items = screen.state.panes.inbox.list.items.clone();
    let cases = all.iter().map(|case| Clean::line(&case.text));
    for (item, title) in items.iter().cycle().zip(cases) {
        let news = Notification { title, ..item.clone() };
        screen.tell(Input::Engine(Box::new(Event::News(vec![news]))));
        stage.paint(screen, &[]);
    }
    stage.press(screen, "1", &[]);
}

/// The menus of names and tags.
fn complete(stage: &mut Stage, screen: &mut Screen, all: &[&Case], first: usize) {
    let place = Place::NewThread { space: SpaceId::new("s0"), kind: Sort::Discussion };
    Compose::open(&mut screen.state, Written::new(place, all[0].text.as_str()));
    screen.keys("tab tab");
    for group in first / OFFERED..(first + all.len()).div_ceil(OFFERED) {
        for typed in [format!("@m{group:03} "), format!("#t{group:03} ")] {
            let (word, space) = typed.split_at(typed.len() - 1);
            screen.text(word);
            stage.paint(screen, &[]);
            screen.text(space);
        }
    }
}
