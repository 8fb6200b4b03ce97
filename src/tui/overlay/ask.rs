//! What an overlay waits to have typed, and the rows it lets choose from: for a front end that asks line by line.

/// A line that is waited for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// What is to be typed, in words.
    pub label: String,
    /// What stands there now; nothing of a secret.
    pub value: String,
    /// Whether nobody may see it.
    pub is_secret: bool,
    /// Whether it may have many lines.
    pub has_lines: bool,
    /// The command that follows a line; none when the person decides.
    pub then: Option<&'static str>,
}

impl Ask {
    /// A line that is seen.
    pub fn new(label: String, value: String, then: Option<&'static str>) -> Self {
        Self { label, value, is_secret: false, has_lines: false, then }
    }
}

/// Rows to choose from, and which one is selected.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rows {
    /// What they say.
    pub rows: Vec<String>,
    /// Which one is selected.
    pub selected: usize,
}
