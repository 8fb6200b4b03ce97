//! The full-text index of SQLite (FTS5): how posts get in and out of it, and how it is asked. Another database gets a
//! twin of this file.

use sqlx::{AnyConnection, Row};

use super::search::{Bounds, MOST_RANKED, Match, narrow};
use super::sql::Sql;
use crate::model::search::{Phrase, Query, fts, index_text};

/// What of a post is found by search.
#[derive(Clone, Copy, Debug, Default)]
pub struct Entry<'a> {
    /// Title of the thread, with the opening post; else empty.
    pub title: &'a str,
    /// Its tags, with the opening post.
    pub tags: &'a [String],
    /// What anybody may find.
    pub public: &'a str,
    /// The whole text.
    pub whole: &'a str,
}

/// Puts a post in, or replaces it.
pub async fn put(db: &mut AnyConnection, post: i64, entry: &Entry<'_>) -> Result<(), sqlx::Error> {
    remove(db, post).await?;
    let sql = "INSERT INTO post_index (rowid, title, tags, public, whole) VALUES ($1, $2, $3, $4, $5)";
    let query = sqlx::query(sql).bind(post).bind(index_text(entry.title)).bind(index_text(&entry.tags.join(" ")));
    query.bind(index_text(entry.public)).bind(index_text(entry.whole)).execute(db).await.map(drop)
}

/// Takes a post out.
pub async fn remove(db: &mut AnyConnection, post: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM post_index WHERE rowid = $1").bind(post).execute(db).await.map(drop)
}

/// Takes all posts of a thread out.
pub async fn remove_thread(db: &mut AnyConnection, thread: i64) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM post_index WHERE rowid IN (SELECT id FROM posts WHERE thread_id = $1)";
    sqlx::query(sql).bind(thread).execute(db).await.map(drop)
}

/// Posts that match, of threads that are open to the reader or of those that are closed.
pub(super) async fn matches(
    db: &mut AnyConnection,
    query: &Query,
    bounds: Bounds,
    closed: bool,
) -> Result<Vec<Match>, sqlx::Error> {
    const TIERS: &str = " JOIN spaces s ON s.slug = t.space LEFT JOIN tiers st ON st.slug = s.read_tier \
                         LEFT JOIN tiers gt ON gt.slug = t.gate";
    let mut sql = Sql::new("SELECT p.id AS post, p.thread_id AS thread, p.created_at AS at, ");
    let order = if !query.phrases.is_empty() {
        // A title counts most, then tags; the public beginning repeats the whole text.
        sql.push(
            // The index comes first: asked for one row at a time it is slow beyond all measure.
            "bm25(post_index, 10.0, 5.0, 1.0, 1.0) AS score FROM post_index CROSS JOIN posts p ON p.id = post_index.rowid",
        );
        sql.push(" CROSS JOIN threads t ON t.id = p.thread_id").push(TIERS);
        sql.push(" WHERE post_index MATCH ").bind(expression(&query.phrases, closed));
        " ORDER BY post_index.rowid"
    } else if query.from.is_some() {
        sql.push("0.0 AS score FROM posts p JOIN threads t ON t.id = p.thread_id").push(TIERS).push(" WHERE 1 = 1");
        " ORDER BY p.id"
    } else {
        sql.push("0.0 AS score FROM threads t JOIN posts p ON p.thread_id = t.id AND p.number = 1").push(TIERS);
        sql.push(" WHERE 1 = 1");
        " ORDER BY t.id"
    };
    narrow(&mut sql, query, bounds, closed);
    sql.push(order);
    sql.push(" DESC LIMIT ").bind(MOST_RANKED);
    let read = |row: &sqlx::any::AnyRow| {
        Ok(Match {
            post: row.try_get("post")?,
            thread: row.try_get("thread")?,
            score: row.try_get("score")?,
            at: row.try_get("at")?,
            closed,
        })
    };
    sql.rows(db).await?.iter().map(read).collect()
}

/// Of a thread that is closed to the reader only the public part is asked for.
fn expression(phrases: &[Phrase], closed: bool) -> String {
    let text = if closed { "public" } else { "whole" };
    fts::expression(&["title", "tags", text], phrases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_closed_thread_is_asked_for_its_public_part_only() {
        let phrases = Query::parse("whole").unwrap().phrases;
        assert_eq!(expression(&phrases, true), "{title tags public} : (\"whole\" *)");
        assert_eq!(expression(&phrases, false), "{title tags whole} : (\"whole\" *)");
    }
}
