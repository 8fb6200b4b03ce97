//! Vaults in order of preference, as one: the best that works keeps a secret, and says which one that was and why no
//! better one did. Where a secret was kept is where it is looked for.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Entry, Error, Kept, Vault, probe};
use crate::base::secret::Secret;

/// Vaults, best first.
pub struct Chain {
    vaults: Vec<Arc<dyn Vault>>,
    /// The one in use: remembered from the last run, or found by the first write of this one.
    chosen: Mutex<Option<usize>>,
}

impl Chain {
    /// Vaults, best first; `remembered` is the name of the one that was used last.
    pub fn new(vaults: Vec<Arc<dyn Vault>>, remembered: Option<&str>) -> Self {
        let chosen = vaults.iter().position(|vault| Some(vault.name()) == remembered);
        Self { vaults, chosen: Mutex::new(chosen) }
    }

    fn chosen(&self) -> Option<usize> {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn choose(&self, index: Option<usize>) {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = index;
    }
}

impl Vault for Chain {
    fn name(&self) -> &'static str {
        self.chosen().map_or("none", |index| self.vaults[index].name())
    }

    fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error> {
        if let Some(index) = self.chosen() {
            return self.vaults[index].read(entry);
        }
        let mut unknown = None;
        for (index, vault) in self.vaults.iter().enumerate() {
            match vault.read(entry) {
                Ok(Some(secret)) => {
                    self.choose(Some(index));
                    return Ok(Some(secret));
                }
                Ok(None) | Err(Error::Absent(..)) => {}
                Err(error) => unknown = unknown.or(Some(error)),
            }
        }
        unknown.map_or(Ok(None), Err)
    }

    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error> {
        let mut refused = Vec::new();
        if let Some(index) = self.chosen() {
            match self.vaults[index].write(entry, secret) {
                Ok(kept) => return Ok(kept),
                Err(error) => refused.push((index, error)),
            }
        }
        for (index, vault) in self.vaults.iter().enumerate() {
            if refused.iter().any(|(known, _)| *known == index) {
                continue;
            }
            match probe(&**vault).and_then(|()| vault.write(entry, secret)) {
                Ok(kept) => {
                    self.choose(Some(index));
                    refused.sort_by_key(|(index, _)| *index);
                    let better = refused.into_iter().filter(|(other, _)| *other < index);
                    return Ok(Kept { instead_of: better.map(|(_, error)| error).collect(), ..kept });
                }
                Err(error) => refused.push((index, error)),
            }
        }
        Err(refused.into_iter().next().map_or(Error::Failed("chain", "there is no vault".to_owned()), |(_, e)| e))
    }

    /// Forgets the secret everywhere, also where an earlier choice may have left it; the next write chooses anew.
    fn delete(&self, entry: &Entry) -> Result<(), Error> {
        self.choose(None);
        let mut left = None;
        for vault in &self.vaults {
            match vault.delete(entry) {
                Ok(()) | Err(Error::Absent(..)) => {}
                Err(error) => left = left.or(Some(error)),
            }
        }
        left.map_or(Ok(()), Err)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::ExposeSecret;
    use crate::vault::memory::Memory;

    /// A vault of a given name that works until told otherwise.
    struct Fake {
        name: &'static str,
        broken: Mutex<Option<Error>>,
        inner: Memory,
    }

    impl Fake {
        fn new(name: &'static str, broken: Option<Error>) -> Arc<Self> {
            Arc::new(Self { name, broken: Mutex::new(broken), inner: Memory::default() })
        }

        fn check(&self) -> Result<(), Error> {
            self.broken.lock().unwrap().clone().map_or(Ok(()), Err)
        }
    }

    impl Vault for Fake {
        fn name(&self) -> &'static str {
            self.name
        }

        fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error> {
            self.check().and_then(|()| self.inner.read(entry))
        }

        fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error> {
            self.check().and_then(|()| self.inner.write(entry, secret)).map(|kept| Kept { vault: self.name, ..kept })
        }

        fn delete(&self, entry: &Entry) -> Result<(), Error> {
            self.check().and_then(|()| self.inner.delete(entry))
        }
    }

    fn entry() -> Entry {
        Entry { origin: "https://a.example".into(), account: "ada".into() }
    }

    fn held(vault: &dyn Vault) -> Option<String> {
        vault.read(&entry()).unwrap().map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn the_best_that_works_keeps_it_and_the_reason_is_known() {
        let locked = Error::Locked("keyring");
        let (keyring, file) = (Fake::new("keyring", Some(locked.clone())), Fake::new("file", None));
        let chain = Chain::new(vec![keyring.clone(), file.clone()], None);
        let kept = chain.write(&entry(), &Secret::from("s")).unwrap();
        assert_eq!(kept, Kept { vault: "file", instead_of: vec![locked] });
        assert_eq!(held(&*file), Some("s".into()));
        // The next run looks where it was put, even when the keyring has come back empty.
        *keyring.broken.lock().unwrap() = None;
        let next = Chain::new(vec![keyring, file], Some("file"));
        assert_eq!(held(&next), Some("s".into()));
        assert_eq!(next.name(), "file");
    }

    #[test]
    fn one_that_stops_working_is_replaced() {
        let (keyring, file) = (Fake::new("keyring", None), Fake::new("file", None));
        let chain = Chain::new(vec![keyring.clone(), file], None);
        assert_eq!(chain.write(&entry(), &Secret::from("1")).unwrap().vault, "keyring");
        *keyring.broken.lock().unwrap() = Some(Error::Silent("keyring"));
        let kept = chain.write(&entry(), &Secret::from("2")).unwrap();
        assert_eq!(kept, Kept { vault: "file", instead_of: vec![Error::Silent("keyring")] });
        assert_eq!(held(&chain), Some("2".into()));
    }

    #[test]
    fn forgetting_reaches_every_vault() {
        let (keyring, file) = (Fake::new("keyring", None), Fake::new("file", None));
        for vault in [&keyring, &file] {
            vault.write(&entry(), &Secret::from("old")).unwrap();
        }
        let chain = Chain::new(vec![keyring.clone(), file.clone()], Some("keyring"));
        chain.delete(&entry()).unwrap();
        assert_eq!((held(&*keyring), held(&*file)), (None, None));
        *keyring.broken.lock().unwrap() = Some(Error::Locked("keyring"));
        assert_eq!(chain.delete(&entry()), Err(Error::Locked("keyring")));
    }

    #[test]
    fn not_knowing_is_not_the_same_as_nothing() {
        let absent = Error::Absent("keyring", "no bus".into());
        let chain = Chain::new(vec![Fake::new("keyring", Some(absent)), Fake::new("file", None)], None);
        assert_eq!(held(&chain), None);
        let locked = Fake::new("keyring", Some(Error::Locked("keyring")));
        let chain = Chain::new(vec![locked, Fake::new("file", None)], None);
        assert_eq!(chain.read(&entry()).unwrap_err(), Error::Locked("keyring"));
    }
}
