use super::*;
use crate::base::ids::{PlanId, PostId, SpaceId, ThreadId, Username};
use crate::config::locale::Language;
use crate::model::{member::Author, plan::Tier, thread::Marks};
use crate::tui::{
    symbols::Symbols,
    theme::{Depth, Theme},
    widget::highlight::Highlighter,
};

fn author(name: &str, role: Role) -> Author {
    Author { username: Username::new(name), name: Clean::line(name), role }
}

fn thread(kind: Kind) -> Thread {
    Thread {
        id: ThreadId::new("t"),
        space: SpaceId::new("help"),
        kind,
        title: Clean::line("How do I stream SSE through a tower layer?"),
        author: author("grace", Role::Member),
        tags: vec![Clean::line("axum"), Clean::line("tower")],
        created: Timestamp::UNIX_EPOCH,
        active: Timestamp::UNIX_EPOCH,
        last: 3,
        answers: 1,
        score: 3,
        accepted: None,
        locked: false,
        pinned: false,
        excerpt: Clean::default(),
        gate: None,
        marks: Marks::default(),
    }
}

fn post(number: u32, body: &str) -> Post {
    Post {
        id: PostId::new(format!("p{number}")),
        thread: ThreadId::new("t"),
        number,
        parent: None,
        author: author("hopper", Role::Expert),
        created: Timestamp::UNIX_EPOCH,
        edited: None,
        body: Clean::block(body),
        score: i64::from(number),
        vote: 0,
        accepted: false,
        deleted: false,
        partial: false,
        may_edit: false,
        version: "1".into(),
    }
}

fn page_of(thread: &Thread, posts: &[(Post, u16, usize)], width: u16, language: Language, cache: &mut Cache) -> Page {
    let (theme, code) = (Theme::built_in("dark", Depth::True), Highlighter::new());
    let rows: Vec<Row<'_>> = posts
        .iter()
        .map(|(post, depth, folded)| Row { post, depth: *depth, folded: *folded, stands: None, above: None })
        .collect();
    let content = Content {
        stale: None,
        plans: &[],
        thread,
        rows: &rows,
        me: None,
        read: 2,
        only_new: None,
        words: &Catalog::new(language),
        age: &|_| "2 h".to_owned(),
        keys: ["w", "4"],
        looks: Looks { theme: &theme, symbols: &Symbols::UNICODE, code: &code },
    };
    lay_out(content, width, cache)
}

fn text_of(page: &Page) -> Vec<String> {
    page.lines.iter().map(|line| line.to_string().trim_end().to_owned()).collect()
}

#[test]
fn a_question_shows_its_answers_and_comments() {
    let accepted = Post {
        accepted: true,
        edited: Some(Timestamp::UNIX_EPOCH),
        ..post(2, "Give it its own [layer](https://a.example).")
    };
    let deleted = Post { deleted: true, body: Clean::default(), ..post(3, "") };
    let posts = [(post(1, "It is cut. See https://b.example"), 0, 0), (accepted, 0, 2), (deleted, 1, 0)];
    let page = page_of(&thread(Kind::Question), &posts, 50, Language::English, &mut Cache::default());
    assert_eq!(
        text_of(&page),
        [
            " How do I stream SSE through a tower layer?",
            " question · #axum #tower",
            "",
            " ▲1 hopper · expert · 2 h",
            " It is cut. See https://b.example [1]",
            "",
            " ── 1 answer · by votes ─────────────────────────",
            "",
            " ✔ ▲2 hopper · expert · 2 h · edited",
            " Give it its own layer (a.example) [2].",
            " ▸ 2 replies folded",
            "",
            "   • hopper · expert · 2 h · unread",
            "   This post was taken away.",
            "",
        ]
    );
    assert_eq!(page.links, ["https://b.example", "https://a.example"]);
    assert_eq!(page.anchor(2), Some(&Anchor { number: 2, line: 8, lines: 4, indent: 1 }));
    assert_eq!(page.anchors.iter().map(|a| a.number).collect::<Vec<_>>(), [1, 2, 3]);
}

#[test]
fn a_gated_thread_says_what_opens_it() {
    let gate = Gate {
        required: Tier { slug: "pro".into(), name: "Pro".into(), rank: 2 },
        plans: vec![PlanId::new("pro-month"), PlanId::new("pro-year")],
    };
    let gated = Thread { gate: Some(gate), locked: true, ..thread(Kind::Article) };
    let posts = [(Post { partial: true, ..post(1, "First words…") }, 0, 0)];
    let page = page_of(&gated, &posts, 40, Language::English, &mut Cache::default());
    assert_eq!(
        text_of(&page)[2..],
        [
            " article · #axum #tower · locked",
            "",
            " ▲1 hopper · expert · 2 h",
            " First words…",
            "",
            " ╭────────────────────────────────────╮",
            " │ The rest is for Pro.               │",
            " │ Plans that open it: pro-month ·    │",
            " │ pro-year                           │",
            " │ w why  4 membership                │",
            " ╰────────────────────────────────────╯",
            "",
        ]
    );
}

#[test]
fn no_line_is_too_wide_in_either_language() {
    let posts = [
        (post(1, "很长的一段中文，里面有 `code` 和 https://example.com/a/long/address。"), 0, 0),
        (Post { author: author("一个很长很长的名字很长很长", Role::Owner), ..post(2, "x\u{202e}y") }, 5, 3),
    ];
    for language in Language::ALL {
        for columns in [12, 20, 39, 74] {
            let page = page_of(&thread(Kind::Discussion), &posts, columns, language, &mut Cache::default());
            for line in &page.lines {
                assert!(super::super::markdown::line_width(line) <= usize::from(columns), "{columns}: {line}");
            }
        }
    }
}

#[test]
fn a_body_is_laid_out_once() {
    let posts = [(post(1, "one https://a.example"), 0, 0), (post(2, "two"), 0, 0)];
    let mut cache = Cache::default();
    let lay = |posts: &[(Post, u16, usize)], width, cache: &mut Cache| {
        page_of(&thread(Kind::Discussion), posts, width, Language::English, cache)
    };
    lay(&posts, 40, &mut cache);
    let kept: Vec<_> = cache.bodies();
    assert_eq!(kept.len(), 2);
    let voted = [(Post { score: 9, ..posts[0].0.clone() }, 0, 0), posts[1].clone()];
    lay(&voted, 40, &mut cache);
    assert!(kept.iter().all(|body| cache.holds(body)));
    let edited = [(Post { version: "2".into(), ..posts[0].0.clone() }, 0, 0), posts[1].clone()];
    lay(&edited, 40, &mut cache);
    assert_eq!(kept.iter().filter(|body| cache.holds(body)).count(), 1);
    lay(&edited, 30, &mut cache);
    assert!(kept.iter().all(|body| !cache.holds(body)));
    assert_eq!(cache.bodies().len(), 2);
}
