//! The filter, rule by rule.

use super::*;
use crate::base::random::{Random, Seeded};

fn block(text: &str) -> String {
    clean(text, Shape::Block).0
}

#[test]
fn escapes_become_readable() {
    assert_eq!(block("x\x1b]52;c;ZXZpbA==\x07y"), "x␛]52;c;ZXZpbA==␇y");
    assert_eq!(block("a\x7fb\u{9b}2J"), "a␡b\u{FFFD}2J");
    assert_eq!(block("one\r\ntwo\rthree\u{2028}four"), "one\ntwo\nthree\nfour");
    assert_eq!(clean("one\r\ntwo\tthree", Shape::Line).0, "one two three");
}

#[test]
fn what_hides_is_taken_out_and_told() {
    assert_eq!(clean("ad\u{200b}min", Shape::Line), ("admin".into(), true));
    assert_eq!(clean("\u{202e}gpj.exe", Shape::Block), ("gpj.exe".into(), true));
    assert_eq!(clean("a\u{200d}b\u{fe0f}", Shape::Block), ("ab".into(), true));
    assert!(!clean("plain", Shape::Block).1);
}

#[test]
fn scripts_and_emoji_keep_their_joiners() {
    for whole in ["می\u{200c}خواهم", "क्\u{200d}ष", "👩🏽\u{200d}⚕\u{fe0f}", "🏳\u{fe0f}\u{200d}🌈", "1\u{fe0f}\u{20e3}"]
    {
        assert_eq!(clean(whole, Shape::Block), (whole.to_owned(), false));
    }
    assert_eq!(clean("می\u{200c}خواهم", Shape::Name).0, "میخواهم");
}

#[test]
fn a_long_text_ends_in_a_mark() {
    let line = clean(&"語".repeat(300), Shape::Line).0;
    assert_eq!(line.graphemes(true).count(), MOST_LINE_CLUSTERS);
    assert!(line.ends_with('…'));
    let text = block(&"日本\n".repeat(30_000));
    assert!(text.len() <= MOST_BLOCK_BYTES && text.ends_with('…'));
    assert!(text.lines().count() <= MOST_BLOCK_LINES);
}

#[test]
fn marks_alone_stand_on_a_circle() {
    assert_eq!(block("\u{301}a"), "◌\u{301}a");
    assert_eq!(block(&format!("e{}", "\u{301}".repeat(20))), format!("e{}\u{FFFD}", "\u{301}".repeat(8)));
}

/// Random strings of the characters that matter most: cleaning again must change nothing.
#[test]
fn cleaning_twice_is_cleaning_once() {
    const PARTS: &[&str] = &[
        "a",
        "1",
        " ",
        "\n",
        "\t",
        "\x1b",
        "\u{301}",
        "\u{200d}",
        "\u{200c}",
        "\u{fe0f}",
        "👩",
        "🏽",
        "🇯",
        "🏴",
        "\u{E0067}",
        "\u{E007F}",
        "क",
        "\u{94d}",
        "م",
        "\u{1100}",
        "\u{1161}",
        "\u{11a8}",
        "\u{600}",
        "\u{e33}",
        "日",
        "\u{202e}",
        "\u{ff9e}",
        "\u{20e3}",
        "☁",
        "\u{e000}",
        "\u{115f}",
        "\r",
    ];
    let random = Seeded::new(7);
    for _ in 0..4_000 {
        let mut bytes = [0; 48];
        random.fill(&mut bytes);
        let given: String = bytes.iter().map(|b| PARTS[usize::from(*b) % PARTS.len()]).collect();
        for shape in [Shape::Line, Shape::Name, Shape::Block] {
            let once = clean(&given, shape).0;
            assert_eq!(clean(&once, shape), (once.clone(), false), "{given:?}");
        }
    }
}

#[test]
fn every_line_end_is_one_and_tabs_are_spaces() {
    for end in ["\r\n", "\r", "\n", "\u{85}", "\u{2028}", "\u{2029}"] {
        assert_eq!(block(&format!("a{end}b")), "a\nb", "{end:?}");
        assert_eq!(clean(&format!("a{end}b"), Shape::Line).0, "a b", "{end:?}");
        assert_eq!(clean(&format!("a{end}b"), Shape::Name).0, "a b", "{end:?}");
    }
    assert_eq!(block("a\tb"), "a    b");
    assert_eq!(clean("a\tb", Shape::Line).0, "a b");
}

#[test]
fn every_control_is_a_picture_of_itself_or_unknown() {
    for code in (0..0x20u32).filter(|code| !matches!(code, 9 | 10 | 13)) {
        let c = char::from_u32(code).unwrap();
        assert_eq!(block(&format!("a{c}b")), format!("a{}b", char::from_u32(0x2400 + code).unwrap()));
    }
    assert_eq!(block("a\x7fb"), "a␡b");
    for code in (0x80..0xA0u32).filter(|code| *code != 0x85) {
        assert_eq!(block(&format!("a{}b", char::from_u32(code).unwrap())), "a\u{FFFD}b", "{code:X}");
    }
    // Nothing is decoded a second time.
    for inert in ["\\x1b[2J", "&#27;[2J", "%1b[2J", "^[[2J"] {
        assert_eq!(block(inert), inert);
    }
}

#[test]
fn all_that_is_removed_is_removed_and_told() {
    let bidi = [0x61C, 0x200E, 0x200F].into_iter().chain(0x202A..=0x202E).chain(0x2066..=0x2069);
    let invisible = [0xAD, 0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x200B, 0x3164, 0xFEFF, 0xFFA0];
    let ranges = (0x180B..=0x180F).chain(0x2060..=0x206F).chain(0xFFF0..=0xFFFB).chain(0x1D173..=0x1D17A);
    let tags = [0xE0001, 0xE0020, 0xE007F, 0xE0100, 0xE01EF, 0xE0FFF];
    for code in bidi.chain(invisible).chain(ranges).chain(tags) {
        let Some(c) = char::from_u32(code) else { continue };
        for shape in [Shape::Line, Shape::Name, Shape::Block] {
            assert_eq!(clean(&format!("a{c}b"), shape), ("ab".to_owned(), true), "U+{code:04X}");
        }
    }
    assert_eq!(block("a\u{2800}b"), "a b");
    for native in ["שלום עולם", "مرحبا بالعالم"] {
        assert_eq!(clean(native, Shape::Name), (native.to_owned(), false));
    }
}

#[test]
fn joiners_and_selectors_stand_only_where_they_join_and_select() {
    let kept = |text: &str| block(text) == text;
    assert!(kept("می\u{200c}خواهم") && kept("👩\u{200d}👧") && kept("❤\u{fe0f}") && kept("☁\u{fe0e}"));
    assert!(!kept("ad\u{200c}min") && !kept("ad\u{200d}min") && !kept("a\u{fe0f}") && !kept("👩\u{200d}"));
    assert!(!kept("👩\u{200d}a") && !kept("می\u{200c}\u{200c}خ") && !kept("٣\u{200d}٤"));
    let flag = "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}";
    assert!(kept(flag));
    let endless = format!("🏴{}\u{E007F}", "\u{E0061}".repeat(7));
    assert_eq!(block(&endless), "🏴", "a flag is at most eight characters");
    assert_eq!(block("🏴\u{E0067}\u{E0062}"), "🏴", "and has an end");
}

#[test]
fn private_use_and_non_characters_are_unknown() {
    for code in [0xE000, 0xE0B0, 0xF8FF, 0xFDD0, 0xFDEF, 0xFFFE, 0xFFFF, 0x1FFFE, 0x1FFFF, 0xF0000, 0x10FFFD, 0x10FFFF]
    {
        let c = char::from_u32(code).unwrap();
        assert_eq!(block(&format!("a{c}b")), "a\u{FFFD}b", "U+{code:X}");
    }
}

#[test]
fn a_cell_holds_no_more_than_it_may() {
    let family = format!("👨{}", "\u{200d}👩".repeat(199));
    let once = block(&family);
    assert_eq!(block(&once), once, "two hundred people, cleaned twice");
    assert!(!once.contains("\u{200d}\u{FFFD}"), "no joiner is left at a cut");
    for text in
        [family, format!("e{}", "\u{301}".repeat(5_000)), "🇯".repeat(501), format!("☁{}", "\u{fe0f}".repeat(200))]
    {
        for cluster in block(&text).graphemes(true) {
            assert!(cluster.len() <= 60 && cluster.chars().count() <= 16, "{cluster:?}");
        }
    }
    assert_eq!(block(&format!("e{}", "\u{301}".repeat(9))), format!("e{}\u{FFFD}", "\u{301}".repeat(8)));
}

/// A control of one byte becomes a picture of three, a tab four spaces; everything else grows by no more than a fifth,
/// and nothing beyond its cap.
#[test]
fn what_is_cleaned_hardly_grows() {
    let controls = "\x07".repeat(MOST_BLOCK_BYTES) + &"\t".repeat(MOST_BLOCK_BYTES);
    assert!(block(&controls).len() <= MOST_BLOCK_BYTES);
    let random = Seeded::new(11);
    for _ in 0..500 {
        let mut bytes = [0; 600];
        random.fill(&mut bytes);
        let letters =
            bytes.chunks(3).map(|three| u32::from(three[0] % 4) << 16 | u32::from(three[1]) << 8 | u32::from(three[2]));
        let text: String = letters.filter(|code| *code >= 0xA0).filter_map(char::from_u32).collect();
        let (clean, most) = (block(&format!("x{text}")), text.len() + 1);
        let marks = clean.matches(DOTTED_CIRCLE).count() * DOTTED_CIRCLE.len_utf8();
        assert!((clean.len() - marks) * 5 <= most * 6, "{} of {most}", clean.len());
    }
}
