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

/// A question with so many answers that not all are fetched; one far down is accepted.
pub(super) fn long() -> Screen {
    let mut draft = Draft::new("help", Kind::Question, "A long question", ("hopper", 9000), "Begin.").accepted(700);
    for n in 2..=900 {
        draft = draft.reply(("grace", 9000 - n), if n == 700 { "This is it." } else { "More." });
    }
    let memory = community().thread(draft).seen_by("ada");
    let mut screen = Screen::on(memory, (80, 24), Language::English, Line::Answers);
    screen.keys("enter");
    screen
}

fn posts(screen: &Screen) -> Vec<u32> {
    screen.state.pane().reader(&screen.state).unwrap().posts.iter().map(|post| post.number).collect()
}

fn is_whole(numbers: &[u32]) -> bool {
    !numbers.is_empty() && numbers.windows(2).all(|two| two[0] + 1 == two[1])
}

#[test]
fn the_accepted_answer_is_fetched_when_it_is_gone_to() {
    let mut screen = long();
    assert!(!posts(&screen).contains(&700));
    screen.keys("g a");
    assert_eq!(at(&screen), 700);
    assert!(screen.picture().contains("This is it."), "{}", screen.picture());
    assert!(is_whole(&posts(&screen)), "{:?}", posts(&screen));
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 1);
}

#[test]
fn what_is_here_stays_until_it_has_come_and_it_is_said_what_is_fetched() {
    let mut screen = long();
    screen.line = Line::Silent;
    screen.keys("g a");
    assert!(!screen.picture().contains("fetching"), "not at once: {}", screen.picture());
    screen.wait(200);
    let picture = screen.picture();
    assert!(picture.contains("fetching post 700") && picture.contains("Begin."), "{picture}");
    insta::assert_snapshot!("jump-fetching", picture);
    screen.line = Line::Answers;
    screen.answer();
    assert_eq!(at(&screen), 700);
    assert!(!screen.picture().contains("fetching"), "{}", screen.picture());
}

#[test]
fn without_a_line_it_is_said_and_one_stays_where_one_is() {
    let mut screen = long();
    screen.keys("j j j");
    let (before, here) = (at(&screen), posts(&screen));
    screen.line = Line::Broken;
    for keys in ["g a", "g o 7 0 0 enter"] {
        screen.keys(keys);
        let words = screen.picture().split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(words.contains("Post 700 is not kept here.") && words.contains("Could not reach"), "{words}");
        assert_eq!((at(&screen), posts(&screen)), (before, here.clone()));
        screen.wait(20_000);
    }
    screen.line = Line::Answers;
    screen.keys("g a");
    assert_eq!(at(&screen), 700);
}

#[test]
fn whoever_goes_elsewhere_meanwhile_is_not_taken_along() {
    let mut screen = long();
    let here = posts(&screen);
    screen.line = Line::Silent;
    screen.keys("g a g o 3 enter");
    assert_eq!(at(&screen), 3);
    screen.line = Line::Answers;
    screen.answer();
    assert_eq!((at(&screen), posts(&screen)), (3, here));
}
