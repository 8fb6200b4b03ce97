//! Settings of the screen: what a person decides about looks and keys.

use serde::Deserialize;

use crate::base::time::Hours;

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
    /// Whether the screen is put back as it was at the end; without it, what was shown stays in the scrollback.
    pub alternate_screen: bool,
    /// Whether nothing moves that need not.
    pub reduced_motion: bool,
    /// How what is new in the inbox is announced.
    pub notify: Notify,
    /// Hours in which nothing is announced, in your time: `22:00-07:30`.
    pub quiet: Option<Hours>,
}

impl Default for Screen {
    fn default() -> Self {
        Self {
            theme: "auto".to_owned(),
            keymap: "default".to_owned(),
            symbols: Symbols::Auto,
            mouse: None,
            split: 45,
            alternate_screen: true,
            reduced_motion: false,
            notify: Notify::Auto,
            quiet: None,
        }
    }
}

impl Screen {
    /// Whether the mouse scrolls and clicks on a terminal that is at the other end of an SSH connection, or not.
    pub fn takes_mouse(&self, ssh: bool) -> bool {
        self.mouse.unwrap_or(!ssh)
    }
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
