//! The store of the account in use, and what tasks need to work on it. Another account is another desk.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::problem::{UserError, explain_store};
use crate::base::ids::Username;
use crate::base::random::{self, Random};
use crate::model::change::Change;
use crate::store::{self, Store, Window};

/// Where the stores of one community's accounts stand: a folder with a file for each.
#[derive(Clone, Debug)]
pub struct Shelf {
    folder: PathBuf,
}

impl Shelf {
    /// A shelf in this folder, which is made when something is put on it.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The file of an account. A name that could be a path is spelled out.
    pub fn file_of(&self, username: &Username) -> PathBuf {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '-' | '_');
        let spelled =
            username.as_str().chars().map(|c| if plain(c) { c.to_string() } else { format!("%{:x}", c as u32) });
        self.folder.join(format!("{}.db", spelled.collect::<String>()))
    }

    /// Deletes what is kept of an account: the file, and what stands beside it under its name. Other accounts of the
    /// community stay as they are. Nobody may be at work on it.
    ///
    /// # Errors
    /// When something is left.
    pub fn clear(&self, username: &Username) -> std::io::Result<()> {
        let file = self.file_of(username);
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let entries = match std::fs::read_dir(&self.folder) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            entries => entries?,
        };
        for entry in entries {
            let entry = entry?;
            // What stands beside a file bears its name and more: `ada.db-wal`. A name of somebody else has no full stop.
            if entry.file_name().to_string_lossy().starts_with(&name) {
                let is_folder = entry.file_type().is_ok_and(|kind| kind.is_dir());
                let path = entry.path();
                let gone = if is_folder { std::fs::remove_dir_all(path) } else { std::fs::remove_file(path) };
                // Whoever worked on it may be clearing up at this moment.
                gone.or_else(|error| if error.kind() == std::io::ErrorKind::NotFound { Ok(()) } else { Err(error) })?;
            }
        }
        Ok(())
    }
}

/// The store of one account, as one running program uses it.
#[derive(Clone)]
pub(super) struct Desk {
    pub(super) store: Store,
    pub(super) window: Arc<Window>,
    /// Whose it is; none while nobody is known.
    pub(super) me: Option<Username>,
    pending: Arc<Mutex<Arc<[Change]>>>,
    is_open: Arc<AtomicBool>,
}

impl Desk {
    /// The desk of an account. Without a shelf, and where the file cannot be used, one in memory: everything works, and
    /// ends with the program. What is wrong with the file is told; the file stays as it is.
    pub(super) async fn open(
        shelf: Option<&Shelf>,
        me: Option<Username>,
        random: &dyn Random,
    ) -> store::Result<(Self, Option<UserError>)> {
        let id = random::hex(random, 8);
        if let (Some(shelf), Some(name)) = (shelf, &me) {
            match Self::at(&shelf.file_of(name), &id).await {
                Ok((store, window)) => return Ok((Self::new(store, window, me), None)),
                Err(error) => {
                    tracing::warn!(%error, "the store cannot be used");
                    let (store, window) = Self::in_memory(&id).await?;
                    return Ok((Self::new(store, window, me), Some(explain_store(&error))));
                }
            }
        }
        let (store, window) = Self::in_memory(&id).await?;
        Ok((Self::new(store, window, me), None))
    }

    async fn at(file: &std::path::Path, id: &str) -> store::Result<(Store, Window)> {
        let store = Store::open(file).await?;
        let window = store.enter(id.to_owned()).await?;
        store.adopt(&window).await?;
        Ok((store, window))
    }

    async fn in_memory(id: &str) -> store::Result<(Store, Window)> {
        let store = Store::in_memory().await?;
        let window = store.enter(id.to_owned()).await?;
        Ok((store, window))
    }

    fn new(store: Store, window: Window, me: Option<Username>) -> Self {
        Self {
            store,
            window: Arc::new(window),
            me,
            pending: Arc::new(Mutex::new(Arc::from([]))),
            is_open: Arc::new(AtomicBool::new(true)),
        }
    }

    /// What was asked for and has not arrived, oldest first.
    pub(super) fn pending(&self) -> Arc<[Change]> {
        self.pending.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether what the community says is this reader's. It is not while somebody signs in: an answer may then be
    /// another's.
    pub(super) fn is_open(&self) -> bool {
        self.is_open.load(Ordering::SeqCst)
    }

    pub(super) fn set_open(&self, is_open: bool) {
        self.is_open.store(is_open, Ordering::SeqCst);
    }

    pub(super) fn set_pending(&self, pending: Vec<Change>) {
        *self.pending.lock().unwrap_or_else(PoisonError::into_inner) = pending.into();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_never_a_path() {
        let shelf = Shelf::in_folder(PathBuf::from("/shelf"));
        let file = |name: &str| shelf.file_of(&Username::new(name)).display().to_string();
        assert_eq!(file("ada-1_x"), "/shelf/ada-1_x.db");
        assert_eq!(file("../a/B"), "/shelf/%2e%2e%2fa%2f%42.db");
    }

    #[test]
    fn clearing_an_account_leaves_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let shelf = Shelf::in_folder(folder.path().to_owned());
        for name in ["ada.db", "ada.db-wal", "ada-2.db", "bob.db"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("ada.db.windows")).unwrap();
        shelf.clear(&Username::new("ada")).unwrap();
        let mut left: Vec<_> =
            std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        left.sort();
        assert_eq!(left, ["ada-2.db", "bob.db"]);
        Shelf::in_folder(folder.path().join("none")).clear(&Username::new("ada")).unwrap();
    }
}
