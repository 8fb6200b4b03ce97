//! Settings of the screen: what a person decides about looks and keys.

use serde::{Deserialize, Serialize};

use crate::base::time::Hours;
use crate::model::search::saved::Saved;

/// Settings of the screen.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Screen {
    /// Name of a built-in theme or of `themes/NAME.toml` beside the settings file; `auto` goes by the terminal.
    pub theme: String,
    /// Name of a built-in keymap or of `keymaps/NAME.toml` beside the settings file.
    pub keymap: String,
    /// Which signs are drawn.
    pub symbols: Symbols,
    /// Whether the mouse scrolls and clicks. Left out, it does, but not over SSH: there it would take away the terminal's
    /// own selecting, which is the way to copy.
    pub mouse: Option<bool>,
    /// Width of the list beside the detail, in percent: 20 to 80.
    pub split: u16,
    /// How much room a row of a list takes.
    pub density: Density,
    /// How the time of something is written.
    pub dates: Dates,
    /// How a time of the day is written.
    pub clock: Clock,
    /// The panes in the order of their tabs; those that are left out follow in their own.
    pub tabs: Vec<String>,
    /// Whether the screen is put back as it was at the end; without it, what was shown stays in the scrollback.
    pub alternate_screen: bool,
    /// Whether nothing moves that need not.
    pub reduced_motion: bool,
    /// How what is new in the inbox is announced.
    pub notify: Notify,
    /// Hours in which nothing is announced, in your time: `22:00-07:30`.
    pub quiet: Option<Hours>,
    /// Saved searches, each a filter of its pane.
    pub search: Vec<Saved>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            keymap: "default".to_owned(),
            symbols: Symbols::Auto,
            mouse: None,
            split: 45,
            density: Density::Comfortable,
            dates: Dates::Relative,
            clock: Clock::TwentyFour,
            tabs: Vec::new(),
            alternate_screen: true,
            reduced_motion: false,
            notify: Notify::Auto,
            quiet: None,
            search: Vec::new(),
        }
    }
}

impl Screen {
    /// Whether the mouse scrolls and clicks on a terminal that is at the other end of an SSH connection, or not.
    pub fn takes_mouse(&self, ssh: bool) -> bool {
        self.mouse.unwrap_or(!ssh)
    }

    /// How the screen is laid out at first.
    pub fn layout(&self) -> Layout {
        Layout {
            split: self.split,
            density: self.density,
            dates: self.dates,
            clock: self.clock,
            tabs: self.tabs.clone(),
            theme: self.theme.clone(),
            keymap: self.keymap.clone(),
        }
    }
}

/// How the screen is laid out: what can be changed while it is open and is remembered then.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Layout {
    /// [`Screen::split`].
    pub split: u16,
    /// [`Screen::density`].
    pub density: Density,
    /// [`Screen::dates`].
    pub dates: Dates,
    /// [`Screen::clock`].
    pub clock: Clock,
    /// [`Screen::tabs`].
    pub tabs: Vec<String>,
    /// [`Screen::theme`].
    pub theme: String,
    /// [`Screen::keymap`].
    pub keymap: String,
}

impl Default for Layout {
    fn default() -> Self {
        Screen::default().layout()
    }
}

impl Layout {
    /// Takes over from `new` what is other there than in `old`.
    pub fn follow(&mut self, old: &Self, new: &Self) {
        if old.split != new.split {
            self.split = new.split;
        }
        if old.density != new.density {
            self.density = new.density;
        }
        if old.dates != new.dates {
            self.dates = new.dates;
        }
        if old.clock != new.clock {
            self.clock = new.clock;
        }
        if old.tabs != new.tabs {
            self.tabs.clone_from(&new.tabs);
        }
        if old.theme != new.theme {
            self.theme.clone_from(&new.theme);
        }
        if old.keymap != new.keymap {
            self.keymap.clone_from(&new.keymap);
        }
    }
}

/// How much room a row of a list takes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Density {
    /// Two lines.
    #[default]
    Comfortable,
    /// One line.
    Compact,
}

/// How the time of something is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Dates {
    /// As its age: `2 h`.
    #[default]
    Relative,
    /// As the language writes it, in the reader's zone: `26 Nov 21:35`.
    Local,
    /// As ISO 8601 writes it, in the reader's zone: `2026-11-26 21:35`.
    Iso,
}

/// How a time of the day is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Clock {
    /// `21:35`.
    #[default]
    #[serde(rename = "24h")]
    TwentyFour,
    /// `9:35 pm`.
    #[serde(rename = "12h")]
    Twelve,
}

/// How what is new in the inbox is announced to somebody who looks elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Notify {
    /// By a notification where the terminal is known to show one, else by its bell.
    #[default]
    Auto,
    /// By the bell.
    Bell,
    /// By a notification of iTerm2, WezTerm, ConEmu or Ghostty.
    Osc9,
    /// By one of rxvt-unicode, foot or VTE.
    Osc777,
    /// By one of kitty.
    Osc99,
    /// Not at all; it stands in the inbox all the same.
    Off,
}

/// Which signs are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Symbols {
    /// Unicode where the locale has it.
    #[default]
    Auto,
    /// Unicode.
    Unicode,
    /// ASCII only.
    Ascii,
}
