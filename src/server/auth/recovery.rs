//! Recovery codes: what stands in for a lost authenticator, each good once.

use data_encoding::BASE32_NOPAD;

use crate::base::random::Random;
use crate::base::secret::Secret;

/// How many a member has.
pub const COUNT: usize = 10;

/// Characters without the dash: 50 random bits.
const CHARS: usize = 10;

/// A new set, as it is shown: `k7wqm-2xvpd`.
pub fn make(random: &dyn Random) -> Vec<String> {
    (0..COUNT).map(|_| one(random)).collect()
}

fn one(random: &dyn Random) -> String {
    let mut bytes = [0; 8];
    random.fill(&mut bytes);
    let text = BASE32_NOPAD.encode(&bytes).to_lowercase();
    format!("{}-{}", &text[..CHARS / 2], &text[CHARS / 2..CHARS])
}

/// What somebody typed for a code.
#[derive(Clone, Debug)]
pub enum Shown {
    /// Nothing.
    Nothing,
    /// Six digits.
    Digits(String),
    /// A recovery code, without its dash.
    Recovery(Secret),
    /// Something that can be neither.
    Neither,
}

impl Shown {
    /// Reads what was typed. Spaces, dashes and capitals do not count.
    pub fn read(text: &str) -> Self {
        let bare: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let bare = bare.to_ascii_lowercase();
        match bare.len() {
            0 => Self::Nothing,
            6 if bare.bytes().all(|b| b.is_ascii_digit()) => Self::Digits(bare),
            CHARS if bare.bytes().all(|b| b.is_ascii_lowercase() || (b'2'..=b'7').contains(&b)) => {
                Self::Recovery(bare.into())
            }
            _ => Self::Neither,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Seeded;
    use crate::base::secret::ExposeSecret;

    #[test]
    fn ten_codes_that_differ_and_can_be_typed_in_any_way() {
        let codes = make(&Seeded::new(1));
        assert_eq!(codes.len(), COUNT);
        for (at, code) in codes.iter().enumerate() {
            assert!(!codes[..at].contains(code));
            assert_eq!((code.len(), &code[5..6]), (11, "-"), "{code}");
            let bare = code.replace('-', "");
            for typed in [code.clone(), bare.clone(), format!(" {} ", code.to_uppercase())] {
                let Shown::Recovery(read) = Shown::read(&typed) else { panic!("{typed}") };
                assert_eq!(read.expose_secret(), bare);
            }
        }
    }

    #[test]
    fn digits_are_told_from_codes_and_from_neither() {
        assert!(matches!(Shown::read(" 123 456"), Shown::Digits(digits) if digits == "123456"));
        assert!(matches!(Shown::read(" - "), Shown::Nothing));
        for neither in ["12345", "12345a", "1234567890", "k7wqm-2xvp", "k7wqm-2xvpdd", "线线", "１２３４５６"] {
            assert!(matches!(Shown::read(neither), Shown::Neither), "{neither}");
        }
    }
}
