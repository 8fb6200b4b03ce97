//! A thread laid out for reading: one run of lines, and where in it each post stands. The order of the posts and what
//! is folded come from who asks; nothing here scrolls or selects.
//!
//! A page is a row of sections, one per post, each of which is kept while nothing that it shows changes ([`Cache`]). Lines
//! are put together when they are drawn: a page costs what changed, and a picture of it the lines that it has.

use std::ops::Range;

use ratatui::text::{Line, Span};

use super::markdown::{Looks, Seam, bound};
use crate::base::ids::Username;
use crate::base::text::width;
use crate::base::time::Timestamp;
use crate::config::locale::Catalog;
use crate::model::{
    plan::Plan,
    post::Post,
    thread::{Kind, Thread},
};

mod cache;
mod links;
mod page;
mod section;

pub use cache::Cache;
pub use links::Mark;
pub use page::{Anchor, Numbered, Page, Place};

use page::Section;
use section::Facts;

/// Replies deeper than this stand no further to the right.
pub const MOST_DEPTH: u16 = 3;
/// Columns per step, and the free one at the left for the selection's bar.
const STEP: usize = 2;

/// A post in its place.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a> {
    /// The post.
    pub post: &'a Post,
    /// How many replies deep it stands; 0 for the opening post and what replies to it.
    pub depth: u16,
    /// How many posts are folded away below it.
    pub folded: usize,
    /// How it stands, when it is on its way to the server still.
    pub stands: Option<&'a str>,
    /// What it replies to, in a line, where its place does not tell.
    pub above: Option<&'a str>,
    /// What was unfolded in it.
    pub opened: Option<&'a super::markdown::Opened>,
}

/// What a page is made of.
#[derive(Clone)]
pub struct Content<'a> {
    /// The thread.
    pub thread: &'a Thread,
    /// Its posts in reading order, the opening post first.
    pub rows: &'a [Row<'a>],
    /// Posts after this number are marked unread.
    pub read: u32,
    /// What stands over the posts when they are the new ones alone.
    pub only_new: Option<String>,
    /// Who reads: their own posts are never unread.
    pub me: Option<&'a Username>,
    /// The sentences.
    pub words: &'a Catalog,
    /// How long ago something was, in words.
    pub age: &'a dyn Fn(Timestamp) -> String,
    /// The keys that tell why a thread is closed and show memberships; empty where there is none.
    pub keys: [&'a str; 2],
    /// The plans that are known, to name those that open a closed thread.
    pub plans: &'a [Plan],
    /// How old the page is, when it was kept from an earlier time.
    pub stale: Option<String>,
    /// Styles and signs.
    pub looks: Looks<'a>,
}

/// Lays a thread out in `width` columns. What `cache` knows is not laid out again.
pub fn lay_out(content: Content<'_>, width: u16, cache: &mut Cache) -> Page {
    cache.look(content.looks);
    let mut writer = Writer { content: &content, width: usize::from(width), page: Page::default(), cache };
    writer.title();
    for (nth, row) in content.rows.iter().enumerate() {
        if nth == usize::from(content.only_new.is_none()) {
            writer.divider();
        }
        writer.post(row);
    }
    writer.cache.sweep();
    writer.page
}

struct Writer<'a, 'c> {
    content: &'a Content<'a>,
    width: usize,
    page: Page,
    cache: &'c mut Cache,
}

impl Writer<'_, '_> {
    /// Columns left free before text, as far as there are any.
    fn indent(&self, columns: usize) -> usize {
        columns.min(self.width.saturating_sub(1))
    }

    /// Columns for text that starts after `indent`; the last column stays free.
    fn room(&self, indent: usize) -> usize {
        self.width.saturating_sub(self.indent(indent) + 1).max(1)
    }

    fn title(&mut self) {
        let Content { thread, words, looks, .. } = self.content;
        let room = self.room(1);
        let title = width::wrap(&thread.title, room);
        let over = title.windows(2).map(|two| Seam::over(&thread.title[two[0].end..two[1].start]));
        let seams = std::iter::once(Seam::default()).chain(over).collect();
        let line = |range: Range<usize>| Line::styled(thread.title[range].to_owned(), looks.theme.title);
        let mut lines: Vec<_> = title.into_iter().map(line).collect();
        let mut facts = vec![words.get(&format!("page.kind.{}", thread.kind.as_str())).to_owned()];
        let tags: Vec<String> = thread.tags.iter().map(|tag| format!("#{tag}")).collect();
        facts.extend((!tags.is_empty()).then(|| tags.join(" ")));
        facts.extend(thread.locked.then(|| words.get("page.locked").to_owned()));
        facts.extend(self.content.stale.clone());
        let facts = facts.join(&format!(" {} ", looks.symbols.middot));
        lines.extend(width::wrapped(&facts, room).map(|line| Line::styled(line.to_owned(), looks.theme.dim)));
        lines.push(Line::default());
        lines.iter_mut().for_each(|line| bound(line, room, looks.symbols.ellipsis));
        self.page.push(Section::of(self.indent(1), lines, seams));
    }

    /// `── 2 answers · by votes ─────`
    fn divider(&mut self) {
        let Content { thread, words, looks, .. } = self.content;
        let text = if let Some(only_new) = &self.content.only_new {
            only_new.clone()
        } else if thread.kind == Kind::Question {
            let answers = words.count("page.answers", u64::from(thread.answers));
            format!("{answers} {} {}", looks.symbols.middot, words.get("page.by_votes"))
        } else {
            words.count("page.replies", u64::from(thread.last.saturating_sub(1)))
        };
        let line = looks.symbols.horizontal;
        let text = width::ellipsis(&text, self.room(1).saturating_sub(4)).into_owned();
        let rest = self.room(1).saturating_sub(4 + width::width(&text));
        let border = looks.theme.border;
        let spans = [
            Span::styled(format!("{} ", line.repeat(2)), border),
            Span::styled(text, looks.theme.dim),
            Span::styled(format!(" {}", line.repeat(rest)), border),
        ];
        let mut line = Line::from_iter(spans);
        bound(&mut line, self.room(1), looks.symbols.ellipsis);
        self.page.push(Section::of(self.indent(1), vec![line, Line::default()], Vec::new()));
    }

    fn post(&mut self, row: &Row<'_>) {
        let indent = self.indent(usize::from(row.depth.min(MOST_DEPTH)) * STEP + 1);
        let room = self.room(indent);
        let first = self.page.marks() + 1;
        let facts = Facts::of(self.content, row, room, first);
        let kept = self.cache.section(&row.post.id, &facts);
        let section = kept.unwrap_or_else(|| {
            let body = (!row.post.deleted).then(|| self.cache.body(row, room, first, self.content.looks));
            section::lay_out(self.content, row, &facts, body)
        });
        self.cache.keep(&row.post.id, facts, section.clone());
        self.page.push(Section { indent, post: Some(row.post.number), part: section });
    }
}

#[cfg(test)]
mod tests;
