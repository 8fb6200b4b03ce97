//! What forums write in brackets: `[quote="ada, post:3, topic:9"]`, `[details="Log"]`, `[spoiler]`, each with its end.
//!
//! A mark of a block is put on lines of its own first, so that the Markdown between two of them is read as Markdown;
//! what stands in code stays as it is.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::OPTIONS;
use crate::model::markup::By;

/// Characters of a name or a title.
const MOST_NAME: usize = 200;
/// Bytes of a mark.
const MOST_MARK: usize = 1_024;
/// Marks at the start of a line, and at its end.
const MOST_IN_LINE: usize = 16;

/// A mark that begins or ends a block.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Mark {
    Quote(Option<By>),
    Details(String),
    Spoiler,
    End(Kind),
}

/// What an end belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Quote,
    Details,
    Spoiler,
}

const KINDS: [(&str, Kind); 3] = [("quote", Kind::Quote), ("details", Kind::Details), ("spoiler", Kind::Spoiler)];

/// Reads a text that is one mark and nothing else.
pub(super) fn mark(text: &str) -> Option<Mark> {
    let text = text.trim();
    let (length, mark) = mark_at(text)?;
    (length == text.len()).then_some(mark)
}

/// The mark at the start of a text, and its length.
fn mark_at(text: &str) -> Option<(usize, Mark)> {
    let inner = text.strip_prefix('[')?;
    let (inner, is_end) = inner.strip_prefix('/').map_or((inner, false), |rest| (rest, true));
    let (word, kind) = KINDS.iter().find(|(word, _)| starts_with(inner, word))?;
    let rest = &inner[word.len()..];
    let before = text.len() - rest.len();
    if is_end {
        return rest.starts_with(']').then_some((before + 1, Mark::End(*kind)));
    }
    let (value, length) = value(rest)?;
    let mark = match kind {
        Kind::Quote => Mark::Quote(by(value)),
        Kind::Details => Mark::Details(value.chars().take(MOST_NAME).collect()),
        Kind::Spoiler => Mark::Spoiler,
    };
    Some((before + length, mark))
}

/// What stands between `=` and `]`, without its quotation marks, and how long all of it is.
fn value(rest: &str) -> Option<(&str, usize)> {
    let line = &rest[..rest.floor_char_boundary(MOST_MARK)];
    let line = line.split('\n').next().unwrap_or_default();
    let given = match line.strip_prefix('=') {
        None => return line.starts_with(']').then_some(("", 1)),
        Some(given) => given,
    };
    for (open, close) in [('"', '"'), ('\'', '\''), ('“', '”')] {
        let quoted = given.strip_prefix(open).and_then(|inner| inner.split_once(&format!("{close}]")));
        if let Some((value, _)) = quoted {
            return Some((value, 1 + open.len_utf8() + value.len() + close.len_utf8() + 1));
        }
    }
    let (value, _) = given.split_once(']')?;
    Some((value, 1 + value.len() + 1))
}

/// `ada, post:3, topic:9`; a display name may come first and `username:ada` after it.
fn by(value: &str) -> Option<By> {
    let mut parts = value.split(',').map(str::trim);
    let mut name = parts.next().unwrap_or_default();
    let (mut post, mut thread) = (None, None);
    for part in parts {
        match part.split_once(':') {
            Some(("post", number)) => post = number.trim().parse().ok(),
            Some(("topic", id)) => thread = Some(id.trim().chars().take(MOST_NAME).collect()),
            Some(("username", given)) => name = given.trim(),
            _ => {}
        }
    }
    let name: String = name.chars().take(MOST_NAME).collect();
    (!name.is_empty()).then_some(By { name, post, thread, place: None })
}

fn starts_with(text: &str, word: &str) -> bool {
    text.get(..word.len()).is_some_and(|start| start.eq_ignore_ascii_case(word))
}

/// The text with every mark of a block on a line of its own between blank ones.
pub(super) fn apart(markdown: &str) -> Cow<'_, str> {
    if !has_marks(markdown) {
        return Cow::Borrowed(markdown);
    }
    let code = code_of(markdown);
    let mut out = String::with_capacity(markdown.len() + 64);
    let mut at = 0;
    let mut next_code = code.iter().peekable();
    for line in markdown.split_inclusive('\n') {
        while next_code.next_if(|range| range.end <= at).is_some() {}
        let is_code = next_code.peek().is_some_and(|range| range.start < at + line.len());
        at += line.len();
        if is_code { out.push_str(line) } else { set_apart(line, &mut out) }
    }
    Cow::Owned(out)
}

fn has_marks(text: &str) -> bool {
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('[') {
        let word = after.strip_prefix('/').unwrap_or(after);
        if KINDS.iter().any(|(known, _)| starts_with(word, known)) {
            return true;
        }
        rest = after;
    }
    false
}

/// Where blocks of code are.
fn code_of(markdown: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(markdown, OPTIONS).into_offset_iter();
    events.filter_map(|(event, range)| matches!(event, Event::Start(Tag::CodeBlock(_))).then_some(range)).collect()
}

/// Adds a line, its marks apart: those at its start, then its text, then an end that closes what began before it.
fn set_apart(line: &str, out: &mut String) {
    let indent = line.len() - line.trim_start_matches(' ').len();
    let mut rest = line.trim_end_matches('\n').trim();
    if indent > 3 || !has_marks(rest) {
        return out.push_str(line);
    }
    for _ in 0..MOST_IN_LINE {
        let mark = mark_at(rest).filter(|(length, mark)| is_of_block(mark, &rest[*length..]));
        let Some((length, _)) = mark else { break };
        out.extend(["\n\n", &rest[..length], "\n\n"]);
        rest = rest[length..].trim_start();
    }
    let mut ends = Vec::new();
    while ends.len() < MOST_IN_LINE
        && let Some(at) = rest.rfind("[/").filter(|at| is_last_end(rest, *at))
    {
        ends.push(&rest[at..]);
        rest = rest[..at].trim_end();
    }
    out.extend([rest, "\n"]);
    for end in ends.into_iter().rev() {
        out.extend(["\n", end, "\n\n"]);
    }
}

/// Whether a mark at the start of a line is one of a block: a spoiler that ends in its own line is a run of text.
fn is_of_block(mark: &Mark, rest: &str) -> bool {
    *mark != Mark::Spoiler || !rest.to_ascii_lowercase().contains("[/spoiler]")
}

/// Whether the text from `at` is an end that nothing before it in the line began.
fn is_last_end(text: &str, at: usize) -> bool {
    let Some(Mark::End(kind)) = mark(&text[at..]) else { return false };
    let begins = |(found, _): (usize, &str)| match mark_at(&text[found..]) {
        Some((_, Mark::Quote(_))) => kind == Kind::Quote,
        Some((_, Mark::Details(_))) => kind == Kind::Details,
        Some((_, Mark::Spoiler)) => kind == Kind::Spoiler,
        _ => false,
    };
    !text[..at].match_indices('[').any(begins)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_read_in_every_spelling() {
        let ada = |post| Some(By { name: "ada".into(), post, thread: None, place: None });
        let of_nine = ada(Some(3)).map(|by| By { thread: Some("9".into()), ..by });
        assert_eq!(mark("[quote=\"ada, post:3, topic:9\"]"), Some(Mark::Quote(of_nine)));
        assert_eq!(mark("[quote=\"Ada L, post:3, username:ada\"]"), Some(Mark::Quote(ada(Some(3)))));
        assert_eq!(mark("[QUOTE=ada]"), Some(Mark::Quote(ada(None))));
        assert_eq!(mark("[quote]"), Some(Mark::Quote(None)));
        assert_eq!(mark("[details=\"a [b] c\"]"), Some(Mark::Details("a [b] c".into())));
        assert_eq!(mark("[/details]"), Some(Mark::End(Kind::Details)));
        for text in ["[quoted]", "[quote=\"ada", "[spoiler] x", "[/quote=1]", "[q]", "[spoilé]", "["] {
            assert_eq!(mark(text), None, "{text}");
        }
    }

    #[test]
    fn marks_stand_apart_but_not_in_code() {
        let parts = |text| apart(text).split('\n').filter(|l| !l.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(parts("[quote=ada]Hello[/quote] "), ["[quote=ada]", "Hello", "[/quote]"]);
        assert_eq!(parts("- a\n[/quote]"), ["- a", "[/quote]"]);
        assert_eq!(parts("a [spoiler]b[/spoiler]"), ["a [spoiler]b[/spoiler]"]);
        assert_eq!(parts("[spoiler]b[/spoiler]"), ["[spoiler]b[/spoiler]"]);
        assert_eq!(parts("[spoiler]b\n\nc[/spoiler]"), ["[spoiler]", "b", "c", "[/spoiler]"]);
        let code = "```\n[quote=ada]\n```\n\n    [details]\n";
        assert_eq!(apart(code), code);
    }
}
