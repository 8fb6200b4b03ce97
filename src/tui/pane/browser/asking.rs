//! What a list and its open thread ask for, and what becomes of the answers.

use super::{BrowserPane, rows};
use crate::base::ids::ThreadId;
use crate::engine::{
    event::Answer,
    request::{Query, Request},
};
use crate::model::{
    page::{Page, Window},
    thread::Thread,
};
use crate::tui::{
    change::Before,
    heard::Heard,
    notice::Tone,
    pane::{
        Pane as _,
        list::Load,
        membership,
        reader::{Jump, Reader},
    },
    state::State,
};

impl BrowserPane {
    /// Asks for the first page anew.
    pub fn load(&self, state: &mut State) {
        let Some(query) = self.browser(state).query(None) else { return };
        let of = self.of_mut;
        state.ask(query, |s| &mut of(&mut s.panes).list.load);
    }

    /// Looks at what is kept of the list now, as far down as it is shown.
    pub(super) fn look(&self, state: &mut State) {
        let browser = self.browser(state);
        let most = browser.list.items.len();
        let Some(query) = browser.query(None) else { return };
        let request = Request::Look(query, most);
        let (ticket, now, of) = (state.send(request), state.now, self.of_mut);
        let before = of(&mut state.panes).list.load.asked(ticket, now);
        state.abandon(before);
    }

    pub(super) fn load_more(&self, state: &mut State) {
        let rows = rows(state);
        let browser = self.browser(state);
        let query = browser.query(browser.list.next.clone());
        if let Some(query) = query.filter(|_| browser.list.wants_more(rows)) {
            let of = self.of_mut;
            state.ask(query, |s| &mut of(&mut s.panes).list.more);
        }
    }

    /// Has the selected thread fetched before it is opened.
    pub(super) fn prefetch(&self, state: &mut State) {
        if let Some(thread) = self.browser(state).list.current().cloned() {
            state.send(Request::Prefetch(thread));
        }
    }

    /// Goes on fetching a long thread when its end comes near.
    pub(super) fn read_on(&self, state: &mut State) {
        let reader = self.browser(state).reader.as_ref().filter(|_| self.browser(state).in_detail);
        if let Some(query) = reader.and_then(Reader::wants_more) {
            self.ask_for_reader(state, Request::Ask(query), |r| &mut r.load);
        }
    }

    pub(super) fn open_thread_at(&self, state: &mut State, id: &ThreadId, jump: Jump) {
        let browser = self.browser_mut(state);
        browser.in_detail = true;
        if let Some(reader) = browser.reader.as_mut().filter(|r| r.id == *id) {
            reader.jump = Some(jump);
            let wanted = if let Jump::Post(number) = jump { reader.begin_around(number) } else { None };
            if let Some(query) = wanted {
                self.ask_for_reader(state, Request::Ask(query), |r| &mut r.load);
            }
            state.dirty = true;
            return;
        }
        self.due(state);
        let read = state.threads.get(id).map_or(0, |t| t.marks.read);
        self.browser_mut(state).reader = Some(Reader::new(id.clone(), read, jump));
        self.load_reader(state);
        state.dirty = true;
    }

    pub(super) fn load_reader(&self, state: &mut State) {
        let Some(id) = self.open_thread(state) else { return };
        let window = self.browser(state).reader.as_ref().map_or(Window::Start, Reader::window);
        self.ask_for_reader(state, Request::Ask(Query::Thread(id.clone())), |r| &mut r.thread_load);
        self.ask_for_reader(state, Request::Ask(Query::Posts(id, window)), |r| &mut r.load);
    }

    /// Looks at what is kept of the open thread now, as far as it is shown.
    pub(super) fn look_at_reader(&self, state: &mut State) {
        let Some(reader) = &self.browser(state).reader else { return };
        let (id, window, most) = (reader.id.clone(), reader.window(), reader.posts.len() + 1);
        let is_awaited = reader.awaits().is_some();
        self.ask_for_reader(state, Request::Look(Query::Thread(id.clone()), 1), |r| &mut r.thread_load);
        // What is fetched to be gone to is as new as what is kept.
        if !is_awaited {
            self.ask_for_reader(state, Request::Look(Query::Posts(id, window), most), |r| &mut r.load);
        }
    }

    /// Asks for something that a part of the open thread waits for.
    fn ask_for_reader(&self, state: &mut State, request: Request, part: fn(&mut Reader) -> &mut Load) {
        let of = self.of_mut;
        if of(&mut state.panes).reader.is_some() {
            let ticket = state.begin(request);
            let now = state.now;
            let before = of(&mut state.panes).reader.as_mut().and_then(|reader| part(reader).asked(ticket, now));
            state.abandon(before);
        }
    }

    pub(super) fn reader_answer(&self, state: &mut State, heard: &Heard) {
        let Some(reader) = self.browser_mut(state).reader.as_mut() else { return };
        if reader.thread_load.waits_for(heard.ticket) {
            reader.outdate();
            if let Some(Answer::Thread(thread)) = reader.thread_load.take(heard) {
                let is_gated = thread.gate.is_some();
                state.remember(*thread);
                if is_gated {
                    membership::want_plans(state);
                }
            }
            state.dirty = true;
        } else if reader.load.waits_for(heard.ticket) {
            reader.outdate();
            let awaited = reader.awaits();
            if let Some(Answer::Posts(page)) = reader.load.take(heard) {
                let more = reader.take_in(page, heard.is_kept);
                if let Some(query) = more {
                    self.ask_for_reader(state, Request::Ask(query), |r| &mut r.load);
                }
            }
            if let Some(number) = awaited.filter(|_| !heard.is_kept) {
                self.has_come(state, number, heard);
            }
            state.dirty = true;
        }
    }

    /// A post that was awaited has come, or has not: that is said, and one stays where one is.
    fn has_come(&self, state: &mut State, number: u32, heard: &Heard) {
        let Some(reader) = self.browser_mut(state).reader.as_mut() else { return };
        let is_wanted = matches!(reader.jump, Some(Jump::Post(to) | Jump::Spot(to, _)) if to == number);
        if reader.posts.iter().any(|post| post.number == number) || !is_wanted {
            return;
        }
        reader.stay();
        let mut said = state.words.fill("reading.not-fetched", &[("number", &number.to_string())]);
        if let Err(error) = &heard.result {
            said = format!("{said} {}", state.sentences(error));
        }
        state.say(Tone::Bad, said);
    }
}

impl State {
    /// Keeps what is news of a thread, but not over what this reader just marked.
    pub fn remember(&mut self, mut thread: Thread) -> ThreadId {
        let id = thread.id.clone();
        let pending = self.sending.iter().any(|s| matches!(&s.before, Some(Before::Marks(marked, _)) if *marked == id));
        if let Some(known) = self.threads.get(&id).filter(|_| pending) {
            thread.marks = known.marks;
        }
        self.threads.insert(id.clone(), thread);
        id
    }

    pub(super) fn remember_page(&mut self, page: Page<Thread>) -> Page<ThreadId> {
        Page { next: page.next, items: page.items.into_iter().map(|t| self.remember(t)).collect() }
    }
}
