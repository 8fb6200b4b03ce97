//! The code that a person reads on one device and types on another (RFC 8628 section 6.1): eight letters, none of them
//! a vowel, so that no word comes about, and none that is taken for another. 34 bits: enough for what lives ten minutes
//! where guesses are counted.

use crate::base::random::Random;

const LETTERS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";

const LENGTH: usize = 8;

/// A new code, without its dash.
pub fn make(random: &dyn Random) -> String {
    let mut code = String::with_capacity(LENGTH);
    while code.len() < LENGTH {
        let mut byte = [0];
        random.fill(&mut byte);
        // 240 is a multiple of 20: every letter is as likely as every other.
        if byte[0] < 240 {
            code.push(char::from(LETTERS[usize::from(byte[0]) % LETTERS.len()]));
        }
    }
    code
}

/// As it is shown: `WDJB-MJHT`.
pub fn shown(code: &str) -> String {
    match code.split_at_checked(LENGTH / 2) {
        Some((front, back)) => format!("{front}-{back}"),
        None => code.to_owned(),
    }
}

/// What somebody typed: in whatever case, with or without dash and spaces, also in the wide letters of an input method.
/// None when it can be no code.
pub fn read(typed: &str) -> Option<String> {
    let narrow = |c: char| match c {
        '\u{ff21}'..='\u{ff5a}' => char::from_u32(u32::from(c) - 0xfee0).unwrap_or(c),
        other => other,
    };
    let letters = typed.chars().take(64).map(narrow).filter(char::is_ascii_alphanumeric);
    let code: String = letters.map(|c| c.to_ascii_uppercase()).collect();
    (code.len() == LENGTH && code.bytes().all(|b| LETTERS.contains(&b))).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::Seeded;

    #[test]
    fn every_letter_comes_and_no_other() {
        let random = Seeded::new(7);
        let all: String = (0..500).map(|_| make(&random)).collect();
        assert_eq!(all.len(), 4000);
        for letter in LETTERS {
            let count = all.bytes().filter(|b| b == letter).count();
            assert!((120..=280).contains(&count), "{}: {count}", char::from(*letter));
        }
        assert!(all.bytes().all(|b| LETTERS.contains(&b)));
    }

    #[test]
    fn what_people_type_is_read() {
        for typed in ["WDJB-MJHT", "wdjbmjht", " wdjb mjht ", "WDJB–MJHT", "ｗｄｊｂＭＪＨＴ"] {
            assert_eq!(read(typed).as_deref(), Some("WDJBMJHT"), "{typed}");
        }
        for typed in ["", "WDJB", "WDJBMJHTX", "WDJBMJHA", "WDJBMJH1", &"W".repeat(10_000)] {
            assert_eq!(read(typed), None, "{typed}");
        }
        assert_eq!(shown("WDJBMJHT"), "WDJB-MJHT");
    }
}
