//! Gives everything that can be acted on its place, in reading order: links by address, quoted posts by
//! what they are, code, folds and spoilers each.

use std::collections::HashMap;

use super::{Block, Inline, Mark};

/// Numbers a document whose links hold their place in `links`; returns what has a number.
pub(super) fn number(blocks: &mut [Block], links: Vec<String>) -> Vec<Mark> {
    let mut numbers = Numbers { links, known: HashMap::new(), marks: Vec::new() };
    numbers.blocks(blocks);
    numbers.marks
}

struct Numbers {
    links: Vec<String>,
    /// The place of a link by that in `links`.
    known: HashMap<usize, usize>,
    marks: Vec<Mark>,
}

impl Numbers {
    fn next(&mut self, mark: Mark) -> usize {
        self.marks.push(mark);
        self.marks.len() - 1
    }

    fn link(&mut self, link: usize) -> usize {
        if let Some(place) = self.known.get(&link) {
            return *place;
        }
        let url = self.links.get(link).cloned().unwrap_or_default();
        let place = self.next(Mark::Link(url));
        self.known.insert(link, place);
        place
    }

    fn post(&mut self, number: u32, thread: Option<String>) -> usize {
        let post = Mark::Post { number, thread };
        self.marks.iter().position(|mark| *mark == post).unwrap_or_else(|| self.next(post))
    }

    fn blocks(&mut self, blocks: &mut [Block]) {
        for block in blocks {
            match block {
                Block::Paragraph(text) | Block::Heading(_, text) => self.runs(text),
                Block::Code { place, .. } => *place = self.next(Mark::Code),
                Block::Fold { place, blocks, .. } => {
                    *place = self.next(Mark::Fold);
                    self.blocks(blocks);
                }
                Block::Spoiler { place, blocks } => {
                    *place = self.next(Mark::Spoiler);
                    self.blocks(blocks);
                }
                Block::Quote { by, blocks } => {
                    if let Some(by) = by {
                        by.place = by.post.map(|number| self.post(number, by.thread.clone()));
                    }
                    self.blocks(blocks);
                }
                Block::Alert { blocks, .. } => self.blocks(blocks),
                Block::List { items, .. } => items.iter_mut().for_each(|item| self.blocks(&mut item.blocks)),
                Block::Table { head, rows, .. } => {
                    head.iter_mut().chain(rows.iter_mut().flatten()).for_each(|cell| self.runs(cell));
                }
                Block::Footnotes(notes) => notes.iter_mut().for_each(|note| self.blocks(note)),
                Block::Math(_) | Block::Rule => {}
            }
        }
    }

    fn runs(&mut self, runs: &mut [Inline]) {
        for run in runs {
            match run {
                Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => self.runs(inner),
                Inline::Link(place, inner) => {
                    // A picture within a link comes before where the link leads, as it is drawn.
                    self.runs(inner);
                    *place = self.link(*place);
                }
                Inline::Picture(picture) => picture.place = picture.place.map(|place| self.link(place)),
                Inline::Spoiler(place, inner) => {
                    *place = self.next(Mark::Spoiler);
                    self.runs(inner);
                }
                Inline::Text(_)
                | Inline::Code(_)
                | Inline::Math(_)
                | Inline::Mention(_)
                | Inline::Tag(_)
                | Inline::Footnote(_)
                | Inline::Break => {}
            }
        }
    }
}
