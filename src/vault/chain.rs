//! Vaults in order of preference, as one: the best that works keeps a secret, and says which one that was and why no
//! better one did. Where a secret was kept is where it is looked for.

use std::sync::{Arc, Mutex, PoisonError};

use super::{Entry, Error, Kept, Vault, probe};
use crate::base::secret::Secret;

/// Vaults, best first.
pub struct Chain {
    vaults: Vec<Arc<dyn Vault>>,
    /// The names of those that may keep something new; the others are only read where they were remembered, and forgotten.
    allowed: Vec<&'static str>,
    /// The one in use: remembered from the last run, or found by the first write of this one.
    chosen: Mutex<Option<usize>>,
}

impl Chain {
    /// Vaults, best first; `remembered` is the name of the one that was used last.
    pub fn new(vaults: Vec<Arc<dyn Vault>>, remembered: Option<&str>) -> Self {
        let chosen = vaults.iter().position(|vault| Some(vault.name()) == remembered);
        let allowed = vaults.iter().map(|vault| vault.name()).collect();
        Self { vaults, allowed, chosen: Mutex::new(chosen) }
    }

    /// The same where only some of them may keep something new.
    pub fn only(self, allowed: &[&'static str]) -> Self {
        Self { allowed: allowed.to_vec(), ..self }
    }

    fn chosen(&self) -> Option<usize> {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn choose(&self, index: Option<usize>) {
        *self.chosen.lock().unwrap_or_else(PoisonError::into_inner) = index;
    }

    fn is_allowed(&self, index: usize) -> bool {
        self.allowed.contains(&self.vaults[index].name())
    }

    /// Finds the best that works, among those that are not known to refuse.
    fn find(&self, entry: &Entry, secret: &Secret, mut refused: Vec<(usize, Error)>) -> Result<(usize, Kept), Error> {
        for (index, vault) in self.vaults.iter().enumerate() {
            if !self.is_allowed(index) || refused.iter().any(|(known, _)| *known == index) {
                continue;
            }
            let kept = vault.prepare(entry).and_then(|()| probe(&**vault)).and_then(|()| vault.write(entry, secret));
            match kept {
                Ok(kept) => {
                    refused.sort_by_key(|(index, _)| *index);
                    let better = refused.into_iter().filter(|(other, _)| *other < index);
                    return Ok((index, Kept { instead_of: better.map(|(_, error)| error).collect(), ..kept }));
                }
                Err(error) => refused.push((index, error)),
            }
        }
        Err(refused.into_iter().next().map_or(Error::Failed("chain", "there is no vault".to_owned()), |(_, e)| e))
    }
}

impl Vault for Chain {
    fn name(&self) -> &'static str {
        self.chosen().map_or("none", |index| self.vaults[index].name())
    }

    fn place(&self, entry: &Entry) -> String {
        self.chosen().map(|index| self.vaults[index].place(entry)).unwrap_or_default()
    }

    /// What was only kept for want of consent may go to a better place now.
    fn agree(&self) {
        self.choose(None);
        for vault in &self.vaults {
            vault.agree();
        }
    }

    /// Where it was put is where it is looked for, and nowhere else: a keyring that is locked is not an empty one.
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
        let before = self.chosen();
        let mut refused = Vec::new();
        if let Some(index) = before.filter(|index| self.is_allowed(*index)) {
            match self.vaults[index].write(entry, secret) {
                Ok(kept) => return Ok(kept),
                Err(error) => refused.push((index, error)),
            }
        }
        let (index, kept) = self.find(entry, secret, refused)?;
        self.choose(Some(index));
        if let Some(before) = before.filter(|before| *before != index)
            && let Err(error) = self.vaults[before].delete(entry)
        {
            tracing::warn!(%error, "older tokens may still be where they were kept before");
        }
        Ok(kept)
    }

    /// Forgets the secret everywhere, as [`Vault::forget`]; the first place where it may still be is the error.
    fn delete(&self, entry: &Entry) -> Result<(), Error> {
        self.forget(entry).into_iter().next().map_or(Ok(()), Err)
    }

    /// Also where an earlier choice may have left it; the next write chooses anew. A vault that is not there holds
    /// nothing, unless it is the one that was in use.
    fn forget(&self, entry: &Entry) -> Vec<Error> {
        let chosen = self.chosen();
        self.choose(None);
        let mut left = Vec::new();
        for (index, vault) in self.vaults.iter().enumerate() {
            match vault.delete(entry) {
                Ok(()) => {}
                Err(Error::Absent(..)) if chosen != Some(index) => {}
                Err(error) => left.push(error),
            }
        }
        left
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
    fn one_that_is_absent_is_no_place_unless_it_was_the_one_in_use() {
        let absent = || Fake::new("keyring", Some(Error::Absent("keyring", "no bus".into())));
        let chain = |remembered| Chain::new(vec![absent(), Fake::new("file", None)], Some(remembered));
        assert_eq!(chain("file").forget(&entry()), []);
        assert_eq!(chain("keyring").forget(&entry()), [Error::Absent("keyring", "no bus".into())]);
        let both = vec![
            Fake::new("keyring", Some(Error::Silent("keyring"))) as Arc<dyn Vault>,
            Fake::new("file", Some(Error::Failed("file", "full".into()))),
        ];
        assert_eq!(Chain::new(both, None).forget(&entry()).len(), 2, "each place is told");
    }

    #[test]
    fn what_is_not_allowed_keeps_nothing_new_and_is_read_and_forgotten_all_the_same() {
        let (keyring, file) = (Fake::new("keyring", None), Fake::new("file", None));
        let chain = |remembered| Chain::new(vec![keyring.clone(), file.clone()], remembered).only(&["file"]);
        assert_eq!(chain(None).write(&entry(), &Secret::from("1")).unwrap().vault, "file");
        keyring.write(&entry(), &Secret::from("old")).unwrap();
        assert_eq!(held(&chain(Some("keyring"))), Some("old".into()));
        // The setting changed: what is written goes by it, and nothing stays behind.
        let kept = chain(Some("keyring")).write(&entry(), &Secret::from("2")).unwrap();
        assert_eq!((kept.vault, held(&*keyring), held(&*file)), ("file", None, Some("2".into())));
        keyring.write(&entry(), &Secret::from("old")).unwrap();
        assert_eq!(chain(Some("file")).forget(&entry()), []);
        assert_eq!(held(&*keyring), None);
    }

    #[test]
    fn a_remembered_place_that_is_broken_is_not_taken_for_an_empty_one() {
        let keyring = Fake::new("keyring", Some(Error::Locked("keyring")));
        let file = Fake::new("file", None);
        file.write(&entry(), &Secret::from("another")).unwrap();
        let chain = Chain::new(vec![keyring, file], Some("keyring"));
        assert_eq!(chain.read(&entry()).unwrap_err(), Error::Locked("keyring"));
        assert_eq!(chain.name(), "keyring");
    }

    #[test]
    fn consent_that_comes_late_counts() {
        let folder = tempfile::tempdir().unwrap();
        struct No;
        impl crate::vault::Person for No {
            fn passphrase(&self, _: crate::vault::Why, _: &std::path::Path) -> Result<Option<Secret>, Error> {
                Ok(None)
            }
            fn agrees_to_plain(&self, _: &std::path::Path) -> bool {
                false
            }
        }
        let file = crate::vault::file::File::unless_refused(folder.path().join("vault"), Arc::new(No));
        let chain = Chain::new(vec![Arc::new(file), Arc::new(Memory::default())], None);
        let kept = chain.write(&entry(), &Secret::from("1")).unwrap();
        assert!(matches!((&kept.vault, &kept.instead_of[..]), (&"memory", [Error::NotAgreed { .. }])), "{kept:?}");
        chain.agree();
        assert_eq!(chain.write(&entry(), &Secret::from("1")).unwrap().vault, "file");
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
