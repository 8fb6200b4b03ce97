//! All that is SQLite's own: where the file is, who may read it, how a connection is set up, how a write begins.

use std::io;
use std::path::Path;

use sqlx::{AnyConnection, Executor};

/// Name of the database's file in the data folder.
pub const FILE: &str = "community.db";

/// Takes the write lock at once, so that two writers queue instead of failing half way.
pub const BEGIN_WRITE: &str = "BEGIN IMMEDIATE";

/// `synchronous=FULL`: an acknowledged post survives a power cut, not only a crash.
const PRAGMAS: &str = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                       PRAGMA busy_timeout = 5000; PRAGMA trusted_schema = OFF;";

/// Makes the folder (0700) and the file (0600) when they are missing. SQLite gives its journals the file's mode.
pub fn make_private(folder: &Path, file: &Path) -> io::Result<()> {
    let mut folders = std::fs::DirBuilder::new();
    let mut files = std::fs::OpenOptions::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
        folders.mode(0o700);
        files.mode(0o600);
    }
    folders.recursive(true).create(folder)?;
    files.append(true).create(true).open(file).map(drop)
}

/// The address that the driver understands. The driver decodes per cent signs, so that any name of a folder works.
pub fn url(file: &Path) -> String {
    let mut url = "sqlite://".to_owned();
    for byte in file.to_string_lossy().bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.".contains(&byte) {
            url.push(char::from(byte));
        } else {
            url.push_str(&format!("%{byte:02X}"));
        }
    }
    url + "?mode=rw"
}

/// Sets a new connection up.
pub async fn prepare(connection: &mut AnyConnection) -> Result<(), sqlx::Error> {
    connection.execute(sqlx::raw_sql(PRAGMAS)).await.map(drop)
}

/// Whether a write failed because such a row is there already.
pub fn is_duplicate(error: &sqlx::Error) -> bool {
    error.as_database_error().is_some_and(|e| e.is_unique_violation())
}
