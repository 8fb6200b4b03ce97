//! What the environment says of the terminal. Used by the screen to decide and by `lyceum doctor` to tell.

use super::environment::{Variables, locale};
use super::screen::Notify;

/// How many colours there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Colors {
    /// None: `NO_COLOR` (no-color.org) is set, or the terminal is dumb.
    None,
    /// The sixteen named ones.
    Sixteen,
    /// The palette of 256.
    Palette,
    /// All.
    True,
}

/// What runs between us and the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Multiplexer {
    /// tmux.
    Tmux,
    /// GNU screen.
    Screen,
}

/// How the terminal announces something to somebody who looks elsewhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Announces {
    /// Not at all.
    Nothing,
    /// By its bell.
    Bell,
    /// By a notification of the desktop: OSC 9 (iTerm2, WezTerm, ConEmu, Ghostty).
    Osc9,
    /// By OSC 777 (rxvt-unicode, foot, VTE).
    Osc777,
    /// By OSC 99 (kitty).
    Osc99,
}

/// The terminal as the environment describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// `TERM`.
    pub term: String,
    /// `TERM_PROGRAM`, with its version.
    pub program: Option<String>,
    /// Colours.
    pub colors: Colors,
    /// Whether it is at the other end of an SSH connection.
    pub ssh: bool,
    /// What is in between.
    pub multiplexer: Option<Multiplexer>,
    /// The name of the locale.
    pub locale: String,
    /// Whether the locale's characters are UTF-8.
    pub utf8: bool,
    /// `COLORFGBG` says that the background is light.
    pub light: Option<bool>,
    /// Whether there is a browser on this machine whose windows the person sees: none over SSH, nor where nothing shows
    /// windows.
    pub browser: bool,
    /// The editor a person wants: `VISUAL`, else `EDITOR`.
    pub editor: Option<String>,
}

impl Terminal {
    /// Reads the variables.
    pub fn read(variables: Variables<'_>) -> Self {
        let term = variables("TERM").unwrap_or_default();
        let program = variables("TERM_PROGRAM").map(|name| match variables("TERM_PROGRAM_VERSION") {
            Some(version) => format!("{name} {version}"),
            None => name,
        });
        let multiplexer = if variables("TMUX").is_some() {
            Some(Multiplexer::Tmux)
        } else if variables("STY").is_some() {
            Some(Multiplexer::Screen)
        } else {
            None
        };
        let ssh = variables("SSH_TTY").is_some() || variables("SSH_CONNECTION").is_some();
        let shows_windows = variables("DISPLAY").is_some() || variables("WAYLAND_DISPLAY").is_some();
        Self {
            colors: colors(&term, variables),
            ssh,
            browser: !ssh && (shows_windows || cfg!(any(windows, target_os = "macos"))),
            multiplexer,
            locale: locale(variables),
            utf8: is_utf8(variables),
            light: variables("COLORFGBG").as_deref().and_then(is_light),
            editor: variables("VISUAL").or_else(|| variables("EDITOR")),
            term,
            program,
        }
    }

    /// How it announces something, where a person leaves that to it. What is in between hands on no more than the bell.
    pub fn announces(&self, wanted: Notify) -> Announces {
        let program = self.program.as_deref().unwrap_or_default();
        let is = |names: &[&str]| names.iter().any(|name| program.starts_with(name) || self.term.contains(name));
        match wanted {
            Notify::Off => Announces::Nothing,
            Notify::Bell => Announces::Bell,
            Notify::Auto if self.multiplexer.is_some() => Announces::Bell,
            Notify::Auto if is(&["kitty"]) => Announces::Osc99,
            Notify::Auto if is(&["iTerm", "WezTerm", "ghostty"]) => Announces::Osc9,
            Notify::Auto if is(&["foot", "rxvt"]) => Announces::Osc777,
            Notify::Auto => Announces::Bell,
        }
    }

    /// Whether it cannot move its cursor, so that no screen can be drawn.
    pub fn is_dumb(&self) -> bool {
        self.term.is_empty() || self.term == "dumb"
    }
}

fn colors(term: &str, variables: Variables<'_>) -> Colors {
    if variables("NO_COLOR").is_some() || term.is_empty() || term == "dumb" {
        Colors::None
    } else if variables("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit")
        || term.ends_with("-direct")
    {
        Colors::True
    } else if term.contains("256color") || ["xterm-kitty", "xterm-ghostty", "alacritty", "foot"].contains(&term) {
        Colors::Palette
    } else {
        Colors::Sixteen
    }
}

/// The characters of a locale follow a dot in its name. They are those of `LC_CTYPE`, not of messages.
fn is_utf8(variables: Variables<'_>) -> bool {
    let name = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(variables).unwrap_or_default();
    let charset = name.split_once('.').map_or("", |(_, rest)| rest).split('@').next().unwrap_or_default();
    charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8")
}

/// `COLORFGBG` is foreground;background, or with something in between; 7 and 15 are the light ones.
fn is_light(value: &str) -> Option<bool> {
    let background: u8 = value.rsplit(';').next()?.parse().ok()?;
    Some(background == 7 || background == 15)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Terminal {
        Terminal::read(&|name| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned()))
    }

    #[test]
    fn colors_are_what_is_claimed_and_no_more() {
        assert_eq!(read(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]).colors, Colors::True);
        assert_eq!(read(&[("TERM", "tmux-256color")]).colors, Colors::Palette);
        assert_eq!(read(&[("TERM", "xterm")]).colors, Colors::Sixteen);
        assert_eq!(read(&[("TERM", "xterm"), ("COLORTERM", "truecolor"), ("NO_COLOR", "1")]).colors, Colors::None);
        assert_eq!(read(&[]).colors, Colors::None);
        assert!(read(&[("TERM", "dumb")]).is_dumb() && read(&[]).is_dumb() && !read(&[("TERM", "vt100")]).is_dumb());
    }

    #[test]
    fn where_it_runs_is_noticed() {
        let far = read(&[("TERM", "screen"), ("SSH_TTY", "/dev/pts/1"), ("TMUX", "/tmp/tmux"), ("STY", "1.x")]);
        assert!(far.ssh);
        assert_eq!(far.multiplexer, Some(Multiplexer::Tmux));
        let near = read(&[("TERM", "xterm"), ("STY", "1.x")]);
        assert!(!near.ssh);
        assert_eq!(near.multiplexer, Some(Multiplexer::Screen));
    }

    #[test]
    fn the_first_locale_that_is_set_counts() {
        let terminal = read(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")]);
        assert_eq!((terminal.locale.as_str(), terminal.utf8), ("C", false));
        let terminal = read(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.utf8")]);
        assert_eq!((terminal.locale.as_str(), terminal.utf8), ("zh_CN.utf8", true));
    }

    #[test]
    fn the_background_is_told_by_some() {
        assert_eq!(read(&[("COLORFGBG", "0;15")]).light, Some(true));
        assert_eq!(read(&[("COLORFGBG", "15;default;0")]).light, Some(false));
        assert_eq!(read(&[("COLORFGBG", "default")]).light, None);
    }
}
