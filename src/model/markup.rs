//! Formatted text, as blocks and inline runs, made by [`parse`] from Markdown and from what forums add to it. One shape
//! for each thing, whichever way it was written. Knows nothing of colours or widths.

mod excerpt;
mod number;
mod parse;
mod told;

pub use excerpt::{excerpt, opening};
pub use parse::{parse, plain_text};
pub use told::told;

/// A piece of a document that starts on its own line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Running text.
    Paragraph(Vec<Inline>),
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Inline>),
    /// Code, with its language's word (empty when unnamed).
    Code {
        /// Its place in [`Document::marks`].
        place: usize,
        /// First word of the fence: `rust`.
        language: String,
        /// The code, lines ended by `\n`.
        text: String,
    },
    /// A formula on lines of its own, as it was written.
    Math(String),
    /// Somebody else's words.
    Quote {
        /// Whose, when that was said.
        by: Option<By>,
        /// The words.
        blocks: Vec<Block>,
    },
    /// Something to look out for.
    Alert {
        /// What kind of thing.
        kind: Alert,
        /// What is said.
        blocks: Vec<Block>,
    },
    /// What is shown by its title alone until somebody unfolds it.
    Fold {
        /// Its place in [`Document::marks`].
        place: usize,
        /// Its title; empty when there is none.
        title: String,
        /// Whether its writer left it open.
        is_open: bool,
        /// What is folded.
        blocks: Vec<Block>,
    },
    /// What is not shown until somebody asks.
    Spoiler {
        /// Its place in [`Document::marks`].
        place: usize,
        /// What is hidden.
        blocks: Vec<Block>,
    },
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
    /// The footnotes, numbered from 1: the last block, when there are any.
    Footnotes(Vec<Vec<Block>>),
}

/// Whose words are quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct By {
    /// Their name, as it was written.
    pub name: String,
    /// The number of the post, when it was said.
    pub post: Option<u32>,
    /// The thread of the post, when it was said.
    pub thread: Option<String>,
    /// Its place in [`Document::marks`], when the post was said.
    pub place: Option<usize>,
}

/// What an alert is about, in GitHub's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alert {
    /// Worth knowing.
    Note,
    /// Makes it easier.
    Tip,
    /// Must be known.
    Important,
    /// May go wrong.
    Warning,
    /// Does harm.
    Caution,
}

impl Alert {
    /// Its name in the catalogue.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Note => "note",
            Self::Tip => "tip",
            Self::Important => "important",
            Self::Warning => "warning",
            Self::Caution => "caution",
        }
    }
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
    /// A formula, as it was written, with its dollar signs.
    Math(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// A link, by its place in [`Document::marks`].
    Link(usize, Vec<Inline>),
    /// A picture, which nobody fetches unasked.
    Picture(Picture),
    /// What is not shown until somebody asks, by its place in [`Document::marks`].
    Spoiler(usize, Vec<Inline>),
    /// A member, named with `@` before it.
    Mention(String),
    /// A tag, named with `#` before it.
    Tag(String),
    /// The number of a footnote.
    Footnote(usize),
    /// An end of line that was meant.
    Break,
}

/// A picture, by what is said of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// Where it is, by its place in [`Document::marks`]; none when that is no address that may be opened.
    pub place: Option<usize>,
    /// What it shows, for who does not see it.
    pub alt: String,
    /// Its caption.
    pub title: String,
    /// Width and height in pixels, when they were said.
    pub size: Option<(u32, u32)>,
}

/// Something in a document that has a number, in reading order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mark {
    /// Where a link or a picture leads: `http`, `https` or `mailto`. Equal ones have one number.
    Link(String),
    /// A block of code.
    Code,
    /// What unfolds.
    Fold,
    /// What is hidden until asked for.
    Spoiler,
    /// A post that is quoted. Equal ones have one number.
    Post {
        /// Its number.
        number: u32,
        /// Its thread, when it was said; else the one in which it is quoted.
        thread: Option<String>,
    },
}

/// A whole post.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Its blocks.
    pub blocks: Vec<Block>,
    /// What has a number, in reading order, also within what is folded.
    pub marks: Vec<Mark>,
}

impl Document {
    /// The code of a place in its marks: its language and its text.
    pub fn code(&self, place: usize) -> Option<(&str, &str)> {
        match self.block(place)? {
            Block::Code { language, text, .. } => Some((language, text)),
            _ => None,
        }
    }

    /// The block of a place in its marks: code, what unfolds, or what is hidden.
    pub fn block(&self, wanted: usize) -> Option<&Block> {
        fn within(blocks: &[Block], wanted: usize) -> Option<&Block> {
            blocks.iter().find_map(|block| match block {
                Block::Code { place, .. } | Block::Fold { place, .. } | Block::Spoiler { place, .. }
                    if *place == wanted =>
                {
                    Some(block)
                }
                Block::Quote { blocks, .. }
                | Block::Alert { blocks, .. }
                | Block::Fold { blocks, .. }
                | Block::Spoiler { blocks, .. } => within(blocks, wanted),
                Block::List { items, .. } => items.iter().find_map(|item| within(&item.blocks, wanted)),
                Block::Footnotes(notes) => notes.iter().find_map(|note| within(note, wanted)),
                Block::Code { .. }
                | Block::Paragraph(_)
                | Block::Heading(..)
                | Block::Math(_)
                | Block::Table { .. }
                | Block::Rule => None,
            })
        }
        within(&self.blocks, wanted)
    }
}
