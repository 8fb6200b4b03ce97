//! Cuts the public beginning out of a text, on the server, before anything of it is stored for all or sent.

use crate::model::markup;

/// The line that ends the public part of a gated text.
pub const MORE: &str = "<!-- more -->";

/// Characters of the public beginning of an open text.
const OPEN_CHARS: usize = 600;
/// Characters of the public beginning of a gated text whose author set no mark.
const GATED_CHARS: usize = 280;
/// Characters of the first words in a list.
const EXCERPT_CHARS: usize = 200;

/// The public beginning of an opening post.
///
/// Gated: up to the author's mark, else the first paragraph, but never more than `GATED_CHARS` or half of the text.
pub fn preview(body: &str, gated: bool) -> String {
    if !gated {
        return cut(body, OPEN_CHARS);
    }
    if let Some(public) = before_mark(body) {
        return public.trim_end().to_owned();
    }
    let paragraph = body.trim_start().split("\n\n").next().unwrap_or_default();
    cut(paragraph, GATED_CHARS.min(body.chars().count() / 2))
}

fn before_mark(body: &str) -> Option<&str> {
    let mut at = 0;
    for line in body.split_inclusive('\n') {
        if line.trim() == MORE {
            return Some(&body[..at]);
        }
        at += line.len();
    }
    None
}

/// The first words of a Markdown text on one line. What its writer folded away or hid is not among them.
pub fn excerpt(markdown: &str) -> String {
    let words = markup::excerpt(markdown, EXCERPT_CHARS);
    cut(&words.replace(char::is_control, ""), EXCERPT_CHARS)
}

/// At most `most` characters, cut at a space where there is one near, with an ellipsis when something is missing.
fn cut(text: &str, most: usize) -> String {
    let text = text.trim();
    let Some((end, _)) = text.char_indices().nth(most) else { return text.to_owned() };
    let kept = &text[..end];
    let kept = kept.rfind(char::is_whitespace).filter(|at| *at > end / 2).map_or(kept, |at| &kept[..at]);
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gated_text_shows_what_its_author_meant_to() {
        assert_eq!(preview("one\n\ntwo\n<!-- more -->\nhidden", true), "one\n\ntwo");
        assert_eq!(preview("say `<!-- more -->` here\n\nhidden text that is long", true), "say `<!-- more -->` here");
        assert_eq!(preview("<!-- more -->\nhidden", true), "");
    }

    #[test]
    fn without_a_mark_never_more_than_half_is_shown() {
        for body in ["short secret", "a", "", "线程池的秘密", &"long words here ".repeat(100)] {
            let shown = preview(body, true);
            assert!(shown.trim_end_matches('…').chars().count() * 2 <= body.chars().count(), "{shown}");
        }
    }

    #[test]
    fn an_open_text_may_hold_the_mark() {
        assert_eq!(preview("one\n<!-- more -->\ntwo", false), "one\n<!-- more -->\ntwo");
        assert!(preview(&"word ".repeat(1000), false).ends_with("word…"));
    }

    #[test]
    fn first_words_are_words() {
        assert_eq!(
            excerpt("# Title\n\n> `quoted` **text**\n\n```rust\nfn x() {}\n```\n| a |\n|---|\n\n- item"),
            "Title quoted text item"
        );
        assert_eq!(excerpt("It was ||the butler||.\n\n[details=\"Log\"]\nlines\n[/details]"), "It was ░░░. Log");
        assert_eq!(excerpt(""), "");
        assert!(excerpt(&"长".repeat(300)).chars().count() <= EXCERPT_CHARS + 1);
    }
}
