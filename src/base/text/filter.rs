//! The filter between strangers' text and the terminal. One character or grapheme cluster at a time: escape sequences
//! are never parsed, so nesting, splitting over fields and leaving one open cannot matter.
//!
//! Three passes: characters ([`characters`]), what joins them ([`joiners`]), how much one cell may hold ([`clusters`]).
//! Cleaning twice gives what cleaning once gave; the tests hold every pass to that.

use unicode_segmentation::UnicodeSegmentation;

use super::width;

/// Most grapheme clusters of a one-line text; the last is then `…`.
pub const MOST_LINE_CLUSTERS: usize = 200;
/// Most bytes of a block of text; it then ends in `…`.
pub const MOST_BLOCK_BYTES: usize = 64 * 1024;
/// Most lines of a block of text.
pub const MOST_BLOCK_LINES: usize = 4_000;
/// Most code points and bytes of one emoji: a family of eight with skin tones still fits.
const MOST_EMOJI: (usize, usize) = (16, 60);
/// Most code points of any other cluster: a letter and eight marks.
const MOST_LETTER: usize = 9;

const CUT: &str = "…";
const UNKNOWN: char = '\u{FFFD}';
const ZWJ: char = '\u{200D}';
const ZWNJ: char = '\u{200C}';
const BLACK_FLAG: char = '\u{1F3F4}';
const TAG_END: char = '\u{E007F}';
/// Carries marks that have no letter of their own.
const DOTTED_CIRCLE: char = '\u{25CC}';

/// What kind of field the text is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Line,
    Name,
    Block,
}

/// Removed wherever they stand: Bidi_Control and Default_Ignorable_Code_Point (Unicode 16), interlinear annotation;
/// the joiners, selectors and tags that emoji and scripts need are looked at by [`joiners`].
const HIDDEN: &[(u32, u32)] = &[
    (0x00AD, 0x00AD),
    (0x034F, 0x034F),
    (0x061C, 0x061C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200B),
    (0x200E, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFE00, 0xFE0D),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE001F),
    (0xE0080, 0xE0FFF),
];

/// Scripts whose letters change shape by a joiner: Arabic and its kin, N'Ko, Mongolian, the scripts of India and of
/// South-East Asia.
const JOINING: &[(u32, u32)] =
    &[(0x0600, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0x1A20, 0x1CFF), (0xA800, 0xA8FF)];

/// Cleans text of the given shape; tells whether something hidden was taken out.
pub(super) fn clean(untrusted: &str, shape: Shape) -> (String, bool) {
    if is_plain(untrusted, shape) {
        return (untrusted.to_owned(), false);
    }
    let (given, shortened) = start(untrusted, shape);
    let mut hidden = false;
    let text = characters(given, shape, &mut hidden);
    let text = joiners(&text, shape, &mut hidden);
    let text = clusters(&text, &mut hidden);
    (within(text, shape, shortened), hidden)
}

/// Whether there is nothing to clean: printable ASCII within the sizes of the shape.
fn is_plain(text: &str, shape: Shape) -> bool {
    let (bytes, lines) = match shape {
        Shape::Block => (MOST_BLOCK_BYTES, MOST_BLOCK_LINES),
        Shape::Line | Shape::Name => (MOST_LINE_CLUSTERS, 1),
    };
    text.len() <= bytes
        && text.bytes().all(|b| matches!(b, b' '..=b'~' | b'\n'))
        && text.bytes().filter(|b| *b == b'\n').count() < lines
}

/// As much of the input as can matter, so that a megabyte costs no more than a page.
fn start(text: &str, shape: Shape) -> (&str, bool) {
    let most = if shape == Shape::Block { MOST_BLOCK_BYTES } else { MOST_LINE_CLUSTERS * 256 };
    if text.len() <= most {
        return (text, false);
    }
    (&text[..text.floor_char_boundary(most)], true)
}

/// Controls become pictures, line ends and tabs what the shape has for them, hidden characters nothing.
fn characters(text: &str, shape: Shape, hidden: &mut bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => {}
            '\n' | '\r' | '\u{85}' | '\u{2028}' | '\u{2029}' => {
                out.push(if shape == Shape::Block { '\n' } else { ' ' });
            }
            '\t' => out.push_str(if shape == Shape::Block { "    " } else { " " }),
            '\0'..='\x1F' => out.push(char::from_u32(0x2400 + u32::from(c)).unwrap_or(UNKNOWN)),
            '\x7F' => out.push('\u{2421}'),
            '\u{80}'..='\u{9F}' => out.push(UNKNOWN),
            '\u{2800}' => out.push(' '),
            c if within_any(HIDDEN, c) => *hidden = true,
            c if is_private(c) => out.push(UNKNOWN),
            c => out.push(c),
        }
    }
    out
}

/// Private use and non-characters: every terminal shows them its own way, or not at all.
fn is_private(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0xE000..=0xF8FF | 0xF0000.. | 0xFDD0..=0xFDEF) || code & 0xFFFE == 0xFFFE
}

/// Whether a character outside ASCII cannot be seen, or is seen differently everywhere: what this filter looks at.
pub(super) fn is_unseen(c: char) -> bool {
    within_any(HIDDEN, c)
        || is_private(c)
        || matches!(
            c,
            ZWNJ | ZWJ | '\u{2028}' | '\u{2800}' | '\u{2029}' | '\u{FE0E}' | '\u{FE0F}' | '\u{E0020}'..=TAG_END
        )
}

fn within_any(ranges: &[(u32, u32)], c: char) -> bool {
    let code = u32::from(c);
    ranges.iter().any(|(from, to)| (*from..=*to).contains(&code))
}

/// Keeps joiners, selectors and tags where a script or an emoji needs them, and only there.
fn joiners(text: &str, shape: Shape, hidden: &mut bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        let flag = if c == BLACK_FLAG { tagged_flag(rest) } else { None };
        let keep = match c {
            ZWJ => {
                within_emoji(&out) && after.chars().next().is_some_and(is_pictograph)
                    || shape != Shape::Name && after_joining(&out)
            }
            ZWNJ => shape != Shape::Name && after_joining(&out),
            '\u{FE0E}' | '\u{FE0F}' => {
                out.chars().next_back().is_some_and(|p| matches!(p, '0'..='9' | '#' | '*') || is_pictograph(p))
            }
            '\u{E0020}'..=TAG_END => false,
            _ => true,
        };
        *hidden |= !keep;
        let taken = flag.unwrap_or(c.len_utf8());
        if keep {
            out.push_str(&rest[..taken]);
        }
        rest = &rest[taken..];
    }
    out
}

/// The length of a black flag with well-formed tags (England's, say) at the start of `text`: at most eight characters.
fn tagged_flag(text: &str) -> Option<usize> {
    let mut length = BLACK_FLAG.len_utf8();
    for (at, c) in text.chars().enumerate().skip(1).take(7) {
        length += c.len_utf8();
        match c {
            TAG_END if at > 1 => return Some(length),
            '\u{E0020}'..='\u{E007E}' => {}
            _ => return None,
        }
    }
    None
}

/// Whether `out` ends in an emoji that a joiner can go on from.
fn within_emoji(out: &str) -> bool {
    let end = out.strip_suffix('\u{FE0F}').unwrap_or(out);
    let end = end.trim_end_matches(|c| ('\u{E0020}'..=TAG_END).contains(&c));
    let end = end.strip_suffix(|c| ('\u{1F3FB}'..='\u{1F3FF}').contains(&c)).unwrap_or(end);
    end.chars().next_back().is_some_and(is_pictograph)
}

fn after_joining(out: &str) -> bool {
    out.chars().next_back().is_some_and(|c| within_any(JOINING, c) && !c.is_numeric())
}

/// Extended_Pictographic, asked of the segmentation tables themselves: only such a character takes a joiner and
/// another pictograph into its own cluster (UAX 29, GB11).
pub(super) fn is_pictograph(c: char) -> bool {
    if c.is_ascii() {
        return false;
    }
    let joined: String = [c, ZWJ, BLACK_FLAG].iter().collect();
    joined.graphemes(true).nth(1).is_none()
}

/// Caps what one cell may hold, and gives marks without a letter something to stand on.
fn clusters(text: &str, hidden: &mut bool) -> String {
    if text.is_ascii() {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    for cluster in text.graphemes(true) {
        if cluster.is_ascii() {
            out.push_str(cluster);
        } else if width::of_cluster(cluster) > 0 {
            capped(cluster, &mut out, hidden);
        } else {
            let standing = format!("{DOTTED_CIRCLE}{cluster}");
            match standing.graphemes(true).nth(1) {
                None => capped(&standing, &mut out, hidden),
                Some(_) => out.push(UNKNOWN),
            }
        }
    }
    out
}

/// Adds a cluster, or its start and a `�`. That mark also keeps the next cluster from growing onto the rest.
fn capped(cluster: &str, out: &mut String, hidden: &mut bool) {
    let emoji = cluster.chars().next().is_some_and(|c| is_pictograph(c) || ('\u{1F1E6}'..='\u{1F1FF}').contains(&c));
    let (most, bytes) = if emoji { MOST_EMOJI } else { (MOST_LETTER, usize::MAX) };
    let end = cluster
        .char_indices()
        .enumerate()
        .find(|(nth, (at, c))| *nth == most || at + c.len_utf8() > bytes)
        .map(|(_, (at, _))| at);
    let Some(end) = end else {
        out.push_str(cluster);
        return;
    };
    *hidden = true;
    let left_open = |c| c == ZWJ || c == ZWNJ || ('\u{E0020}'..=TAG_END).contains(&c);
    out.push_str(cluster[..end].trim_end_matches(left_open));
    out.push(UNKNOWN);
}

/// Keeps to the sizes of the shape. Whatever is cut, or was cut before, shows as `…` at the end.
fn within(mut text: String, shape: Shape, shortened: bool) -> String {
    let end = if shape == Shape::Block { block_end(&text) } else { line_end(&text) };
    if let Some(end) = end {
        text.truncate(end);
    }
    if (shortened || end.is_some()) && !text.ends_with(CUT) {
        let room = if shape == Shape::Block { MOST_BLOCK_BYTES - CUT.len() } else { usize::MAX };
        if text.len() > room {
            let end = cluster_floor(&text, room);
            text.truncate(end);
        }
        text.push_str(CUT);
    }
    text
}

fn line_end(text: &str) -> Option<usize> {
    text.grapheme_indices(true).nth(MOST_LINE_CLUSTERS)?;
    text.grapheme_indices(true).nth(MOST_LINE_CLUSTERS - 1).map(|(at, _)| at)
}

fn block_end(text: &str) -> Option<usize> {
    let lines = text.match_indices('\n').nth(MOST_BLOCK_LINES - 1).map(|(at, _)| at);
    let bytes = (text.len() > MOST_BLOCK_BYTES).then(|| cluster_floor(text, MOST_BLOCK_BYTES - CUT.len()));
    lines.into_iter().chain(bytes).min()
}

/// The last start of a cluster at or before `at`.
fn cluster_floor(text: &str, at: usize) -> usize {
    let near = text.floor_char_boundary(at.saturating_sub(4 * MOST_EMOJI.1));
    let floor = text[near..].grapheme_indices(true).map(|(start, _)| near + start).take_while(|start| *start <= at);
    floor.last().unwrap_or(0)
}

#[cfg(test)]
mod tests;
