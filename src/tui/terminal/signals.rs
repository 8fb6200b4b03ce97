//! Signals, on a thread of their own: it depends on no loop and no lock that a stuck terminal could hold for long.

use std::io;
use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
    mpsc::channel,
};
use std::time::{Duration, Instant};

use rustix::process::{Signal, getpgrp, getsid, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::iterator::Signals;

use super::Shared;

/// The latest moment of an end, after its beginning: more than [`Shared::leave`] and a last will take.
const LATEST: Duration = Duration::from_millis(1_500);

/// Watches for signals for the rest of the process's life.
pub(super) fn watch(shared: Arc<Shared>) -> io::Result<()> {
    let mut signals = Signals::new([SIGTERM, SIGINT, SIGQUIT, SIGHUP, SIGTSTP, SIGCONT, SIGWINCH])?;
    let mind = move || {
        for signal in signals.forever() {
            match signal {
                SIGTSTP => {
                    suspend(&shared);
                }
                // ctrl-c in an editor reaches the whole job, and means a command of the editor.
                SIGINT | SIGQUIT if shared.is_lent.load(Ordering::SeqCst) => {}
                SIGCONT => resume(&shared),
                SIGWINCH => shared.tell(&shared.has_resized),
                _ => end(&shared, signal),
            }
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(mind)?;
    Ok(())
}

/// Gives the terminal back, brings what was written to the disk, and ends with the exit code that shells give to a
/// signal, at the latest after a moment.
pub(super) fn end(shared: &Arc<Shared>, signal: i32) {
    shared.is_dying.store(true, Ordering::SeqCst);
    let (done, wait) = channel();
    let acts: [fn(&Shared); 2] = [|shared| shared.leave(), |shared| (shared.will)()];
    for act in acts {
        let (shared, done) = (Arc::clone(shared), done.clone());
        std::thread::spawn(move || {
            act(&shared);
            let _ = done.send(());
        });
    }
    let latest = Instant::now() + LATEST;
    for _ in acts {
        let _ = wait.recv_timeout(latest.saturating_duration_since(Instant::now()));
    }
    crate::engine::attach::end_all();
    signal_hook::low_level::exit(128 + signal);
}

/// The terminal has gone, whether or not somebody says so by a signal.
pub(super) fn end_without_terminal(shared: &Arc<Shared>) {
    end(shared, SIGHUP);
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

/// Continued: the terminal is ours again. Whoever was stopped from outside never gave it back; the shell that had it
/// meanwhile has left it its own way.
fn resume(shared: &Shared) {
    let is_set = |flag: &AtomicBool| flag.load(Ordering::SeqCst);
    if is_set(&shared.is_dying) || is_set(&shared.is_lent) {
        return;
    }
    let entered = if shared.is_on() { shared.enter_again() } else { shared.enter() };
    if entered.is_ok() {
        shared.tell(&shared.wants_redraw);
    }
}
