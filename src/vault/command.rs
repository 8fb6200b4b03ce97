//! A secret that a command of the person's own prints: `pass show lyceum/guild`. Only read, never written.
//!
//! The command is split into words and run without a shell. It gets ten seconds, its first line is the secret, and what
//! it complains of is thrown away: it may hold anything.

use std::io::Read;
use std::process::{Child, Command as Process, Stdio};
use std::sync::{Mutex, PoisonError, mpsc};
use std::time::{Duration, Instant};

use super::{Entry, Error, Kept, Vault};
use crate::base::secret::Secret;

const NAME: &str = "command";
const PATIENCE: Duration = Duration::from_secs(10);

/// No secret is longer; what is longer is something else.
const MOST: u64 = 16 * 1024;

/// How often it is looked whether the command has ended, once it said what it had to say.
const TICK: Duration = Duration::from_millis(5);

/// A command that prints a secret.
pub struct Command {
    line: String,
    /// Variables that it does not get: secrets of ours.
    hidden: &'static [&'static str],
    patience: Duration,
    /// What it printed: asked once per run.
    found: Mutex<Option<Secret>>,
}

impl Command {
    /// The command as it stands in the settings; of this program's environment it does not get what is `hidden`.
    pub fn new(line: String, hidden: &'static [&'static str]) -> Self {
        Self { line, hidden, patience: PATIENCE, found: Mutex::default() }
    }

    /// The same with another limit, for tests.
    pub fn within(self, patience: Duration) -> Self {
        Self { patience, ..self }
    }

    /// Runs it.
    ///
    /// # Errors
    /// [`Error::Absent`] when there is no such program, [`Error::Silent`] when it does not end in time, and
    /// [`Error::Failed`] when it fails or prints nothing.
    pub fn run(&self) -> Result<Secret, Error> {
        let failed = |why: &str| Error::Failed(NAME, why.to_owned());
        let words = shell_words::split(&self.line).map_err(|error| failed(&error.to_string()))?;
        let (program, arguments) = words.split_first().ok_or_else(|| failed("it is empty"))?;
        let mut process = Process::new(program);
        process.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null());
        for name in self.hidden {
            process.env_remove(name);
        }
        let mut child = process.spawn().map_err(|error| Error::Absent(NAME, format!("{program}: {error}")))?;
        let said = self.listen(&mut child);
        if said.is_err() {
            let _ = child.kill();
            let _ = child.wait();
        }
        let said = said?;
        first_line(said).ok_or_else(|| failed("it printed nothing that can be used"))
    }

    /// What it prints until it ends well. Read on a thread of its own: a grandchild may hold the pipe open for ever.
    fn listen(&self, child: &mut Child) -> Result<Vec<u8>, Error> {
        let failed = |why: String| Error::Failed(NAME, why);
        let until = Instant::now() + self.patience;
        let out = child.stdout.take().ok_or_else(|| failed("it has no output".to_owned()))?;
        let (tell, told) = mpsc::sync_channel(1);
        let reader = std::thread::Builder::new().name(NAME.to_owned()).spawn(move || {
            let mut said = Vec::new();
            let read = out.take(MOST).read_to_end(&mut said);
            // Nobody listens any more when it took too long.
            let _ = tell.send(read.map(|_| said));
        });
        reader.map_err(|error| failed(error.to_string()))?;
        let said = told.recv_timeout(self.patience).map_err(|_| Error::Silent(NAME))?;
        loop {
            match child.try_wait().map_err(|error| failed(error.to_string()))? {
                Some(status) if status.success() => return said.map_err(|error| failed(error.to_string())),
                Some(status) => return Err(failed(status.to_string())),
                None if Instant::now() >= until => return Err(Error::Silent(NAME)),
                None => std::thread::sleep(TICK),
            }
        }
    }
}

fn first_line(said: Vec<u8>) -> Option<Secret> {
    let text = String::from_utf8(said).ok()?;
    let line = text.lines().next().unwrap_or_default().trim_end();
    (!line.is_empty()).then(|| Secret::from(line))
}

impl Vault for Command {
    fn name(&self) -> &'static str {
        NAME
    }

    /// Its first word: the others may be nobody's business.
    fn place(&self, _: &Entry) -> String {
        shell_words::split(&self.line).ok().and_then(|words| words.into_iter().next()).unwrap_or_default()
    }

    fn read(&self, _: &Entry) -> Result<Option<Secret>, Error> {
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        if found.is_none() {
            *found = Some(self.run()?);
        }
        Ok(found.clone())
    }

    fn write(&self, _: &Entry, _: &Secret) -> Result<Kept, Error> {
        Err(Error::ReadOnly(NAME))
    }

    /// What a command prints is not ours to delete.
    fn delete(&self, _: &Entry) -> Result<(), Error> {
        Err(Error::ReadOnly(NAME))
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::base::secret::ExposeSecret;

    fn run(line: &str) -> Result<String, Error> {
        let command = Command::new(line.to_owned(), &["HOME"]);
        command.run().map(|secret| secret.expose_secret().to_owned())
    }

    #[test]
    fn its_first_line_is_the_secret() {
        assert_eq!(run("printf 'hush hush\\r\\nurl: x\\n'"), Ok("hush hush".into()));
        assert_eq!(run("echo '$HOME; echo x'"), Ok("$HOME; echo x".into()), "a shell had a hand in it");
        assert_eq!(run("sh -c 'echo ${HOME:-hidden}'"), Ok("hidden".into()));
    }

    #[test]
    fn what_goes_wrong_has_a_word_of_its_own() {
        assert!(matches!(run("no-such-program-of-lyceum x"), Err(Error::Absent(..))));
        let failed = |line: &str| match run(line) {
            Err(Error::Failed(_, why)) => why,
            other => panic!("{line}: {other:?}"),
        };
        assert!(!failed("sh -c 'echo hush; echo hush >&2; exit 3'").contains("hush"));
        failed("true");
        failed("printf '\\377'");
        failed("echo 'unclosed");
        failed("");
    }

    #[test]
    fn one_that_does_not_end_is_ended() {
        let limit = Duration::from_millis(100);
        for line in ["sleep 60", "sh -c 'echo early; exec >&-; sleep 60'"] {
            let command = Command::new(line.to_owned(), &[]).within(limit);
            assert_eq!(command.run().unwrap_err(), Error::Silent(NAME), "{line}");
        }
    }

    #[test]
    fn it_is_asked_once_and_takes_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let count = folder.path().join("count");
        let vault = Command::new(format!("sh -c 'echo x >> {}; echo hush'", count.display()), &[]);
        let entry = Entry { origin: "https://a.example".into(), account: String::new() };
        for _ in 0..2 {
            assert_eq!(vault.read(&entry).unwrap().unwrap().expose_secret(), "hush");
        }
        assert_eq!(std::fs::read_to_string(count).unwrap(), "x\n");
        assert_eq!(vault.write(&entry, &Secret::from("x")), Err(Error::ReadOnly(NAME)));
        assert_eq!(vault.delete(&entry), Err(Error::ReadOnly(NAME)));
        assert_eq!(vault.place(&entry), "sh");
    }
}
