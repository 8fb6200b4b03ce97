//! Measures what is kept on this machine: `cargo bench --bench store`. Prints tables; asserts nothing.
//!
//! The curves are what matters: a page costs what is shown on it, whatever is stored behind it. Times belong to the
//! machine; the quotients between them do not.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use lyceum::base::ids::{PostId, SpaceId, ThreadId, Username};
use lyceum::base::random::SystemRandom;
use lyceum::base::secret::{ExposeSecret, Secret};
use lyceum::base::text::Clean;
use lyceum::base::time::{SignedDuration, SystemClock, Timestamp};
use lyceum::community::SignIn;
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::config::server::{PasswordCost, Rate, Settings};
use lyceum::engine::account::Sessions;
use lyceum::engine::event::{Event, Progress};
use lyceum::engine::request::{Request, Ticket};
use lyceum::engine::{Engine, Parts, Shelf};
use lyceum::model::feed::View;
use lyceum::model::member::{Author, Role};
use lyceum::model::page::Window;
use lyceum::model::post::Post;
use lyceum::model::search::Query;
use lyceum::model::thread::{Kind, Marks, Thread};
use lyceum::server::state::App;
use lyceum::server::{admin, serve_app};
use lyceum::store::{Span, Store};
use lyceum::vault;

const NOW: Timestamp = Timestamp::UNIX_EPOCH;
/// Runs of which the middle one is printed.
const RUNS: usize = 15;

fn author(n: usize) -> Author {
    let username = Username::new(format!("member{}", n % 50));
    Author { name: Clean::line(username.as_str()), username, role: Role::Member }
}

fn thread(n: usize, last: u32) -> Thread {
    let at = NOW.saturating_add(SignedDuration::from_mins(n as i64)).unwrap();
    Thread {
        id: ThreadId::new(format!("{}", 1_000_000 + n)),
        space: SpaceId::new(["help", "show", "reviews"][n % 3]),
        kind: Kind::ALL[n % 3],
        title: Clean::line(&format!("How does part {n} of the scheduler wake up when nobody polls it?")),
        author: author(n),
        tags: vec![Clean::line("tokio"), Clean::line(["async", "perf", "unsafe"][n % 3])],
        created: at,
        active: at,
        last,
        answers: last - 1,
        score: (n % 17) as i64,
        accepted: None,
        accepted_number: None,
        locked: false,
        pinned: false,
        excerpt: Clean::line("The first words of what was asked, as lists show them."),
        gate: None,
        marks: Marks { read: u32::from(n.is_multiple_of(2)) * last, ..Marks::default() },
    }
}

fn post(thread: &ThreadId, number: u32) -> Post {
    let words = ["runtime", "waker", "future", "executor", "channel", "buffer", "allocator", "线程池", "borrow"];
    let word = |k: u32| words[((number * 7 + k * 3) % 9) as usize];
    let body = format!(
        "Post {number}: the {} holds the {} while `tokio::{}` waits, so the {} never sees unique{number}.\n\n```rust\nlet x = {}({number});\n```\n",
        word(1),
        word(2),
        word(3),
        word(4),
        word(5)
    );
    Post {
        id: PostId::new(format!("{thread}-{number}")),
        thread: thread.clone(),
        number,
        parent: (number > 1 && number.is_multiple_of(3)).then_some(number - 1),
        author: author(number as usize),
        created: NOW,
        edited: None,
        body: Clean::block(&body),
        score: i64::from(number % 5),
        vote: 0,
        accepted: false,
        deleted: false,
        partial: false,
        may_edit: false,
        version: "1".into(),
    }
}

/// The middle time of several runs.
async fn middle<F: Future<Output = usize>>(mut run: impl FnMut() -> F) -> (Duration, usize) {
    let (mut times, mut found) = (Vec::new(), 0);
    for _ in 0..RUNS {
        let began = Instant::now();
        found = run().await;
        times.push(began.elapsed());
    }
    times.sort();
    (times[RUNS / 2], found)
}

fn memory() -> u64 {
    let text = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
    line.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

async fn feeds(folder: &Path) {
    println!(
        "\n| cached threads | keep them | open the file, first page of 30 | first page again | unread page | memory |\n|---|---|---|---|---|---|"
    );
    for n in [1_000, 10_000, 100_000] {
        let file = folder.join(format!("feed{n}.db"));
        let store = Store::open(&file).await.unwrap();
        let threads: Vec<Thread> = (0..n).map(|n| thread(n, 3)).collect();
        let began = Instant::now();
        for page in threads.chunks(1000) {
            store.keep_threads(page, NOW).await.unwrap();
        }
        let kept = began.elapsed();
        drop(threads);
        store.close().await;
        let span = || Span { skip: 0, take: 30, until: None };
        let (cold, _) = middle(async || {
            let store = Store::open(&file).await.unwrap();
            let found = store.feed(View::Latest, span()).await.unwrap().len();
            store.close().await;
            found
        })
        .await;
        let store = Store::open(&file).await.unwrap();
        let (warm, _) = middle(async || store.feed(View::Latest, span()).await.unwrap().len()).await;
        let (unread, _) = middle(async || store.feed(View::Unread, span()).await.unwrap().len()).await;
        let rate = n as f64 / kept.as_secs_f64();
        println!("| {n} | {rate:.0}/s | {} | {} | {} | {} KiB |", ms(cold), ms(warm), ms(unread), memory());
        store.close().await;
    }
}

async fn threads(folder: &Path) {
    println!("\n| posts of one thread | keep them | first 300 | 300 around the last | memory |\n|---|---|---|---|---|");
    for n in [1_000_u32, 10_000, 100_000] {
        let store = Store::open(&folder.join(format!("thread{n}.db"))).await.unwrap();
        let id = ThreadId::new("1");
        store.keep_threads(&[Thread { id: id.clone(), ..thread(0, n) }], NOW).await.unwrap();
        let began = Instant::now();
        for from in (1..=n).step_by(100) {
            let page: Vec<Post> = (from..(from + 100).min(n + 1)).map(|number| post(&id, number)).collect();
            store.keep_posts(&id, &page, NOW).await.unwrap();
        }
        let rate = f64::from(n) / began.elapsed().as_secs_f64();
        let open = async |window| store.posts(&id, window, 300).await.unwrap().unwrap().value.items.len();
        let (first, _) = middle(async || open(Window::Start).await).await;
        let (last, _) = middle(async || open(Window::Around(n)).await).await;
        println!("| {n} | {rate:.0}/s | {} | {} | {} KiB |", ms(first), ms(last), memory());
        store.close().await;
    }
}

async fn searches(folder: &Path) {
    println!(
        "\n| cached posts | one rare word | two common words | 线程 | from: and tag: | file | memory |\n|---|---|---|---|---|---|---|"
    );
    for n in [2_000_usize, 20_000, 200_000] {
        let store = Store::open(&folder.join(format!("search{n}.db"))).await.unwrap();
        for t in 0..n / 100 {
            let thread = thread(t, 100);
            store.keep_threads(std::slice::from_ref(&thread), NOW).await.unwrap();
            let posts: Vec<Post> = (1..=100).map(|number| post(&thread.id, number)).collect();
            store.keep_posts(&thread.id, &posts, NOW).await.unwrap();
        }
        let mut cells = Vec::new();
        for words in ["unique77", "waker runtime", "线程", "from:member7 tag:tokio"] {
            let query = Query::parse(words).unwrap();
            let (time, found) = middle(async || store.search(&query, 0, 31).await.unwrap().len()).await;
            cells.push(format!("{} ({found})", ms(time)));
        }
        let bytes = store.counts().await.unwrap().bytes / 1024 / 1024;
        println!("| {n} | {} | {bytes} MiB | {} KiB |", cells.join(" | "), memory());
        store.close().await;
    }
}

/// A server with so many posts, and somebody who fetches them all over HTTP.
async fn first_sync(folder: &Path, threads: i64, posts: i64) {
    let rate = Rate { burst: 1_000_000, seconds: 60 };
    let mut settings = Settings { data_dir: folder.join("server"), ..Settings::default() };
    settings.password_cost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
    settings.limits.per_address = rate;
    settings.limits.per_account = rate;
    settings.limits.per_token = rate;
    settings.limits.everybody = rate;
    let cost = settings.password_cost;
    let data = settings.data_dir.clone();
    let app = App::open(settings, Arc::new(SystemClock), Arc::new(SystemRandom)).await.unwrap();
    admin::make_owner(&data, "ada").await.unwrap();
    admin::set_password(&data, "ada", Secret::from("a long password"), cost).await.unwrap();
    fill(&app, threads, posts).await;
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let origin = Origin::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(serve_app(listener, app, std::future::pending()));
    let vault = Arc::new(vault::memory::Memory::default());
    let sessions = Arc::new(Sessions::open(&origin.to_string(), vault, None));
    let native = Native::new(origin, sessions.clone(), Timeouts::default()).unwrap();
    let session = native.password("ada", &Secret::from("a long password"), None).await.unwrap();
    assert!(!session.access.expose_secret().is_empty());
    sessions.keep("ada", &session);
    let (handle, mut events) = Engine::start(Parts {
        community: Arc::new(native.clone()),
        sign_in: Arc::new(native.clone()),
        security: Arc::new(native),
        sessions,
        shelf: Some(Shelf::in_folder(folder.join("client"))),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    });
    handle.send(Ticket(1), Request::SyncAll);
    let mut told = 0;
    let Progress { threads, posts, took_ms, .. } = loop {
        match events.recv().await.unwrap() {
            Event::Progress(progress) if progress.is_over => break progress,
            Event::Progress(_) => told += 1,
            _ => {}
        }
    };
    let rate = posts * 1000 / took_ms.max(1);
    println!(
        "\nA first sync of {threads} threads and {posts} posts over HTTP: {:.1} s, {rate} posts/s, {told} steps of the bar, {} KiB.",
        took_ms as f64 / 1e3,
        memory()
    );
}

async fn fill(app: &lyceum::server::state::AppState, threads: i64, posts: i64) {
    let each = posts / threads;
    let numbers = |n: i64| format!("WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < {n})");
    let who = "(SELECT id FROM members LIMIT 1)";
    let space = "(SELECT slug FROM spaces LIMIT 1)";
    let statements = [
        format!(
            "{} INSERT INTO threads (id, space, kind, title, author_id, gate, created_at, active_at, updated_at, last_number, answers, score, accepted_post, locked, pinned, preview, version, deleted_at) SELECT x, {space}, 'discussion', 'Thread ' || x, {who}, NULL, x, x, x, {each}, {each} - 1, 0, NULL, 0, 0, 'The opening.', 1, NULL FROM n",
            numbers(threads)
        ),
        format!(
            "{} INSERT INTO posts (id, thread_id, number, parent, author_id, body, created_at, edited_at, deleted_at, score, version) SELECT 1000000 + x, (x - 1) / {each} + 1, (x - 1) % {each} + 1, NULL, {who}, 'Post ' || x || ': the runtime holds the waker while `tokio::select` waits, so the executor never sees it.', x, NULL, NULL, 0, 1 FROM n",
            numbers(threads * each)
        ),
    ];
    let mut write = app.db.write().await.unwrap();
    for statement in statements {
        sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&mut *write).await.unwrap();
    }
    write.commit().await.unwrap();
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        feeds(folder.path()).await;
        threads(folder.path()).await;
        searches(folder.path()).await;
        first_sync(folder.path(), 1_000, 100_000).await;
    });
}
