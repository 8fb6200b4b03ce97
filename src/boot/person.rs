//! Who answers when a vault has a question: a file or a command named in the settings, or the person at the terminal.
//! Never while a screen is open: its keys are not ours to read then.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::base::private;
use crate::base::secret::{ExposeSecret, Secret};
use crate::cli::prompt;
use crate::config::client::Client;
use crate::config::environment::SECRETS;
use crate::config::locale::Catalog;
use crate::vault::command::Command;
use crate::vault::{Error, Person, Why};

/// The vault whose passphrase it is.
const ENCRYPTED: &str = "encrypted";

/// No passphrase is longer.
const MOST: u64 = 4096;

/// How often a new passphrase may be typed twice in two ways.
const TRIES: usize = 3;

/// What answers.
pub(super) struct Answers {
    words: Catalog,
    file: Option<PathBuf>,
    command: Option<String>,
    /// Whether somebody can be asked to open what is there.
    is_there: AtomicBool,
    /// Whether this is the moment to ask for something new.
    is_signing_in: AtomicBool,
    /// Whether plain text was agreed to on the command line.
    agrees: AtomicBool,
}

impl Answers {
    /// By the settings.
    pub(super) fn new(client: &Client, words: &Catalog) -> Self {
        let is_there = io::stdin().is_terminal() && io::stderr().is_terminal();
        Self {
            words: words.clone(),
            file: client.passphrase_file.clone(),
            command: client.passphrase_command.clone(),
            is_there: AtomicBool::new(is_there),
            is_signing_in: AtomicBool::new(false),
            agrees: AtomicBool::new(false),
        }
    }

    /// From now on nobody is asked.
    pub(super) fn leave(&self) {
        self.is_there.store(false, Ordering::SeqCst);
    }

    /// The person is signing in: a passphrase may be chosen, and plain text agreed to. `agrees` is for those who did so
    /// beforehand; they are not asked for anything.
    pub(super) fn sign_in(&self, agrees: bool) {
        self.is_signing_in.store(!agrees, Ordering::SeqCst);
        self.agrees.store(agrees, Ordering::SeqCst);
    }

    fn is_there(&self) -> bool {
        self.is_there.load(Ordering::SeqCst)
    }

    fn is_signing_in(&self) -> bool {
        self.is_there() && self.is_signing_in.load(Ordering::SeqCst)
    }

    /// What needs no person; none when nothing of the kind is set.
    fn prepared(&self) -> Result<Option<Secret>, Error> {
        if let Some(file) = &self.file {
            let bytes = private::read_file(file, MOST).map_err(|fault| Error::of_file(ENCRYPTED, fault))?;
            let missing = || Error::Failed(ENCRYPTED, format!("{}: {}", file.display(), io::ErrorKind::NotFound));
            let text = String::from_utf8(bytes.ok_or_else(missing)?).map_err(|_| empty(file))?;
            let line = text.lines().next().unwrap_or_default();
            return if line.is_empty() { Err(empty(file)) } else { Ok(Some(Secret::from(line))) };
        }
        self.command.as_ref().map(|line| Command::new(line.clone(), SECRETS).run()).transpose()
    }

    fn choose(&self, folder: &Path) -> Option<Secret> {
        let label = self.words.fill("cli.ask.new_passphrase", &[("path", &folder.display().to_string())]);
        for _ in 0..TRIES {
            let first = prompt::hidden_line(&label).ok().filter(|text| !text.expose_secret().is_empty())?;
            let second = prompt::hidden_line(self.words.get("cli.ask.passphrase_again")).ok()?;
            if first.expose_secret() == second.expose_secret() {
                return Some(first);
            }
        }
        None
    }
}

fn empty(file: &Path) -> Error {
    Error::Failed(ENCRYPTED, format!("{}: no line of text", file.display()))
}

impl Person for Answers {
    fn passphrase(&self, why: Why, folder: &Path) -> Result<Option<Secret>, Error> {
        if self.file.is_some() || self.command.is_some() {
            // What was wrong once is not better the second time.
            return if why == Why::Again { Ok(None) } else { self.prepared() };
        }
        let path = folder.display().to_string();
        Ok(match why {
            Why::New if self.is_signing_in() => self.choose(folder),
            Why::Open | Why::Again if self.is_there() => {
                let key = if why == Why::Again { "cli.ask.passphrase_wrong" } else { "cli.ask.passphrase" };
                prompt::hidden_line(&self.words.fill(key, &[("path", &path)])).ok()
            }
            _ => None,
        })
    }

    fn agrees_to_plain(&self, path: &Path) -> bool {
        if self.agrees.load(Ordering::SeqCst) {
            return true;
        }
        let label = || self.words.fill("cli.ask.plain", &[("path", &path.display().to_string())]);
        self.is_signing_in() && prompt::yes(&label()).unwrap_or(false)
    }
}
