use super::*;

fn text(s: &str) -> Inline {
    Inline::Text(s.to_owned())
}

fn paragraph(s: &str) -> Block {
    Block::Paragraph(vec![text(s)])
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
            Block::Quote(vec![paragraph("quoted")]),
            Block::Code { language: "rust".into(), text: "fn main() {}\n".into() },
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
    assert_eq!(document.links, ["https://b.example", "https://a.example", "https://c.example/p.png"]);
    let Block::Paragraph(runs) = &document.blocks[0] else { panic!() };
    assert_eq!(runs[0], Inline::Link(0, vec![text("b")]));
    assert_eq!(runs[2], Inline::Link(1, vec![text("https://a.example")]));
    assert_eq!(runs[4], Inline::Link(2, vec![text("pic")]));
    assert_eq!(runs[6], Inline::Link(0, vec![text("again")]));
    assert_eq!(parse("<ada@guild.example>").links, ["mailto:ada@guild.example"]);
    assert_eq!(runs_of_empty_link(), "https://e.example");
}

fn runs_of_empty_link() -> String {
    plain_text(&runs("[](https://e.example)"))
}

#[test]
fn what_may_not_be_a_link_is_text() {
    let document = parse("[x](javascript:alert) [y](https://bank.example@evil.example/)");
    assert!(document.links.is_empty());
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
    assert_eq!(parse("```\n\u{202e}x\n```").blocks, [Block::Code { language: String::new(), text: "x\n".into() }]);
    assert!(parse("[x](https://e.example/&#10;a)").links.is_empty());
}

fn depth(blocks: &[Block]) -> usize {
    let inner = |block: &Block| match block {
        Block::Quote(blocks) => 1 + depth(blocks),
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
