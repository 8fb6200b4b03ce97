//! From the state to a picture. Changes nothing.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::Paragraph;

use super::{
    hits::{Hit, Part},
    layout,
    notice::Tone,
    pane::PANES,
    state::State,
    widget::text::{fit, width},
};
use crate::base::time::days_until;
use crate::engine::event::Connection;

pub mod empty;
mod footer;

/// Draws everything, spelt as the terminal can show it.
pub fn view(state: &State, frame: &mut Frame<'_>) {
    draw(state, frame);
    state.theme.paint(frame.buffer_mut());
    state.options.spelling.spell(frame.buffer_mut());
}

fn draw(state: &State, frame: &mut Frame<'_>) {
    state.hits.clear();
    let area = frame.area();
    let size = (area.width, area.height);
    if layout::is_too_small(size) {
        return too_small(state, frame, area);
    }
    let parts = layout::parts(size);
    let head = header(state, usize::from(area.width));
    if let Some(who) = head.spans.last().map(|who| width(&who.content) as u16).filter(|_| state.overlays.is_empty()) {
        let behind = (width_of(&head) as u16).min(area.width);
        let place = Rect { x: behind.saturating_sub(who), width: who.min(behind), ..parts.header };
        state.hits.put(place, Hit::Command("membership"));
    }
    frame.render_widget(head, parts.header);
    state.hits.put(Rect { width: name_ends(state).min(area.width), ..parts.header }, Hit::Command("switch-account"));
    tabs(state, frame, parts.tabs);
    let is_covered = state.overlays.iter().any(|overlay| overlay.covers());
    let divider = state.pane().divider(state).filter(|_| !is_covered);
    rule(state, frame, parts.rule, divider, state.symbols.tee_down);
    rule(state, frame, parts.foot_rule, divider, state.symbols.tee_up);
    if let Some(x) = divider {
        for y in parts.body.top()..parts.body.bottom() {
            frame.render_widget(Span::styled(state.symbols.vertical, state.theme.border), Rect::new(x, y, 1, 1));
        }
    }
    state.hits.put(parts.body, Hit::Part(Part::List));
    if !is_covered {
        state.pane().view(frame, parts.body, state);
    }
    if let Some(x) = divider {
        // The column beside it is free, and as good to take hold of.
        state.hits.put(Rect { x, width: 2, ..parts.body }.intersection(area), Hit::Divider);
    }
    for overlay in &state.overlays {
        // Over the first page a tab says why it cannot be shown.
        if !overlay.lets_through() {
            state.hits.put(parts.body, Hit::Part(Part::Over));
        }
        if !overlay.covers() {
            state.hits.put(parts.tabs, Hit::Part(Part::Nothing));
        }
        overlay.view(frame, parts.body, state);
    }
    footer::draw(state, frame, parts.footer);
    let over = parts.foot_rule.union(parts.footer);
    notice(state, frame, if state.overlays.is_empty() { parts.body } else { over });
}

fn width_of(line: &Line<'_>) -> usize {
    line.spans.iter().map(|span| width(&span.content)).sum()
}

fn too_small(state: &State, frame: &mut Frame<'_>, area: Rect) {
    let (columns, lines) = layout::LEAST;
    let places = [("columns", columns.to_string()), ("lines", lines.to_string())];
    let places: Vec<(&str, &str)> = places.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let text = state.words.fill("frame.too-small", &places);
    let wrapped = super::widget::text::wrap(&text, usize::from(area.width));
    frame.render_widget(Paragraph::new(wrapped.into_iter().map(Line::raw).collect::<Vec<_>>()), area);
}

/// The community and the number of accounts, in so many columns.
fn name(state: &State, columns: usize) -> (String, String) {
    let name = state.home.about.as_ref().map_or("Lyceum", |about| about.name.as_str());
    let (_, _, word) = light(state);
    let room = columns.saturating_sub(width(&word) + 8).min(columns / 2);
    let others = others(state);
    (fit(name, room.saturating_sub(width(&others)), state.symbols.ellipsis), others)
}

/// Where the community's name ends, with what stands beside it: the first column behind.
fn name_ends(state: &State) -> u16 {
    let (name, others) = name(state, usize::from(state.size.0));
    (1 + width(&name) + width(&others)) as u16
}

/// The community, how the line stands, who is here: the header in words.
pub fn summary(state: &State) -> String {
    let name = state.home.about.as_ref().map_or("Lyceum", |about| about.name.as_str());
    let (_, _, word) = light(state);
    [name.to_owned(), word, who(state)].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// Which of several accounts this is, and whether another one has something new or unsent.
fn others(state: &State) -> String {
    let roll = &state.roll;
    if !roll.is_several() {
        return String::new();
    }
    let unread: u32 = roll.others().map(|row| row.unread).sum();
    let mut marks = format!(" {}/{}", roll.place() + 1, roll.rows.len());
    if unread > 0 {
        marks += &format!(" {}{unread}", state.symbols.dot);
    }
    if roll.others().any(|row| row.unsent > 0) {
        marks += &format!(" {}", state.symbols.sending);
    }
    marks
}

/// The community, the light, who is here.
fn header(state: &State, columns: usize) -> Line<'static> {
    let (name, others) = name(state, columns);
    let (sign, style, word) = light(state);
    let who = who(state);
    let light_width = width(sign) + 1 + width(&word);
    let left = width(&name) + width(&others);
    let room = columns.saturating_sub(left + light_width + 5);
    let who = fit(&who, room, state.symbols.ellipsis);
    let gap = columns.saturating_sub(left + width(&who) + light_width + 4);
    let before = (columns * 2 / 5).saturating_sub(left + 1).clamp(1, gap.max(1));
    Line::from(vec![
        Span::raw(" "),
        Span::styled(name, state.theme.title),
        Span::styled(others, state.theme.accent),
        Span::raw(" ".repeat(before)),
        Span::styled(format!("{sign} "), style),
        Span::raw(word),
        Span::raw(" ".repeat(gap.saturating_sub(before) + 2)),
        Span::styled(who, state.theme.dim),
    ])
}

fn light(state: &State) -> (&'static str, ratatui::style::Style, String) {
    let (theme, signs) = (&state.theme, &state.symbols);
    if let Some(until) = state.home.limited.filter(|until| state.now < *until) {
        return (signs.ring, theme.warn, state.words.fill("line.limited", &[("time", &state.clock(until))]));
    }
    match &state.home.connection {
        Connection::Connecting => (signs.ring, theme.dim, state.word("line.connecting")),
        Connection::Live => (signs.dot, theme.good, state.word("line.live")),
        Connection::Polling => (signs.dot, theme.warn, state.word("line.polling")),
        Connection::Reconnecting(at) => {
            let seconds = at.duration_since(state.now).as_secs().max(0).to_string();
            (signs.ring, theme.warn, state.words.fill("line.reconnecting", &[("n", &seconds)]))
        }
        Connection::Offline(since) => {
            (signs.ring, theme.bad, state.words.fill("line.offline", &[("time", &state.clock(*since))]))
        }
    }
}

/// Who is signed in, what they hold and until when.
fn who(state: &State) -> String {
    let Some(me) = &state.home.me else {
        return state.word(if state.home.signed_out { "who.signed-out" } else { "who.unknown" });
    };
    let mut facts = vec![me.author.username.to_string()];
    if let Some(held) = state.home.membership.as_ref().map(|m| &m.derived) {
        facts.push(held.tier.as_ref().map_or_else(|| state.word("who.no-tier"), |t| t.name.clone()));
        let (key, at) = match (held.renews, held.until) {
            (Some(at), _) => ("who.renews", Some(at)),
            (None, Some(at)) if held.tier.is_some() => ("who.until", Some(at)),
            (None, until) => ("who.ended", until),
        };
        if let Some(at) = at {
            let days = days_until(state.now, at, &state.options.zone).to_string();
            // Paused, refunded and taken away are not the same as run out.
            let word = state.word(&format!("membership.word.{}", held.standing.as_str()));
            facts.push(state.words.fill(key, &[("day", &state.day(at)), ("n", &days), ("word", &word)]));
        }
    }
    facts.join(&format!(" {} ", state.symbols.middot))
}

/// The tabs with their columns: name, first column, width.
fn tab_words(state: &State) -> Vec<(&'static str, String)> {
    let tab = |(at, pane): (usize, &'static dyn super::pane::Pane)| {
        let word = state.word(&format!("pane.{}", pane.name()));
        let badge = match pane.badge(state) {
            0 => String::new(),
            n => format!(" {n}"),
        };
        (pane.name(), format!("{} {word}{badge}", at + 1))
    };
    state.options.tabs.iter().filter_map(|at| PANES.get(*at).copied()).enumerate().map(tab).collect()
}

fn tab_gap(state: &State, columns: usize) -> usize {
    let words: usize = tab_words(state).iter().map(|(_, word)| width(word)).sum();
    if words + 1 + 3 * PANES.len() <= columns { 3 } else { 1 }
}

fn tabs(state: &State, frame: &mut Frame<'_>, area: Rect) {
    let gap = tab_gap(state, usize::from(area.width));
    let mut x = area.x + 1.min(area.width);
    for (name, word) in tab_words(state) {
        let style = if name == state.pane().name() { state.theme.tab_active } else { state.theme.tab };
        let columns = width(&word) as u16;
        let place = Rect { x, width: columns, ..area }.intersection(area);
        frame.render_widget(Span::styled(word, style), place);
        state.hits.put(place, Hit::Command(name));
        x = x.saturating_add(columns + gap as u16).min(area.right());
    }
}

fn rule(state: &State, frame: &mut Frame<'_>, area: Rect, divider: Option<u16>, tee: &str) {
    let line: String =
        (area.left()..area.right()).map(|x| if divider == Some(x) { tee } else { state.symbols.horizontal }).collect();
    frame.render_widget(Span::styled(line, state.theme.border), area);
}

/// A short message at the right: over the pane's last lines; while something lies over the pane, below it from the line
/// across on.
fn notice(state: &State, frame: &mut Frame<'_>, area: Rect) {
    let Some(notice) = state.notices.showing(state.now) else { return };
    let style = match notice.tone {
        Tone::Plain => state.theme.text,
        Tone::Good => state.theme.good,
        Tone::Bad => state.theme.bad,
    };
    let is_below = !state.overlays.is_empty();
    let most = if is_below { usize::MAX } else { 76 };
    let room = usize::from(area.width).saturating_sub(4).min(most);
    let lines = super::widget::text::wrap(&notice.text, room);
    let columns = lines.iter().map(|l| width(l)).max().unwrap_or(0) as u16 + 2;
    let height = (lines.len() as u16).min(area.height);
    let area = Rect {
        x: area.right().saturating_sub(columns),
        y: if is_below { area.y } else { area.bottom() - height },
        width: columns.min(area.width),
        height,
    };
    super::overlay::frame::clear(frame, area);
    if !is_below {
        state.hits.put(area, Hit::Command("messages"));
    }
    for (y, line) in lines.iter().take(usize::from(height)).enumerate() {
        let row = Rect { y: area.y + y as u16, height: 1, ..area };
        frame.render_widget(Span::styled(format!(" {line}"), style), row);
    }
}
