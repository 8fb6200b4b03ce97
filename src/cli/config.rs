//! `lyceum config`: where the settings are, a file to begin with, and what is wrong with what one wrote.

use std::fs::OpenOptions;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use clap::Subcommand;

use super::json::{self, ConfigCheck, ConfigFile};
use super::output::{Desk, Failure};
use crate::config::{Source, starter};
use crate::engine::problem::Kind;

/// What can be done about settings.
#[derive(Clone, Debug, Subcommand)]
pub enum Config {
    /// Write a settings file to begin with.
    Init {
        /// Take the place of a file that is there.
        #[arg(long)]
        force: bool,
    },
    /// Look for mistakes in everything that one writes by hand.
    Check,
    /// Print where the settings file is.
    Path,
}

/// A mistake: where, and in a sentence.
pub struct Mistake {
    /// Where.
    pub at: Source,
    /// The sentence, which begins with where.
    pub text: String,
}

fn of_file(path: &str, exists: bool, old: Option<String>) -> ConfigFile {
    ConfigFile { schema: ConfigFile::SCHEMA, path: path.to_owned(), exists, old }
}

/// Prints where the file is.
///
/// # Errors
/// When nobody reads.
pub fn path(file: &Path, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let shown = file.display().to_string();
    desk.say("cli.config.path", &[("path", &shown)], &of_file(&shown, file.exists(), None))
}

/// Writes a file to begin with. One that is there stays, or, with `force`, goes aside.
///
/// # Errors
/// When there is one, or it cannot be written.
pub fn init(file: &Path, force: bool, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let shown = file.display().to_string();
    let old = PathBuf::from(format!("{shown}.old"));
    let is_moved = force && file.symlink_metadata().is_ok();
    if is_moved {
        std::fs::rename(file, &old)?;
    }
    let mut new = match OpenOptions::new().write(true).create_new(true).open(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            let values = vec![("path", shown)];
            return Err(Failure::Said { kind: Kind::Conflict, key: "cli.config.exists", values });
        }
        opened => opened?,
    };
    new.write_all(starter().as_bytes())?;
    let old = old.display().to_string();
    if is_moved {
        desk.remark("cli.config.moved", &[("path", &old)])?;
    }
    desk.say("cli.config.written", &[("path", &shown)], &of_file(&shown, true, is_moved.then_some(old)))
}

/// Prints every mistake in the files that were looked at.
///
/// # Errors
/// When there is one.
pub fn check(files: &[PathBuf], mistakes: &[Mistake], desk: &mut Desk<'_>) -> Result<(), Failure> {
    let names: Vec<String> = files.iter().map(|file| file.display().to_string()).collect();
    if desk.json {
        let (files, mistakes) = (names.clone(), mistakes.iter().map(Mistake::document).collect());
        desk.document(&ConfigCheck { schema: ConfigCheck::SCHEMA, files, mistakes })?;
    } else {
        for mistake in mistakes {
            writeln!(desk.out, "{}", mistake.text)?;
        }
    }
    match mistakes.len() {
        0 if desk.json => Ok(()),
        0 if names.is_empty() => Ok(writeln!(desk.out, "{}", desk.words.get("cli.config.nothing"))?),
        0 => Ok(writeln!(desk.out, "{}", desk.words.fill("cli.config.fine", &[("files", &names.join(", "))]))?),
        n => Err(Failure::Mistakes(n)),
    }
}

impl Mistake {
    fn document(&self) -> json::Mistake {
        let (file, line, variable) = match &self.at {
            Source::File(path, line) => (Some(path.display().to_string()), *line, None),
            Source::Variable(name) | Source::Flag(name) => (None, None, Some((*name).to_owned())),
        };
        json::Mistake { file, line, variable, text: self.text.clone() }
    }
}
