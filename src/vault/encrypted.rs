//! Secrets in files that are encrypted under a passphrase: for machines without a keyring.
//!
//! One random key closes the files of all accounts (`seal.rs`). It stands in the same folder, itself closed with the
//! passphrase, so that a passphrase is asked for once per run whatever is opened, and a wrong one is told from a damaged
//! file. A cache may keep the key between runs; what is wrong with the cache is never what is wrong with the vault.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use super::{Entry, Error, Kept, Person, Vault, Why};
use crate::base::private::{self, Fault};
use crate::base::random::Random;
use crate::base::secret::Secret;

pub mod seal;

use seal::{Closed, Cost, Key};

const NAME: &str = "encrypted";

/// A file holds two tokens, the key's file less.
const MOST: u64 = 64 * 1024;

/// Wrong passphrases before the vault gives up.
const TRIES: usize = 3;

/// Keeps a key between runs. Best effort: it may lose one at any time, and never fails.
pub trait Cache: Send + Sync {
    /// The key of this name.
    fn get(&self, name: &str) -> Option<Secret>;

    /// Keeps it for a while.
    fn put(&self, name: &str, key: &Secret);

    /// Forgets it.
    fn clear(&self, name: &str);
}

/// A folder of encrypted secrets.
pub struct Encrypted {
    folder: PathBuf,
    person: Arc<dyn Person>,
    random: Arc<dyn Random>,
    cache: Option<Box<dyn Cache>>,
    cost: Cost,
    state: Mutex<State>,
}

#[derive(Default)]
enum State {
    /// Nobody was asked yet.
    #[default]
    Closed,
    Open(Key),
    /// The person was asked and did not help: in this run they are not asked again.
    Refused(Error),
}

impl Encrypted {
    /// Secrets in this folder, which need not exist yet.
    pub fn in_folder(folder: PathBuf, person: Arc<dyn Person>, random: Arc<dyn Random>) -> Self {
        Self { folder, person, random, cache: None, cost: Cost::default(), state: Mutex::default() }
    }

    /// The same with a cache in front.
    pub fn cached_by(self, cache: Box<dyn Cache>) -> Self {
        Self { cache: Some(cache), ..self }
    }

    /// The same where guessing costs so much, for tests.
    pub fn at_cost(self, cost: Cost) -> Self {
        Self { cost, ..self }
    }

    /// Opens the vault if there is one and somebody can: so that a screen need not ask later.
    ///
    /// # Errors
    /// When it stays closed.
    pub fn open(&self) -> Result<(), Error> {
        match self.closed()? {
            Some(closed) => self.key(Some(closed)).map(drop),
            None => Ok(()),
        }
    }

    fn path(&self, entry: &Entry) -> PathBuf {
        self.folder.join(format!("{}.sealed", entry.file_name()))
    }

    fn key_path(&self) -> PathBuf {
        self.folder.join("key.json")
    }

    /// The key as it stands in its file; none before the first secret.
    fn closed(&self) -> Result<Option<Closed>, Error> {
        let path = self.key_path();
        let Some(bytes) = private::read(&path, MOST).map_err(of_file)? else { return Ok(None) };
        Closed::parse(&bytes).map(Some).ok_or_else(|| damaged(&path))
    }

    /// The key: as it was opened in this run, from the cache, or with the passphrase. Without a file it is made.
    fn key(&self, closed: Option<Closed>) -> Result<Key, Error> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &*state {
            State::Open(key) => return Ok(key.clone()),
            State::Refused(error) => return Err(error.clone()),
            State::Closed => {}
        }
        let key = match closed {
            Some(closed) => self.unlock(&closed),
            None => self.make(),
        };
        *state = match &key {
            Ok(key) => State::Open(key.clone()),
            // A disk that was full may have room the next time; a person who said no is not asked again.
            Err(Error::Failed(..) | Error::Loose { .. } | Error::Foreign { .. }) => State::Closed,
            Err(error) => State::Refused(error.clone()),
        };
        key
    }

    fn unlock(&self, closed: &Closed) -> Result<Key, Error> {
        if let Some(key) = self.cache.as_ref().and_then(|cache| cache.get(&closed.name())) {
            return Ok(Key::from(key));
        }
        let mut why = Why::Open;
        for _ in 0..TRIES {
            let Some(passphrase) = self.person.passphrase(why, &self.folder)? else { break };
            if let Some(key) = closed.open(&passphrase).map_err(|why| Error::Failed(NAME, why))? {
                self.put_in_cache(closed, &key);
                return Ok(key);
            }
            why = Why::Again;
        }
        Err(if why == Why::Open { Error::Locked(NAME) } else { Error::Passphrase(NAME) })
    }

    fn make(&self) -> Result<Key, Error> {
        let Some(passphrase) = self.person.passphrase(Why::New, &self.folder)? else {
            return Err(Error::NoPassphrase(NAME));
        };
        let key = Key::new(&*self.random);
        let closed =
            Closed::new(&key, &passphrase, self.cost, &*self.random).map_err(|why| Error::Failed(NAME, why))?;
        match private::create(&self.key_path(), &closed.text()) {
            Ok(()) => {
                self.put_in_cache(&closed, &key);
                Ok(key)
            }
            // Another window was first; its key counts.
            Err(Fault::Io { error, .. }) if error.kind() == io::ErrorKind::AlreadyExists => {
                let closed = self.closed()?.ok_or(Error::Locked(NAME))?;
                closed.open(&passphrase).map_err(|why| Error::Failed(NAME, why))?.ok_or(Error::Passphrase(NAME))
            }
            Err(fault) => Err(of_file(fault)),
        }
    }

    fn put_in_cache(&self, closed: &Closed, key: &Key) {
        if let Some(cache) = &self.cache {
            cache.put(&closed.name(), key.secret());
        }
    }
}

fn of_file(fault: Fault) -> Error {
    Error::of_file(NAME, fault)
}

fn damaged(path: &Path) -> Error {
    Error::Failed(NAME, format!("{} is damaged", path.display()))
}

/// What a file is bound to: moved to another name it does not open.
fn whose(entry: &Entry) -> String {
    format!("{}\n{}", entry.origin, entry.account)
}

impl Vault for Encrypted {
    fn name(&self) -> &'static str {
        NAME
    }

    fn place(&self, entry: &Entry) -> String {
        self.path(entry).display().to_string()
    }

    fn prepare(&self, _entry: &Entry) -> Result<(), Error> {
        let closed = self.closed()?;
        self.key(closed).map(drop)
    }

    fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error> {
        let path = self.path(entry);
        // Without a file nobody has to be asked for anything.
        let Some(bytes) = private::read(&path, MOST).map_err(of_file)? else { return Ok(None) };
        let closed = self.closed()?.ok_or_else(|| damaged(&self.key_path()))?;
        let key = self.key(Some(closed))?;
        key.open(&bytes, &whose(entry)).map(Some).ok_or_else(|| damaged(&path))
    }

    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error> {
        let Some(closed) = self.closed()? else {
            // A passphrase is chosen when the person is ready for that, not in the middle of something else.
            return Err(Error::NoPassphrase(NAME));
        };
        let key = self.key(Some(closed))?;
        let sealed = key.seal(secret, &whose(entry), &*self.random).map_err(|why| Error::Failed(NAME, why))?;
        private::write(&self.path(entry), &sealed).map_err(of_file)?;
        Ok(Kept { vault: NAME, instead_of: Vec::new() })
    }

    /// The key goes from the cache too: who signs out leaves nothing that opens by itself.
    fn delete(&self, entry: &Entry) -> Result<(), Error> {
        if let (Some(cache), Ok(Some(closed))) = (&self.cache, self.closed()) {
            cache.clear(&closed.name());
        }
        private::remove(&self.path(entry)).map_err(of_file)
    }
}

#[cfg(test)]
mod tests;
