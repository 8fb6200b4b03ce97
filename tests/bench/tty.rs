//! Measures the program on a real pseudo-terminal of 120×40: `cargo bench --bench tty`, or, on a program that is there already,
//! `LYCEUM_PROGRAM=/path/to/lyceum cargo bench --profile dev --bench tty`.
//!
//! The server runs in a process of its own, so that what is said of the client is the client's alone. Prints one table;
//! asserts nothing. Times belong to the machine; bytes, wake-ups and repaints do not.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};

const SIZE: PtySize = PtySize { rows: 40, cols: 120, pixel_width: 0, pixel_height: 0 };
/// A screen that has been silent this long is done.
const QUIET: Duration = Duration::from_millis(60);

/// What is measured: this build, or the program that `LYCEUM_PROGRAM` names.
fn program() -> String {
    std::env::var("LYCEUM_PROGRAM").unwrap_or_else(|_| env!("CARGO_BIN_EXE_lyceum").to_owned())
}

/// The program on a terminal, and what it has drawn.
struct Terminal {
    keys: Box<dyn std::io::Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    pid: u32,
    started: Instant,
    child: Box<dyn portable_pty::Child + Send + Sync>,
    _master: Box<dyn MasterPty + Send>,
}

impl Terminal {
    fn start(home: &Path, arguments: &[&str]) -> Self {
        let pair = native_pty_system().openpty(SIZE).unwrap();
        let mut command = CommandBuilder::new(program());
        command.args(arguments);
        command.env("LYCEUM_HOME", home);
        command.env("TERM", "xterm-256color");
        command.env("LANG", "en_US.UTF-8");
        let started = Instant::now();
        let child = pair.slave.spawn_command(command).unwrap();
        let mut reader = pair.master.try_clone_reader().unwrap();
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut buffer = [0; 65536];
            while let Ok(n @ 1..) = reader.read(&mut buffer) {
                let _ = send.send((Instant::now(), buffer[..n].to_vec()));
            }
        });
        Self {
            keys: pair.master.take_writer().unwrap(),
            output,
            screen: vt100::Parser::new(SIZE.rows.try_into().unwrap(), SIZE.cols.try_into().unwrap(), 0),
            pid: child.process_id().unwrap(),
            started,
            child,
            _master: pair.master,
        }
    }

    /// Reads until `text` is on the screen; the time since the start and the bytes it took.
    fn until(&mut self, text: &str) -> (Duration, usize) {
        let mut bytes = 0;
        while !self.screen.screen().contents().contains(text) {
            let (at, chunk) = self
                .output
                .recv_timeout(Duration::from_secs(60))
                .unwrap_or_else(|_| panic!("no {text:?} on\n{}", self.screen.screen().contents()));
            bytes += chunk.len();
            self.screen.process(&chunk);
            if self.screen.screen().contents().contains(text) {
                return (at - self.started, bytes);
            }
        }
        (self.started.elapsed(), bytes)
    }

    /// Reads until the screen is silent; bytes and the time from now to the last of them.
    fn settle(&mut self, quiet: Duration) -> (usize, Duration) {
        let from = Instant::now();
        let (mut bytes, mut last) = (0, from);
        while let Ok((at, chunk)) = self.output.recv_timeout(quiet) {
            bytes += chunk.len();
            last = at;
            self.screen.process(&chunk);
        }
        (bytes, last.saturating_duration_since(from))
    }

    fn press(&mut self, keys: &str) -> (usize, Duration) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self.settle(QUIET)
    }

    /// Presses a key many times, one after the other: mean bytes, 95th percentile of the times.
    fn repeat(&mut self, key: &str, times: usize) -> (usize, Duration) {
        let mut all: Vec<_> = (0..times).map(|_| self.press(key)).collect();
        let bytes: usize = all.iter().map(|(bytes, _)| bytes).sum();
        all.sort_by_key(|(_, time)| *time);
        (bytes / times, all[times * 95 / 100].1)
    }

    fn leave(mut self) {
        let _ = self.press("\u{1b}q");
        let _ = self.keys.write_all(b"y");
        let deadline = Instant::now() + Duration::from_secs(3);
        while Instant::now() < deadline && self.child.try_wait().unwrap().is_none() {
            let _ = self.settle(QUIET);
        }
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A line of `/proc/PID/status`, as a number.
fn status(pid: u32, field: &str) -> u64 {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
    number(&text, field)
}

fn number(text: &str, field: &str) -> u64 {
    let line = text.lines().find_map(|line| line.strip_prefix(field)).unwrap_or_default();
    line.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(0)
}

/// How often any thread of the program went to sleep so far: each time it must have woken up.
fn sleeps(pid: u32) -> u64 {
    let Ok(tasks) = std::fs::read_dir(format!("/proc/{pid}/task")) else { return 0 };
    let texts = tasks.flatten().filter_map(|task| std::fs::read_to_string(task.path().join("status")).ok());
    texts.map(|text| number(&text, "voluntary_ctxt_switches:")).sum()
}

/// The server in a process of its own, with a password for `ada`.
fn serve(data: &Path) -> (Child, String) {
    let mut server = Command::new(program())
        .args(["serve", "--listen", "127.0.0.1:0", "--demo-content", "--data"])
        .arg(data)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut url).unwrap();
    (server, url.trim().to_owned())
}

fn with_input(arguments: &[&str], home: &Path, input: &str) {
    let mut command = Command::new(program());
    command.args(arguments).env("LYCEUM_HOME", home).stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{arguments:?}");
}

fn row(what: &str, value: &str) {
    println!("| {what} | {value} |");
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let (home, data) = (folder.path().join("home"), folder.path().join("data"));
    println!("| measure | value |\n|---|---|");
    row("size of the binary", &format!("{} bytes", std::fs::metadata(program()).unwrap().len()));
    demo(&folder.path().join("demo"));
    let (mut server, url) = serve(&data);
    with_input(&["admin", "password", "ada", "--data", data.to_str().unwrap()], &home, "a long password\n");
    with_input(&["--community", &url, "login", "ada"], &home, "a long password\n");
    client(&home, &url);
    row("memory of the server after that", &format!("{} KiB", status(server.id(), "VmHWM:")));
    let _ = server.kill();
    let _ = server.wait();
}

/// The demo: server and client in one process, first with an empty folder and then with what is there.
fn demo(home: &Path) {
    for what in ["demo, first run: start to feed", "demo, later run: start to feed"] {
        let mut terminal = Terminal::start(home, &["demo"]);
        let (time, _) = terminal.until("▲");
        terminal.settle(Duration::from_millis(300));
        row(what, &format!("{} ms", time.as_millis()));
        row("memory, server and client", &format!("{} KiB", status(terminal.pid, "VmHWM:")));
        terminal.leave();
    }
}

/// The client alone against a server in another process.
fn client(home: &Path, url: &str) {
    let mut terminal = Terminal::start(home, &["--community", url]);
    let (frame, _) = terminal.until("Feed");
    let (feed, _) = terminal.until("▲");
    row("client: start to first frame, to the feed", &format!("{} ms, {} ms", frame.as_millis(), feed.as_millis()));
    terminal.settle(Duration::from_secs(1));
    keys(&mut terminal);
    // What the last key started, such as marking as read, is not idleness.
    terminal.settle(Duration::from_secs(5));
    let slept = sleeps(terminal.pid);
    let (bytes, _) = terminal.settle(Duration::from_secs(10));
    row("idle for 10 s: bytes, wake-ups", &format!("{bytes}, {}", sleeps(terminal.pid) - slept));
    row("memory of the client at its most", &format!("{} KiB", status(terminal.pid, "VmHWM:")));
    terminal.leave();
}

fn keys(terminal: &mut Terminal) {
    let show = |(bytes, time): (usize, Duration)| format!("{bytes} bytes, {:.1} ms", time.as_secs_f64() * 1e3);
    let _ = terminal.press("G");
    terminal.settle(Duration::from_millis(500));
    let _ = terminal.press("gg");
    row("memory with the list open", &format!("{} KiB", status(terminal.pid, "VmRSS:")));
    row("list, 60 × line down: mean bytes, p95", &show(terminal.repeat("j", 60)));
    row("list, 60 × line up: mean bytes, p95", &show(terminal.repeat("k", 60)));
    row("list, 10 × half a page down: mean bytes, p95", &show(terminal.repeat("\u{4}", 10)));
    let _ = terminal.press("gg");
    let burst = terminal.press(&"jk".repeat(100));
    row("list, 200 keys at once: bytes, until right", &show(burst));
    let _ = terminal.press("jj\r");
    terminal.settle(Duration::from_secs(1));
    let _ = terminal.press("gg");
    row("memory with a page of code open", &format!("{} KiB", status(terminal.pid, "VmRSS:")));
    row("page, 60 × line down: mean bytes, p95", &show(terminal.repeat("j", 60)));
    row("page, 20 × page down: mean bytes, p95", &show(terminal.repeat("\u{1b}[6~", 20)));
}
