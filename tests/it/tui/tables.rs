//! The tables that everything comes from agree with each other.

use lyceum::tui::{
    command,
    keymap::{DEFAULT, Keymap},
    pane::PANES,
    update::contexts,
};

use super::screen::Screen;

#[test]
fn every_key_names_a_command_and_is_named_once() {
    assert_eq!(Keymap::default().lay_over(DEFAULT), Ok(()));
}

#[test]
fn every_pane_has_a_command_and_a_context() {
    let screen = Screen::new(80, 24);
    for pane in PANES {
        assert!(command::find(pane.name()).is_some(), "{}", pane.name());
        for context in pane.contexts(&screen.state) {
            assert!(screen.state.words.has(&format!("place.{context}")), "place.{context}");
        }
    }
}

#[test]
fn footers_name_commands_that_have_keys_there() {
    for keys in ["", "enter"] {
        for pane in 0..PANES.len() {
            let mut screen = Screen::new(120, 40);
            screen.state.show_pane(pane);
            screen.answer();
            screen.keys(keys);
            let state = &screen.state;
            for name in state.pane().footer(state) {
                assert!(command::find(name).is_some(), "{name}");
                let key = state.keymap.keys_of(&contexts(state), name);
                assert!(key.is_some(), "{}: {name} has no key", state.pane().name());
            }
        }
    }
}

/// Where flow control reaches the program, these mean "stop" and "go on": they must not cost anybody a text.
#[test]
fn the_keys_of_flow_control_lose_nothing() {
    for line in DEFAULT.lines().filter(|line| !line.starts_with('#')) {
        let Some((key, command)) = line.split_once(" = ") else { continue };
        match key {
            "\"ctrl-q\"" => panic!("{line}"),
            // Sends what is whole, after ten seconds in which it can be taken back.
            "\"ctrl-s\"" => assert_eq!(command, "\"send\""),
            _ => {}
        }
    }
    let mut screen = Screen::new(80, 24);
    screen.keys("enter r x y ctrl-q");
    assert_eq!(screen.state.drafts.iter().map(|draft| draft.body.as_str()).collect::<Vec<_>>(), ["xy"]);
}
