//! What is switched on in the terminal, each with what switches it off again: the one list for the start and for the end.

/// A way the terminal can be switched into, and back.
pub(super) struct Mode {
    pub(super) on: &'static str,
    pub(super) off: &'static str,
}

const ALTERNATE: Mode = Mode { on: "\x1b[?1049h", off: "\x1b[?1049l" };
pub(super) const TITLE: Mode = Mode { on: "\x1b[22;0t\x1b]0;Lyceum\x1b\\", off: "\x1b[23;0t" };
const PASTE: Mode = Mode { on: "\x1b[?2004h", off: "\x1b[?2004l" };
const FOCUS: Mode = Mode { on: "\x1b[?1004h", off: "\x1b[?1004l" };
// Presses, the wheel and what is dragged, in SGR form; no reports of mere movement.
pub(super) const MOUSE: Mode = Mode { on: "\x1b[?1002h\x1b[?1006h", off: "\x1b[?1006l\x1b[?1002l" };
/// Keys that were one are told apart (kitty's protocol). A stack of its own for either screen: pushed after the alternate
/// screen, popped before it is left.
const KEYBOARD: Mode = Mode { on: "\x1b[>1u", off: "\x1b[<u" };
/// The terminal says when its colours become light or dark (contour, kitty, foot, VTE, Ghostty); others ignore it.
const SCHEME: Mode = Mode { on: "\x1b[?2031h", off: "\x1b[?2031l" };
const CURSOR: Mode = Mode { on: "\x1b[?25l", off: "\x1b[0m\x1b[?25h" };
/// A frame between these is shown at once, where the terminal knows them.
const FRAME: Mode = Mode { on: "\x1b[?2026h", off: "\x1b[?2026l" };
/// Asks for the background (OSC 11), and then what the terminal is (DA1), which all answer: once that has come, nothing else
/// will.
pub(super) const QUESTION: &str = "\x1b]11;?\x1b\\\x1b[c";
/// Ends a sequence that was cut off in the middle: CAN.
const CANCEL: &str = "\x18";

/// What is switched on.
#[derive(Clone, Copy, Debug)]
pub struct Modes {
    /// The alternate screen; without it the pictures stay in the scrollback.
    pub alternate_screen: bool,
    /// The mouse.
    pub mouse: bool,
    /// Kitty's keyboard protocol.
    pub keyboard: bool,
    /// Marks around frames, so that each is shown at once.
    pub frames: bool,
    /// That the terminal tells of its background.
    pub scheme: bool,
}

impl Modes {
    /// In the order in which they are switched on. The alternate screen comes first, so that nothing follows its end.
    fn list(self) -> Vec<Mode> {
        let mut modes = Vec::new();
        modes.extend(self.alternate_screen.then_some(ALTERNATE));
        modes.extend([TITLE, PASTE, FOCUS]);
        modes.extend(self.mouse.then_some(MOUSE));
        modes.extend(self.keyboard.then_some(KEYBOARD));
        modes.extend(self.scheme.then_some(SCHEME));
        modes.push(CURSOR);
        modes
    }

    /// Switches everything on.
    pub(super) fn on(self) -> String {
        self.list().iter().map(|mode| mode.on).chain([self.clear()]).collect()
    }

    /// Switches everything on that somebody else may have switched off meanwhile. What
    /// lies on a stack is put there once only: put there twice it comes back half.
    #[cfg(unix)]
    pub(super) fn on_again(self) -> String {
        let modes = self.list();
        modes
            .iter()
            .map(|mode| mode.on)
            .filter(|on| ![TITLE.on, KEYBOARD.on].contains(on))
            .chain([self.clear()])
            .collect()
    }

    /// Switches everything off, in reverse; first of all what was cut off in the middle.
    pub(super) fn off(self, is_cut: bool) -> String {
        let mut off = String::new();
        if is_cut {
            off.extend([CANCEL, self.frame().off]);
        }
        off.extend(self.list().iter().rev().map(|mode| mode.off));
        off.push_str(if self.alternate_screen { "" } else { "\r\n" });
        off
    }

    /// What stands around a frame.
    pub(super) fn frame(self) -> Mode {
        if self.frames { FRAME } else { Mode { on: "", off: "" } }
    }

    /// The other screen is empty when it is entered.
    fn clear(self) -> &'static str {
        if self.alternate_screen { "" } else { "\x1b[2J" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The private modes in a text that end with a letter, in order.
    fn numbers(text: &str, end: char) -> Vec<String> {
        let parts = text.split("\x1b[?").skip(1);
        parts
            .filter_map(|part| part.split_once(|c: char| !c.is_ascii_digit()).map(|(n, _)| (n, &part[n.len()..])))
            .filter(|(_, rest)| rest.starts_with(end))
            .map(|(n, _)| n.to_owned())
            .collect()
    }

    #[test]
    fn what_is_switched_on_is_switched_off_in_reverse() {
        for (alternate_screen, mouse) in [(true, true), (true, false), (false, true), (false, false)] {
            let modes = Modes { alternate_screen, mouse, keyboard: mouse, frames: true, scheme: mouse };
            assert_eq!(modes.on().matches(KEYBOARD.on).count(), modes.off(false).matches(KEYBOARD.off).count());
            // The cursor is hidden by what shows it again.
            let on: Vec<_> = numbers(&modes.on(), 'h').into_iter().chain(numbers(&modes.on(), 'l')).collect();
            let mut off = numbers(&modes.off(false), 'l');
            off.splice(0..0, numbers(&modes.off(false), 'h'));
            off.reverse();
            assert_eq!(on, off);
            assert_eq!(modes.on().matches("\x1b[22;0t").count(), modes.off(true).matches("\x1b[23;0t").count());
        }
        assert_eq!(numbers(FRAME.on, 'h'), numbers(FRAME.off, 'l'));
    }

    #[test]
    fn nothing_follows_the_end_of_the_other_screen() {
        let modes = Modes { alternate_screen: true, mouse: true, keyboard: true, frames: true, scheme: true };
        assert!(modes.off(true).ends_with(ALTERNATE.off));
    }

    #[test]
    #[cfg(unix)]
    fn what_lies_on_a_stack_is_put_there_once() {
        let modes = Modes { alternate_screen: true, mouse: true, keyboard: true, frames: true, scheme: true };
        let again = modes.on_again();
        assert!(
            !again.contains("\x1b[22") && !again.contains(KEYBOARD.on) && again.contains(ALTERNATE.on),
            "{again:?}"
        );
    }
}
