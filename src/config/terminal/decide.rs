//! From what the environment says and a person wants to what is done, and why. Pure; nothing is asked of the terminal.

use super::super::environment::Variables;
use super::wanted::{self, Answer, Wanted};
use super::{Clipboard, Colors, Desktop, Multiplexer};

/// The reason for everything that was set by hand.
pub(super) const SET: &str = "doctor.why.set";

/// A value and the reason for it.
pub(super) type Found<T> = (T, &'static str);

/// Terminals of one colour; whoever claims `COLORTERM` in one has inherited it from elsewhere.
fn is_monochrome(term: &str) -> bool {
    ["vt1", "vt2", "vt3", "vt4", "vt5"].iter().any(|old| term.starts_with(old))
        || term.ends_with("-m")
        || term.ends_with("-mono")
}

/// Terminals that have a screen and nothing around it: no clipboard, no links.
fn is_bare(term: &str) -> bool {
    term == "linux" || is_monochrome(term)
}

pub(super) fn colors(
    term: &str,
    between: Option<Multiplexer>,
    wanted: wanted::Colors,
    variables: Variables<'_>,
) -> Found<Colors> {
    let by_term = if term.contains("256color")
        || term.ends_with("-direct")
        || ["xterm-kitty", "xterm-ghostty", "alacritty", "foot"].contains(&term)
    {
        Colors::Palette
    } else {
        Colors::Sixteen
    };
    let claims_all = variables("COLORTERM").is_some_and(|value| value == "truecolor" || value == "24bit");
    match wanted {
        // A setting is a person's own decision, which no-color.org puts above the variable.
        wanted::Colors::None => (Colors::None, SET),
        wanted::Colors::Sixteen => (Colors::Sixteen, SET),
        wanted::Colors::Palette => (Colors::Palette, SET),
        wanted::Colors::True => (Colors::True, SET),
        wanted::Colors::Auto if variables("NO_COLOR").is_some() => (Colors::None, "NO_COLOR"),
        wanted::Colors::Auto if term.is_empty() || term == "dumb" || is_monochrome(term) => (Colors::None, "TERM"),
        // GNU screen hands on no more than the palette, whatever the terminal around it claims.
        wanted::Colors::Auto if between == Some(Multiplexer::Screen) => (by_term, "doctor.why.in-screen"),
        wanted::Colors::Auto if claims_all => (Colors::True, "COLORTERM"),
        wanted::Colors::Auto if term.ends_with("-direct") => (Colors::True, "TERM"),
        wanted::Colors::Auto => (by_term, "TERM"),
    }
}

pub(super) fn ssh(wanted: Answer, variables: Variables<'_>) -> Found<bool> {
    match wanted {
        Answer::On => (true, SET),
        Answer::Off => (false, SET),
        Answer::Auto if variables("SSH_TTY").is_some() => (true, "SSH_TTY"),
        Answer::Auto if variables("SSH_CONNECTION").is_some() => (true, "SSH_CONNECTION"),
        Answer::Auto => (false, "doctor.why.no-ssh"),
    }
}

pub(super) fn multiplexer(wanted: wanted::Multiplexer, variables: Variables<'_>) -> Found<Option<Multiplexer>> {
    match wanted {
        wanted::Multiplexer::None => (None, SET),
        wanted::Multiplexer::Tmux => (Some(Multiplexer::Tmux), SET),
        wanted::Multiplexer::Screen => (Some(Multiplexer::Screen), SET),
        wanted::Multiplexer::Auto if variables("TMUX").is_some() => (Some(Multiplexer::Tmux), "TMUX"),
        wanted::Multiplexer::Auto if variables("STY").is_some() => (Some(Multiplexer::Screen), "STY"),
        wanted::Multiplexer::Auto => (None, "doctor.why.no-multiplexer"),
    }
}

/// The characters of a locale follow a dot in its name. They are those of `LC_CTYPE`, not of messages.
pub(super) fn utf8(wanted: wanted::Characters, variables: Variables<'_>) -> Found<bool> {
    let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(|name| Some((variables(name)?, name)));
    let (name, from) = set.unwrap_or((String::new(), "doctor.why.no-locale"));
    let charset = name.split_once('.').map_or("", |(_, rest)| rest).split('@').next().unwrap_or_default();
    match wanted {
        wanted::Characters::Utf8 => (true, SET),
        wanted::Characters::Ascii => (false, SET),
        wanted::Characters::Auto => {
            (charset.eq_ignore_ascii_case("utf-8") || charset.eq_ignore_ascii_case("utf8"), from)
        }
    }
}

/// `COLORFGBG` is foreground;background, or with something in between; 7 and 15 are the light ones.
pub(super) fn light(wanted: wanted::Background, variables: Variables<'_>) -> Found<Option<bool>> {
    let told = || -> Option<bool> {
        let background: u8 = variables("COLORFGBG")?.rsplit(';').next()?.parse().ok()?;
        Some(background == 7 || background == 15)
    };
    match (wanted, told()) {
        (wanted::Background::Dark, _) => (Some(false), SET),
        (wanted::Background::Light, _) => (Some(true), SET),
        (wanted::Background::Auto, Some(light)) => (Some(light), "COLORFGBG"),
        (wanted::Background::Auto, None) => (None, "doctor.why.no-background"),
    }
}

/// Whether the terminal is asked for its background: where nothing else tells, and the question reaches the terminal whose
/// background it is.
pub(super) fn asks(term: &str, between: Option<Multiplexer>, light: Option<bool>, wanted: Answer) -> Found<bool> {
    match (wanted, light, between) {
        (Answer::On, ..) => (true, SET),
        (Answer::Off, ..) => (false, SET),
        (Answer::Auto, Some(_), _) => (false, "doctor.why.known"),
        (Answer::Auto, None, Some(Multiplexer::Tmux)) => (false, "doctor.why.in-tmux"),
        (Answer::Auto, None, Some(Multiplexer::Screen)) => (false, "doctor.why.in-screen"),
        (Answer::Auto, None, None) if is_bare(term) => (false, "TERM"),
        (Answer::Auto, None, None) => (true, "doctor.why.nothing-else"),
    }
}

/// The desktop of this machine, by what the environment says of it.
fn desktop(variables: Variables<'_>) -> Option<Desktop> {
    match () {
        () if cfg!(target_os = "macos") => Some(Desktop::MacOs),
        () if variables("WAYLAND_DISPLAY").is_some() => Some(Desktop::Wayland),
        () if variables("DISPLAY").is_some() => Some(Desktop::X11),
        () => None,
    }
}

pub(super) fn clipboard(
    term: &str,
    program: &str,
    ssh: bool,
    between: Option<Multiplexer>,
    wanted: wanted::Clipboard,
    variables: Variables<'_>,
) -> Found<Clipboard> {
    // Over SSH, and in what one may come to from afar, a tool would fill a clipboard that nobody sits at.
    let tool = || desktop(variables).filter(|_| !ssh).map(Clipboard::Tool);
    let near = |is_so: bool| if is_so && between.is_none() { tool() } else { None };
    let by_vte = near(variables("VTE_VERSION").is_some());
    let by_apple = near(program.starts_with("Apple_Terminal"));
    let through = match between {
        None => Clipboard::Terminal,
        Some(Multiplexer::Tmux) => Clipboard::Tmux,
        Some(Multiplexer::Screen) => Clipboard::Screen,
    };
    match wanted {
        wanted::Clipboard::Off => (Clipboard::Nothing, SET),
        wanted::Clipboard::Osc52 => (through, SET),
        wanted::Clipboard::Tool if !ssh => (tool().unwrap_or(Clipboard::Nothing), SET),
        wanted::Clipboard::Auto if between.is_none() && is_bare(term) => (Clipboard::Nothing, "TERM"),
        _ if ssh => (through, "doctor.why.over-ssh"),
        wanted::Clipboard::Auto if by_vte.is_some() => (by_vte.unwrap_or(through), "doctor.why.vte"),
        wanted::Clipboard::Auto if by_apple.is_some() => (by_apple.unwrap_or(through), "doctor.why.apple"),
        _ => (through, "doctor.why.near-and-far"),
    }
}

pub(super) fn hyperlinks(term: &str, between: Option<Multiplexer>, wanted: Answer) -> Found<bool> {
    match (wanted, between) {
        (Answer::On, _) => (true, SET),
        (Answer::Off, _) => (false, SET),
        (Answer::Auto, Some(Multiplexer::Tmux)) => (false, "doctor.why.tmux-keeps"),
        (Answer::Auto, Some(Multiplexer::Screen)) => (false, "doctor.why.in-screen"),
        (Answer::Auto, None) if is_bare(term) => (false, "TERM"),
        (Answer::Auto, None) => (true, "doctor.why.harmless-links"),
    }
}

pub(super) fn keyboard(
    term: &str,
    program: &str,
    between: Option<Multiplexer>,
    wanted: wanted::Keyboard,
) -> Found<bool> {
    let knows = ["kitty", "ghostty", "foot"].iter().any(|name| term.contains(name) || program.starts_with(name));
    match wanted {
        wanted::Keyboard::Kitty => (true, SET),
        wanted::Keyboard::Plain => (false, SET),
        wanted::Keyboard::Auto if between == Some(Multiplexer::Tmux) => (false, "doctor.why.in-tmux"),
        wanted::Keyboard::Auto if between == Some(Multiplexer::Screen) => (false, "doctor.why.in-screen"),
        wanted::Keyboard::Auto if knows => (true, "TERM"),
        wanted::Keyboard::Auto => (false, "doctor.why.not-known"),
    }
}

pub(super) fn frames(wanted: &Wanted) -> Found<bool> {
    match wanted.frames {
        Answer::On => (true, SET),
        Answer::Off => (false, SET),
        Answer::Auto => (true, "doctor.why.harmless-marks"),
    }
}

pub(super) fn narrow_emoji(wanted: wanted::Emoji) -> Found<bool> {
    match wanted {
        wanted::Emoji::Wide => (false, "doctor.why.unicode"),
        wanted::Emoji::Narrow => (true, SET),
    }
}
