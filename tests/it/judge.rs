//! Judges what a terminal was sent: every sequence must be one of our own, every character one that can be seen. What is
//! not on the list is a leak, whatever it would do.

use lyceum::base::text::Clean;
use lyceum::base::text::link::Link;
use unicode_segmentation::UnicodeSegmentation;
use vte::{Params, Parser, Perform};

/// What else is ours in one place and nowhere else.
#[derive(Clone, Copy, Default)]
pub(crate) struct Allow {
    /// Line ends, also while the screen is ours. They are always while it is not.
    pub(crate) lines: bool,
    /// OSC 52 and its wrappings.
    pub(crate) clipboard: bool,
    /// OSC 9, 777 and 99 and the bell.
    pub(crate) notices: bool,
}

/// What was found.
#[derive(Default)]
pub(crate) struct Verdict {
    /// What is not ours.
    pub(crate) leaks: Vec<String>,
    /// What was printed; a line end where the cursor went elsewhere.
    pub(crate) printed: String,
    /// Styles, as they were set.
    pub(crate) styles: Vec<Vec<u16>>,
    /// What was put on the clipboard.
    pub(crate) copied: Vec<String>,
    /// What was announced.
    pub(crate) announced: Vec<String>,
    /// Titles.
    pub(crate) titles: Vec<String>,
    /// Addresses of links.
    pub(crate) links: Vec<String>,
}

impl Verdict {
    /// The strings of `bad` that were printed. Controls are judged as what they are.
    pub(crate) fn printed_of<'a>(&self, bad: &'a [String]) -> Vec<&'a str> {
        let seen = |s: &&str| !s.chars().all(char::is_control) && self.printed.contains(*s);
        bad.iter().map(String::as_str).filter(seen).collect()
    }

    /// Whether nothing leaked.
    #[track_caller]
    pub(crate) fn is_clean(&self, what: &str) {
        let first: Vec<&String> = self.leaks.iter().take(10).collect();
        assert!(self.leaks.is_empty(), "{what}: {} leaks, {first:#?}", self.leaks.len());
    }
}

/// Judges bytes.
pub(crate) fn judge(bytes: &[u8], allow: Allow) -> Verdict {
    let unwrapped = if allow.clipboard { unwrapped(bytes) } else { bytes.to_vec() };
    let bytes = unwrapped.as_slice();
    let mut ear = Ear { allow, is_ours: false, awaits_end: false, asks: false, verdict: Verdict::default() };
    let mut parser = Parser::new();
    parser.advance(&mut ear, bytes);
    // Whatever is still open would swallow what comes next.
    let before = ear.verdict.printed.len();
    parser.advance(&mut ear, b"Z");
    if ear.verdict.printed.len() != before + 1 {
        ear.leak("something is left open".to_owned());
    }
    ear.verdict.printed.truncate(before);
    // A parser is silent about what it skips (APC, PM, SOS): every escape must begin something that was told.
    for pair in bytes.windows(2).filter(|pair| pair[0] == 0x1b) {
        if !matches!(pair[1], b'[' | b']' | b'\\') {
            ear.leak(format!("escape {:?}", char::from(pair[1])));
        }
    }
    let fat = ear.verdict.printed.graphemes(true).filter(|cluster| cluster.len() > 64).count();
    if fat > 0 {
        ear.leak(format!("{fat} cells of more than 64 bytes"));
    }
    ear.verdict
}

/// Whether a character may be printed: one that is seen, or that belongs to one that is.
fn is_seen(c: char) -> bool {
    let alone = Clean::block(&c.to_string());
    // Joiners, selectors and tags are looked at in their place: what the filter keeps of them is part of an emoji or a
    // word. Marks stand on something.
    let joins = matches!(c, '\u{200C}' | '\u{200D}' | '\u{FE0E}' | '\u{FE0F}' | '\u{E0020}'..='\u{E007F}');
    joins || alone.contains(c) || c == '\u{FFFD}'
}

struct Ear {
    allow: Allow,
    /// Whether the screen is ours.
    is_ours: bool,
    /// Whether the end of a string is due.
    awaits_end: bool,
    /// Whether the background was just asked for: what the terminal is must be asked next.
    asks: bool,
    verdict: Verdict,
}

impl Ear {
    fn leak(&mut self, what: String) {
        self.verdict.leaks.push(what);
    }

    /// Something else follows a question about the background than follows ours.
    fn is_no_answer(&mut self) {
        if std::mem::take(&mut self.asks) {
            self.leak("a question about the background".to_owned());
        }
    }

    fn clipboard(&mut self, fields: &[&[u8]], bytes: &[u8]) {
        use base64::Engine as _;

        let encoded = fields.get(2).copied().unwrap_or_default();
        let text = base64::engine::general_purpose::STANDARD.decode(encoded).ok();
        let text = text.and_then(|bytes| String::from_utf8(bytes).ok());
        match text.filter(|_| self.allow.clipboard && fields.len() == 3 && fields[1] == b"c") {
            Some(text) if text.is_empty() || text.ends_with('\n') || Clean::block(&text).as_str() != text => {
                self.leak(format!("on the clipboard: {text:?}"));
            }
            Some(text) => self.verdict.copied.push(text),
            None => self.leak(format!("OSC {:?}", String::from_utf8_lossy(bytes))),
        }
    }
}

impl Perform for Ear {
    fn print(&mut self, c: char) {
        self.awaits_end = false;
        self.is_no_answer();
        // Behind a border, or in a gap, this mark is ours: it ends a run of right-to-left text.
        let before = self.verdict.printed.chars().next_back();
        if self.is_ours
            && c == '\u{200E}'
            && before.is_some_and(|before| matches!(before, ' ' | '|' | '─'..='╿' | '▀'..='▟'))
        {
            return;
        }
        if !is_seen(c) {
            self.leak(format!("U+{:04X}", u32::from(c)));
        }
        self.verdict.printed.push(c);
    }

    fn execute(&mut self, byte: u8) {
        let is_line = matches!(byte, b'\r' | b'\n') && (self.allow.lines || !self.is_ours);
        if !(is_line || byte == 0x07 && self.allow.notices) {
            self.leak(format!("control 0x{byte:02X}"));
        }
        self.verdict.printed.push('\n');
    }

    fn csi_dispatch(&mut self, params: &Params, intermediates: &[u8], ignore: bool, action: char) {
        let all: Vec<Vec<u16>> = params.iter().map(<[u16]>::to_vec).collect();
        let flat: Vec<u16> = all.iter().flatten().copied().collect();
        let has_sub = all.iter().any(|param| param.len() > 1);
        // What the terminal is: answered last of all questions.
        let is_asked = action == 'c' && flat == [0] && std::mem::take(&mut self.asks);
        self.is_no_answer();
        let is_ours = match (intermediates, action) {
            (b"", 'C' | 'H' | 'J' | 'K' | 'L' | 'M' | 'X' | 'r') => true,
            (b"", 'm') => {
                self.verdict.styles.push(flat.clone());
                !has_sub
            }
            (b"?", 'h' | 'l') => {
                if flat == [1049] {
                    self.is_ours = action == 'h';
                }
                flat.len() == 1 && matches!(flat[0], 25 | 1000 | 1002 | 1003 | 1004 | 1006 | 1049 | 2004 | 2026 | 2031)
            }
            (b">" | b"<", 'u') | (b" ", 'q') => true,
            (b"", 'c') => is_asked,
            // The title is put away and brought back.
            (b"", 't') => matches!(&flat[..], [22 | 23, 0]),
            _ => false,
        };
        if !is_ours || ignore {
            self.leak(format!("CSI {}{flat:?} {action}", String::from_utf8_lossy(intermediates)));
        }
        if matches!(action, 'C' | 'H') {
            self.verdict.printed.push('\n');
        }
    }

    fn osc_dispatch(&mut self, fields: &[&[u8]], bell_terminated: bool) {
        self.awaits_end = !bell_terminated;
        self.is_no_answer();
        let bytes = fields.join(&b';');
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let words = text.split_once("Lyceum").map(|(_, rest)| rest.trim_start_matches([':', ';', ' ']));
        let is_clean = words.is_some_and(|words| Clean::block(words).as_str() == words && !words.contains('\n'));
        match fields.first().copied().unwrap_or_default() {
            b"0" | b"2" => {
                let title = text[2..].to_owned();
                let count = title.strip_prefix("Lyceum").map(|rest| rest.trim_matches([' ', '(', ')']));
                if count.is_none_or(|count| !count.bytes().all(|b| b.is_ascii_digit())) {
                    self.leak(format!("title {title:?}"));
                }
                self.verdict.titles.push(title);
            }
            b"8" => match text.strip_prefix("8;;") {
                Some("") => {}
                Some(url) if url.is_ascii() && Link::parse(url).is_some() => self.verdict.links.push(url.to_owned()),
                _ => self.leak(format!("OSC {text:?}")),
            },
            // What the background is.
            b"11" if text == "11;?" => self.asks = true,
            b"52" => self.clipboard(fields, &bytes),
            b"9" | b"777" | b"99" if self.allow.notices && is_clean => {
                self.verdict.announced.push(text);
            }
            _ => self.leak(format!("OSC {text:?}")),
        }
    }

    fn esc_dispatch(&mut self, intermediates: &[u8], _: bool, byte: u8) {
        let is_end = std::mem::take(&mut self.awaits_end) && intermediates.is_empty() && byte == b'\\';
        if !is_end {
            self.leak(format!("ESC {:?}", char::from(byte)));
        }
    }

    fn hook(&mut self, _: &Params, _: &[u8], _: bool, action: char) {
        self.leak(format!("DCS {action:?}"));
    }
}

/// What tmux and screen hand on of what is wrapped for them, in its place.
fn unwrapped(bytes: &[u8]) -> Vec<u8> {
    const TMUX: &[u8] = b"\x1bPtmux;";
    const SCREEN: &[u8] = b"\x1bP\x1b]52;";
    let mut out = Vec::new();
    let mut rest = bytes;
    while let Some(first) = rest.first() {
        if let Some(wrapped) = rest.strip_prefix(TMUX) {
            let mut at = 0;
            while let Some(byte) = wrapped.get(at) {
                at += 1;
                if *byte == 0x1b {
                    at += 1;
                    if wrapped.get(at - 1) != Some(&0x1b) {
                        break;
                    }
                }
                out.push(*byte);
            }
            rest = &wrapped[at..];
        } else if rest.starts_with(SCREEN) {
            let end = rest.windows(3).position(|three| three == b"\x07\x1b\\").unwrap_or(2);
            out.extend_from_slice(&rest[2..end + 1]);
            rest = &rest[end + 3..];
        } else {
            out.push(*first);
            rest = &rest[1..];
        }
    }
    out
}

/// The negative control: the same judge on text that nobody filtered.
#[test]
fn unfiltered_text_is_caught() {
    let cases = crate::corpus::cases();
    let lines = Allow { lines: true, ..Allow::default() };
    let mut caught = 0;
    for case in &cases {
        let verdict = judge(format!("{}\n", case.text).as_bytes(), lines);
        let is_caught = !verdict.leaks.is_empty() || !verdict.printed_of(&case.must_not_contain).is_empty();
        assert!(!(case.is_benign() && is_caught), "{}: {:?}", case.id, verdict.leaks);
        caught += usize::from(is_caught);
        let clean = judge(format!("{}\n", Clean::block(&case.text)).as_bytes(), lines);
        assert!(clean.leaks.is_empty(), "{}: {:?}", case.id, clean.leaks);
    }
    println!("unfiltered: {caught} of {} caught", cases.len());
    assert!(caught >= 360, "{caught}");
}

/// Every sequence that is not ours is one; ours are not.
#[test]
fn sequences_are_told_apart() {
    let caught = |bytes: &str, allow| !judge(bytes.as_bytes(), allow).leaks.is_empty();
    for bad in [
        "\x1b[6n",
        "\x1b[c",
        "\x1bc",
        "\x1b_Gx\x1b\\",
        "\x1b]0;owned\x07",
        "\x1b]52;c;YQ==\x07",
        "\x1b]8;;file:///x\x07",
    ] {
        assert!(caught(bad, Allow::default()), "{bad:?}");
    }
    for bad in
        ["\x1bPq\x1b\\", "\x1b]0;never ends", "\u{9b}2J", "\x07", "a\u{202e}b", "\x7f", "\u{e000}", "\x1b[?1049l\x08"]
    {
        assert!(caught(bad, Allow::default()), "{bad:?}");
    }
    let clip = Allow { clipboard: true, ..Allow::default() };
    assert!(
        caught("\x1b]52;c;?\x1b\\", clip) && caught("\x1b]52;c;YQo=\x1b\\", clip) && caught("\x1b]52;c;\x1b\\", clip)
    );
    let ours = "\x1b[?1049h\x1b]0;Lyceum (2)\x1b\\\x1b[1;1H日本\x1b[38;2;1;2;3mx\x1b[0m\x1b]8;;https://e.example/\x1b\\e\x1b]8;;\x1b\\";
    assert!(!caught(ours, Allow::default()));
    assert!(!caught("\x1bP\x1b]52;c;YQ==\x07\x1b\\", clip) && caught("\x1bPtmux;\x1b\x1b[2J\x1b\\", Allow::default()));
    assert!(caught("\x1bPtmux;\x1b\x1b[6n\x1b\\", clip), "what is wrapped is judged too");
    assert!(!caught("\x1b]52;c;YQ==\x1b\\\x1bPtmux;\x1b\x1b]52;c;YQ==\x1b\x1b\\\x1b\\", clip));
}
