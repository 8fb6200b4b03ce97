//! Every sentence Lyceum says, in the reader's language.
//!
//! A catalogue is a folder of TOML files under `assets/locales/`, one per room (`tui`, `cli`, `error` …). A key is its
//! table and name joined by dots: `error.offline`. A place to fill in stands in braces: `{title}`.
//! Where a number decides between forms, there is one for each of the language's plural categories (CLDR): `key.one` and
//! `key.other` in English, `key.other` in Chinese ([`Catalog::count`]). Dates are patterns of `strftime`
//! ([`Catalog::date`]).

use std::collections::BTreeMap;

use icu_locale_core::Locale;
use icu_plurals::{PluralCategory, PluralRules};
use include_dir::{Dir, include_dir};

use crate::base::time::ZonedDateTime;

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

    fn plurals(self) -> Option<PluralRules> {
        let locale = Locale::try_from_str(self.tag()).ok()?;
        PluralRules::try_new_cardinal((&locale).into()).ok()
    }

    /// The form of a sentence for a number: the last part of its key.
    fn form(self, n: u64) -> &'static str {
        self.plurals().map_or("other", |rules| form_of(rules.category_for(n)))
    }
}

fn form_of(category: PluralCategory) -> &'static str {
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
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

    /// The sentence for a number, in the form that the language has for it, with `{n}` filled in.
    pub fn count(&self, key: &str, n: u64) -> String {
        self.fill(&format!("{key}.{}", self.language.form(n)), &[("n", &n.to_string())])
    }

    /// A day or a time, as the pattern of a key writes it.
    pub fn date(&self, key: &str, at: &ZonedDateTime) -> String {
        // A pattern that cannot be read is found by a test; until then a date is better than none.
        jiff::fmt::strtime::format(self.get(key), at).unwrap_or_else(|_| at.date().to_string())
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

    /// The keys with the forms for numbers taken off, each with the forms that are there.
    fn forms(sentences: &BTreeMap<String, String>) -> BTreeMap<&str, Vec<&str>> {
        let mut found: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for key in sentences.keys() {
            match key.rsplit_once('.').filter(|(_, form)| FORMS.contains(form)) {
                Some((base, form)) => found.entry(base).or_default().push(form),
                None => drop(found.entry(key).or_default()),
            }
        }
        found
    }

    const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

    #[test]
    fn every_language_has_the_same_keys_and_places_and_its_own_forms_for_numbers() {
        for file in LOCALES.find("**/*.toml").unwrap().filter_map(|e| e.as_file()) {
            let text = file.contents_utf8().unwrap();
            assert!(text.parse::<toml::Table>().is_ok(), "{} is not TOML", file.path().display());
        }
        let english = read(Language::English);
        let names = forms(&english);
        for language in Language::ALL {
            let sentences = read(language);
            let found = forms(&sentences);
            let lacking: Vec<_> = names.keys().filter(|k| !found.contains_key(*k)).collect();
            let spare: Vec<_> = found.keys().filter(|k| !names.contains_key(*k)).collect();
            assert!(lacking.is_empty() && spare.is_empty(), "{language:?} lacks {lacking:?}, has besides {spare:?}");
            let mut own: Vec<_> = language.plurals().unwrap().categories().map(form_of).collect();
            own.sort_unstable();
            for (name, forms) in &found {
                assert!(forms.is_empty() || *forms == own, "{language:?}, {name}: {forms:?}, not {own:?}");
            }
            for (key, sentence) in &sentences {
                let same =
                    english.get(key).or_else(|| english.get(&format!("{}other", &key[..key.rfind('.').unwrap() + 1])));
                assert_eq!(places(sentence), places(same.unwrap()), "{language:?}, places of {key}");
                assert!(
                    !sentence.trim().is_empty() || ["who.unknown", "frame.between-sentences"].contains(&key.as_str()),
                    "{language:?}, {key} says nothing"
                );
            }
        }
    }

    #[test]
    fn numbers_take_the_form_of_the_language() {
        let count = |language, n| Catalog::new(language).count("thread.answers", n);
        let english = [0, 1, 2, 21].map(|n| count(Language::English, n));
        assert_eq!(english, ["0 answers", "1 answer", "2 answers", "21 answers"]);
        assert_eq!([0, 1, 2].map(|n| count(Language::Chinese, n)), ["0 个回答", "1 个回答", "2 个回答"]);
    }

    #[test]
    fn every_pattern_of_a_date_can_be_read() {
        let at: ZonedDateTime = "2027-03-01T09:05:00[UTC]".parse().unwrap();
        let told = |language| ["date.day", "date.full", "date.clock"].map(|key| Catalog::new(language).date(key, &at));
        assert_eq!(told(Language::English), ["1 Mar", "1 Mar 2027", "09:05"]);
        assert_eq!(told(Language::Chinese), ["3月1日", "2027年3月1日", "09:05"]);
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
