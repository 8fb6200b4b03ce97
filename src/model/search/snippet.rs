//! A few words around what was found, cut from text that the reader may read, without what is in a spoiler.

use std::ops::Range;

use super::query::Phrase;
use super::words::{entries, parts, runs};
use crate::base::text::Clean;
use crate::model::markup;

/// Opens a match in a snippet.
pub const OPEN: char = '\u{E000}';
/// Closes it.
pub const CLOSE: char = '\u{E001}';

/// Characters before the first match.
const BEFORE: usize = 40;
/// Characters of a whole snippet.
const WHOLE: usize = 200;

/// The part of `text` around the first match of `phrases`, on one line, matches between [`OPEN`] and [`CLOSE`].
/// The beginning of the text when nothing matches (an accent, a title or what is in a spoiler was what matched).
pub fn snippet(text: &str, phrases: &[Phrase]) -> String {
    let told = markup::told(text);
    let text = told.as_ref();
    let found = matches(text, phrases);
    let first = found.first().map_or(0, |at| at.start);
    let start = text[..first].char_indices().rev().take(BEFORE).last().map_or(first, |(at, _)| at);
    let start = if start == 0 { 0 } else { word_start(text, start, first) };
    let end = text[start..].char_indices().nth(WHOLE).map_or(text.len(), |(at, _)| start + at);
    let mut out = String::from(if start > 0 { "…" } else { "" });
    let mut at = start;
    for hit in found.iter().filter(|hit| hit.start >= start && hit.end <= end) {
        if hit.start < at {
            continue;
        }
        push_line(&mut out, &text[at..hit.start]);
        out.push(OPEN);
        push_line(&mut out, &text[hit.clone()]);
        out.push(CLOSE);
        at = hit.end;
    }
    push_line(&mut out, &text[at..end]);
    let mut out = out.trim_end().to_owned();
    if end < text.len() {
        out.push('…');
    }
    out
}

/// Cuts a snippet at its marks; `true` is what matched. The pieces are clean. A mark without its twin marks nothing more
/// than the rest.
pub fn pieces(snippet: &str) -> Vec<(bool, Clean)> {
    let mut pieces = Vec::new();
    let mut marked = false;
    // Before cleaning, which takes the marks out.
    for piece in snippet.split_inclusive([OPEN, CLOSE]) {
        let cleaned = Clean::line(piece.trim_end_matches([OPEN, CLOSE]));
        if !cleaned.is_empty() {
            pieces.push((marked, cleaned));
        }
        marked = piece.ends_with(OPEN);
    }
    pieces
}

/// The first start of a word from `from` on, but not after `first`.
fn word_start(text: &str, from: usize, first: usize) -> usize {
    text[from..first].char_indices().find(|(_, c)| c.is_whitespace()).map_or(from, |(at, c)| from + at + c.len_utf8())
}

/// Adds text with its white space folded, and without marks that somebody else put in.
fn push_line(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            OPEN | CLOSE => {}
            c if c.is_whitespace() => {
                if !out.is_empty() && !out.ends_with([' ', '…']) {
                    out.push(' ');
                }
            }
            c => out.push(c),
        }
    }
}

/// Where the phrases stand, in order.
fn matches(text: &str, phrases: &[Phrase]) -> Vec<Range<usize>> {
    let mut words: Vec<(String, Range<usize>)> = Vec::new();
    let mut found: Vec<Range<usize>> = Vec::new();
    for run in runs(text) {
        if run.cjk {
            words.extend(pairs(&run.word, run.at.start));
            continue;
        }
        let inner = parts(&text[run.at.clone()]);
        let alone = |p: &Phrase| p.words.len() == 1 && inner.iter().any(|part| fits(part, &p.words[0], p.open));
        if !inner.is_empty() && phrases.iter().any(alone) {
            found.push(run.at.clone());
        }
        words.extend(entries(&run).into_iter().map(|word| (word, run.at.clone())));
    }
    for phrase in phrases {
        let last = phrase.words.len() - 1;
        for stretch in words.windows(phrase.words.len()) {
            let same = |(i, (word, _)): (usize, &(String, Range<usize>))| {
                fits(word, &phrase.words[i], phrase.open && i == last)
            };
            if stretch.iter().enumerate().all(same) {
                found.push(stretch[0].1.start..stretch[last].1.end);
            }
        }
    }
    found.sort_by_key(|at| (at.start, std::cmp::Reverse(at.end)));
    found.dedup();
    found
}

fn fits(word: &str, wanted: &str, open: bool) -> bool {
    if open { word.starts_with(wanted) } else { word == wanted }
}

/// The pairs of a CJK run and where they stand; the last character too, as in the index.
fn pairs(run: &str, start: usize) -> Vec<(String, Range<usize>)> {
    let chars: Vec<(usize, char)> = run.char_indices().collect();
    let end = |i: usize| start + chars.get(i).map_or(run.len(), |(at, _)| *at);
    if let [(_, only)] = chars[..] {
        return vec![(only.to_string(), start..start + run.len())];
    }
    (0..chars.len() - 1).map(|i| (format!("{}{}", chars[i].1, chars[i + 1].1), end(i)..end(i + 2))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::search::Query;

    fn cut(text: &str, query: &str) -> String {
        snippet(text, &Query::parse(query).unwrap().phrases).replace(OPEN, "[").replace(CLOSE, "]")
    }

    #[test]
    fn matches_are_marked_whole() {
        assert_eq!(cut("Use `spawn_blocking` here", "blocking"), "Use `[spawn_blocking]` here");
        assert_eq!(cut("把线程池放进\n 运行时", "线程池"), "把[线程池]放进 运行时");
        assert_eq!(cut("死锁", "死锁"), "[死锁]");
        assert_eq!(cut("tokio::select! is", "tokio::select"), "[tokio::select]! is");
        assert_eq!(cut("asynchronous and async", "async"), "[asynchronous] and [async]");
        assert_eq!(cut("C++ to Rust", "c++"), "[C++] to Rust");
        assert_eq!(cut("nothing here", "other"), "nothing here");
    }

    #[test]
    fn what_is_in_a_spoiler_is_not_told() {
        assert_eq!(cut("It was ||the butler|| alone", "butler"), "It was ░░░ alone");
        assert_eq!(cut("It was ||the butler|| alone", "alone"), "It was ░░░ [alone]");
        let long = format!("{}\n\n[spoiler]\nthe butler\n[/spoiler]\n\nneedle", "word ".repeat(20));
        assert!(cut(&long, "needle").ends_with("░░░ [needle]"), "{}", cut(&long, "needle"));
        assert!(!cut(&long, "butler").contains("butler"));
    }

    #[test]
    fn a_long_text_is_cut_at_words_around_the_match() {
        let text = "word ".repeat(100) + "needle " + &"tail ".repeat(100);
        let shown = cut(&text, "needle");
        assert!(shown.starts_with("…word") && shown.contains("[needle]") && shown.ends_with('…'), "{shown}");
        assert!(shown.chars().count() <= WHOLE + 4, "{shown}");
    }

    #[test]
    fn marks_in_the_text_itself_are_no_marks() {
        assert_eq!(cut("\u{E000}fake\u{E001} real", "real"), "fake [real]");
    }

    #[test]
    fn a_snippet_is_cut_at_its_marks() {
        let read = |text| pieces(text).into_iter().map(|(m, t)| (m, t.to_string())).collect::<Vec<_>>();
        let piece = |marked, text: &str| (marked, text.to_owned());
        assert_eq!(read("a \u{e000}b\u{e001} c"), [piece(false, "a "), piece(true, "b"), piece(false, " c")]);
        assert_eq!(read("\u{e000}b"), [piece(true, "b")]);
        assert_eq!(read("b\u{e001}c"), [piece(false, "b"), piece(false, "c")]);
        assert_eq!(read(""), []);
    }
}
