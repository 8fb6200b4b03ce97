//! What was laid out before: a vote does not lay its post out again, one new post not 150 others. What a page no longer
//! uses is dropped with the next page.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;

use super::{Row, links, page::Part, section::Facts};
use crate::base::ids::PostId;
use crate::config::locale::Language;
use crate::model::{
    markup::{self, Document},
    post::Post,
};
use crate::tui::symbols::Symbols;
use crate::tui::theme::Theme;
use crate::tui::widget::markdown::{self, Laid, Looks, Opened};

/// A body as lines, and what it was made from.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) laid: Laid,
    /// Where its numbers stand, by line of the body.
    pub(super) marks: Vec<links::Mark>,
    pub(super) document: Arc<Document>,
    key: Key,
}

/// Which text, how wide, its numbers from where, what was unfolded in it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Key {
    text: Text,
    room: usize,
    first: usize,
    opened: Opened,
}

/// A text by its version; one that has none yet, because it was not sent, by what it says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Text {
    version: String,
    partial: bool,
    said: u64,
}

impl Text {
    pub(super) fn of(post: &Post) -> Self {
        let mut said = DefaultHasher::new();
        if post.version.is_empty() {
            post.body.hash(&mut said);
        }
        Self { version: post.version.clone(), partial: post.partial, said: said.finish() }
    }
}

/// The posts of one thread, laid out.
#[derive(Clone, Debug, Default)]
pub struct Cache {
    looks: Option<(Theme, Symbols, Language)>,
    bodies: Kept<Arc<Body>>,
    sections: Kept<(Facts, Arc<Part>)>,
    openings: Kept<(Text, String)>,
    counts: Counts,
}

/// What was done so far, for who wants to know what a change costs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Texts read as Markdown.
    pub parsed: usize,
    /// Texts laid out.
    pub laid: usize,
    /// Posts put together.
    pub sections: usize,
}

/// What is kept by post, and what of it the page used.
#[derive(Clone, Debug)]
struct Kept<T> {
    known: HashMap<PostId, T>,
    used: HashMap<PostId, T>,
}

impl<T> Default for Kept<T> {
    fn default() -> Self {
        Self { known: HashMap::new(), used: HashMap::new() }
    }
}

impl<T> Kept<T> {
    fn get(&self, id: &PostId) -> Option<&T> {
        self.used.get(id).or_else(|| self.known.get(id))
    }

    fn sweep(&mut self) {
        self.known = std::mem::take(&mut self.used);
    }
}

impl Cache {
    /// Another theme, other signs or another language make everything new.
    pub(super) fn look(&mut self, looks: Looks<'_>) {
        let language = looks.words.language();
        let same = |known: &(Theme, Symbols, Language)| {
            known.0 == *looks.theme && known.1 == *looks.symbols && known.2 == language
        };
        if !self.looks.as_ref().is_some_and(same) {
            let looks = Some((looks.theme.clone(), *looks.symbols, language));
            *self = Self { looks, counts: self.counts, ..Self::default() };
        }
    }

    /// A post as it was put together before, if it would be the same now.
    pub(super) fn section(&self, id: &PostId, facts: &Facts) -> Option<Arc<Part>> {
        self.sections.get(id).filter(|(known, _)| known == facts).map(|(_, part)| Arc::clone(part))
    }

    /// Keeps a post that a page uses, with its body.
    pub(super) fn keep(&mut self, id: &PostId, facts: Facts, part: Arc<Part>) {
        if let Some(body) = &part.body {
            self.bodies.used.insert(id.clone(), Arc::clone(body));
        }
        self.sections.used.insert(id.clone(), (facts, part));
    }

    /// A body, laid out anew when it must be, and read anew when its text is another.
    pub(super) fn body(&mut self, row: &Row<'_>, room: usize, first: usize, looks: Looks<'_>) -> Arc<Body> {
        self.counts.sections += 1;
        let opened = row.opened.cloned().unwrap_or_default();
        let key = Key { text: Text::of(row.post), room, first, opened };
        let known = self.bodies.get(&row.post.id);
        if let Some(body) = known.filter(|body| body.key == key) {
            return Arc::clone(body);
        }
        let document = known.filter(|body| body.key.text == key.text).map(|body| Arc::clone(&body.document));
        let document = document.unwrap_or_else(|| {
            self.counts.parsed += 1;
            Arc::new(markup::parse(&row.post.body))
        });
        self.counts.laid += 1;
        let columns = u16::try_from(room).unwrap_or(u16::MAX);
        let laid = markdown::layout(&document, columns, first, &key.opened, looks);
        let known = first..first + document.marks.len();
        let marks = links::marks(&laid.lines, &known, looks);
        Arc::new(Body { laid, marks, document, key })
    }

    /// The first words of a post, to tell which one a reply is to.
    pub fn opening(&mut self, post: &Post) -> String {
        let text = Text::of(post);
        let known = self.openings.get(&post.id).filter(|(known, _)| *known == text);
        let words = known.map_or_else(|| markup::opening(&post.body), |(_, words)| words.clone());
        self.openings.used.insert(post.id.clone(), (text, words.clone()));
        words
    }

    /// Ends a page: only what it used is kept.
    pub(super) fn sweep(&mut self) {
        self.bodies.sweep();
        self.sections.sweep();
        self.openings.sweep();
    }

    /// What was done so far.
    pub fn counts(&self) -> Counts {
        self.counts
    }
}
