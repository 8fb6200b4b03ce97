//! A program run to its end, or to the end of our patience, and what it printed: both its outputs in the order in which
//! they came, or each by itself; the start and the end of it where it is long.
//!
//! It gets nothing to read, and no secret of ours. It runs in a session of its own, so that it has no terminal to write to
//! and ends with its children; so no signal of the terminal reaches it either, and whoever ends this program says so here
//! ([`end_all`]). Where there is no `setsid` it has a group of its own, and the terminal.

use std::collections::VecDeque;
use std::io::{self, PipeReader, PipeWriter, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::time::{Duration, Instant};

use super::{Attachment, Fault, Ground, MOST_OUTPUT, Stop};
use crate::base::text::Clean;
use crate::config::environment::SECRETS;
#[cfg(unix)]
use crate::config::environment::of_process;

/// A command that takes longer is ended; what it printed till then is attached.
const PATIENCE: Duration = Duration::from_secs(60);
/// How often it is looked whether it has ended.
const TICK: Duration = Duration::from_millis(10);
/// After its end, for what is still on the way. Somebody it left behind may hold its output for ever.
const AFTERMATH: Duration = Duration::from_millis(300);

/// What asks programs for plain text (<https://no-color.org>, <https://bixense.com/clicolors>).
const PLAIN: &[(&str, &str)] = &[("NO_COLOR", "1"), ("CLICOLOR", "0"), ("CARGO_TERM_COLOR", "never"), ("TERM", "dumb")];

/// What runs now, by its process: leaders of groups.
static RUNNING: Mutex<Running> = Mutex::new(Running { is_over: false, leaders: Vec::new() });

struct Running {
    is_over: bool,
    leaders: Vec<u32>,
}

/// Ends everything that runs, with its children; nothing is begun any more. For the end of this program, whatever it is.
pub fn end_all() {
    let mut running = lock(&RUNNING);
    running.is_over = true;
    running.leaders.drain(..).for_each(end_group);
}

/// How long, and how much: so many bytes of the start, and of the end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) patience: Duration,
    pub(super) head: usize,
    pub(super) tail: usize,
}

/// What came of it.
#[derive(Debug)]
pub(super) struct Ran {
    pub(super) text: String,
    /// What it printed on standard error, where that was kept apart.
    pub(super) errors: String,
    /// Bytes of the middle that were not kept.
    pub(super) left_out: u64,
    /// None when a signal ended it, also ours.
    pub(super) status: Option<i32>,
    /// Whether it was ended because it took too long.
    pub(super) is_late: bool,
}

/// What a command prints, below the command and above how it ended. The end says more than the start.
pub(super) fn output(ground: &Ground, line: &str, stop: &Stop) -> Result<Attachment, Fault> {
    let line = line.trim();
    if line.is_empty() {
        return Err(Fault::Nothing);
    }
    let mut command = Command::new(&ground.shell);
    command.arg(if cfg!(windows) { "/C" } else { "-c" }).arg(line).current_dir(&ground.folder);
    let limits = Limits { patience: PATIENCE, head: MOST_OUTPUT / 4, tail: MOST_OUTPUT / 4 * 3 };
    let ran = run(command, limits, stop).map_err(|error| match error.kind() {
        io::ErrorKind::Interrupted => Fault::Stopped,
        _ => Fault::Failed(Clean::line(&ground.shell), Clean::line(&error.to_string())),
    })?;
    let end = match ran.status {
        Some(status) => format!("[exit status {status}]"),
        None if ran.is_late => format!("[ended after {} s]", PATIENCE.as_secs()),
        None => "[ended by a signal]".to_owned(),
    };
    let text = format!("$ {line}\n{}\n{end}", ran.text.trim_end());
    Ok(Attachment { left_out: ran.left_out, status: ran.status, ..Attachment::new(line, "console", &text) })
}

/// Runs a program; both its outputs are one text.
///
/// # Errors
/// When it cannot be started; `Interrupted` when nobody waits any more.
pub(super) fn run(command: Command, limits: Limits, stop: &Stop) -> io::Result<Ran> {
    let (reader, writer) = io::pipe()?;
    ran(command, [writer.try_clone()?, writer], [Some(reader), None], limits, stop)
}

/// Runs a program whose outputs say different things.
///
/// # Errors
/// As [`run`].
pub(super) fn run_apart(command: Command, limits: Limits, stop: &Stop) -> io::Result<Ran> {
    let (reader, writer) = io::pipe()?;
    let (errors, to_errors) = io::pipe()?;
    ran(command, [writer, to_errors], [Some(reader), Some(errors)], limits, stop)
}

fn ran(
    mut command: Command,
    [output, errors]: [PipeWriter; 2],
    readers: [Option<PipeReader>; 2],
    limits: Limits,
    stop: &Stop,
) -> io::Result<Ran> {
    command.stdin(Stdio::null()).envs(PLAIN.iter().copied());
    for name in SECRETS {
        command.env_remove(name);
    }
    #[cfg(unix)]
    let mut command = in_session(command);
    command.stdin(Stdio::null()).stdout(output).stderr(errors);
    let mut child = begin(&mut command)?;
    // It holds the ends of the pipes that the child writes to: ours must not be the last ones.
    drop(command);
    let ears = readers.map(|reader| reader.map(|reader| Ear::new(reader, limits)));
    let (status, is_late) = wait(&mut child, limits.patience, stop)?;
    let [(text, left_out), (errors, _)] = ears.map(|ear| ear.map(Ear::heard).unwrap_or_default());
    Ok(Ran { text, errors, left_out, status, is_late })
}

/// The same program in a session of its own. Nothing starts one without `unsafe` but the tool that is there for it; it
/// leaves its process to the program, which is the leader of its group then, as it would be without a session.
#[cfg(unix)]
fn in_session(mut command: Command) -> Command {
    use std::os::unix::process::CommandExt;

    // One that is missing is to be missed by its own name.
    let program = on_path(command.get_program());
    let Some(tool) = on_path("setsid".as_ref()).filter(|_| program.is_some()) else {
        command.process_group(0);
        return command;
    };
    let mut own = Command::new(tool);
    own.arg(command.get_program()).args(command.get_args());
    if let Some(folder) = command.get_current_dir() {
        own.current_dir(folder);
    }
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => own.env(name, value),
            None => own.env_remove(name),
        };
    }
    own
}

/// Where a program is that can be run: by its path, or by its name in the folders for programs.
#[cfg(unix)]
fn on_path(program: &std::ffi::OsStr) -> Option<std::path::PathBuf> {
    let fits = |path: &std::path::PathBuf| {
        path.is_absolute() && path.is_file() && rustix::fs::access(path, rustix::fs::Access::EXEC_OK).is_ok()
    };
    let folders = of_process("PATH").unwrap_or_default();
    let mut places = folders.split(':').map(|folder| std::path::Path::new(folder).join(program));
    places.find(fits)
}

/// Starts it, unless this program is at its end.
fn begin(command: &mut Command) -> io::Result<Child> {
    let mut running = lock(&RUNNING);
    if running.is_over {
        return Err(io::ErrorKind::Interrupted.into());
    }
    let child = command.spawn()?;
    running.leaders.push(child.id());
    Ok(child)
}

/// Whether it has ended. Under the lock: the number of one that has may be another's at any time from then on.
fn has_ended(child: &mut Child) -> io::Result<Option<ExitStatus>> {
    let mut running = lock(&RUNNING);
    let status = child.try_wait()?;
    if status.is_some() {
        running.leaders.retain(|leader| *leader != child.id());
    }
    Ok(status)
}

/// Waits for it; ends it when it takes too long, and when nobody waits any more.
fn wait(child: &mut Child, patience: Duration, stop: &Stop) -> io::Result<(Option<i32>, bool)> {
    let until = Instant::now() + patience;
    loop {
        if let Some(status) = has_ended(child)? {
            return Ok((status.code(), false));
        }
        let is_late = Instant::now() >= until;
        if is_late || stop.is_on() {
            end(child);
            return if is_late { Ok((None, true)) } else { Err(io::ErrorKind::Interrupted.into()) };
        }
        std::thread::sleep(TICK);
    }
}

fn end(child: &mut Child) {
    let mut running = lock(&RUNNING);
    running.leaders.retain(|leader| *leader != child.id());
    end_group(child.id());
    let _ = child.kill();
    let _ = child.wait();
}

/// Ends a process and its children; where there are no groups its owner ends it alone.
fn end_group(leader: u32) {
    #[cfg(unix)]
    if let Some(leader) = i32::try_from(leader).ok().and_then(rustix::process::Pid::from_raw) {
        let _ = rustix::process::kill_process_group(leader, rustix::process::Signal::KILL);
        // One that has only just begun leads no group yet.
        let _ = rustix::process::kill_process(leader, rustix::process::Signal::KILL);
    }
    #[cfg(not(unix))]
    let _ = leader;
}

/// Who listens to an output.
struct Ear {
    kept: Arc<Mutex<Kept>>,
    over: mpsc::Receiver<()>,
}

impl Ear {
    /// Reads until there is no more, on a thread of its own.
    fn new(mut from: PipeReader, limits: Limits) -> Self {
        let kept = Arc::new(Mutex::new(Kept::new(limits)));
        let (tell, over) = mpsc::sync_channel(1);
        let into = Arc::clone(&kept);
        std::thread::spawn(move || {
            let mut piece = [0; 8192];
            while let Ok(length @ 1..) = from.read(&mut piece) {
                lock(&into).add(&piece[..length]);
            }
            let _ = tell.send(());
        });
        Self { kept, over }
    }

    /// What was heard till now, and how much was left out.
    fn heard(self) -> (String, u64) {
        let _ = self.over.recv_timeout(AFTERMATH);
        lock(&self.kept).text()
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The start and the end of what was printed: no more memory than that, however much there is.
struct Kept {
    limits: Limits,
    head: Vec<u8>,
    tail: VecDeque<u8>,
    left_out: u64,
}

impl Kept {
    fn new(limits: Limits) -> Self {
        Self { limits, head: Vec::new(), tail: VecDeque::new(), left_out: 0 }
    }

    fn add(&mut self, bytes: &[u8]) {
        let room = self.limits.head.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend(&bytes[..room]);
        self.tail.extend(&bytes[room..]);
        let surplus = self.tail.len().saturating_sub(self.limits.tail);
        self.tail.drain(..surplus);
        self.left_out += surplus as u64;
    }

    /// What is kept, whole lines of it where something was left out, and how much was.
    fn text(&mut self) -> (String, u64) {
        let tail = self.tail.make_contiguous();
        if self.left_out == 0 {
            let all = [self.head.as_slice(), tail].concat();
            return (plain(&String::from_utf8_lossy(&all)), 0);
        }
        let end = self.head.iter().rposition(|b| *b == b'\n').map_or(self.head.len(), |at| at + 1);
        let start = tail.iter().position(|b| *b == b'\n').map_or(0, |at| at + 1);
        let left_out = self.left_out + (self.head.len() - end + start) as u64;
        let [head, tail] = [&self.head[..end], &tail[start..]].map(|part| plain(&String::from_utf8_lossy(part)));
        (format!("{head}[{left_out} bytes left out]\n{tail}"), left_out)
    }
}

/// Without the sequences that colour text (ECMA-48 section 5.4): they are this machine's own program's, and would stand
/// there as signs. Whatever else is no text is for [`Clean`] to see to.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\x1b[") {
        out.push_str(before);
        rest = after.trim_start_matches(|c| matches!(c, '\x20'..='\x3f'));
        rest = rest.strip_prefix(|c| matches!(c, '\x40'..='\x7e')).unwrap_or(rest);
    }
    out.push_str(rest);
    out
}
