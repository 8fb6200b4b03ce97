//! Secrets in files that only their owner can read: for machines without a keyring.
//!
//! One file per account in a folder of their own. They are not encrypted: whoever is this user, or root, can read
//! them. A person is told so when it comes to that.

use std::fs::{self, File as Handle, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::{Entry, Error, Kept, Vault};
use crate::base::secret::{ExposeSecret, Secret};

const NAME: &str = "file";

/// A folder of secrets.
#[derive(Debug)]
pub struct File {
    folder: PathBuf,
}

/// What a file holds. Whose secret it is stands inside too, so that a file that was moved is of no use.
#[derive(Serialize, Deserialize)]
struct Content {
    origin: String,
    account: String,
    secret: String,
}

impl File {
    /// Secrets in this folder, which need not exist yet.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// Where the secrets are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// A name that any file system takes, whatever the origin and the account are.
    fn path(&self, entry: &Entry) -> PathBuf {
        let whose = format!("{}\n{}", entry.origin, entry.account);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, whose.as_bytes());
        let name: String = digest.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect();
        self.folder.join(format!("{name}.json"))
    }

    fn load(&self, entry: &Entry) -> io::Result<Option<Secret>> {
        let mut file = match options().read(true).open(self.path(entry)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        refuse_unless_private(&file)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let content: Content = serde_json::from_str(&text)
            .map_err(|_| io::Error::new(io::ErrorKind::InvalidData, "the file is damaged"))?;
        let same = content.origin == entry.origin && content.account == entry.account;
        Ok(same.then(|| Secret::from(content.secret)))
    }

    /// Writes a new file, makes sure that it is on the disk, and puts it in the old one's place.
    fn store(&self, entry: &Entry, secret: &Secret) -> io::Result<()> {
        private_folder(&self.folder)?;
        let content = Content {
            origin: entry.origin.clone(),
            account: entry.account.clone(),
            secret: secret.expose_secret().to_owned(),
        };
        let text = serde_json::to_string(&content).map_err(io::Error::other)?;
        let path = self.path(entry);
        let fresh = path.with_extension(format!("new-{}", std::process::id()));
        // Left over from a run that was killed: its number has come round again.
        let _ = fs::remove_file(&fresh);
        let written = private(options().write(true).create_new(true)).open(&fresh).and_then(|mut file| {
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, &path)
        });
        if written.is_err() {
            // A secret must not stay where nothing would ever look for it.
            let _ = fs::remove_file(&fresh);
        }
        written?;
        sync_folder(&self.folder)
    }

    fn remove(&self, entry: &Entry) -> io::Result<()> {
        match fs::remove_file(self.path(entry)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            result => result,
        }
    }

    fn explain(&self, error: &io::Error) -> Error {
        Error::Failed(NAME, format!("{}: {error}", self.folder.display()))
    }
}

impl Vault for File {
    fn name(&self) -> &'static str {
        NAME
    }

    fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error> {
        self.load(entry).map_err(|error| self.explain(&error))
    }

    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error> {
        self.store(entry, secret).map_err(|error| self.explain(&error))?;
        Ok(Kept { vault: NAME, instead_of: Vec::new() })
    }

    fn delete(&self, entry: &Entry) -> Result<(), Error> {
        self.remove(entry).map_err(|error| self.explain(&error))
    }
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    let mut options = OpenOptions::new();
    // A link could point a secret at a place that others read.
    options.custom_flags(rustix::fs::OFlags::NOFOLLOW.bits().cast_signed());
    options
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt;

    options.mode(0o600)
}

#[cfg(unix)]
fn refuse_unless_private(file: &Handle) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt;

    let metadata = file.metadata()?;
    let fault = if !metadata.is_file() {
        "it is no ordinary file"
    } else if metadata.uid() != rustix::process::geteuid().as_raw() {
        "it belongs to another user"
    } else if metadata.mode() & 0o077 != 0 {
        "others can read it: chmod 600, and sign in again if somebody may have"
    } else {
        return Ok(());
    };
    Err(io::Error::new(io::ErrorKind::PermissionDenied, fault))
}

#[cfg(unix)]
fn private_folder(folder: &Path) -> io::Result<()> {
    use std::os::unix::fs::{DirBuilderExt, PermissionsExt};

    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
    fs::set_permissions(folder, fs::Permissions::from_mode(0o700))
}

#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    Handle::open(folder)?.sync_all()
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
fn refuse_unless_private(_: &Handle) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn private_folder(folder: &Path) -> io::Result<()> {
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
    use crate::vault::probe;

    fn entry() -> Entry {
        Entry { origin: "https://a.example".into(), account: "../ada".into() }
    }

    fn vault() -> (tempfile::TempDir, File) {
        let folder = tempfile::tempdir().unwrap();
        let vault = File::in_folder(folder.path().join("deep/vault"));
        (folder, vault)
    }

    #[test]
    fn only_the_owner_can_read_it() {
        let (_folder, vault) = vault();
        assert!(vault.read(&entry()).unwrap().is_none());
        vault.write(&entry(), &Secret::from("one")).unwrap();
        vault.write(&entry(), &Secret::from("two")).unwrap();
        assert_eq!(vault.read(&entry()).unwrap().unwrap().expose_secret(), "two");
        let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
        assert_eq!(mode(&vault.path(&entry())), 0o600);
        assert_eq!(mode(vault.folder()), 0o700);
        assert_eq!(fs::read_dir(vault.folder()).unwrap().count(), 1, "no leftovers");
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        let (_folder, vault) = vault();
        vault.write(&entry(), &Secret::from("one")).unwrap();
        for mode in [0o640, 0o604, 0o660] {
            fs::set_permissions(vault.path(&entry()), fs::Permissions::from_mode(mode)).unwrap();
            let refused = vault.read(&entry()).unwrap_err().to_string();
            assert!(refused.contains("chmod 600"), "{refused}");
        }
        vault.write(&entry(), &Secret::from("two")).unwrap();
        assert_eq!(vault.read(&entry()).unwrap().unwrap().expose_secret(), "two");
    }

    #[test]
    fn a_link_is_not_followed() {
        let (folder, vault) = vault();
        vault.write(&entry(), &Secret::from("one")).unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs::rename(vault.path(&entry()), &elsewhere).unwrap();
        std::os::unix::fs::symlink(&elsewhere, vault.path(&entry())).unwrap();
        assert!(vault.read(&entry()).is_err());
        vault.write(&entry(), &Secret::from("two")).unwrap();
        assert!(fs::read_to_string(elsewhere).unwrap().contains("one"), "the link's target was written to");
    }

    #[test]
    fn a_moved_or_damaged_file_gives_nothing_away() {
        let (_folder, vault) = vault();
        let other = Entry { account: "eve".into(), ..entry() };
        vault.write(&entry(), &Secret::from("one")).unwrap();
        fs::rename(vault.path(&entry()), vault.path(&other)).unwrap();
        assert!(vault.read(&other).unwrap().is_none());
        fs::write(vault.path(&other), "{\"secret\":\"hush").unwrap();
        let error = vault.read(&other).unwrap_err().to_string();
        assert!(!error.contains("hush"), "{error}");
    }

    #[test]
    fn a_write_that_fails_leaves_nothing_behind() {
        let (_folder, vault) = vault();
        // A folder in the place of the file: all goes well but the last step.
        fs::create_dir_all(vault.path(&entry()).join("in the way")).unwrap();
        assert!(vault.write(&entry(), &Secret::from("hush")).is_err());
        assert_eq!(fs::read_dir(vault.folder()).unwrap().count(), 1, "a secret was left behind");
    }

    #[test]
    fn forgetting_is_final_and_may_be_repeated() {
        let (_folder, vault) = vault();
        assert_eq!(probe(&vault), Ok(()));
        vault.write(&entry(), &Secret::from("one")).unwrap();
        vault.delete(&entry()).unwrap();
        vault.delete(&entry()).unwrap();
        assert!(vault.read(&entry()).unwrap().is_none());
    }
}
