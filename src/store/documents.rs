//! Documents: one value by name.

use serde::{Serialize, de::DeserializeOwned};
use sqlx::SqlitePool;

use super::row::{json, kept, micros};
use super::{Db, Kept, Result, Store};
use crate::base::time::Timestamp;

impl Store {
    /// The value of this name. One of a shape that does not read any more counts as not kept.
    ///
    /// # Errors
    /// As every call.
    pub async fn document<T: DeserializeOwned>(&self, name: &str) -> Result<Option<Kept<T>>> {
        self.told(find(&self.readers, name).await)
    }

    /// Keeps a value under a name, in place of the one before.
    ///
    /// # Errors
    /// As every call.
    pub async fn keep_document<T: Serialize + Sync>(&self, name: &str, value: &T, at: Timestamp) -> Result<()> {
        let body = self.told(json(value))?;
        let mut write = self.begin(&self.cache).await?;
        let done = put(&mut write, name, &body, at).await;
        self.end(write, done).await
    }
}

async fn find<T: DeserializeOwned>(db: &SqlitePool, name: &str) -> sqlx::Result<Option<Kept<T>>> {
    let sql = "SELECT body, at FROM documents WHERE name = $1";
    let row = sqlx::query(sql).bind(name).fetch_optional(db).await?;
    row.as_ref().map_or(Ok(None), kept)
}

async fn put(db: &mut Db, name: &str, body: &str, at: Timestamp) -> sqlx::Result<()> {
    let sql = "INSERT INTO documents (name, body, at) VALUES ($1, $2, $3) \
               ON CONFLICT (name) DO UPDATE SET body = excluded.body, at = excluded.at";
    sqlx::query(sql).bind(name).bind(body).bind(micros(at)).execute(db).await.map(drop)
}
