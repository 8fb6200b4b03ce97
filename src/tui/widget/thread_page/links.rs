//! Where in a body the numbers stand, and the text before each that belongs to it. Found on the lines as they are drawn,
//! so that what can be clicked is what can be seen.

use std::ops::Range;

use ratatui::style::Style;
use ratatui::text::{Line, Span};

use crate::base::text::width::width;
use crate::tui::widget::markdown::Looks;

/// A piece on one line of what has a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The line of the page.
    pub line: usize,
    /// The columns of that line.
    pub columns: Range<u16>,
    /// The number, from 1.
    pub number: u32,
}

/// A piece of a line: its columns, its text, its style.
struct Piece<'a> {
    columns: Range<usize>,
    text: &'a str,
    style: Style,
}

fn pieces<'a>(line: &'a Line<'_>) -> Vec<Piece<'a>> {
    let mut at = 0;
    let piece = |span: &'a Span<'_>| {
        let start = at;
        at += width(&span.content);
        Piece { columns: start..at, text: span.content.as_ref(), style: line.style.patch(span.style) }
    };
    line.spans.iter().map(piece).collect()
}

/// All pieces of what has one of these numbers, from the top.
pub(super) fn marks(lines: &[Line<'_>], known: &Range<usize>, looks: Looks<'_>) -> Vec<Mark> {
    let mut marks = Vec::new();
    if known.is_empty() {
        return marks;
    }
    for (line, text) in lines.iter().enumerate() {
        let pieces = pieces(text);
        for (nth, piece) in pieces.iter().enumerate() {
            for (columns, number) in numbers(piece, looks, known) {
                // What stands before the first number of a piece belongs to that one.
                let is_first = columns.start == piece.columns.start + leading(piece.text);
                let from = if is_first { begin(&pieces, nth, looks) } else { None };
                let whole = from.unwrap_or(columns.start)..columns.end;
                if from.is_some_and(|from| from == indent(&pieces)) {
                    before(lines, line, number, looks, &mut marks);
                }
                marks.push(mark(line, whole, number));
            }
        }
    }
    marks
}

fn mark(line: usize, columns: Range<usize>, number: u32) -> Mark {
    Mark { line, columns: columns.start as u16..columns.end as u16, number }
}

fn leading(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

/// The numbers in a piece that the renderer wrote: `[3]` in the style of numbers, and not as anybody may type it.
fn numbers(piece: &Piece<'_>, looks: Looks<'_>, known: &Range<usize>) -> Vec<(Range<usize>, u32)> {
    let style = looks.theme.accent;
    let is_theirs = piece.style.fg == style.fg || looks.theme.quote.fg.is_some_and(|fg| piece.style.fg == Some(fg));
    let mut found = Vec::new();
    if !is_theirs {
        return found;
    }
    let mut rest = piece.text;
    while let Some(open) = rest.find('[') {
        rest = &rest[open + 1..];
        let Some((digits, behind)) = rest.split_once(']') else { break };
        let number = digits.parse::<u32>().ok().filter(|n| known.contains(&(*n as usize)));
        if let Some(number) = number {
            let start = piece.columns.start + width(&piece.text[..piece.text.len() - rest.len() - 1]);
            found.push((start..start + digits.len() + 2, number));
        }
        rest = if number.is_some() { behind } else { rest };
    }
    found
}

/// Where the text of the link begins whose number stands in piece `nth`; none when nothing before it is a link's text.
fn begin(pieces: &[Piece<'_>], nth: usize, looks: Looks<'_>) -> Option<usize> {
    let mut from = None;
    for piece in pieces[..nth].iter().rev() {
        let is_theirs = is_text(piece.style, looks) || from.is_none() && is_host(piece);
        if !is_theirs {
            break;
        }
        from = Some(piece.columns.start + leading(piece.text));
    }
    from
}

/// The first column that is not indented.
fn indent(pieces: &[Piece<'_>]) -> usize {
    let first = pieces.iter().find(|piece| !piece.text.trim().is_empty());
    first.map_or(0, |piece| piece.columns.start + leading(piece.text))
}

/// The lines above on which the text of the link began.
fn before(lines: &[Line<'_>], line: usize, number: u32, looks: Looks<'_>, marks: &mut Vec<Mark>) {
    for above in (0..line).rev() {
        let pieces = pieces(&lines[above]);
        let tail = pieces.iter().rev().take_while(|piece| is_text(piece.style, looks)).count();
        let Some(first) = pieces.len().checked_sub(tail).filter(|_| tail > 0).map(|at| &pieces[at]) else { return };
        let end = pieces.last().map_or(0, |last| last.columns.start + width(last.text.trim_end()));
        let from = first.columns.start + leading(first.text);
        marks.push(mark(above, from..end, number));
        if from > indent(&pieces) {
            return;
        }
    }
}

/// Whether this is the style of a link's text. Where a theme gives it none, the number alone is the link.
fn is_text(style: Style, looks: Looks<'_>) -> bool {
    let (link, text) = (looks.theme.link, looks.theme.text);
    let is_told_apart = link.fg != text.fg || link.add_modifier != text.add_modifier;
    is_told_apart && style.fg == link.fg && style.add_modifier.contains(link.add_modifier)
}

/// Whether it is the host beside a link: `(docs.rs)`.
fn is_host(piece: &Piece<'_>) -> bool {
    let text = piece.text.trim();
    text.starts_with('(') && text.ends_with(')') && !text.contains(' ')
        || text.starts_with("(! ") && text.ends_with(')')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::{Catalog, Language};
    use crate::model::markup::parse;
    use crate::tui::{
        symbols::Symbols,
        theme::{Depth, Theme},
        widget::{
            highlight::Highlighter,
            markdown::{self, Opened},
        },
    };

    /// What is marked on each line, with the number.
    fn marked(text: &str, width: u16) -> Vec<(usize, String, u32)> {
        let (theme, code) = (Theme::built_in("dark", Depth::True), Highlighter::new());
        let words = Catalog::new(Language::English);
        let looks = Looks { theme: &theme, symbols: &Symbols::UNICODE, code: &code, words: &words };
        let document = parse(text);
        let lines = markdown::layout(&document, width, 1, &Opened::default(), looks).lines;
        let text = |mark: &Mark| {
            let line: String = lines[mark.line].spans.iter().map(|span| span.content.as_ref()).collect();
            line.chars().skip(usize::from(mark.columns.start)).take(mark.columns.len()).collect::<String>()
        };
        marks(&lines, &(1..document.marks.len() + 1), looks)
            .iter()
            .map(|mark| (mark.line, text(mark), mark.number))
            .collect()
    }

    #[test]
    fn a_link_is_its_text_its_host_and_its_number() {
        let found = marked("See [the docs](https://docs.rs/x) and https://a.example/ now.", 80);
        let expected = [(0, "the docs (docs.rs) [1]", 1), (0, "https://a.example/ [2]", 2)];
        assert_eq!(found, expected.map(|(line, text, number)| (line, text.to_owned(), number)));
    }

    #[test]
    fn a_link_over_two_lines_is_marked_on_both() {
        let found = marked("Read [a rather long description](https://docs.rs/x) first.", 30);
        assert!(found.len() >= 2 && found.iter().all(|(.., number)| *number == 1), "{found:?}");
        assert!(found[0].1.starts_with("a rather") && found.last().unwrap().1.ends_with("[1]"), "{found:?}");
    }

    #[test]
    fn what_unfolds_and_what_is_hidden_can_be_clicked_too() {
        let found =
            marked("<details><summary>Log</summary>\n\n[x](https://docs.rs/x)\n\n</details>\n\nIt was ||me||.", 80);
        assert_eq!(found.iter().map(|(.., number)| *number).collect::<Vec<_>>(), [1, 3], "{found:?}");
    }

    #[test]
    fn what_somebody_typed_is_no_number() {
        assert_eq!(marked("A [1] of nothing, then [x](https://docs.rs/x).", 80).len(), 1);
        assert_eq!(marked("No link at all [1].", 80), []);
        assert_eq!(marked("`[1]` and [x](https://docs.rs/x)", 80).len(), 1);
    }
}
