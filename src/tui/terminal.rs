//! The terminal's manners: what is switched on at the start is switched off at the end, in reverse, whatever the end is
//! (a return, an error, a panic anywhere, a signal), and given back while suspended.
//!
//! The only room that reads from the terminal or writes to it. A thread of its own writes the frames of `run.rs`, so that a terminal that does not read holds up nobody.

use std::io::{self, IsTerminal as _};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};
use std::time::{Duration, Instant};

use base64::Engine as _;
use tokio::sync::Notify as Wake;

use crate::base::text::{Clean, ascii::ascii as to_ascii};
use crate::config::screen::Notify;
use crate::config::terminal::{Announces, Clipboard, Terminal};

#[cfg_attr(not(unix), path = "terminal/input_plain.rs")]
mod input;
mod modes;
mod queue;
#[cfg(unix)]
mod signals;
#[cfg_attr(not(unix), path = "terminal/tty_plain.rs")]
mod tty;

pub use input::Keys;
use modes::MOUSE;
pub use modes::Modes;
use modes::QUESTION;
use queue::Queue;
use tty::Tty;

/// Why there can be no screen.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Input or output is no terminal.
    #[error("there is no terminal to draw on")]
    NoTerminal,
    /// The terminal cannot move its cursor.
    #[error("the terminal (TERM={0:?}) cannot show a screen")]
    Dumb(String),
    /// The terminal failed.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// What comes from the terminal.
#[derive(Clone, Debug)]
pub enum Heard {
    /// A key, the mouse, the focus, a paste.
    Typed(crossterm::event::Event),
    /// What the background is: asked for, or told because it has changed.
    Background {
        /// Whether it is light.
        light: bool,
    },
}

/// An answer that has not come after this will not.
const ANSWER: Duration = Duration::from_secs(2);

/// How long an end waits for an answer that is under way, which the shell would take for typing.
const LAST_ANSWER: Duration = Duration::from_millis(150);

/// How long a farewell may wait for a terminal that does not read, twice.
const FAREWELL: Duration = Duration::from_millis(300);

/// What has to be done with what a person wrote before the process ends without returning: on a signal, after a panic.
/// It must come back within a second.
pub type LastWill = Arc<dyn Fn() + Send + Sync>;

/// What all parties to the terminal share: the loop, the panic hook, the threads for signals, keys and frames.
pub(super) struct Shared {
    modes: Mutex<Modes>,
    is_on: AtomicBool,
    /// Somebody else has it: an editor, whose interrupts and stops are none of ours.
    is_lent: AtomicBool,
    is_dying: AtomicBool,
    has_panicked: AtomicBool,
    wants_redraw: AtomicBool,
    has_resized: AtomicBool,
    has_room: AtomicBool,
    /// Since when answers are under way.
    asked: Mutex<Option<Instant>>,
    news: Wake,
    tty: Tty,
    queue: Queue,
    will: LastWill,
}

impl Shared {
    /// Takes the terminal.
    fn enter(&self) -> io::Result<()> {
        self.tty.raw()?;
        self.queue.resume();
        self.is_on.store(true, Ordering::SeqCst);
        self.queue.word(&lock(&self.modes).on());
        Ok(())
    }

    /// Makes sure that the terminal is as we left it, after somebody else may have used it.
    #[cfg(unix)]
    fn enter_again(&self) -> io::Result<()> {
        self.tty.raw()?;
        self.queue.word(&lock(&self.modes).on_again());
        Ok(())
    }

    /// Gives the terminal back. Does nothing the second time; never waits long.
    fn leave(&self) {
        if !self.is_on.swap(false, Ordering::SeqCst) {
            return;
        }
        // A frame that is being written is let finish, unless the terminal has stopped reading. What it did not take
        // until then would stand before our last words: it is thrown away.
        let modes = *lock(&self.modes);
        let say = |words: String| {
            let end = Instant::now() + FAREWELL;
            matches!(self.tty.write(words.as_bytes(), &|| Instant::now() < end), Ok(true))
        };
        if self.queue.stop(FAREWELL) || !say(modes.off(false)) {
            self.tty.discard();
            say(modes.off(true));
        }
        if lock(&self.asked).take().is_some_and(|at| at.elapsed() < ANSWER) {
            self.tty.drop_input(LAST_ANSWER);
        }
        self.tty.cooked();
    }

    /// Asks for the background. Nothing waits for the answer, which comes like a key ([`Heard::Background`]).
    fn ask(&self) {
        *lock(&self.asked) = Some(Instant::now());
        self.queue.word(QUESTION);
    }

    /// No more answers are under way.
    #[cfg(unix)]
    fn answered(&self) {
        *lock(&self.asked) = None;
    }

    fn is_on(&self) -> bool {
        self.is_on.load(Ordering::SeqCst)
    }

    /// Tells the loop something.
    fn tell(&self, flag: &AtomicBool) {
        flag.store(true, Ordering::SeqCst);
        self.news.notify_one();
    }

    fn tell_room(&self) {
        self.tell(&self.has_room);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What came up besides keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The terminal was ours, then not, and is again: paint everything.
    Redraw,
    /// Something panicked; the terminal was given back and nothing may be drawn any more.
    Dying,
    /// The terminal has another size.
    Resized,
    /// The terminal has taken a frame that it had kept waiting, or has refused one ([`TermGuard::check`]).
    Room,
}

/// The terminal while it is ours. Dropping it gives the terminal back.
pub struct TermGuard {
    shared: Arc<Shared>,
    clipboard: Clipboard,
    announces: Announces,
    ascii: bool,
}

impl TermGuard {
    /// Takes the terminal, and sees to it that it is given back whatever happens, and that `will` is done before an end
    /// that does not return.
    pub fn take(terminal: &Terminal, modes: Modes, notify: Notify, will: LastWill) -> Result<Self, Error> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            return Err(Error::NoTerminal);
        }
        if terminal.is_dumb() {
            return Err(Error::Dumb(terminal.term.clone()));
        }
        let shared = Arc::new(Shared {
            modes: Mutex::new(modes),
            is_on: AtomicBool::new(false),
            is_lent: AtomicBool::new(false),
            is_dying: AtomicBool::new(false),
            has_panicked: AtomicBool::new(false),
            wants_redraw: AtomicBool::new(false),
            has_resized: AtomicBool::new(false),
            has_room: AtomicBool::new(false),
            asked: Mutex::new(None),
            news: Wake::new(),
            tty: Tty::open()?,
            queue: Queue::default(),
            will,
        });
        let guard = Self {
            shared: Arc::clone(&shared),
            clipboard: terminal.clipboard,
            announces: terminal.announces(notify),
            ascii: !terminal.utf8,
        };
        hook_panics(Arc::clone(&shared));
        #[cfg(unix)]
        signals::watch(Arc::clone(&shared))?;
        queue::start(Arc::clone(&shared))?;
        shared.enter()?;
        if modes.scheme {
            shared.ask();
        }
        Ok(guard)
    }

    /// Listens to the keys; while the answer lives nobody else may.
    pub fn listen(&self) -> io::Result<Keys> {
        Keys::listen(&self.shared)
    }

    /// Whether a frame would be written now. When not, [`Self::news`] tells as soon as one would.
    pub fn is_ready(&self) -> bool {
        self.shared.queue.is_ready()
    }

    /// Sends what was drawn, as one piece, without waiting for it; nothing once something has panicked or while the
    /// terminal is not ours. Fails with what made an earlier one fail.
    pub fn show(&self, frame: &[u8]) -> io::Result<()> {
        self.check()?;
        if !frame.is_empty() && !self.is_dying() && self.shared.is_on() {
            let marks = lock(&self.shared.modes).frame();
            self.shared.queue.frame([marks.on.as_bytes(), frame, marks.off.as_bytes()].concat());
        }
        Ok(())
    }

    /// Fails with what made writing fail, once.
    pub fn check(&self) -> io::Result<()> {
        self.shared.queue.failure().map_or(Ok(()), Err)
    }

    /// Waits for something besides keys. Dropping the future loses nothing.
    pub async fn news(&self) -> News {
        loop {
            // A signal ends the program by itself: the loop must not race it to another exit code.
            if self.shared.has_panicked.load(Ordering::SeqCst) {
                return News::Dying;
            }
            let flags = &self.shared;
            for (flag, news) in [
                (&flags.wants_redraw, News::Redraw),
                (&flags.has_resized, News::Resized),
                (&flags.has_room, News::Room),
            ] {
                if flag.swap(false, Ordering::SeqCst) {
                    return news;
                }
            }
            self.shared.news.notified().await;
        }
    }

    /// Whether nothing may be drawn any more.
    pub fn is_dying(&self) -> bool {
        self.shared.is_dying.load(Ordering::SeqCst)
    }

    /// Gives the terminal to somebody else for a while.
    pub fn lend(&self) {
        self.shared.is_lent.store(true, Ordering::SeqCst);
        self.shared.leave();
    }

    /// Takes it back; everything must be painted then.
    pub fn take_back(&self) -> io::Result<()> {
        self.shared.is_lent.store(false, Ordering::SeqCst);
        self.shared.enter()
    }

    /// Stops until the shell says `fg`; false where no shell waits that could.
    #[cfg(unix)]
    pub fn suspend(&self) -> bool {
        signals::suspend(&self.shared)
    }

    /// There is no such thing here.
    #[cfg(not(unix))]
    pub fn suspend(&self) -> bool {
        false
    }

    /// Turns the mouse on or off.
    pub fn mouse(&self, on: bool) {
        lock(&self.shared.modes).mouse = on;
        self.shared.queue.word(if on { MOUSE.on } else { MOUSE.off });
    }

    /// Has the terminal announce something.
    pub fn notify(&self, text: &Clean) {
        self.shared.queue.word(&announcement(text, self.announces, self.ascii));
    }

    /// Puts text on the clipboard of the terminal that the reader sits at (OSC 52), wherever that is. Whether it takes
    /// it is not known: it is never asked what it holds.
    pub fn copy(&self, text: &Clean) {
        self.shared.queue.word(&clipboard(text, self.clipboard));
    }

    /// Says in the title how much is new. Nobody's text ever goes there: some terminals type a title back.
    pub fn title(&self, unread: u32) {
        self.shared.queue.word(&title(unread));
    }
}

impl Drop for TermGuard {
    fn drop(&mut self) {
        self.shared.leave();
    }
}

/// The sequence that announces something. A text is one line and clean; what would end a field early is left out.
fn announcement(text: &Clean, how: Announces, ascii: bool) -> String {
    let text: String = Clean::line(text).chars().filter(|c| *c != ';').take(200).collect();
    let text = if ascii { to_ascii(&text) } else { text };
    match how {
        Announces::Nothing => String::new(),
        Announces::Bell => "\x07".to_owned(),
        Announces::Osc9 => format!("\x1b]9;Lyceum: {text}\x1b\\"),
        Announces::Osc777 => format!("\x1b]777;notify;Lyceum;{text}\x1b\\"),
        Announces::Osc99 => format!("\x1b]99;;Lyceum: {text}\x1b\\"),
    }
}

/// The sequence for the clipboard; wrapped so that a multiplexer hands it on, and once more plainly for one that keeps
/// a clipboard of its own. Line ends at the end are left out: pasted into a shell, one would run what was copied. Nothing
/// is sent for nothing, which would empty the clipboard.
fn clipboard(text: &Clean, through: Clipboard) -> String {
    let text = text.trim_end_matches('\n');
    if text.is_empty() {
        return String::new();
    }
    let encoded = base64::engine::general_purpose::STANDARD.encode(text);
    let plain = format!("\x1b]52;c;{encoded}\x1b\\");
    match through {
        Clipboard::Terminal => plain,
        Clipboard::Tmux => format!("{plain}\x1bPtmux;{}\x1b\\", plain.replace('\x1b', "\x1b\x1b")),
        Clipboard::Screen => format!("\x1bP\x1b]52;c;{encoded}\x07\x1b\\"),
        Clipboard::Tool(_) | Clipboard::Nothing => String::new(),
    }
}

fn title(unread: u32) -> String {
    let count = if unread == 0 { String::new() } else { format!(" ({unread})") };
    format!("\x1b]0;Lyceum{count}\x1b\\")
}

/// On a panic anywhere: first nothing is drawn any more, then the terminal is given back, then it is told as usual.
fn hook_panics(shared: Arc<Shared>) {
    let tell = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        // Not ours to give back: lent, or left already. It ends the screen all the same.
        if !shared.is_on() {
            tell(panic);
            return shared.tell(&shared.has_panicked);
        }
        shared.is_dying.store(true, Ordering::SeqCst);
        shared.leave();
        tell(panic);
        (shared.will)();
        // Only now may the loop know: it would end the program before all was given back and told.
        shared.tell(&shared.has_panicked);
    }));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::MOST_BLOCK_BYTES;

    #[test]
    fn an_announcement_holds_one_clean_text_and_no_other_field() {
        let text = Clean::block("a;b\x1b]0;c\nd");
        assert_eq!(announcement(&text, Announces::Osc777, false), "\x1b]777;notify;Lyceum;ab␛]0c d\x1b\\");
        assert_eq!(announcement(&text, Announces::Osc9, true), "\x1b]9;Lyceum: ab^]0c d\x1b\\");
        assert_eq!(announcement(&text, Announces::Bell, false), "\x07");
        assert_eq!(announcement(&text, Announces::Nothing, false), "");
    }

    #[test]
    fn the_clipboard_gets_through_a_multiplexer() {
        let hi = Clean::block("hi\n\n");
        assert_eq!(clipboard(&hi, Clipboard::Terminal), "\x1b]52;c;aGk=\x1b\\");
        let tmux = clipboard(&hi, Clipboard::Tmux);
        assert!(tmux.ends_with("\x1bPtmux;\x1b\x1b]52;c;aGk=\x1b\x1b\\\x1b\\"), "{tmux:?}");
        assert_eq!(clipboard(&hi, Clipboard::Nothing), "");
    }

    #[test]
    fn what_is_copied_is_never_a_question_nor_nothing_nor_endless() {
        let copied = |text: &str| clipboard(&Clean::block(text), Clipboard::Terminal);
        assert_eq!(copied("\n\n"), "");
        assert_eq!(copied("?"), "\x1b]52;c;Pw==\x1b\\", "`?` itself would ask what the clipboard holds");
        assert!(copied(&"x".repeat(1 << 20)).len() < 4 * MOST_BLOCK_BYTES / 3 + 32);
    }

    #[test]
    fn the_title_is_ours_alone() {
        assert_eq!((title(0).as_str(), title(3).as_str()), ("\x1b]0;Lyceum\x1b\\", "\x1b]0;Lyceum (3)\x1b\\"));
        assert!(modes::TITLE.on.ends_with(&title(0)));
    }
}
