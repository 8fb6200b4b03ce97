//! Lists by pages: as many items as were asked for, and a cursor that goes on right behind them, wherever the pages of the
//! community end.

use clap::Args;

use super::output::{Desk, Failure};
use crate::engine::problem::Kind;
use crate::model::page::{Cursor, Page};

/// How many, and from where.
#[derive(Clone, Debug, Default, Args)]
pub struct Bounds {
    /// The most that are printed
    #[arg(long, default_value_t = 30, value_parser = clap::value_parser!(u32).range(1..=10_000), value_name = "N")]
    pub limit: u32,
    /// Go on from here: `next` of an earlier answer
    #[arg(long)]
    pub cursor: Option<String>,
}

/// Pages on their way into a list.
pub(super) struct Pages {
    limit: usize,
    /// Where the page that comes next begins; the first of a list has no cursor.
    at: Option<Option<Cursor>>,
    /// So many of it were printed before.
    skip: usize,
}

impl Pages {
    /// From where the bounds say.
    pub(super) fn new(bounds: &Bounds) -> Result<Self, Failure> {
        let (skip, cursor) = match &bounds.cursor {
            None => (0, None),
            Some(written) => read(written).ok_or_else(|| Failure::said(Kind::Invalid, "script.cursor"))?,
        };
        Ok(Self { limit: bounds.limit as usize, at: Some(cursor), skip })
    }

    /// Where the next page is to be had, if one is wanted.
    pub(super) fn wanted(&self, have: usize) -> Option<Option<Cursor>> {
        self.at.clone().filter(|_| have < self.limit)
    }

    /// Adds what is wanted of a page to a list.
    pub(super) fn take<T>(&mut self, page: Page<T>, into: &mut Vec<T>) {
        let had = page.items.len();
        let room = self.limit - into.len();
        let skip = self.skip.min(had);
        into.extend(page.items.into_iter().skip(skip).take(room));
        if had - skip > room {
            self.skip = skip + room;
        } else {
            self.skip = 0;
            // A page that is empty and goes on would never end.
            self.at = page.next.filter(|_| had > 0).map(Some);
        }
    }

    /// Where the list goes on behind what was printed.
    pub(super) fn next(&self) -> Option<String> {
        let cursor = self.at.as_ref()?;
        let cursor = cursor.as_ref().map(|cursor| cursor.0.as_str()).unwrap_or_default();
        Some(format!("{}.{cursor}", self.skip))
    }

    /// Tells a person how to go on.
    pub(super) fn tell(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        match self.next() {
            Some(cursor) => desk.remark("script.more", &[("cursor", &cursor)]),
            None => Ok(()),
        }
    }
}

/// What [`Pages::next`] wrote.
fn read(written: &str) -> Option<(usize, Option<Cursor>)> {
    let (skip, cursor) = written.split_once('.')?;
    Some((skip.parse().ok()?, (!cursor.is_empty()).then(|| Cursor(cursor.to_owned()))))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A community with these items, in pages of so many.
    fn page(items: &[u32], size: usize, cursor: Option<Cursor>) -> Page<u32> {
        let from: usize = cursor.map_or(0, |cursor| cursor.0.parse().unwrap());
        let to = (from + size).min(items.len());
        let next = (to < items.len()).then(|| Cursor(to.to_string()));
        Page { items: items[from..to].to_vec(), next }
    }

    fn read_all(items: &[u32], size: usize, limit: u32) -> Vec<u32> {
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let mut pages = Pages::new(&Bounds { limit, cursor }).unwrap();
            let mut some = Vec::new();
            while let Some(cursor) = pages.wanted(some.len()) {
                pages.take(page(items, size, cursor), &mut some);
            }
            assert!(some.len() <= limit as usize);
            all.extend(some);
            cursor = pages.next();
            if cursor.is_none() {
                return all;
            }
        }
    }

    #[test]
    fn whatever_the_limit_every_item_comes_once() {
        let items: Vec<u32> = (0..23).collect();
        for size in [1, 3, 10, 23, 50] {
            for limit in [1, 2, 5, 10, 23, 100] {
                assert_eq!(read_all(&items, size, limit), items, "pages of {size}, limit {limit}");
            }
        }
        assert!(read_all(&[], 5, 5).is_empty());
    }

    #[test]
    fn a_cursor_of_somebody_else_is_refused() {
        for bad in ["", "x", "1", "-1.abc"] {
            assert!(Pages::new(&Bounds { limit: 1, cursor: Some(bad.into()) }).is_err(), "{bad}");
        }
    }
}
