//! How many columns text takes on a terminal, where it may be cut and where a line may end.
//!
//! Measured cluster by cluster, because that is how it is drawn: the width of a string as a whole can be smaller (an
//! Arabic lam and alef are one column in `unicode-width`, two cells on the screen). Nothing here changes text.

use std::borrow::Cow;
use std::ops::Range;

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
/// Lines end at spaces, after hyphens and between wide characters, though not before closing punctuation nor after
/// opening (the short form of the CJK rules); a word longer than a line is cut between clusters. `\n` ends a line.
/// One cluster is put on a line even when it is wider than `columns`.
pub fn wrap(text: &str, columns: usize) -> Vec<Range<usize>> {
    let mut wrapping = Wrapping { lines: Vec::new(), start: 0, used: 0, chance: None };
    let mut before = "";
    for (at, cluster) in text.grapheme_indices(true) {
        let end = at + cluster.len();
        match cluster {
            "\n" | "\r\n" => wrapping.end_at(at, end),
            " " => wrapping.space(at, end),
            _ => wrapping.add(at, before, cluster, columns),
        }
        before = cluster;
    }
    wrapping.lines.push(wrapping.start..text.len());
    wrapping.lines
}

/// The lines of `text` at `columns`, as [`wrap`] finds them.
pub fn wrapped(text: &str, columns: usize) -> impl Iterator<Item = &str> {
    wrap(text, columns).into_iter().map(|range| &text[range])
}

struct Wrapping {
    lines: Vec<Range<usize>>,
    start: usize,
    used: usize,
    chance: Option<Chance>,
}

/// A place where the line may end.
#[derive(Clone, Copy)]
struct Chance {
    end: usize,
    next: usize,
    /// Columns used up to `next`.
    used: usize,
}

impl Wrapping {
    fn end_at(&mut self, end: usize, next: usize) {
        self.lines.push(self.start..end);
        (self.start, self.used, self.chance) = (next, 0, None);
    }

    fn space(&mut self, at: usize, end: usize) {
        self.used += 1;
        let before = self.chance.filter(|c| c.next == at).map_or(at, |c| c.end);
        if before > self.start {
            self.chance = Some(Chance { end: before, next: end, used: self.used });
        }
    }

    fn add(&mut self, at: usize, before: &str, cluster: &str, columns: usize) {
        if at > self.start && may_end_between(before, cluster) {
            self.chance = Some(Chance { end: at, next: at, used: self.used });
        }
        let columns_of_cluster = of_cluster(cluster);
        while self.used + columns_of_cluster > columns && at > self.start {
            match self.chance.take() {
                Some(chance) => {
                    self.lines.push(self.start..chance.end);
                    (self.start, self.used) = (chance.next, self.used - chance.used);
                }
                None => self.end_at(at, at),
            }
        }
        self.used += columns_of_cluster;
    }
}

/// Whether a line may end between two clusters, neither of which is a space.
fn may_end_between(before: &str, next: &str) -> bool {
    const NEVER_FIRST: &str =
        "、。，．：；！？）］｝〉》」』】〕〗’”…‥・ーゝゞ々％‰℃ぁぃぅぇぉっゃゅょァィゥェォッャュョ,.:;!?)]}%\u{A0}";
    const NEVER_LAST: &str = "（［｛〈《「『【〔〖‘“([{￥＄$#@";
    let is = |set: &str, cluster: &str| cluster.chars().next().is_some_and(|c| set.contains(c));
    if before == "-" {
        return next.chars().all(char::is_alphabetic);
    }
    (of_cluster(before) > 1 || of_cluster(next) > 1)
        && before != " "
        && !is(NEVER_FIRST, next)
        && !is(NEVER_LAST, before)
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
