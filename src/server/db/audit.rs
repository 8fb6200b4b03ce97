//! Deeds of staff and of the host. Added and read, never changed.

use sqlx::AnyConnection;

use crate::base::time::Timestamp;

/// A deed.
#[derive(Clone, Debug)]
pub struct Deed<'a> {
    /// Who did it; none for the host at the machine.
    pub actor: Option<i64>,
    /// Its word: `role`.
    pub deed: &'a str,
    /// To whom or what.
    pub subject: &'a str,
    /// What exactly.
    pub detail: &'a str,
}

/// Writes a deed down.
pub async fn add(on: &mut AnyConnection, id: i64, at: Timestamp, deed: &Deed<'_>) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO audit (id, at, actor_id, deed, subject, detail) VALUES ($1, $2, $3, $4, $5, $6)";
    sqlx::query(sql)
        .bind(id)
        .bind(at.as_millisecond())
        .bind(deed.actor)
        .bind(deed.deed)
        .bind(deed.subject)
        .bind(deed.detail)
        .execute(on)
        .await
        .map(drop)
}
