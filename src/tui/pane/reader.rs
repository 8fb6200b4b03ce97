//! An open thread: its posts laid out, the selected one, what was read.

use std::collections::BTreeSet;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::list::{Load, Motion};
use crate::base::{ids::ThreadId, time::SignedDuration};
use crate::engine::request::Query;
use crate::model::{
    change::Change,
    page::{Page, Window},
    post::Post,
};
use crate::tui::{
    state::{Spot, State},
    view::empty,
    widget::{text::width, thread_page::Cache},
};

pub(super) mod echo;
pub mod order;
pub mod sheet;

use sheet::Sheet;

/// How long one looks at a post before it counts as read on the server.
const SETTLED: SignedDuration = SignedDuration::from_millis(1500);
/// Posts that are fetched without being asked for: beyond them a thread is fetched as it is read.
const EAGER: usize = 300;
/// A long thread is fetched on when so many lines are left.
const NEAR_END: usize = 200;
/// Posts of a page.
const PAGE: u32 = 30;
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
    /// Where to go once the posts are there.
    pub jump: Option<Jump>,
    /// What is looked for on this page.
    pub find: Option<String>,
    /// How the posts stand.
    pub load: Load,
    /// How the thread's own facts stand.
    pub thread_load: Load,
    /// Up to where it was read when it was opened: what is above is new.
    pub read_before: u32,
    /// Where it was opened from, when that was not the list beside it.
    pub origin: Option<Spot>,
    pub(super) seen: BTreeSet<u32>,
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
            jump: Some(jump),
            find: None,
            load: Load::default(),
            thread_load: Load::default(),
            read_before,
            origin: None,
            seen: BTreeSet::new(),
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

    /// The posts to ask for when asking anew: from the beginning, or around where a long thread was opened.
    pub(super) fn window(&self) -> Window {
        match (self.posts.first().map(|post| post.number), self.jump) {
            (Some(first), _) if first > 1 => Window::After(first - 1),
            (None, Some(Jump::Post(number))) if number as usize > EAGER => Window::Around(number),
            (None, Some(Jump::Unread)) if self.read_before as usize > EAGER => Window::Around(self.read_before),
            _ => Window::Start,
        }
    }

    /// What to ask for when the end of what is here comes near, or its beginning.
    pub(super) fn wants_more(&self) -> Option<Query> {
        let sheet = self.sheet.as_ref().filter(|_| self.load.ticket().is_none())?;
        let first = self.posts.first().map(|post| post.number)?;
        if first > 1 && self.top < NEAR_END {
            return Some(Query::Posts(self.id.clone(), Window::After(first.saturating_sub(PAGE + 1))));
        }
        let after = self.more_after?;
        let is_near = self.top + self.height + NEAR_END >= sheet.page.lines.len();
        is_near.then(|| Query::Posts(self.id.clone(), Window::After(after)))
    }

    /// Takes posts in; returns what to ask for next.
    pub(super) fn take_in(&mut self, page: Page<Post>, is_kept: bool) -> Option<Query> {
        let last = page.items.last().map(|p| p.number);
        // A thread that has closed shows its beginning only.
        if page.items.iter().any(|post| post.partial) {
            self.posts.retain(|post| post.partial);
        }
        for post in page.items {
            match self.posts.binary_search_by_key(&post.number, |p| p.number) {
                Ok(at) => self.posts[at] = post,
                Err(at) => self.posts.insert(at, post),
            }
        }
        self.outdate();
        let end = self.posts.last().map(|post| post.number);
        match last {
            None => self.more_after = None,
            Some(_) if last == end => self.more_after = last.filter(|_| page.next.is_some()),
            // What follows is here from earlier; there may be more behind it.
            Some(_) if page.next.is_some() && !is_kept => self.more_after = end,
            Some(_) => {}
        }
        let after = self.more_after.filter(|_| !is_kept && self.posts.len() < EAGER)?;
        Some(Query::Posts(self.id.clone(), Window::After(after)))
    }

    /// Lays the text out for `area` when it must be, and goes where it was to go.
    pub(super) fn settle(&mut self, state: &State, area: Rect) {
        self.height = usize::from(area.height);
        let width = area.width;
        if self.sheet.as_ref().is_none_or(|s| s.is_old || s.width != width) {
            let before = self.sheet.as_ref().and_then(|s| Some(s.start_of(self.current)? as isize - self.top as isize));
            let mut cache = std::mem::take(&mut self.cache);
            let sheet = sheet::lay_out(self, state, width, &mut cache);
            self.cache = cache;
            // New posts above must not push the text that is being read.
            if let (Some(offset), Some(start)) = (before, sheet.start_of(self.current)) {
                self.top = start.saturating_add_signed(-offset);
            }
            self.sheet = Some(sheet);
        }
        if let Some(to) = self.jump.and_then(|jump| self.target(jump)) {
            self.jump = None;
            self.select(to);
        }
        self.clamp();
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
            Jump::Post(n) if has(n) => Some(n),
            Jump::Post(_) => is_whole.then_some(self.current),
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
        let in_picture =
            |n: &u32| sheet.range_of(*n).is_some_and(|(start, end)| start < self.top + self.height && end > self.top);
        if !in_picture(&self.current) {
            let mut visible = sheet.order.iter().filter(|n| in_picture(n));
            let found = if lines > 0 { visible.next() } else { visible.next_back() };
            self.current = found.copied().unwrap_or(self.current);
        }
    }

    /// The lines on which what is looked for stands.
    pub fn places(&self) -> Vec<usize> {
        let (Some(sheet), Some(find)) = (&self.sheet, &self.find) else { return Vec::new() };
        let find = find.to_lowercase();
        let stands = |line: &Line<'_>| text_of(line).to_lowercase().contains(&find);
        (0..sheet.page.lines.len()).filter(|at| stands(&sheet.page.lines[*at])).collect()
    }

    /// Brings a line into the picture and selects the post it belongs to.
    pub fn show_line(&mut self, line: usize) {
        if !(self.top..self.top + self.height).contains(&line) {
            self.top = line.saturating_sub(self.height / 3);
        }
        let sheet = self.sheet.as_ref();
        let post = sheet.and_then(|s| s.page.anchors.iter().find(|a| (a.line..a.line + a.lines).contains(&line)));
        self.current = post.map_or(self.current, |a| a.number);
        self.clamp();
    }

    fn clamp(&mut self) {
        let lines = self.sheet.as_ref().map_or(0, |s| s.page.lines.len());
        self.top = self.top.min(lines.saturating_sub(self.height.max(1)));
    }

    /// Numbers of the posts whose end is in the picture or above it.
    fn passed(&self) -> Vec<u32> {
        let Some(sheet) = &self.sheet else { return Vec::new() };
        let bottom = self.top + self.height;
        let reached = |n: &&u32| sheet.range_of(**n).is_some_and(|(_, end)| end <= bottom + 1 && end > self.top);
        sheet.order.iter().filter(reached).copied().collect()
    }

    /// Draws the thread.
    pub(super) fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State, has_focus: bool) {
        let Some(sheet) = self.sheet.as_ref().filter(|_| !self.posts.is_empty()) else {
            return empty::view(frame, area, state, &self.load, &state.word("empty.thread"));
        };
        let selected = sheet.start_of(self.current);
        let lines = sheet.page.lines.iter().enumerate().skip(self.top).take(usize::from(area.height));
        for (y, (at, line)) in lines.enumerate() {
            let row = Rect { y: area.y + y as u16, height: 1, ..area };
            frame.render_widget(line, row);
            if let Some(find) = &self.find {
                mark(frame, row, &text_of(line), find, state.theme.mark);
            }
            if selected == Some(at) && has_focus {
                frame.render_widget(Span::styled(state.symbols.bar, state.theme.selection), row);
                frame.set_cursor_position((row.x, row.y));
            }
        }
    }
}

fn text_of(line: &Line<'_>) -> String {
    line.spans.iter().map(|span| span.content.as_ref()).collect()
}

/// Marks where what is looked for stands on a line that was drawn.
fn mark(frame: &mut Frame<'_>, row: Rect, text: &str, find: &str, style: ratatui::style::Style) {
    let (text, find) = (text.to_lowercase(), find.to_lowercase());
    for (at, found) in text.match_indices(&find) {
        let x = row.x.saturating_add(width(&text[..at]) as u16);
        let place = Rect { x, width: width(found) as u16, ..row }.intersection(row);
        frame.buffer_mut().set_style(place, style);
    }
}

/// Notes which posts were shown to their end, and asks to be woken to tell the server.
pub(super) fn note_seen(state: &mut State, reader: impl Fn(&mut State) -> Option<&mut Reader>) {
    let now = state.now;
    let Some(reader) = reader(state) else { return };
    let before = reader.seen.len();
    let passed = reader.passed();
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
