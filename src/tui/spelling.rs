//! How what is drawn is spelt for terminals that show less than Unicode: the last pass over a picture, so that no widget
//! need know of it. Room was measured before; nothing moves.

use ratatui::buffer::Buffer;

use crate::base::text::{ascii, width};

mod isolate;

/// What stands for an emoji where one is drawn narrow.
const EMOJI: &str = "□";

/// How clusters are spelt.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spelling {
    /// In ASCII: nothing else reaches the terminal.
    pub ascii: bool,
    /// An emoji as one sign of one column: terminals do not agree on how many columns one takes.
    pub narrow_emoji: bool,
}

impl Spelling {
    /// Spells every cell anew that needs it. What was two columns wide keeps both: a sign and a space.
    pub fn spell(self, buffer: &mut Buffer) {
        if !self.ascii {
            isolate::isolate(buffer);
        }
        if self == Self::default() {
            return;
        }
        let columns = usize::from(buffer.area.width).max(1);
        for at in 0..buffer.content.len() {
            let symbol = buffer.content[at].symbol();
            let stand_in = match () {
                () if symbol.is_ascii() => continue,
                () if self.ascii => ascii::stand_in(symbol).to_string(),
                () if self.narrow_emoji && width::is_emoji(symbol) => EMOJI.to_owned(),
                () => continue,
            };
            let is_wide = width::of_cluster(symbol) > 1;
            buffer.content[at].set_symbol(&stand_in);
            if is_wide && (at + 1) % columns != 0 {
                let style = buffer.content[at].style();
                buffer.content[at + 1].set_symbol(" ").set_style(style);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    use super::*;

    fn spelt(text: &str, spelling: Spelling) -> String {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 12, 1));
        buffer.set_string(0, 0, text, Style::new());
        spelling.spell(&mut buffer);
        buffer.content.iter().map(|cell| cell.symbol()).collect()
    }

    #[test]
    fn what_cannot_be_shown_has_a_stand_in_of_the_same_width() {
        let ascii = Spelling { ascii: true, narrow_emoji: false };
        assert_eq!(spelt("日本 │é…👍🏽x", ascii), "? ?  |?~? x ");
        let narrow = Spelling { ascii: false, narrow_emoji: true };
        assert_eq!(spelt("日 👩\u{200d}👧x 1\u{fe0f}\u{20e3}", narrow), "日  □ x □    ");
        assert_eq!(spelt("日 👍🏽x", Spelling::default()), "日  👍🏽 x      ");
    }
}
