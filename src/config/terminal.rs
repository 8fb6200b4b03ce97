//! What is around the screen: what the environment says, what a person wants ([`Wanted`]), what is done and why. Looked
//! at once, at the start; used by the screen to decide and by `lyceum doctor` to tell.

use super::environment::{Variables, locale};
use super::screen::Notify;

mod decide;
mod wanted;

pub use wanted::{
    Answer, Background, Characters, Clipboard as WantedClipboard, Colors as WantedColors, Emoji, Keyboard,
    Multiplexer as WantedMultiplexer, Wanted,
};

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

/// A desktop of this machine that has a tool for its clipboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Desktop {
    /// Wayland.
    Wayland,
    /// X11.
    X11,
    /// macOS.
    MacOs,
}

/// How text gets to the reader's clipboard. Whether it arrives through a terminal is never known: terminals do not say.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clipboard {
    /// Through the terminal (OSC 52).
    Terminal,
    /// Through tmux, which drops it unless it is told to take it.
    Tmux,
    /// Through GNU screen.
    Screen,
    /// By a tool of the desktop, which tells whether it did it. Never over SSH: it would be another machine's clipboard.
    Tool(Desktop),
    /// Not at all.
    Nothing,
}

/// Why each thing was decided so: a variable's name, a fact, or that it was set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Reasons {
    /// Of the colours.
    pub colors: &'static str,
    /// Of SSH.
    pub ssh: &'static str,
    /// Of what is in between.
    pub multiplexer: &'static str,
    /// Of the characters.
    pub utf8: &'static str,
    /// Of the background.
    pub light: &'static str,
    /// Of asking for it.
    pub asks: &'static str,
    /// Of the clipboard.
    pub clipboard: &'static str,
    /// Of links.
    pub hyperlinks: &'static str,
    /// Of the keyboard.
    pub keyboard: &'static str,
    /// Of emoji.
    pub narrow_emoji: &'static str,
    /// Of whole pictures.
    pub frames: &'static str,
}

/// The terminal: what the environment says, and what follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terminal {
    /// `TERM`.
    pub term: String,
    /// `TERM_PROGRAM`, with its version.
    pub program: Option<String>,
    /// Colours.
    pub colors: Colors,
    /// Whether it is at the other end of an SSH connection. No program of this machine is started for a reader there.
    pub ssh: bool,
    /// What is in between.
    pub multiplexer: Option<Multiplexer>,
    /// The name of the locale.
    pub locale: String,
    /// Whether characters are sent as UTF-8; else nothing outside ASCII is sent.
    pub utf8: bool,
    /// Whether the background is light, where that is known.
    pub light: Option<bool>,
    /// Whether the terminal is asked for it.
    pub asks: bool,
    /// Whether there is a browser on this machine whose windows the person sees: none over SSH, nor where nothing shows
    /// windows.
    pub browser: bool,
    /// How text gets to the clipboard.
    pub clipboard: Clipboard,
    /// Whether links are written as such (OSC 8).
    pub hyperlinks: bool,
    /// Whether keys are reported by kitty's protocol.
    pub keyboard: bool,
    /// Whether an emoji is drawn as one narrow sign.
    pub narrow_emoji: bool,
    /// Whether a picture is shown at once (mode 2026).
    pub frames: bool,
    /// The editor a person wants: `VISUAL`, else `EDITOR`.
    pub editor: Option<String>,
    /// Why.
    pub why: Reasons,
}

impl Terminal {
    /// Reads the variables, where nothing is set by hand.
    pub fn read(variables: Variables<'_>) -> Self {
        Self::with(variables, &Wanted::default())
    }

    /// Reads the variables and lays over them what a person wants.
    pub fn with(variables: Variables<'_>, wanted: &Wanted) -> Self {
        let term = variables("TERM").unwrap_or_default();
        let program = variables("TERM_PROGRAM").map(|name| match variables("TERM_PROGRAM_VERSION") {
            Some(version) => format!("{name} {version}"),
            None => name,
        });
        let shows_windows = variables("DISPLAY").is_some() || variables("WAYLAND_DISPLAY").is_some();
        let called = program.as_deref().unwrap_or_default();
        let ssh = decide::ssh(wanted.ssh, variables);
        let between = decide::multiplexer(wanted.multiplexer, variables);
        let colors = decide::colors(&term, between.0, wanted.colors, variables);
        let utf8 = decide::utf8(wanted.characters, variables);
        let light = decide::light(wanted.background, variables);
        let asks = decide::asks(&term, between.0, light.0, wanted.ask_background);
        let clipboard = decide::clipboard(&term, called, ssh.0, between.0, wanted.clipboard, variables);
        let hyperlinks = decide::hyperlinks(&term, between.0, wanted.hyperlinks);
        let keyboard = decide::keyboard(&term, called, between.0, wanted.keyboard);
        let narrow_emoji = decide::narrow_emoji(wanted.emoji);
        let frames = decide::frames(wanted);
        Self {
            colors: colors.0,
            ssh: ssh.0,
            browser: !ssh.0 && (shows_windows || cfg!(any(windows, target_os = "macos"))),
            multiplexer: between.0,
            locale: locale(variables),
            utf8: utf8.0,
            light: light.0,
            asks: asks.0,
            clipboard: clipboard.0,
            hyperlinks: hyperlinks.0,
            keyboard: keyboard.0,
            narrow_emoji: narrow_emoji.0,
            frames: frames.0,
            editor: variables("VISUAL").or_else(|| variables("EDITOR")),
            why: Reasons {
                colors: colors.1,
                ssh: ssh.1,
                multiplexer: between.1,
                utf8: utf8.1,
                light: light.1,
                asks: asks.1,
                clipboard: clipboard.1,
                hyperlinks: hyperlinks.1,
                keyboard: keyboard.1,
                narrow_emoji: narrow_emoji.1,
                frames: frames.1,
            },
            term,
            program,
        }
    }

    /// How it announces something, where a person leaves that to it. What is in between hands on no more than the bell.
    pub fn announces(&self, wanted: Notify) -> Announces {
        self.announcing(wanted).0
    }

    /// The same, with the reason.
    pub fn announcing(&self, wanted: Notify) -> (Announces, &'static str) {
        let program = self.program.as_deref().unwrap_or_default();
        let is = |names: &[&str]| names.iter().any(|name| program.starts_with(name) || self.term.contains(name));
        let is_program = |names: &[&str]| names.iter().any(|name| program.starts_with(name));
        let by = |names: &[&str]| if is_program(names) { "TERM_PROGRAM" } else { "TERM" };
        match wanted {
            Notify::Off => (Announces::Nothing, decide::SET),
            Notify::Bell => (Announces::Bell, decide::SET),
            Notify::Osc9 => (Announces::Osc9, decide::SET),
            Notify::Osc777 => (Announces::Osc777, decide::SET),
            Notify::Osc99 => (Announces::Osc99, decide::SET),
            Notify::Auto => match self.multiplexer {
                Some(Multiplexer::Tmux) => (Announces::Bell, "doctor.why.in-tmux"),
                Some(Multiplexer::Screen) => (Announces::Bell, "doctor.why.in-screen"),
                None if is(&["kitty"]) => (Announces::Osc99, by(&["kitty"])),
                None if is(&["iTerm", "WezTerm", "ghostty"]) => (Announces::Osc9, by(&["iTerm", "WezTerm", "ghostty"])),
                None if is(&["foot", "rxvt"]) => (Announces::Osc777, by(&["foot", "rxvt"])),
                None => (Announces::Bell, "doctor.why.no-more"),
            },
        }
    }

    /// Whether it cannot move its cursor, so that no screen can be drawn.
    pub fn is_dumb(&self) -> bool {
        self.term.is_empty() || self.term == "dumb"
    }
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
        assert_eq!(read(&[("TERM", "vt100"), ("COLORTERM", "truecolor")]).colors, Colors::None);
        let in_screen = [("TERM", "screen.xterm-256color"), ("COLORTERM", "truecolor"), ("STY", "1.x")];
        assert_eq!(read(&in_screen).colors, Colors::Palette);
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

    /// Each row: the environment, how text gets to the clipboard, why.
    #[test]
    fn the_clipboard_is_the_one_the_reader_sits_at() {
        let vte = [("TERM", "xterm-256color"), ("VTE_VERSION", "7600")];
        let with = |more: &[(&str, &str)]| {
            let found = read(&[&vte[..], more].concat());
            (found.clipboard, found.why.clipboard)
        };
        let why = "doctor.why.vte";
        assert_eq!(with(&[("WAYLAND_DISPLAY", "w"), ("DISPLAY", ":0")]), (Clipboard::Tool(Desktop::Wayland), why));
        assert_eq!(with(&[("DISPLAY", ":0")]), (Clipboard::Tool(Desktop::X11), why));
        assert_eq!(with(&[("DISPLAY", ":10"), ("SSH_CONNECTION", "1")]), (Clipboard::Terminal, "doctor.why.over-ssh"));
        // Who looks at it may have come to it from afar.
        assert_eq!(with(&[("DISPLAY", ":0"), ("TMUX", "t")]), (Clipboard::Tmux, "doctor.why.near-and-far"));
        if !cfg!(target_os = "macos") {
            assert_eq!(with(&[]), (Clipboard::Terminal, "doctor.why.near-and-far"));
        }
        assert_eq!(read(&[("TERM", "xterm-kitty"), ("DISPLAY", ":0")]).clipboard, Clipboard::Terminal);
        let set = |variables: &[(&str, &str)]| {
            let wanted: Wanted = toml::from_str("clipboard = \"tool\"").unwrap();
            let found = Terminal::with(
                &|name| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned()),
                &wanted,
            );
            (found.clipboard, found.why.clipboard)
        };
        let kitty = ("TERM", "xterm-kitty");
        assert_eq!(set(&[kitty, ("DISPLAY", ":0")]), (Clipboard::Tool(Desktop::X11), "doctor.why.set"));
        assert_eq!(
            set(&[kitty, ("DISPLAY", ":0"), ("SSH_TTY", "/dev/pts/1")]),
            (Clipboard::Terminal, "doctor.why.over-ssh")
        );
    }

    #[test]
    fn the_first_locale_that_is_set_counts() {
        let terminal = read(&[("LANG", "en_US.UTF-8"), ("LC_ALL", "C")]);
        assert_eq!((terminal.locale.as_str(), terminal.utf8), ("C", false));
        let terminal = read(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.utf8")]);
        assert_eq!((terminal.locale.as_str(), terminal.utf8), ("zh_CN.utf8", true));
    }

    #[test]
    fn a_terminal_is_asked_for_its_background_where_nothing_else_tells_it() {
        let asks = |variables: &[(&str, &str)]| {
            let terminal = read(variables);
            (terminal.asks, terminal.why.asks)
        };
        assert_eq!(asks(&[("TERM", "xterm-256color")]), (true, "doctor.why.nothing-else"));
        assert_eq!(asks(&[("TERM", "xterm"), ("COLORFGBG", "0;15")]), (false, "doctor.why.known"));
        assert_eq!(asks(&[("TERM", "tmux"), ("TMUX", "x")]), (false, "doctor.why.in-tmux"));
        assert_eq!(asks(&[("TERM", "screen"), ("STY", "x")]), (false, "doctor.why.in-screen"));
        assert_eq!(asks(&[("TERM", "linux")]), (false, "TERM"));
        let set = |toml: &str| Terminal::with(&|_| None, &toml::from_str(toml).unwrap());
        assert!(!set("ask_background = \"off\"").asks && set("ask_background = \"on\"").asks);
        assert!(!set("background = \"light\"").asks);
    }

    #[test]
    fn the_background_is_told_by_some() {
        assert_eq!(read(&[("COLORFGBG", "0;15")]).light, Some(true));
        assert_eq!(read(&[("COLORFGBG", "15;default;0")]).light, Some(false));
        assert_eq!(read(&[("COLORFGBG", "default")]).light, None);
    }

    /// Each row: a setting, the environment, what `lyceum doctor` would print of it.
    #[test]
    fn everything_can_be_set_by_hand_and_the_reason_says_so() {
        let near = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LANG", "en_US.UTF-8")];
        let with = |toml: &str, variables: &[(&str, &str)]| {
            let wanted: Wanted = toml::from_str(toml).unwrap();
            Terminal::with(
                &|name| variables.iter().find(|(known, _)| *known == name).map(|(_, v)| (*v).to_owned()),
                &wanted,
            )
        };
        let auto = with("", &near);
        assert_eq!((auto.clipboard, auto.hyperlinks, auto.keyboard), (Clipboard::Terminal, true, false));
        assert_eq!((auto.narrow_emoji, auto.frames, auto.why.colors), (false, true, "COLORTERM"));
        let set = with(
            "colors = \"16\"\nbackground = \"light\"\ncharacters = \"ascii\"\nssh = \"on\"\nmultiplexer = \"tmux\"\n\
             hyperlinks = \"on\"\nclipboard = \"off\"\nkeyboard = \"kitty\"\nemoji = \"narrow\"\nframes = \"off\"",
            &near,
        );
        assert_eq!((set.colors, set.light, set.utf8, set.ssh), (Colors::Sixteen, Some(true), false, true));
        assert_eq!((set.multiplexer, set.hyperlinks), (Some(Multiplexer::Tmux), true));
        assert_eq!(
            (set.clipboard, set.keyboard, set.narrow_emoji, set.frames),
            (Clipboard::Nothing, true, true, false)
        );
        let why = set.why;
        let all = [
            why.colors,
            why.ssh,
            why.multiplexer,
            why.utf8,
            why.light,
            why.clipboard,
            why.hyperlinks,
            why.keyboard,
            why.narrow_emoji,
            why.frames,
        ];
        assert!(all.iter().all(|why| *why == "doctor.why.set"), "{all:?}");
        assert_eq!(with("colors = \"true\"", &[("TERM", "xterm"), ("NO_COLOR", "1")]).colors, Colors::True);
        let far = with("", &[("TERM", "xterm"), ("SSH_CONNECTION", "1"), ("TMUX", "x")]);
        assert_eq!((far.clipboard, far.why.clipboard, far.hyperlinks), (Clipboard::Tmux, "doctor.why.over-ssh", false));
        assert_eq!(with("", &[("TERM", "linux")]).clipboard, Clipboard::Nothing);
        assert!(with("", &[("TERM", "xterm-kitty")]).keyboard);
        let bell = with("", &[("TERM", "xterm-kitty"), ("TMUX", "x")]);
        assert_eq!(bell.announcing(Notify::Auto), (Announces::Bell, "doctor.why.in-tmux"));
        assert_eq!(bell.announcing(Notify::Osc9), (Announces::Osc9, "doctor.why.set"));
    }
}
