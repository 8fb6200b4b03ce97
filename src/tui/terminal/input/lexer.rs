//! Bytes into keys, pastes and replies. Knows no terminal and no clock: bytes come in with the instant at which they were
//! read, and [`Lexer::deadline`] says when to look again.
//!
//! What a terminal sends is not trusted to end. A lone escape is a key after a moment; a paste without an end is
//! delivered after two seconds; a reply without one is forgotten. Replies are never keys, whoever asked and whenever they
//! come; those about the background are understood ([`super::reply`]).

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use crossterm::event::{Event as Typed, KeyCode, KeyEvent, KeyModifiers};

use super::reply::{self, Reply};
use super::sequence;

const ESC: u8 = 0x1b;
const BELL: u8 = 0x07;
/// CAN and SUB break a sequence off.
const BREAKS: [u8; 2] = [0x18, 0x1a];
/// After an escape these begin a sequence: CSI, SS3, and the strings OSC, DCS, SOS, PM, APC.
const INTRODUCERS: &[u8] = b"[O]PX^_";

/// After this an escape is the key.
const LONE_ESCAPE: Duration = Duration::from_millis(30);
/// After this an escape is the key when one key follows it: nobody holds alt for so long before it.
const APART: Duration = Duration::from_millis(5);
/// After this the first character of a sequence is a key with alt held.
const LONE_ALT: Duration = Duration::from_millis(100);
/// After this without a byte a sequence or a reply is given up.
const BROKEN_OFF: Duration = Duration::from_millis(500);
/// After this a reply is given up in any case.
const LONGEST_REPLY: Duration = Duration::from_secs(2);
/// After this without a byte a paste is taken as it is.
const UNENDED_PASTE: Duration = Duration::from_secs(2);
/// What a paste brings at least in that time; with less, somebody is typing into a paste that will not end.
const LEAST_PASTED: usize = 64;
/// After this without a byte a paste without brackets is over.
const BURST_PAUSE: Duration = Duration::from_millis(30);
/// As much of a paste is delivered as one piece, in bytes.
const MOST_PASTED: usize = 1 << 20;
/// A longer sequence is none of those that mean something.
const LONGEST_SEQUENCE: usize = 64;
/// Text that arrives at one time was pasted when it is this long, or this long and of several lines, and made of so many
/// characters: a key that is held down while the line stalls arrives at one time, too.
const BURST: usize = 128;
const BURST_OF_LINES: usize = 24;
const BURST_CHARACTERS: usize = 8;

const PASTE_START: &[u8] = b"\x1b[200~";
const PASTE_END: &[u8] = b"\x1b[201~";

enum State {
    Ground,
    /// The bytes of a sequence from its escape on.
    Sequence(Vec<u8>, Instant),
    /// Within the string of a reply: what introduced it and its beginning, since when, the last byte's instant, and
    /// whether that was an escape.
    Reply {
        text: Vec<u8>,
        since: Instant,
        last: Instant,
        is_ending: bool,
    },
    Paste(Paste),
    /// A paste without brackets, and its last byte's instant.
    Burst(Vec<u8>, Instant),
}

struct Paste {
    text: Vec<u8>,
    last: Instant,
    /// The end of the time in which [`LEAST_PASTED`] bytes must come, and how many have.
    until: Instant,
    count: usize,
}

/// The reader's state.
pub(super) struct Lexer {
    state: State,
    /// The beginning of a character.
    character: Vec<u8>,
    /// Whether the next character has alt held.
    is_alt: bool,
    typed: Vec<Typed>,
    replies: Vec<Reply>,
}

impl Default for Lexer {
    fn default() -> Self {
        Self { state: State::Ground, character: Vec::new(), is_alt: false, typed: Vec::new(), replies: Vec::new() }
    }
}

impl Lexer {
    /// Takes in bytes that were read at once.
    pub(super) fn feed(&mut self, bytes: &[u8], now: Instant) {
        self.part_from_escape(bytes, now);
        let mut rest = bytes;
        while let Some((&byte, after)) = rest.split_first() {
            let run = match self.state {
                State::Ground | State::Burst(..) => rest.iter().take_while(|b| is_text(**b)).count(),
                _ => 0,
            };
            let is_pasted = run > 0 && (matches!(self.state, State::Burst(..)) || is_burst(&rest[..run]));
            if is_pasted {
                self.burst(&rest[..run], now);
                rest = &rest[run..];
                continue;
            }
            if run > 0 {
                rest[..run].iter().for_each(|b| self.key(*b));
                rest = &rest[run..];
                continue;
            }
            self.byte(byte, now);
            rest = after;
        }
    }

    /// An escape that was read before is the key, unless what is read now goes on with its sequence.
    fn part_from_escape(&mut self, bytes: &[u8], now: Instant) {
        let goes_on = bytes.len() > 1 && INTRODUCERS.contains(&bytes[0]);
        match &self.state {
            State::Sequence(begun, last) if begun.len() == 1 && now > *last + APART && !goes_on => {
                self.state = State::Ground;
                self.give_up(&[ESC]);
            }
            _ => {}
        }
    }

    /// When to look again although nothing was typed.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match &self.state {
            State::Ground => None,
            State::Sequence(bytes, last) => Some(*last + patience(bytes)),
            State::Reply { since, last, .. } => Some((*last + BROKEN_OFF).min(*since + LONGEST_REPLY)),
            State::Paste(paste) => Some((paste.last + UNENDED_PASTE).min(paste.until)),
            State::Burst(_, last) => Some(*last + BURST_PAUSE),
        }
    }

    /// Gives up waiting for what should have come by now.
    pub(super) fn expire(&mut self, now: Instant) {
        if self.deadline().is_none_or(|at| at > now) {
            return;
        }
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Sequence(bytes, _) => self.give_up(&bytes),
            State::Paste(mut paste) => {
                if paste.count >= LEAST_PASTED && paste.last + UNENDED_PASTE > now {
                    (paste.until, paste.count) = (now + UNENDED_PASTE, 0);
                    self.state = State::Paste(paste);
                } else {
                    self.pasted(&paste.text);
                }
            }
            State::Burst(text, _) => self.pasted(&text),
            State::Ground | State::Reply { .. } => {}
        }
    }

    /// What came of it since the last time.
    pub(super) fn take(&mut self) -> Vec<Typed> {
        std::mem::take(&mut self.typed)
    }

    /// What the terminal said of itself since the last time.
    pub(super) fn take_replies(&mut self) -> Vec<Reply> {
        std::mem::take(&mut self.replies)
    }

    fn byte(&mut self, byte: u8, now: Instant) {
        match std::mem::replace(&mut self.state, State::Ground) {
            State::Ground if byte == ESC => self.state = State::Sequence(vec![ESC], now),
            State::Ground => self.key(byte),
            State::Sequence(bytes, _) => self.go_on(bytes, byte, now),
            State::Reply { mut text, since, is_ending, .. } => match byte {
                BELL => self.replies.extend(reply::of_string(&text)),
                b'\\' if is_ending => self.replies.extend(reply::of_string(&text)),
                _ if BREAKS.contains(&byte) => {}
                // An escape that does not end the string breaks it off.
                _ if is_ending => self.go_on(vec![ESC], byte, now),
                _ => {
                    if text.len() < LONGEST_SEQUENCE && byte != ESC {
                        text.push(byte);
                    }
                    self.state = State::Reply { text, since, last: now, is_ending: byte == ESC };
                }
            },
            State::Paste(paste) => self.paste(paste, byte, now),
            State::Burst(text, _) => {
                self.pasted(&text);
                self.byte(byte, now);
            }
        }
    }

    /// One more byte of a sequence.
    fn go_on(&mut self, mut bytes: Vec<u8>, byte: u8, now: Instant) {
        let is_first = bytes.len() == 1;
        match byte {
            ESC => {
                if is_first {
                    self.give_up(&bytes);
                }
                self.state = State::Sequence(vec![ESC], now);
            }
            _ if BREAKS.contains(&byte) && !is_first => {}
            _ if is_first && INTRODUCERS.contains(&byte) => {
                bytes.push(byte);
                self.state = State::Sequence(bytes, now);
            }
            _ if is_first => {
                self.drop_character();
                self.is_alt = true;
                self.key(byte);
                self.is_alt &= !self.character.is_empty();
            }
            _ => match bytes[1] {
                b'[' => self.control(bytes, byte, now),
                b'O' => self.typed.extend(sequence::single(byte)),
                _ => {
                    self.state = State::Reply { text: vec![bytes[1]], since: now, last: now, is_ending: false };
                    self.byte(byte, now);
                }
            },
        }
    }

    /// One more byte of a control sequence.
    fn control(&mut self, mut bytes: Vec<u8>, byte: u8, now: Instant) {
        let is_end = (0x40..0x7f).contains(&byte);
        let is_counted = sequence::length(&bytes).is_some();
        if !is_counted && !is_end && !(0x20..0x40).contains(&byte) {
            // Nothing of the kind: broken off, and a byte of its own.
            return self.byte(byte, now);
        }
        if bytes.len() < LONGEST_SEQUENCE {
            bytes.push(byte);
        }
        let is_whole = sequence::length(&bytes).map_or(is_end, |length| bytes.len() >= length);
        self.state = if !is_whole {
            State::Sequence(bytes, now)
        } else if bytes == PASTE_START {
            State::Paste(Paste { text: Vec::new(), last: now, until: now + UNENDED_PASTE, count: 0 })
        } else {
            self.typed.extend(sequence::read(&bytes));
            self.replies.extend(reply::of_sequence(&bytes));
            State::Ground
        };
    }

    fn paste(&mut self, mut paste: Paste, byte: u8, now: Instant) {
        paste.text.push(byte);
        (paste.last, paste.count) = (now, paste.count + 1);
        if byte == b'~' && paste.text.ends_with(PASTE_END) {
            paste.text.truncate(paste.text.len() - PASTE_END.len());
            return self.pasted(&paste.text);
        }
        if paste.text.len() >= MOST_PASTED {
            self.pasted(&std::mem::take(&mut paste.text));
        }
        self.state = State::Paste(paste);
    }

    fn burst(&mut self, text: &[u8], now: Instant) {
        let mut whole = match std::mem::replace(&mut self.state, State::Ground) {
            State::Burst(whole, _) => whole,
            _ => Vec::new(),
        };
        whole.extend_from_slice(text);
        if whole.len() >= MOST_PASTED {
            self.pasted(&std::mem::take(&mut whole));
        }
        self.state = State::Burst(whole, now);
    }

    fn pasted(&mut self, text: &[u8]) {
        if !text.is_empty() {
            self.typed.push(Typed::Paste(String::from_utf8_lossy(text).into_owned()));
        }
    }

    /// What a sequence is that did not go on.
    fn give_up(&mut self, bytes: &[u8]) {
        match bytes {
            [ESC] => self.push(KeyCode::Esc, KeyModifiers::NONE),
            [ESC, introducer] => self.push(KeyCode::Char(char::from(*introducer)), KeyModifiers::ALT),
            _ => {}
        }
    }

    /// A byte that is a key, or a part of one.
    fn key(&mut self, byte: u8) {
        if byte < 0x80 && !self.character.is_empty() {
            self.drop_character();
        }
        match byte {
            b'\r' => self.push(KeyCode::Enter, KeyModifiers::NONE),
            b'\t' => self.push(KeyCode::Tab, KeyModifiers::NONE),
            0x7f => self.push(KeyCode::Backspace, KeyModifiers::NONE),
            0 => self.push(KeyCode::Char(' '), KeyModifiers::CONTROL),
            0x01..=0x1a => self.push(KeyCode::Char(char::from(byte - 1 + b'a')), KeyModifiers::CONTROL),
            0x1b..=0x1f => self.push(KeyCode::Char(char::from(byte - 0x1c + b'4')), KeyModifiers::CONTROL),
            0x20..=0x7e => self.character(char::from(byte)),
            _ => self.part(byte),
        }
    }

    /// A byte of a character of several. What is no character is dropped.
    fn part(&mut self, byte: u8) {
        self.character.push(byte);
        match std::str::from_utf8(&self.character) {
            Ok(text) => {
                let c = text.chars().next();
                self.character.clear();
                c.into_iter().filter(|c| !c.is_control()).for_each(|c| self.character(c));
            }
            Err(error) if error.error_len().is_some() => {
                let is_new = self.character.len() > 1;
                self.drop_character();
                if is_new {
                    self.part(byte);
                }
            }
            Err(_) => {}
        }
    }

    /// Forgets the beginning of a character that does not go on.
    fn drop_character(&mut self) {
        self.character.clear();
        self.is_alt = false;
    }

    fn character(&mut self, c: char) {
        let held = if c.is_uppercase() { KeyModifiers::SHIFT } else { KeyModifiers::NONE };
        self.push(KeyCode::Char(c), held);
    }

    fn push(&mut self, code: KeyCode, held: KeyModifiers) {
        let alt = if std::mem::take(&mut self.is_alt) { KeyModifiers::ALT } else { KeyModifiers::NONE };
        self.typed.push(Typed::Key(KeyEvent::new(code, held | alt)));
    }
}

/// How long a sequence is waited for.
fn patience(bytes: &[u8]) -> Duration {
    match bytes.len() {
        1 => LONE_ESCAPE,
        2 => LONE_ALT,
        _ => BROKEN_OFF,
    }
}

fn is_text(byte: u8) -> bool {
    byte >= 0x20 && byte != 0x7f || matches!(byte, b'\t' | b'\r' | b'\n')
}

/// Whether text that arrived at one time was pasted rather than typed. Keyboards send no line feed beside other keys, and
/// nobody types several lines at once. What is no text was not pasted.
fn is_burst(bytes: &[u8]) -> bool {
    // The last character may still be on its way.
    let is_readable = std::str::from_utf8(bytes).err().is_none_or(|error| error.error_len().is_none());
    let ends = bytes.iter().filter(|byte| matches!(byte, b'\r' | b'\n')).count();
    let has_feeds = bytes.contains(&b'\n') && bytes.len() > ends;
    let is_long = bytes.len() >= BURST || (bytes.len() >= BURST_OF_LINES && ends >= 2);
    is_readable && (has_feeds || is_long && bytes.iter().collect::<BTreeSet<_>>().len() >= BURST_CHARACTERS)
}

#[cfg(test)]
mod tests;
