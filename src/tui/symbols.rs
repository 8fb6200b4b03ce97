//! The few signs that are not words, each with a stand-in for terminals that only know ASCII.

/// What is drawn for what. Every sign is one column wide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Symbols {
    /// The bar beside the selected row.
    pub bar: &'static str,
    /// Unread; a light.
    pub dot: &'static str,
    /// A light that is off.
    pub ring: &'static str,
    /// Votes up.
    pub up: &'static str,
    /// Votes down.
    pub down: &'static str,
    /// Accepted; done.
    pub check: &'static str,
    /// More below a word; a choice.
    pub more: &'static str,
    /// Folded.
    pub folded: &'static str,
    /// Between facts on a line.
    pub middot: &'static str,
    /// What was cut off.
    pub ellipsis: &'static str,
    /// A line across.
    pub horizontal: &'static str,
    /// A line down.
    pub vertical: &'static str,
    /// Where a line down begins, below a line across.
    pub tee_down: &'static str,
    /// Where it ends.
    pub tee_up: &'static str,
    /// Corners of a box: top left, top right, bottom left, bottom right.
    pub corners: [&'static str; 4],
    /// Kept for later.
    pub bookmark: &'static str,
    /// On its way to the server.
    pub sending: &'static str,
    /// A skeleton's bar; what is to do of something long.
    pub shade: &'static str,
    /// What is done of it.
    pub full: &'static str,
}

impl Symbols {
    /// For terminals whose character set is UTF-8.
    pub const UNICODE: Self = Self {
        bar: "▌",
        dot: "•",
        ring: "○",
        up: "▲",
        down: "▼",
        check: "✔",
        more: "▾",
        folded: "▸",
        middot: "·",
        ellipsis: "…",
        horizontal: "─",
        vertical: "│",
        tee_down: "┬",
        tee_up: "┴",
        corners: ["╭", "╮", "╰", "╯"],
        bookmark: "★",
        sending: "↑",
        shade: "░",
        full: "█",
    };

    /// For all others.
    pub const ASCII: Self = Self {
        bar: "|",
        dot: "*",
        ring: "o",
        up: "^",
        down: "v",
        check: "+",
        more: "v",
        folded: ">",
        middot: "-",
        ellipsis: "~",
        horizontal: "-",
        vertical: "|",
        tee_down: "+",
        tee_up: "+",
        corners: ["+", "+", "+", "+"],
        bookmark: "#",
        sending: "^",
        shade: ".",
        full: "#",
    };

    /// For what is read line by line, and aloud: no lines and no boxes.
    pub const LINEAR: Self = Self {
        bar: ">",
        more: " ",
        folded: "+",
        middot: ",",
        horizontal: " ",
        vertical: " ",
        tee_down: " ",
        tee_up: " ",
        corners: [" ", " ", " ", " "],
        shade: " ",
        ..Self::ASCII
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stand_ins_are_ascii() {
        assert!(format!("{:?}", Symbols::ASCII).is_ascii());
    }
}
