//! Keys, on a thread of their own that reads the terminal's bytes. A reader of our own, because what a terminal sends
//! unasked or never ends must not be taken for keys, nor swallow them ([`lexer`]), and because a terminal that has gone
//! must end the program instead of keeping it busy.

use std::io::{self, PipeReader, PipeWriter};
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::stdio::stdin;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::{Heard, Shared, signals};

mod lexer;
mod reply;
mod sequence;

use lexer::Lexer;
use reply::Reply;

/// Keys that wait for the loop before the terminal has to.
const MOST: usize = 1024;

/// What is typed. Dropping it stops reading; keys typed after that are for whoever reads next.
pub struct Keys {
    heard: Receiver<Heard>,
    /// Its end is what stops the thread.
    stop: Option<PipeWriter>,
    thread: Option<JoinHandle<()>>,
}

impl Keys {
    /// Starts to read.
    pub(super) fn listen(shared: &Arc<Shared>) -> io::Result<Self> {
        let (stopped, stop) = io::pipe()?;
        let (sender, heard) = channel(MOST);
        let shared = Arc::clone(shared);
        let read = move || {
            if read(&shared, &stopped, &sender) == End::Gone {
                signals::end_without_terminal(&shared);
            }
        };
        let thread = std::thread::Builder::new().name("keys".to_owned()).spawn(read)?;
        Ok(Self { heard, stop: Some(stop), thread: Some(thread) })
    }

    /// The next thing typed or told. None never comes here: a terminal that has gone ends the program. Dropping the future loses
    /// nothing.
    pub async fn next(&mut self) -> Option<io::Result<Heard>> {
        self.heard.recv().await.map(Ok)
    }

    /// What is there already.
    pub async fn ready(&mut self) -> Option<Option<io::Result<Heard>>> {
        self.heard.try_recv().ok().map(|heard| Some(Ok(heard)))
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        self.heard.close();
        self.stop = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

#[derive(PartialEq)]
enum End {
    Stopped,
    Gone,
}

fn read(shared: &Shared, stopped: &PipeReader, heard: &Sender<Heard>) -> End {
    let terminal = stdin();
    let mut lexer = Lexer::default();
    let mut buffer = [0; 4096];
    loop {
        let mut fds = [PollFd::new(&terminal, PollFlags::IN), PollFd::new(stopped, PollFlags::IN)];
        let wait = lexer.deadline().map(|at| timespec(at.saturating_duration_since(Instant::now())));
        match poll(&mut fds, wait.as_ref()) {
            Ok(_) | Err(Errno::INTR) => {}
            Err(_) => return End::Gone,
        }
        let [from_terminal, from_us] = [fds[0].revents(), fds[1].revents()];
        if !from_us.is_empty() {
            return End::Stopped;
        }
        if !from_terminal.is_empty() {
            match rustix::io::read(terminal, &mut buffer) {
                // With every key arriving at once, no bytes means no terminal.
                Ok(0) => return End::Gone,
                Ok(n) => lexer.feed(&buffer[..n], Instant::now()),
                Err(Errno::AGAIN | Errno::INTR) => {}
                Err(_) => return End::Gone,
            }
        }
        lexer.expire(Instant::now());
        let mut all: Vec<Heard> = lexer.take().into_iter().map(Heard::Typed).collect();
        for reply in lexer.take_replies() {
            match reply {
                Reply::Light(light) => all.push(Heard::Background { light }),
                Reply::Done => shared.answered(),
            }
        }
        for event in all {
            if heard.blocking_send(event).is_err() {
                return End::Stopped;
            }
        }
    }
}

/// Rounded up: woken a little too early there would be nothing to do yet, again and again.
fn timespec(duration: Duration) -> Timespec {
    let duration = duration + Duration::from_millis(1);
    Timespec {
        tv_sec: i64::try_from(duration.as_secs()).unwrap_or(i64::MAX),
        tv_nsec: i64::from(duration.subsec_nanos()),
    }
}
