//! Personal access tokens, by hash only.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Executor, Row};

use super::sql::time;
use crate::api::session::AccessToken;
use crate::base::time::Timestamp;
use crate::model::member::Role;
use crate::model::session::Scope;
use crate::server::extract::{By, Reader};

/// The member whose token has this hash, if it is good now.
pub async fn reader(
    on: impl Executor<'_, Database = Any>,
    hash: &str,
    now: Timestamp,
) -> Result<Option<Reader>, sqlx::Error> {
    let sql = "SELECT t.id AS token, t.scopes AS scopes, t.used_at AS used_at, \
               m.id AS id, m.username AS username, m.role AS role \
               FROM personal_tokens t JOIN members m ON m.id = t.member_id WHERE t.hash = $1 AND t.until > $2";
    let row = sqlx::query(sql).bind(hash).bind(now.as_millisecond()).fetch_optional(on).await?;
    let Some(row) = row else { return Ok(None) };
    let used = row.try_get::<Option<i64>, _>("used_at")?.map(time).transpose()?;
    let writes = scopes(&row)?.contains(&Scope::Write);
    Ok(Some(Reader {
        id: row.try_get("id")?,
        username: row.try_get("username")?,
        // A word of a later version gives the least, never more.
        role: Role::parse(&row.try_get::<String, _>("role")?).unwrap_or_default(),
        by: By::PersonalToken { id: row.try_get("token")?, writes, used },
        token_hash: hash.to_owned(),
    }))
}

fn scopes(row: &AnyRow) -> Result<Vec<Scope>, sqlx::Error> {
    let words: String = row.try_get("scopes")?;
    Ok(words.split(' ').filter_map(Scope::parse).collect())
}

/// Adds a token.
pub async fn add(
    on: &mut AnyConnection,
    new: &AccessToken,
    id: i64,
    member: i64,
    hash: &str,
) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO personal_tokens (id, member_id, name, scopes, hash, created_at, until) \
               VALUES ($1, $2, $3, $4, $5, $6, $7)";
    let scopes: Vec<&str> = new.scopes.iter().map(|scope| scope.as_str()).collect();
    sqlx::query(sql)
        .bind(id)
        .bind(member)
        .bind(&new.name)
        .bind(scopes.join(" "))
        .bind(hash)
        .bind(new.created.as_millisecond())
        .bind(new.until.as_millisecond())
        .execute(on)
        .await
        .map(drop)
}

/// The tokens of a member that have not ended, newest first.
pub async fn list(
    on: impl Executor<'_, Database = Any>,
    member: i64,
    now: Timestamp,
) -> Result<Vec<AccessToken>, sqlx::Error> {
    let sql = "SELECT id, name, scopes, created_at, used_at, until FROM personal_tokens \
               WHERE member_id = $1 AND until > $2 ORDER BY id DESC";
    let rows = sqlx::query(sql).bind(member).bind(now.as_millisecond()).fetch_all(on).await?;
    rows.iter().map(token).collect()
}

fn token(row: &AnyRow) -> Result<AccessToken, sqlx::Error> {
    Ok(AccessToken {
        id: row.try_get::<i64, _>("id")?.to_string(),
        name: row.try_get("name")?,
        scopes: scopes(row)?,
        created: time(row.try_get("created_at")?)?,
        used: row.try_get::<Option<i64>, _>("used_at")?.map(time).transpose()?,
        until: time(row.try_get("until")?)?,
    })
}

/// Writes down that a token was used.
pub async fn used(on: &mut AnyConnection, id: i64, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE personal_tokens SET used_at = $1 WHERE id = $2";
    sqlx::query(sql).bind(now.as_millisecond()).bind(id).execute(on).await.map(drop)
}

/// Ends a member's own token. False when there is none that has not ended, or it is another's.
pub async fn end(on: &mut AnyConnection, member: i64, id: i64, now: Timestamp) -> Result<bool, sqlx::Error> {
    let sql = "DELETE FROM personal_tokens WHERE id = $1 AND member_id = $2 AND until > $3";
    let done = sqlx::query(sql).bind(id).bind(member).bind(now.as_millisecond()).execute(on).await?;
    Ok(done.rows_affected() == 1)
}

/// Ends the token with this hash; whose it was.
pub async fn end_by_hash(on: &mut AnyConnection, hash: &str) -> Result<Option<i64>, sqlx::Error> {
    let sql = "DELETE FROM personal_tokens WHERE hash = $1 RETURNING member_id";
    sqlx::query_scalar(sql).bind(hash).fetch_optional(on).await
}

/// Drops tokens that have ended.
pub async fn drop_ended(on: &mut AnyConnection, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "DELETE FROM personal_tokens WHERE until <= $1";
    sqlx::query(sql).bind(now.as_millisecond()).execute(on).await.map(drop)
}
