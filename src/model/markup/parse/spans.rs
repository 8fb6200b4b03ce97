//! What running text holds that Markdown does not know: spoilers, bare addresses, members and tags.

use super::address;
use crate::model::{markup::Inline, mention};

/// Characters of a tag.
const MOST_TAG: usize = 32;

/// How a spoiler within a line was begun.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Began {
    Bars,
    Word,
}

/// Adds text to the last run, if that is text, else as a run of its own.
pub(super) fn push_text(runs: &mut Vec<Inline>, text: &str) {
    match runs.last_mut() {
        _ if text.is_empty() => {}
        Some(Inline::Text(last)) => last.push_str(text),
        _ => runs.push(Inline::Text(text.to_owned())),
    }
}

/// Finds what is in the text of some runs and of those within them. `place` gives the place of an address.
pub(super) fn found(runs: Vec<Inline>, place: &mut dyn FnMut(&str) -> usize) -> Vec<Inline> {
    found_in(hidden(runs), true, place)
}

/// The same in runs whose own spoilers are known; within one, nothing is hidden once more.
fn found_in(runs: Vec<Inline>, may_hide: bool, place: &mut dyn FnMut(&str) -> usize) -> Vec<Inline> {
    let hide = |inner| if may_hide { hidden(inner) } else { inner };
    let mut out = Vec::with_capacity(runs.len());
    for run in runs {
        match run {
            Inline::Text(text) => pieces(&text, place, &mut out),
            Inline::Emphasis(inner) => out.push(Inline::Emphasis(found_in(hide(inner), may_hide, place))),
            Inline::Strong(inner) => out.push(Inline::Strong(found_in(hide(inner), may_hide, place))),
            Inline::Strike(inner) => out.push(Inline::Strike(found_in(hide(inner), may_hide, place))),
            Inline::Spoiler(at, inner) => out.push(Inline::Spoiler(at, found_in(inner, false, place))),
            // The text of a link is what it leads by, whatever it looks like.
            other => out.push(other),
        }
    }
    out
}

/// Puts what stands between `||` and `||`, or `[spoiler]` and `[/spoiler]`, into runs of its own.
///
/// `[spoiler]` without an end hides what follows; so do bars in a text that was cut, which ends in `…`.
fn hidden(runs: Vec<Inline>) -> Vec<Inline> {
    if !runs.iter().any(|run| matches!(run, Inline::Text(text) if next_mark(text, 0, None).is_some())) {
        return runs;
    }
    let mut out: Vec<Inline> = Vec::new();
    let mut open: Option<(Began, Vec<Inline>)> = None;
    for run in runs {
        let Inline::Text(text) = run else {
            out.push(run);
            continue;
        };
        let mut from = 0;
        while let Some((at, length, began)) = next_mark(&text, from, open.as_ref().map(|(began, _)| *began)) {
            push_text(&mut out, &text[from..at]);
            open = match open.take() {
                None => Some((began, std::mem::take(&mut out))),
                Some((_, outer)) => {
                    let inner = std::mem::replace(&mut out, outer);
                    out.push(Inline::Spoiler(0, inner));
                    None
                }
            };
            from = at + length;
        }
        push_text(&mut out, &text[from..]);
    }
    if let Some((began, outer)) = open {
        let inner = std::mem::replace(&mut out, outer);
        let is_cut = matches!(inner.last(), Some(Inline::Text(text)) if text.trim_end().ends_with('…'));
        if began == Began::Word || is_cut {
            out.push(Inline::Spoiler(0, inner));
        } else {
            push_text(&mut out, "||");
            out.extend(inner);
        }
    }
    out
}

/// The next mark from a place on that begins a spoiler, or ends the open one: where, how long, which.
fn next_mark(text: &str, from: usize, open: Option<Began>) -> Option<(usize, usize, Began)> {
    let is_word = |at: usize, word: &str| {
        text.as_bytes()[at..].get(..word.len()).is_some_and(|found| found.eq_ignore_ascii_case(word.as_bytes()))
    };
    text[from..].match_indices(['|', '[']).map(|(at, _)| from + at).find_map(|at| match open {
        None if is_word(at, "||") && begins(text, at) => Some((at, 2, Began::Bars)),
        None if is_word(at, "[spoiler]") => Some((at, "[spoiler]".len(), Began::Word)),
        Some(Began::Bars) if is_word(at, "||") && ends(text, at) => Some((at, 2, Began::Bars)),
        Some(Began::Word) if is_word(at, "[/spoiler]") => Some((at, "[/spoiler]".len(), Began::Word)),
        _ => None,
    })
}

/// Bars begin a spoiler where a word begins: in `a || b` and `a||b` they are what they are in code.
fn begins(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + 2..]);
    !before.ends_with(|c: char| c.is_ascii_alphanumeric() || c == '|')
        && !after.starts_with(|c: char| c.is_whitespace() || c == '|')
}

fn ends(text: &str, at: usize) -> bool {
    let (before, after) = (&text[..at], &text[at + 2..]);
    !before.ends_with(|c: char| c.is_whitespace() || c == '|')
        && !after.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '|')
}

fn pieces(text: &str, place: &mut dyn FnMut(&str) -> usize, out: &mut Vec<Inline>) {
    for (piece, is_address) in address::pieces(text) {
        if is_address {
            out.push(Inline::Link(place(piece), vec![Inline::Text(piece.to_owned())]));
        } else {
            names(piece, out);
        }
    }
}

/// Adds text with its members and tags as runs of their own.
fn names(text: &str, out: &mut Vec<Inline>) {
    let mut plain = 0;
    for (at, _) in text.match_indices(['@', '#']) {
        if at < plain {
            continue;
        }
        let name = if text[at..].starts_with('@') { mention::name_at(text, at) } else { tag_at(text, at) };
        let Some(name) = name else { continue };
        push_text(out, &text[plain..at]);
        plain = at + 1 + name.len();
        let name = name.to_owned();
        out.push(if text[at..].starts_with('@') { Inline::Mention(name) } else { Inline::Tag(name) });
    }
    push_text(out, &text[plain..]);
}

/// The tag whose `#` stands at a place: it begins with a letter, so that `#123` stays what it is.
fn tag_at(text: &str, at: usize) -> Option<&str> {
    let glued = |c: char| c.is_ascii_alphanumeric() || "&/#_-.".contains(c);
    let rest = &text[at + 1..];
    if text[..at].ends_with(glued) || !rest.starts_with(char::is_alphabetic) {
        return None;
    }
    let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '-' || c == '_')).unwrap_or(rest.len());
    let tag = rest[..end].trim_end_matches(['-', '_']);
    (tag.chars().count() <= MOST_TAG).then_some(tag)
}
