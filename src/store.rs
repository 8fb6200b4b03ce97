//! F4: what one account keeps on this machine: what the community said, what is to be said to it, and what is being
//! written. SQL of the client lives in this folder only.
//!
//! What a person wrote is written through a connection that returns when it is on the disk; what the server has anyway
//! through one that leaves that to the system. Nothing here reads a clock, makes a random number or knows the network,
//! and nothing here ever deletes or renames the file.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous,
};
use sqlx::{ConnectOptions, Connection, Sqlite, Transaction};

#[cfg(test)]
pub(crate) mod busy;
mod documents;
mod drafts;
mod error;
mod file;
mod inbox;
mod index;
mod lists;
mod outbox;
mod posts;
mod row;
mod schema;
mod search;
mod standing;
mod threads;
mod window;

use crate::base::time::Timestamp;

pub use drafts::{KeptDraft, Whose};
pub use error::{Error, Result};
pub use lists::{List, Span};
pub use outbox::NewEntry;
pub use standing::Stale;
pub use window::Window;

/// Readers at the same time.
const READERS: u32 = 3;

/// For how long a write waits for that of another program.
const PATIENCE: Duration = Duration::from_secs(5);

/// For how long a call waits for its turn within this program.
const TURN: Duration = Duration::from_secs(30);

/// One account's store. Cheap to clone. Every call is short and may be dropped half way: it then did nothing. Any number
/// of tasks and programs may use the same file.
#[derive(Clone, Debug)]
pub struct Store {
    path: Option<Arc<Path>>,
    /// Writes what must survive a power cut.
    safe: SqlitePool,
    /// Writes what can be fetched again.
    cache: SqlitePool,
    readers: SqlitePool,
}

/// A value and when the community last said so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept<T> {
    /// The value.
    pub value: T,
    /// When it was so.
    pub at: Timestamp,
}

/// How much is kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Threads.
    pub threads: u64,
    /// Posts.
    pub posts: u64,
    /// Bytes of the file.
    pub bytes: u64,
}

impl Store {
    /// Opens the store at `path`, making folder and file when they are missing, and brings its tables up to date.
    ///
    /// # Errors
    /// [`Error::Newer`] and [`Error::Damaged`] leave the file as it was.
    pub async fn open(path: &Path) -> Result<Self> {
        #[cfg(test)]
        let _opening = busy::Opening::begin();
        let owned = path.to_owned();
        let turn = tokio::task::spawn_blocking(move || {
            file::private_folder(owned.parent().unwrap_or(Path::new(".")))?;
            let turn = file::Turn::wait(&owned)?;
            file::make_private(&owned).map(|()| turn)
        });
        let turn = turn.await.unwrap_or_else(|error| Err(std::io::Error::other(error)));
        let turn = turn.map_err(|error| Error::io(path, &error))?;
        let options = options().filename(path);
        schema::look(path, &options).await?;
        let wal = options.journal_mode(SqliteJournalMode::Wal).pragma("journal_size_limit", "16777216");
        let opened = Self::connect(path, &wal).await;
        drop(turn);
        opened
    }

    async fn connect(path: &Path, options: &SqliteConnectOptions) -> Result<Self> {
        let explain = |error: sqlx::Error| Error::sql(path, &error);
        let full = options.clone().synchronous(SqliteSynchronous::Full).pragma("fullfsync", "ON");
        let safe = on_file(1).connect_with(full).await.map_err(explain)?;
        schema::migrate(path, &mut *safe.acquire().await.map_err(explain)?).await?;
        let cache = on_file(1).connect_lazy_with(options.clone().synchronous(SqliteSynchronous::Normal));
        let readers = on_file(READERS).connect_lazy_with(options.clone().pragma("query_only", "ON"));
        #[cfg(test)]
        busy::watch([&safe, &cache, &readers]);
        Ok(Self { path: Some(path.into()), safe, cache, readers })
    }

    /// A store without a file, gone with its last clone: where there is no disk, and in tests.
    ///
    /// # Errors
    /// When there is not even memory.
    pub async fn in_memory() -> Result<Self> {
        #[cfg(test)]
        let _opening = busy::Opening::begin();
        let path = Path::new(MEMORY);
        let explain = |error: sqlx::Error| Error::sql(path, &error);
        let one = pool(1).connect_with(options().filename(path)).await.map_err(explain)?;
        schema::migrate(path, &mut *one.acquire().await.map_err(explain)?).await?;
        #[cfg(test)]
        busy::watch([&one]);
        Ok(Self { path: None, safe: one.clone(), cache: one.clone(), readers: one })
    }

    /// Where it is; none when only in memory.
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// How much is kept.
    ///
    /// # Errors
    /// As every call.
    pub async fn counts(&self) -> Result<Counts> {
        self.told(counts(&self.readers).await)
    }

    /// Closes the file, after the writes under way. Every call from then on fails.
    pub async fn close(&self) {
        self.readers.close().await;
        self.cache.close().await;
        self.safe.close().await;
    }

    /// The turn to write. What is not brought to [`Store::end`] is undone.
    async fn begin(&self, writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>> {
        // At once, so that two writers queue instead of failing half way.
        self.told(writer.begin_with("BEGIN IMMEDIATE").await)
    }

    /// Makes a write last, or undoes it when a part of it failed.
    async fn end<T>(&self, write: Transaction<'static, Sqlite>, done: sqlx::Result<T>) -> Result<T> {
        match done {
            Ok(value) => self.told(write.commit().await.map(|()| value)),
            Err(error) => {
                let _ = write.rollback().await;
                self.told(Err(error))
            }
        }
    }

    fn told<T>(&self, result: sqlx::Result<T>) -> Result<T> {
        result.map_err(|error| Error::sql(self.named(), &error))
    }

    /// The file as errors name it.
    fn named(&self) -> &Path {
        self.path.as_deref().unwrap_or(Path::new(MEMORY))
    }
}

const MEMORY: &str = ":memory:";

/// What all connections have in common.
fn options() -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .busy_timeout(PATIENCE)
        .foreign_keys(true)
        .pragma("trusted_schema", "OFF")
        // What is sorted stays out of files that others could read.
        .pragma("temp_store", "MEMORY")
        // Rows that may wait to be taken: fewer would make every long answer a conversation between two threads.
        .row_buffer_size(1000)
        .disable_statement_logging()
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(TURN)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
}

/// Connections to a file. When the disk is full SQLite may undo a transaction by itself; the driver does not notice, and
/// could never begin another one on that connection. It is given up for a new one.
fn on_file(connections: u32) -> SqlitePoolOptions {
    pool(connections).after_release(|connection, _| {
        Box::pin(async move {
            // What was dropped half way is undone first.
            connection.ping().await?;
            Ok(!connection.is_in_transaction())
        })
    })
}

async fn counts(db: &SqlitePool) -> sqlx::Result<Counts> {
    let sql = "SELECT (SELECT COUNT(*) FROM threads), (SELECT COUNT(*) FROM posts), \
               (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size)";
    let (threads, posts, bytes): (i64, i64, i64) = sqlx::query_as(sql).fetch_one(db).await?;
    Ok(Counts { threads: threads.cast_unsigned(), posts: posts.cast_unsigned(), bytes: bytes.cast_unsigned() })
}

/// For single statements on a connection that is in the middle of something.
type Db = SqliteConnection;

#[cfg(test)]
mod tests;
