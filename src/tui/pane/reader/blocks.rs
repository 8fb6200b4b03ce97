//! What is unfolded within posts, which code is moved sideways, and which of them a key means: the one whose number was
//! typed, else one that is in the picture.

use std::collections::HashMap;

use super::Reader;
use crate::base::ids::PostId;
use crate::model::{
    markup::{Block, Mark},
    post::Post,
};
use crate::tui::widget::{
    markdown::{Kind, Opened},
    thread_page::Place,
};

/// Columns by which a key moves code.
const STEP: isize = 8;

/// What is unfolded, by post and version: an edited post is as its writer left it.
#[derive(Clone, Debug, Default)]
pub struct Blocks {
    opened: HashMap<(PostId, String), Opened>,
    /// The code that was touched last: a post's number, and the place in it.
    last: Option<(u32, usize)>,
}

impl Blocks {
    /// What is unfolded in a post.
    pub fn of(&self, post: &Post) -> Option<&Opened> {
        // Most posts are as they were left, and looking one up costs a copy of its id.
        if self.opened.is_empty() {
            return None;
        }
        self.opened.get(&(post.id.clone(), post.version.clone()))
    }
}

impl Reader {
    /// Where in the picture something can be done; in the selected post first.
    fn in_picture(&self) -> Vec<Place> {
        let lines = self.top..self.top + self.height.max(1);
        let mut places = self.sheet.as_ref().map_or_else(Vec::new, |sheet| sheet.page.places_in(lines));
        places.sort_by_key(|place| place.post != self.current);
        places
    }

    /// What a number means that was typed: the post's number, the place in it, and what it is.
    fn numbered(&self, number: u32) -> Option<(u32, usize, &Mark)> {
        let found = self.sheet.as_ref()?.page.numbered(number as usize)?;
        Some((found.post, found.place, found.mark))
    }

    fn change(&mut self, number: u32, with: impl FnOnce(&mut Opened)) {
        let Some(post) = self.posts.iter().find(|post| post.number == number) else { return };
        with(self.blocks.opened.entry((post.id.clone(), post.version.clone())).or_default());
        self.outdate();
    }

    /// Has all folds of a post open that stand above a line, and those that hold it.
    pub(super) fn unfold_above(&mut self, number: u32, line: usize) {
        let Some(sheet) = &self.sheet else { return };
        let (Some(document), Some(start)) = (sheet.page.document(number), sheet.start_of(number)) else { return };
        let places = sheet.page.places_in(start..line + 1).into_iter().filter(|place| place.post == number);
        let folds = places.filter_map(|place| match document.block(place.place)? {
            Block::Fold { place, is_open, .. } => Some((*place, *is_open)),
            _ => None,
        });
        let folds: Vec<(usize, bool)> = folds.collect();
        if !folds.is_empty() {
            self.change(number, |opened| folds.iter().for_each(|(place, is_open)| opened.unfold(*place, *is_open)));
        }
    }

    /// Whether something on the page unfolds.
    pub fn can_unfold(&self) -> bool {
        self.sheet.as_ref().is_some_and(|sheet| sheet.page.has(|mark| matches!(mark, Mark::Fold | Mark::Spoiler)))
    }

    /// Unfolds what has a number, or folds it. False when that is nothing that unfolds.
    pub fn unfold_numbered(&mut self, number: u32) -> bool {
        let Some((post, place, Mark::Fold | Mark::Spoiler)) = self.numbered(number) else { return false };
        self.change(post, |opened| opened.toggle(place));
        true
    }

    /// Unfolds the first thing in the picture that is folded; folds the first one when none is. False when there is none.
    pub fn unfold(&mut self) -> bool {
        let places = self.in_picture();
        let first = |kind| places.iter().find(|place| place.kind == kind);
        let Some(place) = first(Kind::Closed).or_else(|| first(Kind::Open)) else { return false };
        let at = place.place;
        self.change(place.post, |opened| opened.toggle(at));
        true
    }

    /// Code in the picture that is wider than its room: the one touched last, or the first.
    fn wide_code(&self) -> Option<(u32, usize, usize)> {
        let places = self.in_picture();
        let wide = places.iter().filter_map(|place| match place.kind {
            Kind::Code(beyond) if beyond > 0 => Some((place.post, place.place, beyond)),
            _ => None,
        });
        let wide: Vec<_> = wide.collect();
        let is_last = |(post, place, _): &&(u32, usize, usize)| self.blocks.last == Some((*post, *place));
        wide.iter().find(is_last).or(wide.first()).copied()
    }

    /// Whether there is such code.
    pub fn has_wide_code(&self) -> bool {
        self.wide_code().is_some()
    }

    /// Wraps code or lets it be moved sideways: the code of a number, else the one in the picture. False when there is
    /// none.
    pub fn toggle_wrap(&mut self, number: Option<u32>) -> bool {
        let found = match number {
            Some(number) => self.numbered(number).filter(|(.., mark)| **mark == Mark::Code).map(|(n, p, _)| (n, p)),
            None => self.wide_code().map(|(post, place, _)| (post, place)),
        };
        let Some((post, place)) = found else { return false };
        self.blocks.last = Some((post, place));
        self.change(post, |opened| opened.toggle_wrap(place));
        true
    }

    /// Moves code sideways by so many steps. False when none in the picture is wider than its room.
    pub fn move_code(&mut self, steps: i32) -> bool {
        let Some((post, place, beyond)) = self.wide_code() else { return false };
        self.blocks.last = Some((post, place));
        let by = STEP.saturating_mul(steps as isize);
        self.change(post, |opened| opened.scroll(place, by, beyond));
        true
    }
}
