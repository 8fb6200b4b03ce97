use super::*;
use crate::model::markup::{Mark, Picture};

fn text(s: &str) -> Inline {
    Inline::Text(s.to_owned())
}

fn paragraph(s: &str) -> Block {
    Block::Paragraph(vec![text(s)])
}

fn links(document: &Document) -> Vec<&str> {
    let links =
        document.marks.iter().filter_map(|mark| if let Mark::Link(url) = mark { Some(url.as_str()) } else { None });
    links.collect()
}

fn runs(markdown: &str) -> Vec<Inline> {
    match parse(markdown).blocks.remove(0) {
        Block::Paragraph(runs) => runs,
        other => panic!("{other:?}"),
    }
}

#[test]
fn blocks_keep_their_shape() {
    let document = parse("# Title\n\nText\n\n> quoted\n\n```rust,ignore\nfn main() {}\n```\n\n---\n\n3. a\n4. b\n");
    assert_eq!(
        document.blocks,
        [
            Block::Heading(1, vec![text("Title")]),
            paragraph("Text"),
            Block::Quote { by: None, blocks: vec![paragraph("quoted")] },
            Block::Code { place: 0, language: "rust".into(), text: "fn main() {}\n".into() },
            Block::Rule,
            Block::List {
                start: Some(3),
                items: vec![
                    Item { task: None, blocks: vec![paragraph("a")] },
                    Item { task: None, blocks: vec![paragraph("b")] }
                ]
            },
        ]
    );
}

#[test]
fn tasks_tight_and_loose_and_nested() {
    for markdown in ["- [x] done\n- [ ] open\n  - [x] inner\n", "- [x] done\n\n- [ ] open\n\n  - [x] inner\n"] {
        let Block::List { items, .. } = &parse(markdown).blocks[0] else { panic!() };
        assert_eq!(items[0], Item { task: Some(true), blocks: vec![paragraph("done")] });
        assert_eq!(items[1].task, Some(false));
        assert_eq!(items[1].blocks[0], paragraph("open"));
        let Block::List { items: inner, .. } = &items[1].blocks[1] else { panic!() };
        assert_eq!(inner[0].task, Some(true));
    }
}

#[test]
fn tables_have_a_head_and_rows() {
    let Block::Table { align, head, rows } = &parse("| a | b |\n|---|--:|\n| 1 | **2** |\n| 3 |\n").blocks[0] else {
        panic!()
    };
    assert_eq!(align, &[Align::Left, Align::Right]);
    assert_eq!(head, &[vec![text("a")], vec![text("b")]]);
    assert_eq!(rows[0][1], [Inline::Strong(vec![text("2")])]);
    assert_eq!(rows[1], [vec![text("3")], vec![]]);
}

#[test]
fn links_are_numbered_once_in_reading_order() {
    let document =
        parse("[b](https://b.example) https://a.example, ![pic](https://c.example/p.png) [again](https://b.example)");
    assert_eq!(links(&document), ["https://b.example", "https://a.example", "https://c.example/p.png"]);
    let Block::Paragraph(runs) = &document.blocks[0] else { panic!() };
    assert_eq!(runs[0], Inline::Link(0, vec![text("b")]));
    assert_eq!(runs[2], Inline::Link(1, vec![text("https://a.example")]));
    assert_eq!(runs[4], Inline::Picture(Picture { place: Some(2), alt: "pic".into(), ..Picture::default() }));
    assert_eq!(runs[6], Inline::Link(0, vec![text("again")]));
    assert_eq!(links(&parse("<ada@guild.example>")), ["mailto:ada@guild.example"]);
    assert_eq!(runs_of_empty_link(), "https://e.example");
}

fn runs_of_empty_link() -> String {
    plain_text(&runs("[](https://e.example)"))
}

#[test]
fn what_may_not_be_a_link_is_text() {
    let document = parse("[x](javascript:alert) [y](https://bank.example@evil.example/)");
    assert!(document.marks.is_empty());
    let Block::Paragraph(runs) = &document.blocks[0] else { panic!() };
    assert_eq!(plain_text(runs), "x (javascript:alert) y (https://bank.example@evil.example/)");
}

#[test]
fn comments_of_html_are_not_shown() {
    let just = |markdown: &str| parse(markdown).blocks.iter().map(|b| format!("{b:?}")).collect::<String>();
    assert_eq!(just("before\n\n<!-- more -->\n\nafter"), just("before\n\nafter"));
    assert_eq!(just("<!-- a\n\nb -->\n\nafter"), just("after"));
    assert_eq!(plain_text(&runs("one <!-- x -->two")), "one two");
    assert!(just("<div><!-- x --></div>").contains("<div></div>"));
    assert!(just("<!-- it never ends").contains("it never ends"));
}

#[test]
fn html_is_text() {
    assert_eq!(plain_text(&runs("a <b>bold</b> c")), "a <b>bold</b> c");
    assert_eq!(
        parse("<div>\n<script>x</script>\n</div>\n\nafter").blocks,
        [
            Block::Paragraph(vec![
                text("<div>"),
                Inline::Break,
                text("<script>x</script>"),
                Inline::Break,
                text("</div>")
            ]),
            paragraph("after")
        ]
    );
}

#[test]
fn line_ends_are_spaces_but_not_in_chinese() {
    assert_eq!(plain_text(&runs("one\ntwo")), "one two");
    assert_eq!(plain_text(&runs("第一行\n第二行")), "第一行第二行");
    assert_eq!(plain_text(&runs("**第一行**\n第二 `x`\n行")), "第一行第二 x 行");
    assert_eq!(runs("one  \ntwo"), [text("one"), Inline::Break, text("two")]);
    assert_eq!(plain_text(&runs("see\n[it](https://e.example)\nnow")), "see it now");
}

#[test]
fn entities_do_not_get_round_the_filter() {
    assert_eq!(plain_text(&runs("x&#27;[2J &#x202e;y &#x9b;")), "x␛[2J y \u{FFFD}");
    assert_eq!(
        parse("```\n\u{202e}x\n```").blocks,
        [Block::Code { place: 0, language: String::new(), text: "x\n".into() }]
    );
    assert!(parse("[x](https://e.example/&#10;a)").marks.is_empty());
}

fn depth(blocks: &[Block]) -> usize {
    let inner = |block: &Block| match block {
        Block::Quote { blocks, .. }
        | Block::Alert { blocks, .. }
        | Block::Fold { blocks, .. }
        | Block::Spoiler { blocks, .. } => 1 + depth(blocks),
        Block::List { items, .. } => 1 + items.iter().map(|i| depth(&i.blocks)).max().unwrap_or(0),
        _ => 0,
    };
    blocks.iter().map(inner).max().unwrap_or(0)
}

#[test]
fn bombs_stay_shallow_and_keep_their_text() {
    let quotes = parse(&format!("{} x", ">".repeat(5_000)));
    assert_eq!(depth(&quotes.blocks), MOST_NESTING);
    assert!(depth(&parse(&"- ".repeat(3_000)).blocks) <= MOST_NESTING + 1);
    assert!(
        depth(&parse(&(0..200).map(|n| format!("{}- x\n", "  ".repeat(n))).collect::<String>()).blocks)
            <= MOST_NESTING + 1
    );
    let bombs = ["[", "*", "`", "#", "![", "<!--", "\\", "_", "[a](", "&", "<", "~~", "1. ", "**a ", "> - "];
    for bomb in bombs {
        let _ = parse(&bomb.repeat(4_000));
    }
    let wide = parse(&format!("{}\n{}\n{}", "|a".repeat(3_000), "|-".repeat(3_000), "|b\n".repeat(100)));
    if let Block::Table { head, rows, .. } = &wide.blocks[0] {
        assert!(head.len() <= MOST_COLUMNS && rows.iter().all(|r| r.len() <= MOST_COLUMNS));
    }
    let marks = ["<details>\n\n", "[details]\n", "[quote=a]\n", "[spoiler]\n", "> <details>\n> \n", "> [!NOTE]\n> "];
    for mark in marks {
        assert!(depth(&parse(&mark.repeat(1_000)).blocks) <= MOST_FRAMES + 1, "{mark}");
    }
    let lines = [
        "[/quote]",
        "[quote=\"",
        "[spoiler]",
        "<summary>",
        "<img \"",
        "<!--",
        "||a",
        "||a|| ",
        "https://a.b/)",
        "@ada ",
        "#a ",
        "[^1]",
        "$a$",
        ")",
        "](",
        "<details><summary>",
    ];
    for line in lines {
        let _ = parse(&line.repeat(60_000 / line.len()));
    }
    let nested = format!("{}x{}", "*a **b ".repeat(200), "** *".repeat(200));
    assert!(!parse(&nested).blocks.is_empty());
}

#[test]
fn every_post_of_the_demo_parses() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("assets/demo/threads");
    let mut seen = 0;
    for space in std::fs::read_dir(folder).unwrap() {
        for file in std::fs::read_dir(space.unwrap().path()).unwrap() {
            let text = std::fs::read_to_string(file.unwrap().path()).unwrap();
            assert!(!parse(Clean::block(&text).as_str()).blocks.is_empty());
            seen += 1;
        }
    }
    assert!(seen > 50);
}

#[test]
fn quotes_know_whose_words_they_are() {
    let by = |name: &str, post| Some(By { name: name.into(), post, thread: None, place: None });
    let quote = |by, blocks| Block::Quote { by, blocks };
    assert_eq!(
        parse("[quote=\"ada, post:3, topic:9\"]\n- one\n- two\n[/quote]\nafter").blocks,
        [
            quote(
                by("ada", Some(3)).map(|by| By { thread: Some("9".into()), place: Some(0), ..by }),
                vec![Block::List {
                    start: None,
                    items: vec![
                        Item { task: None, blocks: vec![paragraph("one")] },
                        Item { task: None, blocks: vec![paragraph("two")] }
                    ]
                }]
            ),
            paragraph("after"),
        ]
    );
    assert_eq!(parse("> @ada wrote:\n>\n> words").blocks, [quote(by("ada", None), vec![paragraph("words")])]);
    let nested = parse("[quote=\"ada\"]\n[quote=\"bob\"]\ninner\n[/quote]\nouter\n[/quote]").blocks;
    assert_eq!(
        nested,
        [quote(by("ada", None), vec![quote(by("bob", None), vec![paragraph("inner")]), paragraph("outer")])]
    );
    // What ends nothing, and what is in code, is text.
    assert_eq!(parse("a\n\n[/quote]").blocks, [paragraph("a"), paragraph("[/quote]")]);
    assert_eq!(runs("`[quote]`"), [Inline::Code("[quote]".into())]);
}

#[test]
fn alerts_are_not_quotes() {
    let blocks = vec![paragraph("mind the gap")];
    for (word, kind) in [("NOTE", Alert::Note), ("Tip", Alert::Tip), ("CAUTION", Alert::Caution)] {
        assert_eq!(
            parse(&format!("> [!{word}]\n> mind the gap")).blocks,
            [Block::Alert { kind, blocks: blocks.clone() }]
        );
    }
    assert!(matches!(parse("> [!ELSE]\n> x").blocks[0], Block::Quote { .. }));
}

#[test]
fn what_unfolds_is_one_shape_however_it_is_written() {
    let fold = |title: &str, is_open, text| Block::Fold {
        place: 0,
        title: title.into(),
        is_open,
        blocks: vec![paragraph(text)],
    };
    for markdown in [
        "<details><summary>The <b>log</b></summary>\n\nlines\n\n</details>",
        "<details>\n<summary>The log</summary>\nlines\n</details>",
        "[details=\"The `log`\"]\nlines\n[/details]",
        "[details=The *log*]\n\nlines\n\n[/details]\n",
    ] {
        assert_eq!(parse(markdown).blocks, [fold("The log", false, "lines")], "{markdown}");
    }
    assert_eq!(parse("<details open>\n\nlines\n\n</details>").blocks, [fold("", true, "lines")]);
    // One in a list ends with its item at the latest, and its Markdown is Markdown.
    let Block::List { items, .. } = &parse("- <details><summary>a</summary>\n\n  **b**\n- c").blocks[0] else {
        panic!()
    };
    let Block::Fold { blocks, .. } = &items[0].blocks[0] else { panic!("{items:?}") };
    assert_eq!(blocks, &[Block::Paragraph(vec![Inline::Strong(vec![text("b")])])]);
    assert_eq!(items.len(), 2);
}

#[test]
fn spoilers_hide_runs_and_blocks() {
    let hidden = |place, inner| Inline::Spoiler(place, inner);
    assert_eq!(
        runs("it was ||the *butler*||."),
        [text("it was "), hidden(0, vec![text("the "), Inline::Emphasis(vec![text("butler")])]), text(".")]
    );
    assert_eq!(
        runs("[spoiler]https://a.example[/spoiler] b"),
        [hidden(0, vec![Inline::Link(1, vec![text("https://a.example")])]), text(" b")]
    );
    assert_eq!(
        runs("a || b, c||d, `||x||` and ||"),
        [text("a || b, c||d, "), Inline::Code("||x||".into()), text(" and ||")]
    );
    assert_eq!(
        parse("[spoiler]\na\n\nb\n[/spoiler]").blocks,
        [Block::Spoiler { place: 0, blocks: vec![paragraph("a"), paragraph("b")] }]
    );
    assert_eq!(runs("x [spoiler]never ended"), [text("x "), hidden(0, vec![text("never ended")])]);
}

#[test]
fn members_and_tags_are_told_from_text() {
    assert_eq!(
        runs("@ada, see #axum (a@b.example, #12, x#y)"),
        [Inline::Mention("ada".into()), text(", see "), Inline::Tag("axum".into()), text(" (a@b.example, #12, x#y)")]
    );
    assert_eq!(runs("[@ada](https://a.example) `#x`")[0], Inline::Link(0, vec![text("@ada")]));
}

#[test]
fn pictures_say_what_they_show_and_how_big() {
    let picture = |markdown| match runs(markdown).remove(0) {
        Inline::Picture(picture) => picture,
        other => panic!("{other:?}"),
    };
    let full = Picture { place: Some(0), alt: "p99".into(), title: "Figure 1".into(), size: Some((690, 388)) };
    assert_eq!(picture("![p99|690x388, 50%](https://e.example/p.png \"Figure 1\")"), full);
    assert_eq!(picture("<img src=\"https://e.example/p.png\" alt=p99 title='Figure 1' width=690 height=388>"), full);
    assert_eq!(picture("![a|b](upload://x.png)"), Picture { alt: "a|b".into(), ..Picture::default() });
    assert_eq!(plain_text(&runs("![x](data:image/png;base64,AAAA)")), "x (data:image/png;base64,AAAA)");
    assert!(plain_text(&runs(&format!("![x](data:{})", "A".repeat(5_000)))).len() < 100);
}

#[test]
fn footnotes_stand_at_the_end_and_formulas_as_they_were_written() {
    let document =
        parse("a[^b] c[^a] d[^b] e[^none]\n\n[^a]: first\n[^b]: second\n\nend $x^2$ for $5 and $6\n\n$$\ny\n$$");
    assert_eq!(
        document.blocks[0],
        Block::Paragraph(vec![
            text("a"),
            Inline::Footnote(1),
            text(" c"),
            Inline::Footnote(2),
            text(" d"),
            Inline::Footnote(1),
            text(" e[^none]")
        ])
    );
    assert_eq!(
        document.blocks[1],
        Block::Paragraph(vec![text("end "), Inline::Math("$x^2$".into()), text(" for $5 and $6")])
    );
    assert_eq!(document.blocks[2], Block::Math("y".into()));
    assert_eq!(document.blocks[3], Block::Footnotes(vec![vec![paragraph("second")], vec![paragraph("first")]]));
}
