//! What is told of a panic, whatever text it was about: to standard error and to the log, both clean.

use std::backtrace::{Backtrace, BacktraceStatus};
use std::io::Write;

use crate::base::text::Clean;

/// Tells of panics from now on. The screen lays its own hook over this one and calls it once the terminal is given back.
pub fn tell_clean() {
    std::panic::set_hook(Box::new(|panic| {
        let thread = std::thread::current();
        let text = told(thread.name().unwrap_or("unnamed"), &panic.to_string());
        let mut err = std::io::stderr().lock();
        // Nobody is left to be told that nobody reads.
        let _ = err.write_all(text.as_bytes());
        let trace = Backtrace::capture();
        let _ = match trace.status() {
            BacktraceStatus::Captured => writeln!(err, "{trace}"),
            _ => err.flush(),
        };
        tracing::error!(panic = %text.trim_end(), "a panic");
    }));
}

/// The sentence: where it was and what it said. A message may hold what it stumbled over.
pub fn told(thread: &str, panic: &str) -> String {
    format!("thread '{}' {}\n", Clean::line(thread), Clean::block(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_tells_what_it_stumbled_over_and_does_not_do_it() {
        let said = told("main", "panicked at src/x.rs:1:1:\nno boundary in `a\x1b]0;x\x07\u{9b}`");
        assert_eq!(said, "thread 'main' panicked at src/x.rs:1:1:\nno boundary in `a␛]0;x␇\u{FFFD}`\n");
    }
}
