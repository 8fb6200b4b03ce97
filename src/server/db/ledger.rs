//! The ledger: facts are added and read, never changed.

use sqlx::{Any, AnyConnection, Executor, Row};

use crate::base::time::Timestamp;
use crate::model::ledger::{Fact, FactKind};

/// The facts of a member, oldest first; none for nobody.
pub async fn facts(on: impl Executor<'_, Database = Any>, member: Option<i64>) -> Result<Vec<Fact>, sqlx::Error> {
    let Some(member) = member else { return Ok(Vec::new()) };
    let sql = "SELECT at, fact FROM ledger WHERE member_id = $1 ORDER BY at, id";
    let rows = sqlx::query(sql).bind(member).fetch_all(on).await?;
    let decode = |error: Box<dyn std::error::Error + Send + Sync>| sqlx::Error::Decode(error);
    let mut facts = Vec::with_capacity(rows.len());
    for row in rows {
        let kind = serde_json::from_str(&row.try_get::<String, _>("fact")?).map_err(|e| decode(e.into()))?;
        let at = Timestamp::from_millisecond(row.try_get("at")?).map_err(|e| decode(e.into()))?;
        facts.push(Fact { at, kind });
    }
    Ok(facts)
}

/// Adds a fact.
pub async fn add(on: &mut AnyConnection, id: i64, member: i64, fact: &Fact) -> Result<(), sqlx::Error> {
    let json = serde_json::to_string::<FactKind>(&fact.kind).map_err(|e| sqlx::Error::Encode(e.into()))?;
    let sql = "INSERT INTO ledger (id, member_id, at, fact) VALUES ($1, $2, $3, $4)";
    let query = sqlx::query(sql).bind(id).bind(member).bind(fact.at.as_millisecond()).bind(json);
    query.execute(on).await.map(drop)
}
