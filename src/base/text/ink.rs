//! How a piece of text looks on a terminal, for what is printed line by line. What is drawn on a screen has styles of its
//! own.

/// A colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Color {
    /// One of the sixteen named ones: 0 to 15.
    Named(u8),
    /// One of the palette of 256.
    Palette(u8),
    /// Red, green, blue.
    Rgb(u8, u8, u8),
}

/// How a piece of text looks. The default is plain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ink {
    /// Its colour, if it has one of its own.
    pub color: Option<Color>,
    /// Bold.
    pub bold: bool,
    /// Faint.
    pub dim: bool,
    /// Slanted.
    pub italic: bool,
    /// Underlined.
    pub underlined: bool,
    /// Light on dark where the rest is dark on light.
    pub reversed: bool,
    /// Struck out.
    pub crossed: bool,
}

/// A piece of text and how it looks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Run {
    /// How it looks.
    pub ink: Ink,
    /// What it says.
    pub text: String,
}

impl Run {
    /// A piece of text in an ink.
    pub fn new(ink: Ink, text: impl Into<String>) -> Self {
        Self { ink, text: text.into() }
    }

    /// A piece of text without one.
    pub fn plain(text: impl Into<String>) -> Self {
        Self::new(Ink::default(), text)
    }
}

impl Ink {
    /// The sequence that switches it on (ECMA-48, SGR); nothing for plain text. `0` switches it off.
    pub fn sgr(self) -> String {
        let marks = [
            (self.bold, "1"),
            (self.dim, "2"),
            (self.italic, "3"),
            (self.underlined, "4"),
            (self.reversed, "7"),
            (self.crossed, "9"),
        ];
        let mut codes: Vec<String> = marks.iter().filter(|(on, _)| *on).map(|(_, code)| (*code).to_owned()).collect();
        codes.extend(self.color.map(|color| match color {
            Color::Named(n @ 0..=7) => (30 + u16::from(n)).to_string(),
            Color::Named(n) => (82 + u16::from(n)).to_string(),
            Color::Palette(n) => format!("38;5;{n}"),
            Color::Rgb(r, g, b) => format!("38;2;{r};{g};{b}"),
        }));
        if codes.is_empty() { String::new() } else { format!("\x1b[{}m", codes.join(";")) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_needs_no_sequence() {
        assert_eq!(Ink::default().sgr(), "");
        let ink = Ink { bold: true, crossed: true, color: Some(Color::Named(9)), ..Ink::default() };
        assert_eq!(ink.sgr(), "\x1b[1;9;91m");
        assert_eq!(Ink { color: Some(Color::Named(3)), ..Ink::default() }.sgr(), "\x1b[33m");
        assert_eq!(Ink { color: Some(Color::Rgb(1, 2, 3)), ..Ink::default() }.sgr(), "\x1b[38;2;1;2;3m");
    }
}
