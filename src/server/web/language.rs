//! Which language a reader wants.

use axum::http::{HeaderMap, header};

use crate::config::locale::Language;

/// The language that is wanted most and spoken here (RFC 9110 section 12.5.4); English without any.
pub fn wanted(headers: &HeaderMap) -> Language {
    let values = headers.get_all(header::ACCEPT_LANGUAGE).iter().filter_map(|value| value.to_str().ok());
    let mut best: Option<(f32, Language)> = None;
    for range in values.flat_map(|value| value.split(',')) {
        let (tag, parameters) = range.split_once(';').unwrap_or((range, ""));
        let weight = parameters.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.trim().parse::<f32>().ok());
        let language = match tag.trim() {
            "*" => Some(Language::default()),
            tag => Language::of_locale(tag),
        };
        if let (Some(weight), Some(language)) = (weight, language)
            && weight > best.map_or(0.0, |(most, _)| most)
        {
            best = Some((weight, language));
        }
    }
    best.map_or_else(Language::default, |(_, language)| language)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn the_language_that_is_wanted_most_is_spoken() {
        let read = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_LANGUAGE, HeaderValue::from_static(value));
            wanted(&headers)
        };
        for value in
            ["zh-CN", "zh-CN,zh;q=0.9,en;q=0.8", "de, zh;q=0.5, en;q=0.4", "en;q=0.1,ZH-hans;q=0.2", "en;q=0,zh"]
        {
            assert_eq!(read(value), Language::Chinese, "{value}");
        }
        for value in ["", "en-GB,zh;q=0.9", "de", "*", "zh;q=0", "zh;q=x", "*;q=0.9,zh;q=0.3", "en,zh"] {
            assert_eq!(read(value), Language::English, "{value}");
        }
    }
}
