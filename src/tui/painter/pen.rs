//! Colours and weight of what is written next (ECMA-48 8.3.117, SGR), in the form the terminal has them and no longer than
//! it must be.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

use crate::config::terminal::Colors;

/// Modifiers: what switches them on, and off.
const MODIFIERS: [(Modifier, &str, &str); 9] = [
    (Modifier::BOLD, "1", "22"),
    (Modifier::DIM, "2", "22"),
    (Modifier::ITALIC, "3", "23"),
    (Modifier::UNDERLINED, "4", "24"),
    (Modifier::SLOW_BLINK, "5", "25"),
    (Modifier::RAPID_BLINK, "6", "25"),
    (Modifier::REVERSED, "7", "27"),
    (Modifier::HIDDEN, "8", "28"),
    (Modifier::CROSSED_OUT, "9", "29"),
];

/// How something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Look {
    fg: Color,
    bg: Color,
    underline: Color,
    modifier: Modifier,
}

/// The terminal's pen.
pub(super) struct Pen {
    colors: Colors,
    now: Look,
}

impl Pen {
    /// A pen with the terminal's own colours.
    pub(super) fn new(colors: Colors) -> Self {
        Self { colors, now: Look::default() }
    }

    /// Whether the cell can be written without another pen.
    pub(super) fn writes(&self, cell: &Cell) -> bool {
        self.look(cell) == self.now
    }

    /// Takes the pen that a cell is written with.
    pub(super) fn take(&mut self, cell: &Cell, out: &mut String) {
        self.change(self.look(cell), out);
    }

    /// Takes one with the terminal's own colours.
    pub(super) fn plain(&mut self, out: &mut String) {
        self.change(Look::default(), out);
    }

    fn look(&self, cell: &Cell) -> Look {
        let known = |color| if knows(self.colors, color) { color } else { Color::Reset };
        // A blank is written with any pen that leaves no trace.
        if super::is_blank(cell) {
            return Look { bg: Color::Reset, modifier: self.now.modifier.difference(super::SEEN), ..self.now };
        }
        let underline = if self.colors > Colors::Sixteen { cell.underline_color } else { Color::Reset };
        Look { fg: known(cell.fg), bg: known(cell.bg), underline, modifier: cell.modifier }
    }

    fn change(&mut self, to: Look, out: &mut String) {
        if to == self.now {
            return;
        }
        let (anew, on) = (anew(to), changed(self.now, to));
        out.push_str(if anew.len() <= on.len() { &anew } else { &on });
        self.now = to;
    }
}

/// Whether the terminal has such a colour.
fn knows(colors: Colors, color: Color) -> bool {
    match color {
        Color::Reset => true,
        Color::Rgb(..) | Color::Indexed(16..) => colors > Colors::Sixteen,
        _ => colors > Colors::None,
    }
}

fn sequence(parameters: &[String]) -> String {
    format!("\x1b[{}m", parameters.join(";"))
}

/// The look, from none.
fn anew(to: Look) -> String {
    let mut parameters = changes(Look::default(), to);
    if !parameters.is_empty() {
        parameters.insert(0, String::new());
    }
    sequence(&parameters)
}

/// The look, from another.
fn changed(from: Look, to: Look) -> String {
    sequence(&changes(from, to))
}

fn changes(from: Look, to: Look) -> Vec<String> {
    let mut parameters = Vec::new();
    let mut kept = from.modifier;
    for (modifier, _, off) in MODIFIERS {
        if kept.contains(modifier) && !to.modifier.contains(modifier) {
            parameters.push(off.to_owned());
            // Bold and dim end together, and so do both kinds of blinking.
            for (other, _, same) in MODIFIERS {
                kept.set(other, kept.contains(other) && same != off);
            }
        }
    }
    for (modifier, on, _) in MODIFIERS {
        if to.modifier.contains(modifier) && !kept.contains(modifier) {
            parameters.push(on.to_owned());
        }
    }
    let grounds = [(from.fg, to.fg, 30), (from.bg, to.bg, 40), (from.underline, to.underline, 50)];
    parameters.extend(grounds.into_iter().filter(|(from, to, _)| from != to).map(|(_, to, ground)| color(to, ground)));
    parameters
}

/// A colour of the text (30), of what is behind it (40), or of the line below it (50), which has no names.
fn color(color: Color, ground: u16) -> String {
    match (index(color), color) {
        (_, Color::Reset) => (ground + 9).to_string(),
        (_, Color::Rgb(r, g, b)) => format!("{};2;{r};{g};{b}", ground + 8),
        (Some(n @ 0..=7), _) if ground < 50 => (ground + n).to_string(),
        (Some(n @ 8..=15), _) if ground < 50 => (ground + 52 + n).to_string(),
        (n, _) => format!("{};5;{}", ground + 8, n.unwrap_or_default()),
    }
}

/// The place of a colour in the palette.
fn index(color: Color) -> Option<u16> {
    const NAMED: [Color; 16] = [
        Color::Black,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
        Color::Gray,
        Color::DarkGray,
        Color::LightRed,
        Color::LightGreen,
        Color::LightYellow,
        Color::LightBlue,
        Color::LightMagenta,
        Color::LightCyan,
        Color::White,
    ];
    match color {
        Color::Indexed(n) => Some(n.into()),
        named => NAMED.iter().position(|color| *color == named).and_then(|n| u16::try_from(n).ok()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    fn written(colors: Colors, styles: &[Style]) -> String {
        let (mut pen, mut out) = (Pen::new(colors), String::new());
        for style in styles {
            let mut cell = Cell::new("x");
            cell.set_style(*style);
            pen.take(&cell, &mut out);
            out.push('x');
        }
        pen.plain(&mut out);
        out
    }

    #[test]
    fn a_pen_changes_by_what_differs_or_anew_whichever_is_shorter() {
        let red = Style::new().fg(Color::LightRed);
        let looks = [red, red.bold(), red.dim(), Style::new().bold(), Style::new().fg(Color::Rgb(1, 2, 3)).bold()];
        assert_eq!(written(Colors::True, &looks), "\x1b[91mx\x1b[1mx\x1b[22;2mx\x1b[;1mx\x1b[38;2;1;2;3mx\x1b[m");
        let blue = Style::new().bg(Color::Indexed(200)).underline_color(Color::Blue).underlined();
        assert_eq!(written(Colors::Palette, &[blue, red]), "\x1b[4;48;5;200;58;5;4mx\x1b[;91mx\x1b[m");
    }

    #[test]
    fn colours_are_those_the_terminal_has() {
        let all = [
            Style::new().fg(Color::Indexed(9)).bg(Color::White),
            Style::new().fg(Color::Rgb(1, 2, 3)),
            Style::new().fg(Color::Indexed(200)).reversed().underline_color(Color::Red),
        ];
        assert_eq!(written(Colors::Sixteen, &all), "\x1b[91;107mx\x1b[mx\x1b[7mx\x1b[m");
        assert_eq!(written(Colors::None, &all), "xx\x1b[7mx\x1b[m");
    }
}
