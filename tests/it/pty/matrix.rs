//! What a terminal claims against what it is sent: colours, characters and settings, one real start for each cell.

use super::terminal::Terminal;
use crate::judge::{Allow, Verdict, judge};

/// What is expected in a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colors {
    None,
    Sixteen,
    Palette,
    True,
}

const TERMS: [(&str, Colors); 6] = [
    ("xterm-256color", Colors::Palette),
    ("tmux-256color", Colors::Palette),
    ("xterm", Colors::Sixteen),
    ("linux", Colors::Sixteen),
    ("vt100", Colors::None),
    ("xterm-direct", Colors::True),
];

/// What a style of this number of colours may be made of.
fn is_fit(style: &[u16], colors: Colors) -> bool {
    let mut rest = style;
    while let [number, after @ ..] = rest {
        let (is_fit, used) = match (number, after) {
            (38 | 48, [2, _, _, _, ..]) => (colors == Colors::True, 5),
            (38 | 48, [5, _, ..]) => (matches!(colors, Colors::Palette | Colors::True), 3),
            (58 | 59, _) => (matches!(colors, Colors::Palette | Colors::True), 1),
            (30..=49 | 90..=107, _) => (colors != Colors::None, 1),
            (0..=9 | 21..=29, _) => (true, 1),
            _ => (false, 1),
        };
        if !is_fit {
            return false;
        }
        rest = &rest[used..];
    }
    true
}

/// Starts the screen, moves the selection and leaves. Judges what was sent.
fn shown(environment: &[(&str, &str)]) -> (Vec<u8>, Verdict) {
    let mut terminal = Terminal::start("plain", environment);
    terminal.wait_for("the feed", |screen| screen.contains("How do I stream SSE"));
    terminal.type_keys("jjq");
    assert_eq!(terminal.exit_code(), 0);
    terminal.is_as_before();
    let bytes = terminal.bytes().into_bytes();
    let verdict = judge(&bytes, Allow::default());
    (bytes, verdict)
}

fn check(environment: &[(&str, &str)], colors: Colors, utf8: bool) {
    let (bytes, verdict) = shown(environment);
    verdict.is_clean(&format!("{environment:?}"));
    for style in &verdict.styles {
        assert!(is_fit(style, colors), "{environment:?}: {style:?} with {colors:?}");
    }
    let has = |wanted: fn(&[u16]) -> bool| verdict.styles.iter().any(|style| wanted(style));
    match colors {
        // What is selected is marked all the same: in bold, and the tab turned round.
        Colors::None => assert!(has(|s| s.contains(&1)) && has(|s| s.contains(&7)), "{environment:?}"),
        Colors::Sixteen => assert!(has(|s| s.iter().any(|n| matches!(n, 31..=37 | 91..=96))), "{environment:?}"),
        Colors::Palette => assert!(has(|s| matches!(s, [38, 5, 16..=255, ..])), "{environment:?}"),
        Colors::True => assert!(has(|s| matches!(s, [38, 2, ..])), "{environment:?}"),
    }
    let beyond = bytes.iter().filter(|byte| **byte > 0x7F).count();
    assert_eq!(beyond > 0, utf8, "{environment:?}: {beyond} bytes beyond ASCII");
    if !utf8 {
        assert!(verdict.printed.contains("|") && verdict.printed.contains("---"), "there are borders");
    }
}

#[test]
fn every_terminal_is_sent_what_it_knows_and_no_more() {
    let mut cells = 0;
    for (term, by_term) in TERMS {
        for (colorterm, no_color, colors) in [
            (None, None, by_term),
            (Some("truecolor"), None, if by_term == Colors::None { Colors::None } else { Colors::True }),
            (Some("truecolor"), Some(""), if by_term == Colors::None { Colors::None } else { Colors::True }),
            (Some("truecolor"), Some("1"), Colors::None),
        ] {
            for (locale, utf8) in [("C.UTF-8", true), ("C", false)] {
                let mut environment = vec![("TERM", term), ("LC_ALL", locale)];
                environment.extend(colorterm.map(|value| ("COLORTERM", value)));
                environment.extend(no_color.map(|value| ("NO_COLOR", value)));
                check(&environment, colors, utf8);
                cells += 1;
            }
        }
    }
    println!("{cells} cells by the environment");
    assert_eq!(cells, 48);
}

#[test]
fn what_is_set_by_hand_counts_before_what_the_environment_says() {
    let full = [("TERM", "xterm-256color"), ("COLORTERM", "truecolor"), ("LC_ALL", "C.UTF-8")];
    let mut cells = 0;
    for (settings, extra, colors, utf8) in [
        ("colors = \"none\"", None, Colors::None, true),
        ("colors = \"16\"", None, Colors::Sixteen, true),
        ("colors = \"256\"", None, Colors::Palette, true),
        ("colors = \"true\"", Some(("NO_COLOR", "1")), Colors::True, true),
        ("colors = \"256\"", Some(("TERM", "vt100")), Colors::Palette, true),
        ("characters = \"ascii\"", None, Colors::True, false),
        ("characters = \"utf-8\"", Some(("LC_ALL", "C")), Colors::True, true),
        ("multiplexer = \"screen\"", None, Colors::Palette, true),
    ] {
        let settings = format!("[terminal]\n{settings}");
        let mut environment = full.to_vec();
        environment.push(("LYCEUM_TEST_SETTINGS", &settings));
        environment.extend(extra);
        check(&environment, colors, utf8);
        cells += 1;
    }
    println!("{cells} cells by settings");
}

#[test]
fn keys_pictures_and_emoji_are_as_they_are_set() {
    let settings = |text: &'static str| {
        let (bytes, verdict) = shown(&[("LYCEUM_TEST_SETTINGS", text)]);
        verdict.is_clean(text);
        String::from_utf8(bytes).unwrap()
    };
    let auto = settings("");
    assert!(auto.contains("\x1b[?2026h") && !auto.contains("\x1b[>1u"));
    let set = settings("[terminal]\nkeyboard = \"kitty\"\nframes = \"off\"\n");
    assert!(!set.contains("\x1b[?2026"));
    // Pushed on the alternate screen, popped before it is left.
    let order = ["\x1b[?1049h", "\x1b[>1u", "\x1b[<u", "\x1b[?1049l"].map(|sequence| set.find(sequence).unwrap());
    assert!(order.is_sorted(), "{order:?}");
}

#[test]
fn without_a_screen_there_is_one_sentence() {
    for term in ["dumb", ""] {
        for locale in ["C.UTF-8", "C"] {
            let mut terminal = Terminal::start("plain", &[("TERM", term), ("LC_ALL", locale)]);
            assert_ne!(terminal.exit_code(), 0);
            let said = terminal.wait_for_bytes("why not", |bytes| bytes.contains("cannot show a screen"));
            judge(said.as_bytes(), Allow::default()).is_clean(term);
            assert!(!said.contains('\x1b'), "{said:?}");
        }
    }
}
