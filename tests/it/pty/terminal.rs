//! A pseudo-terminal with a child on it. Waiting is for what the child writes, with a deadline, never for time to pass.

use std::fs::OpenOptions;
use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::fs::OFlags;
use rustix::process::{Pid, Signal, kill_process};

/// Long enough for the slowest machine; nothing waits this long when all is well.
const DEADLINE: Duration = Duration::from_secs(60);

/// Runs a command as a job of its own, as an interactive shell does, and goes on with it when it was stopped.
const JOB: &str = r#"set -m; "$0" "$@"; echo "stopped $?"; read x; fg >/dev/null; echo "ended $?""#;

/// Runs a command that no SIGHUP is told of.
const DEAF: &str = r#"trap "" HUP; "$0" "$@"; exit $?"#;

/// Said by the test itself once the child has ended: what stands before it was written by the child.
const MARK: &str = "=END=";

struct Seen {
    screen: vt100::Parser,
    /// Whether the picture is followed; else only the bytes are kept.
    is_followed: bool,
    bytes: Vec<u8>,
    /// Nobody reads the terminal, and whether that is so by now.
    is_paused: bool,
    is_still: bool,
    is_over: bool,
}

/// Who stands between the terminal and the child.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Above {
    /// Nobody: the child leads the session.
    Nobody,
    /// A shell with job control.
    Shell,
    /// A shell that ignores SIGHUP, and so does its child.
    DeafShell,
}

/// The terminal and what it was sent.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Option<Box<dyn MasterPty + Send>>,
    /// Held open, so that the terminal's settings outlive the child.
    _slave: Box<dyn SlavePty + Send>,
    keys: Option<Box<dyn Write + Send>>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    device: PathBuf,
    before: String,
    /// Where the child says who it is, when it is not the one that was started.
    pid: Option<tempfile::NamedTempFile>,
}

impl Terminal {
    /// Starts a child that plays a scene on the community in memory.
    pub(crate) fn start(scene: &str, environment: &[(&str, &str)]) -> Self {
        Self::start_under(Above::Nobody, scene, environment)
    }

    /// Starts a child that is another test of this binary, of which only the bytes count.
    pub(crate) fn unseen(test: &str, environment: &[(&str, &str)]) -> Self {
        let terminal = Self::child(Above::Nobody, test, "unseen", environment);
        terminal.seen.0.lock().unwrap().is_followed = false;
        terminal
    }

    /// The same, with somebody in between.
    pub(crate) fn start_under(above: Above, scene: &str, environment: &[(&str, &str)]) -> Self {
        Self::child(above, "pty::child::screen", scene, environment)
    }

    fn child(above: Above, test: &str, scene: &str, environment: &[(&str, &str)]) -> Self {
        let program = std::env::current_exe().unwrap();
        let arguments = ["--exact", test, "--nocapture", "--quiet", "--test-threads=1"];
        let pid = tempfile::NamedTempFile::new().unwrap();
        let mut command = match above {
            Above::Nobody => CommandBuilder::new(program),
            Above::Shell | Above::DeafShell => {
                let mut shell = CommandBuilder::new("/bin/sh");
                shell.args(["-c", if above == Above::Shell { JOB } else { DEAF }]);
                shell.arg(program);
                shell
            }
        };
        command.args(arguments);
        command.env_clear();
        command.env(super::child::SCENE, scene);
        command.env(super::child::PID, pid.path());
        let mut terminal = Self::run(command, environment);
        terminal.pid = (above != Above::Nobody).then_some(pid);
        terminal
    }

    /// Starts the program itself, its folders below `home`.
    #[cfg(feature = "server")]
    pub(crate) fn lyceum(arguments: &[&str], home: &std::path::Path, environment: &[(&str, &str)]) -> Self {
        Self::lyceum_in(home, arguments, home, environment)
    }

    /// The same, in a folder of somebody's work.
    #[cfg(feature = "server")]
    pub(crate) fn lyceum_in(
        folder: &std::path::Path,
        arguments: &[&str],
        home: &std::path::Path,
        environment: &[(&str, &str)],
    ) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_lyceum"));
        command.args(arguments);
        command.env_clear();
        command.env("LYCEUM_HOME", home);
        command.env("HOME", home);
        command.cwd(folder);
        Self::run(command, environment)
    }

    /// Starts a child on a terminal of 80×24.
    fn run(mut command: CommandBuilder, environment: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(80, 24)).unwrap();
        // With a background that is known nothing is asked of the terminal, which answers nothing.
        let usual =
            [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8"), ("PATH", "/usr/bin:/bin"), ("COLORFGBG", "15;0")];
        for (name, value) in usual {
            command.env(name, value);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let before = settings(&*pair.master);
        let device = pair.master.tty_name().unwrap();
        let child = pair.slave.spawn_command(command).unwrap();
        let seen = Seen {
            screen: vt100::Parser::new(some(24), some(80), 0),
            is_followed: true,
            bytes: Vec::new(),
            is_paused: false,
            is_still: false,
            is_over: false,
        };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        read(pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        let keys = pair.master.take_writer().unwrap();
        let (master, keys) = (Some(pair.master), Some(keys));
        Self { child, master, _slave: pair.slave, keys, seen, device, before, pid: None }
    }

    /// Waits until the screen is as it should be.
    pub(crate) fn wait_for(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        self.wait(what, |seen| {
            let text = seen.screen.screen().contents();
            is_so(&text).then_some(())
        });
    }

    /// Waits until the screen is as it should be and no frame is half there; returns what is on it.
    pub(crate) fn wait_for_frame(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        self.wait(what, |seen| {
            let count = |mark: &[u8]| seen.bytes.windows(mark.len()).filter(|part| *part == mark).count();
            let is_whole = count(b"\x1b[?2026h") == count(b"\x1b[?2026l");
            let text = trimmed(&seen.screen.screen().contents());
            (is_whole && is_so(&text)).then_some(text)
        })
    }

    /// Waits until what was written is as it should be; returns it.
    pub(crate) fn wait_for_bytes(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        self.wait(what, |seen| Some(String::from_utf8_lossy(&seen.bytes).into_owned()).filter(|bytes| is_so(bytes)))
    }

    fn wait<T>(&self, what: &str, find: impl Fn(&Seen) -> Option<T>) -> T {
        self.wait_long(DEADLINE, what, find)
    }

    fn wait_long<T>(&self, deadline: Duration, what: &str, find: impl Fn(&Seen) -> Option<T>) -> T {
        let start = Instant::now();
        let (seen, changed) = &*self.seen;
        let mut seen = seen.lock().unwrap();
        loop {
            if let Some(found) = find(&seen) {
                return found;
            }
            let left = deadline.checked_sub(start.elapsed());
            let Some(left) = left else { panic!("no {what} on:\n{}", seen.screen.screen().contents()) };
            seen = changed.wait_timeout(seen, left).unwrap().0;
        }
    }

    /// What is on the screen now, be it half a frame; blanks at the ends of lines are nothing.
    pub(crate) fn contents(&self) -> String {
        trimmed(&self.seen.0.lock().unwrap().screen.screen().contents())
    }

    /// Waits until the screen is what it was; it changes line by line.
    pub(crate) fn wait_for_contents(&self, wanted: &str) {
        self.wait(&format!("screen as it was:\n{wanted}\nbut"), |seen| {
            (trimmed(&seen.screen.screen().contents()) == wanted).then_some(())
        });
    }

    pub(crate) fn type_keys(&mut self, keys: impl AsRef<[u8]>) {
        let to = self.keys.as_mut().unwrap();
        to.write_all(keys.as_ref()).unwrap();
        to.flush().unwrap();
    }

    pub(crate) fn resize(&mut self, columns: u16, lines: u16) {
        self.seen.0.lock().unwrap().screen.screen_mut().set_size(some(lines), some(columns));
        self.master.as_ref().unwrap().resize(size(columns, lines)).unwrap();
    }

    /// The process that has the screen.
    pub(crate) fn id(&self) -> i32 {
        match &self.pid {
            Some(file) => std::fs::read_to_string(file.path()).unwrap().trim().parse().unwrap(),
            None => i32::try_from(self.child.process_id().unwrap()).unwrap(),
        }
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_raw(self.id()).unwrap(), signal).unwrap();
    }

    /// How the child ended.
    pub(crate) fn exit_code(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(start.elapsed() < DEADLINE, "it does not end:\n{}", self.contents());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Nobody reads what the terminal is sent any more, and it takes nothing more.
    pub(crate) fn stop_reading(&mut self) {
        self.seen.0.lock().unwrap().is_paused = true;
        let flags = OFlags::NONBLOCK | OFlags::NOCTTY;
        let mut device =
            OpenOptions::new().write(true).custom_flags(flags.bits().cast_signed()).open(&self.device).unwrap();
        // Where there is no room for much, there may be for little.
        let mut fill = || {
            let mut write = |most| std::iter::from_fn(|| device.write(&[0; 512][..most]).ok()).sum::<usize>();
            write(512) + write(1)
        };
        fill();
        self.wait("silence", |seen| seen.is_still.then_some(()));
        // The system moves on what it has taken, and has room again until all of it stands still.
        let mut full = 0;
        while full < 5 {
            full = if fill() == 0 { full + 1 } else { 0 };
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// What waited is read, and all that comes.
    pub(crate) fn read_on(&mut self) {
        let mut seen = self.seen.0.lock().unwrap_or_else(PoisonError::into_inner);
        (seen.is_paused, seen.is_still) = (false, false);
        self.seen.1.notify_all();
    }

    /// The other side goes away: a window that is closed, a connection that is cut.
    pub(crate) fn hang_up(&mut self) {
        self.seen.0.lock().unwrap().is_over = true;
        (self.master, self.keys) = (None, None);
        // Whoever still reads must wake to see it.
        let _ = OpenOptions::new().write(true).open(&self.device).and_then(|mut device| device.write_all(&[0]));
    }

    /// All that was written.
    pub(crate) fn bytes(&self) -> String {
        String::from_utf8_lossy(&self.seen.0.lock().unwrap().bytes).replace('\0', "")
    }

    /// All that was written, once it ends in this, byte for byte. There may be much of it.
    pub(crate) fn whole(&self, last: &str) -> Vec<u8> {
        self.wait_long(10 * DEADLINE, last, |seen| seen.bytes.ends_with(last.as_bytes()).then(|| seen.bytes.clone()))
    }

    /// What was written after the screen was given back, once it says this.
    pub(crate) fn after_the_end(&self, saying: &str) -> String {
        let after = self.after();
        assert!(after.contains(saying), "{after:?} does not say {saying:?}");
        after
    }

    /// All that was written after the screen was given back. The child has ended.
    pub(crate) fn after(&self) -> String {
        let mut device = OpenOptions::new().write(true).open(&self.device).unwrap();
        device.write_all(MARK.as_bytes()).unwrap();
        let bytes = self.wait_for_bytes("the end", |bytes| bytes.contains(MARK));
        let (_, after) = bytes.rsplit_once("\x1b[?1049l").expect("it was never given back");
        after.trim_end_matches(MARK).to_owned()
    }

    /// Every mode that was switched on is off, in reverse order; the terminal's settings are what they were.
    pub(crate) fn is_as_before(&self) {
        let bytes = self.wait_for_bytes("a last mode", |bytes| bytes.contains("\x1b[?1049l"));
        let (on, mut off) = modes(&bytes);
        off.reverse();
        assert!(on.contains(&"1049") && on.contains(&"2004"), "{on:?}");
        assert_eq!(on, off);
        self.is_given_back();
    }

    /// The terminal is the shell's.
    pub(crate) fn is_given_back(&self) {
        let bytes = self.bytes();
        let count = |what: &str| bytes.matches(what).count();
        // Of a frame that was cut off the beginning may have been thrown away, never the end.
        let [begun, ended] = [count("\x1b[?2026h"), count("\x1b[?2026l")];
        assert!(begun == ended || bytes.contains('\x18') && begun + 1 == ended, "{begun} frames, {ended} ends");
        assert_eq!(count("\x1b[22;0t"), count("\x1b[23;0t"), "titles");
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(settings(&**self.master.as_ref().unwrap()), self.before);
    }
}

/// The private modes that were switched on, and off, in their order. The cursor is shown and hidden with every frame, and
/// a frame is one itself.
fn modes(bytes: &str) -> (Vec<&str>, Vec<&str>) {
    let (mut on, mut off) = (Vec::new(), Vec::new());
    for part in bytes.split("\x1b[?").skip(1) {
        let Some(end) = part.find(|c: char| !c.is_ascii_digit()) else { continue };
        let (number, rest) = part.split_at(end);
        if matches!(number, "25" | "2026") {
            continue;
        }
        if rest.starts_with('h') { on.push(number) } else { off.push(number) }
    }
    (on, off)
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Only where a test failed is there still one.
        let id = self.pid.as_ref().and_then(|file| std::fs::read_to_string(file.path()).ok()?.trim().parse().ok());
        if let Some(id) = id.and_then(Pid::from_raw).filter(|_| std::thread::panicking()) {
            let _ = kill_process(id, Signal::KILL);
        }
        let _ = self.child.kill();
        self.read_on();
    }
}

fn trimmed(text: &str) -> String {
    text.lines().map(str::trim_end).collect::<Vec<_>>().join("\n")
}

fn some(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n.max(1)).unwrap()
}

fn size(columns: u16, lines: u16) -> PtySize {
    PtySize { rows: lines, cols: columns, pixel_width: 0, pixel_height: 0 }
}

fn settings(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

fn read(mut from: Box<dyn Read + Send>, into: Arc<(Mutex<Seen>, Condvar)>) {
    std::thread::spawn(move || {
        let mut buffer = [0; 4096];
        while let Ok(n @ 1..) = from.read(&mut buffer) {
            let mut seen = into.0.lock().unwrap_or_else(PoisonError::into_inner);
            if seen.is_over {
                return;
            }
            if seen.is_followed {
                seen.screen.process(&buffer[..n]);
            }
            seen.bytes.extend_from_slice(&buffer[..n]);
            into.1.notify_all();
            while seen.is_paused {
                seen.is_still = true;
                into.1.notify_all();
                seen = into.1.wait(seen).unwrap_or_else(PoisonError::into_inner);
            }
        }
    });
}
