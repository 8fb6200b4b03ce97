//! The places one has been, as a browser keeps pages: pane, thread and post, back and forward.

use super::{
    overlay::search::Search,
    pane::{self, reader::Jump},
    state::State,
};
use crate::base::ids::ThreadId;

/// The most places that are remembered in either direction.
const MOST: usize = 100;

/// Where one was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Which pane.
    pub pane: usize,
    /// Which thread was open in it.
    pub thread: Option<ThreadId>,
    /// Which of its posts was selected.
    pub number: Option<u32>,
    /// How many lines below the top of the picture that post began; less than 0 when it began above.
    pub line: isize,
    /// Whether what was found in a search lay over it.
    pub in_search: bool,
}

impl Spot {
    fn is_at(&self, other: &Self) -> bool {
        self.pane == other.pane && self.thread == other.thread
    }

    /// Whether it is the same place, however it stood in the picture.
    fn is_same(&self, other: &Self) -> bool {
        self.is_at(other) && self.number == other.number && self.in_search == other.in_search
    }
}

/// The spots before and after the present one.
#[derive(Clone, Debug, Default)]
pub struct Trail {
    /// Where one came from, the last one last.
    pub back: Vec<Spot>,
    /// Where one went back from.
    pub forward: Vec<Spot>,
}

fn push(spots: &mut Vec<Spot>, spot: Spot) {
    if spots.last().is_none_or(|last| !last.is_same(&spot)) {
        spots.push(spot);
    }
    let surplus = spots.len().saturating_sub(MOST);
    spots.drain(..surplus);
}

impl State {
    /// Where one is.
    pub fn spot(&self) -> Spot {
        let reader = self.pane().reader(self);
        let line = reader.and_then(|r| Some(r.sheet()?.start_of(r.current)? as isize - r.top as isize));
        Spot {
            pane: self.active,
            thread: reader.map(|r| r.id.clone()),
            number: reader.map(|r| r.current),
            line: line.unwrap_or(0),
            in_search: false,
        }
    }

    /// Remembers where one is before going elsewhere.
    pub fn leave_spot(&mut self) {
        let spot = self.spot();
        push(&mut self.trail.back, spot);
        self.trail.forward.clear();
    }

    /// Opens a thread: here, or in the pane of threads when this one shows none. One step back is where one was.
    pub fn visit_thread(&mut self, thread: &ThreadId, number: Option<u32>) {
        let spot = self.spot();
        self.visit_thread_from(thread, number, spot);
    }

    /// The same, where one step back is `spot`.
    pub fn visit_thread_from(&mut self, thread: &ThreadId, number: Option<u32>, spot: Spot) {
        self.leave_spot();
        self.open_thread(thread, number);
        if let Some(reader) = self.pane().reader_mut(self) {
            reader.origin = Some(spot);
        }
    }

    /// Opens a thread here, or in the pane of threads when this one shows none.
    fn open_thread(&mut self, thread: &ThreadId, number: Option<u32>) {
        if !self.pane().open_at(self, thread, number)
            && let Some(index) = pane::index("threads")
        {
            self.show_pane(index);
            self.pane().open_at(self, thread, number);
        }
    }

    /// Goes to a post of the open thread, wherever it stands: below what is folded away, or not fetched yet.
    pub fn go_to_post(&mut self, number: u32) {
        if let Some(thread) = self.pane().open_thread(self) {
            self.pane().open_at(self, &thread, Some(number));
        }
    }

    /// Out of a thread, to where it was opened from. Over a list there is nothing to go back to.
    pub(super) fn step_back(&mut self) {
        let origin = self.pane().reader_mut(self).and_then(|reader| reader.origin.take());
        let here = self.spot();
        self.pane().back(self);
        let Some(spot) = origin else { return };
        if let Some(at) = self.trail.back.iter().rposition(|known| known.is_at(&spot)) {
            self.trail.back.truncate(at);
        }
        push(&mut self.trail.forward, here);
        self.visit(&spot);
        if spot.in_search {
            Search::open(self);
        }
    }

    /// Goes back, or forward again, to where one was.
    pub(super) fn travel(&mut self, forward: bool) {
        let here = self.spot();
        let Trail { back, forward: ahead } = &mut self.trail;
        let (from, to) = if forward { (ahead, back) } else { (back, ahead) };
        while let Some(spot) = from.pop() {
            if !spot.is_same(&here) {
                push(to, here);
                self.forget_origin();
                return self.visit(&spot);
            }
        }
        self.say(super::notice::Tone::Plain, self.word("unavailable.no-further"));
    }

    /// Whoever leaves a thread another way has gone elsewhere: one step back from it is its list then.
    pub(super) fn forget_origin(&mut self) {
        if let Some(reader) = self.pane().reader_mut(self) {
            reader.origin = None;
        }
    }

    fn visit(&mut self, spot: &Spot) {
        if spot.pane != self.active {
            self.pane().due(self);
        }
        self.show_pane(spot.pane);
        let Some(thread) = &spot.thread else {
            self.pane().back(self);
            return;
        };
        self.open_thread(thread, spot.number);
        if let (Some(reader), Some(number)) = (self.pane().reader_mut(self), spot.number) {
            reader.jump = Some(Jump::Spot(number, spot.line));
        }
    }
}
