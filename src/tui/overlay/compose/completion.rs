//! `@` names and `#` tags, from those that were seen: nothing is asked of the server for it. `:shortcodes:` of emoji, by the
//! table that others write them by, too (<https://github.com/github/gemoji>); the text gets the emoji itself.

use std::collections::BTreeSet;

use super::Field;
use crate::tui::state::State;

/// Most that are offered at a time.
const MOST: usize = 5;
/// Most characters of a tag.
const MOST_TAG: usize = 32;

/// Letters of a shortcode before emoji are offered: `:x` is more often something else.
const LEAST_CODE: usize = 2;

/// Something that could be meant.
struct Offer {
    /// As it is offered.
    shown: String,
    /// As it will stand in the text.
    with: String,
}

impl Offer {
    fn word(text: String) -> Self {
        Self { shown: text.clone(), with: text }
    }
}

/// What could be meant by the word before the cursor.
#[derive(Default)]
pub(super) struct Completion {
    /// Characters before the cursor that it replaces.
    characters: usize,
    found: Vec<Offer>,
    selected: usize,
    chosen: bool,
}

impl Completion {
    pub(super) fn look(&mut self, field: Field, before: &str, state: &State) {
        *self = Self::default();
        let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、');
        let mut word = before.rsplit(is_between).next().unwrap_or_default();
        // Chinese puts no space before a mention; an address (`me@host`) is none, nor is a path (`std::io`).
        let closed = word.strip_suffix(':').unwrap_or(word);
        if let Some((at, _)) = closed.char_indices().rfind(|(_, c)| matches!(c, '@' | '#' | ':'))
            && word[..at].chars().next_back().is_some_and(|c| !c.is_ascii_alphanumeric() && c != ':')
        {
            word = &word[at..];
        }
        let (mark, part) = match (field, word.chars().next()) {
            (Field::Body, Some(':')) => {
                self.found = emoji(&word[1..]);
                self.characters = word.chars().count();
                return;
            }
            (Field::Body, Some(mark @ ('@' | '#'))) => (mark, &word[1..]),
            (Field::Tags, Some('#')) => ('#', &word[1..]),
            (Field::Tags, Some(_)) => ('#', word),
            _ => return,
        };
        if part.is_empty() {
            return;
        }
        let part = part.to_lowercase();
        let known = if mark == '@' { names(state) } else { tags_seen(state) };
        let shown = |name: String| if field == Field::Tags { name } else { format!("{mark}{name}") };
        let fitting = known.into_iter().filter(|name| name.starts_with(&part) && *name != part);
        self.found = fitting.take(MOST).map(shown).map(Offer::word).collect();
        self.characters = word.chars().count();
    }

    pub(super) fn is_open(&self) -> bool {
        !self.found.is_empty()
    }

    /// Whether one was gone to: only then does Enter mean it and not a line's end.
    pub(super) fn is_chosen(&self) -> bool {
        self.is_open() && self.chosen
    }

    pub(super) fn step(&mut self, down: bool) {
        let by = if down { usize::from(self.chosen) } else { self.found.len().max(1) - 1 };
        self.selected = (self.selected + by) % self.found.len().max(1);
        self.chosen = true;
    }

    pub(super) fn close(&mut self) {
        *self = Self::default();
    }

    /// What to replace, and with what.
    pub(super) fn take(&mut self) -> Option<(usize, String)> {
        let found = self.found.get(self.selected).map(|offer| (self.characters, format!("{} ", offer.with)));
        self.close();
        found
    }

    /// What is offered, and which of it is selected.
    pub(super) fn offered(&self) -> impl Iterator<Item = (bool, &str)> {
        self.found.iter().enumerate().map(|(nth, offer)| (nth == self.selected, offer.shown.as_str()))
    }
}

/// Emoji whose shortcode begins with `part`, the shortest first; of a whole one, `part:`, that alone.
fn emoji(part: &str) -> Vec<Offer> {
    let (part, is_closed) = part.strip_suffix(':').map_or((part, false), |part| (part, true));
    if part.len() < LEAST_CODE {
        return Vec::new();
    }
    let part = part.to_ascii_lowercase();
    let fits = |code: &&str| if is_closed { **code == part } else { code.starts_with(&part) };
    let mut found: Vec<(&str, &emojis::Emoji)> =
        emojis::iter().flat_map(|emoji| emoji.shortcodes().filter(fits).map(move |code| (code, emoji))).collect();
    found.sort_by_key(|(code, _)| (code.len(), *code));
    found.dedup_by_key(|(_, emoji)| emoji.as_str());
    let offer = |(code, emoji): (&str, &emojis::Emoji)| Offer {
        shown: format!("{emoji} :{code}:"),
        with: emoji.as_str().to_owned(),
    };
    found.into_iter().take(MOST).map(offer).collect()
}

fn names(state: &State) -> BTreeSet<String> {
    let posts = state.pane().reader(state).into_iter().flat_map(|reader| &reader.posts);
    let authors = posts.map(|post| &post.author).chain(state.threads.values().map(|thread| &thread.author));
    authors.map(|author| author.username.as_str().to_owned()).collect()
}

fn tags_seen(state: &State) -> BTreeSet<String> {
    state.threads.values().flat_map(|thread| &thread.tags).map(|tag| tag.as_str().to_owned()).collect()
}

/// The tags in a field: words apart by spaces or commas, with or without `#`.
pub(super) fn tags(text: &str) -> Vec<String> {
    let mut tags: Vec<String> = Vec::new();
    for word in text.split([' ', ',', '，', '、', '\u{3000}']) {
        let tag = word.trim().trim_start_matches('#').to_lowercase();
        if !tag.is_empty() && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    tags
}

/// Whether a community takes this as a tag.
pub(super) fn is_tag(tag: &str) -> bool {
    let good = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-+#.".contains(&b);
    (1..=MOST_TAG).contains(&tag.len()) && tag.bytes().all(good)
}
