//! A thread laid out for reading: one run of lines, and where in it each post stands. The order of the posts and what
//! is folded come from who asks; nothing here scrolls or selects.

use ratatui::text::{Line, Span};

use super::markdown::Looks;
use crate::base::ids::{PlanId, Username};
use crate::base::text::{Clean, width};
use crate::base::time::Timestamp;
use crate::config::locale::Catalog;
use crate::model::{
    member::Role,
    plan::Plan,
    post::Post,
    thread::{Gate, Kind, Thread},
};

mod cache;

pub use cache::Cache;

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

/// Where a post stands on a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Anchor {
    /// The post's number.
    pub number: u32,
    /// Its first line.
    pub line: usize,
    /// How many lines it has, with the blank one below.
    pub lines: usize,
    /// Columns left free before it.
    pub indent: usize,
}

/// A thread as lines of one width.
#[derive(Clone, Debug, Default)]
pub struct Page {
    /// The lines; the first column is free for the selection's bar.
    pub lines: Vec<Line<'static>>,
    /// The posts in reading order.
    pub anchors: Vec<Anchor>,
    /// Where the links lead, as numbered on the page: the first is 1.
    pub links: Vec<String>,
}

impl Page {
    /// Where a post stands, if it is on the page.
    pub fn anchor(&self, number: u32) -> Option<&Anchor> {
        self.anchors.iter().find(|anchor| anchor.number == number)
    }
}

/// Lays a thread out in `width` columns. Bodies that `cache` knows are not laid out again.
pub fn lay_out(content: Content<'_>, width: u16, cache: &mut Cache) -> Page {
    cache.look(content.looks);
    let rows = content.rows;
    let mut writer = Writer { content, width: usize::from(width), page: Page::default(), cache };
    writer.title();
    for (nth, row) in rows.iter().enumerate() {
        if nth == usize::from(writer.content.only_new.is_none()) {
            writer.divider();
        }
        writer.post(row);
    }
    writer.cache.sweep();
    writer.page
}

struct Writer<'a, 'c> {
    content: Content<'a>,
    width: usize,
    page: Page,
    cache: &'c mut Cache,
}

impl Writer<'_, '_> {
    /// Columns for text that starts after `indent`; the last column stays free.
    fn room(&self, indent: usize) -> usize {
        self.width.saturating_sub(indent + 1).max(1)
    }

    fn push(&mut self, indent: usize, mut line: Line<'static>) {
        line.spans.insert(0, Span::raw(" ".repeat(indent)));
        self.page.lines.push(line);
    }

    fn title(&mut self) {
        let Content { thread, words, looks, .. } = self.content;
        let room = self.room(1);
        for line in width::wrapped(&thread.title, room) {
            self.push(1, Line::styled(line.to_owned(), looks.theme.title));
        }
        let mut facts = vec![words.get(&format!("page.kind.{}", thread.kind.as_str())).to_owned()];
        let tags: Vec<String> = thread.tags.iter().map(|tag| format!("#{tag}")).collect();
        facts.extend((!tags.is_empty()).then(|| tags.join(" ")));
        facts.extend(thread.locked.then(|| words.get("page.locked").to_owned()));
        facts.extend(self.content.stale.clone());
        let facts = facts.join(&format!(" {} ", looks.symbols.middot));
        self.dim(&facts, 1);
        self.page.lines.push(Line::default());
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
        self.push(1, Line::from_iter(spans));
        self.page.lines.push(Line::default());
    }

    fn post(&mut self, row: &Row<'_>) {
        let indent = usize::from(row.depth.min(MOST_DEPTH)) * STEP + 1;
        let Content { words, looks, .. } = self.content;
        let start = self.page.lines.len();
        for line in self.byline(row, self.room(indent)) {
            self.push(indent, line);
        }
        if let Some(above) = row.above {
            self.dim(&width::ellipsis(above, self.room(indent)), indent);
        }
        if row.post.deleted {
            self.dim(words.get("page.deleted"), indent);
        } else {
            self.body(row.post, indent);
        }
        if let Some(gate) = self.content.thread.gate.as_ref().filter(|_| row.post.partial) {
            self.page.lines.push(Line::default());
            self.card(gate, indent);
        }
        if row.folded > 0 {
            let folded = words.count("page.folded", row.folded as u64);
            self.dim(&format!("{} {folded}", looks.symbols.folded), indent);
        }
        self.page.lines.push(Line::default());
        let lines = self.page.lines.len() - start;
        self.page.anchors.push(Anchor { number: row.post.number, line: start, lines, indent });
    }

    fn dim(&mut self, text: &str, indent: usize) {
        let style = self.content.looks.theme.dim;
        for line in width::wrapped(text, self.room(indent)) {
            self.push(indent, Line::styled(line.to_owned(), style));
        }
    }

    fn body(&mut self, post: &Post, indent: usize) {
        let room = u16::try_from(self.room(indent)).unwrap_or(u16::MAX);
        let body = self.cache.body(post, room, self.page.links.len() + 1, self.content.looks);
        for line in body.lines.iter() {
            self.push(indent, line.clone());
        }
        self.page.links.extend(body.links.iter().cloned());
    }

    /// `✔ • ▲5  hopper · expert · 1 h ago · edited`, wrapped where it must be.
    fn byline(&self, row: &Row<'_>, room: usize) -> Vec<Line<'static>> {
        let post = row.post;
        let Content { words, looks, read, me, .. } = self.content;
        let is_unread = post.number > read && me != Some(&post.author.username);
        let (theme, symbols) = (looks.theme, looks.symbols);
        let mut parts: Vec<Span<'static>> = Vec::new();
        if post.accepted {
            parts.push(Span::styled(format!("{} ", symbols.check), theme.good));
        }
        if is_unread {
            parts.push(Span::styled(format!("{} ", symbols.dot), theme.accent));
        }
        if !post.deleted && row.stands.is_none() {
            let sign = if post.score < 0 { symbols.down } else { symbols.up };
            let style = if post.vote == 0 { theme.dim } else { theme.accent };
            parts.push(Span::styled(format!("{sign}{} ", post.score.unsigned_abs()), style));
        }
        parts.push(Span::styled(post.author.name.as_str().to_owned(), theme.title));
        let between = |text: String, style| Span::styled(format!(" {} {text}", symbols.middot), style);
        let role = match post.author.role {
            Role::Member => None,
            Role::Expert => Some(theme.expert),
            Role::Moderator | Role::Owner => Some(theme.staff),
        };
        if let Some(style) = role {
            parts.push(between(words.get(&format!("role.{}", post.author.role.as_str())).to_owned(), style));
        }
        match row.stands {
            Some(stands) => parts.push(between(stands.to_owned(), theme.warn)),
            None => parts.push(between((self.content.age)(post.created), theme.dim)),
        }
        if post.edited.is_some() && !post.deleted {
            parts.push(between(words.get("page.edited").to_owned(), theme.dim));
        }
        if is_unread {
            parts.push(between(words.get("page.unread").to_owned(), theme.accent));
        }
        if post.body.had_hidden() {
            parts.push(between(words.get("page.hidden").to_owned(), theme.warn));
        }
        flowed(parts, room)
    }

    /// What opens the rest, in a box.
    fn card(&mut self, gate: &Gate, indent: usize) {
        let Content { words, looks, keys, .. } = self.content;
        let tier = Clean::line(&gate.required.name);
        let known = |id: &PlanId| self.content.plans.iter().find(|plan| plan.id == *id);
        let named = |id| known(id).map_or_else(|| Clean::line(id.as_str()), |plan| plan.name.clone());
        let plans: Vec<String> = gate.plans.iter().map(|id| named(id).to_string()).collect();
        let mut sentences = vec![(words.fill("page.gated", &[("tier", &tier)]), looks.theme.warn)];
        if !plans.is_empty() {
            let plans = plans.join(&format!(" {} ", looks.symbols.middot));
            sentences.push((words.fill("page.plans", &[("plans", &plans)]), looks.theme.text));
        }
        let named = ["page.why", "page.membership"].into_iter().zip(keys).filter(|(_, key)| !key.is_empty());
        let named: Vec<String> = named.map(|(sentence, key)| words.fill(sentence, &[("key", key)])).collect();
        sentences.extend((!named.is_empty()).then(|| (named.join("  "), looks.theme.dim)));
        let [top_left, top_right, bottom_left, bottom_right] = looks.symbols.corners;
        let room = self.room(indent).saturating_sub(4).max(1);
        let border = looks.theme.border;
        let across = looks.symbols.horizontal.repeat(room + 2);
        self.push(indent, Line::styled(format!("{top_left}{across}{top_right}"), border));
        let side = looks.symbols.vertical;
        for (sentence, style) in sentences {
            for line in width::wrapped(&sentence, room) {
                let text = Span::styled(width::pad(line, room, width::Stand::Left), style);
                let line = [Span::styled(format!("{side} "), border), text, Span::styled(format!(" {side}"), border)];
                self.push(indent, Line::from_iter(line));
            }
        }
        self.push(indent, Line::styled(format!("{bottom_left}{across}{bottom_right}"), border));
    }
}

/// Spans put on lines of at most `room`; one that alone is wider is cut.
fn flowed(parts: Vec<Span<'static>>, room: usize) -> Vec<Line<'static>> {
    let mut lines = vec![Line::default()];
    let mut used = 0;
    for part in parts {
        let columns = width::width(&part.content);
        let fits = used + columns <= room;
        let text = if fits || used == 0 { part.content.as_ref() } else { part.content.trim_start() };
        let text = width::ellipsis(text, room).into_owned();
        if !fits && used > 0 {
            lines.push(Line::default());
            used = 0;
        }
        used += width::width(&text);
        if let Some(line) = lines.last_mut() {
            line.push_span(Span::styled(text, part.style));
        }
    }
    lines
}

#[cfg(test)]
mod tests;
