//! Files that are nobody else's business: written whole or not at all, and read only when nobody but their owner could
//! have read or changed them. What stands in them is somebody else's matter.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

/// Why a file was not read or written.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// Others may read or change it.
    #[error("others may get at {path}: chmod {mode} {path}", path = path.display())]
    Loose {
        /// The file or folder.
        path: PathBuf,
        /// What it has to be: `600` or `700`.
        mode: &'static str,
    },
    /// It is not this user's.
    #[error("{path} belongs to another user", path = path.display())]
    Foreign {
        /// The file or folder.
        path: PathBuf,
    },
    /// The system says why.
    #[error("{path}: {error}", path = path.display())]
    Io {
        /// The file or folder.
        path: PathBuf,
        /// Its words.
        error: io::Error,
    },
}

impl Fault {
    fn io(path: &Path, error: io::Error) -> Self {
        Self::Io { path: path.to_owned(), error }
    }
}

/// Reads a file of at most `most` bytes; none when it is not there. Its folder counts too: whoever may write there could
/// have put another in its place.
///
/// # Errors
/// When it is not its owner's alone, no ordinary file, too long, or cannot be read.
pub fn read(path: &Path, most: u64) -> Result<Option<Vec<u8>>, Fault> {
    take(path, most, check_folder)
}

/// The same in a folder that others may enter: for a file that a person made.
///
/// # Errors
/// As [`read()`], but for the folder.
pub fn read_file(path: &Path, most: u64) -> Result<Option<Vec<u8>>, Fault> {
    take(path, most, |_| Ok(()))
}

fn take(path: &Path, most: u64, check: impl FnOnce(&Path) -> Result<(), Fault>) -> Result<Option<Vec<u8>>, Fault> {
    let file = match options().read(true).open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Fault::io(path, error)),
    };
    if let Some(folder) = path.parent() {
        check(folder)?;
    }
    check_file(&file, path)?;
    let mut bytes = Vec::new();
    file.take(most + 1).read_to_end(&mut bytes).map_err(|error| Fault::io(path, error))?;
    if bytes.len() as u64 > most {
        return Err(Fault::io(path, io::ErrorKind::FileTooLarge.into()));
    }
    Ok(Some(bytes))
}

/// Puts a file in the place of an older one, and makes sure that it is on the disk. A folder that is missing is made, for
/// its owner only.
///
/// # Errors
/// When the folder is not its owner's alone, or something cannot be written: then the older file is as it was, and
/// nothing is left beside it.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    place(path, bytes, check_folder, |fresh| fs::rename(fresh, path))
}

/// The same in a folder that others may enter: for what is private and not secret.
///
/// # Errors
/// When something cannot be written.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    place(path, bytes, |_| Ok(()), |fresh| fs::rename(fresh, path))
}

/// Puts a file where none is.
///
/// # Errors
/// As [`write()`], and [`io::ErrorKind::AlreadyExists`] when there is one.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    place(path, bytes, check_folder, |fresh| {
        fs::hard_link(fresh, path)?;
        fs::remove_file(fresh)
    })
}

/// The same in a folder that others may enter, and on disks without links: for a text that has to be kept.
///
/// # Errors
/// As [`replace()`], and [`io::ErrorKind::AlreadyExists`] when there is one.
pub fn add(path: &Path, bytes: &[u8]) -> Result<(), Fault> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder).map_err(|error| Fault::io(folder, error))?;
    let mut file =
        private(options().write(true).create_new(true)).open(path).map_err(|error| Fault::io(path, error))?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all()).and_then(|()| sync_folder(folder));
    if written.is_err() {
        let _ = fs::remove_file(path);
    }
    written.map_err(|error| Fault::io(path, error))
}

/// Writes beside the place and then puts what was written there.
fn place(
    path: &Path,
    bytes: &[u8],
    check: impl FnOnce(&Path) -> Result<(), Fault>,
    put: impl FnOnce(&Path) -> io::Result<()>,
) -> Result<(), Fault> {
    let folder = path.parent().unwrap_or(Path::new("."));
    make_folder(folder).map_err(|error| Fault::io(folder, error))?;
    check(folder)?;
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let fresh = folder.join(format!("{name}.new-{}", own_name()));
    // Left over from a run that was killed: its number has come round again.
    let _ = fs::remove_file(&fresh);
    let written = private(options().write(true).create_new(true)).open(&fresh).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()?;
        put(&fresh)
    });
    if written.is_err() {
        // A secret must not stay where nothing would ever look for it.
        let _ = fs::remove_file(&fresh);
    }
    written.and_then(|()| sync_folder(folder)).map_err(|error| Fault::io(path, error))
}

/// A name that nobody else on this machine has at this moment: of the process and the thread.
pub fn own_name() -> String {
    let thread: String = format!("{:?}", std::thread::current().id()).chars().filter(char::is_ascii_digit).collect();
    format!("{}-{thread}", std::process::id())
}

/// Deletes a file. One that is not there is no error.
///
/// # Errors
/// When it is still there.
pub fn remove(path: &Path) -> Result<(), Fault> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Fault::io(path, error)),
        _ => Ok(()),
    }
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = OpenOptions::new();
    // A link could point a secret at a place that others read, and a pipe could keep the reader waiting.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    options.custom_flags(flags.bits().cast_signed());
    options
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(0o600)
}

#[cfg(unix)]
fn check_file(file: &File, path: &Path) -> Result<(), Fault> {
    let metadata = file.metadata().map_err(|error| Fault::io(path, error))?;
    if !metadata.is_file() {
        return Err(Fault::io(path, io::Error::new(io::ErrorKind::InvalidInput, "it is no ordinary file")));
    }
    check(&metadata, path, "600")
}

#[cfg(unix)]
fn check_folder(folder: &Path) -> Result<(), Fault> {
    let metadata = fs::metadata(folder).map_err(|error| Fault::io(folder, error))?;
    check(&metadata, folder, "700")
}

#[cfg(unix)]
fn check(metadata: &fs::Metadata, path: &Path, mode: &'static str) -> Result<(), Fault> {
    use std::os::unix::fs::MetadataExt;

    if metadata.uid() != rustix::process::geteuid().as_raw() {
        return Err(Fault::Foreign { path: path.to_owned() });
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(Fault::Loose { path: path.to_owned(), mode });
    }
    Ok(())
}

#[cfg(unix)]
fn make_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;

    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    OpenOptions::new()
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(not(unix))]
fn check_file(_: &File, _: &Path) -> Result<(), Fault> {
    Ok(())
}

#[cfg(not(unix))]
fn check_folder(_: &Path) -> Result<(), Fault> {
    Ok(())
}

#[cfg(not(unix))]
fn make_folder(folder: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};

    use super::*;

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    fn place() -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deep/down/file");
        (folder, path)
    }

    #[test]
    fn only_the_owner_can_read_it() {
        let (_folder, path) = place();
        assert!(read(&path, 9).unwrap().is_none());
        write(&path, b"one").unwrap();
        write(&path, b"two").unwrap();
        assert_eq!(read(&path, 9).unwrap().unwrap(), b"two");
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "no leftovers");
    }

    #[test]
    fn what_others_may_get_at_is_refused_with_the_command_that_mends_it() {
        let (_folder, path) = place();
        write(&path, b"one").unwrap();
        for mode in [0o640, 0o604, 0o620, 0o660] {
            set(&path, mode);
            let said = read(&path, 9).unwrap_err().to_string();
            assert!(said.ends_with(&format!("chmod 600 {}", path.display())), "{said}");
        }
        set(&path, 0o600);
        let folder = path.parent().unwrap();
        for mode in [0o750, 0o702] {
            set(folder, mode);
            for said in [read(&path, 9).unwrap_err().to_string(), write(&path, b"two").unwrap_err().to_string()] {
                assert!(said.ends_with(&format!("chmod 700 {}", folder.display())), "{said}");
            }
        }
        set(folder, 0o700);
        assert_eq!(read(&path, 9).unwrap().unwrap(), b"one");
    }

    #[test]
    fn neither_a_link_nor_a_pipe_is_read() {
        let (folder, path) = place();
        write(&path, b"one").unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs::rename(&path, &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, &path).unwrap();
        assert!(read(&path, 9).is_err());
        write(&path, b"two").unwrap();
        assert_eq!(fs::read(elsewhere).unwrap(), b"one", "the link's target was written to");
        assert_eq!(read(&path, 9).unwrap().unwrap(), b"two");
        fs::remove_file(&path).unwrap();
        rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        assert!(read(&path, 9).is_err());
    }

    #[test]
    fn a_write_that_fails_leaves_nothing_behind() {
        let (_folder, path) = place();
        // A folder in the place of the file: all goes well but the last step.
        fs::create_dir_all(path.join("in the way")).unwrap();
        set(path.parent().unwrap(), 0o700);
        assert!(write(&path, b"hush").is_err());
        assert!(create(&path, b"hush").is_err());
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1, "something was left behind");
    }

    #[test]
    fn what_is_there_is_not_created_again() {
        let (_folder, path) = place();
        create(&path, b"one").unwrap();
        let Err(Fault::Io { error, .. }) = create(&path, b"two") else { panic!("it was") };
        assert_eq!(error.kind(), io::ErrorKind::AlreadyExists);
        assert_eq!(read(&path, 9).unwrap().unwrap(), b"one");
        assert_eq!(fs::read_dir(path.parent().unwrap()).unwrap().count(), 1);
        assert!(read(&path, 2).is_err(), "longer than allowed");
        remove(&path).unwrap();
        remove(&path).unwrap();
    }
    #[test]
    fn two_threads_do_not_write_into_the_same_file() {
        let (_folder, path) = place();
        let (path, own) = (&path, own_name());
        std::thread::scope(|threads| {
            // Held open by the first while the second writes: of one name, the second would take it away.
            let result = super::place(path, b"one", check_folder, |fresh| {
                assert!(fresh.to_string_lossy().ends_with(&own), "{}", fresh.display());
                threads.spawn(|| write(path, b"two").unwrap()).join().unwrap();
                fs::rename(fresh, path)
            });
            result.unwrap();
        });
        assert_eq!(read(path, 9).unwrap().unwrap(), b"one");
    }
}
