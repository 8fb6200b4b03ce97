//! No size of the terminal is fatal, anywhere.

use lyceum::tui::{msg::Input, pane::PANES};

use super::screen::Screen;

fn sizes() -> impl Iterator<Item = (u16, u16)> {
    let small = (0..=5).flat_map(|c| (0..=5).map(move |l| (c, l)));
    small.chain([(40, 10), (41, 11), (99, 10), (100, 10), (300, 2), (2, 300), (1000, 500)])
}

#[test]
fn every_pane_and_overlay_is_drawn_at_every_size() {
    for pane in 0..PANES.len() {
        for keys in ["", "enter", "enter G", ":", "?", "/", "enter ctrl-f a", "enter r", "2 s", "3 T", "c enter"] {
            let mut screen = Screen::new(120, 40);
            screen.state.show_pane(pane);
            screen.answer();
            screen.keys(keys);
            for (columns, lines) in sizes() {
                screen.tell(Input::Resize(columns, lines));
                screen.draw(columns, lines);
                screen.keys("j");
            }
        }
    }
}
