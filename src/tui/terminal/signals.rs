//! Signals, on a thread of their own: it depends on no loop and no lock that a stuck terminal could hold for long.

use std::io;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};
use std::time::Duration;

use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};
use signal_hook::iterator::Signals;

use super::{FAREWELL, Shared};

/// Watches for signals for the rest of the process's life.
pub(super) fn watch(shared: Arc<Shared>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT])?;
    let mind = move || {
        for signal in signals.forever() {
            match signal {
                SIGTSTP => {
                    suspend(&shared);
                }
                // ctrl-c in an editor reaches the whole job, and means a command of the editor.
                SIGINT | SIGQUIT if shared.is_lent.load(Ordering::SeqCst) => {}
                SIGCONT => resume(&shared),
                _ => end(&shared, signal),
            }
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(mind)?;
    Ok(())
}

/// Gives the terminal back and ends with the exit code that shells give to a signal, at the latest after a moment.
fn end(shared: &Arc<Shared>, signal: i32) {
    shared.is_dying.store(true, Ordering::SeqCst);
    let (done, wait) = std::sync::mpsc::channel();
    let leaving = Arc::clone(shared);
    std::thread::spawn(move || {
        leaving.leave();
        let _ = done.send(());
    });
    let _ = wait.recv_timeout(FAREWELL * 2 + Duration::from_millis(100));
    signal_hook::low_level::exit(128 + signal);
}

/// Gives the terminal back and stops the whole job, as the shell expects; false for the leader of a session, which
/// has no shell above it that could continue it.
pub(super) fn suspend(shared: &Shared) -> bool {
    let leads = getsid(None).is_ok_and(|session| session == getpgrp());
    if leads {
        return false;
    }
    shared.leave();
    // SIGSTOP, because SIGTSTP is caught here.
    let stopped = kill_current_process_group(Signal::STOP).is_ok();
    if !stopped {
        resume(shared);
    }
    stopped
}

/// Continued: the terminal is ours again.
fn resume(shared: &Shared) {
    let is_set = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
    if is_set(&shared.is_dying) || is_set(&shared.is_lent) || is_set(&shared.is_on) {
        return;
    }
    if shared.enter().is_ok() {
        shared.wants_redraw.store(true, Ordering::SeqCst);
        shared.news.notify_one();
    }
}
