//! JSON on a terminal. `serde_json` escapes the controls below a space and no others; a terminal also obeys those from
//! 0x80 on, and a person is deceived by what cannot be seen. Written as `\uXXXX` they mean the same to a program.

use std::borrow::Cow;
use std::fmt::Write as _;

use unicode_segmentation::UnicodeSegmentation;

use super::filter;

/// Bytes of a cell that a terminal copes with, and characters of one that is no emoji.
const MOST_CELL: (usize, usize) = (64, 9);

/// JSON, as text, with everything escaped that a terminal could obey or a person could not see, and marks that would pile
/// up in one cell; with `ascii`, everything outside ASCII. Outside strings JSON has nothing of the kind, so the whole
/// document may be given.
pub fn json(document: &str, ascii: bool) -> Cow<'_, str> {
    let is_safe = |c: char| c == '\n' || !(c.is_control() || filter::is_unseen(c) || ascii && !c.is_ascii());
    let is_small = |cluster: &str| {
        let is_emoji = cluster.chars().next().is_some_and(filter::is_pictograph);
        cluster.len() <= MOST_CELL.0 && (is_emoji || cluster.chars().count() <= MOST_CELL.1)
    };
    if document.chars().all(is_safe) && (document.is_ascii() || document.graphemes(true).all(is_small)) {
        return Cow::Borrowed(document);
    }
    let mut out = String::with_capacity(document.len() + 64);
    for cluster in document.graphemes(true) {
        let piles_up = !is_small(cluster);
        for c in cluster.chars() {
            if is_safe(c) && (c.is_ascii() || !piles_up) {
                out.push(c);
                continue;
            }
            for unit in c.encode_utf16(&mut [0; 2]) {
                // Writing to a string cannot fail.
                let _ = write!(out, "\\u{unit:04x}");
            }
        }
    }
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_terminal_obeys_is_escaped_and_means_the_same() {
        let text = "a\x1b[2J\u{9b}2J\x7f\u{202e}\u{200b}\u{2028}\u{E000}\u{E0041}b 中文 👩\u{200d}👧";
        let written = serde_json::to_string(text).unwrap();
        assert!(written.contains('\u{9b}') && written.contains('\x7f'), "the control: serde_json leaves them");
        for ascii in [false, true] {
            let safe = json(&written, ascii);
            assert!(!safe.contains(|c: char| c.is_control() || filter::is_unseen(c)), "{safe:?}");
            assert_eq!(ascii, safe.is_ascii());
            assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        }
        let piled = format!("\"e{}\"", "\u{301}".repeat(9));
        assert!(json(&piled, false).is_ascii() && serde_json::from_str::<String>(&json(&piled, false)).is_ok());
        assert!(matches!(json("{\"plain\": \"中文\"}", false), Cow::Borrowed(_)));
    }
}
