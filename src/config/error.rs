//! What can be wrong with settings, and where.

use std::path::PathBuf;

use super::locale::Catalog;

/// Where a setting came from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file, and the line where it is known.
    File(PathBuf, Option<usize>),
    /// A variable.
    Variable(&'static str),
    /// A flag.
    Flag(&'static str),
}

impl std::fmt::Display for Source {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::File(path, Some(line)) => write!(f, "{}:{line}", path.display()),
            Self::File(path, None) => write!(f, "{}", path.display()),
            Self::Variable(name) | Self::Flag(name) => f.write_str(name),
        }
    }
}

/// Why settings were not taken.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// The file is there and cannot be read.
    #[error("{at}: {why}")]
    Unreadable {
        /// Which file.
        at: Source,
        /// The system's words.
        why: String,
    },
    /// There is no such setting.
    #[error("{at}: unknown setting {key}")]
    Unknown {
        /// Where it stands.
        at: Source,
        /// What was written.
        key: String,
        /// What may have been meant.
        meant: Option<String>,
    },
    /// A setting cannot have this value, or the file is not TOML.
    #[error("{at}: {why}")]
    Value {
        /// Where it stands.
        at: Source,
        /// What is wrong with it.
        why: String,
    },
}

impl Error {
    /// As a sentence.
    pub fn sentence(&self, words: &Catalog) -> String {
        match self {
            Self::Unreadable { at, why } => {
                words.fill("config.unreadable", &[("place", &at.to_string()), ("why", why)])
            }
            Self::Value { at, why } => words.fill("config.value", &[("place", &at.to_string()), ("why", why)]),
            Self::Unknown { at, key, meant: None } => {
                words.fill("config.unknown", &[("place", &at.to_string()), ("key", key)])
            }
            Self::Unknown { at, key, meant: Some(meant) } => {
                words.fill("config.meant", &[("place", &at.to_string()), ("key", key), ("meant", meant)])
            }
        }
    }
}
