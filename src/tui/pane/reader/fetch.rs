//! Which posts of a thread to ask for, and how they come together: what is here is always one run without a hole.

use super::{EAGER, Jump, Reader};
use crate::engine::request::Query;
use crate::model::{
    page::{Page, Window},
    post::Post,
};

/// A long thread is fetched on when so many lines are left.
const NEAR_END: usize = 200;
/// Posts of a page.
const PAGE: u32 = 30;

impl Reader {
    /// The posts to ask for when asking anew: from the beginning, or around where a long thread was opened.
    pub(in crate::tui::pane) fn window(&self) -> Window {
        if let Some(number) = self.awaits {
            return Window::Around(number);
        }
        match (self.posts.first().map(|post| post.number), self.jump) {
            (Some(first), _) if first > 1 => Window::After(first - 1),
            (None, Some(Jump::Post(number) | Jump::Spot(number, _))) if number as usize > EAGER => {
                Window::Around(number)
            }
            (None, Some(Jump::Unread)) if self.read_before as usize > EAGER => Window::Around(self.read_before),
            _ => Window::Start,
        }
    }

    /// What to ask for when the end of what is here comes near, or its beginning.
    pub(in crate::tui::pane) fn wants_more(&self) -> Option<Query> {
        let sheet = self.sheet.as_ref().filter(|_| self.load.ticket().is_none())?;
        let first = self.posts.first().map(|post| post.number)?;
        if first > 1 && self.top < NEAR_END {
            return Some(Query::Posts(self.id.clone(), Window::After(first.saturating_sub(PAGE + 1))));
        }
        let after = self.more_after?;
        let is_near = self.top + self.height + NEAR_END >= sheet.page.height();
        is_near.then(|| Query::Posts(self.id.clone(), Window::After(after)))
    }

    /// Whether all posts of the thread are here.
    pub fn is_whole(&self) -> bool {
        self.more_after.is_none() && self.posts.first().is_none_or(|post| post.number == 1)
    }

    /// Takes posts in; returns what to ask for next.
    pub(in crate::tui::pane) fn take_in(&mut self, page: Page<Post>, is_kept: bool) -> Option<Query> {
        if !self.makes_room(&page, is_kept) {
            return None;
        }
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

    /// Whether posts are to be taken in. Those around one that is awaited take the place of what was here, which may be far
    /// from them and would leave a hole; without it, or once somebody has gone elsewhere, they are not wanted.
    fn makes_room(&mut self, page: &Page<Post>, is_kept: bool) -> bool {
        let Some(number) = self.awaits else { return true };
        let is_there = page.items.iter().any(|post| post.number == number);
        if is_there || !is_kept {
            self.awaits = None;
        }
        let is_wanted = matches!(self.jump, Some(Jump::Post(to) | Jump::Spot(to, _)) if to == number);
        if is_there && is_wanted {
            self.posts.clear();
            self.more_after = None;
        }
        is_there && is_wanted
    }

    /// The post that is fetched to be gone to.
    pub(in crate::tui) fn awaits(&self) -> Option<u32> {
        self.awaits
    }

    /// The post that was awaited does not come: one stays where one is.
    pub(in crate::tui::pane) fn stay(&mut self) {
        (self.awaits, self.jump) = (None, None);
    }

    /// What to ask for to go to a post that is not here, with those around it; nothing when it is here, or everything is.
    pub(in crate::tui::pane) fn begin_around(&mut self, number: u32) -> Option<Query> {
        let is_here = self.posts.binary_search_by_key(&number, |post| post.number).is_ok();
        let (Some(first), Some(last)) = (self.posts.first(), self.posts.last()) else { return None };
        let is_before = number < first.number;
        let is_behind = number > last.number && self.more_after.is_some();
        if is_here || !is_before && !is_behind {
            return None;
        }
        self.awaits = Some(number);
        Some(Query::Posts(self.id.clone(), Window::Around(number)))
    }
}
