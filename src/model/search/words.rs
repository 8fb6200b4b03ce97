//! Text cut into words for an index that separates at spaces and punctuation.
//!
//! Chinese, Japanese and Korean have no spaces: their runs become overlapping pairs, so that a word of two characters
//! is one entry. Identifiers stay whole and are found by their parts too.

use std::ops::Range;

/// A stretch of text that is one word, or one unbroken run of CJK characters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Where it stands, in bytes.
    pub at: Range<usize>,
    /// Whether it is CJK.
    pub cjk: bool,
    /// The word in lower case, `+` and `#` of a language's name spelled out. A CJK run as it stands.
    pub word: String,
}

/// Whether a character belongs to a script that is written without spaces and indexed in pairs.
pub fn is_cjk(c: char) -> bool {
    matches!(c,
        '\u{3005}'..='\u{3007}' | '\u{3041}'..='\u{3096}' | '\u{309D}'..='\u{309F}' | '\u{30A1}'..='\u{30FA}'
        | '\u{30FC}'..='\u{30FF}' | '\u{31F0}'..='\u{31FF}' | '\u{FF66}'..='\u{FF9D}'
        | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}'
        | '\u{1100}'..='\u{11FF}' | '\u{3131}'..='\u{318E}' | '\u{A960}'..='\u{A97C}' | '\u{AC00}'..='\u{D7A3}')
}

/// Part of a word: letters, digits, `_`, and the marks that combine with a letter.
fn is_word(c: char) -> bool {
    (c.is_alphanumeric() || c == '_' || ('\u{300}'..='\u{36F}').contains(&c)) && !is_cjk(c)
}

/// All runs of a text, in order.
pub fn runs(text: &str) -> Vec<Run> {
    let mut found = Vec::new();
    let mut rest = text.char_indices().peekable();
    while let Some(&(start, first)) = rest.peek() {
        let cjk = is_cjk(first);
        if !cjk && !is_word(first) {
            rest.next();
            continue;
        }
        let belongs = if cjk { is_cjk } else { is_word };
        let mut end = start;
        while let Some(&(at, c)) = rest.peek().filter(|(_, c)| belongs(*c)) {
            end = at + c.len_utf8();
            rest.next();
        }
        let bare = &text[start..end];
        let (sign, spelled) = if cjk { (0, "") } else { language_sign(bare, &text[end..]) };
        for _ in 0..sign {
            rest.next();
        }
        let word = if cjk { bare.to_owned() } else { bare.to_lowercase() + spelled };
        // A lone line of underscores is a rule, not a word.
        if cjk || bare.chars().any(char::is_alphanumeric) {
            found.push(Run { at: start..end + sign, cjk, word });
        }
    }
    found
}

/// `C++`, `C#`, `F#`: how many signs belong to the word before, and how they are spelled in the index.
fn language_sign(word: &str, after: &str) -> (usize, &'static str) {
    let ends = |rest: &str| !rest.starts_with(|c: char| is_word(c) || c == '+' || c == '#');
    let single = word.chars().count() == 1;
    if single && after.strip_prefix("++").is_some_and(ends) {
        (2, "plusplus")
    } else if single && after.strip_prefix('#').is_some_and(ends) {
        (1, "sharp")
    } else {
        (0, "")
    }
}

/// Words of a run as the index holds them, in order: the word itself, or the pairs of a CJK run.
pub fn entries(run: &Run) -> Vec<String> {
    if !run.cjk {
        return vec![run.word.clone()];
    }
    let chars: Vec<char> = run.word.chars().collect();
    match chars.len() {
        1 => vec![run.word.clone()],
        _ => chars.windows(2).map(|pair| pair.iter().collect()).collect(),
    }
}

/// The parts of an identifier, in lower case: `spawn_blocking`, `HashMap`, `HTTPServer`. None for a plain word.
pub fn parts(word: &str) -> Vec<String> {
    let chars: Vec<char> = word.chars().collect();
    let mut found = Vec::new();
    let mut part = String::new();
    for (i, &c) in chars.iter().enumerate() {
        let before = i.checked_sub(1).map(|b| chars[b]);
        let after = chars.get(i + 1);
        let hump = c.is_uppercase()
            && before.is_some_and(|b| b.is_lowercase() || b.is_uppercase() && after.is_some_and(|a| a.is_lowercase()));
        if (c == '_' || hump) && !part.is_empty() {
            found.push(std::mem::take(&mut part));
        }
        if c != '_' {
            part.extend(c.to_lowercase());
        }
    }
    if !part.is_empty() {
        found.push(part);
    }
    if found.len() > 1 || word.contains('_') { found } else { Vec::new() }
}

/// What the index gets for a text: its words in their order, so that phrases match, then what else they should be
/// found by (parts of identifiers, the last character of a CJK run).
pub fn index_text(text: &str) -> String {
    let mut words = Vec::new();
    let mut more = Vec::new();
    for run in runs(text) {
        words.extend(entries(&run));
        if run.cjk {
            let last = run.word.chars().next_back().filter(|_| run.word.chars().count() > 1);
            more.extend(last.map(String::from));
        } else {
            more.extend(parts(&text[run.at]));
        }
    }
    words.append(&mut more);
    words.join(" ")
}

#[cfg(test)]
mod tests;
