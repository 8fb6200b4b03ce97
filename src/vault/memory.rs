//! Secrets kept for as long as the run lasts: the last resort, and a vault for tests.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::{Entry, Error, Kept, Vault};
use crate::base::secret::Secret;

/// A vault that forgets everything when the program ends.
#[derive(Debug, Default)]
pub struct Memory(Mutex<HashMap<Entry, Secret>>);

impl Memory {
    fn entries(&self) -> std::sync::MutexGuard<'_, HashMap<Entry, Secret>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Vault for Memory {
    fn name(&self) -> &'static str {
        "memory"
    }

    fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error> {
        Ok(self.entries().get(entry).cloned())
    }

    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error> {
        self.entries().insert(entry.clone(), secret.clone());
        Ok(Kept { vault: self.name(), instead_of: Vec::new() })
    }

    fn delete(&self, entry: &Entry) -> Result<(), Error> {
        self.entries().remove(entry);
        Ok(())
    }
}
