//! Sessions and their tokens, by hash only.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Executor, Row};

use super::sql::time;
use super::{browser_codes, device_codes};
use crate::api::session::Session;
use crate::base::time::Timestamp;
use crate::model::member::Role;
use crate::server::extract::{By, Reader};

/// The member whose access token has this hash, if it is good now.
pub async fn reader(
    on: impl Executor<'_, Database = Any>,
    access_hash: &str,
    now: Timestamp,
) -> Result<Option<Reader>, sqlx::Error> {
    let sql = "SELECT s.id AS session, m.id AS id, m.username AS username, m.role AS role \
               FROM sessions s JOIN members m ON m.id = s.member_id \
               WHERE s.access_hash = $1 AND s.access_until > $2 AND s.revoked_at IS NULL";
    let row = sqlx::query(sql).bind(access_hash).bind(now.as_millisecond()).fetch_optional(on).await?;
    let Some(row) = row else { return Ok(None) };
    let role: String = row.try_get("role")?;
    Ok(Some(Reader {
        id: row.try_get("id")?,
        username: row.try_get("username")?,
        // A word of a later version gives the least, never more.
        role: Role::parse(&role).unwrap_or_default(),
        by: By::Session(row.try_get("session")?),
        token_hash: access_hash.to_owned(),
    }))
}

/// A session to be opened.
#[derive(Clone, Debug)]
pub struct NewSession<'a> {
    /// Its row.
    pub id: i64,
    /// Whose.
    pub member: i64,
    /// What the list of sessions shows.
    pub client_name: &'a str,
}

/// The hashes and ends of a pair of tokens.
#[derive(Clone, Debug)]
pub struct Pair {
    /// SHA-256 of the access token.
    pub access_hash: String,
    /// End of the access token, Unix ms.
    pub access_until: i64,
    /// SHA-256 of the refresh token.
    pub refresh_hash: String,
    /// End of the refresh token, Unix ms.
    pub refresh_until: i64,
}

/// Opens a session.
pub async fn open(
    on: &mut AnyConnection,
    new: &NewSession<'_>,
    pair: &Pair,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO sessions (id, member_id, client_name, access_hash, access_until, created_at, used_at) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    sqlx::query(sql)
        .bind(new.id)
        .bind(new.member)
        .bind(new.client_name)
        .bind(&pair.access_hash)
        .bind(pair.access_until)
        .bind(now.as_millisecond())
        .bind(now.as_millisecond())
        .execute(&mut *on)
        .await?;
    add_refresh(on, new.id, pair).await
}

async fn add_refresh(on: &mut AnyConnection, session: i64, pair: &Pair) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO refresh_tokens (hash, session_id, until) VALUES ($1, $2, $3)";
    sqlx::query(sql).bind(&pair.refresh_hash).bind(session).bind(pair.refresh_until).execute(on).await.map(drop)
}

/// A refresh token as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refresh {
    /// Its session.
    pub session: i64,
    /// Whose.
    pub member: i64,
    /// Its end, Unix ms.
    pub until: i64,
    /// When it was used, Unix ms.
    pub used_at: Option<i64>,
    /// Hash of the one that took its place.
    pub replaced_by: Option<String>,
    /// Whether the session was ended.
    pub revoked: bool,
}

/// The refresh token with this hash.
pub async fn refresh(on: impl Executor<'_, Database = Any>, hash: &str) -> Result<Option<Refresh>, sqlx::Error> {
    let sql = "SELECT r.session_id AS session, r.until AS until, r.used_at AS used_at, \
               r.replaced_by AS replaced_by, s.revoked_at AS revoked_at, s.member_id AS member \
               FROM refresh_tokens r JOIN sessions s ON s.id = r.session_id WHERE r.hash = $1";
    let Some(row) = sqlx::query(sql).bind(hash).fetch_optional(on).await? else { return Ok(None) };
    Ok(Some(Refresh {
        session: row.try_get("session")?,
        member: row.try_get("member")?,
        until: row.try_get("until")?,
        used_at: row.try_get("used_at")?,
        replaced_by: row.try_get("replaced_by")?,
        revoked: row.try_get::<Option<i64>, _>("revoked_at")?.is_some(),
    }))
}

/// Gives a session a new pair in place of the refresh token `old`.
pub async fn rotate(
    on: &mut AnyConnection,
    session: i64,
    old: &str,
    pair: &Pair,
    now: Timestamp,
) -> Result<(), sqlx::Error> {
    let now = now.as_millisecond();
    // The first use counts for the grace, not the last: it must end.
    let sql = "UPDATE refresh_tokens SET used_at = COALESCE(used_at, $1), replaced_by = $2 WHERE hash = $3";
    sqlx::query(sql).bind(now).bind(&pair.refresh_hash).bind(old).execute(&mut *on).await?;
    let sql = "UPDATE sessions SET access_hash = $1, access_until = $2, used_at = $3 WHERE id = $4";
    sqlx::query(sql).bind(&pair.access_hash).bind(pair.access_until).bind(now).bind(session).execute(&mut *on).await?;
    add_refresh(on, session, pair).await
}

/// Marks an unused refresh token as replaced: should it turn up after all, that is a reuse.
pub async fn supersede(on: &mut AnyConnection, hash: &str, by: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE refresh_tokens SET used_at = $1, replaced_by = $2 WHERE hash = $3";
    sqlx::query(sql).bind(now.as_millisecond()).bind(by).bind(hash).execute(on).await.map(drop)
}

/// The session that an access or refresh token belongs to, good or not, and whose it is.
pub async fn of_token(on: impl Executor<'_, Database = Any>, hash: &str) -> Result<Option<(i64, i64)>, sqlx::Error> {
    let sql = "SELECT id, member_id FROM sessions WHERE access_hash = $1 \
               OR id IN (SELECT session_id FROM refresh_tokens WHERE hash = $1)";
    let row = sqlx::query(sql).bind(hash).fetch_optional(on).await?;
    row.map(|row| Ok((row.try_get("id")?, row.try_get("member_id")?))).transpose()
}

/// The sessions of a member that have not ended: `current` first, then the last used first.
pub async fn list(
    on: impl Executor<'_, Database = Any>,
    member: i64,
    current: i64,
    now: Timestamp,
) -> Result<Vec<Session>, sqlx::Error> {
    let sql = "SELECT s.id AS id, s.client_name AS client_name, s.created_at AS created_at, s.used_at AS used_at, \
               MAX(r.until) AS until FROM sessions s JOIN refresh_tokens r ON r.session_id = s.id \
               WHERE s.member_id = $1 AND s.revoked_at IS NULL \
               GROUP BY s.id, s.client_name, s.created_at, s.used_at HAVING MAX(r.until) > $2 \
               ORDER BY CASE WHEN s.id = $3 THEN 0 ELSE 1 END, s.used_at DESC, s.id DESC";
    let rows = sqlx::query(sql).bind(member).bind(now.as_millisecond()).bind(current).fetch_all(on).await?;
    let session = |row: &AnyRow| {
        let id: i64 = row.try_get("id")?;
        Ok(Session {
            id: id.to_string(),
            client_name: row.try_get("client_name")?,
            created: time(row.try_get("created_at")?)?,
            used: time(row.try_get("used_at")?)?,
            until: time(row.try_get("until")?)?,
            current: id == current,
        })
    };
    rows.iter().map(session).collect()
}

/// Ends a member's own session. False when there is none that has not ended, or it is another's.
pub async fn end(on: &mut AnyConnection, member: i64, id: i64, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND member_id = $3 AND revoked_at IS NULL \
               AND EXISTS (SELECT 1 FROM refresh_tokens r WHERE r.session_id = sessions.id AND r.until > $1)";
    let done = sqlx::query(sql).bind(now.as_millisecond()).bind(id).bind(member).execute(on).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends a session, once.
pub async fn revoke(on: &mut AnyConnection, session: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE sessions SET revoked_at = $1 WHERE id = $2 AND revoked_at IS NULL";
    sqlx::query(sql).bind(now.as_millisecond()).bind(session).execute(on).await.map(drop)
}

/// Ends all sessions of a member, and what would become one.
pub async fn revoke_all(on: &mut AnyConnection, member: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE sessions SET revoked_at = $1 WHERE member_id = $2 AND revoked_at IS NULL";
    sqlx::query(sql).bind(now.as_millisecond()).bind(member).execute(&mut *on).await?;
    device_codes::forget_of(on, member).await?;
    browser_codes::forget_of(on, member).await
}

/// Ends all sessions of a member but one, and what would become one.
pub async fn revoke_others(on: &mut AnyConnection, member: i64, keep: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE sessions SET revoked_at = $1 WHERE member_id = $2 AND id <> $3 AND revoked_at IS NULL";
    sqlx::query(sql).bind(now.as_millisecond()).bind(member).bind(keep).execute(&mut *on).await?;
    device_codes::forget_of(on, member).await?;
    browser_codes::forget_of(on, member).await
}

/// Drops refresh tokens that have ended, and sessions that have none left. Used tokens stay until their end: a reuse
/// must be known for what it is.
pub async fn drop_ended(on: &mut AnyConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM refresh_tokens WHERE until <= $1";
    let gone = sqlx::query(sql).bind(now.as_millisecond()).execute(&mut *on).await?.rows_affected();
    if gone > 0 {
        let sql = "DELETE FROM sessions WHERE NOT EXISTS \
                   (SELECT 1 FROM refresh_tokens r WHERE r.session_id = sessions.id)";
        sqlx::query(sql).execute(on).await?;
    }
    Ok(())
}
