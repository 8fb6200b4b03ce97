//! Asking a person for something that must not be seen.

use std::io::{self, BufRead, IsTerminal, Write as _};

use super::output::Desk;
use crate::base::secret::Secret;

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
    write!(desk.err, "{label} ")?;
    desk.err.flush()?;
    let typed = hidden(stdin.lock());
    writeln!(desk.err)?;
    typed
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

#[cfg(unix)]
fn hidden(input: io::StdinLock<'_>) -> io::Result<Secret> {
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
    typed(input)
}

#[cfg(not(unix))]
fn hidden(input: io::StdinLock<'_>) -> io::Result<Secret> {
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
    fn a_pipe_gives_its_line() {
        let told = |bytes: &'static [u8]| line(bytes).map(|secret| secret.expose_secret().to_owned()).ok();
        assert_eq!(told(b"hush \r\nmore"), Some("hush ".into()));
        assert_eq!(told(b"hush"), Some("hush".into()));
        assert_eq!(told(b"\n"), None);
        assert_eq!(told(b"\xff\n"), None);
    }
}
