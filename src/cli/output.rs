//! How commands speak: sentences for people, JSON for programs. Results go to standard output, everything else to
//! standard error.

use std::io::Write;
use std::process::ExitCode;

use serde::Serialize;

use super::exit;
use super::json::{Error, Fault, Kept};
use super::paper::Paper;
use crate::config::locale::Catalog;
use crate::engine::problem::{Kind, UserError};

/// Where a command speaks, and how.
pub struct Desk<'a> {
    /// The sentences.
    pub words: &'a Catalog,
    /// Whether a program listens.
    pub json: bool,
    /// For results.
    pub out: Paper<'a>,
    /// For prompts, notices and failures.
    pub err: Paper<'a>,
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The engine says why.
    #[error("{}", .0.text)]
    User(UserError),
    /// A sentence of the catalogue, with values for its places.
    #[error("{key}")]
    Said {
        /// What sort of trouble.
        kind: Kind,
        /// The sentence's key.
        key: &'static str,
        /// Values for its places; cleaned where they come from others.
        values: Vec<(&'static str, String)>,
    },
    /// The arguments are wrong.
    #[error(transparent)]
    Arguments(#[from] clap::Error),
    /// What was written did not arrive, and is kept.
    #[error("{0}")]
    Unsent(Box<Failure>, Kept),
    /// A setting is wrong.
    #[error(transparent)]
    Settings(#[from] crate::config::Error),
    /// So many mistakes were found, and told already.
    #[error("{0} mistakes")]
    Mistakes(usize),
    /// The machine does not do its part.
    #[error(transparent)]
    Io(#[from] std::io::Error),
}

impl From<UserError> for Failure {
    fn from(error: UserError) -> Self {
        Self::User(error)
    }
}

impl Failure {
    /// A sentence without places.
    pub fn said(kind: Kind, key: &'static str) -> Self {
        Self::Said { kind, key, values: Vec::new() }
    }

    /// Whether what was written goes out by itself once there is a line and a session.
    fn passes(&self) -> bool {
        match self {
            Self::User(error) => matches!(error.kind, Kind::Network | Kind::Auth | Kind::Server),
            Self::Said { kind, .. } => matches!(kind, Kind::Network | Kind::Auth | Kind::Server),
            _ => false,
        }
    }

    /// As a sentence, with the next step where there is one.
    pub fn sentence(&self, words: &Catalog) -> String {
        match self {
            Self::User(error) => {
                let values: Vec<(&str, &str)> =
                    error.args.iter().map(|(name, value)| (*name, value.as_str())).collect();
                let what = words.fill(error.text, &values);
                match next_step(error) {
                    Some(key) => [what, words.fill(key, &values)].join(words.get("frame.between-sentences")),
                    None => what,
                }
            }
            Self::Said { key, values, .. } => {
                let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
                words.fill(key, &values)
            }
            Self::Arguments(error) => super::help::fault(error, words),
            Self::Unsent(failure, kept) => {
                let (key, place) = match (kept.entry, &kept.file) {
                    (Some(entry), _) if failure.passes() => ("script.kept", entry.to_string()),
                    (Some(entry), _) => ("script.kept_refused", entry.to_string()),
                    (None, file) => ("script.kept_file", file.clone().unwrap_or_default()),
                };
                [failure.sentence(words), words.fill(key, &[("place", &place)])]
                    .join(words.get("frame.between-sentences"))
            }
            Self::Settings(error) => error.sentence(words),
            Self::Mistakes(n) => words.count("cli.config.mistakes", *n as u64),
            Self::Io(error) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
                words.get("cli.no_input").to_owned()
            }
            Self::Io(error) => words.fill("cli.io", &[("why", &error.to_string())]),
        }
    }
}

/// The next step on the command line; most of the engine's own hints name keys of the screen.
fn next_step(error: &UserError) -> Option<&'static str> {
    match error.kind {
        Kind::Auth if error.text == "error.signed_out" => Some("cli.next.login"),
        Kind::Network if error.text.starts_with("error.untrusted") || error.text == "error.proxy_login" => {
            Some(error.hint)
        }
        Kind::Network if error.hint == "hint.via" => Some("cli.next.via"),
        Kind::Network => Some("cli.next.doctor"),
        _ => None,
    }
}

impl Desk<'_> {
    /// Writes a document for a program.
    ///
    /// # Errors
    /// When nobody reads.
    pub fn document(&mut self, document: &impl Serialize) -> Result<(), Failure> {
        let text = serde_json::to_string(document).map_err(std::io::Error::other)?;
        writeln!(self.out, "{text}")?;
        Ok(())
    }

    /// Gives a result: the sentence of a key to a person, a document to a program.
    ///
    /// # Errors
    /// When nobody reads.
    pub fn say(&mut self, key: &str, values: &[(&str, &str)], document: &impl Serialize) -> Result<(), Failure> {
        if self.json {
            self.document(document)?;
        } else {
            writeln!(self.out, "{}", self.words.fill(key, values))?;
        }
        Ok(())
    }

    /// Tells a person something besides the result.
    ///
    /// # Errors
    /// When nobody reads.
    pub fn remark(&mut self, key: &str, values: &[(&str, &str)]) -> Result<(), Failure> {
        if !self.json {
            writeln!(self.err, "{}", self.words.fill(key, values))?;
        }
        Ok(())
    }

    /// Shows what the arguments asked for instead of a command, or says what is wrong with them.
    pub fn answer(&mut self, instead: clap::Error) -> ExitCode {
        let code = u8::try_from(instead.exit_code()).unwrap_or(super::exit::USAGE);
        if super::help::is_shown(&instead) {
            let to = if instead.use_stderr() { &mut self.err } else { &mut self.out };
            let _ = write!(to, "{}", instead.render());
        } else {
            self.fail(&Failure::Arguments(instead));
        }
        ExitCode::from(code)
    }

    /// Says why a command failed. Nothing can be done when nobody reads that.
    pub fn fail(&mut self, failure: &Failure) {
        let sentence = failure.sentence(self.words);
        let _ = if self.json {
            let kept = if let Failure::Unsent(_, kept) = failure { Some(kept.clone()) } else { None };
            let (code, kind) = (exit::of_failure(failure), exit::word(failure));
            let document = Error { schema: Error::SCHEMA, error: Fault { code, kind, text: sentence, kept } };
            writeln!(self.err, "{}", serde_json::to_string(&document).unwrap_or_default())
        } else {
            writeln!(self.err, "lyceum: {sentence}")
        };
    }
}
