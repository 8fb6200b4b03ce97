//! Threads, one at a time. Lists of them are in [`super::lists`].

use std::collections::{BTreeMap, HashMap};

use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::row::{json, kept, micros, ordinal};
use super::{Db, Kept, Result, Store, index, posts};
use crate::base::ids::ThreadId;
use crate::base::time::Timestamp;
use crate::model::thread::{Kind, Thread};

/// Threads written by one statement.
const AT_ONCE: usize = 128;

impl Store {
    /// Keeps threads, in place of what was known of them. One that this reader may no longer read whole loses its whole
    /// posts, here and in the search.
    ///
    /// # Errors
    /// As every call; then none of them was kept.
    pub async fn keep_threads(&self, threads: &[Thread], at: Timestamp) -> Result<()> {
        let mut write = self.begin(&self.cache).await?;
        let done = keep(&mut write, threads, at).await;
        self.end(write, done).await
    }

    /// One thread.
    ///
    /// # Errors
    /// As every call.
    pub async fn thread(&self, id: &ThreadId) -> Result<Option<Kept<Thread>>> {
        self.told(find(&self.readers, id).await)
    }

    /// Drops a thread with its posts, here and in the search. That it was noted as out of date stays noted until
    /// [`Store::refreshed`].
    ///
    /// # Errors
    /// As every call.
    pub async fn forget_thread(&self, id: &ThreadId) -> Result<()> {
        let mut write = self.begin(&self.cache).await?;
        let done = forget(&mut write, id).await;
        self.end(write, done).await
    }
}

async fn find(db: &SqlitePool, id: &ThreadId) -> sqlx::Result<Option<Kept<Thread>>> {
    let sql = "SELECT body, at FROM threads WHERE id = $1";
    let row = sqlx::query(sql).bind(id.as_str()).fetch_optional(db).await?;
    row.as_ref().map_or(Ok(None), kept)
}

/// A thread that is kept already.
struct Before {
    row: i64,
    head: String,
}

/// A thread to be written.
struct Fresh<'a> {
    row: i64,
    thread: &'a Thread,
    head: String,
    is_same_head: bool,
}

async fn keep(db: &mut Db, threads: &[Thread], at: Timestamp) -> sqlx::Result<()> {
    let sql = "SELECT COALESCE(MAX(row), 0) FROM threads";
    let mut last: i64 = sqlx::query_scalar(sql).fetch_one(&mut *db).await?;
    for some in threads.chunks(AT_ONCE) {
        // Of two with one id the later counts.
        let some: BTreeMap<&str, &Thread> = some.iter().map(|thread| (thread.id.as_str(), thread)).collect();
        let before = before(db, &some).await?;
        let mut fresh = Vec::with_capacity(some.len());
        for (id, thread) in some {
            let (head, known) = (index::head(thread), before.get(id));
            let row = known.map_or(last + 1, |known| known.row);
            last = last.max(row);
            fresh.push(Fresh { row, thread, is_same_head: known.is_some_and(|known| known.head == head), head });
        }
        put(db, &fresh, at).await?;
        for closed in fresh.iter().filter(|fresh| fresh.thread.gate.is_some()) {
            posts::drop_whole(db, &closed.thread.id).await?;
        }
        fresh.retain(|fresh| !fresh.is_same_head);
        set_tags(db, &fresh).await?;
        let heads = fresh.iter().map(|fresh| (fresh.thread.id.as_str(), fresh.head.as_str())).collect();
        posts::index_openings(db, &heads).await?;
    }
    Ok(())
}

/// What is kept of these threads already, by id.
async fn before(db: &mut Db, threads: &BTreeMap<&str, &Thread>) -> sqlx::Result<HashMap<String, Before>> {
    let ids: Vec<&str> = threads.keys().copied().collect();
    let sql = "SELECT row, id, head FROM threads WHERE id IN (SELECT value FROM json_each($1))";
    let rows = sqlx::query(sql).bind(json(&ids)?).fetch_all(db).await?;
    let read =
        |row: &SqliteRow| Ok((row.try_get("id")?, Before { row: row.try_get("row")?, head: row.try_get("head")? }));
    rows.iter().map(read).collect()
}

async fn put(db: &mut Db, threads: &[Fresh<'_>], at: Timestamp) -> sqlx::Result<()> {
    let bodies = threads.iter().map(|fresh| json(fresh.thread)).collect::<sqlx::Result<Vec<_>>>()?;
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO threads (row, id, ordinal, space, kind, author, created, active, answers, score, open, solved, \
         pinned, gated, unread, follow, bookmark, head, body, at) ",
    );
    sql.push_values(threads.iter().zip(bodies), |mut values, (Fresh { row, thread, head, .. }, body)| {
        let is_question = thread.kind == Kind::Question;
        values.push_bind(*row).push_bind(thread.id.as_str()).push_bind(ordinal(thread.id.as_str()));
        values.push_bind(thread.space.as_str()).push_bind(thread.kind.as_str());
        values.push_bind(thread.author.username.as_str());
        values.push_bind(micros(thread.created)).push_bind(micros(thread.active));
        values.push_bind(thread.answers).push_bind(thread.score);
        values.push_bind(is_question && !thread.is_solved()).push_bind(is_question && thread.is_solved());
        values.push_bind(thread.pinned).push_bind(thread.gate.is_some()).push_bind(thread.has_news());
        values.push_bind(thread.marks.follow).push_bind(thread.marks.bookmark);
        values.push_bind(head).push_bind(body).push_bind(micros(at));
    });
    sql.push(
        " ON CONFLICT (row) DO UPDATE SET space = excluded.space, kind = excluded.kind, author = excluded.author, \
         created = excluded.created, active = excluded.active, answers = excluded.answers, score = excluded.score, \
         open = excluded.open, solved = excluded.solved, pinned = excluded.pinned, gated = excluded.gated, \
         unread = excluded.unread, follow = excluded.follow, bookmark = excluded.bookmark, head = excluded.head, \
         body = excluded.body, at = excluded.at",
    );
    sql.build().execute(db).await.map(drop)
}

async fn set_tags(db: &mut Db, threads: &[Fresh<'_>]) -> sqlx::Result<()> {
    let rows: Vec<i64> = threads.iter().map(|fresh| fresh.row).collect();
    let sql = "DELETE FROM thread_tags WHERE thread IN (SELECT value FROM json_each($1))";
    sqlx::query(sql).bind(json(&rows)?).execute(&mut *db).await?;
    let tags = threads.iter().flat_map(|fresh| fresh.thread.tags.iter().map(|tag| (tag.as_str(), fresh.row)));
    let tags: Vec<(&str, i64)> = tags.collect();
    let sql = "INSERT OR IGNORE INTO thread_tags (tag, thread) SELECT value ->> 0, value ->> 1 FROM json_each($1)";
    sqlx::query(sql).bind(json(&tags)?).execute(db).await.map(drop)
}

async fn forget(db: &mut Db, id: &ThreadId) -> sqlx::Result<()> {
    posts::drop_all(db, id).await?;
    sqlx::query("DELETE FROM threads WHERE id = $1").bind(id.as_str()).execute(db).await.map(drop)
}
