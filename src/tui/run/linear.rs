//! The loop of the linear mode: lines in from standard input, lines out to standard output. A line of a pipe waits until
//! what the line before it asked for is there, so that a list of commands does what a person would do with them. Whatever
//! ends it, what was typed is kept and the terminal shows what is typed again.

use std::collections::HashSet;
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::Instant;

use super::editor;
use super::{Engines, Error, Heard, Keepers, Start, Watch, browser};
use crate::base::text::{Clean, ascii};
use crate::base::time::Clock;
use crate::engine::attach::Wish;
use crate::engine::event::Event;
use crate::engine::request::{Request, Ticket};
use crate::tui::{
    effect::Effect,
    msg::Input,
    plain::{Act, Plain, Prompt},
    roll::SeatId,
    seats::{Order, Seats, Told},
    symbols::Symbols,
};

#[cfg_attr(not(unix), path = "linear/echo_plain.rs")]
mod echo;
mod ends;

use ends::{End, Ends};

/// How long a line of a pipe waits for what the one before it asked for.
const PATIENCE: Duration = Duration::from_secs(20);
/// A person is asked for the next line sooner.
const HURRY: Duration = Duration::from_secs(3);
/// What happens by itself is told once it has been quiet for so long: several things at once are one telling.
const QUIET: Duration = Duration::from_millis(60);

/// Runs until the reader leaves or there is nothing more to read. What was typed is on the disk then.
///
/// # Errors
/// When nobody reads what is said, or every engine has ended.
pub async fn run(start: Start, is_dumb: bool) -> Result<(), Error> {
    let keepers = Keepers::default();
    let mut desk = Desk::open(start, &keepers)?;
    let ended = sit(&mut desk, is_dumb).await;
    desk.echo.show();
    keepers.dismiss().await;
    if let Some(signal) = desk.signal {
        crate::engine::attach::end_all();
        std::process::exit(128 + signal);
    }
    ended
}

async fn sit(desk: &mut Desk, is_dumb: bool) -> Result<(), Error> {
    let words = desk.seats.front().words.clone();
    let greeting = if is_dumb { vec!["plain.dumb", "plain.welcome"] } else { vec!["plain.welcome"] };
    desk.say(&greeting.iter().map(|key| words.get(key).to_owned()).collect::<Vec<_>>())?;
    desk.tell(Input::Resize(80, 24));
    desk.tell(Input::Start);
    while !desk.is_over {
        desk.want_line()?;
        let (pause, patience) = (desk.pause(), desk.patience());
        let quiet = desk.quiet;
        tokio::select! {
            line = desk.lines.recv(), if desk.is_asking => desk.typed(line.flatten()).await?,
            heard = desk.engines.hear() => match heard {
                Heard::Event(id, event) => desk.heard(id, event)?,
                Heard::Done(told) => desk.take(told),
            },
            Some(new) = desk.watch.next() => desk.tell(Input::Own(new)),
            end = desk.ends.next() => desk.end(end)?,
            () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => desk.tell(Input::Due),
            () = tokio::time::sleep_until(quiet.unwrap_or_else(Instant::now)), if quiet.is_some() => desk.tell_news()?,
            () = tokio::time::sleep(patience.unwrap_or_default()), if patience.is_some() => desk.waits.clear(),
        }
    }
    desk.tell_news()?;
    desk.say(&[words.get("plain.leaving").to_owned()])
}

struct Desk {
    seats: Seats,
    engines: Engines,
    plain: Plain,
    watch: Watch,
    clock: Arc<dyn Clock>,
    editor: Option<String>,
    scratch: std::path::PathBuf,
    ascii: bool,
    /// What was asked for and is waited for, since when the last of it was asked.
    waits: HashSet<(SeatId, Ticket)>,
    /// Those among them that are over when the outbox has moved: what is taken back next must be in it.
    moves: HashSet<(SeatId, Ticket)>,
    since: Instant,
    /// When what happened by itself is told.
    quiet: Option<Instant>,
    ask: std::sync::mpsc::Sender<()>,
    lines: UnboundedReceiver<Option<String>>,
    /// Whether somebody is reading a line at this moment.
    is_asking: bool,
    is_terminal: bool,
    has_prompt: bool,
    echo: echo::Echo,
    to_edit: Option<Clean>,
    ends: Ends,
    /// The signal that ended it.
    signal: Option<i32>,
    /// Whether nothing more can be typed.
    has_ended: bool,
    is_ending: bool,
    is_over: bool,
}

impl Desk {
    fn open(start: Start, keepers: &Keepers) -> Result<Self, Error> {
        let mut state = super::first_state(&start);
        state.options.linear = true;
        state.symbols = Symbols::LINEAR;
        let ascii = state.options.spelling.ascii;
        let watch = Watch::start(&state.own);
        let seats = Seats::new(start.who, state, start.address);
        let engines = Engines::new(seats.front_id(), start.seat, start.accounts, keepers.clone());
        let (ask, asked) = std::sync::mpsc::channel();
        let (tell, lines) = unbounded_channel();
        std::thread::spawn(move || read_lines(&asked, &tell));
        Ok(Self {
            seats,
            engines,
            plain: Plain::default(),
            watch,
            clock: start.clock,
            editor: start.terminal.editor,
            scratch: start.scratch,
            ascii,
            waits: HashSet::new(),
            moves: HashSet::new(),
            since: Instant::now(),
            quiet: None,
            ask,
            lines,
            is_asking: false,
            is_terminal: io::stdin().is_terminal(),
            has_prompt: false,
            echo: echo::Echo::default(),
            to_edit: None,
            ends: Ends::listen()?,
            signal: None,
            has_ended: false,
            is_ending: false,
            is_over: false,
        })
    }

    fn tell(&mut self, input: Input) {
        self.take(Told::Front(input));
    }

    fn take(&mut self, told: Told) {
        for order in self.seats.take(self.clock.now(), told) {
            match order {
                Order::Do(effect) => self.perform(effect),
                Order::Send(id, ticket, request) => {
                    self.note(id, ticket, &request);
                    self.engines.perform(Order::Send(id, ticket, request));
                }
                order => self.engines.perform(order),
            }
        }
        let now = Instant::now();
        self.quiet.get_or_insert(now + QUIET);
    }

    /// What is answered soon is waited for; what waits for a person or for the line is not.
    fn note(&mut self, id: SeatId, ticket: Ticket, request: &Request) {
        match request {
            Request::Ask(_)
            | Request::Look(..)
            | Request::SignIn { .. }
            | Request::SignInWithToken(_)
            | Request::Register { .. }
            | Request::Secure(_)
            | Request::Attach(Wish::Look | Wish::Collect(_)) => {
                self.waits.insert((id, ticket));
                self.since = Instant::now();
            }
            Request::Post { .. } | Request::Outbox(_) => {
                self.moves.insert((id, ticket));
                self.waits.insert((id, ticket));
                self.since = Instant::now();
            }
            Request::Abandon(ticket) => drop(self.waits.remove(&(id, *ticket))),
            _ => {}
        }
    }

    fn heard(&mut self, id: SeatId, event: Option<Event>) -> Result<(), Error> {
        let Some(event) = event else {
            if !self.seats.has_others() {
                return Err(Error::Panicked);
            }
            self.waits.retain(|(seat, _)| *seat != id);
            self.take(Told::Ended(id));
            return Ok(());
        };
        if let Event::Answer { ticket, .. }
        | Event::SignedIn { ticket, .. }
        | Event::Secured { ticket, .. }
        | Event::Attached { ticket, .. } = &event
        {
            self.waits.remove(&(id, *ticket));
        }
        if matches!(event, Event::Outbox(_) | Event::Applied { .. }) {
            for moved in self.moves.extract_if(|(seat, _)| *seat == id) {
                self.waits.remove(&moved);
            }
        }
        self.take(Told::Event(id, Box::new(event)));
        Ok(())
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            Effect::Copy(text) => {
                let title = self.seats.front().word("plain.copied");
                let mut lines = vec![title];
                lines.extend(text.lines().map(str::to_owned));
                // Nobody reads is told by the next line.
                let _ = self.say(&lines);
            }
            Effect::Browse(address) => browser::open(&address),
            Effect::Edit(text) => self.to_edit = Some(text),
            Effect::Redraw => self.plain.forget(),
            Effect::Reload => self.watch.look(true),
            Effect::Quit => self.is_over = true,
            // News are lines anyway; what only a screen has, its commands say by themselves.
            _ => {}
        }
    }

    /// A line, or the end of them.
    async fn typed(&mut self, line: Option<String>) -> Result<(), Error> {
        (self.is_asking, self.has_prompt) = (false, false);
        self.echo.show();
        let Some(line) = line else {
            self.has_ended = true;
            self.keep()?;
            // Whoever said so before the end is leaving already, once what is held was sent.
            if !self.seats.front().leaving {
                self.leave();
            }
            return self.tell_news();
        };
        // Whoever types on at a terminal stays.
        self.is_ending &= !self.is_terminal;
        let acts = self.plain.read(self.seats.front(), line.trim_end_matches(['\n', '\r']));
        self.act(acts)?;
        if let Some(text) = self.to_edit.take() {
            let edited = editor::edit(self.editor.as_deref(), &self.scratch, &text).await;
            // What was pressed there was meant for the editor.
            self.ends.forget_interrupts()?;
            self.tell(edited);
        }
        if self.waits.is_empty() { self.tell_news() } else { Ok(()) }
    }

    fn act(&mut self, acts: Vec<Act>) -> Result<(), Error> {
        for act in acts {
            match act {
                Act::Input(input) => self.tell(input),
                Act::Post(number) => {
                    self.seats.front_mut().go_to_post(number);
                    self.tell(Input::Due);
                }
                Act::Again => self.plain.forget(),
                Act::Say(lines) => self.say(&lines)?,
            }
        }
        Ok(())
    }

    /// What was begun is put where it is kept.
    fn keep(&mut self) -> Result<(), Error> {
        let acts = self.plain.end();
        self.act(acts)
    }

    /// A signal: a first ctrl-c may be answered by a question, everything else ends.
    fn end(&mut self, end: End) -> Result<(), Error> {
        self.keep()?;
        match end {
            End::Interrupted => self.leave(),
            End::Told(signal) => (self.signal, self.is_over) = (Some(signal), true),
        }
        Ok(())
    }

    /// There is nothing more to read, or the reader wants to go. Said twice it does not wait.
    fn leave(&mut self) {
        self.is_over |= std::mem::replace(&mut self.is_ending, true);
        self.tell(Input::Command("quit", None));
    }

    /// Has a line read when one is wanted and nothing is waited for.
    fn want_line(&mut self) -> Result<(), Error> {
        if self.is_over || self.has_ended || self.is_ending && !self.is_terminal {
            // What is asked on the way out has nobody to answer it: what is kept stays kept.
            self.is_over |= !self.seats.front().leaving;
            return Ok(());
        }
        if self.is_asking || !self.waits.is_empty() {
            return Ok(());
        }
        self.tell_news()?;
        let prompt = self.plain.prompt(self.seats.front());
        self.prompt(&prompt)?;
        self.is_asking = self.ask.send(()).is_ok();
        Ok(())
    }

    fn prompt(&mut self, prompt: &Prompt) -> Result<(), Error> {
        if prompt.is_secret {
            self.echo.hide();
        } else {
            self.echo.show();
        }
        if self.is_terminal {
            let text = self.spelt(&format!("{} ", Clean::line(&prompt.text)));
            let mut out = io::stdout().lock();
            write!(out, "{text}")?;
            out.flush()?;
            self.has_prompt = true;
        }
        Ok(())
    }

    /// Tells what has changed, and asks again for what was asked for.
    fn tell_news(&mut self) -> Result<(), Error> {
        self.quiet = None;
        if !self.waits.is_empty() && !self.is_asking {
            return Ok(());
        }
        let lines = self.plain.tell(self.seats.front());
        self.seats.front_mut().dirty = false;
        if lines.is_empty() {
            return Ok(());
        }
        let had_prompt = std::mem::take(&mut self.has_prompt);
        if had_prompt {
            writeln!(io::stdout().lock())?;
        }
        self.say(&lines)?;
        if had_prompt && self.is_asking {
            let prompt = self.plain.prompt(self.seats.front());
            self.prompt(&prompt)?;
        }
        Ok(())
    }

    fn say(&self, lines: &[String]) -> Result<(), Error> {
        let mut out = io::stdout().lock();
        for line in lines {
            writeln!(out, "{}", self.spelt(&Clean::record(line)))?;
        }
        out.flush()?;
        Ok(())
    }

    fn spelt(&self, text: &str) -> String {
        if self.ascii { ascii::ascii(text) } else { text.to_owned() }
    }

    fn pause(&self) -> Option<Duration> {
        let wait = self.seats.front().next_wake()?.duration_since(self.clock.now());
        Some(Duration::try_from(wait).unwrap_or_default())
    }

    /// How long an answer is waited for still; none when none is.
    fn patience(&self) -> Option<Duration> {
        let most = if self.is_terminal { HURRY } else { PATIENCE };
        (!self.waits.is_empty()).then(|| most.saturating_sub(self.since.elapsed()))
    }
}

/// Reads a line whenever one is asked for. On a thread of its own: nothing wakes a read of standard input.
fn read_lines(asked: &std::sync::mpsc::Receiver<()>, tell: &UnboundedSender<Option<String>>) {
    while asked.recv().is_ok() {
        let mut bytes = Vec::new();
        let line = match io::stdin().lock().read_until(b'\n', &mut bytes) {
            Ok(0) | Err(_) => None,
            Ok(_) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        };
        let is_over = line.is_none();
        if tell.send(line).is_err() || is_over {
            return;
        }
    }
}
