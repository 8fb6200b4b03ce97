//! Settings of the client, whatever it shows.

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
    /// In the keyring where it works, else in a file.
    #[default]
    Auto,
    /// In the system's keyring or not at all.
    Keyring,
    /// In a file that only its owner can read.
    File,
    /// Nowhere: signed in for one run.
    Memory,
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
