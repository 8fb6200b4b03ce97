//! The terminal's manners: what is switched on at the start is switched off at the end, in reverse, whatever the end is
//! (a return, an error, a panic anywhere, a signal), and given back while suspended.
//!
//! The only room that writes to the terminal, besides the frames of `run.rs`, which go through [`Output`].

use std::io::{self, IsTerminal as _, Write};
use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError, TryLockError,
    atomic::{AtomicBool, Ordering},
};
use std::time::{Duration, Instant};

use base64::Engine as _;
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use tokio::sync::Notify as Wake;

use crate::base::text::{Clean, ascii::ascii as to_ascii};
use crate::config::screen::Notify;
use crate::config::terminal::{Announces, Clipboard, Colors, Terminal};

mod sgr;
#[cfg(unix)]
mod signals;

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

/// A way the terminal can be switched into, and back.
struct Mode {
    on: &'static str,
    off: &'static str,
}

const ALTERNATE: Mode = Mode { on: "\x1b[?1049h", off: "\x1b[?1049l" };
const TITLE: Mode = Mode { on: "\x1b[22;0t\x1b]0;Lyceum\x1b\\", off: "\x1b[23;0t" };
const PASTE: Mode = Mode { on: "\x1b[?2004h", off: "\x1b[?2004l" };
const FOCUS: Mode = Mode { on: "\x1b[?1004h", off: "\x1b[?1004l" };
// Presses and the wheel in SGR form; no reports of mere movement.
const MOUSE: Mode = Mode { on: "\x1b[?1000h\x1b[?1006h", off: "\x1b[?1006l\x1b[?1000l" };
/// Keys that were one are told apart (kitty's protocol). A stack of its own for either screen: pushed after the alternate
/// screen, popped before it is left.
const KEYBOARD: Mode = Mode { on: "\x1b[>1u", off: "\x1b[<u" };
const CURSOR: Mode = Mode { on: "\x1b[?25l", off: "\x1b[0m\x1b[?25h" };
/// A frame between these is shown at once, where the terminal knows them.
const FRAME: Mode = Mode { on: "\x1b[?2026h", off: "\x1b[?2026l" };

/// How long a farewell may wait for a terminal that does not read.
const FAREWELL: Duration = Duration::from_millis(300);

/// What is switched on.
#[derive(Clone, Copy, Debug)]
pub struct Modes {
    /// The alternate screen; without it the pictures stay in the scrollback.
    pub alternate_screen: bool,
    /// The mouse.
    pub mouse: bool,
}

/// What all parties to the terminal share: the loop, the panic hook, the thread for signals.
pub(super) struct Shared {
    modes: Mutex<Modes>,
    is_on: AtomicBool,
    /// Somebody else has it: an editor, whose interrupts and stops are none of ours.
    is_lent: AtomicBool,
    is_dying: AtomicBool,
    has_panicked: AtomicBool,
    wants_redraw: AtomicBool,
    news: Wake,
    writing: Mutex<()>,
    frame: Mutex<Vec<u8>>,
    keyboard: bool,
    frames: bool,
    colors: Colors,
}

impl Shared {
    fn modes(&self) -> Vec<Mode> {
        let Modes { alternate_screen, mouse } = *lock(&self.modes);
        let mut modes = Vec::from([TITLE]);
        modes.extend(alternate_screen.then_some(ALTERNATE));
        modes.extend([PASTE, FOCUS]);
        modes.extend(mouse.then_some(MOUSE));
        modes.extend(self.keyboard.then_some(KEYBOARD));
        modes.push(CURSOR);
        modes
    }

    /// Takes the terminal.
    fn enter(&self) -> io::Result<()> {
        enable_raw_mode()?;
        self.is_on.store(true, Ordering::SeqCst);
        let on: String = self.modes().iter().map(|mode| mode.on).collect();
        let clear = if lock(&self.modes).alternate_screen { "" } else { "\x1b[2J" };
        write_all(format!("{on}{clear}").as_bytes())
    }

    /// Gives the terminal back. Does nothing the second time; never waits long.
    fn leave(&self) {
        if !self.is_on.swap(false, Ordering::SeqCst) {
            return;
        }
        // A frame that is being written is let finish, unless the terminal has stopped reading.
        let start = Instant::now();
        let _writing = loop {
            match self.writing.try_lock() {
                Ok(guard) => break Some(guard),
                Err(TryLockError::Poisoned(guard)) => break Some(guard.into_inner()),
                Err(TryLockError::WouldBlock) if start.elapsed() > FAREWELL => break None,
                Err(TryLockError::WouldBlock) => std::thread::sleep(Duration::from_millis(2)),
            }
        };
        let mut off = if self.frames { FRAME.off } else { "" }.to_owned();
        off.extend(self.modes().iter().rev().map(|mode| mode.off));
        if !lock(&self.modes).alternate_screen {
            off.push_str("\r\n");
        }
        let _ = write_all(off.as_bytes());
        let _ = disable_raw_mode();
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Writes to the terminal, also when somebody made it non-blocking.
fn write_all(mut bytes: &[u8]) -> io::Result<()> {
    let mut out = io::stdout().lock();
    while !bytes.is_empty() {
        match out.write(bytes) {
            Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
            Ok(n) => bytes = &bytes[n..],
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(Duration::from_millis(2)),
            Err(e) => return Err(e),
        }
    }
    loop {
        match out.flush() {
            Err(e) if e.kind() == io::ErrorKind::WouldBlock => std::thread::sleep(Duration::from_millis(2)),
            done => return done,
        }
    }
}

/// What came up besides keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// The terminal was ours, then not, and is again: paint everything.
    Redraw,
    /// Something panicked; the terminal was given back and nothing may be drawn any more.
    Dying,
}

/// The terminal while it is ours. Dropping it gives the terminal back.
pub struct TermGuard {
    shared: Arc<Shared>,
    clipboard: Clipboard,
    announces: Announces,
    ascii: bool,
}

impl TermGuard {
    /// Takes the terminal, and sees to it that it is given back whatever happens.
    pub fn take(terminal: &Terminal, modes: Modes, notify: Notify) -> Result<Self, Error> {
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
            news: Wake::new(),
            writing: Mutex::new(()),
            frame: Mutex::new(Vec::new()),
            keyboard: terminal.keyboard,
            frames: terminal.frames,
            colors: terminal.colors,
        });
        // What is sent is decided here and not once more by a library that reads the same variables.
        crossterm::style::force_color_output(true);
        let guard = Self {
            shared: Arc::clone(&shared),
            clipboard: terminal.clipboard,
            announces: terminal.announces(notify),
            ascii: !terminal.utf8,
        };
        hook_panics(Arc::clone(&shared));
        #[cfg(unix)]
        signals::watch(Arc::clone(&shared))?;
        shared.enter()?;
        Ok(guard)
    }

    /// Where frames are written.
    pub fn output(&self) -> Output {
        Output { shared: Arc::clone(&self.shared) }
    }

    /// Sends what was drawn, as one piece; nothing once something has panicked or while the terminal is not ours.
    pub fn show(&self) -> io::Result<()> {
        let frame = std::mem::take(&mut *lock(&self.shared.frame));
        let _writing = lock(&self.shared.writing);
        if frame.is_empty() || self.is_dying() || !self.shared.is_on.load(Ordering::SeqCst) {
            return Ok(());
        }
        let frame = sgr::fit(&frame, self.shared.colors);
        match self.shared.frames {
            true => write_all(&[FRAME.on.as_bytes(), &frame, FRAME.off.as_bytes()].concat()),
            false => write_all(&frame),
        }
    }

    /// Waits for something besides keys. Dropping the future loses nothing.
    pub async fn news(&self) -> News {
        loop {
            // A signal ends the program by itself: the loop must not race it to another exit code.
            if self.shared.has_panicked.load(Ordering::SeqCst) {
                return News::Dying;
            }
            if self.shared.wants_redraw.swap(false, Ordering::SeqCst) {
                return News::Redraw;
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
    pub fn mouse(&self, on: bool) -> io::Result<()> {
        lock(&self.shared.modes).mouse = on;
        write_all(if on { MOUSE.on } else { MOUSE.off }.as_bytes())
    }

    /// Has the terminal announce something.
    pub fn notify(&self, text: &Clean) -> io::Result<()> {
        write_all(announcement(text, self.announces, self.ascii).as_bytes())
    }

    /// Puts text on the clipboard of the terminal that the reader sits at (OSC 52), wherever that is. Whether it takes
    /// it is not known: it is never asked what it holds.
    pub fn copy(&self, text: &Clean) -> io::Result<()> {
        write_all(clipboard(text, self.clipboard).as_bytes())
    }

    /// Says in the title how much is new. Nobody's text ever goes there: some terminals type a title back.
    pub fn title(&self, unread: u32) -> io::Result<()> {
        write_all(title(unread).as_bytes())
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
        Clipboard::Nothing => String::new(),
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
        if !shared.is_on.load(Ordering::SeqCst) {
            return tell(panic);
        }
        shared.is_dying.store(true, Ordering::SeqCst);
        shared.leave();
        tell(panic);
        // Only now may the loop know: it would end the program before all was given back and told.
        shared.has_panicked.store(true, Ordering::SeqCst);
        shared.news.notify_one();
    }));
}

/// Where a frame is drawn; [`TermGuard::show`] sends it.
pub struct Output {
    shared: Arc<Shared>,
}

impl Write for Output {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        lock(&self.shared.frame).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    /// Nothing: drawing flushes several times a frame, and each would be a write of its own.
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::text::MOST_BLOCK_BYTES;

    #[test]
    fn what_is_switched_on_is_switched_off_in_reverse() {
        let numbers = |text: &str, end: char| -> Vec<String> {
            let parts = text.split("\x1b[?").skip(1);
            parts.filter_map(|p| p.split_once(end)).map(|(n, _)| n.to_owned()).collect()
        };
        for mode in [ALTERNATE, PASTE, FOCUS, MOUSE, FRAME] {
            let mut off = numbers(mode.off, 'l');
            off.reverse();
            assert_eq!(numbers(mode.on, 'h'), off);
        }
    }

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
        assert!(TITLE.on.ends_with(&title(0)));
    }
}
