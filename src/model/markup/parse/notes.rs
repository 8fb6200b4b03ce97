//! Footnotes: numbered by where they are first named, shown at the end.

use std::collections::HashMap;

use crate::model::markup::Block;

#[derive(Debug, Default)]
pub(super) struct Notes {
    numbers: HashMap<String, usize>,
    defined: HashMap<String, Vec<Block>>,
    /// The names in the order of their numbers.
    names: Vec<String>,
}

impl Notes {
    /// The number of a note, from 1.
    pub(super) fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.names.push(name.to_owned());
        self.numbers.insert(name.to_owned(), self.names.len());
        self.names.len()
    }

    /// Takes in what a note says. The first one of a name counts.
    pub(super) fn define(&mut self, name: &str, blocks: Vec<Block>) {
        self.defined.entry(name.to_owned()).or_insert(blocks);
    }

    /// All notes that were named.
    pub(super) fn block(mut self) -> Option<Block> {
        let notes: Vec<Vec<Block>> =
            self.names.iter().map(|name| self.defined.remove(name).unwrap_or_default()).collect();
        (!notes.is_empty()).then_some(Block::Footnotes(notes))
    }
}
