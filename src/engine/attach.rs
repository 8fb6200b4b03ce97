//! What can be attached to a text from this machine: a file, a commit, a diff, what a command printed. For the composer
//! and for the command line alike, so it stands here and not with either.
//!
//! How it goes: [`collect`] a [`Source`], show a person the [`Attachment`] as [`Attachment::shown`] masks it, let them
//! take masks off, and put [`Attachment::block`] into the text. Nothing else of it may get there: what was not shown was
//! not agreed to. [`look`] tells what there is to attach, [`paths`] completes the name of a file.
//!
//! Everything here blocks its thread, for so long as is said there, and ends early when its [`Stop`] says so. It reads
//! only what it was asked for, writes nothing, and never asks the network. What it collects is cleaned.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::text::Clean;
use crate::config::environment::of_process;
use crate::model::redact::{self, Finding, Piece};

mod file;
mod git;
mod process;

pub use file::{MOST_FILE, paths};
pub use git::look;
pub use process::end_all;

/// The most of what git or a command prints that is kept, in bytes: of more, the start and the end.
pub const MOST_OUTPUT: usize = 32 * 1024;

/// Where things are collected, and by what.
#[derive(Clone, Debug)]
pub struct Ground {
    /// The working folder.
    pub folder: PathBuf,
    /// The shell that runs a command; `-c` and the command are its arguments.
    pub shell: String,
}

impl Ground {
    /// The folder this program was started in, and the shell of whoever did.
    pub fn here() -> Self {
        let default = if cfg!(windows) { "cmd" } else { "sh" };
        Self { folder: PathBuf::from("."), shell: of_process("SHELL").unwrap_or_else(|| default.to_owned()) }
    }
}

/// Says that nobody waits any more. A clone is the same one.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

impl Stop {
    /// Ends what is being collected; a command that runs is ended with its children.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn is_on(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Which changes of a working tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// Those that the next commit would hold.
    Staged,
    /// Those that it would not hold yet. Files that git does not know are none.
    Unstaged,
    /// Both.
    Both,
}

/// What to collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A text file, by a path as a person types it: `~/` is their home.
    File(String),
    /// A commit, by a name that git understands (`HEAD`): its message and its changes. Without names and addresses.
    Commit(String),
    /// What was changed and not committed.
    Diff(Side),
    /// What a command prints, both ways, and how it ends. It is run now, in the shell, as the person typed it.
    Output(String),
}

/// What there is to attach.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// The last commit, in a line; none outside of a repository, and before its first commit.
    pub commit: Option<Clean>,
    /// Whether there are staged changes.
    pub staged: bool,
    /// Whether there are others.
    pub unstaged: bool,
}

/// What was asked of this room.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wish {
    /// [`look`]: at most three seconds.
    Look,
    /// [`paths`]: as long as the disk takes to list a folder.
    Paths(String),
    /// [`collect`]: ten seconds for git, a minute for a command.
    Collect(Source),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Found {
    /// Of `Look`.
    Surroundings(Surroundings),
    /// Of `Paths`.
    Paths(Vec<Clean>),
    /// Of `Collect`.
    Attachment(Box<Attachment>),
}

/// Why nothing was collected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// There is no such file.
    #[error("{0}: not there")]
    Absent(Clean),
    /// It is a folder, a device or a pipe.
    #[error("{0}: not a file")]
    NotAFile(Clean),
    /// It holds something else than text in UTF-8.
    #[error("{0}: not text")]
    Binary(Clean),
    /// It has so many bytes.
    #[error("{0}: {1} bytes")]
    TooLarge(Clean, u64),
    /// It could not be read, or a program not be run.
    #[error("{0}: {1}")]
    Failed(Clean, Clean),
    /// There is no git.
    #[error("git: not installed")]
    NoGit,
    /// The working folder is in no repository.
    #[error("not in a git repository")]
    NoRepository,
    /// There is nothing in it: no changes, an empty file, no command.
    #[error("nothing to attach")]
    Nothing,
    /// It took too long.
    #[error("{0}: took too long")]
    Slow(Clean),
    /// Nobody waits any more.
    #[error("stopped")]
    Stopped,
}

/// Something collected, and the secrets in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// What it is, in a line: a file's name, a command.
    pub name: Clean,
    /// The word for the fence: `rust`.
    pub language: String,
    /// All of it.
    pub text: Clean,
    /// What in `text` seems to be a secret.
    pub findings: Vec<Finding>,
    /// Bytes that were left out in the middle.
    pub left_out: u64,
    /// How a command ended; none for what was no command, and for one that was ended.
    pub status: Option<i32>,
}

impl Attachment {
    fn new(name: &str, language: &str, text: &str) -> Self {
        let text = Clean::block(text.trim_end());
        let findings = redact::find(&text);
        let (name, language) = (Clean::line(name), language.to_owned());
        // A name is part of what is sent: a secret in one is masked for good.
        let name = Clean::line(&redact::masked(&name, &redact::find(&name), |_| false));
        Self { name, language, text, findings, left_out: 0, status: None }
    }

    /// The text in pieces, for a preview: a finding is masked unless its mask was taken off.
    pub fn pieces(&self) -> Vec<Piece<'_>> {
        redact::pieces(&self.text, &self.findings)
    }

    /// The text with its secrets masked, but for those that `is_open`.
    pub fn shown(&self, is_open: impl Fn(usize) -> bool) -> String {
        redact::masked(&self.text, &self.findings, is_open)
    }

    /// The same as Markdown: its name, and a block of code behind a fence that nothing in it can close.
    pub fn block(&self, is_open: impl Fn(usize) -> bool) -> String {
        let text = self.shown(is_open);
        let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest.max(2) + 1);
        let name = self.name.replace('`', "'");
        format!("`{name}`\n\n{fence}{}\n{text}\n{fence}\n", self.language)
    }
}

/// Does what is wished.
///
/// # Errors
/// Why nothing came of it.
pub fn grant(wish: &Wish, ground: &Ground, stop: &Stop) -> Result<Found, Fault> {
    match wish {
        Wish::Look => Ok(Found::Surroundings(look(ground, stop))),
        Wish::Paths(typed) => Ok(Found::Paths(paths(ground, typed))),
        Wish::Collect(source) => collect(source, ground, stop).map(|found| Found::Attachment(Box::new(found))),
    }
}

/// Collects something. A command that fails is no fault: what it printed is what was asked for.
///
/// # Errors
/// Why there is nothing to attach.
pub fn collect(source: &Source, ground: &Ground, stop: &Stop) -> Result<Attachment, Fault> {
    let found = match source {
        Source::File(path) => file::collect(ground, path),
        Source::Commit(name) => git::commit(ground, name, stop),
        Source::Diff(side) => git::diff(ground, *side, stop),
        Source::Output(command) => process::output(ground, command, stop),
    }?;
    if found.text.trim().is_empty() { Err(Fault::Nothing) } else { Ok(found) }
}

#[cfg(all(test, unix))]
mod tests;
