//! Ways in that wait elsewhere, and what opens one's own account.

use lyceum::community::memory::{Call, sample};
use lyceum::community::{Error, Kind, SignIn as _};
use lyceum::config::locale::Language;
use lyceum::engine::event::Event;
use lyceum::engine::problem::explain;
use lyceum::tui::effect::Effect;
use lyceum::tui::msg::Input;

use super::screen::{Line, Screen};

const WIDE: (u16, u16) = (120, 40);
const SMALL: (u16, u16) = (80, 24);
const PASSWORD: &str = "correct horse battery";

fn visitor(language: Language, size: (u16, u16)) -> Screen {
    Screen::on(sample().signed_out(), size, language, Line::Answers)
}

pub(super) fn member(language: Language, size: (u16, u16)) -> Screen {
    let memory = sample();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    for _ in 0..2 {
        runtime.block_on(memory.password("ada", &PASSWORD.into(), None)).unwrap();
        memory.clock().advance(lyceum::base::time::SignedDuration::from_hours(30));
    }
    Screen::on(memory, size, language, Line::Answers)
}

/// Somebody decides elsewhere about what waits.
fn decided(screen: &mut Screen, result: Result<&'static str, Error>) {
    let ticket = screen.waiting.take().unwrap();
    let result = result.map_err(|error| explain(&error));
    screen.tell(Input::Engine(Box::new(Event::SignedIn { ticket, result })));
}

#[test]
fn a_device_shows_its_code_where_to_go_and_what_is_left() {
    for (name, language, size) in [
        ("device_80x24", Language::English, SMALL),
        ("device_120x40", Language::English, WIDE),
        ("device_80x24_zh", Language::Chinese, SMALL),
    ] {
        let mut screen = visitor(language, size);
        screen.keys("d");
        insta::assert_snapshot!(name, screen.picture());
    }
    let mut screen = visitor(Language::English, (60, 16));
    screen.keys("d").wait(61_000);
    let text = screen.picture();
    assert!(text.contains("WDJB-MJHT") && text.contains("guild.example/activate"), "without a code to scan: {text}");
    assert!(text.contains("8:59"), "{text}");
    screen.keys("y");
    let copied = screen.effects.iter().any(|e| matches!(e, Effect::Copy(text) if text.contains("code=WDJB-MJHT")));
    assert!(copied);
}

#[test]
fn whoever_is_let_in_is_in_and_whoever_is_not_is_told() {
    let mut screen = visitor(Language::English, SMALL);
    screen.keys("s ctrl-d");
    decided(&mut screen, Err(Error::new(Kind::Refused)));
    assert!(screen.picture().contains("Somebody refused"), "{}", screen.picture());
    screen.keys("enter");
    assert!(screen.picture().contains("WDJB-MJHT"));
    screen.memory = screen.memory.seen_by("ada");
    decided(&mut screen, Ok("keyring"));
    assert!(screen.state.overlays.is_empty(), "{}", screen.picture());
}

#[test]
fn giving_up_on_a_device_abandons_it() {
    let mut screen = visitor(Language::English, SMALL);
    screen.keys("d esc");
    assert!(screen.picture().contains("For whom"), "{}", screen.picture());
}

#[test]
fn a_browser_is_offered_only_where_one_can_be_seen() {
    let mut screen = visitor(Language::English, SMALL);
    screen.keys("b");
    assert!(
        screen.waiting.is_none() && screen.picture().contains("no browser on this machine"),
        "{}",
        screen.picture()
    );
    screen.state.options.browser = true;
    screen.keys("b");
    let opened =
        screen.effects.iter().any(|e| matches!(e, Effect::Browse(a) if a.starts_with("https://guild.example/")));
    assert!(opened && screen.picture().contains("guild.example/authorize"), "{}", screen.picture());
}

#[test]
fn a_second_factor_is_asked_for_when_it_is_needed() {
    let community = sample().signed_out();
    community.faults().fail(Call::Password, Error::new(Kind::SecondFactor));
    let mut screen = Screen::on(community, SMALL, Language::English, Line::Answers);
    screen.keys("s").text("ada").keys("tab").text(PASSWORD).keys("enter");
    insta::assert_snapshot!("second_factor_80x24", screen.picture());
    screen.text("123456").keys("enter");
    assert!(screen.state.overlays.is_empty(), "{}", screen.picture());
}

#[test]
fn a_token_signs_in_and_a_wrong_one_is_typed_again() {
    let mut screen = member(Language::English, SMALL);
    screen.keys("4 s n").text("nightly").keys("enter");
    let text = screen.picture();
    let token = text.split_whitespace().find(|word| word.starts_with("personal-")).expect(&text).to_owned();
    let mut next = Screen::on(screen.memory.signed_out(), SMALL, Language::English, Line::Answers);
    next.keys("t").text("personal-77").keys("enter");
    assert!(next.picture().contains("The token is wrong"), "{}", next.picture());
    next.text(&token).keys("enter");
    assert!(next.state.overlays.is_empty(), "{}", next.picture());
}

#[test]
fn sessions_are_listed_and_ended_from_the_membership() {
    for (name, language, size) in [
        ("security_80x24", Language::English, SMALL),
        ("security_120x40", Language::English, WIDE),
        ("security_80x24_zh", Language::Chinese, SMALL),
    ] {
        let mut screen = member(language, size);
        screen.keys("4 s");
        insta::assert_snapshot!(name, screen.picture());
    }
    let mut screen = member(Language::English, SMALL);
    screen.keys("4 s x");
    assert!(screen.picture().contains("sign out to end it"), "{}", screen.picture());
    screen.keys("j x n");
    assert_eq!(screen.picture().matches("lyceum on laptop").count(), 2, "no is no");
    screen.keys("x y");
    assert_eq!(screen.picture().matches("lyceum on laptop").count(), 1, "{}", screen.picture());
    screen.keys("X");
    assert!(screen.picture().contains("There is no other session"), "{}", screen.picture());
}

#[test]
fn a_second_factor_is_switched_on_and_off() {
    let mut screen = member(Language::English, SMALL);
    screen.keys("4 s 2").text(PASSWORD).keys("enter");
    insta::assert_snapshot!("second_factor_begun_80x24", screen.picture());
    screen.text("000000").keys("enter");
    assert!(screen.picture().contains("The code is wrong"), "{}", screen.picture());
    screen.text("123456").keys("enter");
    insta::assert_snapshot!("recovery_codes_80x24", screen.picture());
    screen.keys("enter");
    assert!(screen.picture().contains("not shown again"), "enter loses nothing");
    screen.keys("esc");
    assert!(screen.picture().contains("On; 10 recovery codes"), "{}", screen.picture());
    screen.keys("2").text(PASSWORD).keys("tab").text("123456").keys("ctrl-x");
    assert!(screen.picture().contains("Off: the password alone"), "{}", screen.picture());
}
