//! What is on its way, as the reader sees it: the echo in the thread, the list, taking back; news, and lists that hold
//! still.

use lyceum::base::ids::ThreadId;
use lyceum::base::time::Clock as _;
use lyceum::config::locale::Language;
use lyceum::engine::event::{Event, KeptDraft, Progress};
use lyceum::model::change::{Change, Notice, Topic};
use lyceum::model::draft::{Draft, Place};
use lyceum::model::notification::{Notification, Reason};
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;

use super::screen::{Line, Screen};

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);

fn told(screen: &mut Screen, event: Event) {
    screen.tell(Input::Engine(Box::new(event)));
}

/// A screen on an open question, with an answer that waits to be sent.
fn with_a_text_on_its_way(size: (u16, u16), language: Language) -> Screen {
    let mut screen = Screen::with(size.0, size.1, language, Line::Answers);
    screen.holds = true;
    screen.keys("3 enter a").text("Give that route its own layers.").keys("ctrl-s");
    screen
}

#[test]
fn a_text_stands_where_it_will_stand_until_the_server_has_placed_it() {
    let mut screen = with_a_text_on_its_way(WIDE, Language::English);
    assert!(screen.picture().contains("Give that route its own layers."), "{}", screen.picture());
    assert!(screen.picture().contains("goes out in a moment"), "{}", screen.picture());
    assert!(screen.picture().contains("1 queued"), "{}", screen.picture());
    screen.let_go();
    let times = screen.picture().matches("Give that route its own layers.").count();
    assert_eq!(times, 1, "{}", screen.picture());
    assert!(!screen.picture().contains("queued"), "{}", screen.picture());
}

#[test]
fn the_servers_copy_that_comes_before_the_answer_is_not_there_twice() {
    let mut screen = with_a_text_on_its_way(WIDE, Language::English);
    let change = screen.state.outbox[0].change.clone();
    screen.memory.done_by("ada", &change).unwrap();
    let Change::Reply { thread, .. } = change else { panic!() };
    let notice = Notice { seq: 9, topic: Topic::Post, thread: Some(thread), number: None };
    told(&mut screen, Event::Changed(vec![notice]));
    let times = screen.picture().matches("Give that route its own layers.").count();
    assert_eq!(times, 1, "{}", screen.picture());
}

#[test]
fn a_text_is_taken_back_with_a_key_and_written_on() {
    let mut screen = with_a_text_on_its_way(SMALL, Language::English);
    screen.keys("u");
    assert!(screen.state.outbox.is_empty());
    screen.text(" And say why.");
    assert_eq!(screen.state.drafts[0].body, "Give that route its own layers. And say why.");
    screen.keys("esc");
    assert!(!screen.picture().contains("queued"), "{}", screen.picture());
}

#[test]
fn the_outbox_tells_how_everything_stands() {
    for (language, tag) in [(Language::English, "en"), (Language::Chinese, "zh-CN")] {
        for size in [WIDE, SMALL] {
            let mut screen = with_a_text_on_its_way(size, language);
            screen.line = Line::Broken;
            screen.holds = false;
            screen.keys("b O");
            insta::assert_snapshot!(format!("outbox-{tag}-{}", size.0), screen.picture());
        }
    }
}

#[test]
fn what_is_stuck_says_why_and_can_be_taken_back_or_given_up() {
    let mut screen = Screen::new(120, 40);
    screen.keys("3 enter a").text("an answer");
    let thread = screen.state.panes.questions.reader.as_ref().unwrap().id.clone();
    screen.memory.lock(&thread, true);
    screen.keys("ctrl-s");
    assert!(screen.picture().contains("1 stuck"), "{}", screen.picture());
    screen.keys("O");
    assert!(screen.picture().contains("the thread was locked"), "{}", screen.picture());
    screen.keys("x");
    assert!(screen.picture().contains("Give this up for good?"), "{}", screen.picture());
    screen.keys("n enter");
    assert_eq!(screen.state.drafts[0].body, "an answer");
    assert!(screen.state.outbox.is_empty());
}

#[test]
fn nothing_moves_under_the_hand_and_what_is_new_is_counted() {
    let mut screen = Screen::new(120, 40);
    screen.keys("j");
    let before: Vec<ThreadId> = screen.state.panes.feed.list.items.clone();
    let change = Change::NewThread {
        space: screen.state.home.spaces[0].id.clone(),
        kind: lyceum::model::thread::Kind::Discussion,
        title: "Something new".into(),
        body: "text".into(),
        tags: Vec::new(),
    };
    screen.memory.done_by("juno", &change).unwrap();
    let notice = Notice { seq: 9, topic: Topic::Thread, thread: None, number: None };
    told(&mut screen, Event::Changed(vec![notice]));
    assert_eq!(screen.state.panes.feed.list.items, before);
    assert!(screen.picture().contains("1 new ↑"), "{}", screen.picture());
    screen.keys("g g");
    assert!(screen.picture().contains("Something new"), "{}", screen.picture());
    assert!(!screen.picture().contains("1 new ↑"), "{}", screen.picture());
}

fn news(screen: &Screen) -> Event {
    let item = &screen.state.panes.inbox.list.items;
    let _ = item;
    Event::News(vec![Notification {
        id: lyceum::base::ids::NotificationId::new("n"),
        reason: Reason::Membership,
        actor: None,
        thread: None,
        title: lyceum::base::text::Clean::line("Your plan renews"),
        number: None,
        excerpt: lyceum::base::text::Clean::default(),
        at: screen.memory.clock().now(),
        done: false,
    }])
}

#[test]
fn news_are_announced_unless_somebody_looks_or_it_is_night() {
    let mut screen = Screen::new(80, 24);
    let announced = |screen: &Screen| screen.effects.iter().filter(|e| matches!(e, Effect::Notify(_))).count();
    let event = news(&screen);
    told(&mut screen, event.clone());
    assert!(screen.picture().contains("Your plan renews"));
    assert_eq!(announced(&screen), 1);
    screen.tell(Input::Focus(true));
    told(&mut screen, event.clone());
    assert_eq!(announced(&screen), 1, "whoever looks is not called");
    screen.tell(Input::Focus(false));
    screen.wait(20_000);
    screen.state.options.quiet = Some("00:00-23:59".parse().unwrap());
    told(&mut screen, event);
    assert_eq!(announced(&screen), 1);
    assert!(!screen.picture().contains("Your plan renews"), "{}", screen.picture());
}

#[test]
fn the_window_opens_as_it_was_left() {
    let mut screen = Screen::new(120, 40);
    let mut layouts = Vec::new();
    for effect in screen.told_keys("2 >") {
        layouts.push(effect);
    }
    let layout = layouts.last().expect("a change of layout is remembered").clone();
    let mut later = Screen::new(120, 40);
    told(&mut later, Event::Layout(layout.clone()));
    assert_eq!((later.state.active, later.state.options.split), (1, 50));
    // Whoever has begun already stays where they are.
    let mut busy = Screen::new(120, 40);
    busy.keys("j");
    told(&mut busy, Event::Layout(layout));
    assert_eq!(busy.state.active, 0);
}

#[test]
fn drafts_of_earlier_sittings_and_of_other_windows_are_listed() {
    let mut screen = Screen::new(80, 24);
    let at = screen.memory.clock().now();
    let kept = |thread: &str, body: &str, is_others| {
        let place = Place::Reply { thread: ThreadId::new(thread), parent: None };
        KeptDraft { draft: Draft { body: body.into(), ..Draft::new(place, "about") }, at, is_others, copy: 0 }
    };
    told(
        &mut screen,
        Event::Opened { of: None, drafts: vec![kept("t1", "from before", false), kept("t2", "not mine", true)] },
    );
    screen.keys(":").text("drafts").keys("enter");
    let picture = screen.picture();
    assert!(picture.contains("from before") && picture.contains("not mine"), "{picture}");
    assert!(picture.contains("open in another window"), "{picture}");
}

#[test]
fn fetching_everything_shows_how_far_it_is() {
    let mut screen = Screen::new(80, 24);
    let progress = Progress { threads: 25, of: 100, posts: 500, took_ms: 1000, is_over: false, is_whole: false };
    told(&mut screen, Event::Progress(progress));
    assert!(screen.picture().contains("██░░░░░░░░ 25/100 threads, 500 posts/s"), "{}", screen.picture());
    told(&mut screen, Event::Progress(Progress { is_over: true, is_whole: true, ..progress }));
    assert!(!screen.picture().contains("25/100"), "{}", screen.picture());
    assert!(screen.picture().contains("500 posts were fetched"), "{}", screen.picture());
}

#[test]
fn a_text_that_was_set_aside_can_be_taken_up_again() {
    let mut screen = Screen::new(80, 24);
    let at = screen.memory.clock().now();
    let kept = |body: &str, copy| {
        let place = Place::Reply { thread: ThreadId::new("t1"), parent: None };
        KeptDraft { draft: Draft { body: body.into(), ..Draft::new(place, "about") }, at, is_others: false, copy }
    };
    told(&mut screen, Event::Opened { of: None, drafts: vec![kept("the later", 0), kept("the earlier", 1)] });
    screen.keys(":").text("drafts").keys("enter");
    assert!(screen.picture().contains("set aside"), "{}", screen.picture());
    screen.text("earlier").keys("enter");
    assert_eq!(screen.state.drafts[0].body, "the earlier");
    assert_eq!(screen.state.aside.iter().map(|(draft, _)| draft.body.as_str()).collect::<Vec<_>>(), ["the later"]);
}

#[test]
fn a_text_that_arrived_stays_until_the_community_shows_it() {
    let mut screen = with_a_text_on_its_way(WIDE, Language::English);
    screen.line = Line::Silent;
    screen.let_go();
    assert!(screen.state.outbox.is_empty());
    let times = |screen: &Screen| screen.picture().matches("Give that route its own layers.").count();
    assert_eq!(times(&screen), 1, "{}", screen.picture());
    screen.line = Line::Answers;
    screen.answer();
    assert_eq!(times(&screen), 1, "{}", screen.picture());
}
