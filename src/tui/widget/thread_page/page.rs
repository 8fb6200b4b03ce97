//! The page as it stands: its sections, found by line, by post and by number.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use ratatui::text::{Line, Span};

use super::{cache::Body, links};
use crate::model::markup::{Document, Mark};
use crate::tui::widget::markdown::{Kind, Seam};

/// Where a post stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The post's number.
    pub number: u32,
    /// Its first line.
    pub line: usize,
    /// How many lines it has, with the blank one below.
    pub lines: usize,
    /// Columns left free before it.
    pub indent: usize,
}

/// The lines of a section: those around the body are its own.
#[derive(Debug, Default)]
pub(super) struct Part {
    pub(super) head: Vec<Line<'static>>,
    /// How the lines of the head belong together; those beyond its end stand alone.
    pub(super) seams: Vec<Seam>,
    pub(super) body: Option<Arc<Body>>,
    pub(super) tail: Vec<Line<'static>>,
}

impl Part {
    fn lines(&self) -> usize {
        self.head.len() + self.body.as_ref().map_or(0, |body| body.laid.lines.len()) + self.tail.len()
    }

    fn line(&self, at: usize) -> Option<&Line<'static>> {
        let Some(at) = at.checked_sub(self.head.len()) else { return self.head.get(at) };
        let body = self.body.as_ref().map_or(&[][..], |body| &body.laid.lines);
        body.get(at).or_else(|| self.tail.get(at - body.len()))
    }

    fn seam(&self, at: usize) -> Seam {
        let Some(at) = at.checked_sub(self.head.len()) else { return self.seams.get(at).copied().unwrap_or_default() };
        self.body.as_ref().and_then(|body| body.laid.seams.get(at)).copied().unwrap_or_default()
    }

    fn document(&self) -> Option<&Document> {
        self.body.as_ref().map(|body| &*body.document)
    }
}

/// Lines that stand together: the title, a post.
#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) indent: usize,
    /// The post's number.
    pub(super) post: Option<u32>,
    pub(super) part: Arc<Part>,
}

impl Section {
    /// One that is no post.
    pub(super) fn of(indent: usize, lines: Vec<Line<'static>>, seams: Vec<Seam>) -> Self {
        Self { indent, post: None, part: Arc::new(Part { head: lines, seams, ..Part::default() }) }
    }
}

/// Something on the page that has a number.
#[derive(Clone, Copy, Debug)]
pub struct Numbered<'a> {
    /// The post in which it is.
    pub post: u32,
    /// Its place in the post's marks.
    pub place: usize,
    /// What it is.
    pub mark: &'a Mark,
    /// The post's text.
    pub document: &'a Document,
}

/// Lines of the page with which something can be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The post in which they are.
    pub post: u32,
    /// The place in the post's marks.
    pub place: usize,
    /// What can be done.
    pub kind: Kind,
    /// The lines.
    pub lines: Range<usize>,
}

/// A thread as lines of one width. The first column is free for the selection's bar.
#[derive(Clone, Debug, Default)]
pub struct Page {
    sections: Vec<Section>,
    /// The first line of each section, and how many numbers there are before it.
    starts: Vec<(usize, usize)>,
    height: usize,
    marks: usize,
    /// The posts in reading order.
    anchors: Vec<Anchor>,
    /// The place of a post in `anchors`.
    places: HashMap<u32, usize>,
}

impl Page {
    pub(super) fn push(&mut self, section: Section) {
        let lines = section.part.lines();
        self.starts.push((self.height, self.marks));
        if let Some(number) = section.post {
            self.places.insert(number, self.anchors.len());
            self.anchors.push(Anchor { number, line: self.height, lines, indent: section.indent });
        }
        self.height += lines;
        self.marks += section.part.document().map_or(0, |document| document.marks.len());
        self.sections.push(section);
    }

    /// How many lines it has.
    pub fn height(&self) -> usize {
        self.height
    }

    /// How many numbers it has.
    pub fn marks(&self) -> usize {
        self.marks
    }

    /// A line.
    pub fn line(&self, at: usize) -> Option<Line<'static>> {
        let nth = self.starts.partition_point(|(start, _)| *start <= at).checked_sub(1)?;
        let section = &self.sections[nth];
        let line = section.part.line(at - self.starts[nth].0)?;
        if line.spans.is_empty() {
            return Some(line.clone());
        }
        let mut spans = Vec::with_capacity(line.spans.len() + 1);
        spans.push(Span::raw(" ".repeat(section.indent)));
        spans.extend(line.spans.iter().cloned());
        Some(Line { spans, style: line.style, alignment: line.alignment })
    }

    /// All lines.
    pub fn lines(&self) -> impl Iterator<Item = Line<'static>> {
        (0..self.height).filter_map(|at| self.line(at))
    }

    /// How a line belongs to the one above it; what is left free before a post is none of its text.
    pub fn seam(&self, at: usize) -> Seam {
        let nth = self.starts.partition_point(|(start, _)| *start <= at).checked_sub(1);
        let Some((section, (start, _))) = nth.map(|nth| (&self.sections[nth], self.starts[nth])) else {
            return Seam::default();
        };
        let seam = section.part.seam(at - start);
        Seam { lead: seam.lead + section.indent, ..seam }
    }

    /// The text of a post, if it is on the page.
    pub fn document(&self, post: u32) -> Option<&Document> {
        let anchor = self.anchor(post)?;
        let nth = self.starts.partition_point(|(start, _)| *start <= anchor.line).checked_sub(1)?;
        self.sections[nth].part.document()
    }

    /// The posts in reading order.
    pub fn anchors(&self) -> &[Anchor] {
        &self.anchors
    }

    /// Where a post stands, if it is on the page.
    pub fn anchor(&self, number: u32) -> Option<&Anchor> {
        self.places.get(&number).map(|place| &self.anchors[*place])
    }

    /// The posts of which a line is among these, in reading order.
    pub fn anchors_in(&self, lines: Range<usize>) -> &[Anchor] {
        let first = self.anchors.partition_point(|anchor| anchor.line + anchor.lines <= lines.start);
        let after = self.anchors.partition_point(|anchor| anchor.line < lines.end);
        &self.anchors[first..after.max(first)]
    }

    /// Whether anything on the page is of a kind.
    pub fn has(&self, is: impl Fn(&Mark) -> bool) -> bool {
        self.sections
            .iter()
            .filter_map(|section| section.part.document())
            .any(|document| document.marks.iter().any(&is))
    }

    /// What has a number, counted from 1.
    pub fn numbered(&self, number: usize) -> Option<Numbered<'_>> {
        let before = number.checked_sub(1)?;
        let nth = self.starts.partition_point(|(_, marks)| *marks <= before).checked_sub(1)?;
        let document = self.sections[nth].part.document()?;
        let place = before - self.starts[nth].1;
        let mark = document.marks.get(place)?;
        Some(Numbered { post: self.sections[nth].post?, place, mark, document })
    }

    /// The numbers of what is in a post, from and up to.
    pub fn numbers_of(&self, post: u32) -> Range<usize> {
        let Some(anchor) = self.anchor(post) else { return 0..0 };
        let nth = self.starts.partition_point(|(start, _)| *start <= anchor.line).saturating_sub(1);
        let first = self.starts[nth].1 + 1;
        first..first + self.sections[nth].part.document().map_or(0, |document| document.marks.len())
    }

    /// Where among these lines numbers stand, with what belongs to them, from top to bottom.
    pub fn marks_in(&self, lines: Range<usize>) -> impl Iterator<Item = links::Mark> {
        let first = self.starts.partition_point(|(start, _)| *start <= lines.start).saturating_sub(1);
        let sections = self.sections.iter().zip(&self.starts).skip(first);
        let end = lines.end;
        let marks = sections.take_while(move |(_, (start, _))| *start < end).flat_map(|(section, (start, _))| {
            let body = section.part.body.as_ref().map_or(&[][..], |body| &body.marks);
            let (line, column) = (start + section.part.head.len(), section.indent as u16);
            body.iter().map(move |mark| links::Mark {
                line: line + mark.line,
                columns: mark.columns.start + column..mark.columns.end + column,
                number: mark.number,
            })
        });
        marks.filter(move |mark| lines.contains(&mark.line))
    }

    /// Where among these lines something can be done, from top to bottom.
    pub fn places_in(&self, lines: Range<usize>) -> Vec<Place> {
        let first = self.starts.partition_point(|(start, _)| *start <= lines.start).saturating_sub(1);
        let mut places = Vec::new();
        for (section, (start, _)) in self.sections.iter().zip(&self.starts).skip(first) {
            if *start >= lines.end {
                break;
            }
            let (Some(post), Some(body)) = (section.post, &section.part.body) else { continue };
            let start = start + section.part.head.len();
            for spot in &body.laid.spots {
                let of = spot.lines.start + start..spot.lines.end + start;
                if of.start < lines.end && of.end > lines.start {
                    places.push(Place { post, place: spot.place, kind: spot.kind, lines: of });
                }
            }
        }
        places
    }
}
