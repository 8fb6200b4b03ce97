//! Where the community's sequence of changes stands here, and what is known to be out of date since.

use sqlx::{Row, SqlitePool};

use super::row::count;
use super::{Db, Result, Store};
use crate::base::ids::ThreadId;

/// A thread that is out of date, and those of its posts that are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stale {
    /// Which thread.
    pub thread: ThreadId,
    /// Numbers of posts, ascending.
    pub numbers: Vec<u32>,
    /// What was noted up to here is in it.
    pub mark: u64,
}

pub(super) const STALE: &str = "SELECT thread, mark FROM stale_threads ORDER BY first, thread LIMIT $1";

impl Store {
    /// How far the community's changes were noted; none before the first.
    ///
    /// # Errors
    /// As every call.
    pub async fn position(&self) -> Result<Option<u64>> {
        let sql = "SELECT position FROM standing";
        let position: Option<i64> = self.told(sqlx::query_scalar(sql).fetch_one(&self.readers).await)?;
        Ok(position.map(i64::cast_unsigned))
    }

    /// Notes threads, and posts of them by number, as out of date, and that the sequence stands at `position`: both or
    /// neither.
    ///
    /// # Errors
    /// As every call.
    pub async fn note(&self, stale: &[(ThreadId, Option<u32>)], position: u64) -> Result<()> {
        let mut write = self.begin(&self.cache).await?;
        let done = note(&mut write, stale, position).await;
        self.end(write, done).await
    }

    /// What is out of date, at most so many threads, the longest known first.
    ///
    /// # Errors
    /// As every call.
    pub async fn stale(&self, most: u32) -> Result<Vec<Stale>> {
        self.told(list(&self.readers, most).await)
    }

    /// What was noted up to [`Stale::mark`] was fetched again. What was noted since stays.
    ///
    /// # Errors
    /// As every call.
    pub async fn refreshed(&self, stale: &Stale) -> Result<()> {
        let mut write = self.begin(&self.cache).await?;
        let done = refreshed(&mut write, stale).await;
        self.end(write, done).await
    }

    /// Drops all that the server has: the community went back in time. What a person wrote stays, and how they arranged
    /// the screen (documents named `layout…`).
    ///
    /// # Errors
    /// As every call; then nothing was dropped.
    pub async fn forget_community(&self) -> Result<()> {
        let mut write = self.begin(&self.cache).await?;
        let done = forget(&mut write).await;
        self.end(write, done).await
    }
}

async fn note(db: &mut Db, stale: &[(ThreadId, Option<u32>)], position: u64) -> sqlx::Result<()> {
    let sql = "UPDATE standing SET position = $1, mark = mark + 1 RETURNING mark";
    let mark: i64 = sqlx::query_scalar(sql).bind(position.cast_signed()).fetch_one(&mut *db).await?;
    for (thread, number) in stale {
        let sql = "INSERT INTO stale_threads (thread, first, mark) VALUES ($1, $2, $2) \
                   ON CONFLICT (thread) DO UPDATE SET mark = excluded.mark";
        sqlx::query(sql).bind(thread.as_str()).bind(mark).execute(&mut *db).await?;
        if let Some(number) = number {
            let sql = "INSERT INTO stale_posts (thread, number, mark) VALUES ($1, $2, $3) \
                       ON CONFLICT (thread, number) DO UPDATE SET mark = excluded.mark";
            sqlx::query(sql).bind(thread.as_str()).bind(number).bind(mark).execute(&mut *db).await?;
        }
    }
    Ok(())
}

async fn list(db: &SqlitePool, most: u32) -> sqlx::Result<Vec<Stale>> {
    let mut db = db.acquire().await?;
    let mut found = Vec::new();
    for row in sqlx::query(STALE).bind(most).fetch_all(&mut *db).await? {
        let thread: String = row.try_get("thread")?;
        let sql = "SELECT number FROM stale_posts WHERE thread = $1 ORDER BY number";
        let numbers: Vec<i64> = sqlx::query_scalar(sql).bind(&thread).fetch_all(&mut *db).await?;
        let numbers = numbers.into_iter().map(count).collect();
        let mark = row.try_get::<i64, _>("mark")?.cast_unsigned();
        found.push(Stale { thread: ThreadId::new(thread), numbers, mark });
    }
    Ok(found)
}

async fn refreshed(db: &mut Db, stale: &Stale) -> sqlx::Result<()> {
    let (thread, mark) = (stale.thread.as_str(), stale.mark.cast_signed());
    let sql = "DELETE FROM stale_posts WHERE thread = $1 AND mark <= $2";
    sqlx::query(sql).bind(thread).bind(mark).execute(&mut *db).await?;
    let sql = "DELETE FROM stale_threads WHERE thread = $1 AND mark <= $2";
    sqlx::query(sql).bind(thread).bind(mark).execute(&mut *db).await?;
    // Noted again meanwhile: known only since then.
    let sql = "UPDATE stale_threads SET first = MAX(first, $2 + 1) WHERE thread = $1";
    sqlx::query(sql).bind(thread).bind(mark).execute(db).await.map(drop)
}

async fn forget(db: &mut Db) -> sqlx::Result<()> {
    let sql = "INSERT INTO post_index (post_index) VALUES ('delete-all'); DELETE FROM posts; DELETE FROM thread_tags; DELETE FROM threads; \
               DELETE FROM lists; DELETE FROM inbox; DELETE FROM stale_posts; DELETE FROM stale_threads; \
               DELETE FROM documents WHERE name NOT LIKE 'layout%'; UPDATE standing SET position = NULL;";
    sqlx::raw_sql(sql).execute(db).await.map(drop)
}
