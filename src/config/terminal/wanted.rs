//! Settings of the terminal: what a person knows better than the environment tells.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

/// Settings of the terminal. `auto` is what the environment says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Wanted {
    /// How many colours there are.
    pub colors: Colors,
    /// Whether the background is dark or light.
    pub background: Background,
    /// Whether it is asked for its background, where nothing else tells.
    pub ask_background: Answer,
    /// Which characters can be shown.
    pub characters: Characters,
    /// Whether it is at the other end of an SSH connection.
    pub ssh: Answer,
    /// What runs between Lyceum and the terminal.
    pub multiplexer: Multiplexer,
    /// Whether links are written so that the terminal can open them (OSC 8).
    pub hyperlinks: Answer,
    /// How text gets to the clipboard.
    pub clipboard: Clipboard,
    /// How keys are reported.
    pub keyboard: Keyboard,
    /// How wide an emoji is drawn.
    pub emoji: Emoji,
    /// Whether a picture is sent so that it is shown at once (mode 2026).
    pub frames: Answer,
}

/// Yes, no, or what the environment says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Answer {
    /// What the environment says.
    #[default]
    Auto,
    /// Yes.
    On,
    /// No.
    Off,
}

/// How many colours there are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Colors {
    /// By `NO_COLOR`, `COLORTERM` and `TERM`.
    #[default]
    Auto,
    /// None.
    None,
    /// The sixteen named ones.
    Sixteen,
    /// The palette of 256.
    Palette,
    /// All.
    True,
}

/// A number is as good as its text.
impl<'de> Deserialize<'de> for Colors {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum Written {
            Text(String),
            Number(i64),
        }
        let written = match Written::deserialize(deserializer)? {
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
        };
        match written.as_str() {
            "auto" => Ok(Self::Auto),
            "none" => Ok(Self::None),
            "16" => Ok(Self::Sixteen),
            "256" => Ok(Self::Palette),
            "true" => Ok(Self::True),
            other => Err(D::Error::unknown_variant(other, &["auto", "none", "16", "256", "true"])),
        }
    }
}

/// The background.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Background {
    /// By `COLORFGBG`, else by what the terminal answers, else dark.
    #[default]
    Auto,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// Which characters can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Characters {
    /// By the locale.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// Unicode, as UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// ASCII; for all others there are stand-ins.
    #[serde(rename = "ascii")]
    Ascii,
}

/// What runs in between.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Multiplexer {
    /// By `TMUX` and `STY`.
    #[default]
    Auto,
    /// Nothing.
    None,
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

/// How text gets to the clipboard.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Clipboard {
    /// Through the terminal where one may take it.
    #[default]
    Auto,
    /// Through the terminal (OSC 52).
    Osc52,
    /// By a tool of this machine's desktop, unless that is far away.
    Tool,
    /// Not at all.
    Off,
}

/// How keys are reported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Keyboard {
    /// By kitty's protocol where the terminal is known to have it.
    #[default]
    Auto,
    /// By kitty's protocol: keys that were one are told apart.
    Kitty,
    /// As ever.
    Plain,
}

/// How wide an emoji is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Emoji {
    /// As Unicode has it: two columns.
    #[default]
    Wide,
    /// As one narrow sign, where the terminal counts columns otherwise and lines shift.
    Narrow,
}
