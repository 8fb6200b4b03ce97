//! The terminal where it is no Unix device: written to as standard output, and as long as that takes.

use std::io::{self, Write as _};

use crossterm::terminal::{disable_raw_mode, enable_raw_mode};

/// The terminal.
pub(super) struct Tty;

impl Tty {
    /// The terminal this process writes to.
    pub(super) fn open() -> io::Result<Self> {
        Ok(Self)
    }

    /// Has every key arrive at once, unchanged and unechoed.
    pub(super) fn raw(&self) -> io::Result<()> {
        enable_raw_mode()
    }

    /// Goes back to the settings from before.
    pub(super) fn cooked(&self) {
        let _ = disable_raw_mode();
    }

    /// Writes all of it.
    pub(super) fn write(&self, bytes: &[u8], _goes_on: &dyn Fn() -> bool) -> io::Result<bool> {
        let mut out = io::stdout().lock();
        out.write_all(bytes)?;
        out.flush().map(|()| true)
    }

    /// Nothing: there is no such thing here.
    pub(super) fn discard(&self) {}

    /// Nothing: nothing is asked here.
    pub(super) fn drop_input(&self, _most: std::time::Duration) {}
}
