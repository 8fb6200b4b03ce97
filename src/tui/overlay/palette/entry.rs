//! What the palette leads to: commands, saved searches, spaces, members and threads.

use crate::base::ids::ThreadId;
use crate::model::{
    feed::ThreadQuery,
    member::Author,
    search::{known::Known, saved::Saved},
    space::Space,
    thread::Thread,
};
use crate::tui::{
    command::{self, Command},
    overlay::member,
    pane::{browser::Source, threads},
    state::State,
};

/// One line of the palette.
#[derive(Clone)]
pub(super) enum Entry {
    Command(&'static Command),
    Search(Saved),
    Space(Box<Space>),
    Member(Author),
    Thread(Box<Thread>),
}

/// A sign typed first, and the kinds of entries that are looked through then.
pub(super) const SCOPES: [(char, &[Kind]); 4] =
    [('>', &[Kind::Command]), ('#', &[Kind::Space]), ('@', &[Kind::Member]), ('/', &[Kind::Search, Kind::Thread])];

/// What sort of entry it is, in the order of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    Command,
    Search,
    Space,
    Thread,
    Member,
}

impl Kind {
    /// The key of its word.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Command => "palette.command",
            Self::Search => "palette.search",
            Self::Space => "palette.space",
            Self::Thread => "palette.thread",
            Self::Member => "palette.member",
        }
    }
}

impl Entry {
    pub(super) fn kind(&self) -> Kind {
        match self {
            Self::Command(_) => Kind::Command,
            Self::Search(_) => Kind::Search,
            Self::Space(_) => Kind::Space,
            Self::Member(_) => Kind::Member,
            Self::Thread(_) => Kind::Thread,
        }
    }

    /// Its name, which weighs most in a search.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Command(command) => command.name.to_owned(),
            Self::Search(search) => search.name.to_string(),
            Self::Space(space) => space.name.to_string(),
            Self::Member(author) => author.username.to_string(),
            Self::Thread(thread) => thread.title.to_string(),
        }
    }

    /// What it does or is, in words.
    pub(super) fn text(&self, state: &State) -> String {
        match self {
            Self::Command(command) => state.word(&format!("command.{}", command.name)),
            Self::Search(search) => crate::base::text::Clean::line(&search.query).to_string(),
            Self::Space(space) => space.about.to_string(),
            Self::Member(author) => author.name.to_string(),
            Self::Thread(thread) => thread.tags.iter().map(|tag| format!("#{tag}")).collect::<Vec<_>>().join(" "),
        }
    }

    /// Whether it can be done now; else the key of the reason.
    pub(super) fn may(&self, state: &State) -> Result<(), &'static str> {
        match self {
            Self::Command(command) => (command.when)(state),
            _ => Ok(()),
        }
    }

    /// Does it, or goes there.
    pub(super) fn run(&self, state: &mut State) {
        match self {
            Self::Command(command) => command::run(state, command.name, None),
            Self::Search(search) => state.show_search(search.clone()),
            Self::Space(space) => {
                let query = ThreadQuery { space: Some(space.id.clone()), ..threads::query(state) };
                threads::PANE.set_source(state, Source::Threads(query));
                command::run(state, "threads", None);
            }
            Self::Member(author) => member::open(state, author.username.clone()),
            Self::Thread(thread) => {
                let id = state.remember((**thread).clone());
                state.visit_thread(&id, None);
            }
        }
    }
}

/// Everything there is: threads one has been to first, then those last active.
pub(super) fn all(state: &State, known: &Known) -> Vec<Entry> {
    let mut all: Vec<Entry> = command::all().filter(|c| is_listed(c)).map(Entry::Command).collect();
    if command::when::not_a_visitor(state).is_err() {
        return all;
    }
    all.extend(state.all_searches().cloned().map(Entry::Search));
    all.extend(state.home.spaces.iter().cloned().map(|space| Entry::Space(Box::new(space))));
    let visited: Vec<&Thread> =
        state.trail.back.iter().rev().filter_map(|spot| state.threads.get(spot.thread.as_ref()?)).collect();
    let mut seen: Vec<&ThreadId> = Vec::new();
    for thread in visited.into_iter().chain(&known.threads) {
        if !seen.contains(&&thread.id) {
            seen.push(&thread.id);
            all.push(Entry::Thread(Box::new(thread.clone())));
        }
    }
    all.extend(known.members.iter().cloned().map(Entry::Member));
    all
}

/// Keys for overlays and digits are no commands to look for.
fn is_listed(command: &Command) -> bool {
    !["count", "tab"].contains(&command.name) && !command::overlay::COMMANDS.iter().any(|c| c.name == command.name)
}
