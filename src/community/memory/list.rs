//! Lists in their stable orders, and pages of them.

use std::collections::HashSet;

use super::super::Result;
use super::view::Eyes;
use super::world::{PAGE, Talk, Text, invalid};
use crate::base::{ids::Username, text::Clean};
use crate::model::{
    feed::{Sort, State, ThreadQuery, View},
    notification::Notification,
    page::{Cursor, Page},
    search::Hit,
    thread::{Kind, Thread},
};

/// Where an item stands in its list: ascending, and no two the same.
type Place = [i64; 3];

/// Cuts a page out of a list. The cursor names the list and the place of the last item, so that it goes on from there
/// whatever was added before it.
fn page<T>(list: &str, mut items: Vec<(Place, T)>, cursor: Option<&Cursor>) -> Result<Page<T>> {
    items.sort_by_key(|(place, _)| *place);
    if let Some(cursor) = cursor {
        let after = read_cursor(list, cursor).ok_or_else(|| invalid("cursor", "not a cursor of this list"))?;
        items.retain(|(place, _)| *place > after);
    }
    let more = items.len() > PAGE;
    items.truncate(PAGE);
    let next = items.last().filter(|_| more).map(|(place, _)| {
        let [a, b, c] = place;
        Cursor(format!("{list}\n{a} {b} {c}"))
    });
    Ok(Page { items: items.into_iter().map(|(_, item)| item).collect(), next })
}

fn read_cursor(list: &str, cursor: &Cursor) -> Option<Place> {
    let place = cursor.0.strip_prefix(list)?.strip_prefix('\n')?;
    let parts: Vec<i64> = place.split(' ').map(str::parse).collect::<std::result::Result<_, _>>().ok()?;
    parts.try_into().ok()
}

/// Newest activity first.
fn by_activity(talk: &Talk) -> Place {
    [0, -talk.active().as_millisecond(), -talk.serial]
}

impl Eyes<'_> {
    pub(super) fn feed(&self, view: View, cursor: Option<&Cursor>) -> Result<Page<Thread>> {
        let liked = self.liked();
        let shown = |talk: &&Talk| {
            let thread = self.thread(talk);
            match view {
                View::Latest => true,
                View::Following => thread.marks.follow,
                View::Unread => thread.has_news(),
                View::ForYou => thread.has_news() && !talk.is_by(self.who()) && liked.touches(talk),
            }
        };
        let items = self.world.talks.iter().filter(shown).map(|talk| (by_activity(talk), self.thread(talk)));
        page(&format!("feed {}", view.as_str()), items.collect(), cursor)
    }

    pub(super) fn threads(&self, query: &ThreadQuery, cursor: Option<&Cursor>) -> Result<Page<Thread>> {
        if let Some(space) = &query.space {
            self.world.room(space)?;
        }
        let place = |talk: &Talk| match query.sort {
            Sort::Active => [i64::from(!talk.pinned), -talk.active().as_millisecond(), -talk.serial],
            Sort::Newest => [0, -talk.created().as_millisecond(), -talk.serial],
            Sort::Oldest => [0, talk.created().as_millisecond(), talk.serial],
            Sort::Votes => [-talk.score(), -talk.active().as_millisecond(), -talk.serial],
        };
        let shown = self.world.talks.iter().filter(|talk| self.matches(talk, query));
        let items = shown.map(|talk| (place(talk), self.thread(talk))).collect();
        page(&format!("threads {query:?}"), items, cursor)
    }

    fn matches(&self, talk: &Talk, query: &ThreadQuery) -> bool {
        query.space.as_ref().is_none_or(|space| *space == talk.space)
            && query.kind.is_none_or(|kind| kind == talk.kind)
            && query.tag.as_ref().is_none_or(|tag| talk.tags.contains(tag))
            && query.state.is_none_or(|state| self.is_in(talk, state))
    }

    fn is_in(&self, talk: &Talk, state: State) -> bool {
        let question = talk.kind == Kind::Question;
        match state {
            State::Unanswered => question && talk.answers() == 0,
            State::Open => question && talk.accepted.is_none(),
            State::Solved => question && talk.accepted.is_some(),
            State::Mine => talk.is_by(self.who()),
            State::NeedsMe => {
                let known = self.known_for();
                let asked = question && talk.accepted.is_none() && !talk.is_by(self.who());
                asked && talk.tags.iter().any(|tag| known.contains(tag.as_str()))
            }
            State::Bookmarked => self.world.marks(self.who(), &talk.id).bookmark,
        }
    }

    /// Tags this reader has had an answer accepted or voted up in.
    fn known_for(&self) -> HashSet<&str> {
        let good = |talk: &Talk, post: &Text| {
            let own = post.number > 1 && post.parent.is_none() && post.author == *self.who() && !post.deleted;
            own && (post.score() > 0 || talk.accepted.as_ref() == Some(&post.id))
        };
        let questions = self.world.talks.iter().filter(|talk| talk.kind == Kind::Question);
        let known = questions.filter(|talk| talk.posts.iter().any(|post| good(talk, post)));
        known.flat_map(|talk| talk.tags.iter().map(String::as_str)).collect()
    }

    /// Tags and authors of threads this reader voted for, keeps or follows.
    fn liked(&self) -> Liked {
        let mut liked = Liked::default();
        for talk in &self.world.talks {
            let marks = self.world.marks(self.who(), &talk.id);
            let Some(opening) = talk.posts.first() else { continue };
            if marks.follow || marks.bookmark || opening.votes.get(self.who()) == Some(&1) {
                liked.tags.extend(talk.tags.iter().cloned());
                liked.authors.insert(opening.author.clone());
            }
        }
        liked
    }

    pub(super) fn notifications(&self, done: bool, cursor: Option<&Cursor>) -> Result<Page<Notification>> {
        let own =
            self.world.inbox.iter().enumerate().filter(|(_, (owner, n))| owner == self.who() && (done || !n.done));
        let items =
            own.map(|(nth, (_, n))| ([-n.at.as_millisecond(), -i64::try_from(nth).unwrap_or(i64::MAX), 0], n.clone()));
        page(&format!("inbox {done}"), items.collect(), cursor)
    }

    /// Every word must stand somewhere in what this reader may read; a thread is shown once, with its first match.
    pub(super) fn search(&self, query: &str, cursor: Option<&Cursor>) -> Result<Page<Hit>> {
        let asked = Asked::read(query);
        if asked.words.is_empty() {
            return Err(invalid("q", "says no word to look for"));
        }
        let found = self.world.talks.iter().filter(|talk| asked.allows(talk)).filter_map(|talk| self.hit(talk, &asked));
        page(&format!("search {query}"), found.collect(), cursor)
    }

    fn hit(&self, talk: &Talk, asked: &Asked) -> Option<(Place, Hit)> {
        let gated = self.gate(talk).is_some();
        let head = format!("{} {}", talk.title, talk.tags.join(" "));
        let text = |post: &Text| match (gated, post.number) {
            (true, 1) => talk.preview.clone().unwrap_or_default(),
            (true, _) => String::new(),
            (false, _) => post.body.clone(),
        };
        let in_head = asked.found_in(&head);
        let standing = talk.posts.iter().filter(|post| !post.deleted);
        let matching = standing.map(|post| (post, text(post))).find(|(post, text)| {
            in_head && post.number == 1
                || asked.found_in(text)
                || asked.found_in(&format!("{head} {text}")) && !text.is_empty()
        });
        let (post, text) = matching?;
        let snippet = asked.snippet(if asked.stands_in(&text) { &text } else { &talk.title });
        let hit = Hit { thread: self.thread(talk), number: post.number, snippet, at: post.created };
        Some(([i64::from(!in_head), -post.created.as_millisecond(), -talk.serial], hit))
    }
}

#[derive(Default)]
struct Liked {
    tags: HashSet<String>,
    authors: HashSet<Username>,
}

impl Liked {
    fn touches(&self, talk: &Talk) -> bool {
        let by = talk.posts.first().is_some_and(|post| self.authors.contains(&post.author));
        by || talk.tags.iter().any(|tag| self.tags.contains(tag))
    }
}

/// A query, read: words to find and what narrows it.
struct Asked {
    words: Vec<String>,
    filters: Vec<(String, String)>,
}

impl Asked {
    fn read(query: &str) -> Self {
        let mut asked = Self { words: Vec::new(), filters: Vec::new() };
        for (nth, part) in query.split('"').enumerate() {
            let phrase = nth % 2 == 1;
            let parts: Vec<&str> = if phrase { vec![part.trim()] } else { part.split_whitespace().collect() };
            for part in parts.into_iter().filter(|part| part.chars().any(char::is_alphanumeric)) {
                match part.split_once(':') {
                    Some((name, value)) if !phrase && FILTERS.contains(&name) => {
                        asked.filters.push((name.to_owned(), value.to_lowercase()));
                    }
                    _ => asked.words.push(part.to_lowercase()),
                }
            }
        }
        asked
    }

    fn allows(&self, talk: &Talk) -> bool {
        self.filters.iter().all(|(name, value)| match name.as_str() {
            "tag" => talk.tags.contains(value),
            "from" => talk.posts.iter().any(|post| post.author.as_str() == value),
            "in" => talk.space.as_str() == value,
            "kind" => talk.kind.as_str() == value,
            _ => match value.as_str() {
                "unanswered" => talk.kind == Kind::Question && talk.answers() == 0,
                "open" => talk.kind == Kind::Question && talk.accepted.is_none(),
                "solved" => talk.accepted.is_some(),
                _ => false,
            },
        })
    }

    fn found_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().all(|word| text.contains(word))
    }

    fn stands_in(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.words.iter().any(|word| text.contains(word))
    }

    /// Words around the first match, in pieces.
    fn snippet(&self, text: &str) -> Vec<(bool, Clean)> {
        let text = crate::model::markup::told(text);
        let chars: Vec<char> = text.split_whitespace().collect::<Vec<_>>().join(" ").chars().collect();
        let lower: Vec<char> = chars.iter().map(|c| c.to_lowercase().next().unwrap_or(*c)).collect();
        let matching = self.words.iter().filter_map(|word| {
            let word: Vec<char> = word.chars().collect();
            lower.windows(word.len()).position(|window| window == word).map(|at| (at, word.len()))
        });
        let piece = |marked, piece: &[char]| (marked, Clean::line(&piece.iter().collect::<String>()));
        let Some((at, length)) = matching.min() else { return vec![piece(false, &chars[..chars.len().min(80)])] };
        let (from, end) = (at.saturating_sub(30), (at + length + 50).min(chars.len()));
        let pieces = [
            piece(false, &chars[from..at]),
            piece(true, &chars[at..at + length]),
            piece(false, &chars[at + length..end]),
        ];
        pieces.into_iter().filter(|(_, text)| !text.is_empty()).collect()
    }
}

/// What may narrow a search.
const FILTERS: [&str; 5] = ["tag", "from", "in", "kind", "is"];
