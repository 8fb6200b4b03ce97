//! First answers under an `Idempotency-Key`.

use sqlx::{AnyConnection, Row};

use crate::base::time::Timestamp;

/// A first answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct First {
    /// SHA-256 of the request.
    pub request_hash: String,
    /// HTTP status.
    pub status: i64,
    /// JSON.
    pub answer: String,
}

/// The first answer that a member got under a key.
pub async fn get(on: &mut AnyConnection, member: i64, key: &str) -> Result<Option<First>, sqlx::Error> {
    let sql = "SELECT request_hash, status, answer FROM idempotency WHERE member_id = $1 AND key = $2";
    let Some(row) = sqlx::query(sql).bind(member).bind(key).fetch_optional(on).await? else { return Ok(None) };
    Ok(Some(First {
        request_hash: row.try_get("request_hash")?,
        status: row.try_get("status")?,
        answer: row.try_get("answer")?,
    }))
}

/// Keeps the first answer of a member's key.
pub async fn keep(
    on: &mut AnyConnection,
    member: i64,
    key: &str,
    first: &First,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO idempotency (member_id, key, request_hash, status, answer, at) \
               VALUES ($1, $2, $3, $4, $5, $6)";
    sqlx::query(sql)
        .bind(member)
        .bind(key)
        .bind(&first.request_hash)
        .bind(first.status)
        .bind(&first.answer)
        .bind(now.as_millisecond())
        .execute(on)
        .await
        .map(drop)
}

/// Drops a member's answers from before `before`.
pub async fn drop_old(on: &mut AnyConnection, member: i64, before: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM idempotency WHERE member_id = $1 AND at < $2";
    sqlx::query(sql).bind(member).bind(before.as_millisecond()).execute(on).await.map(drop)
}
