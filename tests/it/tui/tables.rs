//! The tables that everything comes from agree with each other.

use lyceum::tui::{command, pane::PANES, update::contexts};

use super::screen::Screen;

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
                let key = state.keys_of(&contexts(state), name);
                assert!(key.is_some(), "{}: {name} has no key", state.pane().name());
            }
        }
    }
}
