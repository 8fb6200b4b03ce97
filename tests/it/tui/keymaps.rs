//! What holds of every keymap in the binary: each command can be reached, none hides another, and no key costs a text.

use lyceum::tui::command::{self, overlay};
use lyceum::tui::keymap::{BUILT_IN, Binding, CONTEXTS, Keymap, written};
use lyceum::tui::pane::PANES;

use super::screen::Screen;

/// Where letters are text.
const TYPING: [&str; 8] = ["palette", "picker", "search", "compose", "form", "line", "find", "secret"];

/// The places that can hold together, the nearest first.
fn places() -> Vec<Vec<&'static str>> {
    let panes = PANES.iter().map(|pane| pane.name());
    let on_panes = panes.flat_map(|name| [vec![name, "list", "global"], vec!["detail", name, "global"]]);
    let over = CONTEXTS.into_iter().filter(|place| !["global", "list", "detail", "overlay"].contains(place));
    on_panes.chain(over.map(|place| vec![place, "overlay"])).collect()
}

fn each(check: impl Fn(&str, &Keymap)) {
    for (name, _) in BUILT_IN {
        check(name, &Keymap::named(name));
    }
}

fn rows(keymap: &Keymap) -> impl Iterator<Item = (&str, &Binding)> {
    keymap.contexts().flat_map(|place| keymap.rows(place).iter().map(move |row| (place, row)))
}

#[test]
fn every_command_is_reached_by_a_key_or_by_its_name() {
    each(|name, keymap| {
        let is_bound = |command: &str| places().iter().any(|place| keymap.keys_of(place, command).is_some());
        for command in overlay::COMMANDS {
            assert!(is_bound(command.name), "{name}: {} has no key, and cannot be typed", command.name);
        }
        assert!(is_bound("palette"), "{name}: no key leads to all the other commands");
        // What moves, opens and closes must not take typing a name.
        for needed in ["down", "up", "first", "last", "open", "back", "page-down", "help", "quit", "search", "undo"] {
            assert!(is_bound(needed), "{name}: {needed} has no key");
        }
        println!(
            "{name}: {} of {} commands have keys",
            command::all().filter(|c| is_bound(c.name)).count(),
            command::all().count()
        );
    });
}

#[test]
fn every_key_does_something_where_it_is_named() {
    each(|name, keymap| {
        for (place, row) in rows(keymap) {
            let keys = written(&row.keys);
            assert!(command::find(&row.command).is_some(), "{name}: [{place}] {keys}: {}", row.command);
            let reached = places().iter().any(|places| places.contains(&place) && keymap.reaches(places, row));
            assert!(reached, "{name}: [{place}] {keys} is hidden by a nearer key everywhere");
        }
    });
}

#[test]
fn no_two_commands_collide_in_one_place() {
    each(|name, keymap| {
        for (place, row) in rows(keymap) {
            for other in keymap.rows(place).iter().filter(|other| *other != row) {
                let (keys, longer) = (written(&row.keys), written(&other.keys));
                assert!(!other.keys.starts_with(&row.keys), "{name}: [{place}] {keys} hides {longer}");
            }
        }
    });
}

#[test]
fn no_letter_is_a_command_where_letters_are_text() {
    each(|name, keymap| {
        for (place, row) in rows(keymap).filter(|(place, _)| TYPING.contains(place) || *place == "overlay") {
            let types = row.keys[0].typed();
            assert_eq!(types, None, "{name}: [{place}] {} cannot be typed there", written(&row.keys));
        }
    });
}

/// Over a text there are keys that keep it and keys that send it, and none that throws it away.
#[test]
fn no_key_over_a_text_costs_it() {
    const HARMLESS: [&str; 12] = [
        "close",
        "send",
        "preview",
        "external-editor",
        "next-field",
        "previous-field",
        "choose",
        "choice-down",
        "choice-up",
        "template",
        "attach",
        "switch-account",
    ];
    each(|name, keymap| {
        for (place, row) in rows(keymap).filter(|(place, _)| ["compose", "overlay"].contains(place)) {
            let keys = written(&row.keys);
            assert!(HARMLESS.contains(&row.command.as_str()), "{name}: [{place}] {keys}: {}", row.command);
        }
        // `q` leaves and closes, and does nothing else anywhere.
        for (place, row) in rows(keymap).filter(|(_, row)| written(&row.keys) == "q") {
            assert!(["quit", "close"].contains(&row.command.as_str()), "{name}: [{place}] q: {}", row.command);
        }
    });
}

/// Presses what a keymap has for each command over a text that is being written; the text stays, or goes out and can be
/// taken back.
#[test]
fn a_text_outlives_every_key_of_every_keymap() {
    for (name, _) in BUILT_IN {
        let keymap = Keymap::named(name);
        let over = rows(&keymap).filter(|(place, _)| ["compose", "overlay"].contains(place));
        let rows: Vec<String> = over.map(|(_, row)| written(&row.keys)).collect();
        for keys in rows {
            let mut screen = Screen::new(80, 24);
            screen.state.keymap = Keymap::named(name);
            screen.holds = true;
            screen.keys("enter r");
            screen.text("kept");
            screen.keys(&keys);
            let drafts = screen.state.drafts.iter().map(|draft| draft.body.clone());
            let sent = screen.outbox.iter().map(|(_, entry)| format!("{:?}", entry.change));
            let all: Vec<String> = drafts.chain(sent).collect();
            assert!(all.iter().any(|text| text.contains("kep")), "{name}: {keys} cost a text: {all:?}");
        }
    }
}

#[test]
fn the_keymaps_do_what_their_users_expect() {
    for (name, place, keys, command) in [
        ("vim", &["feed", "list", "global"][..], "Z Z", "quit"),
        ("vim", &["feed", "list", "global"], "g g", "first"),
        ("vim", &["feed", "list", "global"], "ctrl-w w", "focus-other"),
        ("vim", &["feed", "list", "global"], "g t", "next-pane"),
        ("vim", &["feed", "list", "global"], "/", "search"),
        ("vim", &["detail", "feed", "global"], "/", "find"),
        ("vim", &["detail", "feed", "global"], "] ]", "next-sibling"),
        ("vim", &["detail", "feed", "global"], "z a", "fold"),
        ("vim", &["detail", "feed", "global"], "y y", "copy-text"),
        ("emacs", &["feed", "list", "global"], "ctrl-n", "down"),
        ("emacs", &["feed", "list", "global"], "n", "down"),
        ("emacs", &["detail", "feed", "global"], "n", "next-unread"),
        ("emacs", &["detail", "feed", "global"], "ctrl-s", "find"),
        ("emacs", &["feed", "list", "global"], "alt-x", "palette"),
        ("emacs", &["feed", "list", "global"], "ctrl-x ctrl-c", "quit"),
        ("emacs", &["feed", "list", "global"], "alt->", "last"),
        ("emacs", &["compose", "overlay"], "ctrl-c ctrl-c", "send"),
        ("emacs", &["compose", "overlay"], "ctrl-p", "choice-up"),
        ("emacs", &["compose", "overlay"], "ctrl-g", "close"),
    ] {
        let keymap = Keymap::named(name);
        let row = Binding { keys: lyceum::tui::keymap::parse(keys).unwrap(), command: command.to_owned() };
        assert!(keymap.reaches(place, &row), "{name}: {keys} is not {command} in {place:?}");
    }
}

/// Where flow control reaches the program, these mean "stop" and "go on": they must not cost anybody a text.
#[test]
fn the_keys_of_flow_control_lose_nothing() {
    each(|name, keymap| {
        for (place, row) in rows(keymap) {
            match written(&row.keys).as_str() {
                "ctrl-q" => panic!("{name}: [{place}] {}", row.command),
                // Sends what is whole, after ten seconds in which it can be taken back; or looks for something.
                "ctrl-s" => {
                    let is_harmless =
                        ["send", "search", "find", "find-next", "save-search"].contains(&row.command.as_str());
                    assert!(is_harmless, "{name}: [{place}] {}", row.command);
                }
                _ => {}
            }
        }
    });
    let mut screen = Screen::new(80, 24);
    screen.keys("enter r x y ctrl-q");
    assert_eq!(screen.state.drafts.iter().map(|draft| draft.body.as_str()).collect::<Vec<_>>(), ["xy"]);
}
