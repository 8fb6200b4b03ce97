//! Markup and text, which are two types: text becomes markup by being escaped, and in no other way.

use crate::config::locale::Catalog;

/// Markup that is safe to send.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Html(String);

impl Html {
    /// Markup that is part of the program.
    pub fn own(markup: &'static str) -> Self {
        Self(markup.to_owned())
    }

    /// The markup.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// What fills a place.
#[derive(Clone, Copy, Debug)]
pub enum Part<'a> {
    /// Text of whatever origin.
    Text(&'a str),
    /// Markup made before.
    Html(&'a Html),
}

impl<'a> From<&'a str> for Part<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a String> for Part<'a> {
    fn from(text: &'a String) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<&'a Html> for Part<'a> {
    fn from(html: &'a Html) -> Self {
        Self::Html(html)
    }
}

/// A template with its places filled in: `{{name}}` with the part of that name, `{{web.some.key}}` with a sentence. What
/// is filled in is not looked into again. A place without a part is left empty.
pub fn fill(template: &'static str, words: &Catalog, parts: &[(&str, Part<'_>)]) -> Html {
    let mut out = String::with_capacity(template.len() * 2);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let Some((name, after)) = after.split_once("}}") else { break };
        match parts.iter().find(|(known, _)| *known == name) {
            Some((_, Part::Html(html))) => out.push_str(&html.0),
            Some((_, Part::Text(text))) => escape(text, &mut out),
            None if name.contains('.') => escape(words.get(name), &mut out),
            None => {}
        }
        rest = after;
    }
    out.push_str(rest);
    Html(out)
}

/// Also fit for a value between double quotes.
fn escape(text: &str, out: &mut String) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::locale::Language;

    #[test]
    fn text_is_escaped_and_not_looked_into() {
        let words = Catalog::new(Language::English);
        let name = "<b onclick='x'>\"&{{other}}";
        let inner = fill("<i>{{name}}</i>", &words, &[("name", name.into()), ("other", "no".into())]);
        let escaped = "<i>&lt;b onclick=&#39;x&#39;&gt;&quot;&amp;{{other}}</i>";
        assert_eq!(inner.as_str(), escaped);
        let outer = fill("<p>{{inner}}{{nothing}}</p>", &words, &[("inner", (&inner).into())]);
        assert_eq!(outer.as_str(), format!("<p>{escaped}</p>"), "markup is put in as it is");
    }
}
