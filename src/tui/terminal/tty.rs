//! The terminal's device: its settings, and a way to write to it that never waits longer than it may.
//!
//! Frames are written through an opening of our own. It alone is non-blocking: the flag belongs to an opening, and the
//! inherited one is the shell's too.

use std::io;
use std::sync::Mutex;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd as _, BorrowedFd, OwnedFd};
use rustix::fs::{Mode, OFlags, open};
use rustix::io::Errno;
use rustix::stdio::{stdin, stdout};
use rustix::termios::{OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetsid, tcsetattr, ttyname};

use super::lock;

/// How long a write waits for room before it asks whether it shall go on.
const TURN: Timespec = Timespec { tv_sec: 0, tv_nsec: 20_000_000 };

/// What is written at once where a write may block: a terminal with any room at all mostly has room for this.
const PIECE: usize = 256;

/// The terminal.
pub(super) struct Tty {
    own: Option<OwnedFd>,
    /// The settings to go back to, while they are not in force.
    before: Mutex<Option<Termios>>,
}

impl Tty {
    /// The terminal this process writes to.
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self { own: reopen(), before: Mutex::new(None) })
    }

    /// Has every key arrive at once, unchanged and unechoed.
    pub(super) fn raw(&self) -> io::Result<()> {
        let mut before = lock(&self.before);
        let mut raw = match &*before {
            Some(before) => before.clone(),
            None => before.insert(tcgetattr(stdin())?).clone(),
        };
        raw.make_raw();
        Ok(tcsetattr(stdin(), OptionalActions::Now, &raw)?)
    }

    /// Goes back to the settings from before.
    pub(super) fn cooked(&self) {
        if let Some(before) = lock(&self.before).take() {
            let _ = tcsetattr(stdin(), OptionalActions::Now, &before);
        }
    }

    /// Writes all of it; asks `goes_on` while the terminal takes nothing. False when it did not go on.
    pub(super) fn write(&self, mut bytes: &[u8], goes_on: &dyn Fn() -> bool) -> io::Result<bool> {
        while !bytes.is_empty() {
            let piece = if self.own.is_some() {
                bytes.len()
            } else {
                while !self.has_room() {
                    if !goes_on() {
                        return Ok(false);
                    }
                }
                bytes.len().min(PIECE)
            };
            match rustix::io::write(self.out(), &bytes[..piece]) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => bytes = &bytes[n..],
                Err(Errno::INTR) => {}
                Err(Errno::AGAIN) if goes_on() => drop(self.has_room()),
                Err(Errno::AGAIN) => return Ok(false),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(true)
    }

    /// Whether this is how a terminal answers that is not there any more.
    pub(super) fn has_gone(error: &io::Error) -> bool {
        Errno::from_io_error(error) == Some(Errno::IO)
    }

    /// Throws away what was written and not taken yet.
    pub(super) fn discard(&self) {
        let _ = tcflush(self.out(), QueueSelector::OFlush);
    }

    /// Throws away what comes within a moment, and what has come.
    pub(super) fn drop_input(&self, most: Duration) {
        let wait = Timespec { tv_sec: 0, tv_nsec: i64::from(most.subsec_nanos()) };
        let _ = poll(&mut [PollFd::new(&stdin(), PollFlags::IN)], Some(&wait));
        let _ = tcflush(stdin(), QueueSelector::IFlush);
    }

    fn out(&self) -> BorrowedFd<'_> {
        match &self.own {
            Some(own) => own.as_fd(),
            None => stdout(),
        }
    }

    /// Waits a moment for room. A terminal that has gone counts: writing to it says so.
    fn has_room(&self) -> bool {
        let out = self.out();
        let mut fds = [PollFd::new(&out, PollFlags::OUT)];
        !matches!(poll(&mut fds, Some(&TURN)), Ok(0) | Err(Errno::INTR))
    }
}

/// The same terminal, opened once more. None where it has no name we may use.
fn reopen() -> Option<OwnedFd> {
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let by_name = ttyname(stdout(), Vec::new()).ok().and_then(|name| open(name, flags, Mode::empty()).ok());
    // This name stands for the terminal that controls us, which is not always the one we write to.
    by_name.or_else(|| tcgetsid(stdout()).ok().and_then(|_| open("/dev/tty", flags, Mode::empty()).ok()))
}
