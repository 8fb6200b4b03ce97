//! Every hostile payload in every field of the screen, drawn on a real terminal by the program's own guard. The test that
//! starts this as a child and judges what comes out is `pty::sinks`.

use std::io::Write as _;
use std::sync::Arc;

use lyceum::base::ids::SpaceId;
use lyceum::base::text::Clean;
use lyceum::community::memory::{Draft, Memory, NOW};
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::config::screen::Notify;
use lyceum::config::terminal::{Clipboard, Terminal as Surroundings};
use lyceum::engine::event::Event;
use lyceum::model::draft::{Draft as Written, Place};
use lyceum::model::member::Role;
use lyceum::model::notification::{Notification, Reason};
use lyceum::model::thread::Kind as Sort;
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;
use lyceum::tui::overlay::compose::Compose;
use lyceum::tui::painter::{Hyperlink, Painter};
use lyceum::tui::state::State;
use lyceum::tui::terminal::{Modes, TermGuard};
use lyceum::tui::view::view;

use super::screen::{Line, Screen};
use crate::corpus::{Case, cases};

/// Columns and lines.
const SIZE: (u16, u16) = (100, 30);
/// Payloads in one community: a page of a list.
const AT_A_TIME: usize = 30;
/// How many names a completion offers.
const OFFERED: usize = 5;

/// What leads out of the program, as the loop has it written.
fn linked(state: &State) -> Vec<Hyperlink> {
    let links = state.hits.links().into_iter().filter(|(_, url)| url.is_ascii());
    links.map(|(place, url)| Hyperlink { url, places: vec![place] }).collect()
}

/// The real terminal, a screen of the tests, and what was seen on it.
struct Stage {
    guard: TermGuard,
    painter: Painter,
    drawn: usize,
    shown: usize,
    looked: usize,
}

impl Stage {
    fn new() -> Self {
        let surroundings = Surroundings::read(&|name| std::env::var(name).ok());
        let modes =
            Modes { alternate_screen: true, mouse: true, keyboard: surroundings.keyboard, frames: true, scheme: false };
        let guard = TermGuard::take(&surroundings, modes, Notify::Osc777, Arc::new(|| ())).unwrap();
        Self { guard, painter: Painter::new(surroundings.colors), drawn: 0, shown: 0, looked: 0 }
    }

    /// Draws what the screen shows and carries out what it asked for, as the loop does; `looks_for` counts those of the
    /// texts that can be seen.
    fn paint(&mut self, screen: &mut Screen, looks_for: &[&Case]) {
        let frame = self.painter.draw(SIZE, || linked(&screen.state), |frame| view(&screen.state, frame));
        let shown = self.painter.shown().unwrap();
        let text: String =
            shown.cells.content.iter().map(|cell| cell.symbol()).filter(|symbol| *symbol != " ").collect();
        for case in looks_for {
            let clean = Clean::line(&case.text);
            let start: String = clean.chars().filter(|c| !c.is_whitespace()).take(6).collect();
            self.looked += 1;
            self.shown += usize::from(text.contains(&start));
        }
        self.settle();
        self.guard.show(&frame).unwrap();
        self.settle();
        self.drawn += 1;
        for effect in std::mem::take(&mut screen.effects) {
            match effect {
                Effect::Copy(text) => self.guard.copy(&text),
                Effect::Notify(text) => self.guard.notify(&text),
                _ => {}
            }
        }
    }

    /// Waits until the terminal has taken everything so far: here every frame counts, as no reader wants them to.
    fn settle(&self) {
        while !self.guard.is_ready() {
            std::thread::yield_now();
        }
    }

    fn press(&mut self, screen: &mut Screen, keys: &str, looks_for: &[&Case]) {
        screen.keys(keys);
        self.paint(screen, looks_for);
    }
}

/// A community in which everything was written by somebody who wants the terminal.
fn community(cases: &[&Case], first: usize) -> Memory {
    let name = |mark: &str, at: usize| format!("{mark}{:03}x{}", (first + at) / OFFERED, cases[at].text);
    let mut builder = Memory::builder(NOW).member("ada", "ada", Role::Member, 100);
    for (at, case) in cases.iter().enumerate() {
        let bio = format!("{}\n\n{}", case.text, case.text);
        builder = builder.member(&name("m", at), &case.text, Role::Member, 100).bio(&bio);
        builder = builder.space(&format!("s{at}"), &case.text, &case.text, None, Role::Member);
    }
    for (at, case) in cases.iter().enumerate() {
        let text = &case.text;
        let language = if at == 0 { "rust" } else { "" };
        let body = format!("needle {text}\n\n[{text}](https://e.example/{text})\n\n```{language}\n{text}\n```\n");
        let draft = Draft::new(&format!("s{at}"), Sort::Discussion, text, (&name("m", at), 5), &body);
        let tag = name("t", at);
        builder = builder.thread(draft.tags(&[&tag, text]).reply((&name("m", at), 4), text));
        builder = builder.inbox("ada", Reason::Mention, &name("m", at), (text, 1), 3);
        builder = builder.notice("ada", Reason::Membership, text, 2);
    }
    builder.seen_by("ada")
}

fn play(stage: &mut Stage, all: &[&Case], first: usize) {
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

/// Not a test: the child.
#[test]
fn child() {
    let Some(told) = std::env::var_os("LYCEUM_TEST_TOLD") else { return };
    let all = cases();
    let all: Vec<&Case> = all.iter().collect();
    let mut stage = Stage::new();
    for (nth, some) in all.chunks(AT_A_TIME).enumerate() {
        play(&mut stage, some, nth * AT_A_TIME);
    }
    for through in [Clipboard::Terminal, Clipboard::Tmux, Clipboard::Screen] {
        stage.settle();
        drop(stage.guard);
        let mut surroundings = Surroundings::read(&|name| std::env::var(name).ok());
        surroundings.clipboard = through;
        let modes = Modes {
            alternate_screen: true,
            mouse: false,
            keyboard: surroundings.keyboard,
            frames: true,
            scheme: false,
        };
        let notify = match through {
            Clipboard::Tmux => Notify::Osc9,
            Clipboard::Screen => Notify::Osc99,
            _ => Notify::Bell,
        };
        stage.guard = TermGuard::take(&surroundings, modes, notify, Arc::new(|| ())).unwrap();
        for case in &all {
            stage.guard.copy(&Clean::block(&case.text));
            stage.guard.notify(&Clean::block(&case.text));
            stage.settle();
        }
        stage.guard.title(7);
        stage.settle();
    }
    let (drawn, shown, looked) = (stage.drawn, stage.shown, stage.looked);
    drop(stage);
    std::fs::write(told, format!("{drawn} {shown} {looked}")).unwrap();
    std::io::stdout().write_all(b"that was all").unwrap();
    std::io::stdout().flush().unwrap();
    std::process::exit(0);
}
