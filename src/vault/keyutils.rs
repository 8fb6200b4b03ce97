//! The kernel's own keyring (keyrings(7)) as a cache in front of encrypted files, so that a passphrase is not asked for
//! at every start. Never the home of a secret: the kernel forgets at a restart, and before.
//!
//! It may refuse a key and hold it all the same, be revoked under a terminal that outlives its login, or be forbidden in
//! a container. None of this is anybody's trouble: without a cache the passphrase is asked for.

use linux_keyutils::{Key, KeyError, KeyPermissionsBuilder, KeyRing, KeyRingIdentifier, Permission};

use super::encrypted::Cache;
use crate::base::secret::{ExposeSecret, Secret};

/// How long the kernel keeps a key: eight hours, a day's work.
const SECONDS: usize = 8 * 60 * 60;

/// Keys in the keyring of this user.
#[derive(Clone, Copy, Debug, Default)]
pub struct Keyutils;

impl Keyutils {
    /// Whether the kernel keeps something here and gives it back, by trying.
    ///
    /// # Errors
    /// With the kernel's reason.
    pub fn probe(self) -> Result<(), String> {
        let name = description(&format!("probe-{}", crate::base::private::own_name()));
        let done = put(&name, b"probe").and_then(|()| get(&name));
        let cleared = clear(&name);
        match done.map_err(|error| error.to_string())? {
            found if found == b"probe" => cleared.map_err(|error| error.to_string()),
            _ => Err("it gave something else back".to_owned()),
        }
    }

    fn note<T>(what: Result<T, KeyError>) -> Option<T> {
        match what {
            Ok(done) => Some(done),
            Err(KeyError::KeyDoesNotExist) => None,
            Err(error) => {
                tracing::debug!(%error, "the kernel's keyring does not help");
                None
            }
        }
    }
}

impl Cache for Keyutils {
    fn get(&self, name: &str) -> Option<Secret> {
        let bytes = Self::note(get(&description(name)))?;
        String::from_utf8(bytes).ok().map(Secret::from)
    }

    fn put(&self, name: &str, key: &Secret) {
        let _ = Self::note(put(&description(name), key.expose_secret().as_bytes()));
    }

    fn clear(&self, name: &str) {
        let _ = Self::note(clear(&description(name)));
    }
}

fn description(name: &str) -> String {
    format!("lyceum:{name}")
}

/// The keyring of the user, not of the session: that one ends with a login, and may be revoked under us.
fn ring() -> Result<KeyRing, KeyError> {
    KeyRing::from_special_id(KeyRingIdentifier::User, true)
}

fn get(description: &str) -> Result<Vec<u8>, KeyError> {
    ring()?.search(description)?.read_to_vec()
}

fn put(description: &str, bytes: &[u8]) -> Result<(), KeyError> {
    let ring = ring()?;
    let key = ring.add_key(description, bytes)?;
    let done = for_a_while(key);
    if done.is_err() {
        // Refused, and there all the same: without a limit it must not stay.
        let _ = drop_key(ring, key);
    }
    done
}

/// Every process of this user may use it, whether or not its session leads here.
fn for_a_while(key: Key) -> Result<(), KeyError> {
    let permissions = KeyPermissionsBuilder::builder().posessor(Permission::ALL).user(Permission::ALL).build();
    key.set_perms(permissions)?;
    key.set_timeout(SECONDS)?;
    // What cannot be read back is no cache.
    key.read_to_vec().map(drop)
}

fn clear(description: &str) -> Result<(), KeyError> {
    let ring = ring()?;
    match ring.search(description) {
        Ok(key) => drop_key(ring, key),
        Err(KeyError::KeyDoesNotExist | KeyError::KeyRevoked | KeyError::KeyExpired) => Ok(()),
        Err(error) => Err(error),
    }
}

/// Makes it useless for whoever holds it, and takes it from the keyring.
fn drop_key(ring: KeyRing, key: Key) -> Result<(), KeyError> {
    let revoked = key.revoke();
    ring.unlink_key(key).or(revoked)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What the kernel does here decides what can be seen: a machine that forbids it must not make anything fail.
    #[test]
    fn it_keeps_and_forgets_or_is_of_no_consequence() {
        let cache = Keyutils;
        let name = format!("test-{}", std::process::id());
        let works = cache.probe();
        cache.put(&name, &Secret::from("hush"));
        let found = cache.get(&name).map(|secret| secret.expose_secret().to_owned());
        cache.clear(&name);
        let after = cache.get(&name).is_some();
        match works {
            Ok(()) => assert_eq!(found.as_deref(), Some("hush")),
            Err(_) => assert_eq!(found, None),
        }
        assert!(!after, "still there");
    }

    #[test]
    fn two_names_are_two_keys() {
        let cache = Keyutils;
        let name = |n: u8| format!("test-{n}-{}", std::process::id());
        if cache.probe().is_err() {
            return;
        }
        cache.put(&name(1), &Secret::from("one"));
        cache.put(&name(2), &Secret::from("two"));
        cache.clear(&name(1));
        assert!(cache.get(&name(1)).is_none());
        assert_eq!(cache.get(&name(2)).unwrap().expose_secret(), "two");
        cache.clear(&name(2));
    }
}
