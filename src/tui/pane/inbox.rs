//! What concerns the reader: mentions, replies, answers, accepted answers, and notices about the membership.
//!
//! Putting an item away leaves it in its place, marked, until the list is asked for again: rows never jump under the
//! hand, and a refusal of the server needs no repair.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{
    Pane,
    browser::BrowserPane,
    list::{Keyed, List, Motion},
    searched::{self, Searched},
};
use crate::base::{
    ids::{NotificationId, ThreadId},
    text::width::{ellipsis, width},
};
use crate::engine::{event::Answer, request::Query, wording::reason_key};
use crate::model::{
    change::{Applied, Change, Notice, Topic},
    notification::{Notification, Reason},
    search::saved,
};
use crate::tui::{
    change::{Sending, Undo},
    heard::Heard,
    hits::Hit,
    notice::Tone,
    state::State,
    view::empty,
};

/// The row in [`super::PANES`].
pub static TABS: Searched = Searched { own: &PANE, own_name: OWN, found: &FOUND, of: saved::Pane::Inbox };

/// What the pane's own view is called.
const OWN: &str = "view.inbox";

/// The inbox itself.
pub static PANE: Inbox = Inbox;

/// What a saved search beside it finds.
pub static FOUND: BrowserPane = BrowserPane {
    name: "inbox",
    of: |panes| &panes.by_inbox,
    of_mut: |panes| &mut panes.by_inbox,
    heading: |state| searched::own_heading(state, OWN),
    empty: |state| state.word("inbox.empty"),
    badge: |_| 0,
    list_footer: super::FOUND,
    detail_footer: super::READING,
};

/// Lines of one item.
fn tall(state: &State) -> usize {
    usize::from(super::thread_list::row_lines(state))
}

/// The pane.
pub struct Inbox;

/// What the pane remembers.
#[derive(Default)]
pub struct Items {
    /// The items.
    pub list: List<Notification>,
    /// Whether those put away are shown too.
    pub with_done: bool,
}

impl Keyed for Notification {
    type Key = NotificationId;

    fn key(&self) -> &NotificationId {
        &self.id
    }
}

impl Inbox {
    fn load(&self, state: &mut State) {
        state.ask(Query::Inbox(state.panes.inbox.with_done, None), |s| &mut s.panes.inbox.list.load);
    }
}

impl Pane for Inbox {
    fn name(&self) -> &'static str {
        "inbox"
    }

    fn badge(&self, state: &State) -> u32 {
        state.home.me.as_ref().map_or(0, |me| me.inbox)
    }

    fn contexts(&self, _: &State) -> Vec<&'static str> {
        vec!["inbox", "list"]
    }

    fn show(&self, state: &mut State) {
        let load = &state.panes.inbox.list.load;
        if (load.arrived.is_none() || load.error.is_some()) && load.ticket().is_none() {
            self.refresh(state);
        }
    }

    fn refresh(&self, state: &mut State) {
        state.panes.inbox.list.wants_news = true;
        self.load(state);
    }

    fn has_failed(&self, state: &State) -> bool {
        let list = &state.panes.inbox.list;
        list.load.error.is_some() || list.more.error.is_some()
    }

    fn go(&self, state: &mut State, motion: Motion) {
        let rows = rows(state);
        state.panes.inbox.list.go(motion, rows);
        state.dirty = true;
        let list = &state.panes.inbox.list;
        if list.wants_more(rows) {
            let next = Query::Inbox(state.panes.inbox.with_done, list.next.clone());
            state.ask(next, |s| &mut s.panes.inbox.list.more);
        }
    }

    fn click(&self, state: &mut State, row: usize) {
        let list = &mut state.panes.inbox.list;
        if row == list.selected {
            return self.open(state);
        }
        if row < list.items.len() {
            (list.selected, list.is_touched) = (row, true);
        }
        state.dirty = true;
    }

    fn can_open(&self, state: &State) -> bool {
        state.panes.inbox.list.current().is_some()
    }

    fn open(&self, state: &mut State) {
        let Some(item) = state.panes.inbox.list.current().cloned() else { return };
        match (&item.thread, item.reason) {
            (Some(thread), _) => state.visit_thread(thread, item.number),
            (None, Reason::Membership) => {
                state.leave_spot();
                state.show_pane(super::index("membership").unwrap_or(0));
            }
            (None, _) => state.say(Tone::Plain, state.word("inbox.nowhere")),
        }
    }

    fn answer(&self, state: &mut State, heard: &Heard) {
        let rows = rows(state);
        let list = &mut state.panes.inbox.list;
        if let Some(Answer::Inbox(page)) = list.load.take(heard) {
            list.receive(page, rows, heard.is_kept);
            state.dirty = true;
        } else if let Some(Answer::Inbox(page)) = list.more.take(heard) {
            list.append(page);
            state.dirty = true;
        }
    }

    fn changed(&self, state: &mut State, notices: &[Notice]) {
        let concerns = notices.is_empty() || notices.iter().any(|notice| notice.topic == Topic::Inbox);
        if concerns && state.panes.inbox.list.load.arrived.is_some() {
            self.load(state);
        }
    }

    fn confirmed(&self, state: &mut State, sent: &Sending, _: &Applied) {
        let Change::Done { notification, done } = &sent.change else { return };
        let items = &mut state.panes.inbox.list.items;
        for item in items.iter_mut().filter(|item| item.id == *notification) {
            item.done = *done;
        }
        if let Some(me) = &mut state.home.me {
            me.inbox = if *done { me.inbox.saturating_sub(1) } else { me.inbox + 1 };
        }
    }

    fn thread(&self, state: &State) -> Option<ThreadId> {
        state.panes.inbox.list.current().and_then(|item| item.thread.clone())
    }

    fn footer(&self, _: &State) -> &'static [&'static str] {
        &["open", "done", "undo", "toggle-done", "filter", "palette", "help"]
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let inbox = &state.panes.inbox;
        let list = &inbox.list;
        if list.items.is_empty() {
            return empty::view(frame, area, state, &list.load, &state.word("inbox.empty"));
        }
        let shown = list.items.iter().enumerate().skip(list.top).take(usize::from(area.height).div_ceil(tall(state)));
        for ((at, item), y) in shown.zip((area.y..area.bottom()).step_by(tall(state))) {
            let lines = lines(state, item, at == list.selected, usize::from(area.width));
            let tall = (tall(state) as u16).min(area.bottom() - y);
            state.hits.put(Rect { y, height: tall, ..area }, Hit::Row(at));
            for (line, y) in lines.into_iter().zip(y..area.bottom()) {
                frame.render_widget(line, Rect { y, height: 1, ..area });
            }
        }
        head(frame, area, state);
    }
}

/// What is to be said of the whole list, at the right of its first line: how old it is, what is new above it.
fn head(frame: &mut Frame<'_>, area: Rect, state: &State) {
    let list = &state.panes.inbox.list;
    let mut words: Vec<String> = list.load.stale_since(state.now).map(|since| state.as_of(since)).into_iter().collect();
    if list.fresh() > 0 {
        let fresh = state.words.count("list.fresh", list.fresh() as u64);
        words.push(format!("{fresh} {}", state.symbols.sending));
    }
    if !words.is_empty() {
        crate::tui::overlay::frame::corner(frame, area, &format!(" {}", words.join("  ")), state.theme.warn);
    }
}

/// Puts the selected item away, with a way back, and goes on to the next one.
pub fn put_away(state: &mut State) {
    let Some(item) = state.panes.inbox.list.current().cloned() else { return };
    if is_done(state, &item) {
        return;
    }
    let change = |done| Change::Done { notification: item.id.clone(), done };
    state.apply(change(true));
    state.undo = Some(Undo { said: "inbox.returned", changes: vec![change(false)] });
    state.say(Tone::Plain, state.word("inbox.put_away"));
    let rows = rows(state);
    state.panes.inbox.list.go(Motion::Down(1), rows);
}

/// Shows those put away too, or no longer.
pub fn toggle_done(state: &mut State) {
    state.panes.inbox.with_done = !state.panes.inbox.with_done;
    PANE.refresh(state);
    state.dirty = true;
}

/// Whether an item is put away, as the reader last said: before the server has confirmed it too.
fn is_done(state: &State, item: &Notification) -> bool {
    let said = state.sending.iter().rev().find_map(|sending| match &sending.change {
        Change::Done { notification, done } if *notification == item.id => Some(*done),
        _ => None,
    });
    said.unwrap_or(item.done)
}

/// Items in the picture.
fn rows(state: &State) -> usize {
    (usize::from(searched::lines_of_own(state, saved::Pane::Inbox)) / tall(state)).max(1)
}

/// An item in two lines: where, and the first words; who did what and when. Or both in one, without the words.
fn lines(state: &State, item: &Notification, selected: bool, columns: usize) -> Vec<Line<'static>> {
    let (theme, signs) = (&state.theme, &state.symbols);
    let done = is_done(state, item);
    let bar = if selected { Span::styled(signs.bar, theme.selection) } else { Span::raw(" ") };
    let mark = match done {
        true => Span::styled(format!("{} ", signs.check), theme.dim),
        false => Span::styled(format!("{} ", signs.dot), theme.accent),
    };
    let reason = reason_key(item.reason);
    let mut facts = state.word(reason);
    if let Some(actor) = &item.actor {
        facts = format!("{} {facts}", actor.name);
    }
    let middot = format!(" {} ", signs.middot);
    facts.push_str(&middot);
    facts.push_str(&state.when(item.at));
    if done {
        facts.push_str(&middot);
        facts.push_str(&state.word("inbox.done"));
    }
    let room = columns.saturating_sub(3);
    let title_style = match (selected, done) {
        (true, _) => theme.selection,
        (false, true) => theme.dim,
        (false, false) => theme.title,
    };
    if tall(state) == 1 {
        let facts = ellipsis(&facts, room * 3 / 5).into_owned();
        let left = room.saturating_sub(width(&facts) + 2);
        let title = ellipsis(&item.title, left).into_owned();
        let gap = " ".repeat(room.saturating_sub(width(&title) + width(&facts)));
        let (title, facts) = (Span::styled(title, title_style), Span::styled(facts, theme.dim));
        return vec![Line::from(vec![bar, mark, title, Span::raw(gap), facts])];
    }
    let title = ellipsis(&item.title, room).into_owned();
    let left = room.saturating_sub(width(&title) + 3);
    let excerpt = if left > 10 && !item.excerpt.is_empty() {
        format!("{middot}{}", ellipsis(&item.excerpt, left))
    } else {
        String::new()
    };
    vec![
        Line::from(vec![bar.clone(), mark, Span::styled(title, title_style), Span::styled(excerpt, theme.dim)]),
        Line::from(vec![bar, Span::raw("  "), Span::styled(ellipsis(&facts, room).into_owned(), theme.dim)]),
    ]
}
