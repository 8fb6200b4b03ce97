//! The panes. To add one: a file below, a field in [`Panes`] for what it remembers, a row in [`PANES`].

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{change::Sending, heard::Heard, hits::Part, state::State};
use crate::base::ids::ThreadId;
use crate::model::{
    change::{Applied, Notice},
    feed::ThreadQuery,
};

pub mod browser;
pub mod feed;
pub mod inbox;
pub mod list;
pub mod membership;
pub mod questions;
pub mod reader;
pub mod searched;
pub mod thread_list;
pub mod threads;

use browser::{Browser, Source};
use list::Motion;
use reader::Reader;

/// All panes in the order of their tabs and numbers.
pub static PANES: &[&dyn Pane] = &[&feed::PANE, &threads::PANE, &questions::PANE, &membership::TABS, &inbox::TABS];

/// The footer's commands over an open thread, where a pane has none of its own.
const READING: &[&str] = &["reply", "vote-up", "bookmark", "next-unread", "link", "find", "back", "palette", "help"];

/// The footer's commands over what a saved search finds, where a pane is no list of threads otherwise.
const FOUND: &[&str] = &["open", "mark-read", "follow", "filter", "search", "palette", "help"];

/// What the panes remember.
pub struct Panes {
    /// The feed.
    pub feed: Browser,
    /// Threads by space and kind.
    pub threads: Browser,
    /// Questions.
    pub questions: Browser,
    /// What is held, and the plans.
    pub membership: membership::Holdings,
    /// What concerns the reader.
    pub inbox: inbox::Items,
    /// What a saved search beside the membership finds.
    pub by_membership: Browser,
    /// What a saved search beside the inbox finds.
    pub by_inbox: Browser,
}

impl Default for Panes {
    fn default() -> Self {
        let threads = Browser { source: Source::Threads(ThreadQuery::default()), ..Browser::default() };
        Self {
            feed: Browser::default(),
            threads,
            questions: questions::start(),
            membership: membership::Holdings::default(),
            inbox: inbox::Items::default(),
            by_membership: Browser { source: Source::Nothing, ..Browser::default() },
            by_inbox: Browser { source: Source::Nothing, ..Browser::default() },
        }
    }
}

impl Panes {
    /// The panes that hold threads.
    pub fn browsers_mut(&mut self) -> impl Iterator<Item = &mut Browser> {
        let Self { feed, threads, questions, by_membership, by_inbox, .. } = self;
        [feed, threads, questions, by_membership, by_inbox].into_iter()
    }

    /// All open threads.
    pub fn readers(&self) -> impl Iterator<Item = &Reader> {
        let all = [&self.feed, &self.threads, &self.questions, &self.by_membership, &self.by_inbox];
        all.into_iter().filter_map(|b| b.reader.as_ref())
    }

    /// The same, to change them.
    pub fn readers_mut(&mut self) -> impl Iterator<Item = &mut Reader> {
        self.browsers_mut().filter_map(|b| b.reader.as_mut())
    }
}

/// A pane: how it is drawn and what it does with what it is told. It has no state of its own: that is in [`State`].
pub trait Pane: Sync {
    /// Its name: its context in the keymap, the command that shows it, its key `pane.NAME` in the catalogue.
    fn name(&self) -> &'static str;

    /// A number beside its name; 0 for none.
    fn badge(&self, state: &State) -> u32 {
        let _ = state;
        0
    }

    /// The contexts of the keymap that hold in it now, the nearest first. `global` follows.
    fn contexts(&self, state: &State) -> Vec<&'static str>;

    /// It is shown: asks for what it lacks.
    fn show(&self, state: &mut State);

    /// Asks for everything again.
    fn refresh(&self, state: &mut State);

    /// Whether something it shows could not be had when it was last asked for.
    fn has_failed(&self, state: &State) -> bool;

    /// Moves the selection.
    fn go(&self, state: &mut State, motion: Motion);

    /// The wheel was turned over its list or its detail.
    fn wheel(&self, state: &mut State, part: Part, motion: Motion) {
        let _ = part;
        self.go(state, motion);
    }

    /// A row of its list was clicked.
    fn click(&self, state: &mut State, row: usize) {
        let _ = (state, row);
    }

    /// Whether there is something to open.
    fn can_open(&self, state: &State) -> bool {
        let _ = state;
        true
    }

    /// Opens what is selected.
    fn open(&self, state: &mut State);

    /// One step back; false when there is none.
    fn back(&self, state: &mut State) -> bool {
        let _ = state;
        false
    }

    /// Moves the focus between list and detail.
    fn focus_detail(&self, state: &mut State, detail: bool) {
        let _ = (state, detail);
    }

    /// Whether list and detail have a line between them, at which column.
    fn divider(&self, state: &State) -> Option<u16> {
        let _ = state;
        None
    }

    /// An answer; every pane sees every one, and takes those it asked for.
    fn answer(&self, state: &mut State, heard: &Heard);

    /// Things changed in the community, and what is kept has followed. Without a notice anything may have.
    fn changed(&self, state: &mut State, notices: &[Notice]) {
        let _ = (state, notices);
    }

    /// A change of this reader was confirmed.
    fn confirmed(&self, state: &mut State, sent: &Sending, applied: &Applied) {
        let _ = (state, sent, applied);
    }

    /// An instant that was waited for has come, or the pane is left.
    fn due(&self, state: &mut State) {
        let _ = state;
    }

    /// Prepares what the picture needs and the size decides: lays text out. Called after every message while it is shown.
    fn settle(&self, state: &mut State) {
        let _ = state;
    }

    /// The threads of the list it shows.
    fn listed<'a>(&self, state: &'a State) -> &'a [ThreadId] {
        let _ = state;
        &[]
    }

    /// The thread that commands about threads mean.
    fn thread(&self, state: &State) -> Option<ThreadId> {
        let _ = state;
        None
    }

    /// The thread that is open in its detail.
    fn open_thread(&self, state: &State) -> Option<ThreadId> {
        let _ = state;
        None
    }

    /// The open thread, while the keys go to it.
    fn reader<'a>(&self, state: &'a State) -> Option<&'a Reader> {
        let _ = state;
        None
    }

    /// The same, to change it.
    fn reader_mut<'a>(&self, state: &'a mut State) -> Option<&'a mut Reader> {
        let _ = state;
        None
    }

    /// Opens a thread in its detail, at a post if one is named; false when this pane shows none.
    fn open_at(&self, state: &mut State, thread: &ThreadId, number: Option<u32>) -> bool {
        let _ = (state, thread, number);
        false
    }

    /// The commands for the footer, the most useful first.
    fn footer(&self, state: &State) -> &'static [&'static str];

    /// Draws it.
    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State);
}

/// The place of a pane in [`PANES`].
pub fn index(name: &str) -> Option<usize> {
    PANES.iter().position(|p| p.name() == name)
}
