//! The invented community for demonstrations: read from `assets/demo`, dated back from now, written by the same acts as
//! what members do, so that counts, index, inbox and changes follow by themselves.

use std::collections::HashMap;

use sqlx::AnyConnection;

use crate::base::time::{SignedDuration, Timestamp};
use crate::server::acts::Act;
use crate::server::db::house::House;
use crate::server::state::App;

mod files;
mod habits;
mod people;
mod place;
mod talk;
#[cfg(test)]
mod tests;
mod thread_file;

use files::content;
use thread_file::ThreadFile;

/// Why the demo content could not be written.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file of it is not as its format says: which one, where in it, what.
    #[error("assets/demo/{file}: {fault}")]
    File {
        /// Path below `assets/demo`.
        file: String,
        /// Where and what.
        fault: String,
    },
    /// The database.
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
}

impl Error {
    fn file(file: impl Into<String>, fault: impl std::fmt::Display) -> Self {
        Self::File { file: file.into(), fault: fault.to_string() }
    }
}

/// Fills an empty community, all or nothing. Whether it did: one that has threads is left as it is.
pub async fn seed(app: &App) -> Result<bool, Error> {
    let content = content()?;
    let now = app.clock.now();
    let mut write = app.db.write().await?;
    if has_threads(&mut write).await? {
        return Ok(false);
    }
    place::write(&mut write, &content.place).await?;
    let ids = people::write(&mut write, app.db.ids(), &content, now).await?;
    let house = House::load(&mut write).await?;
    let mut act = Act { write: &mut write, ids: app.db.ids(), house: &house, at: now, dated: true };
    let threads = talk::write(&mut act, &content, &ids, now).await?;
    habits::write(&mut act, &content, &ids, &threads, now).await?;
    write.commit().await?;
    Ok(true)
}

async fn has_threads(db: &mut AnyConnection) -> Result<bool, sqlx::Error> {
    let any: Option<i64> = sqlx::query_scalar("SELECT id FROM threads LIMIT 1").fetch_optional(db).await?;
    Ok(any.is_some())
}

/// Rows of members by username.
type Ids = HashMap<String, i64>;

/// The instant `ago` before `now`.
fn back(now: Timestamp, ago: SignedDuration) -> Timestamp {
    now.saturating_sub(ago).unwrap_or(Timestamp::MIN)
}
