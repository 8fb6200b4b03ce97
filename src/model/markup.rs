//! Formatted text, as blocks and inline runs, made from Markdown by [`parse`]. Knows nothing of colours or widths.

mod code;
mod parse;

pub use code::code_blocks;
pub use parse::{parse, plain_text};

/// A piece of a document that starts on its own line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Inline>),
    /// Code, with its language's word (empty when unnamed).
    Code {
        /// First word of the fence: `rust`.
        language: String,
        /// The code, lines ended by `\n`.
        text: String,
    },
    /// Somebody else's words.
    Quote(Vec<Block>),
    /// A list; numbered from a start, or not.
    List {
        /// First number; none for bullets.
        start: Option<u64>,
        /// Its items; a task's box first, when it has one.
        items: Vec<Item>,
    },
    /// A table.
    Table {
        /// Alignment per column.
        align: Vec<Align>,
        /// Header cells.
        head: Vec<Vec<Inline>>,
        /// Rows of cells.
        rows: Vec<Vec<Vec<Inline>>>,
    },
    /// A line across.
    Rule,
}

/// One item of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// A task's box: done or not.
    pub task: Option<bool>,
    /// What it says.
    pub blocks: Vec<Block>,
}

/// How a column stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// At the left, also when nothing was said.
    Left,
    /// In the middle.
    Center,
    /// At the right.
    Right,
}

/// A run of text within a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Plain text.
    Text(String),
    /// Code.
    Code(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// A link, by its place in [`Document::links`].
    Link(usize, Vec<Inline>),
    /// An end of line that was meant.
    Break,
}

/// A whole post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// Where its links and pictures lead, in reading order. Only `http`, `https` and `mailto` are kept as links.
    pub links: Vec<String>,
}
