//! What a person typed into the search line, understood.

use crate::base::ids::{SpaceId, Username};
use crate::model::search::words::{entries, runs};
use crate::model::thread::Kind;

/// Words that must stand side by side.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrase {
    /// The words as the index holds them; never empty.
    pub words: Vec<String>,
    /// Whether the last word may go on: `async` finds `asynchronous`. Not inside quotes.
    pub open: bool,
}

/// Narrows to questions in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Is {
    /// Without an answer.
    Unanswered,
    /// Without an accepted answer.
    Open,
    /// With one.
    Solved,
}

/// A search. Everything in it must hold at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words and phrases.
    pub phrases: Vec<Phrase>,
    /// `tag:`, all of them.
    pub tags: Vec<String>,
    /// `from:`, who wrote the post.
    pub from: Option<Username>,
    /// `in:`, the space.
    pub space: Option<SpaceId>,
    /// `kind:`.
    pub kind: Option<Kind>,
    /// `is:`.
    pub is: Option<Is>,
}

/// Why a search line is no search.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Nothing to look for in it.
    #[error("has no word to look for")]
    Empty,
    /// `word:` with a word that means nothing.
    #[error("`{0}:` is not known; there are tag, from, in, kind and is (put text with a colon in quotes)")]
    Operator(String),
    /// A value that the operator does not know.
    #[error("`{0}:` does not know `{1}`")]
    Value(&'static str, String),
    /// An operator that can stand once stands twice, with two values.
    #[error("`{0}:` stands twice")]
    Twice(&'static str),
}

/// Letters and digits from which on an unquoted word may go on.
const OPEN_FROM: usize = 3;

/// Words and phrases beyond this many are not looked for: nobody types them, and each one costs.
const MOST_PHRASES: usize = 16;

/// Words of a phrase beyond this many are not looked for.
const MOST_WORDS: usize = 32;

impl Query {
    /// Reads a search line. Never fails on mere garbage: what is no operator is text to look for.
    pub fn parse(line: &str) -> Result<Self, Unreadable> {
        let mut query = Self::default();
        let mut rest = line.trim_start();
        while !rest.is_empty() {
            let (piece, quoted, after) = piece(rest);
            rest = after.trim_start();
            match operator(piece).filter(|_| !quoted) {
                Some((name, value)) => query.narrow(name, value.trim_matches('"'))?,
                None => query.look_for(piece, quoted),
            }
        }
        if query == Self::default() { Err(Unreadable::Empty) } else { Ok(query) }
    }

    fn look_for(&mut self, text: &str, quoted: bool) {
        let found = runs(text);
        let open = !quoted
            && found.last().is_some_and(|run| {
                let length = run.word.chars().count();
                if run.cjk { length == 1 } else { length >= OPEN_FROM }
            });
        let mut words: Vec<String> = found.iter().flat_map(entries).collect();
        words.truncate(MOST_WORDS);
        if !words.is_empty() && self.phrases.len() < MOST_PHRASES {
            self.phrases.push(Phrase { words, open });
        }
    }

    fn narrow(&mut self, name: &str, value: &str) -> Result<(), Unreadable> {
        let wrong = |name| Unreadable::Value(name, value.to_owned());
        match name {
            "tag" => {
                let tag = value.to_lowercase();
                if !self.tags.contains(&tag) && self.tags.len() < MOST_PHRASES {
                    self.tags.push(tag);
                }
                Ok(())
            }
            "from" => once(&mut self.from, "from", Username::new(value.trim_start_matches('@').to_lowercase())),
            "in" => once(&mut self.space, "in", SpaceId::new(value.to_lowercase())),
            "kind" => once(&mut self.kind, "kind", Kind::parse(&value.to_lowercase()).ok_or_else(|| wrong("kind"))?),
            "is" => {
                let is = match value.to_lowercase().as_str() {
                    "unanswered" => Is::Unanswered,
                    "open" => Is::Open,
                    "solved" => Is::Solved,
                    _ => return Err(wrong("is")),
                };
                once(&mut self.is, "is", is)
            }
            other => Err(Unreadable::Operator(other.to_owned())),
        }
    }
}

fn once<T: PartialEq>(place: &mut Option<T>, name: &'static str, value: T) -> Result<(), Unreadable> {
    match place {
        Some(before) if *before != value => Err(Unreadable::Twice(name)),
        _ => {
            *place = Some(value);
            Ok(())
        }
    }
}

/// The next piece: a quoted text without its quotes, or everything up to a space (quotes in it kept together).
fn piece(line: &str) -> (&str, bool, &str) {
    if let Some(open) = line.strip_prefix('"') {
        let (inside, after) = open.split_once('"').unwrap_or((open, ""));
        return (inside, true, after);
    }
    let mut in_quotes = false;
    let end = line.char_indices().find(|(_, c)| {
        in_quotes ^= *c == '"';
        c.is_whitespace() && !in_quotes
    });
    let (word, after) = line.split_at(end.map_or(line.len(), |(at, _)| at));
    (word, false, after)
}

/// `name:value`. Not a path (`std::fmt`), an address (`https://…`), a time (`12:30`) or a word before a colon.
fn operator(piece: &str) -> Option<(&str, &str)> {
    let (name, value) = piece.split_once(':')?;
    let named = !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase());
    (named && !value.trim_matches('"').is_empty() && !value.starts_with([':', '/'])).then_some((name, value))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::random::{Random, Seeded};

    fn phrases(line: &str) -> Vec<(String, bool)> {
        Query::parse(line).unwrap().phrases.into_iter().map(|p| (p.words.join(" "), p.open)).collect()
    }

    #[test]
    fn words_phrases_and_operators_are_told_apart() {
        let query =
            Query::parse(r#"Send "not Send" tag:async tag:Tokio from:@ada in:help kind:question is:open"#).unwrap();
        assert_eq!(query.phrases.len(), 2);
        assert_eq!(query.phrases[1], Phrase { words: vec!["not".into(), "send".into()], open: false });
        assert_eq!(query.tags, ["async", "tokio"]);
        assert_eq!(query.from, Some(Username::new("ada")));
        assert_eq!(query.space, Some(SpaceId::new("help")));
        assert_eq!((query.kind, query.is), (Some(Kind::Question), Some(Is::Open)));
    }

    #[test]
    fn code_addresses_and_messages_are_text() {
        assert_eq!(phrases("tokio::select"), [("tokio select".into(), true)]);
        assert_eq!(phrases("https://docs.rs/axum")[0].0, "https docs rs axum");
        assert_eq!(phrases("error: E0502 at 12:30").len(), 4);
        assert_eq!(phrases("线程池"), [("线程 程池".into(), false)]);
        assert_eq!(phrases("锁"), [("锁".into(), true)], "one character goes on to a pair");
        assert_eq!(phrases("io"), [("io".into(), false)]);
        assert_eq!(phrases("\"open ended"), [("open ended".into(), false)]);
        assert_eq!(phrases("tag:\"a b\" x")[0].0, "x");
    }

    #[test]
    fn what_means_nothing_is_said() {
        assert_eq!(Query::parse("  "), Err(Unreadable::Empty));
        assert_eq!(Query::parse("\" … 🦀"), Err(Unreadable::Empty));
        assert_eq!(Query::parse("author:ada x"), Err(Unreadable::Operator("author".into())));
        assert_eq!(Query::parse("is:closed"), Err(Unreadable::Value("is", "closed".into())));
        assert_eq!(Query::parse("in:a in:b"), Err(Unreadable::Twice("in")));
        assert!(Query::parse("in:a in:a").is_ok());
    }

    #[test]
    fn nothing_makes_it_fall() {
        let random = Seeded::new(3);
        let alphabet: Vec<char> = "\"\":* ^-+(){}ANDORtagis线🦀\u{0}\\'\n".chars().collect();
        for _ in 0..2000 {
            let mut bytes = [0; 24];
            random.fill(&mut bytes);
            let line: String = bytes.iter().map(|b| alphabet[usize::from(*b) % alphabet.len()]).collect();
            if let Ok(query) = Query::parse(&line) {
                let clean = |w: &String| !w.is_empty() && w.chars().all(|c| c.is_alphanumeric() || c == '_');
                assert!(query.phrases.iter().all(|p| !p.words.is_empty() && p.words.iter().all(clean)), "{line:?}");
            }
        }
        let long = "wort ".repeat(10_000) + &"\"".repeat(10_000);
        assert_eq!(Query::parse(&long).unwrap().phrases.len(), MOST_PHRASES);
    }
}
