//! Authorization codes that a browser carries to a program on the member's own machine (RFC 6749 section 4.1).

use sqlx::{Any, AnyConnection, Executor, Row};

use crate::base::time::Timestamp;

/// A decision on a page; with a code when it was yes.
#[derive(Clone, Debug)]
pub struct New<'a> {
    /// The page it was made on: one decision each.
    pub page: &'a str,
    /// SHA-256 of the code; none when it was refused.
    pub hash: Option<&'a str>,
    /// Whose.
    pub member: i64,
    /// Which client asked.
    pub client_id: &'a str,
    /// What the program calls itself.
    pub client_name: &'a str,
    /// Where the code was sent.
    pub redirect_uri: &'a str,
    /// SHA-256 of the verifier, base64url.
    pub challenge: &'a str,
    /// When the code ends, Unix ms.
    pub until: i64,
}

/// A code that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserCode {
    /// Whose.
    pub member: i64,
    /// Which client asked.
    pub client_id: String,
    /// What the program calls itself.
    pub client_name: String,
    /// Where the code was sent.
    pub redirect_uri: String,
    /// SHA-256 of the verifier, base64url.
    pub challenge: String,
    /// When it ends, Unix ms.
    pub until: i64,
    /// The session that it opened.
    pub session: Option<i64>,
}

/// Adds one. A page that was decided on before is a duplicate ([`super::dialect::is_duplicate`]).
pub async fn add(on: &mut AnyConnection, new: &New<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO browser_codes \
               (page, hash, member_id, client_id, client_name, redirect_uri, challenge, created_at, until) \
               VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
    sqlx::query(sql)
        .bind(new.page)
        .bind(new.hash)
        .bind(new.member)
        .bind(new.client_id)
        .bind(new.client_name)
        .bind(new.redirect_uri)
        .bind(new.challenge)
        .bind(now.as_millisecond())
        .bind(new.until)
        .execute(on)
        .await
        .map(drop)
}

/// The code with this hash.
pub async fn by_hash(on: impl Executor<'_, Database = Any>, hash: &str) -> Result<Option<BrowserCode>, sqlx::Error> {
    let sql = "SELECT member_id, client_id, client_name, redirect_uri, challenge, until, session_id \
               FROM browser_codes WHERE hash = $1";
    let Some(row) = sqlx::query(sql).bind(hash).fetch_optional(on).await? else { return Ok(None) };
    Ok(Some(BrowserCode {
        member: row.try_get("member_id")?,
        client_id: row.try_get("client_id")?,
        client_name: row.try_get("client_name")?,
        redirect_uri: row.try_get("redirect_uri")?,
        challenge: row.try_get("challenge")?,
        until: row.try_get("until")?,
        session: row.try_get("session_id")?,
    }))
}

/// Notes the session that a code opened: it is used up.
pub async fn spend(on: &mut AnyConnection, hash: &str, session: i64) -> Result<(), sqlx::Error> {
    let sql = "UPDATE browser_codes SET session_id = $1 WHERE hash = $2";
    sqlx::query(sql).bind(session).bind(hash).execute(on).await.map(drop)
}

/// Ends a code without a session.
pub async fn end(on: &mut AnyConnection, hash: &str) -> Result<(), sqlx::Error> {
    sqlx::query("UPDATE browser_codes SET until = 0 WHERE hash = $1").bind(hash).execute(on).await.map(drop)
}

/// Ends the codes of a member that no program has used yet.
pub async fn forget_of(on: &mut AnyConnection, member: i64) -> Result<(), sqlx::Error> {
    let sql = "UPDATE browser_codes SET until = 0 WHERE member_id = $1 AND session_id IS NULL";
    sqlx::query(sql).bind(member).execute(on).await.map(drop)
}

/// Drops what was decided before `at`. A code that opened a session stays as long as that one lasts: a second use must
/// be known for what it is.
pub async fn drop_before(on: &mut AnyConnection, at: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM browser_codes WHERE created_at <= $1 AND (session_id IS NULL OR NOT EXISTS \
               (SELECT 1 FROM sessions s WHERE s.id = browser_codes.session_id AND s.revoked_at IS NULL))";
    sqlx::query(sql).bind(at.as_millisecond()).execute(on).await.map(drop)
}
