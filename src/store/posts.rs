//! Posts. A thread may be kept in parts: what is read is always a run without a gap.

use std::collections::HashMap;

use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool};

use super::row::{all_kept, count, json, kept, micros};
use super::{Db, Kept, Result, Store, index};
use crate::base::ids::{PostId, ThreadId};
use crate::base::time::Timestamp;
use crate::model::page::{Cursor, Page, Window};
use crate::model::post::Post;

/// Posts written by one statement.
const AT_ONCE: usize = 64;

impl Store {
    /// Keeps posts of a thread, in place of what was known of them; search finds those that stand.
    ///
    /// # Errors
    /// As every call; then none of them was kept.
    pub async fn keep_posts(&self, thread: &ThreadId, posts: &[Post], at: Timestamp) -> Result<()> {
        let mut write = self.begin(&self.cache).await?;
        let done = keep(&mut write, thread, posts, at).await;
        self.end(write, done).await
    }

    /// The posts that `window` asks for, ascending and without a gap, at most `most`. None when the first that is wanted
    /// is not kept: for [`Window::Around`] the post itself, before which comes up to a third of the page. `next` is set
    /// when the post after the last is kept too. [`Kept::at`] is that of the oldest.
    ///
    /// # Errors
    /// As every call.
    pub async fn posts(&self, thread: &ThreadId, window: Window, most: u32) -> Result<Option<Kept<Page<Post>>>> {
        self.told(run(&self.readers, thread, window, most).await)
    }

    /// The largest number up to which all posts are kept; 0 when the opening post is not.
    ///
    /// # Errors
    /// As every call.
    pub async fn last_kept(&self, thread: &ThreadId) -> Result<u32> {
        self.told(last_kept(&self.readers, thread).await)
    }

    /// Whether a post is kept.
    ///
    /// # Errors
    /// As every call.
    pub async fn has_post(&self, thread: &ThreadId, number: u32) -> Result<bool> {
        self.told(has(&self.readers, thread, number).await)
    }

    /// One post.
    ///
    /// # Errors
    /// As every call.
    pub async fn post(&self, id: &PostId) -> Result<Option<Post>> {
        self.told(find(&self.readers, id).await)
    }
}

async fn keep(db: &mut Db, thread: &ThreadId, posts: &[Post], at: Timestamp) -> sqlx::Result<()> {
    let sql = "SELECT head FROM threads WHERE id = $1";
    let head: Option<String> = sqlx::query_scalar(sql).bind(thread.as_str()).fetch_optional(&mut *db).await?;
    let head = head.unwrap_or_default();
    for some in posts.chunks(AT_ONCE) {
        let rows = put(db, thread, some, at).await?;
        let mut entries = Vec::with_capacity(some.len());
        for post in some {
            let Some(&row) = rows.get(&post.number) else { continue };
            if post.deleted {
                index::remove(db, row).await?;
            } else {
                let head = if post.number == 1 { head.as_str() } else { "" };
                entries.push(index::Entry { row, head, body: &post.body });
            }
        }
        index::put(db, &entries).await?;
    }
    Ok(())
}

/// Writes posts and tells their rows by number.
async fn put(db: &mut Db, thread: &ThreadId, posts: &[Post], at: Timestamp) -> sqlx::Result<HashMap<u32, i64>> {
    let bodies = posts.iter().map(json).collect::<sqlx::Result<Vec<_>>>()?;
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO posts (thread, number, id, author, created, partial, deleted, body, at) ",
    );
    sql.push_values(posts.iter().zip(bodies), |mut values, (post, body)| {
        values.push_bind(thread.as_str()).push_bind(post.number).push_bind(post.id.as_str());
        values.push_bind(post.author.username.as_str()).push_bind(micros(post.created)).push_bind(post.partial);
        values.push_bind(post.deleted).push_bind(body).push_bind(micros(at));
    });
    sql.push(
        " ON CONFLICT (thread, number) DO UPDATE SET id = excluded.id, author = excluded.author, \
         created = excluded.created, partial = excluded.partial, deleted = excluded.deleted, body = excluded.body, \
         at = excluded.at RETURNING row, number",
    );
    let rows = sql.build().fetch_all(db).await?;
    rows.iter().map(|row| Ok((count(row.try_get("number")?), row.try_get("row")?))).collect()
}

async fn has(db: &SqlitePool, thread: &ThreadId, number: u32) -> sqlx::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM posts WHERE thread = $1 AND number = $2)";
    sqlx::query_scalar(sql).bind(thread.as_str()).bind(number).fetch_one(db).await
}

async fn find(db: &SqlitePool, id: &PostId) -> sqlx::Result<Option<Post>> {
    let sql = "SELECT body, at FROM posts WHERE id = $1 ORDER BY row DESC LIMIT 1";
    let row = sqlx::query(sql).bind(id.as_str()).fetch_optional(db).await?;
    Ok(row.as_ref().map_or(Ok(None), kept)?.map(|kept| kept.value))
}

async fn last_kept(db: &SqlitePool, thread: &ThreadId) -> sqlx::Result<u32> {
    // Numbers start at 1: up to the first gap the nth post is post n.
    let sql = "SELECT COALESCE(MAX(number), 0) FROM (SELECT number, ROW_NUMBER() OVER (ORDER BY number) AS nth \
               FROM posts WHERE thread = $1) WHERE number = nth";
    sqlx::query_scalar(sql).bind(thread.as_str()).fetch_one(db).await.map(count)
}

async fn run(db: &SqlitePool, thread: &ThreadId, window: Window, most: u32) -> sqlx::Result<Option<Kept<Page<Post>>>> {
    let wanted = match window {
        Window::Start => 1,
        Window::After(number) => number.saturating_add(1),
        Window::Around(number) => within(db, thread, number).await?,
    };
    let from = match window {
        Window::Around(_) => before(db, thread, wanted, most / 3).await?,
        _ => wanted,
    };
    // One more than asked for tells whether there is more.
    let until = from.saturating_add(most).saturating_add(1);
    let sql = "SELECT body, at FROM posts WHERE thread = $1 AND number >= $2 AND number < $3 ORDER BY number";
    let rows = sqlx::query(sql).bind(thread.as_str()).bind(from).bind(until).fetch_all(db).await?;
    let posts: Vec<Kept<Post>> = all_kept(&rows)?;
    let mut run: Vec<Kept<Post>> = posts
        .into_iter()
        .zip(from..)
        .take_while(|(post, number)| post.value.number == *number)
        .map(|(post, _)| post)
        .collect();
    let more = run.len() > most as usize;
    run.truncate(most as usize);
    let is_in = run.last().is_some_and(|last| last.value.number >= wanted);
    let Some(at) = run.iter().map(|post| post.at).min().filter(|_| is_in) else { return Ok(None) };
    let items: Vec<Post> = run.into_iter().map(|post| post.value).collect();
    let next = items.last().filter(|_| more).map(|last| Cursor(last.number.to_string()));
    Ok(Some(Kept { value: Page { items, next }, at }))
}

/// The first of at most `most` posts before a number from which on there is no gap up to it.
async fn before(db: &SqlitePool, thread: &ThreadId, number: u32, most: u32) -> sqlx::Result<u32> {
    let sql = "SELECT number FROM posts WHERE thread = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
    let query = sqlx::query_scalar(sql).bind(thread.as_str()).bind(number).bind(most);
    let found: Vec<i64> = query.fetch_all(db).await?;
    let without_gap = found.into_iter().map(count).zip((0..number).rev()).take_while(|(is, wanted)| is == wanted);
    Ok(without_gap.last().map_or(number, |(is, _)| is))
}

/// A number that is not beyond the end of its thread, as far as that is known.
async fn within(db: &SqlitePool, thread: &ThreadId, number: u32) -> sqlx::Result<u32> {
    let sql = "SELECT body ->> '$.last' FROM threads WHERE id = $1";
    let last: Option<i64> = sqlx::query_scalar(sql).bind(thread.as_str()).fetch_optional(db).await?.flatten();
    Ok(last.map_or(number, |last| number.min(count(last))).max(1))
}

/// Drops the whole posts of a thread that this reader may read only the beginning of.
pub(super) async fn drop_whole(db: &mut Db, thread: &ThreadId) -> sqlx::Result<()> {
    index::remove_thread(db, thread.as_str(), true).await?;
    let sql = "DELETE FROM posts WHERE thread = $1 AND partial = 0";
    sqlx::query(sql).bind(thread.as_str()).execute(db).await.map(drop)
}

/// Drops all posts of a thread.
pub(super) async fn drop_all(db: &mut Db, thread: &ThreadId) -> sqlx::Result<()> {
    index::remove_thread(db, thread.as_str(), false).await?;
    sqlx::query("DELETE FROM posts WHERE thread = $1").bind(thread.as_str()).execute(db).await.map(drop)
}

/// Puts the opening post into the index again, if it is kept: what its thread is known by has changed.
pub(super) async fn index_opening(db: &mut Db, thread: &ThreadId, head: &str) -> sqlx::Result<()> {
    let sql = "SELECT row, body, at FROM posts WHERE thread = $1 AND number = 1 AND deleted = 0";
    let Some(row) = sqlx::query(sql).bind(thread.as_str()).fetch_optional(&mut *db).await? else { return Ok(()) };
    let Some(post) = kept::<Post>(&row)? else { return Ok(()) };
    let entry = index::Entry { row: row.try_get("row")?, head, body: &post.value.body };
    index::put(db, &[entry]).await
}
