//! What of the picture means something to the mouse. Whatever is drawn says so itself, with the rectangle it was drawn in
//! and what a click there does, so that nothing works out a second time where it stands. What is drawn later lies above.

use std::cell::RefCell;

use ratatui::layout::{Position, Rect};

use crate::base::text::{Clean, link::Link};

/// What a place means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hit {
    /// A part of the screen that the wheel scrolls.
    Part(Part),
    /// A command, as if its key were pressed.
    Command(&'static str),
    /// A row of the list, or of what lies over it, from 0.
    Row(usize),
    /// A post of the open thread.
    Post(u32),
    /// That replies to it are folded away.
    Folded(u32),
    /// A link of the page.
    Link(u32),
    /// The line between list and detail.
    Divider,
}

/// A part of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The pane's list, or all of it.
    List,
    /// The open thread.
    Detail,
    /// What lies over the pane.
    Over,
    /// What lies below something and answers to nothing.
    Nothing,
}

/// The places of the last picture. Drawing fills them in, which is all that it changes.
#[derive(Debug, Default)]
pub struct Hits {
    places: RefCell<Vec<(Rect, Hit)>>,
    links: RefCell<Vec<(Rect, Clean)>>,
}

impl Hits {
    /// A new picture begins.
    pub fn clear(&self) {
        if let (Ok(mut places), Ok(mut links)) = (self.places.try_borrow_mut(), self.links.try_borrow_mut()) {
            places.clear();
            links.clear();
        }
    }

    /// What is drawn in `area` means this.
    pub fn put(&self, area: Rect, hit: Hit) {
        if let (Ok(mut places), Ok(mut links)) = (self.places.try_borrow_mut(), self.links.try_borrow_mut())
            && !area.is_empty()
        {
            links.retain(|(link, _)| !link.intersects(area));
            places.push((area, hit));
        }
    }

    /// What is drawn in `area` leads out of the program, and the terminal may be told where. One whose host may pass
    /// for another is not made easy to follow.
    pub fn link(&self, area: Rect, url: &str) {
        let link = Link::parse(url).filter(|link| !link.is_disguised() && !area.is_empty());
        if let (Some(link), Ok(mut links)) = (link, self.links.try_borrow_mut()) {
            links.push((area, link.url().clone()));
        }
    }

    /// The links that can be seen.
    pub fn links(&self) -> Vec<(Rect, Clean)> {
        self.links.try_borrow().map(|links| links.clone()).unwrap_or_default()
    }

    /// What is on top at a place.
    pub fn at(&self, at: Position) -> Option<Hit> {
        self.places.try_borrow().ok()?.iter().rev().find(|(area, _)| area.contains(at)).map(|(_, hit)| *hit)
    }

    /// Which part of the screen a place belongs to.
    pub fn part(&self, at: Position) -> Option<Part> {
        let hits = self.places.try_borrow().ok()?;
        hits.iter().rev().filter(|(area, _)| area.contains(at)).find_map(|(_, hit)| match hit {
            Hit::Part(part) => Some(*part),
            _ => None,
        })
    }

    /// The first place that means this: for tests, which look for a button before they press it.
    pub fn find(&self, wanted: Hit) -> Option<Rect> {
        self.places.try_borrow().ok()?.iter().rev().find(|(_, hit)| *hit == wanted).map(|(area, _)| *area)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_drawn_later_lies_above() {
        let hits = Hits::default();
        hits.put(Rect::new(0, 0, 10, 10), Hit::Part(Part::List));
        hits.put(Rect::new(0, 2, 10, 2), Hit::Row(0));
        hits.put(Rect::new(0, 0, 0, 5), Hit::Divider);
        let at = |x, y| hits.at(Position::new(x, y));
        assert_eq!((at(0, 0), at(3, 3), at(10, 3)), (Some(Hit::Part(Part::List)), Some(Hit::Row(0)), None));
        assert_eq!(hits.part(Position::new(3, 3)), Some(Part::List));
        hits.put(Rect::new(2, 2, 5, 5), Hit::Part(Part::Over));
        assert_eq!(at(3, 3), Some(Hit::Part(Part::Over)));
        hits.clear();
        assert_eq!(at(3, 3), None);
    }
}
