use super::*;
use crossterm::event::{MouseButton, MouseEventKind};

/// A reader with a clock that only the test moves.
struct Bench {
    lexer: Lexer,
    now: Instant,
}

impl Bench {
    fn new() -> Self {
        Self { lexer: Lexer::default(), now: Instant::now() }
    }

    /// Bytes that arrive at once.
    fn feed(&mut self, bytes: impl AsRef<[u8]>) -> &mut Self {
        self.lexer.feed(bytes.as_ref(), self.now);
        self
    }

    /// Bytes that arrive one by one, close together.
    fn type_slowly(&mut self, bytes: &[u8]) -> &mut Self {
        for byte in bytes {
            self.feed([*byte]).wait(1);
        }
        self
    }

    fn wait(&mut self, milliseconds: u64) -> &mut Self {
        self.now += Duration::from_millis(milliseconds);
        self.lexer.expire(self.now);
        self
    }

    /// What came of it, in words.
    fn told(&mut self) -> Vec<String> {
        let word = |typed| match typed {
            Typed::Key(key) => crate::tui::key::Key::from(key).to_string(),
            Typed::Paste(text) => format!("paste {text:?}"),
            Typed::Mouse(event) => format!("{:?} {},{}", event.kind, event.column, event.row),
            other => format!("{other:?}"),
        };
        self.lexer.take().into_iter().map(word).collect()
    }
}

/// The words of bytes that arrive at once, after everything that may still come of them.
fn told(bytes: impl AsRef<[u8]>) -> Vec<String> {
    Bench::new().feed(bytes).wait(3_000).told()
}

#[test]
fn keys_are_what_terminals_send_for_them() {
    let cases: &[(&[u8], &str)] = &[
        (b"a", "a"),
        (b"G", "G"),
        ("é".as_bytes(), "é"),
        ("漢".as_bytes(), "漢"),
        (b"\r", "enter"),
        (b"\n", "ctrl-j"),
        (b"\t", "tab"),
        (b"\x7f", "backspace"),
        (b"\x08", "ctrl-h"),
        (b"\x03", "ctrl-c"),
        (b"\x00", "ctrl-space"),
        (b"\x1b", "esc"),
        (b"\x1bx", "alt-x"),
        ("\x1bé".as_bytes(), "alt-é"),
        (b"\x1b\x7f", "alt-backspace"),
        (b"\x1b[A", "up"),
        (b"\x1bOB", "down"),
        (b"\x1b[1;5C", "ctrl-right"),
        (b"\x1b[1;3D", "alt-left"),
        (b"\x1b[H", "home"),
        (b"\x1b[4~", "end"),
        (b"\x1b[5~", "pageup"),
        (b"\x1b[3;5~", "ctrl-delete"),
        (b"\x1b[Z", "shift-tab"),
        (b"\x1bOP", "f1"),
        (b"\x1b[[E", "f5"),
        (b"\x1b[24~", "f12"),
        (b"\x1b[97;5u", "ctrl-a"),
        (b"\x1b[9;2u", "shift-tab"),
        (b"\x1b[27;5;13~", "ctrl-enter"),
        (b"\x1b[27u", "esc"),
        (b"\x1b[99;69u", "ctrl-c"),
        (b"\x1b[57407u", "8"),
        (b"\x1b[57419;129u", "up"),
    ];
    for (bytes, key) in cases {
        assert_eq!(told(bytes), [*key], "{:?}", bytes.escape_ascii().to_string());
        let slowly = Bench::new().type_slowly(bytes).wait(3_000).told();
        assert_eq!(slowly, [*key], "one by one: {:?}", bytes.escape_ascii().to_string());
    }
    assert_eq!(told(b"\x1b[97;5:3u"), [] as [&str; 0], "a key that is let go");
    assert_eq!(told(b"\x1b\x1b[A"), ["esc", "up"]);
    assert_eq!(told(b"jjk"), ["j", "j", "k"]);
}

#[test]
fn an_escape_waits_for_the_rest_of_its_sequence_and_no_longer() {
    let mut bench = Bench::new();
    assert!(bench.feed(b"\x1b").wait(20).told().is_empty());
    assert_eq!(bench.feed(b"[A").told(), ["up"]);
    assert_eq!(bench.feed(b"\x1b").wait(30).told(), ["esc"]);
    for key in ["O", "[", ":", "é"] {
        assert_eq!(bench.feed(b"\x1b").wait(10).feed(key).wait(200).told(), ["esc", key], "one after the other");
    }
    assert_eq!(bench.lexer.deadline(), None, "nothing wakes the reader while nothing is typed");
    assert_eq!(bench.feed(b"\x1b]").wait(100).told(), ["alt-]"]);
}

#[test]
fn the_mouse_is_told_in_both_forms() {
    assert_eq!(told(b"\x1b[<0;12;5M"), [format!("{:?} 11,4", MouseEventKind::Down(MouseButton::Left))]);
    assert_eq!(told(b"\x1b[<65;1;1M"), [format!("{:?} 0,0", MouseEventKind::ScrollDown)]);
    assert_eq!(told(b"\x1b[M !!"), [format!("{:?} 0,0", MouseEventKind::Down(MouseButton::Left))]);
    assert_eq!(told(b"\x1b[<0;0;0Mj")[1], "j", "a place that cannot be is no reason to fail");
    assert_eq!(told(b"\x1b[I\x1b[O"), ["FocusGained", "FocusLost"]);
}

#[test]
fn replies_nobody_asked_for_are_no_keys() {
    let replies: &[&[u8]] = &[
        b"\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\",
        b"\x1b]10;rgb:ffff/ffff/ffff\x07",
        b"\x1b]52;c;cXVpdA==\x1b\\",
        b"\x1bP1$r0;1m\x1b\\",
        b"\x1bP1$rq\x1b\\",
        b"\x1bP>|xterm(390)\x1b\\",
        b"\x1bP1+r544e=787465726d\x1b\\",
        b"\x1b_Gi=31;OK\x1b\\",
        b"\x1b[?64;1;2;6;9;15;18;21;22c",
        b"\x1b[>41;354;0c",
        b"\x1b[24;80R",
        b"\x1b[1;1R",
        b"\x1b[0n",
        b"\x1b[?2026;2$y",
        b"\x1b[?1u",
        b"\x1b[8;24;80t",
        b"\x1b[4;768;1024t",
        b"\x1b]lq\x1b\\",
    ];
    for reply in replies {
        assert_eq!(told(reply), [] as [&str; 0], "{:?}", reply.escape_ascii().to_string());
        let mut bench = Bench::new();
        bench.type_slowly(reply);
        assert_eq!(bench.feed(b"j").told(), ["j"], "slowly: {:?}", reply.escape_ascii().to_string());
    }
    let all = replies.concat();
    assert_eq!(told(&all), [] as [&str; 0]);
    for cut in 1..all.len() {
        let mut bench = Bench::new();
        bench.feed(&all[..cut]).wait(20).feed(&all[cut..]);
        assert_eq!(bench.feed(b"j").told(), ["j"], "in two pieces, at {cut}");
    }
}

#[test]
fn a_reply_that_does_not_end_gives_the_keys_back() {
    assert_eq!(Bench::new().feed(b"\x1b]11;rgb:1e1e").wait(500).feed(b"j").told(), ["j"]);
    assert_eq!(Bench::new().feed(b"\x1bP1$r").feed(b"\x1b[A").told(), ["up"], "a key ends it");
    assert_eq!(Bench::new().feed(b"\x1b[12;").wait(500).feed(b"j").told(), ["j"]);
    let mut bench = Bench::new();
    bench.feed(b"\x1b]11;");
    for _ in 0..10 {
        bench.wait(250).feed(b"j");
    }
    assert!(!bench.told().is_empty(), "somebody who goes on typing is heard after two seconds");
}

#[test]
fn a_paste_is_one_piece() {
    assert_eq!(told(b"\x1b[200~a\rb\x1b[31mc\x1b[201~j"), ["paste \"a\\rb\\u{1b}[31mc\"", "j"]);
    let mut bench = Bench::new();
    bench.type_slowly(b"\x1b[200~dd\nq\x1b[201~");
    assert_eq!(bench.told(), ["paste \"dd\\nq\""]);
}

#[test]
fn a_paste_without_an_end_is_delivered_after_two_seconds() {
    let mut bench = Bench::new();
    assert!(bench.feed(b"\x1b[200~abc").wait(1_999).told().is_empty());
    assert_eq!(bench.wait(1).told(), ["paste \"abc\""]);
    assert_eq!(bench.feed(b"j\x03").told(), ["j", "ctrl-c"]);
    assert_eq!(bench.feed(b"\x1b[201~").told(), [] as [&str; 0], "an end that comes late is nothing");
}

#[test]
fn typing_into_a_paste_without_an_end_does_not_prolong_it() {
    let mut bench = Bench::new();
    bench.feed(b"\x1b[200~abc");
    for _ in 0..21 {
        bench.wait(100).feed(b"j");
    }
    let told = bench.told();
    assert!(told[0].starts_with("paste") && told.len() > 1, "{told:?}");
}

#[test]
fn a_slow_paste_is_waited_for() {
    let mut bench = Bench::new();
    bench.feed(b"\x1b[200~");
    for _ in 0..100 {
        bench.wait(300).feed(b"sixteen letters.");
    }
    bench.feed(b"\x1b[201~");
    let told = bench.told();
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!(told[0].matches("sixteen").count(), 100);
}

#[test]
fn a_large_paste_comes_in_pieces() {
    let mut bench = Bench::new();
    bench.feed(b"\x1b[200~").feed(vec![b'x'; MOST_PASTED + 5]).feed(b"\x1b[201~j");
    let lengths: Vec<usize> = bench.told().iter().map(String::len).collect();
    let quoted = "paste \"\"".len();
    assert_eq!(lengths, [MOST_PASTED + quoted, 5 + quoted, 1]);
}

#[test]
fn lines_that_arrive_at_once_were_pasted() {
    assert_eq!(told(b"a\nb"), ["paste \"a\\nb\""]);
    assert_eq!(told(b"dd\nq\n"), ["paste \"dd\\nq\\n\""]);
    assert_eq!(told(b"one line of it\rand another\rq"), ["paste \"one line of it\\rand another\\rq\""]);
    assert_eq!(told("what somebody wrote ".repeat(7)).len(), 1);
    let mut bench = Bench::new();
    bench.feed(b"one\ntwo").wait(10).feed(b" more").wait(10).feed(b"\x1b[A");
    assert_eq!(bench.told(), ["paste \"one\\ntwo more\"", "up"]);
    assert_eq!(bench.feed(b"j").told(), ["j"], "after that keys are keys");
}

#[test]
fn keys_that_arrive_together_are_keys() {
    assert_eq!(told(b"/sql\r").last().unwrap(), "enter");
    assert_eq!(told(b"jjjj\rjj").len(), 7);
    assert_eq!(told("jk".repeat(500)).len(), 1_000, "keys held down while the line stalled");
    assert_eq!(told(b"\xff\xfe\n\x80"), ["ctrl-j"], "no text");
    assert_eq!(told(b"\n"), ["ctrl-j"]);
    assert_eq!(told(b"\n\n"), ["ctrl-j", "ctrl-j"]);
}

/// Bytes from a fixed generator: bad UTF-8, halves of sequences, all of it.
#[test]
fn no_bytes_are_fatal_and_none_take_the_keyboard_away() {
    let mut seed = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let likely = b"\x1b[]PO_<?;0123456789~MmuRcy\x07\\\x18\r\n\xc3\xa9\xf0\x9f";
    let mut bench = Bench::new();
    for round in 0..2_000 {
        let bytes: Vec<u8> = (0..500)
            .map(|_| {
                let n = random();
                if n & 1 == 0 { likely[(n >> 8) as usize % likely.len()] } else { (n >> 8) as u8 }
            })
            .collect();
        bench.feed(&bytes).wait(random() % 60);
        if round % 100 == 0 {
            bench.wait(2_100).wait(2_100).told();
            assert_eq!(bench.feed(b"j").told(), ["j"], "round {round}");
        }
    }
}

#[test]
fn a_reply_about_the_background_is_understood_wherever_it_is_cut() {
    let reply = b"j\x1b]11;rgb:ffff/ffff/ffff\x07k\x1b]11;rgb:0000/0000/0000\x1b\\\x1b[?62cl\x1b[?997;2n";
    for cut in 1..reply.len() {
        let mut lexer = Lexer::default();
        let now = Instant::now();
        lexer.feed(&reply[..cut], now);
        lexer.feed(&reply[cut..], now);
        let replies = lexer.take_replies();
        assert_eq!(replies, [Reply::Light(true), Reply::Light(false), Reply::Done, Reply::Light(true)], "cut at {cut}");
        let keys: Vec<_> = lexer.take().into_iter().collect();
        assert_eq!(keys.len(), 3, "cut at {cut}: {keys:?}");
    }
    let mut endless = Lexer::default();
    endless.feed(&[b"\x1b]11;rgb:".as_slice(), &[b'f'; 100_000], b"\x07"].concat(), Instant::now());
    assert_eq!((endless.take_replies(), endless.take().len()), (Vec::new(), 0));
}
