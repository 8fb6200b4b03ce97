//! Passwords: Argon2id, a few at a time, with the same work for a name that exists and one that does not.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use argon2::password_hash::phc::PasswordHash;
use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use tokio::sync::Semaphore;

use crate::base::random::Random;
use crate::base::secret::{ExposeSecret, Secret};
use crate::config::server::PasswordCost;
use crate::server::error::{Answer, Failure};

/// Fewest characters.
pub const SHORTEST: usize = 10;

/// Most characters; more would only be work.
pub const LONGEST: usize = 256;

/// Hashes at the same time, for each core: each takes tens of MiB for as long as it lasts, so this bounds the memory
/// that a crowd at the door can take.
const PER_CORE: usize = 2;

/// What people choose first, of those long enough to be chosen here.
const COMMON: &[&str] = &[
    "1234567890",
    "0123456789",
    "0987654321",
    "1234567891",
    "12345678910",
    "123456789a",
    "a123456789",
    "1q2w3e4r5t",
    "1qaz2wsx3edc",
    "qwertyuiop",
    "qwerty12345",
    "qwerty123456",
    "asdfghjkl;",
    "asdfghjkl1",
    "zxcvbnm123",
    "abcdefghij",
    "abcdefghijkl",
    "password12",
    "password123",
    "password1234",
    "password12345",
    "passw0rd123",
    "p@ssw0rd123",
    "mypassword",
    "newpassword",
    "changeme123",
    "letmein123",
    "welcome123",
    "welcome1234",
    "administrator",
    "admin12345",
    "admin123456",
    "iloveyou123",
    "football123",
    "baseball123",
    "sunshine123",
    "princess123",
    "superman123",
    "trustno1234",
    "woaini1314",
    "woaini520",
    "5201314520",
    "correcthorsebatterystaple",
];

/// Hashes and checks passwords.
pub struct Passwords {
    cost: PasswordCost,
    random: Arc<dyn Random>,
    turns: Arc<Semaphore>,
    done: AtomicU64,
}

impl Passwords {
    /// Works at this cost.
    pub fn new(cost: PasswordCost, random: Arc<dyn Random>) -> Self {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        Self { cost, random, turns: Arc::new(Semaphore::new(cores * PER_CORE)), done: AtomicU64::new(0) }
    }

    /// How many hashes were made. A test counts by it that a name which nobody has costs as much as one that is there.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// Hashes a new password, as a PHC string.
    pub async fn hash(&self, password: Secret) -> Answer<String> {
        let mut salt = [0; 16];
        self.random.fill(&mut salt);
        let cost = self.cost;
        self.work(move || hash(cost, &password, &salt)).await?
    }

    /// Whether a password belongs to a stored hash. Without one the same work is done for nothing.
    pub async fn verify(&self, password: Secret, stored: Option<String>) -> Answer<bool> {
        let cost = self.cost;
        self.work(move || match stored {
            Some(stored) => verify(cost, &password, &stored),
            None => hash(cost, &password, &[0; 16]).map(|_| false),
        })
        .await?
    }

    /// Hashes several secrets, each with a salt of its own.
    pub async fn hash_all(&self, secrets: Vec<Secret>) -> Answer<Vec<String>> {
        let (cost, random) = (self.cost, self.random.clone());
        let salted = move |secret: &Secret| {
            let mut salt = [0; 16];
            random.fill(&mut salt);
            hash(cost, secret, &salt)
        };
        self.work(move || secrets.iter().map(salted).collect()).await?
    }

    /// The first of several stored hashes that a secret belongs to.
    pub async fn find(&self, secret: Secret, stored: Vec<String>) -> Answer<Option<String>> {
        let cost = self.cost;
        self.work(move || {
            for stored in stored {
                if verify(cost, &secret, &stored)? {
                    return Ok(Some(stored));
                }
            }
            Ok(None)
        })
        .await?
    }

    /// Whether a stored hash was made at another cost than today's.
    pub fn is_outdated(&self, stored: &str) -> bool {
        let PasswordCost { memory_kib, passes, lanes } = self.cost;
        !stored.starts_with(&format!("$argon2id$v=19$m={memory_kib},t={passes},p={lanes}$"))
    }

    /// Does a job when its turn has come. The turn goes with the job: a client that leaves while it waits frees its
    /// place, one that leaves later does not make room for a job beside the one that still runs.
    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        let turn = self.turns.clone().acquire_owned().await.map_err(Failure::internal)?;
        self.done.fetch_add(1, Ordering::Relaxed);
        let job = move || {
            let _turn = turn;
            job()
        };
        tokio::task::spawn_blocking(job).await.map_err(Failure::internal)
    }
}

fn argon2(cost: PasswordCost) -> Answer<Argon2<'static>> {
    let params = Params::new(cost.memory_kib, cost.passes, cost.lanes, None).map_err(Failure::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(cost: PasswordCost, password: &Secret, salt: &[u8]) -> Answer<String> {
    let hashed = argon2(cost)?.hash_password_with_salt(password.expose_secret().as_bytes(), salt);
    hashed.map(|hash: PasswordHash| hash.to_string()).map_err(Failure::internal)
}

fn verify(cost: PasswordCost, password: &Secret, stored: &str) -> Answer<bool> {
    let stored = PasswordHash::new(stored).map_err(Failure::internal)?;
    Ok(argon2(cost)?.verify_password(password.expose_secret().as_bytes(), &stored).is_ok())
}

/// What is wrong with a password somebody wants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weakness {
    /// Fewer than [`SHORTEST`] characters.
    Short,
    /// More than [`LONGEST`].
    Long,
    /// Everybody's first guess.
    Common,
    /// Little but the username.
    Username,
}

impl Weakness {
    /// In English, as the API says it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Short => "at least 10 characters",
            Self::Long => "at most 256 characters",
            Self::Common => "this is one of the first that anybody would try",
            Self::Username => "must not be built on the username",
        }
    }
}

/// What is wrong with a password somebody wants, if anything is. Length counts, what it is made of does not.
pub fn fault(password: &str, username: &str) -> Option<Weakness> {
    let count = password.chars().count();
    let lower = password.to_lowercase();
    if count < SHORTEST {
        return Some(Weakness::Short);
    }
    if count > LONGEST {
        return Some(Weakness::Long);
    }
    let first = password.chars().next();
    if COMMON.contains(&lower.as_str()) || password.chars().all(|c| Some(c) == first) {
        return Some(Weakness::Common);
    }
    if !username.is_empty() && lower.replace(username, "").chars().count() < SHORTEST / 2 {
        return Some(Weakness::Username);
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Seeded;

    #[test]
    fn weak_passwords_are_named_weak() {
        for weak in ["short", "aaaaaaaaaaaaaa", "Password123", "ada-lovelace", "ada-lovelace12", &"x1".repeat(129)] {
            assert!(fault(weak, "ada-lovelace").is_some(), "{weak}");
        }
        for fine in ["correct horse", "ada-lovelace likes tea", "五个字加五个字才够长", &"ab".repeat(128)] {
            assert_eq!(fault(fine, "ada-lovelace"), None, "{fine}");
        }
    }

    #[tokio::test]
    async fn a_crowd_waits_for_its_turn_also_when_some_leave() {
        let cost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
        let passwords = Arc::new(Passwords::new(cost, Arc::new(Seeded::new(1))));
        let most = passwords.turns.available_permits();
        assert_eq!(most, std::thread::available_parallelism().unwrap().get() * 2);
        let begin = |job: Box<dyn FnOnce() + Send>| {
            let passwords = passwords.clone();
            tokio::spawn(async move { passwords.work(job).await.map(drop) })
        };
        let mut running = Vec::new();
        for _ in 0..most {
            let (go, gone) = std::sync::mpsc::channel::<()>();
            let (begun, started) = tokio::sync::oneshot::channel();
            let work = begin(Box::new(move || {
                begun.send(()).unwrap();
                let _ = gone.recv();
            }));
            started.await.unwrap();
            running.push((work, go));
        }
        // One client leaves while its hash is made, and one while it waits.
        running[0].0.abort();
        let waits = begin(Box::new(|| panic!("its client has left")));
        tokio::task::yield_now().await;
        waits.abort();
        assert!(waits.await.unwrap_err().is_cancelled());
        assert_eq!(passwords.turns.available_permits(), 0, "what still runs keeps its turn");
        assert_eq!(passwords.done(), most as u64);
        let next = begin(Box::new(|| {}));
        tokio::task::yield_now().await;
        assert!(!next.is_finished());
        drop(running);
        next.await.unwrap().unwrap();
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_only() {
        let cost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
        let passwords = Passwords::new(cost, Arc::new(Seeded::new(1)));
        let stored = passwords.hash("correct horse".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=8,t=1,p=1$"), "{stored}");
        assert_ne!(stored, passwords.hash("correct horse".into()).await.unwrap(), "salted");
        assert!(passwords.verify("correct horse".into(), Some(stored.clone())).await.unwrap());
        let dearer = Passwords::new(PasswordCost { passes: 2, ..cost }, Arc::new(Seeded::new(1)));
        assert!(!passwords.is_outdated(&stored) && dearer.is_outdated(&stored));
        assert!(dearer.verify("correct horse".into(), Some(stored.clone())).await.unwrap(), "the old cost is read");
        assert!(!passwords.verify("wrong horse".into(), Some(stored)).await.unwrap());
        assert!(!passwords.verify("correct horse".into(), None).await.unwrap());
    }

    #[tokio::test]
    async fn one_of_several_is_found() {
        let cost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
        let passwords = Passwords::new(cost, Arc::new(Seeded::new(1)));
        let stored = passwords.hash_all(vec!["one".into(), "two".into(), "two".into()]).await.unwrap();
        assert_ne!(stored[1], stored[2], "salted each");
        assert_eq!(passwords.find("two".into(), stored.clone()).await.unwrap().as_ref(), Some(&stored[1]));
        assert_eq!(passwords.find("three".into(), stored).await.unwrap(), None);
    }
}
