//! Devices that wait to be let in (RFC 8628): their codes, and what was decided.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Executor, Row};

use crate::base::time::Timestamp;

const COLUMNS: &str = "id, user_code, client_name, address, created_at, until, pace, asked_at, decision, member_id, \
                       session_id";

/// A device that asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DeviceCode {
    /// Its row.
    pub id: i64,
    /// What a person types, without the dash.
    pub user_code: String,
    /// What it calls itself.
    pub client_name: String,
    /// Where it asked from.
    pub address: String,
    /// When it asked, Unix ms.
    pub created: i64,
    /// When its codes end, Unix ms.
    pub until: i64,
    /// Seconds between two questions.
    pub pace: i64,
    /// When it last asked whether it is let in, Unix ms.
    pub asked: Option<i64>,
    /// What was decided.
    pub decision: Option<Decision>,
    /// The session that it opened.
    pub session: Option<i64>,
}

/// What a person decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Let it in, as this member.
    Approved(i64),
    /// Did not.
    Refused,
}

/// A device that asks now.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// Its row.
    pub id: i64,
    /// SHA-256 of the device code.
    pub device_hash: &'a str,
    /// What a person types.
    pub user_code: &'a str,
    /// What it calls itself.
    pub client_name: &'a str,
    /// Where it asks from.
    pub address: &'a str,
    /// When its codes end.
    pub until: i64,
    /// Seconds between two questions.
    pub pace: i64,
}

fn device_code(row: &AnyRow) -> Result<DeviceCode, sqlx::Error> {
    let member: Option<i64> = row.try_get("member_id")?;
    let word: Option<String> = row.try_get("decision")?;
    Ok(DeviceCode {
        id: row.try_get("id")?,
        user_code: row.try_get("user_code")?,
        client_name: row.try_get("client_name")?,
        address: row.try_get("address")?,
        created: row.try_get("created_at")?,
        until: row.try_get("until")?,
        pace: row.try_get("pace")?,
        asked: row.try_get("asked_at")?,
        // Whatever is not an approval by somebody lets nobody in.
        decision: word.map(|word| match member.filter(|_| word == "approved") {
            Some(member) => Decision::Approved(member),
            None => Decision::Refused,
        }),
        session: row.try_get("session_id")?,
    })
}

/// How many rows there are, of whatever state.
pub async fn count(on: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM device_codes").fetch_one(on).await
}

/// Drops what ended before `at`.
pub async fn drop_ended(on: &mut AnyConnection, at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM device_codes WHERE until <= $1";
    sqlx::query(sql).bind(at.as_millisecond()).execute(on).await.map(drop)
}

/// Adds one.
pub async fn add(on: &mut AnyConnection, new: &New<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO device_codes \
               (id, device_hash, user_code, client_name, address, created_at, until, pace) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    sqlx::query(sql)
        .bind(new.id)
        .bind(new.device_hash)
        .bind(new.user_code)
        .bind(new.client_name)
        .bind(new.address)
        .bind(now.as_millisecond())
        .bind(new.until)
        .bind(new.pace)
        .execute(on)
        .await
        .map(drop)
}

/// The one whose device code has this hash.
pub async fn by_hash(on: impl Executor<'_, Database = Any>, hash: &str) -> Result<Option<DeviceCode>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM device_codes WHERE device_hash = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(hash).fetch_optional(on).await?.as_ref().map(device_code).transpose()
}

/// The one with this user code.
pub async fn by_user_code(
    on: impl Executor<'_, Database = Any>,
    code: &str,
) -> Result<Option<DeviceCode>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM device_codes WHERE user_code = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(code).fetch_optional(on).await?.as_ref().map(device_code).transpose()
}

/// The one of this row.
pub async fn by_id(on: impl Executor<'_, Database = Any>, id: i64) -> Result<Option<DeviceCode>, sqlx::Error> {
    let sql = format!("SELECT {COLUMNS} FROM device_codes WHERE id = $1");
    sqlx::query(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(on).await?.as_ref().map(device_code).transpose()
}

/// Notes that it asked, and how long it is to wait from now on.
pub async fn asked(on: &mut AnyConnection, id: i64, pace: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE device_codes SET asked_at = $1, pace = $2 WHERE id = $3";
    sqlx::query(sql).bind(now.as_millisecond()).bind(pace).bind(id).execute(on).await.map(drop)
}

/// Writes down what `member` decided; false when it was decided before or has ended.
pub async fn decide(
    on: &mut AnyConnection,
    id: i64,
    member: i64,
    approved: bool,
    now: Timestamp,
) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE device_codes SET decision = $1, member_id = $2 WHERE id = $3 AND decision IS NULL AND until > $4";
    let word = if approved { "approved" } else { "refused" };
    let done = sqlx::query(sql).bind(word).bind(member).bind(id).bind(now.as_millisecond()).execute(on).await?;
    Ok(done.rows_affected() == 1)
}

/// Notes the session that it opened: its code is used up.
pub async fn spend(on: &mut AnyConnection, id: i64, session: i64) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE device_codes SET session_id = $1 WHERE id = $2")
        .bind(session)
        .bind(id)
        .execute(on)
        .await
        .map(drop)
}

/// Takes back what a member approved and no device has fetched yet.
pub async fn forget_of(on: &mut AnyConnection, member: i64) -> Result<(), sqlx::Error> {
    let sql = "UPDATE device_codes SET decision = 'refused' WHERE member_id = $1 AND session_id IS NULL";
    sqlx::query(sql).bind(member).execute(on).await.map(drop)
}
