//! Search in the whole community: words in, threads with what matched out.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{
    Overlay, Then,
    ask::{Ask, Rows},
    frame,
    typed::Typed,
};
use crate::base::{ids::ThreadId, text::Clean};
use crate::engine::{event::Answer, request::Query};
use crate::model::search::{self, Hit, Unreadable, saved::Saved};
use crate::tui::{
    heard::Heard,
    hits,
    key::Key,
    notice::Tone,
    pane::list::{Keyed, List, Load, Motion},
    state::State,
    trail::Spot,
    view::empty,
    widget::{
        editor::{Edit, Editor, Lines},
        text::{fit, width, wrap},
    },
};

/// Lines of a result.
const ROW: u16 = 2;

impl Keyed for Hit {
    type Key = ThreadId;
    fn key(&self) -> &ThreadId {
        &self.thread.id
    }
}

/// A search and what it found.
#[derive(Clone)]
pub struct Search {
    typed: Editor,
    asked: String,
    list: List<Hit>,
    /// What is wrong with the words.
    fault: Option<String>,
    /// Whether the words are those of the last time, all selected: what is typed takes their place.
    is_selected: bool,
}

impl Search {
    /// Lays it over the pane, with what was last searched for and found.
    pub fn open(state: &mut State) {
        let new = || Self {
            typed: Editor::new(Lines::One, ""),
            asked: String::new(),
            list: List::default(),
            fault: None,
            is_selected: false,
        };
        let mut search = state.searched.take().unwrap_or_else(new);
        search.is_selected = !search.typed.text().is_empty();
        state.lay(search);
    }

    /// Keeps it for the next time. What was still on its way is asked for anew then.
    fn leave(&mut self, state: &mut State) -> Then {
        let (load, more) = (self.list.load.ticket(), self.list.more.ticket());
        state.abandon(load);
        state.abandon(more);
        self.list.more = Load::default();
        if load.is_some() {
            (self.asked, self.list) = (String::new(), List::default());
        }
        state.searched = Some(self.clone());
        Then::Close
    }

    fn ask(&mut self, state: &mut State) {
        self.asked = self.typed.text().trim().to_owned();
        self.list = List { load: std::mem::take(&mut self.list.load), ..List::default() };
        self.fault = match search::Query::parse(&self.asked) {
            Err(fault) if !self.asked.is_empty() => Some(unreadable(state, &fault)),
            _ => None,
        };
        if !self.asked.is_empty() && self.fault.is_none() {
            let ticket = state.start(Query::Search(self.asked.clone(), None));
            let before = self.list.load.asked(ticket, state.now);
            state.abandon(before);
        }
    }

    fn more(&mut self, state: &mut State) {
        if self.list.wants_more(ROWS) {
            let ticket = state.start(Query::Search(self.asked.clone(), self.list.next.clone()));
            self.list.more.asked(ticket, state.now);
        }
    }

    /// Asks for a name to keep the search under, in the pane that lies below or in that of threads.
    fn save(&mut self, state: &mut State) {
        let query = self.typed.text().trim().to_owned();
        self.fault = search::Query::parse(&query).err().map(|fault| unreadable(state, &fault));
        if self.fault.is_some() {
            return;
        }
        let pane = state.search_pane().unwrap_or_default();
        let place = state.word(&format!("pane.{}", pane.as_str()));
        let (title, hint) = (state.word("searches.save"), state.words.fill("searches.save-hint", &[("pane", &place)]));
        state.lay(Typed::new(title, hint, move |state, name| {
            let name = if name.is_empty() { &query } else { name };
            let new = Saved { name: Clean::line(name), query: query.clone(), pane };
            if state.is_set(&new) {
                return Err(state.word("searches.set"));
            }
            state.overlays.retain(|over| over.context() != "search");
            let said = state.words.fill("searches.saved", &[("name", &new.name), ("pane", &place)]);
            state.save_search(new);
            state.say(Tone::Good, said);
            Ok(Then::Close)
        }));
    }

    fn is_new(&self) -> bool {
        self.typed.text().trim() != self.asked
    }
}

/// How many results a picture has, at most.
const ROWS: usize = 12;

impl Overlay for Search {
    fn context(&self) -> &'static str {
        "search"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "choice-down" => self.list.go(Motion::Down(1), ROWS),
            "choice-up" => self.list.go(Motion::Up(1), ROWS),
            "save-search" => self.save(state),
            "choose" if self.is_new() => self.ask(state),
            "choose" => {
                let Some(hit) = self.list.current() else { return Then::Stay };
                let (number, thread) = (hit.number, hit.thread.clone());
                let id = state.remember(thread);
                let spot = Spot { in_search: true, ..state.spot() };
                state.visit_thread_from(&id, Some(number), spot);
                return self.leave(state);
            }
            _ => return self.leave(state),
        }
        self.is_selected = false;
        self.more(state);
        Then::Stay
    }

    fn key(&mut self, key: Key, _: &mut State) -> Then {
        if let Some(edit) = Edit::of(key.code, key.ctrl, key.alt) {
            let was_selected = std::mem::take(&mut self.is_selected);
            if was_selected && matches!(edit, Edit::Insert(_) | Edit::Backspace | Edit::Delete) {
                self.typed.set("");
            }
            self.typed.edit(edit);
        }
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        if self.is_new() || row >= self.list.items.len() {
            return Then::Stay;
        }
        self.list.selected = row;
        self.run("choose", state)
    }

    fn paste(&mut self, text: &str, _: &mut State) -> Then {
        if std::mem::take(&mut self.is_selected) {
            self.typed.set("");
        }
        self.typed.paste(text);
        Then::Stay
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        Some(Ask::new(state.word("search.title"), self.typed.text(), Some("choose")))
    }

    fn fill(&mut self, text: &str, _: &mut State) {
        self.is_selected = false;
        self.typed.set(text.trim());
    }

    fn rows(&self, state: &State) -> Option<Rows> {
        let row = |hit: &Hit| {
            let words: String = hit.snippet.iter().map(|(_, text)| text.as_str()).collect();
            format!("{}, {}: {}", hit.thread.title, state.age(hit.at), words)
        };
        let rows = Rows { rows: self.list.items.iter().map(row).collect(), selected: self.list.selected };
        (!self.is_new() && !rows.rows.is_empty()).then_some(rows)
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        if self.list.load.waits_for(heard.ticket) {
            if let Some(Answer::Hits(page)) = self.list.load.take(heard) {
                self.list.replace(page, ROWS);
            }
            state.dirty = true;
        } else if self.list.more.waits_for(heard.ticket) {
            if let Some(Answer::Hits(page)) = self.list.more.take(heard) {
                self.list.append(page);
            }
            state.dirty = true;
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let height = ROWS as u16 * ROW + 4;
        let inside = frame::boxed(frame, area, state, &state.word("search.title"), (100, height));
        if inside.height < 2 {
            return;
        }
        let body = Rect { y: inside.y + 2, height: inside.height.saturating_sub(2), ..inside };
        if self.list.items.is_empty() {
            if let Some(fault) = &self.fault {
                for (y, line) in (body.top()..body.bottom()).zip(wrap(fault, usize::from(body.width))) {
                    frame.render_widget(Span::styled(line, state.theme.bad), Rect { y, height: 1, ..body });
                }
            } else if self.asked.is_empty() {
                let hint = fit(&state.word("search.hint"), usize::from(body.width), state.symbols.ellipsis);
                frame.render_widget(Span::styled(hint, state.theme.dim), Rect { height: body.height.min(1), ..body });
            } else {
                empty::view(frame, body, state, &self.list.load, &state.word("empty.search"));
            }
        }
        let rows = usize::from(body.height / ROW).max(1);
        let top = self.list.top.max((self.list.selected + 1).saturating_sub(rows));
        for (at, hit) in self.list.items.iter().enumerate().skip(top).take(usize::from(body.height / ROW)) {
            let y = body.y + (at - top) as u16 * ROW;
            let is_selected = at == self.list.selected && !self.is_new();
            for (line, text) in lines(state, hit, usize::from(body.width)).into_iter().enumerate() {
                frame.render_widget(text, Rect { y: y + line as u16, height: 1, ..body });
            }
            state.hits.put(Rect { y, height: ROW, ..body }, hits::Hit::Row(at));
            if is_selected {
                let bar = Rect { x: body.x - 1, y, width: 1, height: 1 };
                frame.render_widget(Span::styled(state.symbols.bar, state.theme.selection), bar);
            }
        }
        // Last, because the cursor belongs where typing goes.
        self.typed.view(frame, Rect { height: 1, ..inside }, true);
        if self.is_selected {
            let columns = (width(&self.typed.text()) as u16).min(inside.width);
            frame.buffer_mut().set_style(Rect { height: 1, width: columns, ..inside }, state.theme.mark);
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["choose", "save-search", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// Why words are no search, in the reader's language.
fn unreadable(state: &State, fault: &Unreadable) -> String {
    match fault {
        Unreadable::Empty => state.word("search.fault.empty"),
        Unreadable::Operator(name) => state.words.fill("search.fault.operator", &[("name", &Clean::line(name))]),
        Unreadable::Value(name, value) => {
            state.words.fill("search.fault.value", &[("name", name), ("value", &Clean::line(value))])
        }
        Unreadable::Twice(name) => state.words.fill("search.fault.twice", &[("name", name)]),
    }
}

/// The title with its age, and the words around what matched.
fn lines(state: &State, hit: &Hit, columns: usize) -> [Line<'static>; 2] {
    let age = state.when(hit.at);
    let room = columns.saturating_sub(age.len() + 6);
    let title = fit(&hit.thread.title, room, state.symbols.ellipsis);
    let gate = hit.thread.gate.as_ref().map(|g| format!(" [{}]", g.required.name)).unwrap_or_default();
    let first = Line::from(vec![
        Span::styled(title, state.theme.title),
        Span::styled(gate, state.theme.warn),
        Span::styled(format!(" {} {age}", state.symbols.middot), state.theme.dim),
    ]);
    let piece = |(marked, text): &(bool, Clean)| {
        Span::styled(text.to_string(), if *marked { state.theme.mark } else { state.theme.dim })
    };
    let mut second = vec![Span::raw("  ")];
    second.extend(hit.snippet.iter().map(piece));
    [first, Line::from(second)]
}
