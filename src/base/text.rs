//! Text that strangers wrote, made fit for a terminal.
//!
//! [`Clean`] is the only kind of text that widgets, titles, notices, the clipboard and logs accept.

/// Text without control characters, hidden characters or tricks of direction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Clean {
    text: String,
    had_hidden: bool,
}

impl Clean {
    /// Cleans a one-line text: a name, a title. Line ends and tabs become one space.
    pub fn line(untrusted: &str) -> Self {
        Self { text: untrusted.to_owned(), had_hidden: false }
    }

    /// Cleans a text of many lines: a body. Line ends become `\n`, tabs four spaces.
    pub fn block(untrusted: &str) -> Self {
        Self { text: untrusted.to_owned(), had_hidden: false }
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
