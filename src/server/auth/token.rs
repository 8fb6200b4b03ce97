//! Tokens: 256 random bits behind a prefix that scanners of leaked secrets can find. Only their SHA-256 is stored:
//! a fast hash is right for what cannot be guessed (ASVS 6.5.2).

use aws_lc_rs::digest::{SHA256, digest as hash};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::base::random::Random;

/// What every token starts with.
pub const PREFIX: &str = "lyc_";

const BYTES: usize = 32;

/// A new token.
pub fn make(random: &dyn Random) -> String {
    let mut bytes = [0; BYTES];
    random.fill(&mut bytes);
    format!("{PREFIX}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes))
}

/// SHA-256.
pub fn digest(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(hash(&SHA256, bytes).as_ref());
    out
}

/// SHA-256 in hexadecimal: how a token is looked up.
pub fn hex_digest(bytes: &[u8]) -> String {
    digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Seeded;

    #[test]
    fn tokens_differ_and_are_found_by_their_hash() {
        let random = Seeded::new(1);
        let (one, two) = (make(&random), make(&random));
        assert_ne!(one, two);
        assert!(one.starts_with("lyc_") && one.len() == 4 + 43, "{one}");
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex_digest(b"abc"), known, "FIPS 180-4, example 1");
    }
}
