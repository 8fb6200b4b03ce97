//! What one control sequence means, from its escape to its last byte: a key, the mouse, the focus. All others, replies
//! among them, are nothing.

use crossterm::event::{Event as Typed, KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// Numbers of the keys that end in `~`.
const NUMBERED: [(u32, KeyCode); 20] = [
    (1, KeyCode::Home),
    (2, KeyCode::Insert),
    (3, KeyCode::Delete),
    (4, KeyCode::End),
    (5, KeyCode::PageUp),
    (6, KeyCode::PageDown),
    (7, KeyCode::Home),
    (8, KeyCode::End),
    (11, KeyCode::F(1)),
    (12, KeyCode::F(2)),
    (13, KeyCode::F(3)),
    (14, KeyCode::F(4)),
    (15, KeyCode::F(5)),
    (17, KeyCode::F(6)),
    (18, KeyCode::F(7)),
    (19, KeyCode::F(8)),
    (20, KeyCode::F(9)),
    (21, KeyCode::F(10)),
    (23, KeyCode::F(11)),
    (24, KeyCode::F(12)),
];

/// What the number pad's keys are without the lock, in the order of their numbers.
const PAD: [KeyCode; 10] = [
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::Insert,
    KeyCode::Delete,
];

/// How long a sequence is that begins so and has no last byte of its own: a function key of the Linux console
/// (`ESC [ [ A`), a mouse in the oldest form (`ESC [ M` and three bytes).
pub(super) fn length(bytes: &[u8]) -> Option<usize> {
    match bytes.get(2) {
        Some(b'[') => Some(4),
        Some(b'M') => Some(6),
        _ => None,
    }
}

/// The key of `ESC O` and this byte.
pub(super) fn single(byte: u8) -> Option<Typed> {
    let code = match byte {
        b'M' => KeyCode::Enter,
        b'R' => KeyCode::F(3),
        _ => lettered(byte)?,
    };
    Some(key(code, KeyModifiers::NONE))
}

/// The meaning of a whole sequence.
pub(super) fn read(bytes: &[u8]) -> Option<Typed> {
    let (&last, inner) = bytes.get(2..)?.split_last()?;
    match (inner, last) {
        ([b'['], b'A'..=b'E') => return Some(key(KeyCode::F(1 + last - b'A'), KeyModifiers::NONE)),
        ([b'M', button, column], line) => return old_mouse(*button, *column, line),
        ([], b'I') => return Some(Typed::FocusGained),
        ([], b'O') => return Some(Typed::FocusLost),
        ([], b'Z') => return Some(key(KeyCode::BackTab, KeyModifiers::SHIFT)),
        _ => {}
    }
    if let (Some(numbers), b'M' | b'm') = (inner.strip_prefix(b"<"), last) {
        let [button, column, line] = three(&numbers_in(numbers)?)?;
        return mouse(u8::try_from(button).ok()?, (column, line), last == b'm');
    }
    let parts = numbers_in(inner)?;
    let at = |index: usize| parts.get(index).copied().unwrap_or((1, 0));
    // Held keys, and after a colon what the key did: 3 is being let go.
    let (mask, deed) = at(1);
    let held = modifiers(mask)?;
    if deed == 3 {
        return None;
    }
    let code = match last {
        b'~' if at(0).0 == 27 => character(at(2).0)?,
        b'~' => NUMBERED.iter().find(|(number, _)| *number == at(0).0)?.1,
        b'u' => character(at(0).0)?,
        _ if at(0).0 == 1 && parts.len() <= 2 => lettered(last)?,
        _ => return None,
    };
    let code = if code == KeyCode::Tab && held.contains(KeyModifiers::SHIFT) { KeyCode::BackTab } else { code };
    Some(key(code, held))
}

/// Keys that end in a letter. F3 would be the place of the cursor, `R`, which is a reply.
fn lettered(byte: u8) -> Option<KeyCode> {
    Some(match byte {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        b'P' => KeyCode::F(1),
        b'Q' => KeyCode::F(2),
        b'S' => KeyCode::F(4),
        b'Z' => KeyCode::BackTab,
        _ => return None,
    })
}

/// A key that is told by its character.
fn character(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        127 => KeyCode::Backspace,
        // The keys of the number pad, which kitty's protocol tells apart.
        57_399..=57_408 => KeyCode::Char(char::from_digit(number - 57_399, 10)?),
        57_409..=57_413 => KeyCode::Char(['.', '/', '*', '-', '+'][number as usize - 57_409]),
        57_414 => KeyCode::Enter,
        57_415 => KeyCode::Char('='),
        57_416 => KeyCode::Char(','),
        57_417..=57_426 => PAD[number as usize - 57_417],
        // The private area stands for keys that are no characters.
        0xE000..=0xF8FF => return None,
        _ => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}

fn key(code: KeyCode, held: KeyModifiers) -> Typed {
    Typed::Key(KeyEvent::new(code, held))
}

/// What is held: one more than the sum of 1 shift, 2 alt, 4 control, and others that mean nothing here.
fn modifiers(mask: u32) -> Option<KeyModifiers> {
    let mask = mask.saturating_sub(1);
    let held = [(1, KeyModifiers::SHIFT), (2, KeyModifiers::ALT), (4, KeyModifiers::CONTROL)];
    (mask < 256).then(|| held.into_iter().filter(|(bit, _)| mask & bit != 0).map(|(_, held)| held).collect())
}

/// Numbers between semicolons, each with one after a colon; one that is left out is 1. None for anything else.
fn numbers_in(bytes: &[u8]) -> Option<Vec<(u32, u32)>> {
    let text = std::str::from_utf8(bytes).ok()?;
    if text.is_empty() {
        return Some(Vec::new());
    }
    let number = |text: &str, missing| if text.is_empty() { Some(missing) } else { text.parse().ok() };
    let part = |part: &str| {
        let mut numbers = part.split(':');
        Some((number(numbers.next()?, 1)?, number(numbers.next().unwrap_or_default(), 0)?))
    };
    let is_plain = text.bytes().all(|b| b.is_ascii_digit() || matches!(b, b';' | b':'));
    if is_plain { text.split(';').map(part).collect() } else { None }
}

fn three(parts: &[(u32, u32)]) -> Option<[u32; 3]> {
    match parts {
        [a, b, c] => Some([a.0, b.0, c.0]),
        _ => None,
    }
}

fn old_mouse(button: u8, column: u8, line: u8) -> Option<Typed> {
    let plain = |byte: u8| u32::from(byte.saturating_sub(32));
    mouse(button.checked_sub(32)?, (plain(column), plain(line)), false)
}

fn mouse(button: u8, (column, line): (u32, u32), is_up: bool) -> Option<Typed> {
    let is_moving = button & 0b10_0000 != 0;
    let number = button & 0b11 | (button & 0b1100_0000) >> 4;
    let button_of = |n| match n {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let kind = match (number, is_moving) {
        (0..=2, false) if is_up => MouseEventKind::Up(button_of(number)),
        (0..=2, false) => MouseEventKind::Down(button_of(number)),
        (0..=2, true) => MouseEventKind::Drag(button_of(number)),
        (3, false) => MouseEventKind::Up(MouseButton::Left),
        (3..=5, true) => MouseEventKind::Moved,
        (4, false) => MouseEventKind::ScrollUp,
        (5, false) => MouseEventKind::ScrollDown,
        (6, false) => MouseEventKind::ScrollLeft,
        (7, false) => MouseEventKind::ScrollRight,
        _ => return None,
    };
    let held = [(4, KeyModifiers::SHIFT), (8, KeyModifiers::ALT), (16, KeyModifiers::CONTROL)];
    let modifiers = held.into_iter().filter(|(bit, _)| button & bit != 0).map(|(_, held)| held).collect();
    let place = |n: u32| u16::try_from(n.saturating_sub(1)).unwrap_or(u16::MAX);
    Some(Typed::Mouse(MouseEvent { kind, column: place(column), row: place(line), modifiers }))
}
