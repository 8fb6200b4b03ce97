//! The cryptography of encrypted files, by libraries: ChaCha20-Poly1305 (RFC 8439) closes what is kept under a random
//! key, and the key under one made from the passphrase by Argon2id (RFC 9106). Knows nothing of files.

use argon2::{Algorithm, Argon2, Params, Version};
use aws_lc_rs::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::base::random::Random;
use crate::base::secret::{ExposeSecret, Secret};

const KEY_BYTES: usize = 32;
const SALT_BYTES: usize = 16;

/// A file that asks for more is not one of ours, and would stall the machine: 1 GiB, 16 passes.
const MOST: (u32, u32) = (1024 * 1024, 16);

/// What one guess of a passphrase costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// KiB of memory.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
}

impl Default for Cost {
    /// The second choice of RFC 9106, section 4.
    fn default() -> Self {
        Self { memory_kib: 64 * 1024, passes: 3 }
    }
}

/// The key that closes the files.
#[derive(Clone)]
pub struct Key(Secret);

impl From<Secret> for Key {
    fn from(text: Secret) -> Self {
        Self(text)
    }
}

/// Something closed, as it stands in a file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Sealed {
    nonce: String,
    sealed: String,
}

/// The key, closed with a passphrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closed {
    kdf: String,
    #[serde(flatten)]
    cost: Cost,
    salt: String,
    #[serde(flatten)]
    key: Sealed,
}

impl Key {
    /// A new key.
    pub fn new(random: &dyn Random) -> Self {
        let mut bytes = [0; KEY_BYTES];
        random.fill(&mut bytes);
        Self(Secret::from(STANDARD.encode(bytes)))
    }

    /// The key as text, for a cache.
    pub fn secret(&self) -> &Secret {
        &self.0
    }

    /// Closes a secret that belongs to `whose`.
    ///
    /// # Errors
    /// With the reason, when this key is none.
    pub fn seal(&self, secret: &Secret, whose: &str, random: &dyn Random) -> Result<Vec<u8>, String> {
        let sealed = seal(&self.bytes().ok_or("the key is damaged")?, secret.expose_secret(), whose, random)?;
        serde_json::to_vec(&sealed).map_err(|error| error.to_string())
    }

    /// Opens it again; none when it was changed, moved, or closed with another key.
    pub fn open(&self, file: &[u8], whose: &str) -> Option<Secret> {
        open(&self.bytes()?, &serde_json::from_slice(file).ok()?, whose)
    }

    fn bytes(&self) -> Option<Vec<u8>> {
        STANDARD.decode(self.0.expose_secret()).ok().filter(|bytes| bytes.len() == KEY_BYTES)
    }
}

impl Closed {
    /// Closes a key with a passphrase.
    ///
    /// # Errors
    /// With the reason, when the machine has not the memory.
    pub fn new(key: &Key, passphrase: &Secret, cost: Cost, random: &dyn Random) -> Result<Self, String> {
        let mut salt = [0; SALT_BYTES];
        random.fill(&mut salt);
        let with = derive(passphrase, &salt, cost)?;
        let key = seal(&with, key.0.expose_secret(), &bound_to(cost), random)?;
        Ok(Self { kdf: "argon2id".to_owned(), cost, salt: STANDARD.encode(salt), key })
    }

    /// Opens it; none when the passphrase is another.
    ///
    /// # Errors
    /// With the reason, when the machine has not the memory or the file asks for too much.
    pub fn open(&self, passphrase: &Secret) -> Result<Option<Key>, String> {
        let salt = STANDARD.decode(&self.salt).map_err(|_| "the salt is damaged".to_owned())?;
        let with = derive(passphrase, &salt, self.cost)?;
        Ok(open(&with, &self.key, &bound_to(self.cost)).map(Key))
    }

    /// Reads the file; none when it is damaged or of another kind.
    pub fn parse(file: &[u8]) -> Option<Self> {
        let closed: Self = serde_json::from_slice(file).ok()?;
        let fits = closed.cost.memory_kib <= MOST.0 && closed.cost.passes <= MOST.1;
        (closed.kdf == "argon2id" && fits).then_some(closed)
    }

    /// As it stands in a file.
    pub fn text(&self) -> Vec<u8> {
        serde_json::to_vec(self).unwrap_or_default()
    }

    /// A name of its own: another key has another.
    pub fn name(&self) -> String {
        let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, self.salt.as_bytes());
        digest.as_ref()[..8].iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

fn bound_to(cost: Cost) -> String {
    format!("lyceum key 1 argon2id {} {}", cost.memory_kib, cost.passes)
}

fn derive(passphrase: &Secret, salt: &[u8], cost: Cost) -> Result<Vec<u8>, String> {
    let params = Params::new(cost.memory_kib, cost.passes, 1, Some(KEY_BYTES)).map_err(|error| error.to_string())?;
    let mut out = vec![0; KEY_BYTES];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
        .hash_password_into(passphrase.expose_secret().as_bytes(), salt, &mut out)
        .map_err(|error| error.to_string())?;
    Ok(out)
}

fn seal(key: &[u8], text: &str, bound_to: &str, random: &dyn Random) -> Result<Sealed, String> {
    let mut nonce = [0; NONCE_LEN];
    random.fill(&mut nonce);
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).map(LessSafeKey::new).map_err(|error| error.to_string())?;
    let mut bytes = text.as_bytes().to_vec();
    // 96 random bits: two alike are not to be feared before some 2^32 writes under one key.
    key.seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(bound_to.as_bytes()), &mut bytes)
        .map_err(|error| error.to_string())?;
    Ok(Sealed { nonce: STANDARD.encode(nonce), sealed: STANDARD.encode(bytes) })
}

fn open(key: &[u8], sealed: &Sealed, bound_to: &str) -> Option<Secret> {
    let key = UnboundKey::new(&CHACHA20_POLY1305, key).map(LessSafeKey::new).ok()?;
    let nonce = Nonce::try_assume_unique_for_key(&STANDARD.decode(&sealed.nonce).ok()?).ok()?;
    let mut bytes = STANDARD.decode(&sealed.sealed).ok()?;
    let text = key.open_in_place(nonce, Aad::from(bound_to.as_bytes()), &mut bytes).ok()?;
    std::str::from_utf8(text).ok().map(Secret::from)
}
