//! Reading a thread: its tree, what is new in it, the ways through it, and the places one has been.

use lyceum::base::ids::ThreadId;
use lyceum::community::memory::{Draft, Memory, NOW};
use lyceum::config::locale::Language;
use lyceum::config::terminal::{Clipboard, Desktop};
use lyceum::model::member::Role;
use lyceum::model::thread::{Kind, Marks};
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;

use super::screen::{Line, ORIGIN, Screen};

/// A tree: 1 is the opening post; 2 has the branch 4 › 6 › 7 › 8 › 9; 3 has 5; 10 is alone. Ada has read up to 5.
pub(super) fn tree() -> Memory {
    let code = "Two pieces:\n\n```rust\nfirst();\n```\n\n```sh\ncargo test\n```\n";
    let links =
        "See [the docs](https://docs.rs/x), https://guild.example/t/t1/4 and [bank.example](https://evil.example/).";
    let draft = Draft::new("help", Kind::Discussion, "A tree of replies", ("hopper", 600), "Who has a tree?")
        .reply(("grace", 500), "Two says something.")
        .reply(("linus", 490), code)
        .comment(2, ("linus", 480), links)
        .comment(3, ("grace", 470), "Five answers three.")
        .comment(4, ("grace", 460), "Six answers four.")
        .comment(6, ("linus", 450), "Seven answers six.")
        .comment(7, ("grace", 440), "Eight answers seven.")
        .comment(6, ("linus", 430), "Nine answers six, too.")
        .reply(("grace", 420), "Ten stands alone.")
        .marks("ada", Marks { read: 5, ..Marks::default() });
    let other = Draft::new("help", Kind::Discussion, "Another thread", ("hopper", 700), "Nothing here.");
    let built = Memory::builder(NOW)
        .member("hopper", "Hopper", Role::Expert, 900)
        .member("grace", "Grace", Role::Member, 900)
        .member("linus", "Linus", Role::Member, 900)
        .member("ada", "Ada", Role::Member, 900)
        .space("help", "Help Desk", "", None, Role::Member);
    built.thread(draft).thread(other).seen_by("ada")
}

fn open(size: (u16, u16)) -> Screen {
    open_in(size, Language::English)
}

fn open_in(size: (u16, u16), language: Language) -> Screen {
    let mut screen = Screen::on(tree(), size, language, Line::Answers);
    screen.keys("enter");
    screen
}

fn at(screen: &Screen) -> u32 {
    screen.state.pane().reader(&screen.state).expect("a thread is open").current
}

/// What was put on the clipboard last.
pub(super) fn copied(screen: &Screen) -> String {
    let copied = screen.effects.iter().rev().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.to_string()),
        _ => None,
    });
    copied.unwrap_or_default()
}

#[test]
fn a_thread_opens_on_what_is_new_and_the_keys_go_through_it() {
    let mut screen = open((80, 24));
    assert_eq!(at(&screen), 6);
    screen.keys("n");
    assert_eq!(at(&screen), 7);
    screen.keys("n n n");
    assert_eq!(at(&screen), 10);
    screen.keys("N N");
    assert_eq!(at(&screen), 8);
    screen.keys("g g g n");
    assert_eq!(at(&screen), 6, "the first unread");
}

#[test]
fn beside_above_and_at_the_top() {
    let mut screen = open((80, 24));
    screen.keys("n");
    assert_eq!(at(&screen), 7);
    screen.keys("]");
    assert_eq!(at(&screen), 9, "beside it");
    screen.keys("]");
    assert_eq!(at(&screen), 3, "the branch ends: what stands after it");
    screen.keys("[");
    assert_eq!(at(&screen), 2);
    screen.keys("]");
    assert_eq!(at(&screen), 3);
    screen.keys("N");
    assert_eq!(at(&screen), 9);
    screen.keys("p p p");
    assert_eq!(at(&screen), 2, "six, four, two");
    screen.keys("p p");
    assert_eq!(at(&screen), 1);
    assert!(screen.picture().contains("This is the opening post"), "{}", screen.picture());
    screen.keys("2 }");
    assert_eq!(at(&screen), 3);
    screen.keys("} }");
    assert_eq!(at(&screen), 10);
    assert!(screen.picture().contains("no further reply that way"), "{}", screen.picture());
    screen.keys("{");
    assert_eq!(at(&screen), 3);
}

#[test]
fn what_is_folded_is_found_all_the_same() {
    let mut screen = open((80, 40));
    screen.keys("Z");
    assert_eq!(at(&screen), 2, "what was selected is folded into this");
    let picture = screen.picture();
    assert!(picture.contains("5 replies folded") && !picture.contains("Six answers"), "{picture}");
    screen.keys("n");
    assert_eq!(at(&screen), 6);
    assert!(screen.picture().contains("Six answers"), "{}", screen.picture());
    screen.keys("Z Z");
    assert!(!screen.picture().contains("Six answers"));
    screen.keys("Z");
    assert!(screen.picture().contains("Six answers"));
}

#[test]
fn only_what_is_new_with_what_it_replies_to() {
    let mut screen = open((80, 40));
    screen.keys("t");
    let picture = screen.picture();
    assert!(picture.contains("only new posts (t shows all)"), "{picture}");
    assert!(picture.contains("in reply to Linus: See the docs"), "{picture}");
    assert!(!picture.contains("Five answers three."), "{picture}");
    assert_eq!(at(&screen), 6);
    insta::assert_snapshot!("only-new", picture);
    // What is not new is shown when one goes there.
    screen.keys("p");
    assert_eq!(at(&screen), 4);
    assert!(screen.picture().contains("Five answers three."));
    screen.keys("t t");
    assert!(screen.picture().contains("Five answers three."));
    screen.keys("esc j enter t");
    assert!(screen.picture().contains("new since your last visit") || screen.picture().contains("only new"));
    let mut chinese = open_in((80, 40), Language::Chinese);
    chinese.keys("t");
    insta::assert_snapshot!("only-new-zh", chinese.picture());
}

#[test]
fn nothing_new_says_so() {
    let mut screen = open((80, 24));
    screen.keys("G").wait(3000).wait(3000);
    screen.keys("esc j enter esc k enter");
    screen.state.panes.feed.reader.as_mut().unwrap().read_before = 10;
    screen.keys("t");
    assert!(screen.picture().contains("Nothing here is new"), "{}", screen.picture());
}

#[test]
fn a_reply_that_stands_deep_says_what_it_replies_to() {
    let mut screen = open((80, 40));
    screen.keys("n n n");
    let picture = screen.picture();
    // Eight is below seven, directly; nine is as deep as seven.
    assert!(!picture.contains("in reply to Linus: Seven"), "{picture}");
    assert!(picture.contains("in reply to Grace: Six answers four."), "{picture}");
}

#[test]
fn a_look_at_what_it_replies_to() {
    let mut screen = open((80, 24));
    screen.keys("n P");
    let picture = screen.picture();
    assert!(picture.contains("In reply to") && picture.contains("Six answers four."), "{picture}");
    insta::assert_snapshot!("peek", picture);
    screen.keys("p");
    assert!(screen.picture().contains("[the docs]") || screen.picture().contains("the docs"), "{}", screen.picture());
    screen.keys("p p p");
    assert!(screen.picture().contains("This is the opening post"), "{}", screen.picture());
    screen.keys("esc");
    assert_eq!(at(&screen), 7, "one has not moved");
    screen.keys("P enter");
    assert_eq!(at(&screen), 6);
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 7, "and back");
    let mut chinese = open_in((80, 24), Language::Chinese);
    chinese.keys("n P");
    insta::assert_snapshot!("peek-zh", chinese.picture());
}

#[test]
fn back_and_forward_through_panes_threads_and_posts() {
    let mut screen = open((120, 40));
    screen.keys("n p p");
    assert_eq!(at(&screen), 4);
    screen.keys("alt-2");
    assert_eq!(screen.state.pane().name(), "threads");
    screen.keys("ctrl-o");
    assert_eq!((screen.state.pane().name(), at(&screen)), ("feed", 4));
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 6);
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 7);
    screen.keys("ctrl-o");
    assert!(!screen.state.panes.feed.in_detail, "the list it was opened from");
    screen.keys("ctrl-o");
    assert!(screen.picture().contains("nowhere else that way"), "{}", screen.picture());
    screen.keys("alt-right alt-right");
    assert_eq!(at(&screen), 6);
    screen.keys("alt-right alt-right");
    assert_eq!(screen.state.pane().name(), "threads");
}

#[test]
fn a_place_comes_back_as_it_stood() {
    let mut screen = open((80, 24));
    screen.keys("g g j j j j j");
    let reader = |s: &Screen| (at(s), s.state.pane().reader(&s.state).unwrap().top);
    let before = reader(&screen);
    screen.keys("G");
    assert_ne!(reader(&screen), before);
    screen.keys("ctrl-o");
    assert_eq!(reader(&screen), before);
}

#[test]
fn the_address_of_a_post_leads_back_to_it() {
    let mut screen = open((80, 24));
    screen.keys("n y");
    let address = copied(&screen);
    assert_eq!(address, format!("{ORIGIN}/t/t1/7"));
    screen.keys("esc 2 g o").text(&address).keys("enter");
    assert_eq!((screen.state.pane().name(), at(&screen)), ("threads", 7));
    screen.keys("g o").text("#3").keys("enter");
    assert_eq!(at(&screen), 3);
    screen.keys("g o").text("99").keys("enter");
    assert!(screen.picture().contains("go up to 10"), "{}", screen.picture());
    screen.keys("ctrl-u").text("https://evil.example/t/t1/1").keys("enter");
    assert!(screen.picture().contains("no address of a post of this"), "{}", screen.picture());
    screen.keys("esc ctrl-o");
    assert_eq!(at(&screen), 7);
    screen.keys("ctrl-o");
    assert!(screen.state.pane().reader(&screen.state).is_none(), "the list it was gone from");
    screen.keys("y");
    assert!(copied(&screen).starts_with(&format!("{ORIGIN}/t/")), "of a row the opening post");
}

#[test]
fn what_can_be_taken_along() {
    let mut screen = open((80, 24));
    screen.keys("g o").text("3").keys("enter Y");
    assert!(copied(&screen).contains("```rust"), "a post is copied as Markdown");
    screen.keys("C");
    let picture = screen.picture();
    let row = picture.lines().find(|line| line.contains("sh (1 line)  cargo test")).unwrap();
    let number: u32 = row.split(['[', ']']).nth(1).unwrap().parse().unwrap();
    assert!(picture.contains("Which code"), "{picture}");
    insta::assert_snapshot!("which-code", screen.picture());
    screen.keys("down enter");
    assert_eq!(copied(&screen), "cargo test\n");
    screen.keys(&format!("{} C", number - 1));
    assert_eq!(copied(&screen), "first();\n");
    screen.keys("9 9 C");
    assert!(screen.picture().contains("No code on this page has this number."), "{}", screen.picture());
    screen.keys("p C");
    assert!(screen.picture().contains("There is no code in this post;"), "{}", screen.picture());
}

#[test]
fn only_a_tool_of_the_desktop_is_believed_to_have_copied() {
    let mut screen = open((80, 24));
    for (clipboard, claims) in [
        (Clipboard::Terminal, "Sent to the clipboard of your terminal"),
        (Clipboard::Tmux, "tmux may need set-clipboard on"),
        (Clipboard::Nothing, "no clipboard to send it to"),
    ] {
        screen.state.options.clipboard = clipboard;
        screen.keys("Y");
        assert!(screen.picture().contains(claims), "{}", screen.picture());
        assert!(!screen.picture().contains("opied"), "{}", screen.picture());
        screen.wait(20_000);
    }
    screen.state.options.clipboard = Clipboard::Tool(Desktop::X11);
    screen.keys("Y");
    assert!(!screen.picture().contains("opied"), "not before it said so: {}", screen.picture());
    screen.tell(Input::Copied(true));
    assert!(screen.picture().contains("Copied."), "{}", screen.picture());
    screen.tell(Input::Copied(false));
    let words = screen.picture().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words.contains("No tool put it on the clipboard"), "{words}");
}

#[test]
fn links_by_number_and_where_they_lead() {
    let mut screen = open((80, 24));
    screen.keys("p");
    assert_eq!(at(&screen), 4);
    let picture = screen.picture();
    assert!(picture.contains("bank.example (evil.example) [3]"), "{picture}");
    screen.keys("3 y");
    assert_eq!(copied(&screen), "https://evil.example/");
    screen.keys("o");
    assert!(screen.picture().contains("Which link") && screen.picture().contains("[1] https://docs.rs/x"));
    screen.keys("enter");
    assert!(screen.picture().contains("docs.rs"), "{}", screen.picture());
    screen.keys("y");
    assert_eq!(copied(&screen), "https://docs.rs/x");
    screen.keys("p 2 o");
    assert_eq!(at(&screen), 4, "the address of a post of this community leads there at once");
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 2);
    screen.keys("] o");
    assert!(screen.picture().contains("no link in this post"), "{}", screen.picture());
}

#[test]
fn a_quote_says_whose_words_they_are_and_where_they_stand() {
    let mut screen = open((120, 40));
    screen.keys("n Q");
    let picture = screen.picture();
    assert!(picture.contains(&format!("> @linus ([#7]({ORIGIN}/t/t1/7)):")), "{picture}");
    assert!(picture.contains("> Seven answers six."), "{picture}");
}

#[test]
fn a_post_that_is_not_fetched_yet_is_fetched() {
    let mut draft = Draft::new("help", Kind::Discussion, "Long", ("hopper", 9000), "Begin.");
    for n in 2..=900 {
        draft =
            if n == 700 { draft.comment(2, ("grace", 500), "far") } else { draft.reply(("grace", 9000 - n), "more") };
    }
    let memory = Memory::builder(NOW)
        .member("hopper", "Hopper", Role::Expert, 9900)
        .member("grace", "Grace", Role::Member, 9900)
        .member("ada", "Ada", Role::Member, 9900)
        .space("help", "Help Desk", "", None, Role::Member)
        .thread(draft)
        .seen_by("ada");
    let mut screen = Screen::on(memory, (80, 24), Language::English, Line::Answers);
    screen.keys("enter g o").text("700").keys("enter");
    assert_eq!(at(&screen), 700);
    let posts =
        |s: &Screen| s.state.pane().reader(&s.state).unwrap().posts.iter().map(|p| p.number).collect::<Vec<_>>();
    let is_whole = |numbers: &[u32]| numbers.windows(2).all(|two| two[0] + 1 == two[1]);
    assert!(posts(&screen).contains(&700) && is_whole(&posts(&screen)), "{:?}", posts(&screen));
    assert!(screen.picture().contains("in reply to"), "{}", screen.picture());
    screen.keys("p");
    assert_eq!(at(&screen), 2);
    assert!(is_whole(&posts(&screen)));
    screen.keys("ctrl-o");
    assert_eq!(at(&screen), 700);
    assert_eq!(screen.state.pane().thread(&screen.state), Some(ThreadId::new("t1")));
}
