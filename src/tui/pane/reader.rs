//! An open thread: its posts laid out, the selected one, what was read.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::list::{Load, Motion};
use crate::base::{ids::ThreadId, time::SignedDuration};
use crate::model::{change::Change, markup::Mark, post::Post};
use crate::tui::{hits::Hit, overlay::frame, state::State, trail::Spot, view::empty, widget::thread_page::Cache};

pub mod blocks;
pub(super) mod echo;
mod fetch;
mod find;
pub mod order;
pub mod sheet;

use blocks::Blocks;
use find::Wanted;
use sheet::Sheet;

/// How long one looks at a post before it counts as read on the server.
const SETTLED: SignedDuration = SignedDuration::from_millis(1500);
/// Posts that are fetched without being asked for: beyond them a thread is fetched as it is read.
const EAGER: usize = 300;
/// Lines that a key or a turn of the wheel scrolls.
const STEP: usize = 3;

/// Where to go once the posts are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Jump {
    /// The opening post.
    Top,
    /// The first post that was not read.
    Unread,
    /// A post by its number.
    Post(u32),
    /// A post by its number, so many lines below the top of the picture: where one was.
    Spot(u32, isize),
    /// The text that was just sent, where it waits below the others.
    Echo,
}

/// An open thread.
#[derive(Clone, Debug)]
pub struct Reader {
    /// Which thread.
    pub id: ThreadId,
    /// Its posts so far, by number.
    pub posts: Vec<Post>,
    /// Number of the selected post.
    pub current: u32,
    /// The first line in the picture.
    pub top: usize,
    /// Posts whose replies are folded away.
    pub folded: BTreeSet<u32>,
    /// Whether only what came since the last visit is shown.
    pub only_new: bool,
    /// What is unfolded within posts.
    pub blocks: Blocks,
    /// Where to go once the posts are there.
    pub jump: Option<Jump>,
    /// What is looked for on this page. While it is, nothing is folded away.
    pub(super) wanted: Option<Wanted>,
    /// How the posts stand.
    pub load: Load,
    /// How the thread's own facts stand.
    pub thread_load: Load,
    /// Up to where it was read when it was opened: what is above is new.
    pub read_before: u32,
    /// Where it was opened from, when that was not the list beside it.
    pub origin: Option<Spot>,
    pub(super) seen: BTreeSet<u32>,
    /// A post that is fetched, with those around it, to be gone to; what was here stays until it has come.
    awaits: Option<u32>,
    /// After which post there are more, when not all are here.
    more_after: Option<u32>,
    sheet: Option<Sheet>,
    cache: Cache,
    height: usize,
}

impl Reader {
    /// A thread that is being opened, read up to a number.
    pub fn new(id: ThreadId, read_before: u32, jump: Jump) -> Self {
        Self {
            id,
            posts: Vec::new(),
            current: 1,
            top: 0,
            folded: BTreeSet::new(),
            only_new: false,
            blocks: Blocks::default(),
            jump: Some(jump),
            wanted: None,
            load: Load::default(),
            thread_load: Load::default(),
            read_before,
            origin: None,
            seen: BTreeSet::new(),
            awaits: None,
            more_after: None,
            sheet: None,
            cache: Cache::default(),
            height: 0,
        }
    }

    /// The text must be laid out again.
    pub fn outdate(&mut self) {
        if let Some(sheet) = &mut self.sheet {
            sheet.is_old = true;
        }
    }

    /// The selected post.
    pub fn post(&self) -> Option<&Post> {
        self.posts.iter().find(|p| p.number == self.current)
    }

    /// The text as it is laid out now.
    pub fn sheet(&self) -> Option<&Sheet> {
        self.sheet.as_ref()
    }

    /// Lays the text out for `area` when it must be, and goes where it was to go.
    pub(super) fn settle(&mut self, state: &State, area: Rect) {
        // What is looked for must not stand below the line it is typed in.
        self.height = usize::from(area.height).saturating_sub(usize::from(self.wanted.is_some()));
        if self.sheet.as_ref().is_none_or(|s| s.is_old || s.width != area.width) {
            self.lay_out(state, area.width);
        }
        if let Some((jump, to)) = self.jump.and_then(|jump| Some((jump, self.target(jump)?))) {
            self.jump = None;
            if self.reveal(to) {
                self.lay_out(state, area.width);
            }
            self.select(to);
            if let (Jump::Spot(_, line), Some(start)) = (jump, self.sheet.as_ref().and_then(|s| s.start_of(to))) {
                self.top = start.saturating_add_signed(-line);
            }
        }
        self.clamp();
    }

    fn lay_out(&mut self, state: &State, width: u16) {
        let before = self.sheet.as_ref().and_then(|s| Some(s.start_of(self.current)? as isize - self.top as isize));
        let mut cache = std::mem::take(&mut self.cache);
        let sheet = sheet::lay_out(self, state, width, &mut cache);
        self.cache = cache;
        // New posts above must not push the text that is being read.
        if let (Some(offset), Some(start)) = (before, sheet.start_of(self.current)) {
            self.top = start.saturating_add_signed(-offset);
        }
        // What is selected can be seen: a post that was folded away leaves that to the one it is folded into.
        if sheet.start_of(self.current).is_none()
            && let Some(shown) = sheet.nearest(self.current)
        {
            self.current = shown;
        }
        self.sheet = Some(sheet);
    }

    /// Makes a post that is folded away or filtered out part of the page; whether the page is another then.
    fn reveal(&mut self, number: u32) -> bool {
        if self.sheet.as_ref().is_none_or(|sheet| sheet.order.contains(&number)) {
            return false;
        }
        self.only_new = false;
        self.unfold_to(number);
        true
    }

    /// Nothing that a post replies to is folded any more.
    fn unfold_to(&mut self, number: u32) {
        let mut above = Some(number);
        while let Some(at) = above {
            above = self.posts.iter().find(|p| p.number == at).and_then(|p| p.parent).filter(|parent| *parent < at);
            if let Some(parent) = above {
                self.folded.remove(&parent);
            }
        }
    }

    /// Folds the replies below a post away, or shows them again.
    pub fn fold(&mut self, number: u32) {
        if !self.folded.remove(&number) {
            self.folded.insert(number);
        }
        self.outdate();
    }

    /// Folds everything that replies to the posts of the top level; or shows all of it, when something is folded.
    pub fn fold_all(&mut self) {
        if self.folded.is_empty() {
            let tops = self.sheet.iter().flat_map(|sheet| sheet.tops()).filter(|number| *number > 1);
            self.folded = tops.filter(|n| self.posts.iter().any(|p| p.parent == Some(*n))).collect();
        } else {
            self.folded.clear();
        }
        self.outdate();
    }

    /// The post a jump means, once it is known.
    fn target(&self, jump: Jump) -> Option<u32> {
        let is_whole = self.load.ticket().is_none();
        let has = |n: u32| self.posts.iter().any(|p| p.number == n);
        match jump {
            Jump::Top => has(1).then_some(1),
            Jump::Echo => {
                let last = self.posts.last().map_or(0, |post| post.number);
                let order = self.sheet.as_ref().map(|sheet| sheet.order.as_slice()).unwrap_or_default();
                order.iter().copied().filter(|number| *number > last).max()
            }
            Jump::Post(n) | Jump::Spot(n, _) if has(n) => Some(n),
            Jump::Post(_) | Jump::Spot(..) => is_whole.then_some(self.current),
            Jump::Unread if self.read_before == 0 => has(1).then_some(1),
            Jump::Unread => {
                let next = self.posts.iter().map(|p| p.number).find(|n| *n > self.read_before);
                next.or_else(|| (is_whole && has(1)).then_some(1))
            }
        }
    }

    /// Selects a post and brings its beginning into the picture.
    pub fn select(&mut self, number: u32) {
        self.current = number;
        if let Some((start, end)) = self.sheet.as_ref().and_then(|s| s.range_of(number)) {
            let is_seen = start >= self.top && end.min(start + self.height / 2) <= self.top + self.height;
            if !is_seen {
                // The title comes with the post it stands over.
                let is_first = self.sheet.as_ref().is_some_and(|s| s.order.first() == Some(&number));
                self.top = if is_first { 0 } else { start.saturating_sub(usize::from(start > 0)) };
            }
        }
        self.clamp();
    }

    /// Moves by a motion in the picture.
    pub fn go(&mut self, motion: Motion, height: usize) {
        let Some(sheet) = &self.sheet else { return };
        let (first, last) = (sheet.order.first().copied(), sheet.order.last().copied());
        match motion {
            Motion::Down(n) => (0..n.min(10_000)).for_each(|_| self.step(true)),
            Motion::Up(n) => (0..n.min(10_000)).for_each(|_| self.step(false)),
            Motion::First => {
                self.top = 0;
                self.current = first.unwrap_or(1);
            }
            Motion::Last => {
                self.current = last.unwrap_or(1);
                self.top = usize::MAX;
            }
            Motion::HalfDown => self.scroll(height as isize / 2),
            Motion::HalfUp => self.scroll(-(height as isize / 2)),
            Motion::PageDown => self.scroll(height.saturating_sub(2) as isize),
            Motion::PageUp => self.scroll(-(height.saturating_sub(2) as isize)),
        }
        self.clamp();
    }

    /// To the neighbouring post when the picture shows where it begins, else some lines on.
    fn step(&mut self, down: bool) {
        let Some(sheet) = &self.sheet else { return };
        let at = sheet.order.iter().position(|n| *n == self.current);
        let next = at.and_then(|at| if down { Some(at + 1) } else { at.checked_sub(1) });
        let neighbour = next.and_then(|at| sheet.order.get(at)).copied();
        let in_picture = |line: usize| (self.top..self.top + self.height.max(1)).contains(&line);
        match neighbour.filter(|n| sheet.start_of(*n).is_some_and(in_picture)) {
            Some(neighbour) => self.current = neighbour,
            None => self.scroll(if down { STEP as isize } else { -(STEP as isize) }),
        }
        self.clamp();
    }

    /// Moves the picture; the selection goes along when it would leave it.
    pub fn scroll(&mut self, lines: isize) {
        self.top = self.top.saturating_add_signed(lines);
        self.clamp();
        let Some(sheet) = &self.sheet else { return };
        let visible = sheet.page.anchors_in(self.top..self.top + self.height);
        if !visible.iter().any(|anchor| anchor.number == self.current) {
            let found = if lines > 0 { visible.first() } else { visible.last() };
            self.current = found.map_or(self.current, |anchor| anchor.number);
        }
    }

    fn clamp(&mut self) {
        let lines = self.sheet.as_ref().map_or(0, |s| s.page.height());
        self.top = self.top.min(lines.saturating_sub(self.height.max(1)));
    }

    /// Numbers of the posts whose end is in the picture or above it.
    fn passed(&self) -> Vec<u32> {
        let Some(sheet) = &self.sheet else { return Vec::new() };
        let bottom = self.top + self.height;
        let visible = sheet.page.anchors_in(self.top..bottom + 1).iter();
        visible.filter(|anchor| anchor.line + anchor.lines <= bottom + 1).map(|anchor| anchor.number).collect()
    }

    /// Draws the thread.
    pub(super) fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State, has_focus: bool) {
        let Some(sheet) = self.sheet.as_ref().filter(|_| !self.posts.is_empty()) else {
            return empty::view(frame, area, state, &self.load, &state.word("empty.thread"));
        };
        self.put_hits(sheet, area, state);
        let selected = sheet.start_of(self.current);
        let found = self.found_in(self.top..self.top + usize::from(area.height));
        let lines = (self.top..self.top + usize::from(area.height)).map_while(|at| Some((at, sheet.page.line(at)?)));
        for (y, (at, line)) in lines.enumerate() {
            let row = Rect { y: area.y + y as u16, height: 1, ..area };
            frame.render_widget(&line, row);
            if selected == Some(at) && has_focus {
                frame.render_widget(Span::styled(state.symbols.bar, state.theme.selection), row);
                frame.set_cursor_position((row.x, row.y));
            }
        }
        self.mark(frame, area, &found, state.theme.mark);
        if let Some(number) = self.awaits.filter(|_| self.load.is_slow(state.now)) {
            let text = state.words.fill("reading.fetching", &[("number", &number.to_string())]);
            frame::corner(frame, area, &format!(" {text}"), state.theme.warn);
        }
    }
}

impl Reader {
    /// What of the picture means something: posts, what is folded below them, links.
    fn put_hits(&self, sheet: &Sheet, area: Rect, state: &State) {
        let (top, bottom) = (self.top, self.top + usize::from(area.height));
        let rows = |start: usize, end: usize| {
            let (start, end) = (start.clamp(top, bottom), end.clamp(top, bottom));
            Rect { y: area.y + (start - top) as u16, height: (end - start) as u16, ..area }
        };
        for anchor in sheet.page.anchors() {
            let end = anchor.line + anchor.lines;
            state.hits.put(rows(anchor.line, end), Hit::Post(anchor.number));
            if self.folded.contains(&anchor.number) && anchor.lines >= 2 {
                state.hits.put(rows(end - 2, end - 1), Hit::Folded(anchor.number));
            }
        }
        for mark in sheet.page.marks_in(top..bottom) {
            let (x, width) = (area.x.saturating_add(mark.columns.start), mark.columns.len() as u16);
            let place = Rect { x, width, ..rows(mark.line, mark.line + 1) };
            let place = place.intersection(area);
            state.hits.put(place, Hit::Link(mark.number));
            if let Some(Mark::Link(url)) = sheet.page.numbered(mark.number as usize).map(|numbered| numbered.mark) {
                state.hits.link(place, url);
            }
        }
    }
}

/// Notes which posts were shown to their end, and asks to be woken to tell the server.
pub(super) fn note_seen(state: &mut State, reader: impl Fn(&mut State) -> Option<&mut Reader>) {
    let (now, linear) = (state.now, state.options.linear);
    let Some(reader) = reader(state) else { return };
    let before = reader.seen.len();
    // Told line by line, only the selected post was read; there is no picture.
    let passed = if linear { reader.post().map(|post| post.number).into_iter().collect() } else { reader.passed() };
    reader.seen.extend(passed);
    if reader.seen.len() > before {
        state.wake_at(now.saturating_add(SETTLED).unwrap_or(now));
    }
}

/// Marks what was seen as read: up to the first post that was not.
pub(super) fn mark_read(state: &mut State, reader: impl Fn(&mut State) -> Option<&mut Reader>) {
    let Some(reader) = reader(state) else { return };
    let (id, mut upto) = (reader.id.clone(), reader.read_before);
    while reader.seen.contains(&(upto + 1)) || reader.posts.iter().any(|p| p.number == upto + 1 && p.deleted) {
        upto += 1;
    }
    if state.threads.get(&id).is_some_and(|t| t.marks.read < upto) && state.is_signed_in() {
        state.apply(Change::Read { thread: id, upto });
    }
}

/// Draws the detail when nothing is open.
pub(super) fn nothing_open(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let text = Line::styled(state.word("detail.nothing"), state.theme.dim);
    let row = Rect { y: area.y + area.height / 3, height: area.height.min(1), ..area };
    frame.render_widget(text.centered(), row);
}
