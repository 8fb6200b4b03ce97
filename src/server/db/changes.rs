//! The sequence of changes, as one member may know it. Lines are added by [`super::Write::tell`].

use sqlx::{AnyConnection, Row};

use super::sql::count;
use super::write::topic_of;
use crate::api::change::Change;

/// The latest number of the sequence; 0 before the first.
pub async fn last(db: &mut AnyConnection) -> Result<u64, sqlx::Error> {
    let seq: i64 = sqlx::query_scalar("SELECT COALESCE(MAX(seq), 0) FROM changes").fetch_one(db).await?;
    Ok(seq.unsigned_abs())
}

/// Changes after a number that concern everybody or this member, oldest first.
pub async fn after(db: &mut AnyConnection, member: i64, seq: u64, limit: u32) -> Result<Vec<Change>, sqlx::Error> {
    let sql = "SELECT seq, topic, thread_id, number FROM changes \
               WHERE seq > $1 AND (member_id IS NULL OR member_id = $2) ORDER BY seq LIMIT $3";
    let seq = i64::try_from(seq).unwrap_or(i64::MAX);
    let rows = sqlx::query(sql).bind(seq).bind(member).bind(i64::from(limit)).fetch_all(db).await?;
    let mut changes = Vec::with_capacity(rows.len());
    for row in rows {
        let word: String = row.try_get("topic")?;
        let thread: Option<i64> = row.try_get("thread_id")?;
        // A topic of a later version is nothing this one can tell.
        if let Some(topic) = topic_of(&word) {
            let seq = row.try_get::<i64, _>("seq")?.unsigned_abs();
            let post = row.try_get::<Option<i64>, _>("number")?.map(count);
            changes.push(Change { seq, topic, thread: thread.map(|id| id.to_string()), post });
        }
    }
    Ok(changes)
}
