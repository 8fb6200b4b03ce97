//! Colours for code: syntect's grammars (by way of two-face, with regular expressions in pure Rust) sort each piece of
//! a line into one of a few [`Kind`]s; which style a kind has is the theme's matter.
//!
//! The grammars are loaded at the first block that needs them and each block is sorted once.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use ratatui::style::Style;
use syntect::parsing::{ParseState, Scope, ScopeStack, SyntaxReference, SyntaxSet};

use crate::tui::theme::Theme;

/// Bigger blocks stay plain: nobody waits for colours.
const MOST_BYTES: usize = 16 * 1024;
/// A line longer than this is data. On lines made for it some grammars take time by the square or the cube of the length:
/// a thousand bytes of `((a((a` keep the worst one busy for seconds.
const MOST_LINE: usize = 400;
/// A line that opens more brackets than this without closing them is data too.
const MOST_OPEN: usize = 24;
/// The squares of the lengths of a block's lines together; what comes after stays plain.
const MOST_WORK: usize = 2_000_000;
/// Blocks kept sorted. A thread's page rarely has more.
const MOST_KEPT: usize = 256;

/// What a piece of code is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing in particular.
    Plain,
    /// A word of the language.
    Keyword,
    /// A string.
    String,
    /// A number or other constant.
    Number,
    /// A comment.
    Comment,
    /// The name of a function or type.
    Name,
    /// A line that a diff adds.
    Added,
    /// A line that a diff takes away.
    Removed,
}

impl Kind {
    /// The style a theme gives it.
    pub fn style(self, theme: &Theme) -> Style {
        match self {
            Self::Plain => theme.code,
            Self::Keyword => theme.code_keyword,
            Self::String => theme.code_string,
            Self::Number => theme.code_number,
            Self::Comment => theme.code_comment,
            Self::Name => theme.code_name,
            Self::Added => theme.good,
            Self::Removed => theme.bad,
        }
    }
}

/// Innermost scope first, the first row that is a prefix of it decides; a scope with no row is passed over.
const KINDS: &[(&str, Kind)] = &[
    ("comment", Kind::Comment),
    ("keyword.operator", Kind::Plain),
    ("punctuation.section", Kind::Plain),
    ("string", Kind::String),
    ("constant", Kind::Number),
    ("keyword", Kind::Keyword),
    ("storage", Kind::Keyword),
    ("entity.name", Kind::Name),
    ("support.function", Kind::Name),
    ("support.macro", Kind::Name),
    ("support.type", Kind::Name),
    ("variable.function", Kind::Name),
    ("variable.language", Kind::Keyword),
    ("markup.inserted", Kind::Added),
    ("markup.deleted", Kind::Removed),
];

/// A line of code as byte ranges of one kind each, without its line end.
pub type Pieces = Vec<(Range<usize>, Kind)>;

/// A language and its code.
type Block = (String, String);

/// Sorts code into kinds. One is shared by everything that shows code.
#[derive(Default)]
pub struct Highlighter {
    grammars: OnceLock<Grammars>,
    kept: Mutex<HashMap<Block, Arc<Vec<Pieces>>>>,
}

struct Grammars {
    syntaxes: SyntaxSet,
    kinds: Vec<(Scope, Kind)>,
}

impl Grammars {
    fn load() -> Self {
        let kinds = KINDS.iter().filter_map(|(scope, kind)| Scope::new(scope).ok().map(|scope| (scope, *kind)));
        Self { syntaxes: two_face::syntax::extra_newlines(), kinds: kinds.collect() }
    }
}

impl std::fmt::Debug for Highlighter {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Highlighter").finish_non_exhaustive()
    }
}

impl Highlighter {
    /// One without anything loaded yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// The lines of `code`, sorted by the grammar of `language` (a name or a file's ending). All plain when there is no
    /// such grammar or the block is too big.
    pub fn lines(&self, language: &str, code: &str) -> Arc<Vec<Pieces>> {
        let key = (language.to_ascii_lowercase(), code.to_owned());
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lines) = kept.get(&key) {
            return Arc::clone(lines);
        }
        let lines = Arc::new(self.sorted(&key.0, code));
        if kept.len() >= MOST_KEPT {
            kept.clear();
        }
        kept.insert(key, Arc::clone(&lines));
        lines
    }

    fn sorted(&self, language: &str, code: &str) -> Vec<Pieces> {
        if language.is_empty() || code.len() > MOST_BYTES || matches!(language, "text" | "txt" | "plain" | "output") {
            return plain(code);
        }
        let grammars = self.grammars.get_or_init(Grammars::load);
        match grammars.syntaxes.find_syntax_by_token(language) {
            Some(syntax) => grammars.sort(syntax, code).unwrap_or_else(|| plain(code)),
            None => plain(code),
        }
    }
}

/// Whether a line is none that people write and read.
fn is_data(line: &str) -> bool {
    let mut open = 0_usize;
    let mut most = 0;
    for byte in line.bytes() {
        match byte {
            b'(' | b'[' | b'{' => open += 1,
            b')' | b']' | b'}' => open = open.saturating_sub(1),
            _ => {}
        }
        most = most.max(open);
    }
    line.len() > MOST_LINE || most > MOST_OPEN
}

fn plain(code: &str) -> Vec<Pieces> {
    code.lines().map(|line| vec![(0..line.len(), Kind::Plain)]).collect()
}

impl Grammars {
    /// None when a grammar fails on the code.
    fn sort(&self, syntax: &SyntaxReference, code: &str) -> Option<Vec<Pieces>> {
        let mut state = ParseState::new(syntax);
        let mut stack = ScopeStack::new();
        let mut lines = Vec::new();
        let mut work = 0_usize;
        for line in code.split_inclusive('\n') {
            let end = line.trim_end_matches('\n').len();
            work += line.len() * line.len();
            if is_data(line) || work > MOST_WORK {
                lines.push(vec![(0..end, Kind::Plain)]);
                continue;
            }
            let mut pieces: Pieces = Vec::new();
            let mut from = 0;
            for (at, change) in state.parse_line(line, &self.syntaxes).ok()? {
                self.push(&mut pieces, from..at.min(end), &stack);
                from = from.max(at.min(end));
                stack.apply(&change).ok()?;
            }
            self.push(&mut pieces, from..end, &stack);
            lines.push(pieces);
        }
        Some(lines)
    }

    fn push(&self, pieces: &mut Pieces, range: Range<usize>, stack: &ScopeStack) {
        if range.is_empty() {
            return;
        }
        let of = |scope: &Scope| self.kinds.iter().find(|(known, _)| known.is_prefix_of(*scope)).map(|(_, kind)| *kind);
        let kind = stack.as_slice().iter().rev().find_map(of).unwrap_or(Kind::Plain);
        match pieces.last_mut() {
            Some((last, same)) if *same == kind && last.end == range.start => last.end = range.end,
            _ => pieces.push((range, kind)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds<'a>(language: &str, code: &'a str) -> Vec<(&'a str, Kind)> {
        let line = Highlighter::new().lines(language, code)[0].clone();
        line.into_iter().map(|(range, kind)| (&code[range], kind)).collect()
    }

    #[test]
    fn rust_is_told_apart() {
        let found = kinds("rust", "let x = 41; // \"why\"\n");
        assert!(found.contains(&("let", Kind::Keyword)) || found.contains(&("let ", Kind::Keyword)), "{found:?}");
        assert!(found.contains(&("41", Kind::Number)), "{found:?}");
        assert_eq!(found.last(), Some(&("// \"why\"", Kind::Comment)));
        assert_eq!(found.iter().map(|(text, _)| *text).collect::<String>(), "let x = 41; // \"why\"");
    }

    #[test]
    fn languages_people_write_are_known() {
        let code = "x = 1\n";
        for language in
            ["rs", "Rust", "toml", "sh", "python", "go", "c", "json", "sql", "diff", "yaml", "dockerfile", "ts"]
        {
            let highlighter = Highlighter::new();
            let grammars = highlighter.grammars.get_or_init(Grammars::load);
            let known = grammars.syntaxes.find_syntax_by_token(language).is_some();
            assert!(known, "{language}");
        }
        assert_eq!(kinds("nonsense", code), [("x = 1", Kind::Plain)]);
        assert_eq!(kinds("diff", "+ added\n"), [("+ added", Kind::Added)]);
    }

    #[test]
    fn every_line_is_covered_whole() {
        let code = "fn main() {\n\n    println!(\"日本 {}\", 'x');\n}";
        let lines = Highlighter::new().lines("rust", code);
        let again: Vec<String> = code
            .lines()
            .zip(lines.iter())
            .map(|(line, pieces)| pieces.iter().map(|(range, _)| &line[range.clone()]).collect())
            .collect();
        assert_eq!(again, code.lines().collect::<Vec<_>>());
    }

    #[test]
    fn big_blocks_stay_plain() {
        let code = "let x = 1;\n".repeat(2_000);
        let highlighter = Highlighter::new();
        assert!(highlighter.lines("rust", &code).iter().all(|l| l.len() == 1 && l[0].1 == Kind::Plain));
        assert!(highlighter.grammars.get().is_none());
    }

    #[test]
    fn what_was_made_to_keep_a_grammar_busy_stays_plain() {
        for hostile in ["((a".repeat(60), "a".repeat(500), "{[(".repeat(9)] {
            assert_eq!(kinds("rust", &hostile), [(hostile.as_str(), Kind::Plain)]);
        }
        assert_ne!(kinds("rust", &format!("let x = {};", "(".repeat(20) + &")".repeat(20)))[0].1, Kind::Plain);
        // A block of such lines as are just short enough is sorted up to its share of work and no further.
        let line = format!("let x = \"{}\";\n", "a".repeat(370));
        let lines = Highlighter::new().lines("rust", &line.repeat(40));
        let sorted = lines.iter().filter(|pieces| pieces.len() > 1).count();
        assert_eq!((lines.len(), sorted), (40, MOST_WORK / (line.len() * line.len())));
    }
}
