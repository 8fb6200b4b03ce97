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
    /// The file is there and is no text of a size that is read.
    #[error("{at}: no text of at most {most} KiB")]
    NoText {
        /// Which file.
        at: Source,
        /// KiB that are read.
        most: u64,
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
    #[error("{at}: {fault:?}")]
    Value {
        /// Where it stands.
        at: Source,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// None of the words that are known there.
    Word {
        /// What was written.
        written: String,
        /// What is known.
        known: String,
    },
    /// Of another sort than it has to be: the key of the sentence that says of which.
    Sort(&'static str),
    /// A number out of bounds: the key of the sentence that names them.
    Bounds(&'static str, String),
    /// What only the reader of TOML has words for.
    Other(String),
}

impl Fault {
    /// Reads what serde and the reader of TOML say. Only the first line counts.
    pub fn of(message: &str) -> Self {
        let message = message.lines().next().unwrap_or_default();
        if let Some((written, known)) =
            message.strip_prefix("unknown variant `").and_then(|rest| rest.split_once("`, expected "))
        {
            let known: Vec<&str> = known.split('`').skip(1).step_by(2).collect();
            return Self::Word { written: written.to_owned(), known: known.join(" · ") };
        }
        let sort = match message.rsplit_once(", expected ").map_or(message, |(_, expected)| expected) {
            "a boolean" => "config.sort.boolean",
            "a string" | "path string" | "string or table" => "config.sort.text",
            "u16" | "u32" | "u64" | "usize" => "config.sort.number",
            "a sequence" => "config.sort.list",
            "invalid socket address syntax" | "socket address" => "config.sort.socket",
            "invalid IP address syntax" | "IP address" => "config.sort.ip",
            expected if expected.ends_with("untagged enum Written") => "config.sort.token_command",
            expected if expected.starts_with("struct ") => "config.sort.table",
            _ => return Self::Other(message.to_owned()),
        };
        Self::Sort(sort)
    }

    fn sentence(&self, place: &str, words: &Catalog) -> String {
        match self {
            Self::Word { written, known } => {
                words.fill("config.word", &[("place", place), ("written", written), ("known", known)])
            }
            Self::Sort(key) => words.fill(key, &[("place", place)]),
            Self::Bounds(key, value) => words.fill(key, &[("place", place), ("value", value)]),
            Self::Other(why) => words.fill("config.value", &[("place", place), ("why", why)]),
        }
    }
}

impl Error {
    /// Where it stands.
    pub fn at(&self) -> &Source {
        match self {
            Self::Unreadable { at, .. }
            | Self::NoText { at, .. }
            | Self::Unknown { at, .. }
            | Self::Value { at, .. } => at,
        }
    }

    /// As a sentence.
    pub fn sentence(&self, words: &Catalog) -> String {
        match self {
            Self::Unreadable { at, why } => {
                words.fill("config.unreadable", &[("place", &at.to_string()), ("why", why)])
            }
            Self::NoText { at, most } => {
                words.fill("config.no_text", &[("place", &at.to_string()), ("most", &most.to_string())])
            }
            Self::Value { at, fault } => fault.sentence(&at.to_string(), words),
            Self::Unknown { at, key, meant: None } => {
                words.fill("config.unknown", &[("place", &at.to_string()), ("key", key)])
            }
            Self::Unknown { at, key, meant: Some(meant) } => {
                words.fill("config.meant", &[("place", &at.to_string()), ("key", key), ("meant", meant)])
            }
        }
    }
}
