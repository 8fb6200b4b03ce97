//! A thread's posts as lines of a width, in reading order, and where each one stands.

use super::{Reader, echo, order};
use crate::model::{
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
}

/// Lays a thread out.
pub(super) fn lay_out(reader: &Reader, state: &State, width: u16, cache: &mut Cache) -> Sheet {
    let mut sheet = Sheet { width, ..Sheet::default() };
    let Some(thread) = state.threads.get(&reader.id) else { return sheet };
    let echoes = echo::echoes(reader, state);
    let posts: Vec<&Post> = reader.posts.iter().chain(echoes.iter().map(|echo| &echo.post)).collect();
    let placed = order::arrange(thread.kind, &posts, &reader.folded);
    let row = |p: &order::Placed| {
        let at = posts.binary_search_by_key(&p.number, |post| post.number).ok()?;
        let stands = at.checked_sub(reader.posts.len()).map(|echo| echoes[echo].stands.as_str());
        Some(Row { post: posts[at], depth: p.depth, folded: p.hidden, stands })
    };
    let rows: Vec<Row<'_>> = placed.iter().filter_map(row).collect();
    let key = |command: &str| state.keymap.keys_of(&["detail", "global"], command).unwrap_or_default();
    let (why, membership) = (key("why"), key("membership"));
    let content = Content {
        thread,
        rows: &rows,
        read: reader.read_before,
        me: state.home.me.as_ref().map(|me| &me.author.username),
        words: &state.words,
        age: &|then| state.age(then),
        keys: [&why, &membership],
        plans: &state.panes.membership.plans,
        stale: reader.load.stale_since(state.now).map(|at| state.as_of(at)),
        looks: state.looks(),
    };
    sheet.page = thread_page::lay_out(content, width, cache);
    sheet.order = rows.iter().map(|row| row.post.number).collect();
    sheet
}

/// Whether a post is an answer: a top-level reply to a question.
pub fn is_answer(thread: &Thread, post: &Post) -> bool {
    thread.kind == Kind::Question && post.parent.is_none() && post.number > 1
}
