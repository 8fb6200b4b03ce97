//! Members.

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Executor, Row};

use crate::base::time::Timestamp;
use crate::model::member::Role;
use crate::server::names::key;

/// A member as stored, without the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its row.
    pub id: i64,
    /// Unique name.
    pub username: String,
    /// Shown name.
    pub name: String,
    /// What they say about themselves.
    pub bio: String,
    /// Address for receipts.
    pub email: Option<String>,
    /// Role now.
    pub role: Role,
    /// When they joined.
    pub joined: Timestamp,
}

/// A member to be added.
#[derive(Clone, Debug)]
pub struct NewMember<'a> {
    /// Its row.
    pub id: i64,
    /// Unique name.
    pub username: &'a str,
    /// Shown name.
    pub name: &'a str,
    /// Address for receipts.
    pub email: Option<&'a str>,
    /// Role.
    pub role: Role,
    /// PHC string; none for somebody who cannot sign in yet.
    pub password_hash: Option<&'a str>,
    /// The policy they agree to, now.
    pub policy_version: &'a str,
}

/// What a member did, in figures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// Posts that stand.
    pub posts: u32,
    /// Answers that were accepted.
    pub accepted: u32,
}

fn member(row: &AnyRow) -> Result<Member, sqlx::Error> {
    let joined = Timestamp::from_millisecond(row.try_get("joined_at")?);
    Ok(Member {
        id: row.try_get("id")?,
        username: row.try_get("username")?,
        name: row.try_get("name")?,
        bio: row.try_get("bio")?,
        email: row.try_get("email")?,
        // A word of a later version gives the least, never more.
        role: Role::parse(&row.try_get::<String, _>("role")?).unwrap_or_default(),
        joined: joined.map_err(|e| sqlx::Error::Decode(e.into()))?,
    })
}

/// The member of this name.
pub async fn by_name(on: impl Executor<'_, Database = Any>, username: &str) -> Result<Option<Member>, sqlx::Error> {
    let sql = "SELECT id, username, name, bio, email, role, joined_at FROM members WHERE username = $1";
    sqlx::query(sql).bind(username).fetch_optional(on).await?.as_ref().map(member).transpose()
}

/// The member of this row.
pub async fn by_id(on: impl Executor<'_, Database = Any>, id: i64) -> Result<Option<Member>, sqlx::Error> {
    let sql = "SELECT id, username, name, bio, email, role, joined_at FROM members WHERE id = $1";
    sqlx::query(sql).bind(id).fetch_optional(on).await?.as_ref().map(member).transpose()
}

/// Row and password hash of the member of this name. Without a hash nobody signs in as them.
pub async fn password(
    on: impl Executor<'_, Database = Any>,
    username: &str,
) -> Result<Option<(i64, String)>, sqlx::Error> {
    let sql = "SELECT id, password_hash FROM members WHERE username = $1 AND password_hash IS NOT NULL";
    let row = sqlx::query(sql).bind(username).fetch_optional(on).await?;
    row.map(|row| Ok((row.try_get("id")?, row.try_get("password_hash")?))).transpose()
}

/// The password hash of the member of this row.
pub async fn password_of(on: impl Executor<'_, Database = Any>, id: i64) -> Result<Option<String>, sqlx::Error> {
    let sql = "SELECT password_hash FROM members WHERE id = $1 AND password_hash IS NOT NULL";
    sqlx::query_scalar(sql).bind(id).fetch_optional(on).await
}

/// Adds a member. A name that is taken, or looks like one that is, is a duplicate ([`super::dialect::is_duplicate`]).
pub async fn add(on: &mut AnyConnection, new: &NewMember<'_>, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO members \
               (id, username, name, bio, email, role, password_hash, policy_version, policy_accepted_at, joined_at, \
               updated_at, username_key, name_key) VALUES ($1, $2, $3, '', $4, $5, $6, $7, $8, $8, $8, $9, $10)";
    sqlx::query(sql)
        .bind(new.id)
        .bind(new.username)
        .bind(new.name)
        .bind(new.email)
        .bind(new.role.as_str())
        .bind(new.password_hash)
        .bind(new.policy_version)
        .bind(now.as_millisecond())
        .bind(key(new.username))
        .bind(key(new.name))
        .execute(on)
        .await
        .map(drop)
}

/// Whether a name looks like the username or the shown name of somebody else than `member`.
pub async fn is_alike(
    on: impl Executor<'_, Database = Any>,
    name: &str,
    member: Option<i64>,
) -> Result<bool, sqlx::Error> {
    let sql = "SELECT id FROM members WHERE (name_key = $1 OR username_key = $1) AND id <> $2 LIMIT 1";
    let found = sqlx::query(sql).bind(key(name)).bind(member.unwrap_or_default()).fetch_optional(on).await?;
    Ok(found.is_some())
}

/// Gives keys to members who have none, those who came first before the others. Where two look alike already, the
/// later one stays without and keeps their name until they choose another.
pub async fn fill_keys(db: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let sql = "SELECT id, username, name FROM members WHERE username_key IS NULL OR name_key IS NULL ORDER BY id";
    for row in sqlx::query(sql).fetch_all(&mut *db).await? {
        let (id, username, name): (i64, String, String) =
            (row.try_get("id")?, row.try_get("username")?, row.try_get("name")?);
        let taken = "SELECT id FROM members WHERE id <> $2 AND (username_key = $1 OR name_key = $1)";
        let sql = format!("UPDATE members SET {{}} = $1 WHERE id = $2 AND NOT EXISTS ({taken})");
        for (column, of) in [("username_key", username), ("name_key", name)] {
            let sql = sqlx::AssertSqlSafe(sql.replace("{}", column));
            sqlx::query(sql).bind(key(&of)).bind(id).execute(&mut *db).await?;
        }
    }
    Ok(())
}

/// Writes what a member says about themselves. A new name that looks like another's is a duplicate.
pub async fn save_profile(on: &mut AnyConnection, member: &Member, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE members SET name = $1, bio = $2, email = $3, updated_at = $4, \
               name_key = CASE WHEN name = $1 THEN name_key ELSE $6 END WHERE id = $5";
    sqlx::query(sql)
        .bind(&member.name)
        .bind(&member.bio)
        .bind(&member.email)
        .bind(now.as_millisecond())
        .bind(member.id)
        .bind(key(&member.name))
        .execute(on)
        .await
        .map(drop)
}

/// Gives a role.
pub async fn set_role(on: &mut AnyConnection, id: i64, role: Role, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE members SET role = $1, updated_at = $2 WHERE id = $3";
    sqlx::query(sql).bind(role.as_str()).bind(now.as_millisecond()).bind(id).execute(on).await.map(drop)
}

/// Sets the password.
pub async fn set_password(on: &mut AnyConnection, id: i64, hash: &str, now: Timestamp) -> Result<(), sqlx::Error> {
    let sql = "UPDATE members SET password_hash = $1, updated_at = $2 WHERE id = $3";
    sqlx::query(sql).bind(hash).bind(now.as_millisecond()).bind(id).execute(on).await.map(drop)
}

/// Puts a hash of the same password in place of `old`. False when that is not what is stored any more: then nothing is
/// written.
pub async fn renew_hash(on: &mut AnyConnection, id: i64, old: &str, new: &str) -> Result<bool, sqlx::Error> {
    let sql = "UPDATE members SET password_hash = $1 WHERE id = $2 AND password_hash = $3";
    let done = sqlx::query(sql).bind(new).bind(id).bind(old).execute(on).await?;
    Ok(done.rows_affected() == 1)
}

/// How many owners there are.
pub async fn owners(on: impl Executor<'_, Database = Any>) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COUNT(*) FROM members WHERE role = 'owner'").fetch_one(on).await
}

/// What a member did, in figures.
pub async fn figures(on: impl Executor<'_, Database = Any>, id: i64) -> Result<Figures, sqlx::Error> {
    let sql = "SELECT COUNT(*) AS posts, \
               COALESCE(SUM(CASE WHEN t.accepted_post = p.id THEN 1 ELSE 0 END), 0) AS accepted \
               FROM posts p JOIN threads t ON t.id = p.thread_id \
               WHERE p.author_id = $1 AND p.deleted_at IS NULL AND t.deleted_at IS NULL";
    let row = sqlx::query(sql).bind(id).fetch_one(on).await?;
    Ok(Figures { posts: count(row.try_get("posts")?), accepted: count(row.try_get("accepted")?) })
}

/// Open items in a member's inbox: exactly those that [`super::notifications::list`] shows.
pub async fn inbox(on: impl Executor<'_, Database = Any>, id: i64) -> Result<u32, sqlx::Error> {
    let sql = "SELECT COUNT(*) FROM notifications n LEFT JOIN threads t ON t.id = n.thread_id \
               WHERE (n.thread_id IS NULL OR t.deleted_at IS NULL) AND n.member_id = $1 AND n.done = 0";
    sqlx::query_scalar(sql).bind(id).fetch_one(on).await.map(count)
}

/// A count as the wire has it.
pub fn count(count: i64) -> u32 {
    u32::try_from(count).unwrap_or(if count < 0 { 0 } else { u32::MAX })
}
