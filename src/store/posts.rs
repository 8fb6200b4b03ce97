//! Posts. A thread may be kept in parts: what is read is always a run without a gap.

use std::collections::{BTreeMap, HashMap};

use sqlx::{QueryBuilder, Row, Sqlite, SqlitePool, sqlite::SqliteRow};

use super::row::{all_kept, count, json, kept, micros};
use super::{Db, Kept, Result, Store, index};
use crate::base::ids::{PostId, ThreadId};
use crate::base::time::Timestamp;
use crate::model::page::{Cursor, Page, Window};
use crate::model::post::Post;

/// Posts written by one statement.
const AT_ONCE: usize = 256;

pub(super) const RUN: &str =
    "SELECT body, at FROM posts WHERE thread = $1 AND number >= $2 AND number < $3 ORDER BY number";
pub(super) const BACK: &str =
    "SELECT number FROM posts WHERE thread = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
pub(super) const BEFORE: &str =
    "SELECT row, number, digest FROM posts WHERE thread = $1 AND number IN (SELECT value FROM json_each($2))";

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

/// A post that is kept already: its row, and what the index holds of it.
struct Before {
    row: i64,
    digest: Option<i64>,
}

/// A post to be written.
struct Fresh<'a> {
    row: i64,
    post: &'a Post,
    digest: Option<i64>,
    indexed: Option<i64>,
}

async fn keep(db: &mut Db, thread: &ThreadId, posts: &[Post], at: Timestamp) -> sqlx::Result<()> {
    let sql = "SELECT head FROM threads WHERE id = $1";
    let head: Option<String> = sqlx::query_scalar(sql).bind(thread.as_str()).fetch_optional(&mut *db).await?;
    let sql = "SELECT COALESCE(MAX(row), 0) FROM posts";
    let mut last: i64 = sqlx::query_scalar(sql).fetch_one(&mut *db).await?;
    for some in posts.chunks(AT_ONCE) {
        let before = before(db, thread, some).await?;
        // Of two with one number the later counts.
        let some: BTreeMap<u32, &Post> = some.iter().map(|post| (post.number, post)).collect();
        let mut fresh = Vec::with_capacity(some.len());
        for (number, post) in some {
            let known = before.get(&number);
            let row = known.map_or(last + 1, |known| known.row);
            last = last.max(row);
            fresh.push(Fresh { row, post, digest: digest(post), indexed: known.and_then(|known| known.digest) });
        }
        put(db, thread, &fresh, at).await?;
        index(db, head.as_deref().unwrap_or_default(), &fresh).await?;
    }
    Ok(())
}

/// What is kept of these posts already.
async fn before(db: &mut Db, thread: &ThreadId, posts: &[Post]) -> sqlx::Result<HashMap<u32, Before>> {
    let numbers: Vec<u32> = posts.iter().map(|post| post.number).collect();
    let rows = sqlx::query(BEFORE).bind(thread.as_str()).bind(json(&numbers)?).fetch_all(db).await?;
    let read = |row: &SqliteRow| {
        let before = Before { row: row.try_get("row")?, digest: row.try_get("digest")? };
        Ok((count(row.try_get("number")?), before))
    };
    rows.iter().map(read).collect()
}

/// What tells whether the index has this text already (FNV-1a). A deleted post is not in it.
fn digest(post: &Post) -> Option<i64> {
    let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    (!post.deleted).then(|| post.body.bytes().fold(0xcbf2_9ce4_8422_2325, mix).cast_signed())
}

async fn put(db: &mut Db, thread: &ThreadId, posts: &[Fresh<'_>], at: Timestamp) -> sqlx::Result<()> {
    let bodies = posts.iter().map(|fresh| json(fresh.post)).collect::<sqlx::Result<Vec<_>>>()?;
    let mut sql = QueryBuilder::<Sqlite>::new(
        "INSERT INTO posts (row, thread, number, id, author, created, partial, digest, body, at) ",
    );
    sql.push_values(posts.iter().zip(bodies), |mut values, (Fresh { row, post, digest, .. }, body)| {
        values.push_bind(*row).push_bind(thread.as_str()).push_bind(post.number).push_bind(post.id.as_str());
        values.push_bind(post.author.username.as_str()).push_bind(micros(post.created)).push_bind(post.partial);
        values.push_bind(*digest).push_bind(body).push_bind(micros(at));
    });
    sql.push(
        " ON CONFLICT (row) DO UPDATE SET id = excluded.id, author = excluded.author, created = excluded.created, \
         partial = excluded.partial, digest = excluded.digest, body = excluded.body, at = excluded.at",
    );
    sql.build().execute(db).await.map(drop)
}

/// Brings the index up to what was written. A text that it has is left alone: that a post was voted on is no news to it.
async fn index(db: &mut Db, head: &str, posts: &[Fresh<'_>]) -> sqlx::Result<()> {
    let (mut new, mut changed) = (Vec::new(), Vec::new());
    for &Fresh { row, post, digest, indexed } in posts {
        let head = if post.number == 1 { head } else { "" };
        let entry = index::Entry { row, head, body: &post.body };
        match (indexed, digest) {
            (None, Some(_)) => new.push(entry),
            (Some(was), Some(is)) if was != is => changed.push(entry),
            (Some(_), None) => index::remove(db, row).await?,
            _ => {}
        }
    }
    index::replace(db, &changed).await?;
    index::add(db, &new).await
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
        Window::Around(_) => begin(db, thread, wanted, most / 3).await?,
        _ => wanted,
    };
    // One more than asked for tells whether there is more.
    let until = from.saturating_add(most).saturating_add(1);
    let rows = sqlx::query(RUN).bind(thread.as_str()).bind(from).bind(until).fetch_all(db).await?;
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
async fn begin(db: &SqlitePool, thread: &ThreadId, number: u32, most: u32) -> sqlx::Result<u32> {
    let query = sqlx::query_scalar(BACK).bind(thread.as_str()).bind(number).bind(most);
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

/// Puts the opening posts of threads into the index again, where they are kept: what a thread is known by has changed.
pub(super) async fn index_openings(db: &mut Db, heads: &HashMap<&str, &str>) -> sqlx::Result<()> {
    let threads: Vec<&str> = heads.keys().copied().collect();
    let sql = "SELECT row, thread, body, at FROM posts WHERE thread IN (SELECT value FROM json_each($1)) \
               AND number = 1 AND digest IS NOT NULL";
    let rows = sqlx::query(sql).bind(json(&threads)?).fetch_all(&mut *db).await?;
    let mut posts = Vec::with_capacity(rows.len());
    for row in &rows {
        if let Some(post) = kept::<Post>(row)? {
            posts.push((row.try_get("row")?, row.try_get::<&str, _>("thread")?, post.value));
        }
    }
    let entries: Vec<index::Entry<'_>> = posts
        .iter()
        .map(|(row, thread, post)| index::Entry {
            row: *row,
            head: heads.get(thread).copied().unwrap_or_default(),
            body: &post.body,
        })
        .collect();
    index::replace(db, &entries).await
}
