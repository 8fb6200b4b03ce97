//! F3: the port to wherever tokens are kept. Adapters live in `vault/`.
//!
//! A secret is kept per community and account. It never appears in an argument, a log, an address or an error.

use std::path::{Path, PathBuf};

use crate::base::private::{Fault, own_name};
use crate::base::secret::{ExposeSecret, Secret};

pub mod chain;
pub mod command;
pub mod encrypted;
pub mod file;
pub mod keyring;
#[cfg(target_os = "linux")]
pub mod keyutils;
pub mod memory;

/// Whose secret it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Scheme, host and port of the community: a token never goes to another.
    pub origin: String,
    /// Username there.
    pub account: String,
}

impl Entry {
    /// A name that any file system takes, whatever the origin and the account are. The same entry has always the same.
    fn file_name(&self) -> String {
        let whose = format!("{}\n{}", self.origin, self.account);
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, whose.as_bytes());
        digest.as_ref()[..16].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

/// Why a vault did not do what it was asked. The first four are what may be wrong with any vault.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such vault on this machine: no keyring service, no D-Bus.
    #[error("{0} is not available: {1}")]
    Absent(&'static str, String),
    /// It is there and locked.
    #[error("{0} is locked")]
    Locked(&'static str),
    /// It did not answer in time.
    #[error("{0} did not answer")]
    Silent(&'static str),
    /// It answered, and refused or failed.
    #[error("{0} refused: {1}")]
    Failed(&'static str, String),
    /// The passphrase is not the one it was closed with.
    #[error("{0}: the passphrase is wrong")]
    Passphrase(&'static str),
    /// It takes a passphrase, and none was chosen yet.
    #[error("{0}: no passphrase was chosen")]
    NoPassphrase(&'static str),
    /// Others may read or change what is kept there.
    #[error("{vault}: others may get at {path}: chmod {mode} {path}", path = path.display())]
    Loose {
        /// The vault's name.
        vault: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What `chmod` has to make of it.
        mode: &'static str,
    },
    /// What is kept there belongs to another user.
    #[error("{vault}: {path} belongs to another user", path = path.display())]
    Foreign {
        /// The vault's name.
        vault: &'static str,
        /// The file or folder.
        path: PathBuf,
    },
    /// It would be there in plain text, and nobody has agreed to that.
    #[error("{vault}: nobody agreed to an unencrypted file in {path}", path = path.display())]
    NotAgreed {
        /// The vault's name.
        vault: &'static str,
        /// Where it would be.
        path: PathBuf,
    },
    /// It only gives secrets and takes none.
    #[error("{0} takes no secret")]
    ReadOnly(&'static str),
}

impl Error {
    /// The name of the vault that is meant.
    pub fn vault(&self) -> &'static str {
        match self {
            Self::Absent(vault, _) | Self::Failed(vault, _) => vault,
            Self::Locked(vault) | Self::Silent(vault) | Self::ReadOnly(vault) => vault,
            Self::Passphrase(vault) | Self::NoPassphrase(vault) => vault,
            Self::Loose { vault, .. } | Self::Foreign { vault, .. } | Self::NotAgreed { vault, .. } => vault,
        }
    }

    /// What is wrong with a file that this vault wants.
    pub fn of_file(vault: &'static str, fault: Fault) -> Self {
        match fault {
            Fault::Loose { path, mode } => Self::Loose { vault, path, mode },
            Fault::Foreign { path } => Self::Foreign { vault, path },
            Fault::Io { .. } => Self::Failed(vault, fault.to_string()),
        }
    }
}

/// Where a secret went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The name of the vault that keeps it.
    pub vault: &'static str,
    /// Why better ones do not; best first. A person is told.
    pub instead_of: Vec<Error>,
}

/// What a passphrase is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// To choose one.
    New,
    /// To open what was closed with one.
    Open,
    /// The same, after one that was wrong.
    Again,
}

/// The person a vault may ask, or what answers in their place. Calls block for as long as a person takes.
pub trait Person: Send + Sync {
    /// The passphrase of the files in `folder`; none when nobody can be asked, or does not want to.
    ///
    /// # Errors
    /// When it should come from a file or a command, and does not.
    fn passphrase(&self, why: Why, folder: &Path) -> Result<Option<Secret>, Error>;

    /// Whether secrets may stand unencrypted in this file.
    fn agrees_to_plain(&self, path: &Path) -> bool;
}

/// A place that keeps secrets.
///
/// Calls may block for up to three seconds, a command for ten, and where a person is asked for as long as they take.
/// They must not be made from the screen's loop.
pub trait Vault: Send + Sync {
    /// The name it has in settings: `keyring`, `encrypted`, `file`, `command`, `memory`.
    fn name(&self) -> &'static str;

    /// Where exactly: a path, or what a keyring calls it. Never a secret.
    fn place(&self, _entry: &Entry) -> String {
        String::new()
    }

    /// Asks the person what has to be known before something is kept here for the first time.
    ///
    /// # Errors
    /// When nothing can be kept here.
    fn prepare(&self, _entry: &Entry) -> Result<(), Error> {
        Ok(())
    }

    /// The person agreed to plain text after all; the next write may choose anew.
    fn agree(&self) {}

    /// Reads a secret; `None` when there is none.
    ///
    /// # Errors
    /// When it cannot be known whether there is one.
    fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error>;

    /// Keeps a secret in place of an older one. It can be read back once this returns.
    ///
    /// # Errors
    /// When it is not kept.
    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error>;

    /// Forgets a secret. Forgetting none is no error.
    ///
    /// # Errors
    /// When it may still be there.
    fn delete(&self, entry: &Entry) -> Result<(), Error>;

    /// Forgets a secret wherever it may be; answers with every place where it may still be.
    fn forget(&self, entry: &Entry) -> Vec<Error> {
        self.delete(entry).err().into_iter().collect()
    }
}

/// Two probes at a time, also of one process, must not read each other's.
fn probe_entry() -> Entry {
    Entry { origin: "lyceum:probe".to_owned(), account: format!("probe-{}", own_name()) }
}

/// Finds out whether a vault works, by writing, reading back and deleting something worthless. Reading alone proves
/// nothing: a keyring that was never set up says that it holds no secret and then refuses to take one.
///
/// # Errors
/// With what went wrong, as any of the three would say it.
pub fn probe(vault: &dyn Vault) -> Result<(), Error> {
    let entry = probe_entry();
    let written = vault.write(&entry, &Secret::from("probe"));
    let found = written.and_then(|_| vault.read(&entry));
    let deleted = vault.delete(&entry);
    let found = found?;
    deleted?;
    match found {
        Some(secret) if secret.expose_secret() == "probe" => Ok(()),
        _ => Err(Error::Failed(vault.name(), "what was written could not be read back".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_threads_do_not_probe_with_the_same_entry() {
        let other = std::thread::spawn(probe_entry).join().unwrap();
        assert_ne!(probe_entry(), other);
        assert_eq!(probe_entry(), probe_entry(), "what one leaves behind the next takes away");
    }
}
