//! What one member has marked on a thread: how far they read, whether they follow, mute or keep it.

use sqlx::{AnyConnection, Row};

use super::sql::Sql;
use crate::base::time::Timestamp;

/// One of the marks, with its new value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Number of the last post read.
    Read(u32),
    /// Follows.
    Follow(bool),
    /// Mutes.
    Mute(bool),
    /// Keeps.
    Bookmark(bool),
}

/// Sets a mark; following ends muting, and muting ends following. Whether anything changed.
pub async fn set(
    db: &mut AnyConnection,
    (thread, member): (i64, i64),
    mark: Mark,
    at: Timestamp,
) -> Result<bool, sqlx::Error> {
    let (column, value) = match mark {
        Mark::Read(upto) => ("read_upto", i64::from(upto)),
        Mark::Follow(on) => ("follow", i64::from(on)),
        Mark::Mute(on) => ("mute", i64::from(on)),
        Mark::Bookmark(on) => ("bookmark", i64::from(on)),
    };
    let insert = "INSERT INTO marks (thread_id, member_id, read_upto, follow, mute, bookmark, updated_at) \
                  VALUES ($1, $2, 0, 0, 0, 0, $3) ON CONFLICT (thread_id, member_id) DO NOTHING";
    sqlx::query(insert).bind(thread).bind(member).bind(at.as_millisecond()).execute(&mut *db).await?;
    let mut sql = Sql::new("UPDATE marks SET ");
    sql.push(column).push(" = ").bind(value).push(", updated_at = ").bind(at.as_millisecond());
    match mark {
        Mark::Follow(true) => drop(sql.push(", mute = 0")),
        Mark::Mute(true) => drop(sql.push(", follow = 0")),
        _ => {}
    }
    sql.push(" WHERE thread_id = ").bind(thread).push(" AND member_id = ").bind(member);
    sql.push(" AND ").push(column).push(" <> ").bind(value).push(" RETURNING thread_id");
    Ok(!sql.rows(db).await?.is_empty())
}

/// Who wrote a post has read it, if they had read all before it.
pub async fn wrote(
    db: &mut AnyConnection,
    (thread, member): (i64, i64),
    number: u32,
    at: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "UPDATE marks SET read_upto = $1, updated_at = $2 \
               WHERE thread_id = $3 AND member_id = $4 AND read_upto = $5";
    let number = i64::from(number);
    let query = sqlx::query(sql).bind(number).bind(at.as_millisecond()).bind(thread).bind(member);
    query.bind(number - 1).execute(db).await.map(drop)
}

/// Who follows a thread.
pub async fn followers(db: &mut AnyConnection, thread: i64) -> Result<Vec<i64>, sqlx::Error> {
    let sql = "SELECT member_id FROM marks WHERE thread_id = $1 AND follow = 1 ORDER BY member_id";
    let rows = sqlx::query(sql).bind(thread).fetch_all(db).await?;
    rows.iter().map(|row| row.try_get("member_id")).collect()
}

/// Those of some members who mute a thread.
pub async fn muting(db: &mut AnyConnection, thread: i64, members: &[i64]) -> Result<Vec<i64>, sqlx::Error> {
    let mut sql = Sql::new("SELECT member_id FROM marks WHERE mute = 1 AND thread_id = ");
    sql.bind(thread).push(" AND member_id IN ").list(members.iter().copied());
    sql.rows(db).await?.iter().map(|row| row.try_get("member_id")).collect()
}
