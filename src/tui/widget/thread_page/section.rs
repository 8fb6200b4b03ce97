//! A post on the page: who wrote it, its body, what stands below it.

use std::sync::Arc;

use ratatui::text::{Line, Span};

use super::{
    Content, Row,
    cache::{Body, Text},
    page::Part,
};
use crate::base::ids::PlanId;
use crate::base::text::{Clean, width};
use crate::model::{member::Role, thread::Gate};
use crate::tui::widget::markdown::{Opened, bound};

/// Everything that a post shows. Equal facts give equal lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facts {
    text: Text,
    name: Clean,
    role: Role,
    age: String,
    stands: Option<String>,
    /// What it replies to.
    above: Option<String>,
    score: i64,
    vote: i8,
    is_accepted: bool,
    is_deleted: bool,
    is_edited: bool,
    is_unread: bool,
    had_hidden: bool,
    folded: usize,
    /// What opens the rest; none when all of it is there.
    card: Option<Vec<String>>,
    opened: Opened,
    room: usize,
    first: usize,
}

impl Facts {
    pub(super) fn of(content: &Content<'_>, row: &Row<'_>, room: usize, first: usize) -> Self {
        let post = row.post;
        Self {
            text: Text::of(post),
            name: post.author.name.clone(),
            role: post.author.role,
            age: (content.age)(post.created),
            stands: row.stands.map(str::to_owned),
            above: row.above.map(str::to_owned),
            score: post.score,
            vote: post.vote,
            is_accepted: post.accepted,
            is_deleted: post.deleted,
            is_edited: post.edited.is_some() && !post.deleted,
            is_unread: post.number > content.read && content.me != Some(&post.author.username),
            had_hidden: post.body.had_hidden(),
            folded: row.folded,
            card: content.thread.gate.as_ref().filter(|_| post.partial).map(|gate| card_sentences(content, gate)),
            opened: row.opened.cloned().unwrap_or_default(),
            room,
            first,
        }
    }
}

/// Puts a post together around its body.
pub(super) fn lay_out(content: &Content<'_>, row: &Row<'_>, facts: &Facts, body: Option<Arc<Body>>) -> Arc<Part> {
    let Content { words, looks, .. } = content;
    let dim = |text: &str| {
        let lines: Vec<_> =
            width::wrapped(text, facts.room).map(|line| Line::styled(line.to_owned(), looks.theme.dim)).collect();
        lines
    };
    let mut head = byline(content, facts);
    if let Some(above) = row.above {
        head.push(Line::styled(width::ellipsis(above, facts.room).into_owned(), looks.theme.dim));
    }
    if facts.is_deleted {
        head.extend(dim(words.get("page.deleted")));
    }
    let mut tail = Vec::new();
    if let Some(sentences) = &facts.card {
        tail.push(Line::default());
        tail.extend(card(content, sentences, facts.room));
    }
    if row.folded > 0 {
        let folded = words.count("page.folded", row.folded as u64);
        tail.extend(dim(&format!("{} {folded}", looks.symbols.folded)));
    }
    tail.push(Line::default());
    for line in head.iter_mut().chain(&mut tail) {
        bound(line, facts.room, looks.symbols.ellipsis);
    }
    Arc::new(Part { head, body, tail, ..Part::default() })
}

/// `✔ • ▲5  hopper · expert · 1 h ago · edited`, wrapped where it must be.
fn byline(content: &Content<'_>, facts: &Facts) -> Vec<Line<'static>> {
    let Content { words, looks, .. } = content;
    let (theme, symbols) = (looks.theme, looks.symbols);
    let mut parts: Vec<Span<'static>> = Vec::new();
    if facts.is_accepted {
        parts.push(Span::styled(format!("{} ", symbols.check), theme.good));
    }
    if facts.is_unread {
        parts.push(Span::styled(format!("{} ", symbols.dot), theme.accent));
    }
    if !facts.is_deleted && facts.stands.is_none() {
        let sign = if facts.score < 0 { symbols.down } else { symbols.up };
        let style = if facts.vote == 0 { theme.dim } else { theme.accent };
        parts.push(Span::styled(format!("{sign}{} ", facts.score.unsigned_abs()), style));
    }
    parts.push(Span::styled(facts.name.as_str().to_owned(), theme.title));
    let between = |text: String, style| Span::styled(format!(" {} {text}", symbols.middot), style);
    let role = match facts.role {
        Role::Member => None,
        Role::Expert => Some(theme.expert),
        Role::Moderator | Role::Owner => Some(theme.staff),
    };
    if let Some(style) = role {
        parts.push(between(words.get(&format!("role.{}", facts.role.as_str())).to_owned(), style));
    }
    match &facts.stands {
        Some(stands) => parts.push(between(stands.clone(), theme.warn)),
        None => parts.push(between(facts.age.clone(), theme.dim)),
    }
    if facts.is_edited {
        parts.push(between(words.get("page.edited").to_owned(), theme.dim));
    }
    if facts.is_unread {
        parts.push(between(words.get("page.unread").to_owned(), theme.accent));
    }
    if facts.had_hidden {
        parts.push(between(words.get("page.hidden").to_owned(), theme.warn));
    }
    flowed(parts, facts.room)
}

/// What opens the rest: which tier, which plans, which keys.
fn card_sentences(content: &Content<'_>, gate: &Gate) -> Vec<String> {
    let Content { words, looks, keys, .. } = content;
    let tier = Clean::line(&gate.required.name);
    let known = |id: &PlanId| content.plans.iter().find(|plan| plan.id == *id);
    let named = |id| known(id).map_or_else(|| Clean::line(id.as_str()), |plan| plan.name.clone());
    let plans: Vec<String> = gate.plans.iter().map(|id| named(id).to_string()).collect();
    let plans = plans.join(&format!(" {} ", looks.symbols.middot));
    let named = ["page.why", "page.membership"].into_iter().zip(*keys).filter(|(_, key)| !key.is_empty());
    let named: Vec<String> = named.map(|(sentence, key)| words.fill(sentence, &[("key", key)])).collect();
    let plans = if plans.is_empty() { plans } else { words.fill("page.plans", &[("plans", &plans)]) };
    vec![words.fill("page.gated", &[("tier", &tier)]), plans, named.join("  ")]
}

/// The same in a box.
fn card(content: &Content<'_>, sentences: &[String], room: usize) -> Vec<Line<'static>> {
    let looks = content.looks;
    let [top_left, top_right, bottom_left, bottom_right] = looks.symbols.corners;
    let room = room.saturating_sub(4).max(1);
    let border = looks.theme.border;
    let across = looks.symbols.horizontal.repeat(room + 2);
    let side = looks.symbols.vertical;
    let mut lines = vec![Line::styled(format!("{top_left}{across}{top_right}"), border)];
    let styles = [looks.theme.warn, looks.theme.text, looks.theme.dim];
    for (sentence, style) in sentences.iter().zip(styles).filter(|(sentence, _)| !sentence.is_empty()) {
        for line in width::wrapped(sentence, room) {
            let text = Span::styled(width::pad(line, room, width::Stand::Left), style);
            let line = [Span::styled(format!("{side} "), border), text, Span::styled(format!(" {side}"), border)];
            lines.push(Line::from_iter(line));
        }
    }
    lines.push(Line::styled(format!("{bottom_left}{across}{bottom_right}"), border));
    lines
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
