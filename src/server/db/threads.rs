//! Threads: one, many by id, and what is written about them. Lists are in [`super::thread_lists`].

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{AnyConnection, Row};

use super::sql::{Sql, count, time};
use crate::api::member::Author;
use crate::base::time::Timestamp;
use crate::model::member::Role;
use crate::model::thread::Kind;

/// A thread as it is stored, with one reader's marks.
#[derive(Clone, Debug)]
pub struct ThreadRow {
    /// Its row.
    pub id: i64,
    /// Slug of its space.
    pub space: String,
    /// What it is.
    pub kind: Kind,
    /// One line.
    pub title: String,
    /// Row of who opened it.
    pub author_id: i64,
    /// Who opened it.
    pub author: Author,
    /// Tier that its gate takes.
    pub gate: Option<String>,
    /// When it was opened.
    pub created: Timestamp,
    /// When it was last posted to.
    pub active: Timestamp,
    /// Number of the last post.
    pub last: u32,
    /// Top-level replies that stand.
    pub answers: u32,
    /// Votes on the opening post.
    pub score: i64,
    /// The accepted answer.
    pub accepted: Option<i64>,
    /// Its number.
    pub accepted_number: Option<u32>,
    /// Nobody may reply.
    pub locked: bool,
    /// Kept on top.
    pub pinned: bool,
    /// The public beginning.
    pub preview: String,
    /// Number of the last post the reader has read.
    pub read: u32,
    /// The reader follows it.
    pub follow: bool,
    /// The reader mutes it.
    pub mute: bool,
    /// The reader keeps it.
    pub bookmark: bool,
    /// Tags, in order.
    pub tags: Vec<String>,
}

/// The columns of a [`ThreadRow`]; wants `t` threads, `a` members, `m` marks.
pub(super) const COLUMNS: &str = "t.id AS id, t.space AS space, t.kind AS kind, t.title AS title, \
    t.author_id AS author_id, a.username AS username, a.name AS name, a.role AS role, t.gate AS gate, \
    t.created_at AS created_at, t.active_at AS active_at, t.last_number AS last_number, t.answers AS answers, \
    t.score AS score, t.accepted_post AS accepted_post, \
    (SELECT x.number FROM posts x WHERE x.id = t.accepted_post) AS accepted_number, t.locked AS locked, t.pinned AS pinned, t.preview AS preview, \
    COALESCE(m.read_upto, 0) AS read_upto, COALESCE(m.follow, 0) AS follow, \
    COALESCE(m.mute, 0) AS mute, COALESCE(m.bookmark, 0) AS bookmark";

/// Who wrote something; wants `username`, `name`, `role`.
pub(super) fn author(row: &AnyRow) -> Result<Author, sqlx::Error> {
    let role: String = row.try_get("role")?;
    Ok(Author {
        username: row.try_get("username")?,
        name: row.try_get("name")?,
        role: Role::parse(&role).unwrap_or_default(),
    })
}

/// Reads a row of [`COLUMNS`]; its tags come by [`with_tags`].
fn read(row: &AnyRow) -> Result<ThreadRow, sqlx::Error> {
    let kind: String = row.try_get("kind")?;
    let yes = |name: &str| row.try_get::<i64, _>(name).map(|n| n != 0);
    Ok(ThreadRow {
        id: row.try_get("id")?,
        space: row.try_get("space")?,
        kind: Kind::parse(&kind).unwrap_or(Kind::Discussion),
        title: row.try_get("title")?,
        author_id: row.try_get("author_id")?,
        author: author(row)?,
        gate: row.try_get("gate")?,
        created: time(row.try_get("created_at")?)?,
        active: time(row.try_get("active_at")?)?,
        last: count(row.try_get("last_number")?),
        answers: count(row.try_get("answers")?),
        score: row.try_get("score")?,
        accepted: row.try_get("accepted_post")?,
        accepted_number: row.try_get::<Option<i64>, _>("accepted_number")?.map(count),
        locked: yes("locked")?,
        pinned: yes("pinned")?,
        preview: row.try_get("preview")?,
        read: count(row.try_get("read_upto")?),
        follow: yes("follow")?,
        mute: yes("mute")?,
        bookmark: yes("bookmark")?,
        tags: Vec::new(),
    })
}

/// Reads rows of [`COLUMNS`] and, in one more query, the tags of all of them.
pub(super) async fn with_tags(db: &mut AnyConnection, rows: &[AnyRow]) -> Result<Vec<ThreadRow>, sqlx::Error> {
    let mut threads = rows.iter().map(read).collect::<Result<Vec<_>, _>>()?;
    if threads.is_empty() {
        return Ok(threads);
    }
    let mut sql = Sql::new("SELECT thread_id, tag FROM thread_tags WHERE thread_id IN ");
    sql.list(threads.iter().map(|thread| thread.id)).push(" ORDER BY thread_id, position");
    let mut tags: HashMap<i64, Vec<String>> = HashMap::new();
    for row in sql.rows(db).await? {
        tags.entry(row.try_get("thread_id")?).or_default().push(row.try_get("tag")?);
    }
    for thread in &mut threads {
        thread.tags = tags.remove(&thread.id).unwrap_or_default();
    }
    Ok(threads)
}

/// A statement that reads threads with the marks of `reader`, up to its `WHERE`.
pub(super) fn select(reader: i64) -> Sql {
    let mut sql = Sql::new("SELECT ");
    sql.push(COLUMNS).push(" FROM threads t JOIN members a ON a.id = t.author_id");
    sql.push(" LEFT JOIN marks m ON m.thread_id = t.id AND m.member_id = ").bind(reader);
    sql.push(" WHERE t.deleted_at IS NULL");
    sql
}

/// Threads by id, in no order; those that are gone are left out.
pub async fn by_ids(db: &mut AnyConnection, ids: &[i64], reader: i64) -> Result<Vec<ThreadRow>, sqlx::Error> {
    let mut sql = select(reader);
    sql.push(" AND t.id IN ").list(ids.iter().copied());
    let rows = sql.rows(db).await?;
    with_tags(db, &rows).await
}

/// One thread.
pub async fn by_id(db: &mut AnyConnection, id: i64, reader: i64) -> Result<Option<ThreadRow>, sqlx::Error> {
    Ok(by_ids(db, &[id], reader).await?.pop())
}

/// A thread to be opened.
#[derive(Clone, Debug)]
pub struct NewThread<'a> {
    /// Slug of its space.
    pub space: &'a str,
    /// What it is.
    pub kind: Kind,
    /// One line.
    pub title: &'a str,
    /// Markdown.
    pub body: &'a str,
    /// Tags.
    pub tags: &'a [String],
    /// Tier that the whole takes.
    pub gate: Option<&'a str>,
}

/// Adds a thread without its opening post.
pub async fn insert(
    db: &mut AnyConnection,
    (id, author): (i64, i64),
    new: &NewThread<'_>,
    preview: &str,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO threads (id, space, kind, title, author_id, gate, created_at, active_at, updated_at, \
               last_number, answers, score, accepted_post, locked, pinned, preview, version, deleted_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 1, 0, 0, NULL, 0, 0, $10, 1, NULL)";
    let ms = at.as_millisecond();
    let query = sqlx::query(sql).bind(id).bind(new.space).bind(new.kind.as_str()).bind(new.title).bind(author);
    query.bind(new.gate).bind(ms).bind(ms).bind(ms).bind(preview).execute(&mut *db).await?;
    set_tags(db, id, new.tags).await
}

/// Replaces the tags of a thread.
pub async fn set_tags(db: &mut AnyConnection, thread: i64, tags: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM thread_tags WHERE thread_id = $1").bind(thread).execute(&mut *db).await?;
    for (position, tag) in (0_i64..).zip(tags) {
        let sql = "INSERT INTO thread_tags (thread_id, tag, position) VALUES ($1, $2, $3)";
        sqlx::query(sql).bind(thread).bind(tag).bind(position).execute(&mut *db).await?;
    }
    Ok(())
}

/// Writes title, lock and pin; the version grows.
pub async fn update(db: &mut AnyConnection, thread: &ThreadRow, at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE threads SET title = $1, locked = $2, pinned = $3, updated_at = $4, version = version + 1 \
               WHERE id = $5";
    let query = sqlx::query(sql).bind(&thread.title).bind(i64::from(thread.locked)).bind(i64::from(thread.pinned));
    query.bind(at.as_millisecond()).bind(thread.id).execute(db).await.map(drop)
}

/// Writes the public beginning.
pub async fn set_preview(db: &mut AnyConnection, thread: i64, preview: &str) -> Result<(), sqlx::Error> {
    let sql = "UPDATE threads SET preview = $1 WHERE id = $2";
    sqlx::query(sql).bind(preview).bind(thread).execute(db).await.map(drop)
}

/// Writes the accepted answer, or that there is none.
pub async fn set_accepted(db: &mut AnyConnection, thread: i64, post: Option<i64>) -> Result<(), sqlx::Error> {
    let sql = "UPDATE threads SET accepted_post = $1 WHERE id = $2";
    sqlx::query(sql).bind(post).bind(thread).execute(db).await.map(drop)
}

/// Takes a thread away. Its rows stay for those who keep order.
pub async fn delete(db: &mut AnyConnection, thread: i64, at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE threads SET deleted_at = $1, version = version + 1 WHERE id = $2";
    sqlx::query(sql).bind(at.as_millisecond()).bind(thread).execute(db).await.map(drop)
}

/// Takes the next number of a thread, with the turn to write held, so that no two posts get the same.
pub async fn next_number(
    db: &mut AnyConnection,
    thread: i64,
    top_level: bool,
    at: Timestamp,
) -> Result<i64, sqlx::Error> {
    let sql = "UPDATE threads SET last_number = last_number + 1, answers = answers + $1, active_at = $2 \
               WHERE id = $3 RETURNING last_number";
    let query = sqlx::query_scalar(sql).bind(i64::from(top_level)).bind(at.as_millisecond()).bind(thread);
    query.fetch_one(db).await
}

/// One top-level reply fewer stands.
pub async fn drop_answer(db: &mut AnyConnection, thread: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE threads SET answers = answers - 1 WHERE id = $1").bind(thread).execute(db).await.map(drop)
}
