//! The system's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! Its library may wait without end for a service that does not answer or for a prompt on a screen nobody sees, and it
//! brings an async runtime of its own. So every call runs on a plain thread, and whoever asks waits three seconds.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc;
use std::time::Duration;

use super::{Entry, Error, Kept, Vault};
use crate::base::secret::{ExposeSecret, Secret};

const NAME: &str = "keyring";
const PATIENCE: Duration = Duration::from_secs(3);

/// One thing to do in a keyring.
#[derive(Clone, Debug)]
pub enum Operation {
    /// Read the secret.
    Get,
    /// Keep this one.
    Set(Secret),
    /// Forget it.
    Delete,
}

/// Does one operation on a keyring; may block without end.
pub type Perform = dyn Fn(&Entry, &Operation) -> Result<Option<Secret>, Error> + Send + Sync;

/// The keyring, with a limit to how long it is waited for.
pub struct Keyring {
    perform: Arc<Perform>,
    patience: Duration,
    /// It did not answer once: in this run it is not asked again, or every call would cost the full wait.
    silent: AtomicBool,
}

impl Keyring {
    /// The keyring of this system.
    pub fn of_system() -> Self {
        Self::over(Arc::new(perform), PATIENCE)
    }

    /// A keyring that works by `perform` and is waited for so long.
    pub fn over(perform: Arc<Perform>, patience: Duration) -> Self {
        Self { perform, patience, silent: AtomicBool::new(false) }
    }

    fn run(&self, entry: &Entry, operation: Operation) -> Result<Option<Secret>, Error> {
        if self.silent.load(Ordering::Relaxed) {
            return Err(Error::Silent(NAME));
        }
        let (answer, answered) = mpsc::sync_channel(1);
        let (perform, entry) = (Arc::clone(&self.perform), entry.clone());
        let thread = std::thread::Builder::new().name(NAME.to_owned()).spawn(move || {
            // Nobody listens any more when it took too long.
            let _ = answer.send(perform(&entry, &operation));
        });
        if let Err(error) = thread {
            return Err(Error::Failed(NAME, error.to_string()));
        }
        match answered.recv_timeout(self.patience) {
            Ok(result) => result,
            Err(mpsc::RecvTimeoutError::Timeout) => {
                self.silent.store(true, Ordering::Relaxed);
                Err(Error::Silent(NAME))
            }
            Err(mpsc::RecvTimeoutError::Disconnected) => Err(Error::Failed(NAME, "its library panicked".to_owned())),
        }
    }
}

impl Vault for Keyring {
    fn name(&self) -> &'static str {
        NAME
    }

    fn place(&self, entry: &Entry) -> String {
        service(entry)
    }

    fn read(&self, entry: &Entry) -> Result<Option<Secret>, Error> {
        self.run(entry, Operation::Get)
    }

    fn write(&self, entry: &Entry, secret: &Secret) -> Result<Kept, Error> {
        self.run(entry, Operation::Set(secret.clone()))?;
        Ok(Kept { vault: NAME, instead_of: Vec::new() })
    }

    fn delete(&self, entry: &Entry) -> Result<(), Error> {
        self.run(entry, Operation::Delete).map(drop)
    }
}

/// What the keyring calls it; its account is the username.
fn service(entry: &Entry) -> String {
    format!("lyceum {}", entry.origin)
}

/// Does an operation on the system's keyring.
fn perform(entry: &Entry, operation: &Operation) -> Result<Option<Secret>, Error> {
    if let Err(error) = keyring::Entry::store_status() {
        // A bus that is there and forbids it is another matter than none.
        let why = error.to_string();
        let is_refused = why.contains("org.freedesktop.DBus.Error.AccessDenied");
        return Err(if is_refused { Error::Failed(NAME, why) } else { Error::Absent(NAME, why) });
    }
    let item = keyring::Entry::new(&service(entry), &entry.account).map_err(explain)?;
    match operation {
        Operation::Get => match item.get_password() {
            Ok(text) => Ok(Some(Secret::from(text))),
            Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(explain(error)),
        },
        Operation::Set(secret) => item.set_password(secret.expose_secret()).map(|()| None).map_err(explain),
        Operation::Delete => match item.delete_credential() {
            Ok(()) | Err(keyring::Error::NoEntry) => Ok(None),
            Err(error) => Err(explain(error)),
        },
    }
}

/// Some of the library's errors carry the secret itself: only those that cannot are put into words.
fn explain(error: keyring::Error) -> Error {
    match error {
        // A service in which no keyring was ever made says so in these words; it cannot be unlocked.
        keyring::Error::NoStorageAccess(error) if error.to_string().contains("result not returned") => {
            Error::Failed(NAME, "it has no keyring to keep anything in".to_owned())
        }
        keyring::Error::NoStorageAccess(_) => Error::Locked(NAME),
        keyring::Error::PlatformFailure(error) => Error::Failed(NAME, error.to_string()),
        keyring::Error::NoDefaultStore => Error::Absent(NAME, "no service".to_owned()),
        _ => Error::Failed(NAME, "it holds something unexpected".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vault::memory::Memory;
    use crate::vault::probe;

    fn entry() -> Entry {
        Entry { origin: "https://a.example".into(), account: "ada".into() }
    }

    #[test]
    fn one_that_hangs_is_waited_for_once() {
        let asked = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let count = Arc::clone(&asked);
        let hangs = Keyring::over(
            Arc::new(move |_: &Entry, _: &Operation| {
                count.fetch_add(1, Ordering::SeqCst);
                loop {
                    std::thread::park();
                }
            }),
            Duration::from_millis(20),
        );
        assert_eq!(hangs.read(&entry()).unwrap_err(), Error::Silent(NAME));
        assert_eq!(hangs.delete(&entry()).unwrap_err(), Error::Silent(NAME));
        assert_eq!(probe(&hangs), Err(Error::Silent(NAME)));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn one_that_panics_is_an_error() {
        let panics = Keyring::over(Arc::new(|_: &Entry, _: &Operation| panic!("on purpose")), PATIENCE);
        assert!(matches!(panics.read(&entry()), Err(Error::Failed(..))));
    }

    #[test]
    fn one_that_works_keeps_and_forgets() {
        let memory = Memory::default();
        let works = Keyring::over(
            Arc::new(move |entry: &Entry, operation: &Operation| match operation {
                Operation::Get => memory.read(entry),
                Operation::Set(secret) => memory.write(entry, secret).map(|_| None),
                Operation::Delete => memory.delete(entry).map(|()| None),
            }),
            PATIENCE,
        );
        assert_eq!(probe(&works), Ok(()));
        works.write(&entry(), &Secret::from("s")).unwrap();
        assert_eq!(works.read(&entry()).unwrap().unwrap().expose_secret(), "s");
        works.delete(&entry()).unwrap();
        assert!(works.read(&entry()).unwrap().is_none());
    }
}
