//! What the store promises.

mod drafts;
mod inbox;
mod opening;
mod outbox;
mod posts;
mod search;
mod standing;
mod steps;
mod threads;

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use super::*;
use crate::base::ids::{PostId, SpaceId, ThreadId, Username};
use crate::base::text::Clean;
use crate::base::time::SignedDuration;
use crate::model::draft::{Draft, Place};
use crate::model::member::{Author, Role};
use crate::model::plan::Tier;
use crate::model::post::Post;
use crate::model::thread::{Gate, Kind, Marks, Thread};

/// So many minutes after the beginning of all tests.
fn minute(minutes: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000).unwrap() + SignedDuration::from_mins(minutes)
}

fn author(name: &str) -> Author {
    Author { username: Username::new(name), name: Clean::line(name), role: Role::Member }
}

fn thread_id(id: u32) -> ThreadId {
    ThreadId::new(id.to_string())
}

/// Thread `id`, opened and last active in minute `id`, with two posts.
fn thread(id: u32) -> Thread {
    Thread {
        id: thread_id(id),
        space: SpaceId::new("help"),
        kind: Kind::Discussion,
        title: Clean::line(&format!("Title {id}")),
        author: author("ada"),
        tags: vec![Clean::line("rust")],
        created: minute(id.into()),
        active: minute(id.into()),
        last: 2,
        answers: 0,
        score: 0,
        accepted: None,
        accepted_number: None,
        locked: false,
        pinned: false,
        excerpt: Clean::line("first words"),
        gate: None,
        marks: Marks { read: 2, ..Marks::default() },
    }
}

fn gated(thread: Thread) -> Thread {
    let required = Tier { slug: "pro".into(), name: "Pro".into(), rank: 1 };
    Thread { gate: Some(Gate { required, plans: Vec::new() }), ..thread }
}

fn post(thread: u32, number: u32, body: &str) -> Post {
    Post {
        id: PostId::new(format!("{thread}-{number}")),
        thread: thread_id(thread),
        number,
        parent: None,
        author: author("ada"),
        created: minute(i64::from(thread) + i64::from(number)),
        edited: None,
        body: Clean::block(body),
        score: 0,
        vote: 0,
        accepted: false,
        deleted: false,
        partial: false,
        may_edit: false,
        version: "1".into(),
    }
}

fn ids(threads: &[Kept<Thread>]) -> Vec<&str> {
    threads.iter().map(|thread| thread.value.id.as_str()).collect()
}

async fn memory() -> Store {
    Store::in_memory().await.unwrap()
}

/// A store in a folder that goes with the first part.
async fn on_disk() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("deep/store.db")).await.unwrap();
    (folder, store)
}

/// The steps by which SQLite would answer a statement.
pub(super) async fn steps(store: &Store, sql: impl std::fmt::Display) -> String {
    let sql = sqlx::AssertSqlSafe(format!("EXPLAIN QUERY PLAN {sql}"));
    let rows = sqlx::query(sql).fetch_all(&store.readers).await.unwrap();
    rows.iter().map(|row| sqlx::Row::get::<String, _>(row, "detail") + "\n").collect()
}

#[tokio::test]
async fn documents_are_replaced_and_those_of_another_shape_are_not_there() {
    let store = memory().await;
    assert_eq!(store.document::<u32>("about").await.unwrap(), None);
    store.keep_document("about", &7_u32, minute(1)).await.unwrap();
    store.keep_document("about", &8_u32, minute(2)).await.unwrap();
    assert_eq!(store.document::<u32>("about").await.unwrap(), Some(Kept { value: 8, at: minute(2) }));
    assert_eq!(store.document::<Vec<String>>("about").await.unwrap(), None);
}

/// Another program on the same file, for the test below. Told the path on its standard input, where it waits for its end.
#[tokio::test]
#[ignore = "started by another test"]
async fn another_program() {
    let mut path = String::new();
    std::io::stdin().read_line(&mut path).unwrap();
    if path.trim().is_empty() {
        return;
    }
    let store = Store::open(Path::new(path.trim())).await.unwrap();
    let window = store.enter("other".into()).await.unwrap();
    store.keep_draft(&window, &draft("theirs"), minute(0)).await.unwrap();
    let change = draft("sent").change();
    store.enqueue(&window, &outbox::new("k", change)).await.unwrap();
    writeln!(std::io::stderr(), "written").unwrap();
    std::io::stdin().read_line(&mut path).unwrap();
}

fn draft(body: &str) -> Draft {
    Draft { body: body.into(), ..Draft::new(Place::Reply { thread: thread_id(1), parent: None }, "about") }
}

#[tokio::test]
async fn what_a_program_wrote_that_was_killed_is_taken_over() {
    let (_folder, store) = on_disk().await;
    let window = store.enter("own".into()).await.unwrap();
    let name = "store::tests::another_program";
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args([name, "--exact", "--ignored", "--nocapture"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut program = program.stdout(Stdio::null()).spawn().unwrap();
    let mut input = program.stdin.take().unwrap();
    writeln!(input, "{}", store.path().unwrap().display()).unwrap();
    let output = BufReader::new(program.stderr.take().unwrap());
    assert!(output.lines().any(|line| line.unwrap().ends_with("written")), "it did not get that far");

    let whose = async || store.drafts(&window).await.unwrap()[0].whose;
    store.adopt(&window).await.unwrap();
    assert_eq!(whose().await, Whose::Other);
    assert_eq!(store.claim(&window, minute(0)).await.unwrap(), None);
    // No last words: as from `kill -9`.
    program.kill().unwrap();
    program.wait().unwrap();
    assert_eq!(whose().await, Whose::Nobody);
    store.adopt(&window).await.unwrap();
    assert_eq!(whose().await, Whose::Mine);
    assert!(store.claim(&window, minute(0)).await.unwrap().is_some());
}

#[tokio::test]
async fn it_can_say_how_much_it_holds() {
    let store = memory().await;
    store.keep_threads(&[thread(1), thread(2)], minute(0)).await.unwrap();
    store.keep_posts(&thread_id(1), &[post(1, 1, "a")], minute(0)).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.threads, counts.posts), (2, 1));
    assert!(counts.bytes > 10_000, "{counts:?}");
}

/// Tasks of any runtime may call everything: this compiles or not.
#[tokio::test]
async fn calls_may_move_between_threads() {
    fn any_thread(_: impl Send) {}
    let store = memory().await;
    let window = store.enter("a".into()).await.unwrap();
    let (id, place) = (thread_id(1), draft("").place);
    let query = crate::model::search::Query::default();
    any_thread(store.document::<String>("a"));
    any_thread(store.keep_list("a", &List::default(), minute(0)));
    any_thread(store.feed(crate::model::feed::View::Latest, Span::default()));
    any_thread(store.threads(&crate::model::feed::ThreadQuery::default(), None, Span::default()));
    any_thread(store.posts(&id, crate::model::page::Window::Start, 1));
    any_thread(store.keep_inbox(&crate::model::page::Page::default(), false, true, minute(0)));
    any_thread(store.search(&query, 0, 1));
    any_thread(store.stale(1));
    any_thread((store.drafts(&window), store.drop_draft(&window, &place), store.adopt(&window)));
    any_thread((store.claim(&window, minute(0)), store.next_due(&window), store.outbox()));
    any_thread(store.recall(&window, crate::model::outbox::EntryId(1), minute(0)));
}

#[tokio::test]
async fn a_call_that_is_dropped_half_way_did_nothing_and_blocks_nobody() {
    let store = memory().await;
    let threads: Vec<Thread> = (1..=2000).map(thread).collect();
    let mut call = Box::pin(store.keep_threads(&threads, minute(0)));
    for _ in 0..20 {
        let _ = futures_util::poll!(call.as_mut());
        tokio::task::yield_now().await;
    }
    drop(call);
    assert_eq!(store.counts().await.unwrap().threads, 0);
    store.keep_threads(&threads, minute(0)).await.unwrap();
    assert_eq!(store.counts().await.unwrap().threads, 2000);
}
