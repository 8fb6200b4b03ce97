//! Keys by name, as keymaps and help write them: `g`, `G`, `ctrl-d`, `alt-left`, `enter`, `shift-tab`.

use std::fmt;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::config::closest;

/// A key with what is held down. A capital letter is the letter, not shift and a small one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd)]
pub struct Key {
    /// Which key.
    pub code: KeyCode,
    /// Control.
    pub ctrl: bool,
    /// Alt, or Escape before the key.
    pub alt: bool,
    /// Shift, on keys that are no characters.
    pub shift: bool,
}

const NAMES: [(&str, KeyCode); 15] = [
    ("enter", KeyCode::Enter),
    ("esc", KeyCode::Esc),
    ("tab", KeyCode::Tab),
    ("backspace", KeyCode::Backspace),
    ("delete", KeyCode::Delete),
    ("insert", KeyCode::Insert),
    ("up", KeyCode::Up),
    ("down", KeyCode::Down),
    ("left", KeyCode::Left),
    ("right", KeyCode::Right),
    ("home", KeyCode::Home),
    ("end", KeyCode::End),
    ("pageup", KeyCode::PageUp),
    ("pagedown", KeyCode::PageDown),
    ("space", KeyCode::Char(' ')),
];

impl Key {
    /// A key with nothing held down.
    pub const fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// The character typed, if it is one to type.
    pub fn typed(self) -> Option<char> {
        match self.code {
            KeyCode::Char(c) if !self.ctrl && !self.alt => Some(c),
            _ => None,
        }
    }

    /// The digit on it, whatever is held down.
    pub fn digit(self) -> Option<u32> {
        if let KeyCode::Char(c) = self.code { c.to_digit(10) } else { None }
    }

    /// Reads a key's name. None when there is no such key.
    pub fn parse(name: &str) -> Option<Self> {
        let mut key = Self::plain(KeyCode::Null);
        let mut rest = name;
        loop {
            let (held, after) = match rest.split_once('-') {
                Some((held, after)) if !after.is_empty() => (held, after),
                _ => break,
            };
            match held {
                "ctrl" => key.ctrl = true,
                "alt" => key.alt = true,
                "shift" => key.shift = true,
                _ => return None,
            }
            rest = after;
        }
        let mut chars = rest.chars();
        key.code = match (chars.next(), chars.next()) {
            (Some(c), None) if !c.is_control() => KeyCode::Char(c),
            _ => match rest.strip_prefix('f').and_then(|n| n.parse().ok()) {
                Some(n @ 1..=12) => KeyCode::F(n),
                _ => NAMES.iter().find(|(known, _)| *known == rest)?.1,
            },
        };
        Some(key)
    }
}

/// Other ways to write what is held down.
const HELD: [(&str, &str); 9] = [
    ("c", "ctrl"),
    ("control", "ctrl"),
    ("ctl", "ctrl"),
    ("m", "alt"),
    ("a", "alt"),
    ("meta", "alt"),
    ("option", "alt"),
    ("opt", "alt"),
    ("s", "shift"),
];

/// Other names of keys.
const OTHERS: [(&str, &str); 8] = [
    ("return", "enter"),
    ("cr", "enter"),
    ("ret", "enter"),
    ("del", "delete"),
    ("bs", "backspace"),
    ("spc", "space"),
    ("pgup", "pageup"),
    ("pgdn", "pagedown"),
];

impl Key {
    /// The name of a key that was probably meant by one that is none: `C-x`, `ctrl+x`, `<C-x>`, `ctrl-entr`.
    pub fn nearest(name: &str) -> Option<String> {
        let bare = name.trim_start_matches('<').trim_end_matches('>').replace('+', "-");
        let mut parts: Vec<&str> = bare.split('-').collect();
        let last = parts.pop()?;
        let known = |word: &str, others: &[(&str, &'static str)]| {
            others.iter().find(|(other, _)| *other == word).map(|(_, name)| (*name).to_owned())
        };
        let mut meant = String::new();
        for part in parts {
            let part = part.to_lowercase();
            let held = known(&part, &HELD).or_else(|| closest(&part, ["ctrl", "alt", "shift"].into_iter()))?;
            meant += &format!("{held}-");
        }
        let lower = last.to_lowercase();
        let names = NAMES.iter().map(|(name, _)| *name);
        let last = match Self::parse(last) {
            Some(_) => last.to_owned(),
            None => known(&lower, &OTHERS).or_else(|| closest(&lower, names))?,
        };
        meant += &last;
        (meant != name).then_some(meant).filter(|meant| Self::parse(meant).is_some())
    }
}

impl From<KeyEvent> for Key {
    fn from(event: KeyEvent) -> Self {
        let held = event.modifiers;
        let mut key = Self {
            code: event.code,
            ctrl: held.contains(KeyModifiers::CONTROL),
            alt: held.contains(KeyModifiers::ALT),
            shift: held.contains(KeyModifiers::SHIFT),
        };
        match key.code {
            KeyCode::BackTab => (key.code, key.shift) = (KeyCode::Tab, true),
            KeyCode::Char(_) => key.shift = false,
            _ => {}
        }
        key
    }
}

impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [(self.ctrl, "ctrl-"), (self.alt, "alt-"), (self.shift, "shift-")] {
            f.write_str(if held { name } else { "" })?;
        }
        match (NAMES.iter().find(|(_, code)| *code == self.code), self.code) {
            (Some((name, _)), _) => f.write_str(name),
            (None, KeyCode::Char(c)) => write!(f, "{c}"),
            (None, KeyCode::F(n)) => write!(f, "f{n}"),
            (None, _) => f.write_str("?"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_go_there_and_back() {
        for name in
            ["g", "G", "-", "<", "?", "ctrl-d", "ctrl-alt-x", "alt-left", "shift-tab", "space", "f5", "é", "ctrl--"]
        {
            assert_eq!(Key::parse(name).map(|k| k.to_string()).as_deref(), Some(name));
        }
        for bad in ["", "ctrl", "hyper-x", "f13", "ctrl-entr"] {
            assert_eq!(Key::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn other_ways_to_write_a_key_are_understood() {
        for (written, meant) in [
            ("C-x", "ctrl-x"),
            ("<C-x>", "ctrl-x"),
            ("ctrl+x", "ctrl-x"),
            ("M-return", "alt-enter"),
            ("cntrl-pgup", "ctrl-pageup"),
            ("escape", "esc"),
            ("Enter", "enter"),
        ] {
            assert_eq!(Key::nearest(written).as_deref(), Some(meant), "{written}");
        }
        for none in ["", "hyper-hyper", "f13", "zzzzzzzz"] {
            assert_eq!(Key::nearest(none), None, "{none}");
        }
    }

    #[test]
    fn terminals_report_the_same_key_in_several_ways() {
        let shifted = KeyEvent::new(KeyCode::Char('G'), KeyModifiers::SHIFT);
        assert_eq!(Key::from(shifted), Key::parse("G").unwrap());
        let back = KeyEvent::new(KeyCode::BackTab, KeyModifiers::NONE);
        assert_eq!(Key::from(back), Key::parse("shift-tab").unwrap());
    }
}
