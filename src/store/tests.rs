//! What the store promises.

mod drafts;
mod inbox;
mod opening;
mod outbox;
mod posts;
mod search;
mod standing;
mod threads;

use super::*;
use crate::base::ids::{PostId, SpaceId, ThreadId, Username};
use crate::base::text::Clean;
use crate::base::time::SignedDuration;
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

#[tokio::test]
async fn it_can_say_how_much_it_holds() {
    let store = memory().await;
    store.keep_threads(&[thread(1), thread(2)], minute(0)).await.unwrap();
    store.keep_posts(&thread_id(1), &[post(1, 1, "a")], minute(0)).await.unwrap();
    let counts = store.counts().await.unwrap();
    assert_eq!((counts.threads, counts.posts), (2, 1));
    assert!(counts.bytes > 10_000, "{counts:?}");
}

#[tokio::test]
async fn a_call_that_is_dropped_half_way_did_nothing_and_blocks_nobody() {
    let store = memory().await;
    let threads: Vec<Thread> = (1..200).map(thread).collect();
    let mut call = Box::pin(store.keep_threads(&threads, minute(0)));
    for _ in 0..20 {
        let _ = futures_util::poll!(call.as_mut());
        tokio::task::yield_now().await;
    }
    drop(call);
    assert_eq!(store.counts().await.unwrap().threads, 0);
    store.keep_threads(&threads, minute(0)).await.unwrap();
    assert_eq!(store.counts().await.unwrap().threads, 199);
}
