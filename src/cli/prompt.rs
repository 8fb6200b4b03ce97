//! Asking a person for something that must not be seen.

use std::io::{self, BufRead, IsTerminal, Read, Write};

use super::output::Desk;
use crate::base::secret::Secret;
use crate::base::text::Clean;

/// No password is longer; what is longer was piped in by mistake.
const MOST: usize = 4096;

/// Reads a secret: without echo from a terminal, else the first line of standard input.
///
/// # Errors
/// When there is nothing to read, or ctrl-c was pressed.
pub fn secret(desk: &mut Desk<'_>, label: &str) -> io::Result<Secret> {
    let stdin = io::stdin();
    if !stdin.is_terminal() {
        return line(stdin.lock());
    }
    let typed = hidden(stdin.lock(), || ask(&mut desk.err, label));
    writeln!(desk.err)?;
    typed
}

/// Asks the person at the terminal for a line without echo, on standard error. For when there is one.
///
/// # Errors
/// When ctrl-c was pressed or the input ended.
pub fn hidden_line(label: &str) -> io::Result<Secret> {
    let typed = hidden(io::stdin().lock(), || ask(&mut io::stderr(), label));
    writeln!(io::stderr())?;
    typed
}

/// Asks the person at the terminal a question; anything but a yes is a no.
///
/// # Errors
/// When the terminal fails.
pub fn yes(label: &str) -> io::Result<bool> {
    ask(&mut io::stderr(), label)?;
    let mut answer = String::new();
    io::stdin().lock().take(MOST as u64).read_line(&mut answer)?;
    Ok(is_yes(&answer))
}

/// A question may name a path or a community: what a terminal obeys does not come out here either.
fn ask(err: &mut dyn Write, label: &str) -> io::Result<()> {
    write!(err, "{} ", Clean::line(label))?;
    err.flush()
}

/// In every language Lyceum speaks.
fn is_yes(answer: &str) -> bool {
    ["y", "yes", "是"].contains(&answer.trim().to_lowercase().as_str())
}

/// The first line of something, as a secret.
///
/// # Errors
/// When there is none.
pub fn line(input: impl BufRead) -> io::Result<Secret> {
    let mut line = Vec::new();
    input.take(MOST as u64).read_until(b'\n', &mut line)?;
    while line.last().is_some_and(|byte| matches!(byte, b'\n' | b'\r')) {
        line.pop();
    }
    if line.is_empty() {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    text(line)
}

fn text(bytes: Vec<u8>) -> io::Result<Secret> {
    String::from_utf8(bytes).map(Secret::from).map_err(|_| io::ErrorKind::InvalidData.into())
}

/// Reads key by key, so that ctrl-c can be noticed and the terminal put back before the program ends.
fn typed(input: impl BufRead) -> io::Result<Secret> {
    let mut line: Vec<u8> = Vec::new();
    for byte in input.bytes().take(MOST) {
        match byte? {
            b'\n' | b'\r' => return text(line),
            3 => return Err(io::ErrorKind::Interrupted.into()),
            4 if line.is_empty() => break,
            8 | 127 => while line.pop().is_some_and(|byte| byte & 0xC0 == 0x80) {},
            21 => line.clear(),
            byte if byte >= 32 => line.push(byte),
            _ => {}
        }
    }
    Err(io::ErrorKind::UnexpectedEof.into())
}

/// Asks once nothing is echoed any more: what is typed right after the question is neither shown nor lost.
#[cfg(unix)]
fn hidden(input: io::StdinLock<'_>, ask: impl FnOnce() -> io::Result<()>) -> io::Result<Secret> {
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// Puts the terminal back, whatever happens.
    struct Restore(Termios);
    impl Drop for Restore {
        fn drop(&mut self) {
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Drain, &self.0);
        }
    }

    let before = tcgetattr(rustix::stdio::stdin())?;
    let mut quiet = before.clone();
    quiet.local_modes -= LocalModes::ECHO | LocalModes::ICANON | LocalModes::ISIG;
    let _restore = Restore(before);
    tcsetattr(rustix::stdio::stdin(), OptionalActions::Flush, &quiet)?;
    ask()?;
    typed(input)
}

#[cfg(not(unix))]
fn hidden(input: io::StdinLock<'_>, ask: impl FnOnce() -> io::Result<()>) -> io::Result<Secret> {
    ask()?;
    line(input)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::secret::ExposeSecret;

    fn read(bytes: &[u8]) -> Result<String, io::ErrorKind> {
        typed(bytes).map(|secret| secret.expose_secret().to_owned()).map_err(|error| error.kind())
    }

    #[test]
    fn keys_make_a_line() {
        assert_eq!(read(b"hush\n"), Ok("hush".into()));
        assert_eq!(read("hé\x7fush\r".as_bytes()), Ok("hush".into()));
        assert_eq!(read(b"wrong\x15hush\n"), Ok("hush".into()));
        assert_eq!(read(b"\x1bhush\n"), Ok("hush".into()));
        assert_eq!(read(b"hu\x03sh\n"), Err(io::ErrorKind::Interrupted));
        assert_eq!(read(b"\x04"), Err(io::ErrorKind::UnexpectedEof));
        assert_eq!(read(b"hush"), Err(io::ErrorKind::UnexpectedEof));
    }

    #[test]
    fn only_a_yes_is_one() {
        for yes in ["y\n", "Y\n", " yes\r\n", "是\n"] {
            assert!(is_yes(yes), "{yes:?}");
        }
        for no in ["\n", "", "n\n", "yeah\n", "yy\n", "否\n"] {
            assert!(!is_yes(no), "{no:?}");
        }
    }

    #[test]
    fn a_pipe_gives_its_line() {
        let told = |bytes: &'static [u8]| line(bytes).map(|secret| secret.expose_secret().to_owned()).ok();
        assert_eq!(told(b"hush \r\nmore"), Some("hush ".into()));
        assert_eq!(told(b"hush"), Some("hush".into()));
        assert_eq!(told(b"\n"), None);
        assert_eq!(told(b"\xff\n"), None);
    }
}
