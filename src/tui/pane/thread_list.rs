//! Rows of threads: how a list of them is drawn, in each of its four states.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::list::List;
use crate::base::{ids::ThreadId, time::Timestamp};
use crate::config::screen::Density;
use crate::model::thread::{Kind, Thread};
use crate::tui::{
    hits::Hit,
    state::State,
    view::empty,
    widget::text::{fit, width},
};

/// Lines of a row.
pub fn row_lines(state: &State) -> u16 {
    match state.options.density {
        Density::Comfortable => 2,
        Density::Compact => 1,
    }
}

/// From so many columns on, a row of one line has more than an age at its right.
const ROOMY: usize = 56;

/// Columns before the title: bar, dot, score.
const LEAD: usize = 7;

/// What is drawn.
pub struct Page<'a> {
    /// The list.
    pub list: &'a List<ThreadId>,
    /// Its first line, word by word.
    pub heading: Vec<String>,
    /// The sentence for when it is empty.
    pub empty: String,
    /// Whether the keys go to it.
    pub has_focus: bool,
    /// Whether it goes by when threads were opened: then that is the age shown, else that of the last post.
    pub by_age: bool,
}

/// Draws a list of threads.
pub fn view(frame: &mut Frame<'_>, area: Rect, state: &State, page: &Page<'_>) {
    let [head, body] = empty::heading(area);
    frame.render_widget(heading(state, page, usize::from(area.width)), head);
    state.hits.put(head, Hit::Command("filter"));
    let list = page.list;
    if list.items.is_empty() {
        return empty::view(frame, body, state, &list.load, &page.empty);
    }
    let tall = row_lines(state);
    let rows = usize::from(body.height / tall);
    for (place, id) in list.items.iter().enumerate().skip(list.top).take(rows) {
        let Some(thread) = state.threads.get(id) else { continue };
        let y = body.y + (place - list.top) as u16 * tall;
        let is_selected = place == list.selected;
        for (at, line) in row(state, thread, page.by_age, is_selected, usize::from(body.width)).into_iter().enumerate()
        {
            frame.render_widget(line, Rect { y: y + at as u16, height: 1, ..body });
        }
        state.hits.put(Rect { y, height: tall, ..body }, Hit::Row(place));
        if is_selected && page.has_focus {
            frame.set_cursor_position((body.x, y));
        }
    }
}

fn heading(state: &State, page: &Page<'_>, columns: usize) -> Line<'static> {
    let load = &page.list.load;
    let mut news: Vec<String> = load.stale_since(state.now).map(|since| state.as_of(since)).into_iter().collect();
    let fresh = page.list.fresh();
    if fresh > 0 {
        let fresh = state.words.count("list.fresh", fresh as u64);
        news.push(format!("{fresh} {}", state.symbols.sending));
    }
    let written = |words: Vec<String>| format!(" {}", words.join("  "));
    let mut text = written([&page.heading[..], &news].concat());
    if width(&text) > columns {
        // What the list is can be looked up; that it is old, or that there is more, cannot.
        text = written([&news, &page.heading[..]].concat());
    }
    let style = if load.error.is_some() { state.theme.warn } else { state.theme.dim };
    Line::styled(fit(&text, columns, state.symbols.ellipsis), style)
}

/// The lines of a row.
fn row(state: &State, thread: &Thread, by_age: bool, is_selected: bool, columns: usize) -> Vec<Line<'static>> {
    let (theme, signs) = (&state.theme, &state.symbols);
    let at = if by_age { thread.created } else { thread.active };
    let room = columns.saturating_sub(LEAD + 1);
    let bar = Span::styled(if is_selected { signs.bar } else { " " }, theme.selection);
    match state.options.density {
        Density::Comfortable => {
            let facts = fit(&facts(state, thread, at).join(&separator(state)), room, signs.ellipsis);
            let second = vec![bar.clone(), Span::raw(" ".repeat(LEAD - 1)), Span::styled(facts, theme.dim)];
            vec![Line::from(title(state, thread, bar, room)), Line::from(second)]
        }
        Density::Compact => {
            let mut facts = facts(state, thread, at);
            facts.truncate(if columns >= ROOMY { FACTS } else { 0 });
            let facts = if facts.is_empty() { state.when(at) } else { facts.join(&separator(state)) };
            let left = room.saturating_sub(width(&facts) + 2);
            let mut spans = title(state, thread, bar, left);
            let taken: usize = spans.iter().map(|span| width(&span.content)).sum();
            spans.push(Span::raw(" ".repeat((columns - 1).saturating_sub(taken + width(&facts)))));
            spans.push(Span::styled(facts, theme.dim));
            vec![Line::from(spans)]
        }
    }
}

fn separator(state: &State) -> String {
    format!(" {} ", state.symbols.middot)
}

/// What a row begins with: bar, dot, score, title and marks, the last two in so many columns.
fn title(state: &State, thread: &Thread, bar: Span<'static>, room: usize) -> Vec<Span<'static>> {
    let (theme, signs) = (&state.theme, &state.symbols);
    let unread = thread.has_news();
    let dot = Span::styled(if unread { signs.dot } else { " " }, theme.accent);
    let score = if thread.score < 0 { signs.down } else { signs.up };
    let score = format!(" {:<width$}", format!("{score}{}", thread.score.unsigned_abs()), width = LEAD - 3);
    let title = if unread { theme.title } else { theme.text };
    let mut spans = vec![bar, dot, Span::styled(fit(&score, LEAD - 2, ""), theme.dim)];
    let marks = marks(state, thread);
    let taken: usize = marks.iter().map(|m| width(&m.content) + 1).sum();
    if thread.is_solved() {
        spans.push(Span::styled(format!("{} ", signs.check), theme.good));
    }
    let room_for_title = room.saturating_sub(taken + if thread.is_solved() { 2 } else { 0 });
    spans.push(Span::styled(fit(&thread.title, room_for_title, signs.ellipsis), title));
    for mark in marks {
        spans.extend([Span::raw(" "), mark]);
    }
    spans
}

/// Words after the title: what is special about the thread.
fn marks(state: &State, thread: &Thread) -> Vec<Span<'static>> {
    let theme = &state.theme;
    let mut marks = Vec::new();
    if thread.marks.bookmark {
        marks.push(Span::styled(state.symbols.bookmark, theme.accent));
    }
    if thread.marks.mute {
        marks.push(Span::styled(format!("[{}]", state.word("thread.muted")), theme.dim));
    }
    if let Some(gate) = &thread.gate {
        marks.push(Span::styled(format!("[{}]", gate.required.name), theme.warn));
    }
    if thread.pinned {
        marks.push(Span::styled(format!("[{}]", state.word("thread.pinned")), theme.dim));
    }
    if thread.locked {
        marks.push(Span::styled(format!("[{}]", state.word("thread.locked")), theme.warn));
    }
    marks
}

/// The most facts in a row of one line.
const FACTS: usize = 3;

/// Who, when, where and how much.
fn facts(state: &State, thread: &Thread, at: Timestamp) -> Vec<String> {
    let mut facts = vec![thread.author.username.to_string(), state.when(at)];
    if thread.kind != Kind::Question && thread.kind != Kind::Discussion {
        facts.push(state.word(&format!("kind.{}", thread.kind.as_str())));
    }
    let replies = if thread.kind == Kind::Question {
        state.words.count("thread.answers", u64::from(thread.answers))
    } else {
        state.words.count("thread.replies", u64::from(thread.last.saturating_sub(1)))
    };
    facts.push(replies);
    let tags: Vec<String> = thread.tags.iter().map(|t| format!("#{t}")).collect();
    if !tags.is_empty() {
        facts.push(tags.join(" "));
    }
    facts
}
