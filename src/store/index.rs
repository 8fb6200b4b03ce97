//! The full-text index over the posts that are kept.

use sqlx::{QueryBuilder, Sqlite};

use super::Db;
use crate::base::text::Clean;
use crate::model::search::index_text;
use crate::model::thread::Thread;

/// What of a post is found by search.
pub(super) struct Entry<'a> {
    /// Its row.
    pub row: i64,
    /// What its thread is known by, with the opening post; else empty.
    pub head: &'a str,
    /// Its text.
    pub body: &'a Clean,
}

/// What search knows a thread by: its title and its tags, one per line. A title has no line end.
pub(super) fn head(thread: &Thread) -> String {
    let mut head = thread.title.replace('\n', " ");
    for tag in &thread.tags {
        head.push('\n');
        head.push_str(tag);
    }
    head
}

/// Puts posts in that are not there yet.
pub(super) async fn add(db: &mut Db, entries: &[Entry<'_>]) -> sqlx::Result<()> {
    put(db, "INSERT INTO post_index (rowid, title, tags, body) ", entries).await
}

/// Puts posts in the place of what is there of them.
pub(super) async fn replace(db: &mut Db, entries: &[Entry<'_>]) -> sqlx::Result<()> {
    put(db, "INSERT OR REPLACE INTO post_index (rowid, title, tags, body) ", entries).await
}

async fn put(db: &mut Db, insert: &'static str, entries: &[Entry<'_>]) -> sqlx::Result<()> {
    if entries.is_empty() {
        return Ok(());
    }
    let mut sql = QueryBuilder::<Sqlite>::new(insert);
    sql.push_values(entries, |mut values, entry| {
        let (title, tags) = entry.head.split_once('\n').unwrap_or((entry.head, ""));
        values.push_bind(entry.row).push_bind(index_text(title)).push_bind(index_text(tags));
        values.push_bind(index_text(entry.body));
    });
    sql.build().execute(db).await.map(drop)
}

/// Takes a post out.
pub(super) async fn remove(db: &mut Db, row: i64) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM post_index WHERE rowid = $1").bind(row).execute(db).await.map(drop)
}

/// Takes the posts of a thread out: all of them, or only those that are whole.
pub(super) async fn remove_thread(db: &mut Db, thread: &str, whole_only: bool) -> sqlx::Result<()> {
    let sql = "DELETE FROM post_index WHERE rowid IN (SELECT row FROM posts WHERE thread = $1 AND partial <= $2)";
    sqlx::query(sql).bind(thread).bind(i64::from(!whole_only)).execute(db).await.map(drop)
}
