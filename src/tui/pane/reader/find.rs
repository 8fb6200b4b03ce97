//! Words that are looked for in the open thread: where they stand, and how that is shown. Where a line was broken only
//! because of the width, they are found across the break.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};

use super::Reader;
use crate::model::{markup::Mark, post::Post};
use crate::tui::widget::{markdown::Opened, text::width, thread_page::Page};

/// Where what was found begins: the line, and how many bytes of that line stand before it.
pub(in crate::tui) type Place = (usize, usize);

/// What is looked for.
#[derive(Clone, Debug)]
pub(in crate::tui::pane) struct Wanted {
    /// In lower case.
    words: String,
    /// The place one is at.
    at: Option<Place>,
    /// What was folded away, and whether only news were shown, before it was looked for.
    folded: BTreeSet<u32>,
    only_new: bool,
}

/// A piece of what was found: all of it, or as much as stands on one line.
pub(super) struct Found {
    /// Where the whole begins.
    place: Place,
    line: usize,
    columns: Range<usize>,
}

/// A text that was broken into lines of the page, in lower case.
#[derive(Default)]
struct Whole {
    text: String,
    parts: Vec<Part>,
}

/// A line of it.
struct Part {
    line: usize,
    /// What stands before its text on that line.
    lead: String,
    /// Where it stands in the text.
    within: Range<usize>,
}

impl Whole {
    /// Adds a line. What was left out where the line above ended counts as text and stands nowhere.
    fn add(&mut self, page: &Page, line: usize) {
        let (seam, shown) = (page.seam(line), page.line(line).unwrap_or_default());
        let shown: String = shown.spans.iter().map(|span| span.content.as_ref()).collect();
        let (lead, text) = shown.split_at_checked(seam.lead).unwrap_or((&shown, ""));
        self.text.push_str(seam.joint.unwrap_or_default());
        let start = self.text.len();
        self.text.push_str(&text.to_lowercase());
        self.parts.push(Part { line, lead: lead.to_lowercase(), within: start..self.text.len() });
    }

    /// Where words stand in it.
    fn found(&self, words: &str) -> impl Iterator<Item = Found> {
        let ranges = self.text.match_indices(words).map(|(start, found)| start..start + found.len());
        ranges.flat_map(|range| {
            let touched = |part: &&Part| part.within.start < range.end && part.within.end > range.start;
            let mut place = None;
            let pieces = self.parts.iter().filter(touched).map(|part| {
                let here = range.start.max(part.within.start)..range.end.min(part.within.end);
                let before = &self.text[part.within.start..here.start];
                let place = *place.get_or_insert((part.line, part.lead.len() + before.len()));
                let from = width(&part.lead) + width(before);
                Found { place, line: part.line, columns: from..from + width(&self.text[here]) }
            });
            pieces.collect::<Vec<_>>()
        })
    }
}

impl Reader {
    /// Looks for words, or for nothing any more. While something is looked for the whole thread is shown, without what is
    /// hidden until asked for; afterwards it is as it was, but for what hid the place that was found.
    pub fn find(&mut self, words: Option<String>) {
        match (words, self.wanted.take()) {
            (Some(words), before) => {
                if before.is_none() {
                    self.outdate();
                }
                let (folded, only_new) = match before {
                    Some(before) => (before.folded, before.only_new),
                    None => (std::mem::take(&mut self.folded), std::mem::take(&mut self.only_new)),
                };
                self.wanted = Some(Wanted { words: words.to_lowercase(), at: None, folded, only_new });
            }
            (None, Some(before)) => {
                if let Some((line, _)) = before.at {
                    // What stands above it stays open too: the picture does not move.
                    self.unfold_above(self.current, line);
                }
                (self.folded, self.only_new) = (before.folded, before.only_new && self.current > self.read_before);
                self.unfold_to(self.current);
                self.outdate();
            }
            (None, None) => {}
        }
    }

    /// Posts with something that unfolds, all of it unfolded, while something is looked for.
    pub(super) fn unfolded(&self, posts: &[&Post]) -> BTreeMap<u32, Opened> {
        if self.wanted.is_none() {
            return BTreeMap::new();
        }
        let known = |post: &Post| self.sheet.as_ref().and_then(|sheet| sheet.page.document(post.number));
        // A post that was not shown so far has to be laid out anyway.
        let may_fold = |post: &&&Post| known(post).is_none_or(|document| document.marks.contains(&Mark::Fold));
        let open = |post: &&Post| self.blocks.of(post).cloned().unwrap_or_default().with_folds();
        posts.iter().filter(may_fold).map(|post| (post.number, open(post))).collect()
    }

    /// What was found that touches some lines, in order.
    pub(super) fn found_in(&self, lines: Range<usize>) -> Vec<Found> {
        let (Some(sheet), Some(wanted)) = (&self.sheet, &self.wanted) else { return Vec::new() };
        let page = &sheet.page;
        let mut line = lines.start;
        while line > 0 && page.seam(line).joint.is_some() {
            line -= 1;
        }
        let mut found = Vec::new();
        while line < lines.end.min(page.height()) {
            let mut whole = Whole::default();
            whole.add(page, line);
            line += 1;
            while line < page.height() && page.seam(line).joint.is_some() {
                whole.add(page, line);
                line += 1;
            }
            found.extend(whole.found(&wanted.words));
        }
        found
    }

    /// Marks what was found on the lines that were drawn; that which one is at besides.
    pub(super) fn mark(&self, frame: &mut Frame<'_>, area: Rect, found: &[Found], style: Style) {
        let at = self.wanted.as_ref().and_then(|wanted| wanted.at);
        for piece in found {
            let Some(y) = piece.line.checked_sub(self.top).and_then(|y| u16::try_from(y).ok()) else { continue };
            let x = area.x.saturating_add(piece.columns.start as u16);
            let place = Rect { x, y: area.y.saturating_add(y), width: piece.columns.len() as u16, height: 1 };
            let is_here = at == Some(piece.place);
            let style = if is_here { style.add_modifier(Modifier::UNDERLINED | Modifier::BOLD) } else { style };
            frame.buffer_mut().set_style(place.intersection(area), style);
        }
    }

    /// Where what is looked for stands, in order.
    pub fn places(&self) -> Vec<Place> {
        let lines = self.sheet.as_ref().map_or(0, |sheet| sheet.page.height());
        let mut places: Vec<Place> = self.found_in(0..lines).into_iter().map(|found| found.place).collect();
        places.dedup();
        places
    }

    /// Brings a place into the picture, selects the post it belongs to and marks it as the one one is at.
    pub fn show_place(&mut self, place: Option<Place>) {
        if let Some(wanted) = &mut self.wanted {
            wanted.at = place;
        }
        let Some((line, _)) = place else { return };
        if !(self.top..self.top + self.height).contains(&line) {
            self.top = line.saturating_sub(self.height / 3);
        }
        let sheet = self.sheet.as_ref();
        let post = sheet.and_then(|s| s.page.anchors_in(line..line + 1).first());
        self.current = post.map_or(self.current, |a| a.number);
        self.clamp();
    }
}
