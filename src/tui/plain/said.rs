//! What was said already, and what is news to it.

use std::collections::HashSet;

use super::{list, over, picture, thread};
use crate::base::ids::ThreadId;
use crate::engine::event::Connection;
use crate::tui::{pane::reader::Reader, state::State, view};

/// What was said of everything that can change.
#[derive(Default)]
pub(super) struct Said {
    /// Whether anything was said.
    has_begun: bool,
    line: String,
    notices: u64,
    over: Over,
    place: Place,
    /// The copy of a list that was told: its name, its length, its selected row and that row's words.
    list: Option<(String, usize, usize, Option<String>)>,
    fresh: usize,
    thread: Option<Opened>,
    pane: Vec<String>,
}

/// Where one is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Place {
    pane: usize,
    thread: Option<ThreadId>,
}

/// What lay on top, as it was told.
#[derive(Default)]
struct Over {
    depth: usize,
    label: Option<String>,
    lines: Vec<String>,
}

/// What was typed since the last time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Typed {
    /// Nothing: something happened by itself.
    #[default]
    Nothing,
    /// A command.
    Command,
    /// A text that was asked for.
    Text,
}

/// An open thread, as it was told.
struct Opened {
    id: ThreadId,
    current: u32,
    byline: String,
    posts: u32,
    is_here: bool,
    /// The post that is fetched to be gone to.
    awaits: Option<u32>,
}

impl Said {
    /// Everything is news again, but for what was said in passing.
    pub(super) fn forget(&mut self) {
        *self = Self { notices: self.notices, ..Self::default() };
    }

    /// What is news, in lines.
    pub(super) fn tell(&mut self, state: &State, typed: Typed) -> Vec<String> {
        let asked = typed != Typed::Nothing;
        let mut lines = Vec::new();
        self.line(state, &mut lines);
        let covered = state.overlays.iter().any(|over| over.covers());
        // Of what lies below nothing is told until one is back.
        if state.overlays.is_empty() {
            self.over = Over::default();
            self.pane(state, asked, &mut lines);
        } else if !covered {
            self.passing(state, &mut lines);
        }
        self.overlay(state, typed, &mut lines);
        self.notices(state, &mut lines);
        lines
    }

    /// The community, how the line stands, who is here: at the beginning, and when that changes.
    fn line(&mut self, state: &State, lines: &mut Vec<String>) {
        let line = match &state.home.connection {
            // It counts seconds, which nobody wants to hear.
            Connection::Reconnecting(_) => state.word("accounts.reconnecting"),
            _ => view::summary(state),
        };
        let is_settled = state.home.about.is_some() || state.home.about_error().is_some();
        if is_settled && line != self.line {
            lines.push(line.clone());
            self.line = line;
        }
    }

    fn notices(&mut self, state: &State, lines: &mut Vec<String>) {
        let said = state.notices.said();
        let count = usize::try_from(said - self.notices.min(said)).unwrap_or(0);
        let mut news: Vec<String> = state.notices.all().take(count).map(|notice| notice.text.to_string()).collect();
        news.reverse();
        lines.extend(news);
        self.notices = said;
    }

    /// What lies on top: all of it when it is another, its rows when those are, else what it says anew. What is typed into
    /// it is not said back.
    fn overlay(&mut self, state: &State, typed: Typed, lines: &mut Vec<String>) {
        if state.overlays.is_empty() {
            return;
        }
        let ask = over::asks(state);
        let has_rows = state.overlays.last().is_some_and(|over| over.rows(state).is_some());
        let told = over::lines(state);
        let label = ask.as_ref().map(|ask| ask.label.clone());
        let now = Over { depth: state.overlays.len(), label, lines: told.clone() };
        let before = std::mem::replace(&mut self.over, now);
        if before.depth != self.over.depth {
            return lines.extend(told);
        }
        // What counts down would never be silent.
        let known: HashSet<String> = before.lines.iter().map(|line| still(line)).collect();
        let is_known = |line: &String| line.is_empty() || known.contains(&still(line));
        let news = told.iter().filter(|line| !is_known(line)).cloned();
        let says_more = match &ask {
            _ if has_rows => return lines.extend(told.iter().filter(|_| before.lines != told).cloned()),
            None => true,
            Some(ask) if ask.has_lines => typed == Typed::Command,
            // Whoever is asked for the next line hears that from the prompt.
            Some(_) => before.label.is_none() || before.label == self.over.label,
        };
        if says_more {
            lines.extend(news);
        }
    }

    /// The pane: another one, its list, the open thread.
    fn pane(&mut self, state: &State, asked: bool, lines: &mut Vec<String>) {
        let reader = state.pane().reader(state);
        let place = Place { pane: state.active, thread: reader.map(|reader| reader.id.clone()) };
        let has_moved = !self.has_begun || place != self.place;
        self.has_begun = true;
        self.place = place;
        match (reader, list::shown(state)) {
            (Some(reader), _) => self.thread(state, reader, has_moved, asked, lines),
            (None, Some(shown)) => self.list(state, &shown, has_moved, asked, lines),
            (None, None) => {
                let told = picture::pane(state);
                if has_moved || told != self.pane {
                    lines.extend(told.clone());
                }
                self.pane = told;
            }
        }
        if reader.is_none() {
            self.thread = None;
        }
    }

    fn list(&mut self, state: &State, shown: &list::Shown, has_moved: bool, asked: bool, lines: &mut Vec<String>) {
        if shown.is_coming {
            self.list = None;
            return;
        }
        let row = list::row(state, shown.selected);
        let now = (shown.name.clone(), shown.len, shown.selected, row.clone());
        let before = self.list.replace(now);
        let is_same = |known: &(String, usize, usize, Option<String>)| {
            known.0 == shown.name && known.1.min(1) == shown.len.min(1)
        };
        match before.filter(|known| !has_moved && is_same(known)) {
            None => {
                let stale = shown.stale.clone().map(|stale| format!(", {stale}")).unwrap_or_default();
                if shown.len == 0 {
                    lines.extend([format!("{}{stale}.", shown.name), shown.empty.clone()]);
                } else {
                    lines.push(format!("{}{stale}:", shown.name));
                    lines.extend(list::page(state, shown.selected));
                }
            }
            Some((_, _, selected, _)) if selected.abs_diff(shown.selected) > 1 => {
                lines.extend(list::page(state, shown.selected));
            }
            Some((_, _, selected, known)) if selected != shown.selected || asked && known != row => lines.extend(row),
            Some(_) => {}
        }
        if shown.fresh > self.fresh {
            lines.push(state.words.count("plain.fresh", shown.fresh as u64));
        }
        self.fresh = shown.fresh;
    }

    fn thread(&mut self, state: &State, reader: &Reader, has_moved: bool, asked: bool, lines: &mut Vec<String>) {
        let post = reader.posts.iter().find(|post| post.number == reader.current);
        let is_here = reader.sheet().is_some() && !reader.posts.is_empty() && reader.jump.is_none();
        let byline = post.map(|post| thread::byline(state, reader, post)).unwrap_or_default();
        let last = state.threads.get(&reader.id).map_or(0, |thread| thread.last);
        let now = Opened {
            id: reader.id.clone(),
            current: reader.current,
            byline,
            posts: last,
            is_here,
            awaits: reader.awaits(),
        };
        let failure = reader.load.error.as_ref().filter(|_| reader.posts.is_empty());
        match self.thread.as_ref().filter(|known| known.id == now.id && !has_moved && known.is_here) {
            None if is_here => {
                lines.extend(thread::head(state, reader));
                lines.extend(thread::current(state, reader));
            }
            None => lines.extend(failure.filter(|_| has_moved || asked).map(|error| state.sentences(error))),
            Some(known) if known.current != now.current => lines.extend(thread::current(state, reader)),
            Some(known) if asked && known.byline != now.byline => lines.push(now.byline.clone()),
            Some(_) => {}
        }
        let before = self.thread.as_ref().filter(|known| known.id == now.id && known.is_here).map(|known| known.posts);
        if let Some(new) = before.and_then(|before| now.posts.checked_sub(before)).filter(|new| *new > 0) {
            lines.push(state.words.count("plain.new_posts", u64::from(new)));
        }
        let awaited = self.thread.as_ref().filter(|known| known.id == now.id).and_then(|known| known.awaits);
        if let Some(number) = now.awaits.filter(|number| awaited != Some(*number)) {
            lines.push(state.words.fill("plain.fetching", &[("n", &number.to_string())]));
        }
        self.thread = Some(now);
    }

    /// While something lies over it, only what is new in the open thread.
    fn passing(&mut self, state: &State, lines: &mut Vec<String>) {
        let Some(reader) = state.pane().reader(state) else { return };
        let last = state.threads.get(&reader.id).map_or(0, |thread| thread.last);
        if let Some(known) = self.thread.as_mut().filter(|known| known.id == reader.id && known.is_here) {
            let new = last.saturating_sub(known.posts);
            lines.extend((new > 0).then(|| state.words.count("plain.new_posts", u64::from(new))));
            known.posts = last;
        }
    }
}

/// A line without what counts.
fn still(line: &str) -> String {
    line.chars().filter(|c| !c.is_ascii_digit()).collect()
}
