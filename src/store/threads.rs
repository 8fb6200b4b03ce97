//! Threads, one at a time. Lists of them are in [`super::lists`].

use sqlx::{Row, SqlitePool};

use super::row::{json, kept, micros, ordinal};
use super::{Db, Kept, Result, Store, index, posts};
use crate::base::ids::ThreadId;
use crate::base::time::Timestamp;
use crate::model::thread::Thread;

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

async fn keep(db: &mut Db, threads: &[Thread], at: Timestamp) -> sqlx::Result<()> {
    for thread in threads {
        let head = index::head(thread);
        let sql = "SELECT head FROM threads WHERE id = $1";
        let before: Option<String> = sqlx::query_scalar(sql).bind(thread.id.as_str()).fetch_optional(&mut *db).await?;
        let row = put(db, thread, &head, at).await?;
        if thread.gate.is_some() {
            posts::drop_whole(db, &thread.id).await?;
        }
        if before.as_ref() != Some(&head) {
            set_tags(db, row, thread).await?;
            posts::index_opening(db, &thread.id, &head).await?;
        }
    }
    Ok(())
}

async fn put(db: &mut Db, thread: &Thread, head: &str, at: Timestamp) -> sqlx::Result<i64> {
    let sql = "INSERT INTO threads (id, ordinal, space, kind, author, created, active, answers, score, solved, \
               pinned, gated, unread, follow, bookmark, head, body, at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18) \
               ON CONFLICT (id) DO UPDATE SET space = excluded.space, kind = excluded.kind, \
               author = excluded.author, created = excluded.created, active = excluded.active, \
               answers = excluded.answers, score = excluded.score, solved = excluded.solved, \
               pinned = excluded.pinned, gated = excluded.gated, unread = excluded.unread, \
               follow = excluded.follow, bookmark = excluded.bookmark, head = excluded.head, \
               body = excluded.body, at = excluded.at RETURNING row";
    let id = thread.id.as_str();
    let query = sqlx::query(sql).bind(id).bind(ordinal(id)).bind(thread.space.as_str()).bind(thread.kind.as_str());
    let query = query.bind(thread.author.username.as_str()).bind(micros(thread.created)).bind(micros(thread.active));
    let query = query.bind(thread.answers).bind(thread.score).bind(thread.is_solved()).bind(thread.pinned);
    let query = query.bind(thread.gate.is_some()).bind(thread.has_news()).bind(thread.marks.follow);
    let query = query.bind(thread.marks.bookmark).bind(head).bind(json(thread)?).bind(micros(at));
    query.fetch_one(db).await?.try_get("row")
}

async fn set_tags(db: &mut Db, row: i64, thread: &Thread) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM thread_tags WHERE thread = $1").bind(row).execute(&mut *db).await?;
    for tag in &thread.tags {
        let sql = "INSERT OR IGNORE INTO thread_tags (tag, thread) VALUES ($1, $2)";
        sqlx::query(sql).bind(tag.as_str()).bind(row).execute(&mut *db).await?;
    }
    Ok(())
}

async fn forget(db: &mut Db, id: &ThreadId) -> sqlx::Result<()> {
    posts::drop_all(db, id).await?;
    sqlx::query("DELETE FROM threads WHERE id = $1").bind(id.as_str()).execute(db).await.map(drop)
}
