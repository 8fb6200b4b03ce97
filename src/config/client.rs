//! Settings of the client, whatever it shows.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::Deserialize;

use super::locale::Language;

/// Settings of the client.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Client {
    /// The community to open, `https://…`. Without it, the one signed in to last.
    pub community: Option<String>,
    /// The account to use there, by its username. Without it, the one used last.
    pub account: Option<String>,
    /// The language to speak.
    pub language: Choice,
    /// Where tokens are kept.
    pub vault: Vault,
    /// What keeps the key of encrypted files from run to run.
    pub vault_cache: VaultCache,
    /// A file with the passphrase of encrypted files, for machines without a person.
    pub passphrase_file: Option<std::path::PathBuf>,
    /// A command that prints it.
    pub passphrase_command: Option<String>,
    /// Commands that print a token, by community.
    pub token_command: TokenCommand,
    /// What goes into the log file.
    pub log: Log,
    /// A file of certificates (PEM) of authorities that are trusted besides those of the system.
    pub ca_file: Option<PathBuf>,
}

/// A language, or what the locale says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub enum Choice {
    /// By `LC_ALL`, `LC_MESSAGES` or `LANG`, the first that is set.
    #[default]
    #[serde(rename = "auto")]
    Auto,
    /// English.
    #[serde(rename = "en")]
    English,
    /// 简体中文.
    #[serde(rename = "zh-CN")]
    Chinese,
}

impl Choice {
    /// The language, where the locale is called `locale`.
    pub fn language(self, locale: &str) -> Language {
        match self {
            Self::Auto => Language::of_locale(locale).unwrap_or_default(),
            Self::English => Language::English,
            Self::Chinese => Language::Chinese,
        }
    }
}

/// Where tokens are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Vault {
    /// In the keyring where it works, else in an encrypted file, else in a plain one if the person agrees.
    #[default]
    Auto,
    /// In the system's keyring or not at all.
    Keyring,
    /// In a file that is encrypted under a passphrase.
    Encrypted,
    /// In a file that only its owner can read. To set this is to agree to plain text.
    File,
    /// Nowhere: signed in for one run.
    Memory,
}

/// What keeps the key of encrypted files from run to run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum VaultCache {
    /// Nothing: the passphrase is asked for in every run.
    #[default]
    Off,
    /// The kernel, for eight hours.
    Keyutils,
}

/// Commands that print a token. A token is for one community: a command without one is for that of the same file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(from = "Written")]
pub struct TokenCommand {
    /// For the community that stands beside it.
    alone: Option<String>,
    /// By the community's address.
    by_community: BTreeMap<String, String>,
}

/// As it is written.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Alone(String),
    ByCommunity(BTreeMap<String, String>),
}

impl From<Written> for TokenCommand {
    fn from(written: Written) -> Self {
        match written {
            Written::Alone(command) => Self { alone: Some(command), ..Self::default() },
            Written::ByCommunity(by_community) => Self { by_community, ..Self::default() },
        }
    }
}

impl TokenCommand {
    /// Ties a command that stands alone to the community of its file; false when there is none.
    pub(super) fn tie(&mut self, community: Option<&str>) -> bool {
        let Some(command) = self.alone.take() else { return true };
        let Some(community) = community else { return false };
        self.by_community.insert(community.to_owned(), command);
        true
    }

    /// The commands with the addresses of their communities.
    pub fn all(&self) -> impl Iterator<Item = (&str, &str)> {
        self.by_community.iter().map(|(community, command)| (community.as_str(), command.as_str()))
    }
}

/// What goes into the log file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Log {
    /// Failures.
    Error,
    /// And what may become one.
    #[default]
    Warn,
    /// And what happens.
    Info,
    /// And how.
    Debug,
}
