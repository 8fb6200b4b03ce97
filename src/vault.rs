//! F3: the port to wherever tokens are kept. Adapters live in `vault/`.
//!
//! A secret is kept per community and account. It never appears in an argument, a log, an address or an error.

use crate::base::secret::{ExposeSecret, Secret};

pub mod chain;
pub mod file;
pub mod keyring;
pub mod memory;

/// Whose secret it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Entry {
    /// Scheme, host and port of the community: a token never goes to another.
    pub origin: String,
    /// Username there.
    pub account: String,
}

/// Why a vault did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// There is no such vault on this machine: no keyring service, no D-Bus.
    #[error("{0} is not available: {1}")]
    Absent(&'static str, String),
    /// It is there and locked.
    #[error("{0} is locked")]
    Locked(&'static str),
    /// It did not answer within three seconds.
    #[error("{0} did not answer")]
    Silent(&'static str),
    /// It answered with an error.
    #[error("{0} failed: {1}")]
    Failed(&'static str, String),
}

/// Where a secret went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The name of the vault that keeps it.
    pub vault: &'static str,
    /// Why better ones do not; best first. A person is told.
    pub instead_of: Vec<Error>,
}

/// A place that keeps secrets.
///
/// Calls may block for up to three seconds and must not be made from the screen's loop.
pub trait Vault: Send + Sync {
    /// The name a person knows it by: `keyring`, `file`, `memory`.
    fn name(&self) -> &'static str;

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
}

/// Finds out whether a vault works, by writing, reading back and deleting something worthless. Reading alone proves
/// nothing: a keyring that was never set up says that it holds no secret and then refuses to take one.
///
/// # Errors
/// With what went wrong, as any of the three would say it.
pub fn probe(vault: &dyn Vault) -> Result<(), Error> {
    // Two probes at a time must not read each other's.
    let entry = Entry { origin: "lyceum:probe".to_owned(), account: format!("probe-{}", std::process::id()) };
    vault.write(&entry, &Secret::from("probe"))?;
    let found = vault.read(&entry);
    vault.delete(&entry)?;
    match found? {
        Some(secret) if secret.expose_secret() == "probe" => Ok(()),
        _ => Err(Error::Failed(vault.name(), "what was written could not be read back".to_owned())),
    }
}
