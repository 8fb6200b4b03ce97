//! Second factors and recovery codes.

use sqlx::{Any, AnyConnection, Executor, Row};

use super::members::count;
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::time::Timestamp;

/// A second factor as it is stored.
#[derive(Clone, Debug)]
pub struct Factor {
    /// What codes are made from, base32.
    pub secret: Secret,
    /// The step of the last code that was taken.
    pub last_step: i64,
    /// Wrong codes in a row.
    pub wrong: u32,
    /// When the last of them came, Unix ms.
    pub wrong_at: i64,
}

/// The second factor of a member, when it is on.
pub async fn confirmed(on: impl Executor<'_, Database = Any>, member: i64) -> Result<Option<Factor>, sqlx::Error> {
    let sql = "SELECT secret, last_step, wrong, wrong_at FROM second_factors \
               WHERE member_id = $1 AND confirmed_at IS NOT NULL";
    factor(on, sql, member).await
}

/// The second factor that a member began and did not confirm.
pub async fn begun(on: impl Executor<'_, Database = Any>, member: i64) -> Result<Option<Factor>, sqlx::Error> {
    let sql = "SELECT secret, last_step, wrong, wrong_at FROM second_factors \
               WHERE member_id = $1 AND confirmed_at IS NULL";
    factor(on, sql, member).await
}

async fn factor(
    on: impl Executor<'_, Database = Any>,
    sql: &'static str,
    member: i64,
) -> Result<Option<Factor>, sqlx::Error> {
    let Some(row) = sqlx::query(sql).bind(member).fetch_optional(on).await? else { return Ok(None) };
    Ok(Some(Factor {
        secret: row.try_get::<String, _>("secret")?.into(),
        last_step: row.try_get("last_step")?,
        wrong: count(row.try_get("wrong")?),
        wrong_at: row.try_get("wrong_at")?,
    }))
}

/// Begins one; another that was begun goes. Wrong codes stay counted: beginning again is no way round the wait.
pub async fn begin(on: &mut AnyConnection, member: i64, secret: &Secret, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO second_factors (member_id, secret, begun_at, last_step, wrong, wrong_at) \
               VALUES ($1, $2, $3, -1, 0, 0) \
               ON CONFLICT (member_id) DO UPDATE SET secret = $2, begun_at = $3, last_step = -1";
    sqlx::query(sql).bind(member).bind(secret.expose_secret()).bind(now.as_millisecond()).execute(on).await.map(drop)
}

/// Switches on what was begun; the code of `step` is used up.
pub async fn confirm(on: &mut AnyConnection, member: i64, step: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE second_factors SET confirmed_at = $1, last_step = $2, wrong = 0 WHERE member_id = $3";
    sqlx::query(sql).bind(now.as_millisecond()).bind(step).bind(member).execute(on).await.map(drop)
}

/// Uses up the code of `step` and those before.
pub async fn took(on: &mut AnyConnection, member: i64, step: i64) -> Result<(), sqlx::Error> {
    let sql = "UPDATE second_factors SET last_step = $1, wrong = 0 WHERE member_id = $2";
    sqlx::query(sql).bind(step).bind(member).execute(on).await.map(drop)
}

/// Writes down that a code was wrong, the last of `wrong` in a row.
pub async fn missed(on: &mut AnyConnection, member: i64, wrong: u32, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE second_factors SET wrong = $1, wrong_at = $2 WHERE member_id = $3";
    sqlx::query(sql).bind(i64::from(wrong)).bind(now.as_millisecond()).bind(member).execute(on).await.map(drop)
}

/// Forgets wrong codes.
pub async fn forgive(on: &mut AnyConnection, member: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE second_factors SET wrong = 0 WHERE member_id = $1").bind(member).execute(on).await.map(drop)
}

/// Takes a member's second factor away, begun or on, and its recovery codes.
pub async fn end(on: &mut AnyConnection, member: i64) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM recovery_codes WHERE member_id = $1").bind(member).execute(&mut *on).await?;
    sqlx::query("DELETE FROM second_factors WHERE member_id = $1").bind(member).execute(on).await.map(drop)
}

/// Puts recovery codes in place of those that a member has.
pub async fn put_codes(on: &mut AnyConnection, member: i64, hashes: &[String]) -> Result<(), sqlx::Error> {
    sqlx::query("DELETE FROM recovery_codes WHERE member_id = $1").bind(member).execute(&mut *on).await?;
    for hash in hashes {
        let sql = "INSERT INTO recovery_codes (hash, member_id) VALUES ($1, $2)";
        sqlx::query(sql).bind(hash).bind(member).execute(&mut *on).await?;
    }
    Ok(())
}

/// The hashes of the recovery codes that a member has left.
pub async fn codes(on: impl Executor<'_, Database = Any>, member: i64) -> Result<Vec<String>, sqlx::Error> {
    sqlx::query_scalar("SELECT hash FROM recovery_codes WHERE member_id = $1").bind(member).fetch_all(on).await
}

/// How many recovery codes a member has left.
pub async fn codes_left(on: impl Executor<'_, Database = Any>, member: i64) -> Result<u32, sqlx::Error> {
    let sql = "SELECT COUNT(*) FROM recovery_codes WHERE member_id = $1";
    sqlx::query_scalar(sql).bind(member).fetch_one(on).await.map(count)
}

/// Uses a recovery code up. False when somebody was faster.
pub async fn use_code(on: &mut AnyConnection, hash: &str) -> Result<bool, sqlx::Error> {
    let done = sqlx::query("DELETE FROM recovery_codes WHERE hash = $1").bind(hash).execute(on).await?;
    Ok(done.rows_affected() == 1)
}
