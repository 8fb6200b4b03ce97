//! Bare web addresses in running text, which people write far more often than `<…>` around them.

use crate::base::text::link::Link;

/// Bytes of an address; what is longer is no link (see [`Link`]), and its end is not looked for with care.
const MOST: usize = 2_048;

/// Cuts text into pieces; `true` marks an address.
pub(super) fn pieces(text: &str) -> Vec<(&str, bool)> {
    let mut pieces = Vec::new();
    let mut plain = 0;
    let mut from = 0;
    while let Some(start) = next_scheme(text, from) {
        let end = start + address_end(&text[start..]);
        from = end;
        if Link::parse(&text[start..end]).is_none() {
            continue;
        }
        if start > plain {
            pieces.push((&text[plain..start], false));
        }
        pieces.push((&text[start..end], true));
        plain = end;
    }
    if plain < text.len() {
        pieces.push((&text[plain..], false));
    }
    pieces
}

/// Where `http://` or `https://` next starts a word.
fn next_scheme(text: &str, mut from: usize) -> Option<usize> {
    while let Some(found) = text[from..].find("http") {
        let at = from + found;
        let rest = &text[at + 4..];
        let starts_word = !text[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
        if starts_word && (rest.starts_with("://") || rest.starts_with("s://")) {
            return Some(at);
        }
        from = at + 4;
    }
    None
}

/// The length of the address at the start of `text`. A sentence's own punctuation behind it is not part of it, nor is
/// a closing bracket that was opened before it.
fn address_end(text: &str) -> usize {
    let stops = |c: char| {
        c.is_whitespace() || matches!(c, '<' | '>' | '"' | '`' | '|') || "，。；：！？、（）「」《》“”‘’…".contains(c)
    };
    let mut end = text.find(stops).unwrap_or(text.len());
    if end > MOST {
        return end;
    }
    while let Some(last) = text[..end].chars().next_back() {
        let opened = |open: char, close: char| text[..end].matches(open).count() >= text[..end].matches(close).count();
        let belongs = match last {
            ')' => opened('(', ')'),
            ']' => opened('[', ']'),
            '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '*' | '_' | '~' => false,
            _ => true,
        };
        if belongs {
            break;
        }
        end -= last.len_utf8();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_end_where_a_reader_ends_them() {
        let found = |text| pieces(text).into_iter().filter(|(_, is)| *is).map(|(p, _)| p).collect::<Vec<_>>();
        assert_eq!(found("see https://a.example/x."), ["https://a.example/x"]);
        assert_eq!(found("(https://a.example/x_(y)) and"), ["https://a.example/x_(y)"]);
        assert_eq!(found("见https://a.example/x。谢谢"), ["https://a.example/x"]);
        assert_eq!(found("http://a.example, https://b.example!"), ["http://a.example", "https://b.example"]);
        assert!(found("xhttp://a.example http:// https://a@b.example ssh://x").is_empty());
        let text = "a http://x.example b";
        assert_eq!(pieces(text).iter().map(|(p, _)| *p).collect::<String>(), text);
    }
}
