//! The database: pools, migrations, and the one way to write. SQL lives in this folder only, in the dialect that
//! SQLite and PostgreSQL share; what differs is in [`dialect`].

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::AnyPool;
use sqlx::Connection as _;
use sqlx::any::AnyPoolOptions;
use sqlx::migrate::Migrator;

pub mod audit;
pub mod browser_codes;
pub mod changes;
pub mod community;
pub mod device_codes;
pub mod dialect;
pub mod house;
pub mod idempotency;
pub mod ids;
pub mod ledger;
pub mod marks;
pub mod members;
pub mod notifications;
pub mod personal_tokens;
pub mod posts;
pub mod search;
pub mod search_sqlite;
pub mod second_factors;
pub mod sessions;
pub mod sql;
pub mod thread_lists;
pub mod threads;
pub mod write;

use crate::base::time::Clock;
pub use write::{News, Write};

/// Readers at the same time.
const READERS: u32 = 4;

/// For how long a request waits for its turn to write or read before it fails.
const PATIENCE: Duration = Duration::from_secs(10);

static MIGRATIONS: Migrator = sqlx::migrate!("assets/migrations/server");

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// The folder or the file.
    #[error("the data folder {path}: {error}")]
    Folder {
        /// Which.
        path: std::path::PathBuf,
        /// What the system said.
        error: std::io::Error,
    },
    /// The database itself.
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
    /// Its tables.
    #[error("the database's tables: {0}")]
    Migrate(#[from] sqlx::migrate::MigrateError),
    /// The invented community that it was to be filled with.
    #[error("the demo content: {0}")]
    Demo(String),
}

/// The database of one community. Cheap to clone.
#[derive(Clone)]
pub struct Db {
    writer: AnyPool,
    readers: AnyPool,
    ids: Arc<ids::Ids>,
    news: tokio::sync::broadcast::Sender<News>,
}

impl Db {
    /// Opens the database in `folder`, making both when they are missing, and brings its tables up to date.
    pub async fn open(folder: &Path, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        sqlx::any::install_default_drivers();
        let file = folder.join(dialect::FILE);
        dialect::make_private(folder, &file).map_err(|error| OpenError::Folder { path: folder.to_owned(), error })?;
        let url = dialect::url(&file);
        let writer = pool(1).connect(&url).await?;
        MIGRATIONS.run(&writer).await?;
        members::fill_keys(&mut *writer.acquire().await?).await?;
        let readers = pool(READERS).connect(&url).await?;
        let ids = Arc::new(ids::Ids::new(clock, ids::last(&writer).await?));
        Ok(Self { writer, readers, ids, news: tokio::sync::broadcast::Sender::new(256) })
    }

    /// For single reads. What several reads must agree on wants [`Db::snapshot`].
    pub fn read(&self) -> &AnyPool {
        &self.readers
    }

    /// Several reads of one state of the database. Nothing may be written through it.
    pub async fn snapshot(&self) -> Result<sqlx::Transaction<'static, sqlx::Any>, sqlx::Error> {
        self.readers.begin().await
    }

    /// The turn to write. What is not committed is undone, also when the caller panics or is dropped.
    pub async fn write(&self) -> Result<Write, sqlx::Error> {
        let tx = self.writer.begin_with(dialect::BEGIN_WRITE).await?;
        Ok(Write::new(tx, self.news.clone()))
    }

    /// Fails when the database does not answer.
    pub async fn check(&self) -> Result<(), sqlx::Error> {
        sqlx::query("SELECT 1").execute(&self.readers).await.map(drop)
    }

    /// Ids for new rows.
    pub fn ids(&self) -> &ids::Ids {
        &self.ids
    }

    /// News of what is committed from now on.
    pub fn news(&self) -> tokio::sync::broadcast::Receiver<News> {
        self.news.subscribe()
    }

    /// Closes the files, after the writes under way.
    pub async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

fn pool(connections: u32) -> AnyPoolOptions {
    AnyPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .after_connect(|connection, _| Box::pin(dialect::prepare(connection)))
        // When the disk is full a database may undo a transaction by itself; the driver does not notice, and could never
        // begin another one on that connection. It is given up for a new one.
        .after_release(|connection, _| {
            Box::pin(async move {
                connection.ping().await?;
                Ok(!connection.is_in_transaction())
            })
        })
}
