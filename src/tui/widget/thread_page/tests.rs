use super::*;
use crate::base::ids::{PlanId, PostId, SpaceId, ThreadId, Username};
use crate::base::text::Clean;
use crate::config::locale::Language;
use crate::model::{markup::Mark, member::Role, thread::Gate};
use crate::model::{member::Author, plan::Tier, thread::Marks};
use crate::tui::{
    symbols::Symbols,
    theme::{Depth, Theme},
    widget::{highlight::Highlighter, markdown::Opened},
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
        accepted_number: None,
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

fn row(post: &Post, depth: u16, folded: usize) -> Row<'_> {
    Row { post, depth, folded, stands: None, above: None, opened: None }
}

fn page_of(thread: &Thread, posts: &[(Post, u16, usize)], width: u16, language: Language, cache: &mut Cache) -> Page {
    let (theme, code) = (Theme::built_in("dark", Depth::True), Highlighter::new());
    let rows: Vec<Row<'_>> = posts.iter().map(|(post, depth, folded)| row(post, *depth, *folded)).collect();
    let words = Catalog::new(language);
    let content = Content {
        stale: None,
        plans: &[],
        thread,
        rows: &rows,
        me: None,
        read: 2,
        only_new: None,
        words: &words,
        age: &|_| "2 h".to_owned(),
        keys: ["w", "4"],
        looks: Looks { theme: &theme, symbols: &Symbols::UNICODE, code: &code, words: &words },
    };
    lay_out(content, width, cache)
}

fn text_of(page: &Page) -> Vec<String> {
    page.lines().map(|line| line.to_string().trim_end().to_owned()).collect()
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
    let link = |number| page.numbered(number).map(|found| (found.post, found.mark.clone()));
    assert_eq!(link(1), Some((1, Mark::Link("https://b.example".into()))));
    assert_eq!(link(2), Some((2, Mark::Link("https://a.example".into()))));
    assert_eq!((link(0), link(3), page.numbers_of(2), page.marks()), (None, None, 2..3, 2));
    assert_eq!(page.anchor(2), Some(&Anchor { number: 2, line: 8, lines: 4, indent: 1 }));
    assert_eq!(page.anchors().iter().map(|a| a.number).collect::<Vec<_>>(), [1, 2, 3]);
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
        for columns in [1, 2, 3, 5, 12, 20, 39, 74] {
            let page = page_of(&thread(Kind::Discussion), &posts, columns, language, &mut Cache::default());
            for line in page.lines() {
                assert!(super::super::markdown::line_width(&line) <= usize::from(columns), "{columns}: {line}");
            }
        }
    }
}

#[test]
fn only_what_changed_is_laid_out_again() {
    let link = "one https://a.example";
    let mut posts: Vec<(Post, u16, usize)> = (1..=1_000).map(|number| (post(number, link), 0, 0)).collect();
    let mut cache = Cache::default();
    let lay = |posts: &[(Post, u16, usize)], width, cache: &mut Cache| {
        let before = cache.counts();
        let page = page_of(&thread(Kind::Discussion), posts, width, Language::English, cache);
        let after = cache.counts();
        (page, [after.parsed - before.parsed, after.laid - before.laid, after.sections - before.sections])
    };
    let (page, cost) = lay(&posts, 40, &mut cache);
    assert_eq!((cost, page.marks()), ([1_000, 1_000, 1_000], 1_000));
    assert_eq!(lay(&posts, 40, &mut cache).1, [0, 0, 0]);
    posts[0].0.score = 9;
    assert_eq!(lay(&posts, 40, &mut cache).1, [0, 0, 1], "a vote puts one post together");
    posts.push((post(1_001, link), 0, 0));
    assert_eq!(lay(&posts, 40, &mut cache).1, [1, 1, 1], "a new post costs itself");
    (posts[500].0.version, posts[500].0.body) = ("2".into(), Clean::block("two https://b.example"));
    assert_eq!(lay(&posts, 40, &mut cache).1, [1, 1, 1], "an edited one too");
    assert_eq!(lay(&posts, 30, &mut cache).1, [0, 1_001, 1_001], "a width lays out what was read before");
    // A picture of the page costs the lines that it has.
    let (page, _) = lay(&posts, 30, &mut cache);
    assert!(page.height() > 3_000);
    assert_eq!(page.anchors_in(1_000..1_010).len(), 3);
    assert!(page.line(page.height() - 1).is_some() && page.line(page.height()).is_none());
}

#[test]
fn what_is_unfolded_lays_out_its_post_alone() {
    let folded = "<details><summary>Log</summary>\n\nhidden\n\n</details>\n\nit was ||me||";
    let posts: Vec<Post> = (1..=3).map(|number| post(number, folded)).collect();
    let (theme, code, words) =
        (Theme::built_in("dark", Depth::True), Highlighter::new(), Catalog::new(Language::English));
    let looks = Looks { theme: &theme, symbols: &Symbols::UNICODE, code: &code, words: &words };
    let mut cache = Cache::default();
    let mut lay = |opened: Option<&Opened>| {
        let before = cache.counts().laid;
        let rows: Vec<Row<'_>> =
            posts.iter().map(|p| Row { opened: opened.filter(|_| p.number == 2), ..row(p, 0, 0) }).collect();
        let thread = thread(Kind::Discussion);
        let content = Content {
            stale: None,
            plans: &[],
            thread: &thread,
            rows: &rows,
            me: None,
            read: 9,
            only_new: None,
            words: &words,
            age: &|_| "2 h".to_owned(),
            keys: ["w", "4"],
            looks,
        };
        let page = lay_out(content, 40, &mut cache);
        (page, cache.counts().laid - before)
    };
    let (page, cost) = lay(None);
    assert_eq!(cost, 3);
    let kinds: Vec<_> = page.places_in(0..page.height()).iter().map(|p| (p.post, p.place, p.kind)).collect();
    let closed =
        |post| [(post, 0, super::super::markdown::Kind::Closed), (post, 1, super::super::markdown::Kind::Closed)];
    assert_eq!(kinds, [closed(1), closed(2), closed(3)].concat());
    let mut opened = Opened::default();
    opened.toggle(0);
    let (page, cost) = lay(Some(&opened));
    assert_eq!(cost, 1);
    let text = text_of(&page);
    let at = page.anchor(2).map(|a| a.line).unwrap();
    assert_eq!(text[at + 1..at + 5], [" ▾ Log [3]", "   hidden", "", " it was ░spoiler░ [4]"]);
    assert_eq!(text.iter().filter(|line| line.contains("hidden")).count(), 1);
}
