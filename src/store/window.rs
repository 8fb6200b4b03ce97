//! Windows: the running programs on one account. What a person writes belongs to the window it is written in, so that two
//! of them never overwrite one another; when a window is gone, its texts are anybody's.
//!
//! A window is there for as long as it holds the lock on its file. The system frees that at any end, also a hard one.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::file::{beside, private, private_folder};
use super::{Error, Result, Store};

/// A running program on this account. Dropping it says that it is gone.
#[derive(Debug)]
pub struct Window {
    id: String,
    _lock: Option<Lock>,
}

impl Window {
    /// Its name.
    pub fn id(&self) -> &str {
        &self.id
    }
}

#[derive(Debug)]
struct Lock {
    _file: File,
    path: PathBuf,
}

impl Drop for Lock {
    fn drop(&mut self) {
        // While it is still held: nobody else can be at it. A file that stays says nothing without its lock.
        let _ = fs::remove_file(&self.path);
    }
}

impl Store {
    /// Registers a window under a name that nobody else has: letters, digits, `-` and `_` at random.
    ///
    /// # Errors
    /// As every call; [`Error::Busy`] when somebody has that name.
    pub async fn enter(&self, random_id: String) -> Result<Window> {
        let Some(path) = self.path() else { return Ok(Window { id: random_id, _lock: None }) };
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if random_id.is_empty() || !random_id.chars().all(is_name) {
            return Err(Error::Failed { path: path.to_owned(), detail: "no name for a window".into() });
        }
        let lock = lock(&folder(path), &random_id).map_err(|error| match error.kind() {
            io::ErrorKind::AlreadyExists => Error::Busy { path: path.to_owned() },
            _ => Error::io(path, &error),
        })?;
        Ok(Window { id: random_id, _lock: Some(lock) })
    }

    /// Whether the window of this name is gone. In memory there is only one.
    pub(super) fn is_gone(&self, id: &str) -> bool {
        self.path().is_none_or(|path| is_free(&folder(path).join(id)))
    }

    /// Clears away what windows that are gone have left beside the file.
    pub(super) fn sweep(&self) {
        let Some(entries) = self.path().and_then(|path| fs::read_dir(folder(path)).ok()) else { return };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            if is_free(&path) {
                let _ = fs::remove_file(path);
            }
        }
    }
}

fn folder(store: &Path) -> PathBuf {
    beside(store, ".windows")
}

/// Makes a locked file. It gets its name when it is locked already, so that nobody ever finds it free.
fn lock(folder: &Path, id: &str) -> io::Result<Lock> {
    private_folder(folder)?;
    let path = folder.join(id);
    if path.exists() && !is_free(&path) {
        return Err(io::ErrorKind::AlreadyExists.into());
    }
    let fresh = folder.join(format!(".{id}"));
    loop {
        let file = private(&mut OpenOptions::new()).append(true).create(true).open(&fresh)?;
        file.lock()?;
        match fs::rename(&fresh, &path) {
            // Swept away before it was locked: again.
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            renamed => return renamed.map(|()| Lock { _file: file, path }),
        }
    }
}

/// Whether nobody holds the lock on a file. Where that cannot be told somebody does.
fn is_free(path: &Path) -> bool {
    match File::open(path) {
        // Shared, so that two who look at the same moment do not take each other for the owner.
        Ok(file) => !matches!(file.try_lock_shared(), Err(TryLockError::WouldBlock | TryLockError::Error(_))),
        Err(error) => error.kind() == io::ErrorKind::NotFound,
    }
}
