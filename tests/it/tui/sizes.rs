//! No size of the terminal is fatal, anywhere.

use lyceum::tui::{msg::Input, pane::PANES};

use super::screen::Screen;

/// What is laid over a pane: keys, and what the overlay is called. Some panes have no use for some of them.
const OVER: &[&str] = &[
    "",
    "enter",
    "enter G",
    ":",
    "?",
    "/",
    "/ c a r g o enter",
    "enter ctrl-f a",
    "enter r",
    "enter r x ctrl-p",
    "enter Q",
    "G enter o",
    "2 s",
    "3 T",
    "c enter",
    "3 c enter x",
    "O",
    "b O",
    "i",
    "j j w",
    ": m e s s a g e s enter",
    "ctrl-t n",
    "4 s n",
    ": r e g i s t e r enter",
    "enter r x esc : d r a f t s enter",
    "enter r x esc : d r a f t s enter ctrl-x",
];

fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let small = (0..=5).flat_map(|c| (0..=5).map(move |l| (c, l)));
    small.chain([(40, 10), (41, 11), (99, 10), (100, 10), (300, 2), (2, 300), (1000, 500)])
}

/// Sizes in a row that nobody looks at: only the last one is drawn.
fn storm(screen: &mut Screen) {
    for n in 0..2_000 {
        screen.tell(Input::Resize(n * 7 % 311, n * 13 % 97));
    }
    screen.tell(Input::Resize(80, 24));
    assert_eq!(screen.state.size, (80, 24));
    screen.draw(80, 24);
}

#[test]
fn every_pane_and_overlay_is_drawn_at_every_size() {
    let mut seen = std::collections::BTreeSet::new();
    for (pane, kind) in PANES.iter().enumerate() {
        for keys in OVER {
            let mut screen = Screen::new(120, 40);
            screen.state.show_pane(pane);
            screen.answer();
            screen.keys(keys);
            let over = screen.state.overlays.last().map_or("nothing", |overlay| overlay.context());
            seen.insert((kind.name(), over));
            for (columns, lines) in sizes() {
                screen.tell(Input::Resize(columns, lines));
                screen.draw(columns, lines);
                screen.keys("j");
            }
            storm(&mut screen);
        }
    }
    println!("sizes: {} of pane and overlay, {} sizes and a storm of 2000 each", seen.len(), sizes().count());
    let over: std::collections::BTreeSet<_> = seen.iter().map(|(_, over)| *over).collect();
    for wanted in
        ["palette", "help", "search", "find", "compose", "picker", "confirm", "outbox", "line", "secret", "link"]
    {
        assert!(over.contains(wanted), "{wanted} is not among {over:?}");
    }
}

#[test]
fn the_first_page_and_its_form_are_drawn_at_every_size() {
    for (keys, over) in [("", "landing"), ("s", "form")] {
        let mut screen = Screen::new(120, 40);
        screen.keys(": s i g n - o u t enter").keys(keys);
        assert!(screen.state.overlays.last().is_some_and(|top| top.context() == over), "{}", screen.picture());
        for (columns, lines) in sizes() {
            screen.tell(Input::Resize(columns, lines));
            screen.draw(columns, lines);
            screen.keys("j");
        }
    }
}
