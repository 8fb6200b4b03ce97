//! Measures texts on their way to the screen: `cargo bench --bench render`. A post of 1 MB and a thread of 1,000 posts are
//! read as Markdown, laid out and paged through at 120×40, without a terminal. Prints one table; asserts nothing.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use lyceum::base::ids::{PostId, SpaceId, ThreadId, Username};
use lyceum::base::text::Clean;
use lyceum::base::time::Timestamp;
use lyceum::config::locale::{Catalog, Language};
use lyceum::model::member::{Author, Role};
use lyceum::model::post::Post;
use lyceum::model::thread::{Kind, Marks, Thread};
use lyceum::model::{markup::parse, thread};
use lyceum::tui::symbols::Symbols;
use lyceum::tui::theme::{Depth, Theme};
use lyceum::tui::widget::highlight::Highlighter;
use lyceum::tui::widget::markdown::{Looks, Opened, layout};
use lyceum::tui::widget::thread_page::{Cache, Content, Page, Row, lay_out};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::text::{Line, Text};

const COLUMNS: u16 = 120;
const LINES: usize = 40;
const MEGABYTE: usize = 1 << 20;
const POSTS: u32 = 1_000;

/// Everything a reader writes within a screenful: prose in two scripts, a list, a table, code.
fn screenful(n: usize) -> String {
    let mut text = format!("## Part {n}\n\nA stream of *bytes* through the layer below keeps its order ({n}), ");
    text.push_str("while the queue drains and [nobody](https://docs.example/queue) waits for `it`. ");
    text.push_str("线程在等待队列时不占用处理器，所以总时间只取决于最慢的那一步。\n\n");
    let _ = write!(
        text,
        "- one point\n- another, with **weight**\n  1. and below it\n\n| n | what |\n|--:|---|\n| {n} | a row |\n\n"
    );
    let _ =
        write!(text, "```rust\nlet n = {n}; // kept\nfor line in lines {{ drain(line)?; }}\n```\n\n> said before\n\n");
    text
}

fn text_of(bytes: usize) -> String {
    (0..)
        .map(screenful)
        .scan(0, |length, text| {
            *length += text.len();
            (*length <= bytes).then_some(text)
        })
        .collect()
}

struct Desk {
    theme: Theme,
    code: Highlighter,
    words: Catalog,
}

impl Desk {
    fn looks(&self) -> Looks<'_> {
        Looks { theme: &self.theme, symbols: &Symbols::UNICODE, code: &self.code, words: &self.words }
    }
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let begin = Instant::now();
    let done = work();
    (begin.elapsed(), done)
}

fn row(what: &str, value: &str) {
    println!("| {what} | {value} |");
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

/// Draws page after page; the mean and the longest time of one.
fn paged(height: usize, line: impl Fn(usize) -> Option<Line<'static>>) -> String {
    let mut terminal = Terminal::new(TestBackend::new(COLUMNS, LINES as u16)).unwrap();
    let mut times = Vec::new();
    for top in (0..height).step_by(LINES) {
        let (time, ()) = timed(|| {
            let lines: Vec<Line<'static>> = (top..top + LINES).filter_map(&line).collect();
            terminal.draw(|frame| frame.render_widget(Text::from(lines), frame.area())).unwrap();
        });
        times.push(time);
    }
    let mean = times.iter().sum::<Duration>() / times.len().max(1) as u32;
    let longest = times.iter().max().copied().unwrap_or_default();
    format!("{} pages, {} each, {} at most", times.len(), ms(mean), ms(longest))
}

fn post_of_a_megabyte(desk: &Desk) {
    let text = text_of(MEGABYTE);
    let (cleaned, clean) = timed(|| Clean::block(&text));
    row(&format!("{} bytes: cleaned, and cut to {} as a post is", text.len(), clean.len()), &ms(cleaned));
    for (what, text) in [("as a post is shown", clean.as_str()), ("uncut", text.as_str())] {
        let (read, document) = timed(|| parse(text));
        row(&format!("{what}: read as Markdown"), &ms(read));
        let (first, laid) = timed(|| layout(&document, COLUMNS - 2, 1, &Opened::default(), desk.looks()));
        row(&format!("{what}: laid out, {} lines", laid.lines.len()), &ms(first));
        let (again, narrow) = timed(|| layout(&document, 78, 1, &Opened::default(), desk.looks()));
        row(
            &format!("{what}: laid out for 80 columns, {} lines, its code sorted before", narrow.lines.len()),
            &ms(again),
        );
        row(&format!("{what}: paged through"), &paged(laid.lines.len(), |at| laid.lines.get(at).cloned()));
    }
}

fn author() -> Author {
    Author { username: Username::new("grace"), name: Clean::line("Grace"), role: Role::Member }
}

fn post(number: u32) -> Post {
    Post {
        id: PostId::new(format!("p{number}")),
        thread: ThreadId::new("t"),
        number,
        parent: None,
        author: author(),
        created: Timestamp::UNIX_EPOCH,
        edited: None,
        body: Clean::block(&screenful(number as usize)),
        score: 0,
        vote: 0,
        accepted: false,
        deleted: false,
        partial: false,
        may_edit: false,
        version: "1".into(),
    }
}

fn thread() -> Thread {
    Thread {
        id: ThreadId::new("t"),
        space: SpaceId::new("help"),
        kind: Kind::Discussion,
        title: Clean::line("A thread of many posts"),
        author: author(),
        tags: Vec::new(),
        created: Timestamp::UNIX_EPOCH,
        active: Timestamp::UNIX_EPOCH,
        last: POSTS,
        answers: 0,
        score: 0,
        accepted: None,
        accepted_number: None,
        locked: false,
        pinned: false,
        excerpt: Clean::default(),
        gate: None,
        marks: Marks::default(),
    }
}

fn page(desk: &Desk, thread: &thread::Thread, posts: &[Post], cache: &mut Cache) -> Page {
    let show = |post| Row { post, depth: 0, folded: 0, stands: None, above: None, opened: None };
    let rows: Vec<Row<'_>> = posts.iter().map(show).collect();
    let content = Content {
        thread,
        rows: &rows,
        read: 0,
        only_new: None,
        me: None,
        words: &desk.words,
        age: &|_| "2 h".to_owned(),
        keys: ["w", "4"],
        plans: &[],
        stale: None,
        looks: desk.looks(),
    };
    lay_out(content, COLUMNS, cache)
}

fn thread_of_many_posts(desk: &Desk) {
    let (thread, mut cache) = (thread(), Cache::default());
    let mut posts: Vec<Post> = (1..=POSTS).map(post).collect();
    let (first, made) = timed(|| page(desk, &thread, &posts, &mut cache));
    row(&format!("{POSTS} posts: laid out, {} lines", made.height()), &ms(first));
    let (same, _) = timed(|| page(desk, &thread, &posts, &mut cache));
    row(&format!("{POSTS} posts: put together again, nothing new"), &ms(same));
    posts.push(post(POSTS + 1));
    let (one, made) = timed(|| page(desk, &thread, &posts, &mut cache));
    row(&format!("{POSTS} posts: one more"), &ms(one));
    row(&format!("{POSTS} posts: paged through"), &paged(made.height(), |at| made.line(at)));
    let step = |top: usize| (top..top + LINES).filter_map(|at| made.line(at)).count();
    let (lines, _) = timed(|| (0..1_000).map(step).sum::<usize>());
    row(&format!("{POSTS} posts: one line down, lines put together"), &ms(lines / 1_000));
}

fn main() {
    let desk = Desk {
        theme: Theme::built_in("dark", Depth::True),
        code: Highlighter::new(),
        words: Catalog::new(Language::English),
    };
    println!("| measure | value |\n|---|---|");
    let (loaded, _) = timed(|| desk.code.lines("rust", "let n = 1;\n"));
    row("the grammars for colours are loaded, once", &ms(loaded));
    post_of_a_megabyte(&desk);
    thread_of_many_posts(&desk);
}
