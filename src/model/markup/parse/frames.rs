//! Blocks that marks within the text begin and end (`<details>`, `[quote]`), where Markdown itself knows of none.

use super::forum::Kind;
use crate::model::markup::{Block, By};

/// What was begun.
#[derive(Debug)]
pub(super) enum Frame {
    Quote(Option<By>),
    Details { title: String, is_open: bool },
    Spoiler,
}

impl Frame {
    fn kind(&self) -> Kind {
        match self {
            Self::Quote(_) => Kind::Quote,
            Self::Details { .. } => Kind::Details,
            Self::Spoiler => Kind::Spoiler,
        }
    }

    fn closed(self, blocks: Vec<Block>) -> Block {
        match self {
            Self::Quote(by) => Block::Quote { by, blocks },
            Self::Details { title, is_open } => Block::Fold { place: 0, title, is_open, blocks },
            Self::Spoiler => Block::Spoiler { place: 0, blocks },
        }
    }
}

/// The blocks read so far, within what was begun.
#[derive(Debug, Default)]
pub(super) struct Frames {
    outer: Vec<(Frame, Vec<Block>)>,
    blocks: Vec<Block>,
}

impl Frames {
    /// How many were begun and not ended.
    pub(super) fn depth(&self) -> usize {
        self.outer.len()
    }

    pub(super) fn add(&mut self, block: Block) {
        self.blocks.push(block);
    }

    pub(super) fn begin(&mut self, frame: Frame) {
        self.outer.push((frame, std::mem::take(&mut self.blocks)));
    }

    /// Ends the nearest of a kind, and what is open within it. False when none is open.
    pub(super) fn end(&mut self, kind: Kind) -> bool {
        let Some(at) = self.outer.iter().rposition(|(frame, _)| frame.kind() == kind) else { return false };
        while self.outer.len() > at {
            self.end_last();
        }
        true
    }

    /// Gives the nearest, if it is a fold that has none, its title. Gives the title back otherwise.
    pub(super) fn title(&mut self, text: String) -> Result<(), String> {
        match self.outer.last_mut() {
            Some((Frame::Details { title, .. }, _)) if title.is_empty() && self.blocks.is_empty() => {
                *title = text;
                Ok(())
            }
            _ => Err(text),
        }
    }

    fn end_last(&mut self) {
        if let Some((frame, outer)) = self.outer.pop() {
            let inner = std::mem::replace(&mut self.blocks, outer);
            self.blocks.push(frame.closed(inner));
        }
    }

    /// All of them. What was not ended ends here.
    pub(super) fn finish(mut self) -> Vec<Block> {
        while !self.outer.is_empty() {
            self.end_last();
        }
        self.blocks
    }
}
