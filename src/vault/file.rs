//! Secrets in files that only their owner can read: for machines without a keyring, and only for those who agreed.
//!
//! One file per account in a folder of their own. They are not encrypted: whoever is this user, or root, can read
//! them. So nothing is written before the person has said yes to the very path.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde::{Deserialize, Serialize};

use super::{Entry, Error, Kept, Person, Vault};
use crate::base::private;
use crate::base::secret::{ExposeSecret, Secret};

const NAME: &str = "file";

/// A file holds two tokens and two names.
const MOST: u64 = 64 * 1024;

/// A folder of secrets.
pub struct File {
    folder: PathBuf,
    person: Option<Arc<dyn Person>>,
    is_agreed: AtomicBool,
}

/// What a file holds. Whose secret it is stands inside too, so that a file that was moved is of no use.
#[derive(Serialize, Deserialize)]
struct Content {
    origin: String,
    account: String,
    secret: String,
}

impl File {
    /// Secrets in this folder, which need not exist yet, for a person who has agreed.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder, person: None, is_agreed: AtomicBool::new(true) }
    }

    /// The same for one who is yet to be asked.
    pub fn unless_refused(folder: PathBuf, person: Arc<dyn Person>) -> Self {
        Self { folder, person: Some(person), is_agreed: AtomicBool::new(false) }
    }

    /// Where the secrets are.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    fn path(&self, entry: &Entry) -> PathBuf {
        self.folder.join(format!("{}.json", entry.file_name()))
    }

    fn consent(&self, entry: &Entry, ask: bool) -> Result<(), Error> {
        let path = self.path(entry);
        let person = self.person.as_ref().filter(|_| ask && !self.is_agreed.load(Ordering::SeqCst));
        if person.is_some_and(|person| person.agrees_to_plain(&path)) {
            self.agree();
        }
        if self.is_agreed.load(Ordering::SeqCst) { Ok(()) } else { Err(Error::NotAgreed { vault: NAME, path }) }
    }
}

impl Vault for File {
    fn name(&self) -> &'static str {
        NAME
    }

    fn place(&self, entry: &Entry) -> String {
        self.path(entry).display().to_string()
    }

    fn prepare(&self, entry: &Entry) -> Result<(), Error> {
        self.consent(entry, true)
    }

    fn agree(&self) {
        self.is_agreed.store(true, Ordering::SeqCst);
    }

    fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error> {
        let path = self.path(entry);
        let Some(bytes) = private::read(&path, MOST).map_err(|fault| Error::of_file(NAME, fault))? else {
            return Ok(None);
        };
        let content: Content = serde_json::from_slice(&bytes)
            .map_err(|_| Error::Failed(NAME, format!("{} is damaged", path.display())))?;
        let same = content.origin == entry.origin && content.account == entry.account;
        Ok(same.then(|| Secret::from(content.secret)))
    }

    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error> {
        self.consent(entry, false)?;
        let content = Content {
            origin: entry.origin.clone(),
            account: entry.account.clone(),
            secret: secret.expose_secret().to_owned(),
        };
        let text = serde_json::to_vec(&content).map_err(|error| Error::Failed(NAME, error.to_string()))?;
        private::write(&self.path(entry), &text).map_err(|fault| Error::of_file(NAME, fault))?;
        Ok(Kept { vault: NAME, instead_of: Vec::new() })
    }

    fn delete(&self, entry: &Entry) -> Result<(), Error> {
        private::remove(&self.path(entry)).map_err(|fault| Error::of_file(NAME, fault))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::sync::Mutex;

    use super::*;
    use crate::vault::{Why, probe};

    fn entry() -> Entry {
        Entry { origin: "https://a.example".into(), account: "../ada".into() }
    }

    fn vault() -> (tempfile::TempDir, File) {
        let folder = tempfile::tempdir().unwrap();
        let vault = File::in_folder(folder.path().join("deep/vault"));
        (folder, vault)
    }

    /// Answers every question the same, and remembers which path was named.
    struct Answers(bool, Mutex<Vec<PathBuf>>);

    impl Person for Answers {
        fn passphrase(&self, _: Why, _: &Path) -> Result<Option<Secret>, Error> {
            Ok(None)
        }

        fn agrees_to_plain(&self, path: &Path) -> bool {
            self.1.lock().unwrap().push(path.to_owned());
            self.0
        }
    }

    #[test]
    fn nothing_is_written_before_somebody_agreed_to_the_path() {
        for yes in [false, true] {
            let folder = tempfile::tempdir().unwrap();
            let person = Arc::new(Answers(yes, Mutex::default()));
            let vault = File::unless_refused(folder.path().join("vault"), person.clone());
            let refused = Error::NotAgreed { vault: NAME, path: vault.path(&entry()) };
            assert_eq!(vault.write(&entry(), &Secret::from("hush")), Err(refused.clone()));
            assert_eq!(probe(&vault), Err(Error::NotAgreed { vault: NAME, path: probe_path(&vault) }));
            assert!(person.1.lock().unwrap().is_empty(), "asked without being told to");
            assert!(!vault.folder().exists(), "something was written");
            assert_eq!(vault.prepare(&entry()), if yes { Ok(()) } else { Err(refused) });
            assert_eq!(*person.1.lock().unwrap(), [vault.path(&entry())]);
            assert_eq!(vault.write(&entry(), &Secret::from("hush")).is_ok(), yes);
            assert_eq!(vault.path(&entry()).exists(), yes);
            vault.agree();
            assert!(vault.write(&entry(), &Secret::from("hush")).is_ok());
        }
    }

    fn probe_path(vault: &File) -> PathBuf {
        vault.path(&crate::vault::probe_entry())
    }

    #[test]
    fn what_is_written_is_read_back() {
        let (_folder, vault) = vault();
        assert!(vault.read(&entry()).unwrap().is_none());
        vault.write(&entry(), &Secret::from("one")).unwrap();
        vault.write(&entry(), &Secret::from("two")).unwrap();
        assert_eq!(vault.read(&entry()).unwrap().unwrap().expose_secret(), "two");
        assert_eq!(vault.place(&entry()), vault.path(&entry()).display().to_string());
    }

    #[test]
    fn a_file_that_others_can_read_is_refused() {
        use std::os::unix::fs::PermissionsExt;

        let (_folder, vault) = vault();
        vault.write(&entry(), &Secret::from("one")).unwrap();
        let path = vault.path(&entry());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(vault.read(&entry()).unwrap_err(), Error::Loose { vault: NAME, path, mode: "600" });
        vault.write(&entry(), &Secret::from("two")).unwrap();
        assert_eq!(vault.read(&entry()).unwrap().unwrap().expose_secret(), "two");
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
        assert!(error.contains("damaged") && !error.contains("hush"), "{error}");
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
