//! What a reader has done to a document: what they unfolded, which code they moved sideways; and where in the lines that
//! can be done.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ratatui::text::Line;

use super::Row;

/// What is unfolded in a document, by place in [`Document::marks`](crate::model::markup::Document::marks).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Opened {
    /// All folds are open.
    folds: bool,
    /// All spoilers are.
    spoilers: bool,
    /// What is not as its writer left it.
    toggled: BTreeSet<usize>,
    /// Code that is not wrapped, and from which column it is shown.
    across: BTreeMap<usize, usize>,
}

impl Opened {
    /// All folds and spoilers open: a writer looks at their own text.
    pub fn everything() -> Self {
        Self { folds: true, spoilers: true, ..Self::default() }
    }

    /// All folds open, spoilers not: on paper nothing can be unfolded.
    pub fn folds() -> Self {
        Self { folds: true, ..Self::default() }
    }

    /// Unfolds what is folded, and folds what is not.
    pub fn toggle(&mut self, place: usize) {
        if !self.toggled.remove(&place) {
            self.toggled.insert(place);
        }
    }

    /// Wraps code that is not wrapped, and the other way round.
    pub fn toggle_wrap(&mut self, place: usize) {
        if self.across.remove(&place).is_none() {
            self.across.insert(place, 0);
        }
    }

    /// Moves code sideways, by so many columns, of which `most` are beyond its room. It is not wrapped from then on.
    pub fn scroll(&mut self, place: usize, by: isize, most: usize) {
        let from = self.across.entry(place).or_default();
        *from = from.saturating_add_signed(by).min(most);
    }

    /// Unfolds what may be unfolded already; `by_default` says how its writer left it.
    pub fn unfold(&mut self, place: usize, by_default: bool) {
        if !self.is_open(place, by_default) {
            self.toggle(place);
        }
    }

    /// The same with all folds open, spoilers as they are.
    #[must_use]
    pub fn with_folds(mut self) -> Self {
        self.folds = true;
        self
    }

    /// Whether a fold that its writer left open or not is open now.
    pub(super) fn is_open(&self, place: usize, by_default: bool) -> bool {
        self.folds || self.toggled.contains(&place) != by_default
    }

    /// Whether a spoiler is.
    pub(super) fn is_told(&self, place: usize) -> bool {
        self.spoilers || self.toggled.contains(&place)
    }

    /// The column from which code is shown; none when it is wrapped.
    pub(super) fn across(&self, place: usize) -> Option<usize> {
        self.across.get(&place).copied()
    }
}

/// What can be done with some lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// They can be unfolded.
    Closed,
    /// They can be folded away.
    Open,
    /// They are code with so many columns more than there is room for; none when all of it fits.
    Code(usize),
}

/// Lines that belong to what has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spot {
    /// Its place in the document's marks.
    pub place: usize,
    /// What can be done.
    pub kind: Kind,
    /// Which lines. What lies within has a spot of its own, so one thing may have several.
    pub lines: Range<usize>,
}

/// How a line belongs to the one above it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seam {
    /// Bytes before its text, which nobody wrote: the bar of a quote, the number of a line of code.
    pub lead: usize,
    /// What stood where the line above was broken, when this one goes on from it.
    pub joint: Option<&'static str>,
}

impl Seam {
    /// That of a line before which a text was broken, and this left out. Where its writer ended the line nothing goes on.
    pub fn over(between: &str) -> Self {
        let joint = match between {
            "" => Some(""),
            ended if ended.contains('\n') => None,
            _ => Some(" "),
        };
        Self { lead: 0, joint }
    }
}

/// A document as lines of a width.
#[derive(Debug, Default)]
pub struct Laid {
    /// The lines.
    pub lines: Vec<Line<'static>>,
    /// How each belongs to the one above it.
    pub seams: Vec<Seam>,
    /// Where something can be done, from top to bottom.
    pub spots: Vec<Spot>,
}

impl Laid {
    pub(super) fn of(rows: Vec<Row>) -> Self {
        let (lines, seams) = (Vec::with_capacity(rows.len()), Vec::with_capacity(rows.len()));
        let mut laid = Self { lines, seams, spots: Vec::new() };
        for row in rows {
            let at = laid.lines.len();
            laid.lines.push(row.line);
            laid.seams.push(row.seam);
            let Some((place, kind)) = row.of else { continue };
            match laid.spots.last_mut() {
                Some(spot) if spot.place == place && spot.kind == kind && spot.lines.end == at => {
                    spot.lines.end = at + 1
                }
                _ => laid.spots.push(Spot { place, kind, lines: at..at + 1 }),
            }
        }
        laid
    }
}
