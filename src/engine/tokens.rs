//! Tokens as they are put away, and what is told about that: why a vault does not keep them, whether the community
//! heard that somebody left. Never a token itself.

use crate::base::secret::{ExposeSecret, Secret};
use crate::base::time::Timestamp;
use crate::community::{Ends, Session};
use crate::config::locale::Catalog;
use crate::vault::Error;

/// Why a vault does not keep the tokens, or not give them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// Key of the sentence, with places for `vault`, `why`, `path` and `mode`.
    pub key: &'static str,
    /// The vault's name.
    pub vault: &'static str,
    /// What it said itself; empty when it said nothing.
    pub why: String,
    /// The file or folder that is meant, if there is one.
    pub path: String,
    /// What `chmod` has to make of it.
    pub mode: &'static str,
}

impl Refusal {
    /// In words of the catalogue.
    pub fn of(error: &Error) -> Self {
        let (key, why, path, mode) = match error {
            Error::Absent(_, why) => ("vault.absent", why.clone(), None, ""),
            Error::Locked(_) => ("vault.locked", String::new(), None, ""),
            Error::Silent(_) => ("vault.silent", String::new(), None, ""),
            Error::Failed(_, why) => ("vault.failed", why.clone(), None, ""),
            Error::Passphrase(_) => ("vault.passphrase", String::new(), None, ""),
            Error::NoPassphrase(_) => ("vault.no_passphrase", String::new(), None, ""),
            Error::Loose { path, mode, .. } => ("vault.loose", String::new(), Some(path), *mode),
            Error::Foreign { path, .. } => ("vault.foreign", String::new(), Some(path), ""),
            Error::NotAgreed { path, .. } => ("vault.not_agreed", String::new(), Some(path), ""),
            Error::ReadOnly(_) => ("vault.read_only", String::new(), None, ""),
        };
        let path = path.map(|path| path.display().to_string()).unwrap_or_default();
        Self { key, vault: error.vault(), why, path, mode }
    }

    /// The tokens should be there and are not.
    pub(super) fn empty(vault: &'static str) -> Self {
        Self { key: "vault.empty", vault, why: String::new(), path: String::new(), mode: "" }
    }

    /// Whether consent is all that is missing.
    pub fn may_be_agreed(&self) -> bool {
        self.key == "vault.not_agreed"
    }

    /// The word for it, the same in every language: `absent`, `locked`, `silent`, `failed` …
    pub fn word(&self) -> &'static str {
        self.key.strip_prefix("vault.").unwrap_or(self.key)
    }

    /// As a sentence, without its full stop.
    pub fn sentence(&self, words: &Catalog) -> String {
        let vault = words.get(&format!("vault.name.{}", self.vault)).to_owned();
        let values = [("vault", vault.as_str()), ("why", &self.why), ("path", &self.path), ("mode", self.mode)];
        words.fill(self.key, &values)
    }
}

/// How somebody left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Farewell {
    /// Whether the community has ended the session. If not, it lives there on.
    pub is_told: bool,
    /// Until when at most, as far as that is known.
    pub until: Option<Timestamp>,
}

impl Farewell {
    /// There was no session, or it has ended.
    pub const TOLD: Self = Self { is_told: true, until: None };
}

/// Both tokens as one secret: two lines, and a third for when they end.
pub(super) fn pack(session: &Session) -> Secret {
    let when = |at: Option<Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    let Ends { access, session: whole } = session.ends;
    let (one, other) = (session.access.expose_secret(), session.refresh.expose_secret());
    Secret::from(format!("{one}\n{other}\n{} {}", when(access), when(whole)))
}

/// A single line is a token that is never renewed, as a person or a command gives it.
pub(super) fn unpack(secret: &Secret) -> Option<Session> {
    let mut lines = secret.expose_secret().split('\n');
    let access = lines.next().filter(|access| !access.is_empty())?;
    let refresh = lines.next().unwrap_or_default();
    let (first, second) = lines.next().and_then(|line| line.split_once(' ')).unwrap_or_default();
    let ends = Ends { access: first.parse().ok(), session: second.parse().ok() };
    Some(Session { access: Secret::from(access), refresh: Secret::from(refresh), ends })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::Language;

    fn opened(text: &str) -> Option<(String, String, Ends)> {
        let session = unpack(&Secret::from(text))?;
        Some((session.access.expose_secret().to_owned(), session.refresh.expose_secret().to_owned(), session.ends))
    }

    #[test]
    fn what_is_packed_is_what_comes_out() {
        let at = |text: &str| Some(text.parse().unwrap());
        let all = [
            Ends::default(),
            Ends { access: at("2026-03-01T10:15:00Z"), session: None },
            Ends { access: at("2026-03-01T10:15:00Z"), session: at("2026-03-31T10:00:00Z") },
        ];
        for ends in all {
            let session = Session { access: Secret::from("a"), refresh: Secret::from("r"), ends };
            assert_eq!(opened(pack(&session).expose_secret()), Some(("a".into(), "r".into(), ends)));
        }
        // As it was kept before there was a third line, and as a person writes it.
        assert_eq!(opened("a\nr"), Some(("a".into(), "r".into(), Ends::default())));
        assert_eq!(opened("lyp_x"), Some(("lyp_x".into(), String::new(), Ends::default())));
        assert_eq!(opened(""), None);
    }

    #[test]
    fn every_refusal_is_a_sentence_of_its_own_in_every_language() {
        let (vault, path) = ("file", std::path::PathBuf::from("/p"));
        let all = [
            Error::Absent(vault, "W".into()),
            Error::Locked(vault),
            Error::Silent(vault),
            Error::Failed(vault, "W".into()),
            Error::Passphrase(vault),
            Error::NoPassphrase(vault),
            Error::Loose { vault, path: path.clone(), mode: "600" },
            Error::Foreign { vault, path: path.clone() },
            Error::NotAgreed { vault, path },
            Error::ReadOnly(vault),
        ];
        for language in Language::ALL {
            let words = Catalog::new(language);
            let mut said: Vec<String> = all.iter().map(|error| Refusal::of(error).sentence(&words)).collect();
            said.push(Refusal::empty(vault).sentence(&words));
            assert!(said[6].contains("chmod 600 /p"), "{}", said[6]);
            for sentence in &said {
                assert!(!sentence.contains(['{', '}']) && !sentence.starts_with("vault."), "{sentence}");
            }
            let several = said.len();
            said.sort();
            said.dedup();
            assert_eq!(said.len(), several, "two are the same");
        }
    }
}
