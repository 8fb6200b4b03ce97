//! Made-up text in made-up rooms: nothing panics, no line is wider than its room, and what is measured is what is drawn.

use lyceum::base::ids::{PostId, SpaceId, ThreadId, Username};
use lyceum::base::text::Clean;
use lyceum::base::time::Timestamp;
use lyceum::model::member::{Author, Role};
use lyceum::model::post::Post;
use lyceum::model::thread::{Kind, Marks, Thread};
use lyceum::tui::theme::Depth;
use lyceum::tui::widget::markdown::{Opened, line_width};
use lyceum::tui::widget::thread_page::{Cache, Content, Row, lay_out};
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::Desk;

/// Numbers that follow from a seed (xorshift), so that a failure can be had again.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 16) as u32 % below.max(1)
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.roll(from.len() as u32) as usize]
    }
}

/// Pieces of markup.
const MARKS: &[&str] = &[
    "\n",
    "\n\n",
    " ",
    "  \n",
    "# ",
    "### ",
    "> ",
    "> > ",
    "- ",
    "  - ",
    "1. ",
    "9999999999. ",
    "- [x] ",
    "- [ ] ",
    "```rust\n",
    "```\n",
    "`",
    "``",
    "*",
    "**",
    "_",
    "~~",
    "||",
    "[",
    "](https://a.example/b)",
    "](upload://x)",
    "![",
    "|690x388",
    "|",
    "\n|-|-:|:-:|\n",
    "| a | b |\n|---|---|\n| c | d |\n",
    "[^1]",
    "\n[^1]: ",
    "$",
    "$$",
    "<details>",
    "<details open>\n",
    "<summary>",
    "</summary>",
    "</details>",
    "<br>",
    "<img alt=\"x\" width=3 height=4 src=https://a.example/p.png>",
    "<!--",
    "-->",
    "[quote=\"ada, post:3\"]\n",
    "[/quote]\n",
    "[details=\"x\"]\n",
    "[/details]\n",
    "[spoiler]",
    "[/spoiler]",
    "\n[spoiler]\n",
    "> [!NOTE]\n> ",
    "> [!CAUTION]\n> ",
    "---\n",
    "@ada",
    "#tag",
    "https://example.com/",
    "&#27;",
    "&#x202e;",
    "\\",
    "    ",
    "\t",
    "://",
    "\u{2026}",
];

/// Where characters are taken from.
const SCRIPTS: &[(u32, u32)] = &[
    (0x20, 0x7E),
    (0x00, 0x1F),
    (0x7F, 0xFF),
    (0x300, 0x36F),
    (0x370, 0x52F),
    (0x590, 0x6FF),
    (0x900, 0xDFF),
    (0xE00, 0xEFF),
    (0x1000, 0x11FF),
    (0x1780, 0x17FF),
    (0x2000, 0x206F),
    (0x20D0, 0x20F0),
    (0x2190, 0x2BFF),
    (0x3000, 0x30FF),
    (0x3130, 0x318F),
    (0x4E00, 0x9FFF),
    (0xAC00, 0xD7A3),
    (0xE000, 0xE0FF),
    (0xFE00, 0xFE0F),
    (0xFF00, 0xFFEF),
    (0x1F1E6, 0x1F1FF),
    (0x1F300, 0x1FAFF),
    (0x1F3FB, 0x1F3FF),
    (0xE0020, 0xE007F),
    (0x1D165, 0x1D1AF),
    (0x20000, 0x2A6DF),
    (0x0, 0x10_FFFF),
];

fn text(dice: &mut Dice) -> String {
    let mut text = String::new();
    let script = dice.pick(SCRIPTS);
    for _ in 0..dice.roll(120) {
        match dice.roll(5) {
            0 => text.push_str(dice.pick(MARKS)),
            1 => text.push_str(dice.pick(&[
                "\u{200D}",
                "\u{FE0F}",
                "e\u{301}",
                "👩\u{200D}👧",
                "字",
                "ｶﾞ",
                "لا",
                "ก็",
                " ",
                "。",
                "」",
            ])),
            n => {
                let (from, to) = if n == 2 { dice.pick(SCRIPTS) } else { script };
                for _ in 0..dice.roll(9) {
                    text.extend(char::from_u32(from + dice.roll(to - from + 1)));
                }
            }
        }
    }
    text
}

#[test]
fn no_line_of_made_up_text_is_wider_than_its_room_or_than_it_is_drawn() {
    let desk = Desk::new("dark", Depth::True);
    for seed in 1..=700_u64 {
        let mut dice = Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let text = Clean::block(&text(&mut dice));
        let columns = if dice.roll(2) == 0 { 1 + dice.roll(24) } else { 1 + dice.roll(300) } as u16;
        let mut opened = if dice.roll(2) == 0 { Opened::everything() } else { Opened::default() };
        let laid = desk.lay(&text, columns, &opened);
        for spot in &laid.spots {
            opened.toggle(spot.place);
            opened.scroll(spot.place, dice.roll(40) as isize, 60);
        }
        for line in laid.lines.iter().chain(&desk.lay(&text, columns, &opened).lines) {
            let measured = line_width(line);
            assert!(measured <= usize::from(columns), "seed {seed} at {columns}: {measured} {line:?}\n{text:?}");
            // Borders stand where they were meant to: what was measured is how far it is drawn.
            let mut buffer = Buffer::empty(Rect::new(0, 0, columns + 40, 1));
            let (drawn, _) = buffer.set_line(0, 0, line, columns + 40);
            assert_eq!(usize::from(drawn), measured, "seed {seed} at {columns}: {line:?}");
        }
    }
}

fn author(name: &str) -> Author {
    Author { username: Username::new(name), name: Clean::line(name), role: Role::Expert }
}

fn thread(title: &str) -> Thread {
    Thread {
        id: ThreadId::new("t"),
        space: SpaceId::new("help"),
        kind: Kind::Question,
        title: Clean::line(title),
        author: author("grace"),
        tags: vec![Clean::line("axum")],
        created: Timestamp::UNIX_EPOCH,
        active: Timestamp::UNIX_EPOCH,
        last: 3,
        answers: 1,
        score: 3,
        accepted: None,
        accepted_number: None,
        locked: false,
        pinned: false,
        excerpt: Clean::default(),
        gate: None,
        marks: Marks::default(),
    }
}

fn post(number: u32, name: &str, body: &str) -> Post {
    Post {
        id: PostId::new(format!("p{number}")),
        thread: ThreadId::new("t"),
        number,
        parent: None,
        author: author(name),
        created: Timestamp::UNIX_EPOCH,
        edited: None,
        body: Clean::block(body),
        score: i64::from(number) - 2,
        vote: 0,
        accepted: number == 2,
        deleted: false,
        partial: false,
        may_edit: false,
        version: "1".into(),
    }
}

#[test]
fn a_page_of_made_up_posts_keeps_within_every_size() {
    let desk = Desk::new("dark", Depth::True);
    let corners = [(1, 1), (1, 100), (300, 1), (300, 100), (2, 2), (3, 7), (40, 10), (80, 24)];
    for seed in 1..=120_u64 {
        let mut dice = Dice(seed.wrapping_mul(0xD134_2543_DE82_EF95));
        let some = (1 + dice.roll(300) as u16, 1 + dice.roll(100) as u16);
        let (columns, lines) = corners.get(seed as usize - 1).copied().unwrap_or(some);
        let posts: Vec<Post> = (1..=4).map(|n| post(n, &text(&mut dice), &text(&mut dice))).collect();
        let row = |(depth, post)| Row { post, depth, folded: depth as usize, stands: None, above: None, opened: None };
        let rows: Vec<Row<'_>> = (0_u16..).zip(&posts).map(row).collect();
        let thread = thread(&text(&mut dice));
        let content = Content {
            thread: &thread,
            rows: &rows,
            read: 2,
            only_new: None,
            me: None,
            words: &desk.words,
            age: &|_| "2 h".to_owned(),
            keys: ["w", "4"],
            plans: &[],
            stale: None,
            looks: desk.looks(),
        };
        let page = lay_out(content, columns, &mut Cache::default());
        for line in page.lines() {
            assert!(line_width(&line) <= usize::from(columns), "seed {seed} at {columns}: {line:?}");
        }
        let mut buffer = Buffer::empty(Rect::new(0, 0, columns, lines));
        let top = dice.roll(page.height() as u32) as usize;
        for y in 0..lines {
            if let Some(line) = page.line(top + usize::from(y)) {
                buffer.set_line(0, y, &line, columns);
            }
        }
    }
}
