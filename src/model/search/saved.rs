//! Searches that are kept under a name, to be looked at again.

use serde::{Deserialize, Serialize};

use crate::base::text::Clean;

/// The pane of the screen in which a saved search is shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pane {
    /// With the views of the feed.
    Feed,
    /// With the threads by space and kind.
    #[default]
    Threads,
    /// With the questions.
    Questions,
    /// Beside what is held.
    Membership,
    /// Beside what concerns the reader.
    Inbox,
}

impl Pane {
    /// All, in their order on the screen.
    pub const ALL: [Self; 5] = [Self::Feed, Self::Threads, Self::Questions, Self::Membership, Self::Inbox];

    /// The pane's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Threads => "threads",
            Self::Questions => "questions",
            Self::Membership => "membership",
            Self::Inbox => "inbox",
        }
    }

    /// The pane of a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|pane| pane.as_str() == name)
    }

    /// The following one; after the last the first.
    pub fn next(self) -> Self {
        let at = Self::ALL.iter().position(|pane| *pane == self).unwrap_or(0);
        Self::ALL[(at + 1) % Self::ALL.len()]
    }
}

/// A search under a name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Saved {
    /// What it is called; one of a pane.
    pub name: Clean,
    /// As it is typed into the search line.
    pub query: String,
    /// Where it is shown.
    #[serde(default)]
    pub pane: Pane,
}

impl Saved {
    /// Whether it is this one: by its name and its pane.
    pub fn is(&self, other: &Self) -> bool {
        self.pane == other.pane && self.name == other.name
    }
}

/// Keeps a search; one of the same name in the same pane makes way for it and leaves it its place.
pub fn put(all: &mut Vec<Saved>, new: Saved) {
    match all.iter_mut().find(|known| known.is(&new)) {
        Some(known) => *known = new,
        None => all.push(new),
    }
}

/// Moves the search at a place among those of its pane, to the neighbour's place; answers with its new place.
pub fn shift(all: &mut [Saved], at: usize, down: bool) -> usize {
    let Some(pane) = all.get(at).map(|one| one.pane) else { return at };
    let is_near = |to: &usize| all[*to].pane == pane;
    let to = if down { (at + 1..all.len()).find(is_near) } else { (0..at).rev().find(is_near) };
    match to {
        Some(to) => {
            all.swap(at, to);
            to
        }
        None => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saved(name: &str, pane: Pane) -> Saved {
        Saved { name: Clean::line(name), query: name.to_owned(), pane }
    }

    fn names(all: &[Saved]) -> String {
        all.iter().map(|one| one.name.as_str()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_name_is_one_of_its_pane() {
        let mut all = vec![saved("a", Pane::Feed), saved("b", Pane::Feed)];
        put(&mut all, Saved { query: "new".to_owned(), ..saved("a", Pane::Feed) });
        put(&mut all, saved("a", Pane::Threads));
        assert_eq!((names(&all).as_str(), all[0].query.as_str()), ("a b a", "new"));
    }

    #[test]
    fn a_search_moves_among_those_of_its_pane() {
        let mut all = vec![saved("a", Pane::Feed), saved("x", Pane::Threads), saved("b", Pane::Feed)];
        assert_eq!((shift(&mut all, 0, true), names(&all).as_str()), (2, "b x a"));
        assert_eq!((shift(&mut all, 2, true), names(&all).as_str()), (2, "b x a"));
        assert_eq!((shift(&mut all, 2, false), names(&all).as_str()), (0, "a x b"));
        assert_eq!(shift(&mut all, 9, false), 9);
    }
}
