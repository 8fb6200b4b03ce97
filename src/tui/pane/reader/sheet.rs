//! A thread's posts as lines of a width, in reading order, and where each one stands.

use std::collections::{BTreeMap, BTreeSet};

use super::{Reader, echo, order};
use crate::model::{
    markup,
    post::Post,
    thread::{Kind, Thread},
};
use crate::tui::{
    state::State,
    widget::thread_page::{self, Cache, Content, Page, Row},
};

/// Lines of a width.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The lines, links and places.
    pub page: Page,
    /// The numbers of the posts in reading order.
    pub order: Vec<u32>,
    /// The same with what is folded away and filtered out.
    pub whole: Vec<u32>,
    depths: Vec<u16>,
    parents: BTreeMap<u32, u32>,
    pub(super) width: u16,
    pub(super) is_old: bool,
}

impl Sheet {
    /// The first line of a post and the line after its last.
    pub fn range_of(&self, number: u32) -> Option<(usize, usize)> {
        self.page.anchor(number).map(|a| (a.line, a.line + a.lines))
    }

    /// The first line of a post.
    pub fn start_of(&self, number: u32) -> Option<usize> {
        self.page.anchor(number).map(|a| a.line)
    }

    /// The posts of the top level.
    pub(super) fn tops(&self) -> impl Iterator<Item = u32> {
        self.order.iter().zip(&self.depths).filter(|(_, depth)| **depth == 0).map(|(number, _)| *number)
    }

    /// The post after this one, or before it, that stands no deeper than `depth`; without a depth, than itself: the next
    /// one beside it, or where that branch ends the one after the branch.
    pub fn beside(&self, number: u32, forward: bool, depth: Option<u16>) -> Option<u32> {
        let at = self.order.iter().position(|n| *n == number)?;
        let most = depth.unwrap_or(self.depths[at]);
        let fits = |place: &usize| self.depths[*place] <= most;
        let found = if forward { (at + 1..self.order.len()).find(fits) } else { (0..at).rev().find(fits) };
        found.map(|place| self.order[place])
    }

    /// The numbers of the links, and of the quoted posts, that are shown in a post.
    pub fn links_in(&self, number: u32) -> BTreeSet<u32> {
        let Some((start, end)) = self.range_of(number) else { return BTreeSet::new() };
        let is_link = |number: &u32| {
            let found = self.page.numbered(*number as usize);
            found.is_some_and(|found| matches!(found.mark, markup::Mark::Link(_) | markup::Mark::Post { .. }))
        };
        self.page.marks_in(start..end).map(|mark| mark.number).filter(is_link).collect()
    }

    /// The shown post that one which is not shown stands below; else the first.
    pub(super) fn nearest(&self, number: u32) -> Option<u32> {
        let mut at = number;
        while let Some(above) = self.parents.get(&at) {
            at = *above;
            if self.order.contains(&at) {
                return Some(at);
            }
        }
        self.order.first().copied()
    }
}

/// Lays a thread out.
pub(super) fn lay_out(reader: &Reader, state: &State, width: u16, cache: &mut Cache) -> Sheet {
    let mut sheet = Sheet { width, ..Sheet::default() };
    let Some(thread) = state.threads.get(&reader.id) else { return sheet };
    let echoes = echo::echoes(reader, state);
    let posts: Vec<&Post> = reader.posts.iter().chain(echoes.iter().map(|echo| &echo.post)).collect();
    let is_shown = |post: &&&Post| !reader.only_new || post.number > reader.read_before;
    let shown: Vec<&Post> = posts.iter().filter(is_shown).copied().collect();
    let placed = order::arrange(thread.kind, &shown, &reader.folded);
    let above = above(state, &posts, &placed, cache);
    let unfolded = reader.unfolded(&posts);
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(placed.len());
    for (p, above) in placed.iter().zip(&above) {
        let Ok(at) = posts.binary_search_by_key(&p.number, |post| post.number) else { continue };
        let stands = at.checked_sub(reader.posts.len()).map(|echo| echoes[echo].stands.as_str());
        let opened = unfolded.get(&p.number).or_else(|| reader.blocks.of(posts[at]));
        let row = Row { post: posts[at], depth: p.depth, folded: p.hidden, stands, above: above.as_deref(), opened };
        rows.push(row);
    }
    let key = |command: &str| state.keys_of(&["detail", "global"], command).unwrap_or_default();
    let (why, membership) = (key("why"), key("membership"));
    let content = Content {
        thread,
        rows: &rows,
        read: reader.read_before,
        only_new: reader.only_new.then(|| state.words.fill("reading.only-new", &[("key", &key("only-new"))])),
        me: state.home.me.as_ref().map(|me| &me.author.username),
        words: &state.words,
        age: &|then| state.when(then),
        keys: [&why, &membership],
        plans: &state.panes.membership.plans,
        stale: reader.load.stale_since(state.now).map(|at| state.as_of(at)),
        looks: state.looks(),
    };
    sheet.page = thread_page::lay_out(content, width, cache);
    sheet.order = placed.iter().map(|p| p.number).collect();
    sheet.depths = placed.iter().map(|p| p.depth).collect();
    sheet.parents = posts.iter().filter_map(|post| Some((post.number, post.parent?))).collect();
    sheet.parents.retain(|number, parent| *parent < *number);
    let is_less = reader.only_new || !reader.folded.is_empty();
    sheet.whole = if is_less {
        order::arrange(thread.kind, &posts, &BTreeSet::new()).iter().map(|p| p.number).collect()
    } else {
        sheet.order.clone()
    };
    sheet
}

/// For each post whose place does not tell what it replies to, whom and what: it stands too deep, or what it replies to
/// is not on the page.
fn above(state: &State, posts: &[&Post], placed: &[order::Placed], cache: &mut Cache) -> Vec<Option<String>> {
    let shown: BTreeSet<u32> = placed.iter().map(|p| p.number).collect();
    let find = |number: u32| posts.binary_search_by_key(&number, |post| post.number).ok().map(|at| posts[at]);
    let mut before = 0;
    let mut lines = Vec::with_capacity(placed.len());
    for p in placed {
        let parent = find(p.number).and_then(|post| post.parent).filter(|parent| *parent > 1);
        let is_plain =
            |parent: &u32| shown.contains(parent) && (p.depth < thread_page::MOST_DEPTH || before == *parent);
        let parent = parent.filter(|parent| !is_plain(parent));
        lines.push(parent.map(|parent| in_reply_to(state, parent, find(parent), cache)));
        before = p.number;
    }
    lines
}

/// `in reply to Hopper: If they really die in order…`
fn in_reply_to(state: &State, number: u32, post: Option<&Post>, cache: &mut Cache) -> String {
    match post {
        Some(post) if post.deleted => state.words.fill("reading.reply-to-gone", &[("name", &post.author.name)]),
        Some(post) => {
            let start = cache.opening(post);
            state.words.fill("reading.reply-to", &[("name", &post.author.name), ("start", &start)])
        }
        None => state.words.fill("reading.reply-to-number", &[("number", &number.to_string())]),
    }
}

/// Whether a post is an answer: a top-level reply to a question.
pub fn is_answer(thread: &Thread, post: &Post) -> bool {
    thread.kind == Kind::Question && post.parent.is_none() && post.number > 1
}
