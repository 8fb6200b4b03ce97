//! What members may say about themselves: the rules for names, bios and addresses.

use crate::server::error::{Answer, Failure};
use crate::server::names;

/// Most characters of a bio.
const BIO: usize = 500;

/// Most bytes of an address (RFC 5321 section 4.5.3.1).
const EMAIL: usize = 254;

/// A shown name, as [`names::shown`] has it.
pub fn name(field: &str, text: &str) -> Answer<String> {
    names::shown(text).map_err(|fault| Failure::invalid(field, fault.as_str()))
}

/// Most characters of a label.
const LABEL: usize = 64;

/// What members call a thing of their own, which nobody else sees: 1 to 64 characters on one line.
pub fn label(field: &str, text: &str) -> Answer<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > LABEL || text.chars().any(char::is_control) {
        return Err(Failure::invalid(field, "1 to 64 characters on one line"));
    }
    Ok(text.to_owned())
}

/// A name that looks like another member's.
pub fn alike(field: &str) -> Failure {
    Failure::invalid(field, "looks like the name of another member")
}

/// A bio: at most 500 characters, lines allowed.
pub fn bio(text: &str) -> Answer<String> {
    if text.chars().count() > BIO || text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(Failure::invalid("bio", "at most 500 characters"));
    }
    Ok(text.trim().to_owned())
}

/// An address for receipts; an empty one is none. Only a letter sent there can tell whether it works. Two members may
/// name the same one: an answer that depended on it would say who is here.
pub fn email(text: &str) -> Answer<Option<String>> {
    if text.len() > EMAIL {
        return Err(Failure::invalid("email", "no address"));
    }
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let halves = text.split_once('@').filter(|(local, host)| !local.is_empty() && !host.is_empty());
    let plain = !text.chars().any(|c| c.is_control() || c.is_whitespace() || c == '<' || c == '>');
    let fine = halves.is_some_and(|(_, host)| !host.contains('@')) && plain;
    if fine { Ok(Some(text.to_owned())) } else { Err(Failure::invalid("email", "no address")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_bios_and_addresses_have_limits() {
        assert_eq!(name("name", " Ada 王 ").unwrap(), "Ada 王");
        for bad in ["", "  ", "a\nb", "a\u{1b}[31m", &"x".repeat(33)] {
            assert!(name("name", bad).is_err(), "{bad:?}");
        }
        assert!(bio("two\nlines").is_ok() && bio(&"王".repeat(500)).is_ok());
        assert!(bio(&"王".repeat(501)).is_err() && bio("\u{7}").is_err());
        assert_eq!(email(" ").unwrap(), None);
        assert_eq!(email("ada@guild.example").unwrap().as_deref(), Some("ada@guild.example"));
        for bad in ["ada", "@b", "a@", "a@b@c", "a b@c", "<a@b>"] {
            assert!(email(bad).is_err(), "{bad}");
        }
    }
}
