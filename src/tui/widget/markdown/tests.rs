use super::*;
use crate::config::locale::Language;
use crate::model::markup::parse;
use crate::tui::theme::Depth;

fn lay(markdown: &str, width: u16) -> Vec<Line<'static>> {
    with(markdown, width, &Symbols::UNICODE)
}

fn with(markdown: &str, width: u16, symbols: &Symbols) -> Vec<Line<'static>> {
    let theme = Theme::built_in("dark", Depth::True);
    let (code, words) = (Highlighter::new(), Catalog::new(Language::English));
    let looks = Looks { theme: &theme, symbols, code: &code, words: &words };
    layout(&parse(markdown), width, 1, &Opened::default(), looks).lines
}

fn drawn(markdown: &str, width: u16) -> Vec<String> {
    lay(markdown, width).iter().map(Line::to_string).map(|l| l.trim_end().to_owned()).collect()
}

#[test]
fn paragraphs_lists_and_quotes_hang() {
    assert_eq!(
        drawn(
            "# A heading that is long\n\nSome words of text.\n\n> quoted words here\n\n- one\n- two words more\n  1. inner",
            14
        ),
        [
            "# A heading",
            "  that is long",
            "",
            "Some words of",
            "text.",
            "",
            "▎ quoted words",
            "▎ here",
            "",
            "• one",
            "• two words",
            "  more",
            "  1. inner",
        ]
    );
}

#[test]
fn numbers_line_up_and_tasks_have_boxes() {
    assert_eq!(drawn("9. a\n10. b", 20), [" 9. a", "10. b"]);
    assert_eq!(drawn("- [x] a\n- [ ] b", 20), ["☑ a", "☐ b"]);
    let ascii: Vec<String> =
        with("- [x] a\n\n> q\n\n```\nx\n```", 20, &Symbols::ASCII).iter().map(Line::to_string).collect();
    assert_eq!(ascii, ["[x] a", "", "| q", "", "   + [1]", " 1 | x"]);
}

#[test]
fn links_show_their_number_and_where_they_lead() {
    let found =
        drawn("[the docs](https://doc.rust-lang.org/std) https://a.example/x [a.example](https://b.example)", 200);
    assert_eq!(found, ["the docs (doc.rust-lang.org) [1] https://a.example/x [2] a.example (b.example) [3]"]);
    assert_eq!(drawn("[apple](https://аррӏе.com)", 60), ["apple (! xn--80ak6aa92e.com) [1]"]);
    assert_eq!(drawn("see https://b.example", 14), ["see", "https://", "b.example [1]"]);
}

#[test]
fn without_colours_code_keeps_its_marks() {
    let (theme, code) = (Theme::built_in("mono", Depth::Mono), Highlighter::new());
    let words = Catalog::new(Language::English);
    let looks = Looks { theme: &theme, symbols: &Symbols::UNICODE, code: &code, words: &words };
    let laid = layout(&parse("run `x`, ~~not~~ now"), 40, 1, &Opened::default(), looks);
    assert_eq!(laid.lines[0].to_string(), "run `x`, ~~not~~ now");
}

#[test]
fn tables_keep_their_borders() {
    assert_eq!(
        drawn("| name | n |\n|---|--:|\n| 日本 | 12 |\n| b | 3 |", 40),
        ["┌──────┬────┐", "│ name │  n │", "├──────┼────┤", "│ 日本 │ 12 │", "│ b    │  3 │", "└──────┴────┘"]
    );
    let narrow = drawn("| where | what it is about |\n|---|---|\n| here | a longer text that has to wrap |", 24);
    assert!(narrow.iter().all(|l| width::width(l) == 24), "{narrow:#?}");
    let listed = drawn("|a|b|c|d|e|f|\n|-|-|-|-|-|-|\n|one|two|three|four|five|six|", 16);
    assert_eq!(listed, ["a: one", "b: two", "c: three", "d: four", "e: five", "f: six"]);
}

#[test]
fn code_is_numbered_and_long_lines_go_on_below() {
    assert_eq!(
        drawn("```rust\nfn main() {}\n\nlet abcdefghijklmnop = 1;\n```", 22),
        ["   ╭ rust [1]", " 1 │ fn main() {}", " 2 │", " 3 │ let abcdefghijklm", " ↳ │ nop = 1;",]
    );
}

#[test]
fn no_line_is_wider_than_the_page() {
    let text = "# 标题 with `code` and **strong 文字**\n\n> - [x] 任务清单里的一项，很长很长很长很长\n>   > deeper and deeper\n\n\
        | 列 | column | 第三列 |\n|:-:|--:|---|\n| 👩\u{200d}👩\u{200d}👧 | `x` | [l](https://e.example/long/path) |\n\n\
        ```rust\nlet 名 = \"很长的字符串很长的字符串很长的字符串\"; // comment\n```\n\nhttps://example.com/a/very/long/path/that/does/not/end/soon\n\n---\n";
    for columns in [1, 2, 5, 12, 20, 33, 47, 80, 120] {
        for line in lay(text, columns) {
            assert!(line_width(&line) <= usize::from(columns), "{columns}: {line}");
        }
    }
}

#[test]
fn posts_of_the_demo_fit() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/threads/web");
    let theme = Theme::built_in("dark", Depth::True);
    let (code, words) = (Highlighter::new(), Catalog::new(Language::English));
    for file in std::fs::read_dir(folder).unwrap().take(5) {
        let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
        let document = parse(crate::base::text::Clean::block(&text).as_str());
        for columns in [39, 74] {
            let looks = Looks { theme: &theme, symbols: &Symbols::UNICODE, code: &code, words: &words };
            let lines = layout(&document, columns, 1, &Opened::default(), looks).lines;
            let wide: Vec<_> = lines.iter().filter(|l| line_width(l) > usize::from(columns)).collect();
            assert!(wide.is_empty(), "{wide:#?}");
        }
    }
}
