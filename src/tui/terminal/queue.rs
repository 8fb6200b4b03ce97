//! What is to be written, and the thread that writes it: a terminal that does not read holds up nobody else.
//!
//! There is one frame at a time. While it is on its way no other is drawn ([`Queue::is_ready`]), so what comes after it is
//! the newest picture, and the difference to what the terminal really got.

use std::io;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Shared, lock};

/// Most that waits besides a frame: a clipboard or two.
const MOST: usize = 1 << 20;

#[derive(Default)]
struct Waiting {
    /// Modes, announcements, the clipboard: before the frame, in their order.
    words: Vec<u8>,
    frame: Option<Vec<u8>>,
    is_writing: bool,
    /// Somebody was refused and wants to hear when there is room again.
    is_awaited: bool,
    /// What is being written is to be left where it is.
    is_cut: bool,
    failed: Option<io::Error>,
}

/// The queue.
#[derive(Default)]
pub(super) struct Queue {
    waiting: Mutex<Waiting>,
    changed: Condvar,
}

impl Queue {
    /// Whether a frame would be taken now. When not, [`Shared`] tells as soon as one is.
    pub(super) fn is_ready(&self) -> bool {
        let mut waiting = lock(&self.waiting);
        let is_ready = waiting.words.is_empty() && waiting.frame.is_none() && !waiting.is_writing;
        waiting.is_awaited |= !is_ready;
        is_ready
    }

    /// Hands a frame in; one that has not begun is replaced.
    pub(super) fn frame(&self, bytes: Vec<u8>) {
        lock(&self.waiting).frame = Some(bytes);
        self.changed.notify_all();
    }

    /// Hands something else in. What is too much for a terminal that does not read is dropped.
    pub(super) fn word(&self, text: &str) {
        let mut waiting = lock(&self.waiting);
        if waiting.words.len() + text.len() <= MOST {
            waiting.words.extend_from_slice(text.as_bytes());
        }
        drop(waiting);
        self.changed.notify_all();
    }

    /// Why nothing is written any more, once.
    pub(super) fn failure(&self) -> Option<io::Error> {
        lock(&self.waiting).failed.take()
    }

    /// Lets what is being written end, for so long; after that it is cut off. Nothing else is begun, and what waits is
    /// forgotten. Whether it was cut off.
    pub(super) fn stop(&self, most: Duration) -> bool {
        let mut waiting = lock(&self.waiting);
        (waiting.words, waiting.frame) = (Vec::new(), None);
        for is_cut in [false, true] {
            waiting.is_cut = is_cut;
            self.changed.notify_all();
            let end = Instant::now() + most;
            while waiting.is_writing {
                let Some(left) = end.checked_duration_since(Instant::now()) else { break };
                waiting = self.changed.wait_timeout(waiting, left).unwrap_or_else(PoisonError::into_inner).0;
            }
            if !waiting.is_writing {
                break;
            }
        }
        waiting.is_cut
    }

    /// The terminal is ours again.
    pub(super) fn resume(&self) {
        lock(&self.waiting).is_cut = false;
    }

    /// The next thing to write, once there is one.
    fn next(&self, shared: &Shared) -> Vec<u8> {
        let mut waiting = lock(&self.waiting);
        loop {
            let mut bytes = std::mem::take(&mut waiting.words);
            bytes.extend(waiting.frame.take().unwrap_or_default());
            if !bytes.is_empty() && shared.is_on() {
                waiting.is_writing = true;
                return bytes;
            }
            waiting = self.changed.wait(waiting).unwrap_or_else(PoisonError::into_inner);
        }
    }

    /// It is written, or failed. Whether somebody waits for that.
    fn done(&self, failed: Option<io::Error>) -> bool {
        let mut waiting = lock(&self.waiting);
        waiting.is_writing = false;
        let has_failed = failed.is_some();
        waiting.failed = failed.or_else(|| waiting.failed.take());
        let tells = std::mem::take(&mut waiting.is_awaited) || has_failed;
        drop(waiting);
        self.changed.notify_all();
        tells
    }

    fn goes_on(&self) -> bool {
        !lock(&self.waiting).is_cut
    }
}

/// Writes what comes for the rest of the process's life.
pub(super) fn start(shared: Arc<Shared>) -> io::Result<()> {
    let write = move || {
        loop {
            let bytes = shared.queue.next(&shared);
            let failed = shared.tty.write(&bytes, &|| shared.queue.goes_on()).err();
            #[cfg(unix)]
            let has_gone = failed.as_ref().is_some_and(super::Tty::has_gone);
            if shared.queue.done(failed) {
                shared.tell_room();
            }
            #[cfg(unix)]
            if has_gone {
                super::signals::end_without_terminal(&shared);
            }
        }
    };
    std::thread::Builder::new().name("screen".to_owned()).spawn(write)?;
    Ok(())
}
