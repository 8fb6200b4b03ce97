//! The first page, signing in, opening an account, and a session that ends.

use lyceum::community::memory::{Call, sample};
use lyceum::community::{Error, Kind};
use lyceum::config::locale::Language;
use lyceum::engine::event::{Event, Keeping};
use lyceum::engine::request::Request;
use lyceum::tui::msg::Input;

use super::screen::{Line, Screen};

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);

/// Everybody's in the sample.
const PASSWORD: &str = "correct horse battery";
const ENGLISH: Language = Language::English;

fn visitor(language: Language, size: (u16, u16)) -> Screen {
    Screen::on(sample().signed_out(), size, language, Line::Answers)
}

#[test]
fn a_visitor_sees_what_the_place_is_for() {
    insta::assert_snapshot!("landing_120x40", visitor(ENGLISH, WIDE).picture());
    insta::assert_snapshot!("landing_120x40_zh", visitor(Language::Chinese, WIDE).picture());
    insta::assert_snapshot!("landing_80x24", visitor(ENGLISH, SMALL).picture());
    insta::assert_snapshot!("landing_80x24_zh", visitor(Language::Chinese, SMALL).picture());
    let mut screen = visitor(ENGLISH, SMALL);
    screen.keys("space space space");
    assert!(screen.picture().contains("Privacy, version 2026-01"), "{}", screen.picture());
}

#[test]
fn loading_and_failing_still_offer_the_ways_in() {
    let community = sample().signed_out();
    for call in [Call::About, Call::Plans] {
        community.faults().fail(call, Error::new(Kind::Timeout));
    }
    let screen = Screen::on(community, SMALL, ENGLISH, Line::Answers);
    insta::assert_snapshot!("landing_failed_80x24", screen.picture());
}

#[test]
fn escape_does_not_leave_the_first_page() {
    let mut screen = visitor(ENGLISH, SMALL);
    screen.keys("esc esc 2");
    assert!(screen.picture().contains("For whom"), "{}", screen.picture());
}

#[test]
fn signing_in_opens_the_feed() {
    let mut screen = visitor(ENGLISH, WIDE);
    screen.keys("s");
    screen.text("ada");
    screen.keys("tab");
    screen.text(PASSWORD);
    insta::assert_snapshot!("sign_in_120x40", screen.picture());
    assert!(!screen.picture().contains(PASSWORD));
    screen.keys("enter");
    assert!(screen.state.overlays.is_empty());
    let text = screen.picture();
    assert!(text.contains("You are signed in") && text.contains("How do I stream SSE"), "{text}");
}

#[test]
fn a_wrong_password_says_so_and_keeps_the_name() {
    let community = sample().signed_out();
    community.faults().fail(Call::Password, Error::new(Kind::WrongPassword));
    let mut screen = Screen::on(community, SMALL, ENGLISH, Line::Answers);
    screen.keys("s");
    screen.text("ada");
    screen.keys("tab");
    screen.text("not this one");
    screen.keys("enter");
    insta::assert_snapshot!("sign_in_wrong_80x24", screen.picture());
}

#[test]
fn the_way_out_is_in_every_footer_and_the_other_ways_beside_every_error() {
    let footer = |screen: &Screen| screen.picture().lines().last().unwrap_or_default().to_owned();
    for columns in [60, 80, 100] {
        for (language, close, quit) in [(ENGLISH, "esc close", "q quit"), (Language::Chinese, "esc 关闭", "q 退出")]
        {
            let mut screen = visitor(language, (columns, 24));
            assert!(footer(&screen).contains(quit), "{}", screen.picture());
            for (open, back) in [("s", "esc"), ("r", "esc"), ("t", "esc")] {
                screen.keys(open);
                assert!(footer(&screen).contains(close), "{}", screen.picture());
                screen.keys("enter");
                assert!(screen.picture().contains("ctrl-d"), "the other ways: {}", screen.picture());
                screen.keys(back);
            }
        }
    }
}

#[test]
fn what_leads_nowhere_is_not_offered() {
    let mut screen = visitor(ENGLISH, WIDE);
    screen.keys("t");
    assert!(!screen.picture().contains("next field"), "one field: {}", screen.picture());
    screen.keys("ctrl-r");
    assert!(screen.picture().contains("next field"), "two fields: {}", screen.picture());
    let mut screen = Screen::on(sample(), WIDE, ENGLISH, Line::Answers);
    for command in ["sign-in", "register", "by-device", "in-browser", "with-token"] {
        lyceum::tui::command::run(&mut screen.state, command, None);
        screen.tell(Input::Due);
        assert!(screen.state.overlays.is_empty() && screen.picture().contains("You are signed in."), "{command}");
        screen.wait(10_000);
    }
}

#[test]
fn without_a_line_the_form_names_a_key_that_works_in_it() {
    for (language, says) in [(ENGLISH, "Press enter to try again."), (Language::Chinese, "按 enter 重试。")] {
        let community = sample().signed_out();
        community.faults().fail(Call::Password, Error::new(Kind::Offline));
        let mut screen = Screen::on(community, SMALL, language, Line::Answers);
        screen.keys("s").text("ada").keys("tab").text(PASSWORD).keys("enter");
        let text = screen.picture();
        assert!(text.replace(' ', "").contains(&says.replace(' ', "")), "{text}");
        screen.keys("enter");
        assert!(screen.state.overlays.is_empty(), "nothing is typed again: {}", screen.picture());
    }
}

#[test]
fn the_form_finds_fault_before_the_server_must() {
    let mut screen = visitor(ENGLISH, SMALL);
    screen.keys("r");
    let fault = |screen: &mut Screen, keys: &str, said: &str| {
        screen.keys(keys);
        assert!(screen.picture().contains(said), "{said}\n{}", screen.picture());
        assert!(screen.open.is_empty());
    };
    fault(&mut screen, "enter", "A username has 3 to 32 of");
    screen.text("nadia");
    fault(&mut screen, "enter", "Say which name others should see.");
    // What is typed next goes to the field that was found wanting.
    screen.text("Nadia");
    fault(&mut screen, "enter", "A password has at least ten characters.");
    screen.text("short");
    fault(&mut screen, "enter", "A password has at least ten characters.");
}

#[test]
fn opening_an_account_names_the_policy_that_was_shown() {
    for (name, language, size) in
        [("120x40", ENGLISH, WIDE), ("80x24", ENGLISH, SMALL), ("80x24_zh", Language::Chinese, SMALL)]
    {
        let mut screen = visitor(language, size);
        screen.keys("r");
        screen.text("nadia");
        screen.keys("tab");
        screen.text("Nadia 娜佳");
        screen.keys("tab");
        screen.text(PASSWORD);
        insta::assert_snapshot!(format!("register_{name}"), screen.picture());
        screen.line = Line::Silent;
        screen.keys("enter");
        let accepted = screen.open.iter().find_map(|(_, request)| match request {
            Request::Register { accepted_policy_version, .. } => Some(accepted_policy_version.clone()),
            _ => None,
        });
        assert_eq!(accepted.as_deref(), Some("2026-01"));
    }
}

#[test]
fn a_session_that_ends_asks_over_what_is_there() {
    let mut screen = Screen::on(sample(), WIDE, ENGLISH, Line::Answers);
    screen.keys("enter");
    let open = screen.state.pane().open_thread(&screen.state);
    screen.memory = screen.memory.signed_out();
    screen.tell(Input::Engine(Box::new(Event::SignedOut)));
    let text = screen.picture();
    assert!(text.contains("Your session has ended."), "{text}");
    insta::assert_snapshot!("sign_in_ended_120x40", text);
    screen.text("ada");
    screen.keys("tab");
    screen.text(PASSWORD);
    screen.keys("enter");
    assert!(screen.state.overlays.is_empty());
    assert_eq!(screen.state.pane().open_thread(&screen.state), open);
}

#[test]
fn signing_out_on_purpose_ends_at_the_first_page() {
    let mut screen = Screen::on(sample(), SMALL, ENGLISH, Line::Answers);
    lyceum::tui::command::run(&mut screen.state, "sign-out", None);
    screen.tell(Input::Due);
    assert!(screen.picture().contains("For whom"), "{}", screen.picture());
    assert!(screen.state.threads.is_empty());
}

#[test]
fn a_taken_name_is_said_and_nothing_else_is_typed_again() {
    let mut screen = visitor(ENGLISH, SMALL);
    screen.keys("r").text("ada").keys("tab").text("Another Ada").keys("tab").text(PASSWORD).keys("enter");
    let picture = screen.picture();
    assert!(picture.contains("That name is taken; choose another."), "{picture}");
    assert!(picture.contains(&"*".repeat(PASSWORD.len())), "the password is kept: {picture}");
    screen.text("2").keys("enter");
    assert!(screen.state.overlays.is_empty() && screen.state.home.me.is_some(), "{}", screen.picture());
}

#[test]
fn a_visitor_is_told_why_no_pane_is_shown() {
    let mut screen = visitor(ENGLISH, SMALL);
    for keys in ["2", "]"] {
        screen.keys(keys);
        assert_eq!(screen.state.active, 0);
        assert!(screen.picture().contains("Sign in first (:sign-in)."), "{}", screen.picture());
        screen.wait(5000);
    }
}

#[test]
fn a_yes_to_plain_text_names_the_path_and_is_not_given_by_enter() {
    let path = "/home/ada/.local/share/lyceum/vault/0123456789abcdef.json";
    for (keys, yes) in [("enter", false), ("n", false), ("y", true)] {
        let mut screen = Screen::on(sample(), SMALL, ENGLISH, Line::Silent);
        screen.tell(Input::Engine(Box::new(Event::Tokens(Keeping::Ask(path.to_owned())))));
        let asked: String = screen.picture().chars().filter(|c| !c.is_whitespace() && *c != '│').collect();
        assert!(asked.contains(path) && asked.contains("youandrootcanreadit"), "{}", screen.picture());
        screen.keys(keys);
        let agreed = screen.open.iter().any(|(_, request)| matches!(request, Request::AgreeToPlain));
        assert_eq!(agreed, yes, "{keys}");
    }
}
