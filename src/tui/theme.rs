//! Named styles, read from `assets/themes/*.toml`. No colour is named anywhere else on the screen.
//!
//! A theme is written in full colour and brought down to what the terminal shows ([`Depth`]); meaning never rests on
//! colour alone, so nothing is lost on the way.

use std::collections::BTreeMap;

use ratatui::style::{Color, Modifier, Style};

use crate::config::terminal::{Colors, Terminal};

/// How many colours the terminal shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Depth {
    /// None: `NO_COLOR`, a monochrome terminal.
    Mono,
    /// The sixteen ANSI colours.
    #[default]
    Ansi,
    /// The 256 colours of xterm.
    Indexed,
    /// 24 bits.
    True,
}

/// The themes in the binary, by name.
pub const BUILT_IN: [(&str, &str); 3] = [
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("mono", include_str!("../../assets/themes/mono.toml")),
];

macro_rules! theme {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The styles of everything on the screen.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Theme {
            $($(#[$doc])* pub $name: Style,)*
        }

        impl Theme {
            /// The names a theme file may and must give.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            fn from_styles(styles: &BTreeMap<String, Style>) -> Self {
                Self { $($name: styles.get(stringify!($name)).copied().unwrap_or_default(),)* }
            }
        }
    };
}

theme! {
    /// Running text.
    text,
    /// What may be overlooked: ages, hints.
    dim,
    /// A QR code: light modules on dark ones.
    qr,
    /// What leads the eye: keys, counts.
    accent,
    /// The gutter bar and the title of the selected row.
    selection,
    /// A title that is not selected.
    title,
    /// Code, where nothing else colours it.
    code,
    /// The line beside code, and its line numbers.
    code_border,
    /// In code: words of the language.
    code_keyword,
    /// In code: strings.
    code_string,
    /// In code: numbers and other constants.
    code_number,
    /// In code: comments.
    code_comment,
    /// In code: names of functions and types where they are made or called.
    code_name,
    /// A link.
    link,
    /// Somebody else's words.
    quote,
    /// It went well; accepted; live.
    good,
    /// Look out; waiting.
    warn,
    /// It went wrong; danger.
    bad,
    /// Lines between areas.
    border,
    /// A tab.
    tab,
    /// The tab shown.
    tab_active,
    /// The role of moderators and owners.
    staff,
    /// The role of experts.
    expert,
    /// What a search found.
    mark,
}

/// Why a theme could not be read. One line, for a person who wrote the file.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Not TOML.
    #[error("{0}")]
    Syntax(String),
    /// A style that there is not.
    #[error("there is no style `{0}`")]
    UnknownStyle(String),
    /// A style is not written right.
    #[error("style `{0}`: `{1}` is not a colour, or not true or false")]
    Value(String, String),
}

impl Theme {
    /// A theme of the binary, `dark` when there is none of that name, in the colours the terminal shows.
    pub fn built_in(name: &str, depth: Depth) -> Self {
        let name = if depth == Depth::Mono { "mono" } else { name };
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name).unwrap_or(&BUILT_IN[0]);
        Self::read(text, depth).unwrap_or_default()
    }

    /// The theme that a person wants on a terminal: their own file, or a built-in one by its name; `auto` goes by the
    /// background.
    pub fn wanted(own: Option<&str>, name: &str, terminal: &Terminal) -> Result<Self, Error> {
        let depth = match terminal.colors {
            Colors::None => Depth::Mono,
            Colors::Sixteen => Depth::Ansi,
            Colors::Palette => Depth::Indexed,
            Colors::True => Depth::True,
        };
        match (own, name) {
            (Some(own), _) => Self::read(own, depth),
            (None, "auto") => Ok(Self::built_in(if terminal.light == Some(true) { "light" } else { "dark" }, depth)),
            (None, name) => Ok(Self::built_in(name, depth)),
        }
    }

    /// Reads a theme file. Styles it leaves out are plain.
    pub fn read(text: &str, depth: Depth) -> Result<Self, Error> {
        let table: toml::Table = text.parse().map_err(|e: toml::de::Error| Error::Syntax(e.message().to_owned()))?;
        let mut styles = BTreeMap::new();
        for (name, value) in table.get("style").and_then(toml::Value::as_table).into_iter().flatten() {
            if !Self::NAMES.contains(&name.as_str()) {
                return Err(Error::UnknownStyle(name.clone()));
            }
            styles.insert(name.clone(), style(name, value, depth)?);
        }
        Ok(Self::from_styles(&styles))
    }
}

fn style(name: &str, value: &toml::Value, depth: Depth) -> Result<Style, Error> {
    let wrong = |what: &dyn std::fmt::Display| Error::Value(name.to_owned(), what.to_string());
    let mut style = Style::new();
    for (property, value) in value.as_table().ok_or_else(|| wrong(value))? {
        if property == "fg" || property == "bg" {
            let written = value.as_str().map(str::to_owned).or_else(|| value.as_integer().map(|n| n.to_string()));
            let color: Color = written.and_then(|w| w.parse().ok()).ok_or_else(|| wrong(value))?;
            if let Some(color) = reduce(color, depth) {
                style = if property == "fg" { style.fg(color) } else { style.bg(color) };
            }
            continue;
        }
        let modifier = match property.as_str() {
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "italic" => Modifier::ITALIC,
            "underline" => Modifier::UNDERLINED,
            "reverse" => Modifier::REVERSED,
            "strike" => Modifier::CROSSED_OUT,
            _ => return Err(wrong(property)),
        };
        if value.as_bool().ok_or_else(|| wrong(value))? {
            style = style.add_modifier(modifier);
        }
    }
    Ok(style)
}

/// The nearest colour the terminal shows; none when it shows none.
pub fn reduce(color: Color, depth: Depth) -> Option<Color> {
    let Color::Rgb(r, g, b) = color else { return (depth != Depth::Mono).then_some(color) };
    match depth {
        Depth::Mono => None,
        Depth::True => Some(color),
        Depth::Indexed => Some(Color::Indexed(nearest_indexed([r, g, b]))),
        Depth::Ansi => Some(nearest_ansi([r, g, b])),
    }
}

/// The cube of 6×6×6 and the 24 greys of xterm's palette.
fn nearest_indexed(rgb: [u8; 3]) -> u8 {
    const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];
    let step = |v: u8| (0..6).min_by_key(|i| STEPS[usize::from(*i)].abs_diff(v)).unwrap_or(0u8);
    let [r, g, b] = rgb.map(step);
    let cube = [r, g, b].map(|i| STEPS[usize::from(i)]);
    let mean = (u16::from(rgb[0]) + u16::from(rgb[1]) + u16::from(rgb[2])) / 3;
    let grey = (mean.saturating_sub(3) / 10).min(23) as u8;
    let level = 8 + 10 * grey;
    if distance(rgb, [level; 3]) < distance(rgb, cube) { 232 + grey } else { 16 + 36 * r + 6 * g + b }
}

fn nearest_ansi(rgb: [u8; 3]) -> Color {
    // Black and white are left out: on a terminal of unknown background one of them cannot be seen.
    const NAMED: [(Color, [u8; 3]); 13] = [
        (Color::Red, [170, 30, 30]),
        (Color::Green, [30, 130, 40]),
        (Color::Yellow, [150, 100, 0]),
        (Color::Blue, [30, 90, 190]),
        (Color::Magenta, [150, 30, 150]),
        (Color::Cyan, [20, 140, 150]),
        (Color::DarkGray, [100, 105, 115]),
        (Color::LightRed, [240, 120, 120]),
        (Color::LightGreen, [135, 205, 140]),
        (Color::LightYellow, [230, 190, 100]),
        (Color::LightBlue, [125, 180, 255]),
        (Color::LightMagenta, [240, 130, 240]),
        (Color::LightCyan, [130, 230, 240]),
    ];
    let nearest = NAMED.iter().min_by_key(|(_, known)| distance(rgb, *known));
    nearest.map_or(Color::Reset, |(color, _)| *color)
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(x, y)| u32::from(x.abs_diff(y)).pow(2)).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_themes_are_whole() {
        for (name, text) in BUILT_IN {
            assert_eq!(Theme::read(text, Depth::True).err(), None, "{name}");
            let table: toml::Table = text.parse().unwrap();
            let given = table["style"].as_table().unwrap();
            let lacking: Vec<_> = Theme::NAMES.iter().filter(|n| !given.contains_key(**n)).collect();
            assert!(lacking.is_empty(), "{name} lacks {lacking:?}");
        }
    }

    #[test]
    fn colours_come_down_to_what_the_terminal_shows() {
        let blue = Color::Rgb(0x7f, 0xb4, 0xff);
        assert_eq!(reduce(blue, Depth::True), Some(blue));
        assert_eq!(reduce(blue, Depth::Indexed), Some(Color::Indexed(111)));
        assert_eq!(reduce(blue, Depth::Ansi), Some(Color::LightBlue));
        assert_eq!(reduce(blue, Depth::Mono), None);
        assert_eq!(reduce(Color::Rgb(130, 130, 131), Depth::Indexed), Some(Color::Indexed(244)));
    }

    #[test]
    fn faults_are_named() {
        let read = |text| Theme::read(text, Depth::True).unwrap_err().to_string();
        assert_eq!(read("[style]\ntxt = {}"), "there is no style `txt`");
        assert_eq!(
            read("[style]\ntext = { fg = \"blurple\" }"),
            "style `text`: `\"blurple\"` is not a colour, or not true or false"
        );
    }

    #[test]
    fn without_colours_no_style_has_one() {
        let theme = Theme::built_in("dark", Depth::Mono);
        assert_eq!(theme.bad.fg, None);
        assert!(theme.mark.add_modifier.contains(Modifier::REVERSED));
    }
}
