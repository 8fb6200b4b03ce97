//! A list of threads beside an open thread: what the feed, the threads and the questions have in common.

use ratatui::Frame;
use ratatui::layout::Rect;

use super::{
    Pane, Panes,
    list::{List, Motion},
    reader::{self, Jump, Reader, echo},
    thread_list,
};
use crate::base::{ids::ThreadId, text::Clean};
use crate::engine::{event::Answer, request::Query};
use crate::model::{
    change::{Applied, Notice},
    feed::{Sort, ThreadQuery, View},
    page::{Cursor, Page},
    search::saved::Saved,
    thread::Thread,
};
use crate::tui::{
    change::Sending,
    heard::Heard,
    hits::{Hit, Part},
    layout,
    state::State,
};

mod asking;

/// Which threads a list holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A view of the feed.
    Feed(View),
    /// Threads by a query.
    Threads(ThreadQuery),
    /// None but what a saved search finds.
    Nothing,
}

impl Default for Source {
    fn default() -> Self {
        Self::Feed(View::default())
    }
}

impl Source {
    /// Whether the list goes by when threads were opened.
    fn is_by_age(&self) -> bool {
        matches!(self, Self::Threads(query) if matches!(query.sort, Sort::Oldest | Sort::Newest))
    }

    fn query(&self, cursor: Option<Cursor>) -> Option<Query> {
        match self {
            Self::Feed(view) => Some(Query::Feed(*view, cursor)),
            Self::Threads(query) => Some(Query::Threads(query.clone(), cursor)),
            Self::Nothing => None,
        }
    }
}

/// What such a pane remembers.
#[derive(Default)]
pub struct Browser {
    /// Which threads the list holds, unless a saved search is shown.
    pub source: Source,
    /// The saved search that is shown.
    pub search: Option<Saved>,
    /// The list.
    pub list: List<ThreadId>,
    /// The open thread.
    pub reader: Option<Reader>,
    /// Whether the keys go to the open thread.
    pub in_detail: bool,
}

impl Browser {
    /// What the list asks for.
    fn query(&self, cursor: Option<Cursor>) -> Option<Query> {
        match &self.search {
            Some(search) => Some(Query::Search(search.query.clone(), cursor)),
            None => self.source.query(cursor),
        }
    }

    /// Whether the list goes by when threads were opened.
    fn is_by_age(&self) -> bool {
        self.search.is_none() && self.source.is_by_age()
    }
}

/// Threads, as a list or a search brings them.
fn threads_of(answer: Answer) -> Option<Page<Thread>> {
    match answer {
        Answer::Threads(page) => Some(page),
        Answer::Hits(page) => {
            Some(Page { items: page.items.into_iter().map(|hit| hit.thread).collect(), next: page.next })
        }
        _ => None,
    }
}

/// Such a pane.
pub struct BrowserPane {
    /// [`Pane::name`].
    pub name: &'static str,
    /// What it remembers.
    pub of: fn(&Panes) -> &Browser,
    /// The same, to change it.
    pub of_mut: fn(&mut Panes) -> &mut Browser,
    /// What the list holds, in words: its first line.
    pub heading: fn(&State) -> Vec<String>,
    /// The sentence for an empty list: what to do.
    pub empty: fn(&State) -> String,
    /// [`Pane::badge`].
    pub badge: fn(&State) -> u32,
    /// The footer's commands over the list.
    pub list_footer: &'static [&'static str],
    /// The footer's commands over an open thread.
    pub detail_footer: &'static [&'static str],
}

impl BrowserPane {
    fn browser<'a>(&self, state: &'a State) -> &'a Browser {
        (self.of)(&state.panes)
    }

    fn browser_mut<'a>(&self, state: &'a mut State) -> &'a mut Browser {
        (self.of_mut)(&mut state.panes)
    }

    /// Shows other threads.
    pub fn set_source(&self, state: &mut State, source: Source) {
        self.browser_mut(state).source = source;
        self.narrow(state, None);
    }

    /// Shows what a saved search finds, or again the threads that were shown before.
    pub fn narrow(&self, state: &mut State, search: Option<Saved>) {
        let browser = self.browser_mut(state);
        browser.search = search;
        browser.list.items.clear();
        let load = std::mem::take(&mut browser.list.load);
        browser.list = List { load, ..List::default() };
        (browser.list.load.arrived, browser.list.load.error) = (None, None);
        browser.in_detail = false;
        self.load(state);
        state.dirty = true;
    }

    /// What the list holds, in words: a saved search by its name.
    pub fn words(&self, state: &State) -> Vec<String> {
        match &self.browser(state).search {
            Some(search) => {
                vec![format!("{} {}", search.name, state.symbols.more), Clean::line(&search.query).to_string()]
            }
            None => (self.heading)(state),
        }
    }

    /// The sentence for when the list is empty.
    pub fn nothing(&self, state: &State) -> String {
        if self.browser(state).search.is_some() { state.word("empty.search") } else { (self.empty)(state) }
    }
}

/// How many rows of the list the picture has.
pub fn rows(state: &State) -> usize {
    let body = layout::parts(state.size).body;
    usize::from(body.height.saturating_sub(1) / thread_list::row_lines(state))
}

impl Pane for BrowserPane {
    fn name(&self) -> &'static str {
        self.name
    }

    fn badge(&self, state: &State) -> u32 {
        (self.badge)(state)
    }

    fn contexts(&self, state: &State) -> Vec<&'static str> {
        let part = if self.browser(state).in_detail { "detail" } else { "list" };
        if part == "detail" { vec![part, self.name] } else { vec![self.name, part] }
    }

    fn show(&self, state: &mut State) {
        let load = &self.browser(state).list.load;
        let is_wanted = load.arrived.is_none() || load.error.is_some();
        if is_wanted && load.ticket().is_none() {
            self.load(state);
        }
        if !self.browser(state).in_detail {
            let rows = rows(state);
            self.browser_mut(state).list.show_held(rows);
        }
    }

    fn refresh(&self, state: &mut State) {
        self.browser_mut(state).list.wants_news = true;
        self.load(state);
        self.load_reader(state);
    }

    fn has_failed(&self, state: &State) -> bool {
        let browser = self.browser(state);
        let reader = browser.reader.iter().flat_map(|reader| [&reader.load, &reader.thread_load]);
        [&browser.list.load, &browser.list.more].into_iter().chain(reader).any(|load| load.error.is_some())
    }

    fn go(&self, state: &mut State, motion: Motion) {
        let rows = rows(state);
        let height = usize::from(layout::parts(state.size).body.height);
        let browser = self.browser_mut(state);
        match &mut browser.reader {
            Some(reader) if browser.in_detail => reader.go(motion, height),
            _ => {
                browser.list.go(motion, rows);
                state.rest();
            }
        }
        state.dirty = true;
        self.load_more(state);
        self.read_on(state);
    }

    fn wheel(&self, state: &mut State, part: Part, motion: Motion) {
        match self.browser_mut(state).reader.as_mut().filter(|_| part == Part::Detail) {
            Some(reader) => {
                reader.scroll(if matches!(motion, Motion::Up(_)) { -3 } else { 3 });
                self.read_on(state);
            }
            None => {
                let rows = rows(state);
                self.browser_mut(state).list.go(motion, rows);
                state.rest();
                self.load_more(state);
            }
        }
        state.dirty = true;
    }

    fn click(&self, state: &mut State, row: usize) {
        let browser = self.browser_mut(state);
        browser.in_detail = false;
        if row == browser.list.selected {
            return self.open(state);
        }
        if row < browser.list.items.len() {
            (browser.list.selected, browser.list.is_touched) = (row, true);
            state.rest();
        }
        state.dirty = true;
    }

    fn can_open(&self, state: &State) -> bool {
        let browser = self.browser(state);
        !browser.in_detail && browser.list.current().is_some()
    }

    fn open(&self, state: &mut State) {
        if let Some(id) = self.browser(state).list.current().cloned().filter(|_| !self.browser(state).in_detail) {
            state.leave_spot();
            self.open_thread_at(state, &id, Jump::Unread);
            if let Some(reader) = self.browser_mut(state).reader.as_mut() {
                reader.origin = None;
            }
        }
    }

    fn back(&self, state: &mut State) -> bool {
        let was = std::mem::take(&mut self.browser_mut(state).in_detail);
        if was {
            self.due(state);
            state.dirty = true;
        }
        was
    }

    fn focus_detail(&self, state: &mut State, detail: bool) {
        let browser = self.browser_mut(state);
        if detail && browser.reader.is_none() {
            return self.open(state);
        }
        browser.in_detail = detail;
        state.dirty = true;
    }

    fn divider(&self, state: &State) -> Option<u16> {
        layout::halves(layout::parts(state.size).body, state.options.split, false).divider
    }

    fn answer(&self, state: &mut State, heard: &Heard) {
        let rows = rows(state);
        let list = &mut self.browser_mut(state).list;
        if list.load.waits_for(heard.ticket) {
            state.dirty = true;
            if let Some(page) = self.browser_mut(state).list.load.take(heard).and_then(threads_of) {
                let page = state.remember_page(page);
                self.browser_mut(state).list.receive(page, rows, heard.is_kept);
            }
        } else if list.more.waits_for(heard.ticket) {
            state.dirty = true;
            if let Some(page) = self.browser_mut(state).list.more.take(heard).and_then(threads_of) {
                let page = state.remember_page(page);
                self.browser_mut(state).list.append(page);
            }
        } else {
            self.reader_answer(state, heard);
        }
    }

    fn changed(&self, state: &mut State, notices: &[Notice]) {
        let open = self.open_thread(state);
        let is_open = |notice: &Notice| notice.thread.is_some() && notice.thread == open;
        if open.is_some() && (notices.is_empty() || notices.iter().any(is_open)) {
            self.look_at_reader(state);
        }
        if self.browser(state).list.load.arrived.is_some() && self.browser(state).list.load.ticket().is_none() {
            self.look(state);
        }
    }

    fn confirmed(&self, state: &mut State, sent: &Sending, applied: &Applied) {
        if sent.draft.is_some() && applied.thread.is_some() && applied.thread == self.open_thread(state) {
            if let (Some(reader), Some(number)) = (self.browser_mut(state).reader.as_mut(), applied.number) {
                reader.jump = Some(Jump::Post(number));
            }
            self.load_reader(state);
        }
    }

    fn due(&self, state: &mut State) {
        let of = self.of_mut;
        reader::mark_read(state, |s| of(&mut s.panes).reader.as_mut());
        if !self.browser(state).in_detail && state.has_rested() {
            self.prefetch(state);
        }
    }

    fn settle(&self, state: &mut State) {
        let Some(mut reader) = self.browser_mut(state).reader.take() else { return };
        let halves = layout::halves(layout::parts(state.size).body, state.options.split, true);
        if let Some(area) = halves.detail {
            reader.settle(state, area);
        }
        echo::forget_arrived(&reader, state);
        self.browser_mut(state).reader = Some(reader);
        if self.browser(state).in_detail {
            let of = self.of_mut;
            reader::note_seen(state, |s| of(&mut s.panes).reader.as_mut());
        }
    }

    fn listed<'a>(&self, state: &'a State) -> &'a [ThreadId] {
        &self.browser(state).list.items
    }

    fn thread(&self, state: &State) -> Option<ThreadId> {
        let browser = self.browser(state);
        match &browser.reader {
            Some(reader) if browser.in_detail => Some(reader.id.clone()),
            _ => browser.list.current().cloned(),
        }
    }

    fn open_thread(&self, state: &State) -> Option<ThreadId> {
        self.browser(state).reader.as_ref().map(|r| r.id.clone())
    }

    fn reader<'a>(&self, state: &'a State) -> Option<&'a Reader> {
        let browser = self.browser(state);
        browser.reader.as_ref().filter(|_| browser.in_detail)
    }

    fn reader_mut<'a>(&self, state: &'a mut State) -> Option<&'a mut Reader> {
        let browser = self.browser_mut(state);
        let in_detail = browser.in_detail;
        browser.reader.as_mut().filter(|_| in_detail)
    }

    fn open_at(&self, state: &mut State, thread: &ThreadId, number: Option<u32>) -> bool {
        self.open_thread_at(state, thread, number.map_or(Jump::Unread, Jump::Post));
        true
    }

    fn footer(&self, state: &State) -> &'static [&'static str] {
        if self.browser(state).in_detail { self.detail_footer } else { self.list_footer }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let browser = self.browser(state);
        let halves = layout::halves(area, state.options.split, browser.in_detail && browser.reader.is_some());
        if let Some(area) = halves.list {
            let page = thread_list::Page {
                list: &browser.list,
                heading: self.words(state),
                empty: self.nothing(state),
                has_focus: !browser.in_detail,
                by_age: browser.is_by_age(),
            };
            thread_list::view(frame, area, state, &page);
        }
        if let Some(area) = halves.detail {
            state.hits.put(area, Hit::Part(Part::Detail));
            match &browser.reader {
                Some(reader) => reader.view(frame, area, state, browser.in_detail),
                None => reader::nothing_open(frame, area, state),
            }
        }
    }
}
