//! A list with a selection: movement, paging, refreshing. Knows nothing of what its items are, except their keys.

use crate::base::time::{SignedDuration, Timestamp};
use crate::engine::{problem::UserError, request::Ticket};
use crate::model::page::{Cursor, Page};

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
    /// When it last arrived.
    pub arrived: Option<Timestamp>,
    /// Why it last failed; none once it arrived again.
    pub error: Option<UserError>,
}

impl Load {
    /// It was asked for under a ticket. An older ticket is forgotten, so that its late answer is dropped, and returned.
    pub fn asked(&mut self, ticket: Ticket, now: Timestamp) -> Option<Ticket> {
        self.ticket.replace((ticket, now)).map(|(before, _)| before)
    }

    /// Takes an answer in, if it is the one that is waited for.
    pub fn take<T: Clone>(&mut self, ticket: Ticket, now: Timestamp, result: &Result<T, UserError>) -> Option<T> {
        if self.ticket.is_none_or(|(waiting, _)| waiting != ticket) {
            return None;
        }
        self.ticket = None;
        match result {
            Ok(answer) => {
                (self.arrived, self.error) = (Some(now), None);
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
}

impl<T> Default for List<T> {
    fn default() -> Self {
        Self { items: Vec::new(), selected: 0, top: 0, next: None, load: Load::default(), more: Load::default() }
    }
}

impl<T: Keyed> List<T> {
    /// The selected item.
    pub fn current(&self) -> Option<&T> {
        self.items.get(self.selected)
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
        assert_eq!(load.take(Ticket(1), Timestamp::UNIX_EPOCH, &Ok(1)), None);
        assert_eq!(load.take(Ticket(2), Timestamp::UNIX_EPOCH, &Ok(2)), Some(2));
    }
}
