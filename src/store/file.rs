//! The file and what stands beside it: private from the first byte, and never opened here but by SQLite. On most systems
//! a file that is opened and closed by anything else loses the locks that SQLite holds on it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Makes the folder (0700) and an empty file (0600) where they are missing. SQLite gives the files it puts beside it the
/// file's own mode. One that others could read is closed to them.
pub(super) fn make_private(file: &Path) -> io::Result<()> {
    match private(&mut OpenOptions::new()).write(true).create_new(true).open(file) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => close_to_others(file),
        made => made.map(drop),
    }
}

/// Makes a folder that only its owner may enter. One that is there stays as it is.
pub(super) fn private_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Files that are made this way are their owner's alone.
pub(super) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

fn close_to_others(file: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;

        let mode = fs::metadata(file)?.permissions().mode();
        if mode & 0o077 != 0 {
            fs::set_permissions(file, fs::Permissions::from_mode(mode & 0o700))?;
        }
    }
    #[cfg(not(unix))]
    let _ = file;
    Ok(())
}

/// The file's name with an ending of its own: `store.db` and `store.db.windows`.
pub(super) fn beside(file: &Path, ending: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(ending);
    name.into()
}

/// Held while the file is made, looked at and brought up to date: one program at a time, however many start at once.
pub(super) struct Turn {
    _lock: File,
}

impl Turn {
    /// Waits for its turn, but not for ever: somebody may hold it who was stopped. Blocks the thread.
    pub(super) fn wait(file: &Path) -> io::Result<Self> {
        const STEP: Duration = Duration::from_millis(10);
        let lock = private(&mut OpenOptions::new()).append(true).create(true).open(beside(file, ".lock"))?;
        for _ in 0..super::PATIENCE.as_millis() / STEP.as_millis() {
            match lock.try_lock() {
                Ok(()) => return Ok(Self { _lock: lock }),
                Err(TryLockError::WouldBlock) => std::thread::sleep(STEP),
                Err(TryLockError::Error(error)) => return Err(error),
            }
        }
        Err(io::ErrorKind::WouldBlock.into())
    }
}
