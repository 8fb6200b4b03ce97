//! Posts, their older texts, and the votes on them.

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::sql::{count, time};
use super::threads::author;
use crate::api::member::Author;
use crate::api::post::Revision;
use crate::base::time::Timestamp;

/// A post as it is stored, with one reader's vote.
#[derive(Clone, Debug)]
pub struct PostRow {
    /// Its row.
    pub id: i64,
    /// Its thread.
    pub thread: i64,
    /// Its place in the thread.
    pub number: u32,
    /// Number of the post it replies to.
    pub parent: Option<u32>,
    /// Row of who wrote it.
    pub author_id: i64,
    /// Who wrote it.
    pub author: Author,
    /// When.
    pub created: Timestamp,
    /// When it was last edited.
    pub edited: Option<Timestamp>,
    /// Markdown; empty when deleted.
    pub body: String,
    /// Taken away.
    pub deleted: bool,
    /// Up minus down.
    pub score: i64,
    /// The reader's vote.
    pub vote: i8,
    /// Grows with every edit.
    pub version: i64,
}

const SELECT: &str = "SELECT p.id AS id, p.thread_id AS thread_id, p.number AS number, p.parent AS parent, \
    p.author_id AS author_id, a.username AS username, a.name AS name, a.role AS role, p.body AS body, \
    p.created_at AS created_at, p.edited_at AS edited_at, p.deleted_at AS deleted_at, p.score AS score, \
    p.version AS version, COALESCE(v.value, 0) AS vote \
    FROM posts p JOIN members a ON a.id = p.author_id LEFT JOIN votes v ON v.post_id = p.id AND v.member_id = $1";

fn read(row: &AnyRow) -> Result<PostRow, sqlx::Error> {
    let edited: Option<i64> = row.try_get("edited_at")?;
    let deleted: Option<i64> = row.try_get("deleted_at")?;
    let vote: i64 = row.try_get("vote")?;
    Ok(PostRow {
        id: row.try_get("id")?,
        thread: row.try_get("thread_id")?,
        number: count(row.try_get("number")?),
        parent: row.try_get::<Option<i64>, _>("parent")?.map(count),
        author_id: row.try_get("author_id")?,
        author: author(row)?,
        created: time(row.try_get("created_at")?)?,
        edited: edited.map(time).transpose()?,
        body: row.try_get("body")?,
        deleted: deleted.is_some(),
        score: row.try_get("score")?,
        vote: i8::try_from(vote.signum()).unwrap_or_default(),
        version: row.try_get("version")?,
    })
}

/// Posts of a thread after a number, by number.
pub async fn after(
    db: &mut AnyConnection,
    (thread, reader): (i64, i64),
    number: u32,
    limit: u32,
) -> Result<Vec<PostRow>, sqlx::Error> {
    let sql = select(" WHERE p.thread_id = $2 AND p.number > $3 ORDER BY p.number LIMIT $4");
    let query = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(reader).bind(thread);
    let rows = query.bind(i64::from(number)).bind(i64::from(limit)).fetch_all(db).await?;
    rows.iter().map(read).collect()
}

/// One post, of a thread that stands.
pub async fn by_id(db: &mut AnyConnection, id: i64, reader: i64) -> Result<Option<PostRow>, sqlx::Error> {
    let sql = select(" JOIN threads t ON t.id = p.thread_id WHERE p.id = $2 AND t.deleted_at IS NULL");
    let row = sqlx::query(sqlx::AssertSqlSafe(sql)).bind(reader).bind(id).fetch_optional(db).await?;
    row.as_ref().map(read).transpose()
}

/// One post of a thread, by number.
pub async fn by_number(
    db: &mut AnyConnection,
    (thread, reader): (i64, i64),
    number: u32,
) -> Result<Option<PostRow>, sqlx::Error> {
    let before = number.saturating_sub(1);
    Ok(after(db, (thread, reader), before, 1).await?.pop().filter(|post| post.number == number))
}

fn select(rest: &'static str) -> String {
    SELECT.to_owned() + rest
}

/// A post to be added.
#[derive(Clone, Debug)]
pub struct NewPost<'a> {
    /// Its row.
    pub id: i64,
    /// Its thread.
    pub thread: i64,
    /// Its place, from [`super::threads::next_number`].
    pub number: i64,
    /// Number of the post it replies to.
    pub parent: Option<u32>,
    /// Row of who wrote it.
    pub author: i64,
    /// Markdown.
    pub body: &'a str,
}

/// Adds a post.
pub async fn insert(db: &mut AnyConnection, new: &NewPost<'_>, at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO posts (id, thread_id, number, parent, author_id, body, created_at, edited_at, deleted_at, \
               score, version) VALUES ($1, $2, $3, $4, $5, $6, $7, NULL, NULL, 0, 1)";
    let query = sqlx::query(sql).bind(new.id).bind(new.thread).bind(new.number).bind(new.parent.map(i64::from));
    query.bind(new.author).bind(new.body).bind(at.as_millisecond()).execute(db).await.map(drop)
}

/// Replaces the text of a post; the old one is kept.
pub async fn edit(db: &mut AnyConnection, post: &PostRow, body: &str, at: Timestamp) -> Result<(), sqlx::Error> {
    keep(db, post, at).await?;
    let sql = "UPDATE posts SET body = $1, edited_at = $2, version = version + 1 WHERE id = $3";
    sqlx::query(sql).bind(body).bind(at.as_millisecond()).bind(post.id).execute(db).await.map(drop)
}

/// Takes a post away: its text moves to the older ones, its place stays.
pub async fn delete(db: &mut AnyConnection, post: &PostRow, at: Timestamp) -> Result<(), sqlx::Error> {
    keep(db, post, at).await?;
    let sql = "UPDATE posts SET body = '', deleted_at = $1, version = version + 1 WHERE id = $2";
    sqlx::query(sql).bind(at.as_millisecond()).bind(post.id).execute(db).await.map(drop)
}

async fn keep(db: &mut AnyConnection, post: &PostRow, at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO revisions (post_id, version, body, until) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(sql).bind(post.id).bind(post.version).bind(&post.body);
    query.bind(at.as_millisecond()).execute(db).await.map(drop)
}

/// Older texts of a post, newest first.
pub async fn revisions(db: &mut AnyConnection, post: i64) -> Result<Vec<Revision>, sqlx::Error> {
    let sql = "SELECT body, until FROM revisions WHERE post_id = $1 ORDER BY version DESC LIMIT 100";
    let rows = sqlx::query(sql).bind(post).fetch_all(db).await?;
    rows.iter().map(|row| Ok(Revision { until: time(row.try_get("until")?)?, body: row.try_get("body")? })).collect()
}

/// Writes one member's vote and what it changes in the counts. `value` is 1, -1 or 0.
pub async fn vote(
    db: &mut AnyConnection,
    post: &PostRow,
    member: i64,
    value: i8,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    if value == 0 {
        let sql = "DELETE FROM votes WHERE post_id = $1 AND member_id = $2";
        sqlx::query(sql).bind(post.id).bind(member).execute(&mut *db).await?;
    } else {
        let sql = "INSERT INTO votes (post_id, member_id, value, at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (post_id, member_id) DO UPDATE SET value = excluded.value, at = excluded.at";
        let query = sqlx::query(sql).bind(post.id).bind(member).bind(i64::from(value));
        query.bind(at.as_millisecond()).execute(&mut *db).await?;
    }
    let change = i64::from(value) - i64::from(post.vote);
    let sql = "UPDATE posts SET score = score + $1 WHERE id = $2";
    sqlx::query(sql).bind(change).bind(post.id).execute(&mut *db).await?;
    if post.number == 1 {
        let sql = "UPDATE threads SET score = score + $1 WHERE id = $2";
        sqlx::query(sql).bind(change).bind(post.thread).execute(db).await?;
    }
    Ok(())
}

/// Numbers and texts of posts, by row.
pub async fn texts(
    db: &mut AnyConnection,
    ids: &[i64],
) -> Result<std::collections::HashMap<i64, (u32, String)>, sqlx::Error> {
    let mut sql = super::sql::Sql::new("SELECT id, number, body FROM posts WHERE id IN ");
    sql.list(ids.iter().copied());
    let rows = sql.rows(db).await?;
    rows.iter().map(|row| Ok((row.try_get("id")?, (count(row.try_get("number")?), row.try_get("body")?)))).collect()
}
