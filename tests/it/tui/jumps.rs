//! Jumps to posts that are named somewhere: in a quote, as the accepted answer; fetched first where they are not here.

use lyceum::community::memory::{Draft, Memory, NOW};
use lyceum::config::locale::Language;
use lyceum::model::member::Role;
use lyceum::model::thread::Kind;

use super::reading::copied;
use super::screen::{Line, ORIGIN, Screen};

fn at(screen: &Screen) -> u32 {
    screen.state.pane().reader(&screen.state).expect("a thread is open").current
}

fn community() -> lyceum::community::memory::Builder {
    Memory::builder(NOW)
        .member("hopper", "Hopper", Role::Expert, 9900)
        .member("grace", "Grace", Role::Member, 9900)
        .member("ada", "Ada", Role::Member, 9900)
        .space("help", "Help Desk", "", None, Role::Member)
}

fn quoting() -> Screen {
    let two = "[quote=\"grace, post:3\"]\nThree.\n[/quote]\nTrue, and [a link](https://docs.rs/x).";
    let elsewhere = "[quote=\"hopper, post:1, topic:t1\"]\nOther.\n[/quote]\n[quote=\"ada, post:99\"]\nNone.\n[/quote]";
    let draft = Draft::new("help", Kind::Discussion, "Who said what", ("hopper", 100), "Begin.")
        .reply(("grace", 90), "Two.")
        .reply(("grace", 80), "Three.")
        .reply(("hopper", 70), "[quote=\"grace, post:2\"]\nTwo.\n[/quote]\nYes.")
        .reply(("hopper", 60), two)
        .reply(("hopper", 50), elsewhere);
    let other = Draft::new("help", Kind::Discussion, "Another thread", ("hopper", 700), "Nothing here.");
    let memory = community().thread(other).thread(draft).seen_by("ada");
    let mut screen = Screen::on(memory, (80, 40), Language::English, Line::Answers);
    screen.keys("enter");
    screen
}

#[test]
fn a_quote_that_names_its_post_leads_there_and_back() {
    let mut screen = quoting();
    let picture = screen.picture();
    assert!(picture.contains("grace wrote in post 2: [1]") && picture.contains("post 3: [2]"), "{picture}");
    screen.keys("g o").text("4").keys("enter o");
    assert_eq!(at(&screen), 2, "the only one of its post");
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 4);
    screen.keys("alt-right");
    assert_eq!(at(&screen), 2);
    screen.keys("2 o");
    assert_eq!(at(&screen), 3, "by its number from anywhere");
    screen.keys("2 y");
    let open = screen.state.pane().open_thread(&screen.state).unwrap();
    assert_eq!(copied(&screen), format!("{ORIGIN}/t/{open}/3"));
    // Beside a link it is chosen among.
    screen.keys("g o").text("5").keys("enter o");
    assert!(screen.picture().contains("[2] Post 3") && screen.picture().contains("[3] https://docs.rs/x"));
    screen.keys("enter");
    assert_eq!(at(&screen), 3);
}

#[test]
fn a_quote_of_another_thread_leads_to_that_one_and_a_made_up_number_nowhere() {
    let mut screen = quoting();
    screen.keys("g o").text("6").keys("enter");
    let before = at(&screen);
    screen.keys("5 o");
    assert!(screen.picture().contains("go up to 6"), "{}", screen.picture());
    assert_eq!(at(&screen), before);
    screen.keys("4 o");
    let open = screen.state.pane().open_thread(&screen.state).unwrap();
    assert_eq!(*screen.state.threads[&open].title, *"Another thread");
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 6);
}
