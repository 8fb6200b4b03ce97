//! Everything the screen knows. Changed by [`super::update`] alone, drawn by [`super::view`] alone.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::tz::TimeZone;

use super::{
    change::{Sending, Undo},
    effect::Effect,
    hits::Hits,
    key::Key,
    keymap::Keymap,
    layout,
    notice::Notices,
    overlay::{Overlay, search::Search},
    own::Own,
    pane::{self, Panes, list::Load},
    roll::Roll,
    spelling::Spelling,
    symbols::Symbols,
    theme::Theme,
    trail::Trail,
    update::Arrangement,
    widget::highlight::Highlighter,
};
use crate::base::{
    ids::{ThreadId, Username},
    time::{Hours, SignedDuration, Timestamp},
};
use crate::config::{
    locale::Catalog,
    screen::{Clock as TimeOfDay, Dates, Density, Layout},
    template::{self, Template},
    terminal::Clipboard,
};
use crate::engine::{
    event::{Connection, Progress, Ways},
    problem::UserError,
    request::{Query, Request, Ticket},
};
use crate::model::search::saved::Saved;
use crate::model::{
    community::Community, draft::Draft, member::Me, membership::Membership, outbox::Entry, space::Space, thread::Thread,
};

mod own;
mod speech;

/// How long a selection stays where it is before what it rests on is fetched.
const REST: SignedDuration = SignedDuration::from_millis(300);

/// What a person or a terminal decides about the screen.
#[derive(Clone, Debug)]
pub struct Options {
    /// How wide the list is beside the detail, in percent.
    pub split: u16,
    /// How much room a row of a list takes.
    pub density: Density,
    /// How the time of something is written.
    pub dates: Dates,
    /// How a time of the day is written.
    pub clock: TimeOfDay,
    /// The panes in the order of their tabs: their places in [`pane::PANES`].
    pub tabs: Vec<usize>,
    /// The name of the theme that was chosen.
    pub theme: String,
    /// The name of the keymap that was chosen.
    pub keymap: String,
    /// What the settings say of these.
    pub configured: Layout,
    /// Whether the mouse scrolls and clicks.
    pub mouse: bool,
    /// Whether this machine has a browser that the reader sees.
    pub browser: bool,
    /// The reader's time zone.
    pub zone: TimeZone,
    /// When nothing is announced.
    pub quiet: Option<Hours>,
    /// How text gets to the reader's clipboard.
    pub clipboard: Clipboard,
    /// How what is drawn is spelt.
    pub spelling: Spelling,
    /// Saved searches that stand in the settings.
    pub searches: Vec<Saved>,
    /// Whether it is told line by line ([`super::plain`]) and not drawn.
    pub linear: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            split: 45,
            density: Density::default(),
            dates: Dates::default(),
            clock: TimeOfDay::default(),
            tabs: layout::tabs(&[]),
            theme: Layout::default().theme,
            keymap: Layout::default().keymap,
            configured: Layout::default(),
            mouse: true,
            browser: false,
            zone: TimeZone::UTC,
            quiet: None,
            clipboard: Clipboard::Terminal,
            spelling: Spelling::default(),
            searches: Vec::new(),
            linear: false,
        }
    }
}

/// What is known of the community and of who is here.
#[derive(Debug, Default)]
pub struct Home {
    /// What the place says about itself.
    pub about: Option<Community>,
    /// Who is signed in.
    pub me: Option<Me>,
    /// What they hold.
    pub membership: Option<Membership>,
    /// The spaces.
    pub spaces: Vec<Space>,
    /// How the line stands.
    pub connection: Connection,
    /// Until when the community wants to be left alone.
    pub limited: Option<Timestamp>,
    /// Whether the session is known to be over.
    pub signed_out: bool,
    /// Whether somebody was signed in during this sitting, and did not leave on purpose.
    pub has_entered: bool,
    /// The ways to sign in, as far as they are known.
    pub ways: Option<Ways>,
    /// How they stand.
    pub ways_load: Load,
    pub(super) asked: [Load; 4],
}

impl Home {
    /// What could not be found out for the header.
    pub fn failure(&self) -> Option<&UserError> {
        self.asked.iter().find_map(|load| load.error.as_ref())
    }

    /// Why the place has not told about itself.
    pub fn about_error(&self) -> Option<&UserError> {
        self.asked[0].error.as_ref()
    }
}

/// Keys that were pressed and do not make a command yet.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The keys of a sequence.
    pub keys: Vec<Key>,
    /// A number before a command.
    pub count: Option<u32>,
}

/// The state of the screen.
pub struct State {
    /// The sentences.
    pub words: Catalog,
    /// The styles.
    pub theme: Theme,
    /// The signs.
    pub symbols: Symbols,
    /// The colours of code: the same for all seats.
    pub code: Arc<Highlighter>,
    /// The keys.
    pub keymap: Keymap,
    /// Where keys and styles come from.
    pub own: Own,
    /// How texts may begin.
    pub templates: Arc<Vec<Template>>,
    /// What was decided.
    pub options: Options,
    /// The terminal's columns and lines.
    pub size: (u16, u16),
    /// When the last message came.
    pub now: Timestamp,
    /// All accounts of the screen, this one among them.
    pub roll: Arc<Roll>,
    /// The community, and who is here.
    pub home: Home,
    /// Every thread that was seen, as last heard of. Lists hold ids into it.
    pub threads: BTreeMap<ThreadId, Thread>,
    /// What each pane remembers.
    pub panes: Panes,
    /// The pane shown: its place in [`pane::PANES`].
    pub active: usize,
    /// What lies over the pane, the top one last.
    pub overlays: Vec<Box<dyn Overlay>>,
    /// Short messages.
    pub notices: Notices,
    /// Texts that are being written, the last written last.
    pub drafts: Vec<Draft>,
    /// Whether the reader left on purpose and nobody has come since.
    pub has_left: bool,
    /// Whose texts these are.
    pub drafts_of: Option<Username>,
    /// Texts that another window is writing now.
    pub others: Vec<Draft>,
    /// Texts that were set aside when another took their place, with their numbers.
    pub aside: Vec<(Draft, u32)>,
    /// Changes of this sitting that are not confirmed.
    pub sending: Vec<Sending>,
    /// Everything that is on its way, also from earlier sittings, oldest first.
    pub outbox: Vec<Entry>,
    /// Texts that arrived and are not among what the community shows yet.
    pub arrived: Vec<Entry>,
    /// Whether what is written reaches the disk.
    pub is_safe: bool,
    /// Why it does not.
    pub trouble: Option<UserError>,
    /// Whether the reader is on the way out.
    pub leaving: bool,
    /// How far fetching the whole community has come, while it is being fetched.
    pub progress: Option<Progress>,
    /// What `undo` takes back.
    pub undo: Option<Undo>,
    /// Where one was.
    pub trail: Trail,
    /// What was last searched for, and found.
    pub searched: Option<Search>,
    /// Searches that were saved here, in their order.
    pub searches: Vec<Saved>,
    /// Keys so far.
    pub typed: Typed,
    /// Whether a key was pressed in this sitting.
    pub has_typed: bool,
    /// Whether the terminal has the reader's eyes, where it tells.
    pub has_focus: Option<bool>,
    /// What of the last picture means something to the mouse.
    pub hits: Hits,
    /// Whether the line between list and detail is being dragged.
    pub is_dragging: bool,
    pub(super) arrangement: Option<Arrangement>,
    /// Whether the picture is out of date.
    pub dirty: bool,
    effects: Vec<Effect>,
    wakes: BTreeSet<Timestamp>,
    tickets: u64,
    rests_at: Option<Timestamp>,
}

impl State {
    /// The state before anything is known.
    pub fn new(words: Catalog, theme: Theme, symbols: Symbols, options: Options) -> Self {
        Self {
            templates: Arc::new(template::all(words.language(), Vec::new())),
            words,
            theme,
            symbols,
            code: Arc::new(Highlighter::new()),
            keymap: Keymap::built_in(),
            own: Own::default(),
            options,
            size: (80, 24),
            now: Timestamp::UNIX_EPOCH,
            roll: Arc::default(),
            home: Home::default(),
            threads: BTreeMap::new(),
            panes: Panes::default(),
            active: 0,
            overlays: Vec::new(),
            notices: Notices::default(),
            drafts: Vec::new(),
            has_left: false,
            drafts_of: None,
            others: Vec::new(),
            aside: Vec::new(),
            sending: Vec::new(),
            outbox: Vec::new(),
            arrived: Vec::new(),
            is_safe: true,
            trouble: None,
            leaving: false,
            progress: None,
            undo: None,
            trail: Trail::default(),
            searched: None,
            searches: Vec::new(),
            typed: Typed::default(),
            has_typed: false,
            has_focus: None,
            hits: Hits::default(),
            is_dragging: false,
            arrangement: None,
            dirty: true,
            effects: Vec::new(),
            wakes: BTreeSet::new(),
            tickets: 0,
            rests_at: None,
        }
    }

    /// The first state of another seat on the same terminal: looks and keys are the same, nothing else is.
    pub fn beside(&self) -> Self {
        let (words, theme, options) = (self.words.clone(), self.theme.clone(), self.options.clone());
        let mut state = Self::new(words, theme, self.symbols, options);
        state.code = Arc::clone(&self.code);
        (state.keymap, state.own) = (self.keymap.clone(), self.own.clone());
        state.templates = Arc::clone(&self.templates);
        (state.size, state.now, state.has_focus) = (self.size, self.now, self.has_focus);
        state
    }

    /// How much a person did that has not arrived: with what is written, when nothing reaches the disk.
    pub fn unsent(&self) -> usize {
        self.outbox.len() + if self.is_safe { 0 } else { self.drafts.len() }
    }

    /// The pane shown.
    pub fn pane(&self) -> &'static dyn pane::Pane {
        pane::PANES[self.active.min(pane::PANES.len() - 1)]
    }

    /// Asks for something to be done outside.
    pub fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    /// All that was asked for since the last time.
    pub fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.effects)
    }

    /// A ticket that was never used.
    pub fn ticket(&mut self) -> Ticket {
        self.tickets += 1;
        Ticket(self.tickets)
    }

    /// Hands a request to the engine.
    pub fn send(&mut self, request: Request) -> Ticket {
        let ticket = self.ticket();
        self.effect(Effect::Send(ticket, request));
        ticket
    }

    /// Asks the engine for something that `load` waits for from now on. What it waited for before is abandoned.
    pub fn ask(&mut self, query: Query, load: impl FnOnce(&mut Self) -> &mut Load) {
        let ticket = self.start(query);
        let now = self.now;
        let before = load(self).asked(ticket, now);
        self.abandon(before);
    }

    /// Asks the engine for something; wakes when it has taken long enough to say so.
    pub fn start(&mut self, query: Query) -> Ticket {
        self.begin(Request::Ask(query))
    }

    /// The same for any request that is answered.
    pub fn begin(&mut self, request: Request) -> Ticket {
        self.wake_at(self.now.saturating_add(pane::list::PATIENCE).unwrap_or(self.now));
        self.send(request)
    }

    /// The selection has moved: once it rests, what it rests on may be fetched.
    pub fn rest(&mut self) {
        let at = self.now.saturating_add(REST).unwrap_or(self.now);
        self.rests_at = Some(at);
        self.wake_at(at);
    }

    /// Whether the selection has come to rest, once.
    pub fn has_rested(&mut self) -> bool {
        self.rests_at.take_if(|at| *at <= self.now).is_some()
    }

    /// Nobody waits for this any more.
    pub fn abandon(&mut self, ticket: Option<Ticket>) {
        if let Some(ticket) = ticket {
            self.effect(Effect::Send(ticket, Request::Abandon(ticket)));
        }
    }

    /// Asks to be told ([`super::msg::Input::Due`]) when this instant has come.
    pub fn wake_at(&mut self, at: Timestamp) {
        self.wakes.insert(at);
    }

    /// The next instant that is waited for.
    pub fn next_wake(&self) -> Option<Timestamp> {
        self.wakes.first().copied()
    }

    /// Forgets the instants that have come; whether there was one.
    pub(super) fn pass_wakes(&mut self) -> bool {
        let later = self.wakes.split_off(&self.now);
        let due = !self.wakes.is_empty() || later.contains(&self.now);
        self.wakes = later;
        self.wakes.remove(&self.now);
        due
    }

    /// Shows a pane.
    pub fn show_pane(&mut self, index: usize) {
        if index < pane::PANES.len() {
            self.active = index;
            self.pane().show(self);
            self.dirty = true;
        }
    }

    /// Lays something over the pane.
    pub fn lay(&mut self, overlay: impl Overlay + 'static) {
        self.overlays.push(Box::new(overlay));
        self.dirty = true;
    }

    /// Where the community is asked: the origin of its addresses.
    pub fn origin(&self) -> Option<&str> {
        self.roll.rows.iter().find(|row| row.id == self.roll.front).map(|row| row.who.origin.as_str())
    }

    /// Whether somebody is signed in, as far as is known.
    pub fn is_signed_in(&self) -> bool {
        self.home.me.is_some() && !self.home.signed_out
    }
}
