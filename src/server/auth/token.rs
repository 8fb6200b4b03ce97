//! Tokens: 256 random bits between a prefix and a checksum, as scanners of leaked secrets look for them. Only their SHA-256
//! is stored: a fast hash is right for what cannot be guessed (ASVS 6.5.2).
//!
//! `lyc_` or `lyp_`, 43 characters of base64url (RFC 4648 section 5), then the CRC-32 of all of that as 6 of `0-9A-Za-z`.
//! The checksum keeps a typing error from the database and a stranger's text from a scanner's report. It is no secret.

use aws_lc_rs::digest::{SHA256, digest as hash};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

use crate::base::random::Random;

/// What the tokens of sessions start with.
const SESSION: &str = "lyc_";

/// What personal access tokens start with.
const PERSONAL: &str = "lyp_";

const BYTES: usize = 32;

/// Characters of the checksum.
const CHECK: usize = 6;

/// What all tokens have before the checksum.
const BODY: usize = 4 + 43;

/// What a token is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A session: an access or a refresh token.
    Session,
    /// A personal access token.
    Personal,
}

/// A new token of a session.
pub fn make(random: &dyn Random) -> String {
    with_prefix(SESSION, random)
}

/// A new personal access token.
pub fn make_personal(random: &dyn Random) -> String {
    with_prefix(PERSONAL, random)
}

fn with_prefix(prefix: &str, random: &dyn Random) -> String {
    let mut bytes = [0; BYTES];
    random.fill(&mut bytes);
    let body = format!("{prefix}{}", BASE64_URL_SAFE_NO_PAD.encode(bytes));
    body.clone() + &checksum(&body)
}

/// What a text is a token of; none when it can be no token of ours, which is known without asking the database.
pub fn kind(shown: &str) -> Option<Kind> {
    let (body, check) = shown.split_at_checked(BODY)?;
    if check != checksum(body) {
        return None;
    }
    match body.split_at_checked(4)?.0 {
        SESSION => Some(Kind::Session),
        PERSONAL => Some(Kind::Personal),
        _ => None,
    }
}

/// CRC-32 in base 62, the highest digit first.
fn checksum(body: &str) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut left = crc32fast::hash(body.as_bytes()) as usize;
    let mut digits = [b'0'; CHECK];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[left % 62];
        left /= 62;
    }
    digits.iter().map(|digit| char::from(*digit)).collect()
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
        assert!(one.starts_with("lyc_") && one.len() == 4 + 43 + 6, "{one}");
        let known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(hex_digest(b"abc"), known, "FIPS 180-4, example 1");
    }

    #[test]
    fn the_checksum_is_crc_32() {
        // 0xCBF43926 is the check value of CRC-32 for these nine digits, in base 62.
        let mut number = 0_u64;
        for digit in checksum("123456789").bytes() {
            let value = match digit {
                b'0'..=b'9' => digit - b'0',
                b'A'..=b'Z' => digit - b'A' + 10,
                _ => digit - b'a' + 36,
            };
            number = number * 62 + u64::from(value);
        }
        assert_eq!(number, 0xCBF4_3926);
    }

    #[test]
    fn a_damaged_token_is_none() {
        let random = Seeded::new(1);
        let (session, personal) = (make(&random), make_personal(&random));
        assert_eq!((kind(&session), kind(&personal)), (Some(Kind::Session), Some(Kind::Personal)));
        for at in 0..session.len() {
            let mut bytes = session.clone().into_bytes();
            bytes[at] = if bytes[at] == b'x' { b'y' } else { b'x' };
            assert_eq!(kind(&String::from_utf8(bytes).unwrap()), None, "{at}");
        }
        let other = format!("lyx_{}", &session[4..BODY]);
        let other = other.clone() + &checksum(&other);
        let longer = format!("{session}0");
        for text in ["", "lyc_", &session[..BODY], &session[..52], &longer, &other, &"线".repeat(18)] {
            assert_eq!(kind(text), None, "{text}");
        }
    }
}
