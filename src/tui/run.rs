//! The loop: wait, drain, update, do what was asked for, paint if something changed. Nothing else touches the screen.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crossterm::event::{Event as Typed, KeyEventKind};
use jiff::tz::TimeZone;

use super::{
    effect::Effect,
    msg::Input,
    notice::Tone,
    own::Own,
    painter::Painter,
    roll::SeatId,
    seats::{Order, Seats, Told},
    spelling::Spelling,
    state::{Options, State},
    symbols::Symbols,
    terminal::{self, Heard as FromTerminal, Modes, News, TermGuard},
    theme::{Depth, Theme},
    view::view,
};
use crate::base::{text::Clean, time::Clock};
use crate::config::{
    self,
    locale::Catalog,
    own::Texts,
    screen::{Screen, Symbols as Wanted},
    template::{self, Template},
    terminal::{Clipboard, Terminal as Kind},
};
use crate::engine::event::Event;
use crate::engine::seat::{Accounts, Address, Seat, Who};

pub mod browser;
mod clipboard;
mod editor;
mod engines;
mod hyperlink;
mod keepers;
pub mod linear;
mod pace;
mod watch;

use engines::{Engines, Heard};
use hyperlink::hyperlinks;
use keepers::Keepers;
use pace::Pace;
use watch::Watch;

/// So many keys are taken before a frame is painted: a flood of them is seen, too.
const MOST_KEYS: usize = 1024;

/// Events taken in before the next look at the keys, at most: a community that floods its seat holds up nobody.
const AT_ONCE: usize = 1000;

/// What the screen starts with.
pub struct Start {
    /// Whose engine it is that runs already.
    pub who: Who,
    /// That engine.
    pub seat: Seat,
    /// The other accounts of this machine.
    pub accounts: Arc<dyn Accounts>,
    /// Reads the address of a community.
    pub address: Address,
    /// The sentences.
    pub words: Catalog,
    /// What the terminal is.
    pub terminal: Kind,
    /// What was decided about looks and keys.
    pub screen: Screen,
    /// The files of one's own.
    pub texts: Texts,
    /// What is wrong with them and was left out.
    pub faults: Vec<config::Error>,
    /// Templates of one's own.
    pub templates: Vec<Template>,
    /// A folder for a text while it is in an editor.
    pub scratch: std::path::PathBuf,
    /// The reader's time zone.
    pub zone: TimeZone,
    /// Tells the time.
    pub clock: Arc<dyn Clock>,
}

/// Why there is no screen, or no longer.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The terminal cannot show one, or failed.
    #[error(transparent)]
    Terminal(#[from] terminal::Error),
    /// Something panicked; it was told on standard error.
    #[error("the screen ended because of a fault in Lyceum")]
    Panicked,
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::Terminal(error.into())
    }
}

/// Runs the screen until the reader leaves. What was typed is on the disk then, if the disk takes it.
pub async fn run(start: Start) -> Result<(), Error> {
    let keepers = Keepers::default();
    let mut desk = Desk::open(start, &keepers)?;
    let ended = sit(&mut desk).await;
    keepers.dismiss().await;
    ended
}

async fn sit(desk: &mut Desk) -> Result<(), Error> {
    let mut keys = desk.guard.listen()?;
    desk.measure();
    desk.tell(Input::Start);
    while !desk.is_over {
        desk.paint()?;
        let pause = desk.pause();
        tokio::select! {
            typed = keys.next() => desk.typed(typed)?,
            heard = desk.engines.hear() => match heard {
                Heard::Event(id, event) => desk.heard(id, event)?,
                Heard::Done(told) => desk.take(told),
            },
            news = desk.guard.news() => desk.heed(news)?,
            Some(new) = desk.watch.next() => desk.tell(Input::Own(new)),
            () = tokio::time::sleep(pause.unwrap_or_default()), if pause.is_some() => desk.tell(Input::Due),
        }
        // Keys that came together are one picture; so are events.
        for _ in 0..MOST_KEYS {
            let Some(typed) = keys.ready().await else { break };
            desk.typed(typed)?;
        }
        for _ in 0..AT_ONCE {
            let Some((id, event)) = desk.engines.ready() else { break };
            desk.heard(id, event)?;
        }
        if let Some(text) = desk.to_edit.take() {
            // Two readers of one terminal would each get half of the keys.
            drop(keys);
            desk.edit(&text).await?;
            keys = desk.guard.listen()?;
            desk.measure();
        }
    }
    Ok(())
}

/// Everything the loop has at hand.
struct Desk {
    seats: Seats,
    engines: Engines,
    painter: Painter,
    guard: TermGuard,
    watch: Watch,
    clock: Arc<dyn Clock>,
    editor: Option<String>,
    scratch: std::path::PathBuf,
    pace: Pace,
    to_edit: Option<Clean>,
    titled: u32,
    hyperlinks: bool,
    is_over: bool,
}

impl Desk {
    fn open(start: Start, keepers: &Keepers) -> Result<Self, Error> {
        let state = first_state(&start);
        let modes = Modes {
            alternate_screen: start.screen.alternate_screen,
            mouse: state.options.mouse,
            keyboard: start.terminal.keyboard,
            frames: start.terminal.frames,
            // Elsewhere answers would come as keys.
            scheme: start.terminal.asks && cfg!(unix),
        };
        let will = keepers.clone();
        let guard = TermGuard::take(&start.terminal, modes, start.screen.notify, Arc::new(move || will.save()))?;
        let watch = Watch::start(&state.own);
        let seats = Seats::new(start.who, state, start.address);
        let engines = Engines::new(seats.front_id(), start.seat, start.accounts, keepers.clone());
        Ok(Self {
            seats,
            engines,
            painter: Painter::new(start.terminal.colors),
            guard,
            watch,
            clock: start.clock,
            editor: start.terminal.editor,
            scratch: start.scratch,
            pace: Pace::default(),
            to_edit: None,
            titled: 0,
            hyperlinks: start.terminal.hyperlinks,
            is_over: false,
        })
    }

    /// Looks how big the terminal is. Once the keys are listened to a change is told; what changed before is not.
    fn measure(&mut self) {
        let (columns, lines) = crossterm::terminal::size().unwrap_or_default();
        self.tell(Input::Resize(columns, lines));
    }

    /// Tells the seat in front and does what comes of it.
    fn tell(&mut self, input: Input) {
        self.take(Told::Front(input));
    }

    fn take(&mut self, told: Told) {
        for order in self.seats.take(self.clock.now(), told) {
            match order {
                Order::Do(effect) => self.perform(effect),
                order => self.engines.perform(order),
            }
        }
    }

    fn perform(&mut self, effect: Effect) {
        match effect {
            // Dealt with by the seats.
            Effect::Send(..) | Effect::Seat(_) => {}
            Effect::Copy(text) => match self.seats.front().options.clipboard {
                Clipboard::Tool(desktop) => {
                    self.engines.aside(move || Input::Copied(clipboard::copy(desktop, &text)));
                }
                _ => self.guard.copy(&text),
            },
            Effect::Browse(address) => browser::open(&address),
            Effect::Notify(text) => self.guard.notify(&text),
            Effect::Mouse(on) => self.guard.mouse(on),
            Effect::Edit(text) => self.to_edit = Some(text),
            Effect::Reload => self.watch.look(true),
            Effect::Suspend => drop(self.guard.suspend()),
            Effect::Redraw => self.redraw(),
            Effect::Quit => self.is_over = true,
        }
    }

    fn typed(&mut self, heard: Option<std::io::Result<FromTerminal>>) -> Result<(), Error> {
        match heard {
            Some(Ok(FromTerminal::Typed(typed))) => self.event(typed),
            Some(Ok(FromTerminal::Background { light })) => self.tell(Input::Background(light)),
            Some(Err(error)) => return Err(error.into()),
            // The terminal has gone.
            None => self.is_over = true,
        }
        Ok(())
    }

    fn event(&mut self, typed: Typed) {
        match typed {
            Typed::Key(key) if key.kind != KeyEventKind::Release => self.tell(Input::Key(key.into())),
            Typed::Paste(text) => self.tell(Input::Paste(text)),
            Typed::Mouse(event) => self.tell(Input::Mouse(event)),
            Typed::Resize(..) => self.resized(),
            Typed::FocusGained => {
                self.watch.look_after_absence();
                self.tell(Input::Focus(true));
            }
            Typed::FocusLost => self.tell(Input::Focus(false)),
            Typed::Key(_) => {}
        }
    }

    /// An engine lives as long as its handle, unless something went wrong in it. That ends its seat and no other; the
    /// screen ends with it when a panic has been told, and when nothing else is there to be shown.
    fn heard(&mut self, id: SeatId, event: Option<Event>) -> Result<(), Error> {
        match event {
            Some(event) => self.take(Told::Event(id, Box::new(event))),
            None if self.guard.is_dying() || !self.seats.has_others() => return Err(Error::Panicked),
            None => self.take(Told::Ended(id)),
        }
        Ok(())
    }

    fn heed(&mut self, news: News) -> Result<(), Error> {
        match news {
            News::Dying => return Err(Error::Panicked),
            News::Redraw => self.redraw(),
            News::Resized => self.resized(),
            News::Room => self.guard.check()?,
        }
        Ok(())
    }

    /// A size that came back to what it was has lost what stood beyond the smaller one.
    fn resized(&mut self) {
        self.pace.resized(Instant::now());
        self.redraw();
    }

    /// Forgets what the terminal shows, so that the next frame paints all of it.
    fn redraw(&mut self) {
        self.painter.forget();
        self.seats.front_mut().dirty = true;
        self.measure();
    }

    /// Paints if something changed, the last frame is long enough ago, and the terminal has taken it. What is not
    /// painted now is part of a later frame.
    fn paint(&mut self) -> Result<(), Error> {
        let is_early = self.pace.wait(Instant::now()) > Duration::ZERO;
        let state = self.seats.front();
        if !state.dirty || is_early || self.guard.is_dying() || !self.guard.is_ready() {
            return Ok(());
        }
        let size = state.size;
        let links = || if self.hyperlinks { hyperlinks(state) } else { Vec::new() };
        let frame = self.painter.draw(size, links, |frame| view(state, frame));
        let unread = state.home.me.as_ref().map_or(0, |me| me.inbox);
        self.guard.show(&frame)?;
        if unread != self.titled {
            self.guard.title(unread);
            self.titled = unread;
        }
        self.seats.front_mut().dirty = false;
        if self.pace.painted(Instant::now()) {
            self.take(Told::Painted);
        }
        Ok(())
    }

    /// How long there is nothing to do unless something comes; none for as long as it takes.
    fn pause(&self) -> Option<Duration> {
        let state = self.seats.front();
        // A terminal that takes no frame tells when it does.
        if state.dirty && self.guard.is_ready() {
            return Some(self.pace.wait(Instant::now()));
        }
        let wait = state.next_wake()?.duration_since(self.clock.now());
        Some(Duration::try_from(wait).unwrap_or_default())
    }

    /// Has a text written in the reader's own editor.
    async fn edit(&mut self, text: &Clean) -> Result<(), Error> {
        self.guard.lend();
        let edited = editor::edit(self.editor.as_deref(), &self.scratch, text).await;
        self.guard.take_back()?;
        self.redraw();
        self.tell(edited);
        Ok(())
    }
}

fn first_state(start: &Start) -> State {
    let is_plain = !start.terminal.utf8 || start.screen.symbols == Wanted::Ascii;
    let symbols = if is_plain { Symbols::ASCII } else { Symbols::UNICODE };
    let mut options = Options {
        configured: start.screen.layout(),
        mouse: start.screen.takes_mouse(start.terminal.ssh),
        browser: start.terminal.browser,
        zone: start.zone.clone(),
        quiet: start.screen.quiet,
        clipboard: start.terminal.clipboard,
        spelling: Spelling { ascii: !start.terminal.utf8, narrow_emoji: start.terminal.narrow_emoji },
        searches: start.screen.search.clone(),
        ..Options::default()
    };
    options.lay_out(&start.screen.layout());
    let depth = Depth::of(start.terminal.colors);
    // What is wrong with the settings was found when they were laid out.
    let (own, _) = Own::read(start.texts.clone(), depth, start.terminal.light);
    let own = own.with(&start.screen);
    // What stays when something is wrong with what was chosen.
    let light = start.terminal.light == Some(true);
    let theme = Theme::built_in(if light { "light" } else { "dark" }, own.depth);
    let mut state = State::new(start.words.clone(), theme, symbols, options);
    state.now = start.clock.now();
    state.templates = Arc::new(template::all(state.words.language(), start.templates.clone()));
    let faults = state.adopt(own);
    let of_settings = start.faults.iter().map(|fault| fault.sentence(&state.words));
    let sentences: Vec<String> = of_settings.chain(faults.iter().map(|fault| fault.sentence(&state.words))).collect();
    state.say_faults(&sentences);
    for path in editor::left(&start.scratch) {
        state.say(Tone::Plain, state.words.fill("editor.left", &[("path", &path)]));
    }
    state
}
