//! A thread's posts as lines of a width, and where each one stands.

use ratatui::text::{Line, Span};

use super::{Reader, order};
use crate::model::{
    member::Role,
    post::Post,
    thread::{Kind, Thread},
};
use crate::tui::{
    state::State,
    widget::text::{fit, wrap},
};

/// Lines of a width.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The lines; the first column is left free for the selection's bar.
    pub lines: Vec<Line<'static>>,
    /// The numbers of the posts in reading order.
    pub order: Vec<u32>,
    /// Links in reading order; link 1 is the first.
    pub links: Vec<String>,
    pub(super) width: u16,
    pub(super) is_old: bool,
    ranges: Vec<(u32, usize, usize)>,
}

impl Sheet {
    /// The first line of a post and the line after its last.
    pub fn range_of(&self, number: u32) -> Option<(usize, usize)> {
        self.ranges.iter().find(|(n, ..)| *n == number).map(|(_, start, end)| (*start, *end))
    }

    /// The first line of a post.
    pub fn start_of(&self, number: u32) -> Option<usize> {
        self.range_of(number).map(|(start, _)| start)
    }
}

/// Lays a thread out.
pub(super) fn lay_out(reader: &Reader, state: &State, width: u16) -> Sheet {
    let mut sheet = Sheet { width, ..Sheet::default() };
    let Some(thread) = state.threads.get(&reader.id) else { return sheet };
    title(&mut sheet, state, thread);
    for placed in order::arrange(thread.kind, &reader.posts, &reader.folded) {
        let Some(post) = reader.posts.iter().find(|p| p.number == placed.number) else { continue };
        let start = sheet.lines.len();
        let indent = usize::from(placed.depth.min(4)) * 2 + 1;
        sheet.lines.push(byline(state, reader, post, indent));
        let room = usize::from(width).saturating_sub(indent + 1);
        for line in wrap(&post.body, room) {
            sheet.lines.push(Line::raw(format!("{}{line}", " ".repeat(indent))));
        }
        if placed.hidden > 0 {
            let folded = state.words.count("thread.folded", placed.hidden as u64);
            let text = format!("{}{} {folded}", " ".repeat(indent), state.symbols.folded);
            sheet.lines.push(Line::styled(text, state.theme.dim));
        }
        sheet.lines.push(Line::default());
        sheet.ranges.push((post.number, start, sheet.lines.len()));
        sheet.order.push(post.number);
    }
    sheet
}

fn title(sheet: &mut Sheet, state: &State, thread: &Thread) {
    let room = usize::from(sheet.width).saturating_sub(1);
    for line in wrap(&thread.title, room) {
        sheet.lines.push(Line::styled(format!(" {line}"), state.theme.title));
    }
    let tags: Vec<String> = thread.tags.iter().map(|t| format!("#{t}")).collect();
    let facts = format!(" {} {}", state.word(&format!("kind.{}", thread.kind.as_str())), tags.join(" "));
    sheet.lines.push(Line::styled(fit(&facts, room, state.symbols.ellipsis), state.theme.dim));
    sheet.lines.push(Line::default());
}

fn byline(state: &State, reader: &Reader, post: &Post, indent: usize) -> Line<'static> {
    let (theme, signs) = (&state.theme, &state.symbols);
    let mut spans = vec![Span::raw(" ".repeat(indent))];
    if post.accepted {
        spans.push(Span::styled(format!("{} ", signs.check), theme.good));
    }
    if post.number > reader.read_before {
        spans.push(Span::styled(format!("{} ", signs.dot), theme.accent));
    }
    let score = format!("{}{} ", if post.score < 0 { signs.down } else { signs.up }, post.score.unsigned_abs());
    spans.push(Span::styled(score, if post.vote == 0 { theme.dim } else { theme.accent }));
    spans.push(Span::styled(post.author.username.to_string(), theme.title));
    let role = match post.author.role {
        Role::Member => None,
        Role::Expert => Some(theme.expert),
        Role::Moderator | Role::Owner => Some(theme.staff),
    };
    if let Some(style) = role {
        let word = state.word(&format!("role.{}", post.author.role.as_str()));
        spans.push(Span::styled(format!(" {} {word}", signs.middot), style));
    }
    spans.push(Span::styled(format!(" {} {}", signs.middot, state.age(post.created)), theme.dim));
    Line::from(spans)
}

/// Whether a post is an answer: a top-level reply to a question.
pub fn is_answer(thread: &Thread, post: &Post) -> bool {
    thread.kind == Kind::Question && post.parent.is_none() && post.number > 1
}
