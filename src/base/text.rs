//! Text that strangers wrote, made fit for a terminal.
//!
//! [`Clean`] is the only kind of text that widgets, titles, notices, the clipboard and logs accept. How wide it is and
//! where it may be cut is in [`width`]; what its links may be is in [`link`]; what stands for it where there is only
//! ASCII is in [`ascii`], how JSON is written for a terminal in [`escape`], and how what is printed may look in [`ink`].

pub mod ascii;
pub mod escape;
mod filter;
pub mod ink;
pub mod link;
pub mod width;

pub use filter::{MOST_BLOCK_BYTES, MOST_BLOCK_LINES, MOST_LINE_CLUSTERS};

use filter::Shape;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

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

    /// Whether a block holds all of a text: [`Clean::block`] would not cut it.
    pub fn holds(untrusted: &str) -> bool {
        !Self::block(untrusted).text.ends_with('…') || untrusted.ends_with('…')
    }

    /// Cleans the text of one record of a log: as [`Clean::block`], and its line ends are shown (`␤`), so that nobody
    /// can write a record of their own.
    pub fn record(untrusted: &str) -> Self {
        let block = Self::block(untrusted);
        Self { text: block.text.replace('\n', "␤"), ..block }
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

/// How it is written down: as it is, or marked when something hidden was taken out.
#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum Written {
    Plain(String),
    Marked { marked: String },
}

impl Serialize for Clean {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.had_hidden {
            false => serializer.serialize_str(&self.text),
            true => Written::Marked { marked: self.text.clone() }.serialize(serializer),
        }
    }
}

/// A file is no more to be trusted than a server: what is read from one is cleaned again, as a block. What was cleaned
/// before stays as it is.
impl<'de> Deserialize<'de> for Clean {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (text, marked) = match Written::deserialize(deserializer)? {
            Written::Plain(text) => (text, false),
            Written::Marked { marked } => (marked, true),
        };
        let clean = Self::block(&text);
        Ok(Self { had_hidden: clean.had_hidden || marked, ..clean })
    }
}

/// Reads a word that is shown and is a plain text in the model: cleaned as [`Clean::line`].
///
/// # Errors
/// When it is no text.
pub fn read_line<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).map(|text| Clean::line(&text).text)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_read_from_a_file_is_as_clean_as_what_was_written() {
        for text in ["plain", "two\nlines", "hid\u{202E}den", "esc \u{1b}[31m", "👩‍👩‍👧 中文"] {
            let clean = Clean::block(text);
            let written = serde_json::to_string(&clean).unwrap();
            assert_eq!(serde_json::from_str::<Clean>(&written).unwrap(), clean, "{written}");
        }
        let planted: Clean = serde_json::from_str("\"a\\u001b]0;x\"").unwrap();
        assert_eq!(planted, Clean::block("a\u{1b}]0;x"));
    }
}
