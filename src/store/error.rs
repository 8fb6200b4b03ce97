//! Why something could not be kept or read. Sentences are for logs; what a person is told is made of the kind.

use std::io;
use std::path::{Path, PathBuf};

/// What [`super::Store`] returns.
pub type Result<T> = std::result::Result<T, Error>;

/// Why the store could not do what it was asked. What was kept before is as it was.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A newer program made it. It is left alone.
    #[error("{path}: made by a newer version (tables {found}, this one knows {known})")]
    Newer {
        /// The file.
        path: PathBuf,
        /// Version of its tables.
        found: i64,
        /// The newest that this program knows.
        known: i64,
    },
    /// It cannot be read any more, or is no store at all. It is left alone.
    #[error("{path}: damaged: {detail}")]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What was found.
        detail: String,
    },
    /// Nothing can be written there.
    #[error("{path}: cannot be written to")]
    ReadOnly {
        /// The file.
        path: PathBuf,
    },
    /// No room is left.
    #[error("{path}: no room is left on the disk")]
    Full {
        /// The file.
        path: PathBuf,
    },
    /// Another program kept it to itself for too long.
    #[error("{path}: in use for too long")]
    Busy {
        /// The file.
        path: PathBuf,
    },
    /// Anything else.
    #[error("{path}: {detail}")]
    Failed {
        /// The file.
        path: PathBuf,
        /// What the database or the system said.
        detail: String,
    },
}

/// Primary codes of SQLite (sqlite.org/rescode.html).
mod code {
    pub(super) const PERM: u32 = 3;
    pub(super) const BUSY: u32 = 5;
    pub(super) const LOCKED: u32 = 6;
    pub(super) const READONLY: u32 = 8;
    pub(super) const CORRUPT: u32 = 11;
    pub(super) const FULL: u32 = 13;
    pub(super) const NOTADB: u32 = 26;
    /// Extended: the memory file beside the database could not grow, which only a full disk causes.
    pub(super) const IOERR_SHMSIZE: u32 = 10 | 19 << 8;
}

impl Error {
    /// What the database said, about the file at `path`.
    pub(super) fn sql(path: &Path, error: &sqlx::Error) -> Self {
        let (path, detail) = (path.to_owned(), error.to_string());
        let code = match error {
            sqlx::Error::PoolTimedOut => return Self::Busy { path },
            sqlx::Error::Database(error) => error.code().and_then(|code| code.parse::<u32>().ok()),
            _ => None,
        };
        match (code, code.map(|code| code & 0xff)) {
            (Some(code::IOERR_SHMSIZE), _) | (_, Some(code::FULL)) => Self::Full { path },
            (_, Some(code::BUSY | code::LOCKED)) => Self::Busy { path },
            (_, Some(code::PERM | code::READONLY)) => Self::ReadOnly { path },
            (_, Some(code::CORRUPT | code::NOTADB)) => Self::Damaged { path, detail },
            _ => Self::Failed { path, detail },
        }
    }

    /// What the system said, about the file at `path` or one that belongs to it.
    pub(super) fn io(path: &Path, error: &io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => Self::ReadOnly { path },
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => Self::Full { path },
            io::ErrorKind::WouldBlock => Self::Busy { path },
            _ => Self::Failed { path, detail: error.to_string() },
        }
    }
}
