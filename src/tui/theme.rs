//! Named styles, read from `assets/themes/*.toml` and from files of one's own. No colour is named anywhere else on the
//! screen.
//!
//! A theme is written in full colour and brought down to what the terminal shows ([`Depth`]); meaning never rests on
//! colour alone, so nothing is lost on the way.

use std::collections::BTreeMap;

use ratatui::buffer::Buffer;
use ratatui::style::{Color, Modifier, Style};
use toml::de::{DeTable, DeValue};

use super::own::{self, Fault, Kind, Layer, What, written};
use crate::config::{Source, closest, own::Texts, terminal::Colors};

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

impl Depth {
    /// That of a terminal.
    pub fn of(colors: Colors) -> Self {
        match colors {
            Colors::None => Self::Mono,
            Colors::Sixteen => Self::Ansi,
            Colors::Palette => Self::Indexed,
            Colors::True => Self::True,
        }
    }
}

/// The themes in the binary, by name.
pub const BUILT_IN: [(&str, &str); 6] = [
    ("dark", include_str!("../../assets/themes/dark.toml")),
    ("light", include_str!("../../assets/themes/light.toml")),
    ("high-contrast", include_str!("../../assets/themes/high-contrast.toml")),
    ("high-contrast-light", include_str!("../../assets/themes/high-contrast-light.toml")),
    ("ansi16", include_str!("../../assets/themes/ansi16.toml")),
    ("mono", include_str!("../../assets/themes/mono.toml")),
];

/// What a theme file may give besides styles.
const ENTRIES: [&str; 5] = ["inherits", "background", "foreground", "paint", "style"];

/// What a style may be made of.
const PROPERTIES: [&str; 8] = ["fg", "bg", "bold", "dim", "italic", "underline", "reverse", "strike"];

macro_rules! theme {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// The styles of everything on the screen.
        #[derive(Clone, Debug, Default, PartialEq, Eq)]
        pub struct Theme {
            $($(#[$doc])* pub $name: Style,)*
            /// What stands where nothing else has a colour; plain where the terminal's own colours stay.
            pub canvas: Style,
        }

        impl Theme {
            /// The names a theme file may and must give.
            pub const NAMES: &'static [&'static str] = &[$(stringify!($name)),*];

            fn from_styles(styles: &BTreeMap<String, Style>) -> Self {
                Self {
                    $($name: styles.get(stringify!($name)).copied().unwrap_or_default(),)*
                    canvas: Style::default(),
                }
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

impl Theme {
    /// A theme of the binary, `dark` when there is none of that name, in the colours the terminal shows.
    pub fn built_in(name: &str, depth: Depth) -> Self {
        let name = Kind::Theme.text(name).map_or("dark", |_| name);
        Self::read(name, &Source::Flag(""), &Texts::default(), depth).unwrap_or_default()
    }

    /// Reads a theme by its name, over what it inherits from. Styles that none of them gives are plain. `at` is where the
    /// name was written.
    ///
    /// # Errors
    /// With everything that is wrong with it.
    pub fn read(name: &str, at: &Source, texts: &Texts, depth: Depth) -> Result<Self, Vec<Fault>> {
        let is_own = texts.themes.contains_key(name);
        // Without colours, weight has to do what colours did.
        let name = if depth == Depth::Mono && !is_own && Kind::Theme.text(name).is_some() { "mono" } else { name };
        let layers = own::chain(Kind::Theme, name, at, texts)?;
        let (mut sketch, mut faults) = (Sketch::default(), Vec::new());
        for layer in &layers {
            sketch.lay(layer, &mut faults);
        }
        if faults.is_empty() { Ok(sketch.theme(depth)) } else { Err(own::in_order(faults)) }
    }

    /// Gives its colours to everything that has none, where it has any to give.
    pub fn paint(&self, buffer: &mut Buffer) {
        if self.canvas == Style::default() {
            return;
        }
        for cell in &mut buffer.content {
            cell.fg = if cell.fg == Color::Reset { self.canvas.fg.unwrap_or(cell.fg) } else { cell.fg };
            cell.bg = if cell.bg == Color::Reset { self.canvas.bg.unwrap_or(cell.bg) } else { cell.bg };
        }
    }
}

/// A theme in full colour, before it is known what the terminal shows.
#[derive(Default)]
struct Sketch {
    styles: BTreeMap<String, Style>,
    background: Option<Color>,
    foreground: Option<Color>,
    paints: bool,
}

impl Sketch {
    fn lay(&mut self, layer: &Layer<'_>, faults: &mut Vec<Fault>) {
        for (name, value) in &layer.table {
            let (entry, given) = (name.get_ref().as_ref(), value.get_ref());
            let mut wrong = |key| faults.push(layer.fault(&value.span(), What::Sort(key, entry.to_owned()), None));
            match entry {
                "inherits" if given.is_str() => {}
                "inherits" => wrong("own.text"),
                "background" | "foreground" => match color(given) {
                    Some(color) if entry == "background" => self.background = Some(color),
                    Some(color) => self.foreground = Some(color),
                    None => {
                        let what = What::Color(entry.to_owned(), written(given));
                        faults.push(layer.fault(&value.span(), what, near_color(given)));
                    }
                },
                "paint" => match given.as_bool() {
                    Some(paints) => self.paints = paints,
                    None => wrong("own.boolean"),
                },
                "style" => match given.as_table() {
                    Some(styles) => self.lay_styles(layer, styles, faults),
                    None => wrong("own.table"),
                },
                _ => {
                    let meant = closest(entry, ENTRIES.into_iter());
                    let what = What::Entry(entry.to_owned(), ENTRIES.join(", "));
                    faults.push(layer.fault(&name.span(), what, meant));
                }
            }
        }
    }

    fn lay_styles(&mut self, layer: &Layer<'_>, styles: &DeTable<'_>, faults: &mut Vec<Fault>) {
        for (name, value) in styles {
            let style = name.get_ref().as_ref();
            if !Theme::NAMES.contains(&style) {
                let meant = closest(style, Theme::NAMES.iter().copied());
                faults.push(layer.fault(&name.span(), What::Style(style.to_owned()), meant));
            } else if let Some(properties) = value.get_ref().as_table() {
                let read = read_style(style, layer, properties, faults);
                self.styles.insert(style.to_owned(), read);
            } else {
                faults.push(layer.fault(&value.span(), What::Sort("own.style-table", style.to_owned()), None));
            }
        }
    }

    fn theme(mut self, depth: Depth) -> Theme {
        for style in self.styles.values_mut() {
            *style = reduce_style(*style, depth, self.paints);
        }
        let mut theme = Theme::from_styles(&self.styles);
        if self.paints {
            let whole = Style { fg: self.foreground, bg: self.background, ..Style::default() };
            theme.canvas = reduce_style(whole, depth, true);
        }
        theme
    }
}

fn read_style(name: &str, layer: &Layer<'_>, properties: &DeTable<'_>, faults: &mut Vec<Fault>) -> Style {
    let mut style = Style::new();
    for (property, value) in properties {
        let modifier = match property.get_ref().as_ref() {
            side @ ("fg" | "bg") => {
                match color(value.get_ref()) {
                    Some(color) if side == "fg" => style = style.fg(color),
                    Some(color) => style = style.bg(color),
                    None => {
                        let what = What::Color(name.to_owned(), written(value.get_ref()));
                        faults.push(layer.fault(&value.span(), what, near_color(value.get_ref())));
                    }
                }
                continue;
            }
            "bold" => Modifier::BOLD,
            "dim" => Modifier::DIM,
            "italic" => Modifier::ITALIC,
            "underline" => Modifier::UNDERLINED,
            "reverse" => Modifier::REVERSED,
            "strike" => Modifier::CROSSED_OUT,
            other => {
                let meant = closest(other, PROPERTIES.into_iter());
                let what = What::Entry(other.to_owned(), PROPERTIES.join(", "));
                faults.push(layer.fault(&property.span(), what, meant));
                continue;
            }
        };
        match value.get_ref().as_bool() {
            Some(true) => style = style.add_modifier(modifier),
            Some(false) => {}
            None => {
                let what = What::Sort("own.boolean", property.get_ref().to_string());
                faults.push(layer.fault(&value.span(), what, None));
            }
        }
    }
    style
}

/// A colour by name, as `#rrggbb`, or by its number in the palette.
fn color(value: &DeValue<'_>) -> Option<Color> {
    match value {
        DeValue::String(text) => text.parse().ok(),
        DeValue::Integer(number) => number.to_string().parse().ok(),
        _ => None,
    }
}

fn near_color(value: &DeValue<'_>) -> Option<String> {
    const NAMES: [&str; 17] = [
        "reset",
        "black",
        "red",
        "green",
        "yellow",
        "blue",
        "magenta",
        "cyan",
        "gray",
        "darkgray",
        "lightred",
        "lightgreen",
        "lightyellow",
        "lightblue",
        "lightmagenta",
        "lightcyan",
        "white",
    ];
    closest(&value.as_str()?.to_lowercase(), NAMES.into_iter())
}

/// A style in the colours the terminal shows. Where both sides of it are known, black and white can be seen.
fn reduce_style(style: Style, depth: Depth, paints: bool) -> Style {
    let both = paints || style.fg.is_some() && style.bg.is_some();
    let reduce = |color: Color| match color {
        Color::Rgb(r, g, b) if both && depth == Depth::Ansi => Some(nearest_of_all([r, g, b])),
        _ => reduce(color, depth),
    };
    Style { fg: style.fg.and_then(reduce), bg: style.bg.and_then(reduce), ..style }
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

/// The same, black and white among them.
fn nearest_of_all(rgb: [u8; 3]) -> Color {
    match rgb.map(|part| part / 32) {
        [0, 0, 0] => Color::Black,
        [6 | 7, 6 | 7, 6 | 7] => Color::White,
        _ => nearest_ansi(rgb),
    }
}

fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    a.iter().zip(b).map(|(x, y)| u32::from(x.abs_diff(y)).pow(2)).sum()
}

#[cfg(test)]
mod tests;
