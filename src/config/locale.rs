//! Every sentence Lyceum says, in the reader's language.
//!
//! A catalogue is a folder of TOML files under `assets/locales/`, one per room (`tui`, `cli`, `error` …). A key is its
//! table and name joined by dots: `error.offline`. A place to fill in stands in braces: `{title}`.
//! Where a number decides between two forms, `key.one` and `key.other` are both there ([`Catalog::count`]).

use std::collections::BTreeMap;

use include_dir::{Dir, include_dir};

static LOCALES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/assets/locales");

/// A language Lyceum speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// 简体中文.
    Chinese,
}

impl Language {
    /// All languages.
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The BCP 47 tag, which is also the folder's name.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language of a locale name such as `zh_CN.UTF-8` or `en`; none when Lyceum does not speak it.
    pub fn of_locale(name: &str) -> Option<Self> {
        let language = name.split(['_', '-', '.', '@']).next().unwrap_or_default();
        match language.to_ascii_lowercase().as_str() {
            "zh" => Some(Self::Chinese),
            "en" | "c" | "posix" => Some(Self::English),
            _ => None,
        }
    }
}

/// The sentences of one language; what it lacks is said in English.
#[derive(Clone, Debug)]
pub struct Catalog {
    language: Language,
    sentences: BTreeMap<String, String>,
}

impl Catalog {
    /// Reads the built-in catalogue of a language.
    pub fn new(language: Language) -> Self {
        let mut sentences = read(Language::English);
        if language != Language::English {
            sentences.extend(read(language));
        }
        Self { language, sentences }
    }

    /// The language spoken.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The sentence of a key, or the key itself, so that a gap is seen and nothing breaks.
    pub fn get<'a>(&'a self, key: &'a str) -> &'a str {
        self.sentences.get(key).map_or(key, String::as_str)
    }

    /// Whether there is a sentence for a key.
    pub fn has(&self, key: &str) -> bool {
        self.sentences.contains_key(key)
    }

    /// The sentence of a key with its places filled in. Values are put in as they are and not looked into again.
    pub fn fill(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut rest = self.get(key);
        let mut filled = String::with_capacity(rest.len() + 16);
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            let name = &rest[open + 1..open + close];
            filled.push_str(&rest[..open]);
            match values.iter().find(|(known, _)| *known == name) {
                Some((_, value)) => filled.push_str(value),
                None => filled.push_str(&rest[open..=open + close]),
            }
            rest = &rest[open + close + 1..];
        }
        filled.push_str(rest);
        filled
    }

    /// The sentence for a number: `key.one` for one, `key.other` else, with `{n}` filled in.
    pub fn count(&self, key: &str, n: u64) -> String {
        let form = if n == 1 { "one" } else { "other" };
        self.fill(&format!("{key}.{form}"), &[("n", &n.to_string())])
    }

    /// All keys, sorted.
    pub fn keys(&self) -> impl Iterator<Item = &str> {
        self.sentences.keys().map(String::as_str)
    }
}

/// The sentences in a language's own files.
fn read(language: Language) -> BTreeMap<String, String> {
    let mut sentences = BTreeMap::new();
    let files = LOCALES.get_dir(language.tag()).map(Dir::files).into_iter().flatten();
    for text in files.filter_map(include_dir::File::contents_utf8) {
        // A broken file would be a broken build: the tests below read every one of them.
        if let Ok(table) = text.parse::<toml::Table>() {
            flatten("", &table, &mut sentences);
        }
    }
    sentences
}

fn flatten(prefix: &str, table: &toml::Table, into: &mut BTreeMap<String, String>) {
    for (name, value) in table {
        let key = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match value {
            toml::Value::Table(inner) => flatten(&key, inner, into),
            toml::Value::String(text) => {
                into.insert(key, text.clone());
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(sentence: &str) -> Vec<&str> {
        let mut found: Vec<&str> =
            sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect();
        found.sort_unstable();
        found
    }

    #[test]
    fn every_language_has_the_same_keys_and_places() {
        for file in LOCALES.find("**/*.toml").unwrap().filter_map(|e| e.as_file()) {
            let text = file.contents_utf8().unwrap();
            assert!(text.parse::<toml::Table>().is_ok(), "{} is not TOML", file.path().display());
        }
        let english = read(Language::English);
        let chinese = read(Language::Chinese);
        let lacking: Vec<_> = english.keys().filter(|k| !chinese.contains_key(*k)).collect();
        let spare: Vec<_> = chinese.keys().filter(|k| !english.contains_key(*k)).collect();
        assert!(lacking.is_empty() && spare.is_empty(), "zh-CN lacks {lacking:?}, en lacks {spare:?}");
        for (key, sentence) in &english {
            assert_eq!(places(sentence), places(&chinese[key]), "places of {key}");
        }
    }

    #[test]
    fn values_are_not_looked_into() {
        let catalog = Catalog {
            language: Language::English,
            sentences: [("a.b".to_owned(), "{x} and {y} {z}".to_owned())].into(),
        };
        assert_eq!(catalog.fill("a.b", &[("x", "{y}"), ("y", "2")]), "{y} and 2 {z}");
        assert_eq!(catalog.get("no.such"), "no.such");
    }

    #[test]
    fn locale_names_choose_a_language() {
        assert_eq!(Language::of_locale("zh_CN.UTF-8"), Some(Language::Chinese));
        assert_eq!(Language::of_locale("C.UTF-8"), Some(Language::English));
        assert_eq!(Language::of_locale("de_DE"), None);
    }
}
