//! A pseudo-terminal with a child on it. Waiting is for what the child writes, with a deadline, never for time to pass.

use std::io::{Read, Write};
use std::num::NonZeroU16;
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};

/// Long enough for the slowest machine; nothing waits this long when all is well.
const DEADLINE: Duration = Duration::from_secs(60);

struct Seen {
    screen: vt100::Parser,
    /// Whether the picture is followed; else only the bytes are kept.
    is_followed: bool,
    bytes: Vec<u8>,
}

/// The terminal and what it was sent.
pub(crate) struct Terminal {
    child: Box<dyn Child + Send + Sync>,
    master: Box<dyn MasterPty + Send>,
    /// Held open, so that the terminal's settings outlive the child.
    _slave: Box<dyn SlavePty + Send>,
    keys: Box<dyn Write + Send>,
    seen: Arc<(Mutex<Seen>, Condvar)>,
    before: String,
}

impl Terminal {
    /// Starts a child that plays a scene on the community in memory.
    pub(crate) fn start(scene: &str, environment: &[(&str, &str)]) -> Self {
        Self::child("pty::child::screen", scene, environment)
    }

    /// Starts a child that is another test of this binary, of which only the bytes count.
    pub(crate) fn unseen(test: &str, environment: &[(&str, &str)]) -> Self {
        let terminal = Self::child(test, "unseen", environment);
        terminal.seen.0.lock().unwrap().is_followed = false;
        terminal
    }

    fn child(test: &str, scene: &str, environment: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(std::env::current_exe().unwrap());
        command.args(["--exact", test, "--nocapture", "--quiet", "--test-threads=1"]);
        command.env_clear();
        command.env(super::child::SCENE, scene);
        Self::run(command, environment)
    }

    /// Starts the program itself, its folders below `home`.
    #[cfg(feature = "server")]
    pub(crate) fn lyceum(arguments: &[&str], home: &std::path::Path, environment: &[(&str, &str)]) -> Self {
        let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_lyceum"));
        command.args(arguments);
        command.env_clear();
        command.env("LYCEUM_HOME", home);
        command.env("HOME", home);
        Self::run(command, environment)
    }

    /// Starts a child on a terminal of 80×24.
    fn run(mut command: CommandBuilder, environment: &[(&str, &str)]) -> Self {
        let pair = native_pty_system().openpty(size(80, 24)).unwrap();
        for (name, value) in [("TERM", "xterm-256color"), ("LC_ALL", "C.UTF-8")] {
            command.env(name, value);
        }
        for (name, value) in environment {
            command.env(name, value);
        }
        let before = settings(&*pair.master);
        let child = pair.slave.spawn_command(command).unwrap();
        let seen = Seen { screen: vt100::Parser::new(some(24), some(80), 0), is_followed: true, bytes: Vec::new() };
        let seen = Arc::new((Mutex::new(seen), Condvar::new()));
        read(pair.master.try_clone_reader().unwrap(), Arc::clone(&seen));
        let keys = pair.master.take_writer().unwrap();
        Self { child, master: pair.master, _slave: pair.slave, keys, seen, before }
    }

    /// Waits until the screen is as it should be.
    pub(crate) fn wait_for(&self, what: &str, is_so: impl Fn(&str) -> bool) {
        self.wait(what, |seen| {
            let text = seen.screen.screen().contents();
            is_so(&text).then_some(())
        });
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

    pub(crate) fn type_keys(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    pub(crate) fn resize(&mut self, columns: u16, lines: u16) {
        self.seen.0.lock().unwrap().screen.screen_mut().set_size(some(lines), some(columns));
        self.master.resize(size(columns, lines)).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// How the child ended.
    pub(crate) fn exit_code(&mut self) -> u32 {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.exit_code();
            }
            assert!(
                start.elapsed() < DEADLINE,
                "it does not end:\n{}",
                self.seen.0.lock().unwrap().screen.screen().contents()
            );
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// All that was written.
    pub(crate) fn bytes(&self) -> String {
        String::from_utf8_lossy(&self.seen.0.lock().unwrap().bytes).into_owned()
    }

    /// All that was written, once it ends in this, byte for byte. There may be much of it.
    pub(crate) fn whole(&self, last: &str) -> Vec<u8> {
        self.wait_long(4 * DEADLINE, last, |seen| seen.bytes.ends_with(last.as_bytes()).then(|| seen.bytes.clone()))
    }

    /// What was written after the screen was given back, once it says this.
    pub(crate) fn after_the_end(&self, saying: &str) -> String {
        self.wait(saying, |seen| {
            let bytes = String::from_utf8_lossy(&seen.bytes);
            let (_, after) = bytes.rsplit_once("\x1b[23;0t")?;
            after.contains(saying).then(|| after.to_owned())
        })
    }

    /// Every mode that was switched on is off, in reverse order; the terminal's settings are what they were.
    pub(crate) fn is_as_before(&self) {
        let bytes = self.wait_for_bytes("a last mode", |bytes| bytes.contains("\x1b[23;0t"));
        let mut on: Vec<&str> = Vec::new();
        let mut off: Vec<&str> = Vec::new();
        for part in bytes.split("\x1b[?").skip(1) {
            let Some(end) = part.find(|c: char| !c.is_ascii_digit()) else { continue };
            let (number, rest) = part.split_at(end);
            // The cursor is shown and hidden with every frame, and a frame is one itself.
            if matches!(number, "25" | "2026") {
                continue;
            }
            if rest.starts_with('h') { on.push(number) } else { off.push(number) }
        }
        off.reverse();
        assert!(on.contains(&"1049") && on.contains(&"2004"), "{on:?}");
        assert_eq!(on, off);
        let seen = self.seen.0.lock().unwrap();
        let screen = seen.screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(settings(&*self.master), self.before);
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // Only where a test failed is there still one.
        let _ = self.child.kill();
    }
}

fn some(n: u16) -> NonZeroU16 {
    NonZeroU16::new(n).unwrap()
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
            let mut seen = into.0.lock().unwrap();
            if seen.is_followed {
                seen.screen.process(&buffer[..n]);
            }
            seen.bytes.extend_from_slice(&buffer[..n]);
            into.1.notify_all();
        }
    });
}
