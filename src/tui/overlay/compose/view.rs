//! The composer's picture: the whole of the pane's place, because text needs room.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Compose, Field};
use crate::base::ids::ThreadId;
use crate::model::{draft::Place, thread::Kind};
use crate::tui::{
    overlay::frame::boxed,
    pane::reader::sheet::is_answer,
    state::State,
    widget::{
        editor::Editor,
        text::{fit, width},
    },
};

pub(super) fn draw(compose: &Compose, frame: &mut Frame<'_>, area: Rect, state: &State) {
    let mut rest = boxed(frame, area, state, &heading(compose, state), (area.width, area.height));
    if rest.height == 0 {
        return;
    }
    if compose.fields().contains(&Field::Title) {
        head(compose, frame, &mut rest, state);
    }
    if compose.completion.is_open() && rest.height > 1 {
        rest.height -= 1;
        offered(compose, frame, Rect { y: rest.bottom(), height: 1, ..rest }, state);
    }
    if !compose.preview.is_shown(state) {
        return compose.body.view(frame, rest, compose.field == Field::Body);
    }
    if compose.preview.hides_text(state) {
        return preview(compose, frame, rest, state);
    }
    let half = rest.width / 2 - 1;
    compose.body.view(frame, Rect { width: half, ..rest }, compose.field == Field::Body);
    for y in rest.top()..rest.bottom() {
        let line = Span::styled(state.symbols.vertical, state.theme.border);
        frame.render_widget(line, Rect::new(rest.x + half, y, 1, 1));
    }
    let right = Rect { x: rest.x + half + 2, width: rest.width - half - 2, ..rest };
    preview(compose, frame, right, state);
}

/// What it will be, to whom, and about what.
fn heading(compose: &Compose, state: &State) -> String {
    let mut what = match &compose.place {
        Place::NewThread { kind, .. } => state.word(&format!("compose.new.{}", kind.as_str())),
        Place::Edit { .. } => state.word("compose.edit"),
        Place::Reply { thread, parent } => replying(state, thread, *parent),
    };
    if compose.preview.hides_text(state) {
        // The text is hidden now: its place must say so.
        what = format!("{} {} {what}", state.word("compose.preview"), state.symbols.middot);
    }
    if compose.about.is_empty() { what } else { format!("{what} {} {}", state.symbols.middot, compose.about) }
}

/// What a reply is: to a question an answer, below one a comment, elsewhere a reply; and to whom, when that is known.
fn replying(state: &State, id: &ThreadId, parent: Option<u32>) -> String {
    let thread = state.threads.get(id);
    let asks = thread.is_some_and(|t| t.kind == Kind::Question);
    let Some(parent) = parent else {
        return state.word(if asks { "compose.answer" } else { "compose.reply" });
    };
    let mut posts = state.panes.readers().filter(|reader| reader.id == *id).flat_map(|reader| &reader.posts);
    let above = posts.find(|post| post.number == parent);
    let key = match (above, asks) {
        (None, true) => "compose.comment",
        (None, false) => "compose.reply",
        (Some(_), false) => "compose.reply-to",
        (Some(post), true) if thread.is_some_and(|t| is_answer(t, post)) => "compose.comment-answer",
        (Some(_), true) => "compose.comment-post",
    };
    state.words.fill(key, &[("who", above.map_or("", |post| post.author.name.as_str()))])
}

/// Title and tags, what is similar, and a line below.
fn head(compose: &Compose, frame: &mut Frame<'_>, rest: &mut Rect, state: &State) {
    let words = ["compose.title", "compose.tags"].map(|key| state.word(key));
    let label_width = words.iter().map(|word| width(word)).max().unwrap_or(0);
    let fields: [(&Editor, Field); 2] = [(&compose.title, Field::Title), (&compose.tags, Field::Tags)];
    for ((editor, field), word) in fields.into_iter().zip(words) {
        let Some(row) = take_row(rest) else { return };
        let has_focus = compose.field == field;
        let style = if has_focus { state.theme.selection } else { state.theme.dim };
        frame.render_widget(Span::styled(word, style), row);
        let taken = (label_width as u16 + 2).min(row.width);
        editor.view(frame, Rect { x: row.x + taken, width: row.width - taken, ..row }, has_focus);
    }
    if compose.field == Field::Title && rest.height > 6 {
        for line in similar(compose, state, usize::from(rest.width)) {
            if let Some(row) = take_row(rest) {
                frame.render_widget(line, row);
            }
        }
    }
    if let Some(row) = take_row(rest) {
        let line = state.symbols.horizontal.repeat(usize::from(row.width));
        frame.render_widget(Span::styled(line, state.theme.border), row);
    }
}

/// Takes the first row, but leaves one for the text.
fn take_row(rest: &mut Rect) -> Option<Rect> {
    if rest.height < 2 {
        return None;
    }
    let row = Rect { height: 1, ..*rest };
    (rest.y, rest.height) = (rest.y + 1, rest.height - 1);
    Some(row)
}

fn similar(compose: &Compose, state: &State, columns: usize) -> Vec<Line<'static>> {
    let hits = compose.similar.hits();
    if hits.is_empty() {
        return Vec::new();
    }
    let mut lines =
        vec![Line::styled(fit(&state.word("compose.similar"), columns, state.symbols.ellipsis), state.theme.dim)];
    for hit in hits {
        let (mark, style) =
            if hit.thread.is_solved() { (state.symbols.check, state.theme.good) } else { (" ", state.theme.text) };
        let title = fit(&hit.thread.title, columns.saturating_sub(4), state.symbols.ellipsis);
        lines.push(Line::from(vec![Span::styled(format!("  {mark} "), style), Span::raw(title)]));
    }
    lines
}

fn offered(compose: &Compose, frame: &mut Frame<'_>, row: Rect, state: &State) {
    let mut spans = Vec::new();
    for (is_selected, name) in compose.completion.offered() {
        let style = if is_selected { state.theme.selection } else { state.theme.dim };
        let bar = if is_selected { state.symbols.bar } else { " " };
        spans.extend([Span::styled(bar, state.theme.selection), Span::styled(format!("{name}  "), style)]);
    }
    frame.render_widget(Line::from(spans), row);
}

/// The text as it will be read. Beside the text it shows about what is written on; in its place the cursor stands at its
/// first line.
fn preview(compose: &Compose, frame: &mut Frame<'_>, area: Rect, state: &State) {
    let hides_text = compose.preview.hides_text(state);
    let (row, rows) = compose.body.progress();
    compose.preview.with_lines(area.width, state, |lines| {
        let last = lines.len().saturating_sub(usize::from(area.height));
        let about = (lines.len() * (row + 1) / rows.max(1)).saturating_sub(usize::from(area.height) / 2);
        let top = if hides_text { compose.preview.top } else { about }.min(last);
        for (y, line) in (area.top()..area.bottom()).zip(&lines[top..]) {
            frame.render_widget(line, Rect { y, height: 1, ..area });
        }
        if lines.is_empty() {
            let empty = fit(&state.word("compose.nothing"), usize::from(area.width), state.symbols.ellipsis);
            frame.render_widget(Span::styled(empty, state.theme.dim), Rect { height: 1, ..area });
        }
    });
    if hides_text {
        frame.set_cursor_position((area.x, area.y));
    }
}
