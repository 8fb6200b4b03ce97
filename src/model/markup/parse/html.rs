//! The little HTML that people write in posts: what unfolds, line ends, pictures, comments. All else is the text it is.

use super::clean;
use crate::model::markup::Picture;

/// Characters of a title.
const MOST_TITLE: usize = 200;
/// Bytes of a tag; what is longer is text.
const MOST_TAG: usize = 4_096;

/// A piece of HTML.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// What is shown as it is.
    Text(String),
    /// `<details>`, open or not.
    Details(bool),
    /// What stands in `<summary>`.
    Title(String),
    /// `</details>`.
    End,
    /// `<br>`.
    Break,
    /// `<img>`, and its address.
    Picture(Picture, String),
}

/// Cuts HTML into pieces, without its comments. A comment that does not end is text.
pub(super) fn pieces(html: &str) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut text = String::new();
    let mut rest = html;
    let mut comments_end = true;
    while let Some(at) = rest.find('<') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(inner) = rest.strip_prefix("<!--").filter(|_| comments_end) {
            if let Some((_, after)) = inner.split_once("-->") {
                rest = after;
                continue;
            }
            comments_end = false;
        }
        let Some((piece, length)) = tag(rest) else {
            text.push('<');
            rest = &rest[1..];
            continue;
        };
        if !text.is_empty() {
            pieces.push(Piece::Text(std::mem::take(&mut text)));
        }
        pieces.extend(piece);
        rest = &rest[length..];
    }
    text.push_str(rest);
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// A tag that is known, at the start of `html`, and how much of it that is.
fn tag(html: &str) -> Option<(Option<Piece>, usize)> {
    let inner = &html[1..];
    let is_end = inner.starts_with('/');
    let name_at = usize::from(is_end);
    let name_ends = inner[name_at..].find(|c: char| !c.is_ascii_alphanumeric()).map_or(inner.len(), |at| name_at + at);
    let name = inner[name_at..name_ends].to_ascii_lowercase();
    if !matches!(name.as_str(), "details" | "summary" | "br" | "img") {
        return None;
    }
    let attributes = &inner[name_ends..];
    let end = tag_end(attributes)?;
    let length = 1 + name_ends + end + 1;
    let attributes = &attributes[..end];
    match (name.as_str(), is_end) {
        ("details", false) => Some((Some(Piece::Details(has(attributes, "open"))), length)),
        ("details", true) => Some((Some(Piece::End), length)),
        ("summary", false) => {
            let rest = &html[length..];
            let end = b"</summary>";
            let (title, closed) = match rest.as_bytes().windows(end.len()).position(|w| w.eq_ignore_ascii_case(end)) {
                Some(at) => (&rest[..at], at + end.len()),
                None => (rest, rest.len()),
            };
            Some((Some(Piece::Title(without_tags(title))), length + closed))
        }
        ("summary", true) => Some((None, length)),
        ("br", _) => Some((Some(Piece::Break), length)),
        ("img", false) => {
            let (picture, url) = picture(attributes);
            Some((Some(Piece::Picture(picture, url)), length))
        }
        _ => None,
    }
}

/// Where a tag ends: at the first `>` outside quotation marks.
fn tag_end(attributes: &str) -> Option<usize> {
    let mut quote = None;
    for (at, c) in attributes.char_indices().take_while(|(at, _)| *at < MOST_TAG) {
        match (quote, c) {
            (None, '>') => return Some(at),
            (None, '"' | '\'') => quote = Some(c),
            (Some(open), c) if open == c => quote = None,
            _ => {}
        }
    }
    None
}

fn has(attributes: &str, name: &str) -> bool {
    attributes.split([' ', '\n', '/', '=']).any(|word| word.eq_ignore_ascii_case(name))
}

/// The value of an attribute: in quotation marks of either kind, or one word.
fn attribute<'a>(attributes: &'a str, name: &str) -> &'a str {
    let lower = attributes.to_ascii_lowercase();
    for (at, _) in lower.match_indices(name) {
        let after = &attributes[at + name.len()..];
        let starts_word = at == 0 || attributes[..at].ends_with([' ', '\n', '"', '\'']);
        if let Some(value) = after.trim_start().strip_prefix('=').filter(|_| starts_word) {
            let value = value.trim_start();
            for quote in ['"', '\''] {
                if let Some((value, _)) = value.strip_prefix(quote).and_then(|inner| inner.split_once(quote)) {
                    return value;
                }
            }
            return value.split([' ', '\n', '/', '>']).next().unwrap_or_default();
        }
    }
    ""
}

fn picture(attributes: &str) -> (Picture, String) {
    let pixels = |name: &str| attribute(attributes, name).trim_end_matches("px").parse::<u32>().ok();
    let picture = Picture {
        place: None,
        alt: decoded(attribute(attributes, "alt")),
        title: decoded(attribute(attributes, "title")),
        size: pixels("width").zip(pixels("height")),
    };
    (picture, decoded(attribute(attributes, "src")))
}

/// The words of a title: tags in it say nothing here.
fn without_tags(html: &str) -> String {
    let mut words = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        words.push_str(&rest[..at]);
        let tag = &rest[at + 1..];
        let is_tag = tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/');
        match tag_end(tag).filter(|_| is_tag) {
            Some(end) => rest = &tag[end + 1..],
            None => {
                words.push('<');
                rest = tag;
            }
        }
    }
    words.push_str(rest);
    decoded(&words.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// The five entities that HTML itself needs; the filter goes over the result.
fn decoded(text: &str) -> String {
    let text: String = text.chars().take(MOST_TITLE * 16).collect();
    let text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&#39;", "'");
    clean(&text.replace("&amp;", "&")).replace('\n', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_tags_are_pieces_and_all_else_is_text() {
        let text = |t: &str| Piece::Text(t.to_owned());
        assert_eq!(
            pieces("<details open>\n<summary><b>a &amp; b</b>\n c</summary>x</details>"),
            [Piece::Details(true), text("\n"), Piece::Title("a & b c".into()), text("x"), Piece::End]
        );
        assert_eq!(pieces("<DETAILS class=\"open\">"), [Piece::Details(false)]);
        assert_eq!(pieces("a<br/>b<!-- c -->d"), [text("a"), Piece::Break, text("bd")]);
        assert_eq!(pieces("<b>x</b> < <detailsx> <img"), [text("<b>x</b> < <detailsx> <img")]);
        let picture = Picture { alt: "a > b".into(), size: Some((4, 30)), ..Picture::default() };
        assert_eq!(
            pieces("<img alt=\"a > b\" width=4 height='30px' src=\"https://e.example/p.png\">"),
            [Piece::Picture(picture, "https://e.example/p.png".into())]
        );
        assert_eq!(pieces("<!-- it never ends"), [text("<!-- it never ends")]);
    }
}
