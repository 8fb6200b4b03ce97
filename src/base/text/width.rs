//! How many columns text takes on a terminal, where it may be cut and where a line may end.
//!
//! Measured cluster by cluster, because that is how it is drawn: the width of a string as a whole can be smaller (an
//! Arabic lam and alef are one column in `unicode-width`, two cells on the screen). Nothing here changes text.

use std::borrow::Cow;
use std::ops::Range;

use icu_segmenter::{LineSegmenter, options::LineBreakOptions};
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// Columns of one grapheme cluster; controls take none, because they are not drawn.
pub fn of_cluster(cluster: &str) -> usize {
    if cluster.len() == 1 {
        return usize::from(!cluster.as_bytes()[0].is_ascii_control());
    }
    if cluster.contains(char::is_control) {
        return 0;
    }
    // ratatui adds a cell for each halfwidth sound mark to what `unicode-width` says; what is drawn decides.
    let sound_marks = cluster.chars().filter(|c| matches!(c, '\u{FF9E}' | '\u{FF9F}')).count();
    cluster.width() + sound_marks
}

/// Whether a cluster is an emoji that is drawn in two columns, on terminals that agree.
pub fn is_emoji(cluster: &str) -> bool {
    let starts = |c: char| super::filter::is_pictograph(c) || ('\u{1F1E6}'..='\u{1F1FF}').contains(&c);
    !cluster.is_ascii()
        && of_cluster(cluster) > 1
        && (cluster.contains('\u{FE0F}') || cluster.chars().next().is_some_and(starts))
}

/// Columns of a text in one line.
pub fn width(text: &str) -> usize {
    if text.is_ascii() {
        return text.bytes().filter(|b| !b.is_ascii_control()).count();
    }
    text.graphemes(true).map(of_cluster).sum()
}

/// The start of `text` that fits into `columns`, and the rest.
pub fn cut(text: &str, columns: usize) -> (&str, &str) {
    let mut used = 0;
    for (at, cluster) in text.grapheme_indices(true) {
        used += of_cluster(cluster);
        if used > columns {
            return text.split_at(at);
        }
    }
    (text, "")
}

/// The text, or as much of it as fits with `…` behind. No columns give no text.
pub fn ellipsis(text: &str, columns: usize) -> Cow<'_, str> {
    if width(text) <= columns {
        return Cow::Borrowed(text);
    }
    match columns {
        0 => Cow::Borrowed(""),
        _ => Cow::Owned(format!("{}…", cut(text, columns - 1).0)),
    }
}

/// Where text stands in the columns it is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stand {
    /// At the left.
    Left,
    /// In the middle.
    Middle,
    /// At the right.
    Right,
}

/// The text in exactly `columns`: shortened by [`ellipsis`] or filled up with spaces.
pub fn pad(text: &str, columns: usize, stand: Stand) -> String {
    let text = ellipsis(text, columns);
    let free = columns.saturating_sub(width(&text));
    let left = match stand {
        Stand::Left => 0,
        Stand::Middle => free / 2,
        Stand::Right => free,
    };
    format!("{:left$}{text}{:right$}", "", "", right = free - left)
}

/// The lines of `text` when it may take `columns`, as byte ranges without the space at which a line ended.
///
/// Lines end where Unicode says that they may (UAX #14, in its strict form: no closing mark, small kana or sound mark
/// begins a line and no opening one ends it), in Thai, Lao, Khmer and Burmese between words; not after the hyphens that a
/// word begins with. A word longer than a line is cut between clusters. `\n` ends a line. One cluster is put on a line
/// even when it is wider than `columns`.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut lines = Vec::new();
    let mut from = 0;
    for line in text.split('\n') {
        let shown = line.strip_suffix('\r').unwrap_or(line);
        if shown.len() <= columns {
            lines.push(from..from + shown.len());
        } else {
            Wrapping { text: shown, from, columns, lines: &mut lines, start: 0, used: 0, chance: None, within: None }
                .run();
        }
        from += line.len() + 1;
    }
    lines
}

/// The lines of `text` at `columns`, as [`wrap`] finds them.
pub fn wrapped(text: &str, columns: usize) -> impl Iterator<Item = &str> {
    wrap(text, columns).into_iter().map(|range| &text[range])
}

/// One line of a text on its way to being several.
struct Wrapping<'a> {
    text: &'a str,
    /// Where it stands in the whole text.
    from: usize,
    columns: usize,
    lines: &'a mut Vec<Range<usize>>,
    start: usize,
    used: usize,
    chance: Option<Chance>,
    /// One within an address or a path, taken when there is no better: what fits on the next line stays whole.
    within: Option<Chance>,
}

/// A place where the line may end.
#[derive(Clone, Copy)]
struct Chance {
    end: usize,
    next: usize,
    /// Columns used up to `next`.
    used: usize,
}

impl Wrapping<'_> {
    fn run(mut self) {
        let segmenter = LineSegmenter::new_lstm(LineBreakOptions::default());
        let mut chances = segmenter.segment_str(self.text).peekable();
        for (at, cluster) in self.text.grapheme_indices(true) {
            while chances.next_if(|chance| *chance < at).is_some() {}
            if chances.peek() == Some(&at) {
                self.may_end(at);
            }
            match cluster {
                // Spaces hang over the edge: the line ends before them.
                " " => self.used += 1,
                _ => self.add(at, of_cluster(cluster)),
            }
        }
        self.end_at(self.text.len(), self.text.len());
    }

    fn may_end(&mut self, at: usize) {
        let before = &self.text[self.start..at];
        let end = self.start + before.trim_end_matches(' ').len();
        if end == self.start || begins_with_hyphens(before) {
            return;
        }
        let is_within = before.ends_with(|c: char| c.is_ascii() && c != ' ' && c != '-')
            && self.text[at..].starts_with(|c: char| c.is_ascii());
        let chance = Some(Chance { end, next: at, used: self.used });
        *(if is_within { &mut self.within } else { &mut self.chance }) = chance;
    }

    fn add(&mut self, at: usize, columns: usize) {
        while self.used + columns > self.columns && at > self.start {
            match self.chance.take().or_else(|| self.within.take()) {
                Some(chance) => {
                    self.lines.push(self.from + self.start..self.from + chance.end);
                    (self.start, self.used) = (chance.next, self.used - chance.used);
                    let later = self.within.take().filter(|within| within.next > chance.next);
                    self.within = later.map(|within| Chance { used: within.used - chance.used, ..within });
                }
                None => self.end_at(at, at),
            }
        }
        self.used += columns;
    }

    fn end_at(&mut self, end: usize, next: usize) {
        let shown = &self.text[self.start..end];
        let shown = if self.used > self.columns { shown.trim_end_matches(' ') } else { shown };
        self.lines.push(self.from + self.start..self.from + self.start + shown.len());
        (self.start, self.used, self.chance, self.within) = (next, 0, None, None);
    }
}

/// Whether the last word of a text is hyphens alone: `--flag` stays whole.
fn begins_with_hyphens(text: &str) -> bool {
    let word = text.trim_end_matches('-');
    word.len() < text.len() && !word.ends_with(|c: char| c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(text: &str, columns: usize) -> Vec<&str> {
        wrapped(text, columns).collect()
    }

    #[test]
    fn widths_are_those_of_cells() {
        let table = [("", 0), ("abc", 3), ("日本", 4), ("👩\u{200d}👧", 2), ("e\u{301}", 1), ("لا", 2), ("a\nb", 2)];
        for (text, columns) in table {
            assert_eq!(width(text), columns, "{text}");
        }
    }

    #[test]
    fn a_cut_never_splits_a_cluster() {
        assert_eq!(cut("日本語", 5), ("日本", "語"));
        assert_eq!(cut("e\u{301}e", 1), ("e\u{301}", "e"));
        assert_eq!(ellipsis("日本語", 5), "日本…");
        assert_eq!(ellipsis("日本語", 4), "日…");
        assert_eq!(ellipsis("ab", 0), "");
        assert_eq!(pad("日", 5, Stand::Right), "   日");
        assert_eq!(pad("ab", 5, Stand::Middle), " ab  ");
        assert_eq!(width(&pad("日本語", 4, Stand::Left)), 4);
    }

    #[test]
    fn words_wrap_at_spaces_and_long_ones_are_cut() {
        assert_eq!(lines("the quick  brown fox", 9), ["the quick", "brown fox"]);
        assert_eq!(lines("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(lines("a\n\nb", 9), ["a", "", "b"]);
        assert_eq!(lines("  indented", 20), ["  indented"]);
        assert_eq!(lines("日", 1), ["日"]);
        assert_eq!(lines("well-known", 6), ["well-", "known"]);
    }

    #[test]
    fn chinese_wraps_between_characters_but_not_before_a_stop() {
        assert_eq!(lines("你好世界，再见。", 8), ["你好世", "界，再", "见。"]);
        assert_eq!(lines("他说「你好」了", 6), ["他说", "「你", "好」了"]);
        assert_eq!(lines("用 tokio 写服务", 9), ["用 tokio", "写服务"]);
    }

    #[test]
    fn no_line_begins_or_ends_with_what_may_not() {
        assert_eq!(lines("ちょっと待って", 6), ["ちょっ", "と待っ", "て"]);
        assert_eq!(lines("データベース", 6), ["データ", "ベース"]);
        assert_eq!(lines("価格は￥100です", 8), ["価格は", "￥100で", "す"]);
        assert_eq!(lines("これ（注）です", 8), ["これ", "（注）で", "す"]);
    }

    #[test]
    fn other_scripts_wrap_by_their_own_rules() {
        // Thai has no spaces between words.
        assert_eq!(lines("ภาษาไทยเขียนติดกัน", 7), ["ภาษาไทย", "เขียนติด", "กัน"]);
        assert_eq!(lines("한국어 문장입니다", 8), ["한국어", "문장입니", "다"]);
        assert_eq!(lines("שלום עולם", 5), ["שלום", "עולם"]);
        assert_eq!(lines("क्षत्रिय धर्म", 8), ["क्षत्रिय", "धर्म"]);
    }

    #[test]
    fn what_is_typed_in_shells_stays_whole_where_it_can() {
        assert_eq!(lines("cargo run --release", 12), ["cargo run", "--release"]);
        assert_eq!(lines("see https://a.example/b/c", 21), ["see", "https://a.example/b/c"]);
        assert_eq!(lines("see https://a.example/b/c", 14), ["see", "https://", "a.example/b/c"]);
        assert_eq!(lines("one    ", 3), ["one"]);
        assert_eq!(lines("a    b", 2), ["a", "b"]);
    }

    #[test]
    fn no_line_is_wider_than_asked() {
        let text =
            "Rust 的 `async` 运行时 tokio-rt-worker, 👩\u{200d}👩\u{200d}👧 （括号）aaaaaaaaaaaaaaaaaaaaaaaaa end.";
        for columns in 2..40 {
            for line in lines(text, columns) {
                assert!(width(line) <= columns, "{columns}: {line}");
            }
        }
    }
}
