//! Text that strangers wrote, made fit for a terminal.
//!
//! [`Clean`] is the only kind of text that widgets, titles, notices, the clipboard and logs accept. How wide it is and
//! where it may be cut is in [`width`]; what its links may be is in [`link`]. Nothing here knows of colours.

mod filter;
pub mod link;
pub mod width;

pub use filter::{MOST_BLOCK_BYTES, MOST_LINE_CLUSTERS};

use filter::Shape;

/// Text without control characters, hidden characters or tricks of direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Clean {
    text: String,
    had_hidden: bool,
}

impl Clean {
    /// Cleans a one-line text: a title, a label. Line ends and tabs become one space; at most
    /// [`MOST_LINE_CLUSTERS`] characters as a reader counts them.
    pub fn line(untrusted: &str) -> Self {
        Self::shaped(untrusted, Shape::Line)
    }

    /// Cleans a name: as [`Clean::line`], and no joiner stays outside emoji, so that two names that look alike are
    /// the same text.
    pub fn name(untrusted: &str) -> Self {
        Self::shaped(untrusted, Shape::Name)
    }

    /// Cleans a text of many lines: a body. Line ends become `\n`, tabs four spaces; at most [`MOST_BLOCK_BYTES`].
    pub fn block(untrusted: &str) -> Self {
        Self::shaped(untrusted, Shape::Block)
    }

    fn shaped(untrusted: &str, shape: Shape) -> Self {
        let (text, had_hidden) = filter::clean(untrusted, shape);
        Self { text, had_hidden }
    }

    /// The text.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Whether something hidden was taken out, which the screen marks.
    pub fn had_hidden(&self) -> bool {
        self.had_hidden
    }
}

impl std::ops::Deref for Clean {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl std::fmt::Display for Clean {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(&self.text)
    }
}
