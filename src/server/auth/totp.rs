//! Codes by time (TOTP, RFC 6238): six digits from HMAC-SHA-1 over the number of half minutes since 1970, which is what
//! every authenticator can do. Nothing here knows who has a secret or which codes were used.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
use data_encoding::BASE32_NOPAD;

use crate::api::path::fill;
use crate::base::random::Random;
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::time::Timestamp;

/// Seconds for which a code is shown.
const PERIOD: i64 = 30;

/// Steps that a clock may be wrong by, each way (RFC 6238 section 5.2 advises one).
const DRIFT: i64 = 1;

/// Bytes of a secret: as long as the hash (RFC 4226 section 4, R6).
const BYTES: usize = 20;

/// A new secret, base32 without padding.
pub fn make(random: &dyn Random) -> Secret {
    let mut bytes = [0; BYTES];
    random.fill(&mut bytes);
    BASE32_NOPAD.encode(&bytes).into()
}

/// What an authenticator reads from a QR code
/// (<https://github.com/google/google-authenticator/wiki/Key-Uri-Format>).
pub fn uri(community: &str, username: &str, secret: &Secret) -> Secret {
    // The colon parts community and name.
    let issuer = fill("{issuer}", &community.replace(':', " "));
    let label = format!("{issuer}:{}", fill("{name}", username));
    let secret = secret.expose_secret();
    format!("otpauth://totp/{label}?secret={secret}&issuer={issuer}&algorithm=SHA1&digits=6&period={PERIOD}").into()
}

/// The step whose code was shown, if it may be taken now: at most one away, and later than `last`, the step that was
/// taken last. A code is good once (RFC 6238 section 5.2).
pub fn accept(secret: &Secret, shown: &str, now: Timestamp, last: i64) -> Option<i64> {
    let key = BASE32_NOPAD.decode(secret.expose_secret().as_bytes()).ok()?;
    let step = now.as_second().div_euclid(PERIOD);
    // The latest first: should two steps have the same code, it is used up for both.
    let mut steps = (step - DRIFT..=step + DRIFT).rev().filter(|step| *step > last);
    steps.find(|step| verify_slices_are_equal(code(&key, *step).as_bytes(), shown.as_bytes()).is_ok())
}

/// The code of a step (RFC 4226 section 5.3).
fn code(key: &[u8], step: i64) -> String {
    let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, key), &step.to_be_bytes());
    let tag = tag.as_ref();
    let at = usize::from(tag[tag.len() - 1] & 0xf);
    let number = u32::from_be_bytes([tag[at] & 0x7f, tag[at + 1], tag[at + 2], tag[at + 3]]);
    format!("{:06}", number % 1_000_000)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Seeded;

    fn rfc() -> Secret {
        BASE32_NOPAD.encode(b"12345678901234567890").into()
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_second(seconds).unwrap()
    }

    /// RFC 6238 appendix B, the lines of SHA-1; the last six of its eight digits.
    #[test]
    fn codes_are_those_of_the_standard() {
        for (seconds, shown) in [
            (59, "287082"),
            (1_111_111_109, "081804"),
            (1_111_111_111, "050471"),
            (1_234_567_890, "005924"),
            (2_000_000_000, "279037"),
            (20_000_000_000, "353130"),
        ] {
            assert_eq!(accept(&rfc(), shown, at(seconds), -1), Some(seconds / 30), "{seconds}");
        }
    }

    #[test]
    fn a_clock_may_be_wrong_by_one_step_each_way() {
        let shown = "005924";
        let step = 1_234_567_890 / 30;
        let taken = |steps: i64| accept(&rfc(), shown, at((step + steps) * 30), -1);
        assert_eq!([-2, -1, 0, 1, 2].map(taken), [None, Some(step), Some(step), Some(step), None]);
    }

    #[test]
    fn what_was_taken_and_what_is_older_is_used_up() {
        let step = 1_234_567_890 / 30;
        let taken = |last| accept(&rfc(), "005924", at(1_234_567_890), last);
        assert_eq!((taken(step - 1), taken(step), taken(step + 1)), (Some(step), None, None));
        for wrong in ["", "005925", "5924", "0059240", "００５９２４"] {
            assert_eq!(accept(&rfc(), wrong, at(1_234_567_890), -1), None, "{wrong}");
        }
    }

    #[test]
    fn an_address_keeps_its_parts_apart() {
        let secret = make(&Seeded::new(1));
        assert_eq!(secret.expose_secret().len(), 32);
        let uri = uri("Rust: & 公会?", "ada", &Secret::from("ABC".to_owned()));
        let wanted = "otpauth://totp/Rust%20%20%26%20%E5%85%AC%E4%BC%9A%3F:ada?secret=ABC\
                      &issuer=Rust%20%20%26%20%E5%85%AC%E4%BC%9A%3F&algorithm=SHA1&digits=6&period=30";
        assert_eq!(uri.expose_secret(), wanted);
    }
}
