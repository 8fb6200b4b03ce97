//! A list with a selection: movement, paging, refreshing. Knows nothing of what its items are, except their keys.

use crate::base::time::{SignedDuration, Timestamp};
use crate::engine::{event::Answer, problem::UserError, request::Ticket};
use crate::model::page::{Cursor, Page};
use crate::tui::heard::Heard;

/// Nothing is drawn for something on its way until it has taken this long.
pub const PATIENCE: SignedDuration = SignedDuration::from_millis(150);

/// A way to move.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// So many rows down.
    Down(usize),
    /// So many rows up.
    Up(usize),
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// Half a screen down.
    HalfDown,
    /// Half a screen up.
    HalfUp,
    /// A screen down.
    PageDown,
    /// A screen up.
    PageUp,
}

/// Something that is asked for: whether it is on its way, arrived or failed.
#[derive(Clone, Debug, Default)]
pub struct Load {
    ticket: Option<(Ticket, Timestamp)>,
    /// When the community last gave it.
    pub arrived: Option<Timestamp>,
    /// Whether what is there was kept from an earlier time.
    pub is_kept: bool,
    /// Why it last failed; none once it arrived again.
    pub error: Option<UserError>,
}

impl Load {
    /// It was asked for under a ticket. An older ticket is forgotten, so that its late answer is dropped, and returned.
    pub fn asked(&mut self, ticket: Ticket, now: Timestamp) -> Option<Ticket> {
        self.ticket.replace((ticket, now)).map(|(before, _)| before)
    }

    /// Takes an answer in, if it is the one that is waited for. After one that was kept the community's is waited for
    /// still.
    pub fn take(&mut self, heard: &Heard) -> Option<Answer> {
        if !self.waits_for(heard.ticket) {
            return None;
        }
        if !heard.is_kept {
            self.ticket = None;
        }
        match &heard.result {
            Ok(answer) => {
                (self.arrived, self.is_kept, self.error) = (Some(heard.at), heard.is_kept, None);
                Some(answer.clone())
            }
            Err(error) => {
                self.error = Some(error.clone());
                None
            }
        }
    }

    /// Whether an answer to this ticket is waited for.
    pub fn waits_for(&self, ticket: Ticket) -> bool {
        self.ticket.is_some_and(|(waiting, _)| waiting == ticket)
    }

    /// The ticket that is waited for.
    pub fn ticket(&self) -> Option<Ticket> {
        self.ticket.map(|(ticket, _)| ticket)
    }

    /// Since when what is shown is as it is, when that is worth saying: it was kept and nothing newer came, or asking
    /// again failed.
    pub fn stale_since(&self, now: Timestamp) -> Option<Timestamp> {
        let is_old = self.error.is_some() || self.is_kept && (self.ticket.is_none() || self.is_slow(now));
        self.arrived.filter(|_| is_old)
    }

    /// Whether it has taken long enough to draw a skeleton.
    pub fn is_slow(&self, now: Timestamp) -> bool {
        self.ticket.is_some_and(|(_, since)| now.duration_since(since) >= PATIENCE)
    }
}

/// An item of a list, told from others by a key that survives a refresh.
pub trait Keyed {
    /// What tells it from others.
    type Key: PartialEq;
    /// Its key.
    fn key(&self) -> &Self::Key;
}

impl Keyed for crate::base::ids::ThreadId {
    type Key = Self;
    fn key(&self) -> &Self {
        self
    }
}

/// A list.
#[derive(Clone, Debug)]
pub struct List<T> {
    /// The items so far.
    pub items: Vec<T>,
    /// Which one is selected.
    pub selected: usize,
    /// The first one in the picture.
    pub top: usize,
    /// Where it goes on.
    pub next: Option<Cursor>,
    /// How its first page stands.
    pub load: Load,
    /// How the following page stands.
    pub more: Load,
    /// A newer first page that is not shown, because it would move the rows under the hand.
    pub held: Option<Page<T>>,
    /// Whether somebody has moved in it since it appeared.
    pub is_touched: bool,
    /// Whether the person asked for what is new.
    pub wants_news: bool,
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self {
            items: Vec::new(),
            selected: 0,
            top: 0,
            next: None,
            load: Load::default(),
            more: Load::default(),
            held: None,
            is_touched: false,
            wants_news: false,
        }
    }
}

impl<T: Keyed + Clone> List<T> {
    /// The selected item.
    pub fn current(&self) -> Option<&T> {
        self.items.get(self.selected)
    }

    /// Takes in a first page: at once when that moves nothing under the hand, or when the person asked for it; else it is
    /// held until they do.
    pub fn receive(&mut self, page: Page<T>, rows: usize, is_kept: bool) {
        let is_wanted = self.wants_news || !self.is_touched;
        if is_kept && !self.items.is_empty() {
            return;
        }
        self.wants_news &= is_kept;
        if self.items.is_empty() || is_wanted {
            let is_touched = self.is_touched;
            self.show(page, rows);
            if !is_touched {
                self.top = 0;
                self.show_selected(rows);
            }
        } else if self.would_move(&page) {
            self.held = Some(page);
        } else {
            self.held = None;
            self.update(&page);
        }
    }

    /// How many items are new, or came up again, above what is shown.
    pub fn fresh(&self) -> usize {
        let (Some(page), Some(first)) = (&self.held, self.items.first()) else { return 0 };
        page.items.iter().position(|item| item.key() == first.key()).unwrap_or(page.items.len())
    }

    /// Shows what is held.
    pub fn show_held(&mut self, rows: usize) {
        if let Some(page) = self.held.take() {
            self.show(page, rows);
        }
    }

    /// Whether showing this page would put other items above or between those that are there.
    fn would_move(&self, page: &Page<T>) -> bool {
        let here = self.items.iter().zip(&page.items);
        here.into_iter().any(|(old, new)| old.key() != new.key())
            || page.items.len() < self.items.len() && page.next.is_none()
    }

    /// Puts newer items in the places of the older, and those that follow at the end.
    fn update(&mut self, page: &Page<T>) {
        for (place, item) in page.items.iter().enumerate() {
            match self.items.get_mut(place) {
                Some(old) => *old = item.clone(),
                None => self.items.push(item.clone()),
            }
        }
        if page.items.len() >= self.items.len() {
            self.next.clone_from(&page.next);
        }
    }

    /// Shows a newer first page; what was there below it stays below it.
    fn show(&mut self, mut page: Page<T>, rows: usize) {
        let last = page.items.last().map(|last| last.key());
        let below = last.and_then(|last| self.items.iter().position(|item| item.key() == last));
        if let Some(at) = below.filter(|_| page.next.is_some()) {
            let is_new = |item: &&T| !page.items.iter().any(|known| known.key() == item.key());
            let rest: Vec<T> = self.items[at + 1..].iter().filter(is_new).cloned().collect();
            if !rest.is_empty() {
                page.items.extend(rest);
                page.next.clone_from(&self.next);
            }
        }
        self.held = None;
        self.replace(page, rows);
    }

    /// Puts a fresh first page in place of everything. The selection stays on its item; when that is gone, at its
    /// place.
    pub fn replace(&mut self, page: Page<T>, rows: usize) {
        let kept = self.current().and_then(|old| page.items.iter().position(|new| new.key() == old.key()));
        let offset = self.selected.saturating_sub(self.top);
        self.selected = kept.unwrap_or(self.selected).min(page.items.len().saturating_sub(1));
        self.top = self.selected.saturating_sub(offset);
        (self.items, self.next) = (page.items, page.next);
        self.more = Load::default();
        self.show_selected(rows);
    }

    /// Adds the following page. What is there already (it moved meanwhile) is not there twice.
    pub fn append(&mut self, page: Page<T>) {
        for item in page.items {
            if !self.items.iter().any(|known| known.key() == item.key()) {
                self.items.push(item);
            }
        }
        self.next = page.next;
    }

    /// Moves the selection in a picture of so many rows.
    pub fn go(&mut self, motion: Motion, rows: usize) {
        self.is_touched = true;
        // To the top, or up from it, is where what is new stands.
        if motion == Motion::First || matches!(motion, Motion::Up(_)) && self.selected == 0 {
            self.show_held(rows);
        }
        let (last, page) = (self.items.len().saturating_sub(1), rows.max(1));
        let to = match motion {
            Motion::Down(n) => self.selected.saturating_add(n),
            Motion::Up(n) => self.selected.saturating_sub(n),
            Motion::First => 0,
            Motion::Last => last,
            Motion::HalfDown => self.selected + (page / 2).max(1),
            Motion::HalfUp => self.selected.saturating_sub((page / 2).max(1)),
            Motion::PageDown => self.selected + page,
            Motion::PageUp => self.selected.saturating_sub(page),
        };
        self.selected = to.min(last);
        self.show_selected(rows);
    }

    /// Brings the selection into the picture. At an edge the picture moves by a third, so that most moves change two
    /// cells and few change all: over a slow line that is what is felt.
    pub fn show_selected(&mut self, rows: usize) {
        let rows = rows.max(1);
        let third = rows / 3;
        if self.selected < self.top {
            self.top = self.selected.saturating_sub(third);
        } else if self.selected >= self.top + rows {
            self.top = (self.selected + 1 + third).saturating_sub(rows);
        }
        self.top = self.top.min(self.items.len().saturating_sub(rows));
    }

    /// Whether the following page should be asked for now: the end is less than a picture away.
    pub fn wants_more(&self, rows: usize) -> bool {
        self.next.is_some() && self.more.ticket().is_none() && self.selected + rows >= self.items.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::ids::ThreadId;

    fn page(names: &str) -> Page<ThreadId> {
        Page { items: names.split(' ').map(ThreadId::new).collect(), next: None }
    }

    #[test]
    fn a_refresh_never_moves_the_selection() {
        let mut list = List::default();
        list.replace(page("a b c d"), 3);
        list.go(Motion::Down(2), 3);
        list.replace(page("x y a b c d"), 3);
        assert_eq!(list.current(), Some(&ThreadId::new("c")));
        list.replace(page("a b"), 3);
        assert_eq!(list.current(), Some(&ThreadId::new("b")));
        list.replace(Page::default(), 3);
        assert_eq!(list.current(), None);
    }

    #[test]
    fn the_picture_moves_by_thirds() {
        let mut list = List::default();
        let names: Vec<String> = (0..40).map(|n| n.to_string()).collect();
        list.replace(page(&names.join(" ")), 9);
        let mut moved = 0;
        for _ in 0..39 {
            let top = list.top;
            list.go(Motion::Down(1), 9);
            moved += usize::from(list.top != top);
            assert!((list.top..list.top + 9).contains(&list.selected));
        }
        assert_eq!((moved, list.top), (8, 31));
        list.go(Motion::First, 9);
        assert_eq!((list.selected, list.top), (0, 0));
    }

    #[test]
    fn a_late_answer_is_dropped() {
        let mut load = Load::default();
        load.asked(Ticket(1), Timestamp::UNIX_EPOCH);
        load.asked(Ticket(2), Timestamp::UNIX_EPOCH);
        assert_eq!(load.take(&heard(1, false)), None);
        assert!(load.take(&heard(2, false)).is_some());
    }

    fn heard(ticket: u64, is_kept: bool) -> Heard {
        Heard { ticket: Ticket(ticket), result: Ok(Answer::Plans(Vec::new())), at: Timestamp::UNIX_EPOCH, is_kept }
    }

    #[test]
    fn after_what_was_kept_the_answer_itself_is_waited_for() {
        let mut load = Load::default();
        load.asked(Ticket(1), Timestamp::UNIX_EPOCH);
        assert!(load.take(&heard(1, true)).is_some());
        assert!(load.waits_for(Ticket(1)) && load.is_kept);
        let later = Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_secs(1)).unwrap();
        assert_eq!(load.stale_since(Timestamp::UNIX_EPOCH), None);
        assert_eq!(load.stale_since(later), Some(Timestamp::UNIX_EPOCH));
        assert!(load.take(&heard(1, false)).is_some());
        assert_eq!(load.stale_since(later), None);
    }

    fn touched(names: &str) -> List<ThreadId> {
        let mut list = List::default();
        list.receive(page(names), 3, false);
        list.go(Motion::Down(1), 3);
        list
    }

    fn names(list: &List<ThreadId>) -> String {
        list.items.iter().map(|id| id.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn rows_never_move_under_the_hand() {
        let mut list = touched("a b c");
        list.receive(page("x y a b c"), 3, false);
        assert_eq!((names(&list).as_str(), list.fresh(), list.selected), ("a b c", 2, 1));
        // What came up again counts as new too.
        list.receive(page("b x y a c"), 3, false);
        assert_eq!((names(&list).as_str(), list.fresh()), ("a b c", 3));
        list.receive(page("a b c d"), 3, false);
        assert_eq!((names(&list).as_str(), list.fresh()), ("a b c d", 0));
    }

    #[test]
    fn what_is_new_is_shown_when_it_is_asked_for() {
        let mut list = touched("a b c");
        list.receive(page("x a b c"), 3, false);
        list.go(Motion::First, 3);
        assert_eq!((names(&list).as_str(), list.fresh(), list.selected), ("x a b c", 0, 0));
        list.go(Motion::Down(1), 3);
        list.wants_news = true;
        list.receive(page("y x a b c"), 3, false);
        assert_eq!((names(&list).as_str(), list.current().unwrap().as_str()), ("y x a b c", "a"));
        let mut list = touched("a b c");
        list.go(Motion::Up(1), 3);
        list.receive(page("x a b c"), 3, false);
        list.go(Motion::Up(1), 3);
        assert_eq!(list.current().unwrap().as_str(), "x");
    }

    #[test]
    fn a_list_that_nobody_touched_follows_and_keeps_its_selection() {
        let mut list = List::default();
        list.receive(page("a b c"), 3, true);
        list.receive(page("x a b c"), 3, false);
        assert_eq!((names(&list).as_str(), list.current().unwrap().as_str(), list.top), ("x a b c", "a", 0));
    }

    #[test]
    fn a_newer_first_page_keeps_what_was_fetched_below_it() {
        let more = |names| Page { next: Some(Cursor("1".into())), ..page(names) };
        let mut list = List::default();
        list.receive(more("a b"), 3, false);
        list.append(Page { next: Some(Cursor("2".into())), ..page("c d") });
        list.wants_news = true;
        list.receive(more("x a"), 3, false);
        assert_eq!((names(&list).as_str(), list.next.clone()), ("x a b c d", Some(Cursor("2".into()))));
        list.wants_news = true;
        list.receive(more("p q"), 3, false);
        assert_eq!(names(&list), "p q");
    }
}
