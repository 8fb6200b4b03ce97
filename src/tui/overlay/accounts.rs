//! Every account of this machine: how it stands, what is new and unsent there; to go to one, to add one, to take one
//! away.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, confirm::Confirm, frame, typed::Typed};
use crate::base::text::Clean;
use crate::engine::event::Connection;
use crate::tui::{
    effect::Effect,
    roll::{Act, Row, SeatId, Stands},
    state::State,
    widget::text::{fit, width, wrap},
};

/// The most lines a failure takes.
const LINES: usize = 4;

/// The list.
pub struct Switcher {
    selected: SeatId,
}

/// Opens the list, once, and has it read anew.
pub fn open(state: &mut State) {
    if state.overlays.iter_mut().any(|over| over.as_any().is::<Switcher>()) {
        return;
    }
    state.effect(Effect::Seat(Act::Look));
    state.lay(Switcher { selected: state.roll.front });
}

impl Switcher {
    /// The place of the selected one; of the one in front when the selected one has gone.
    fn place(&self, state: &State) -> usize {
        let rows = &state.roll.rows;
        rows.iter().position(|row| row.id == self.selected).unwrap_or_else(|| state.roll.place())
    }

    fn row<'a>(&self, state: &'a State) -> Option<&'a Row> {
        state.roll.rows.get(self.place(state))
    }

    fn step(&mut self, state: &State, by: isize) {
        let last = state.roll.rows.len().saturating_sub(1);
        let to = self.place(state).saturating_add_signed(by).min(last);
        self.selected = state.roll.rows.get(to).map_or(self.selected, |row| row.id);
    }
}

/// Asks whether the account is to go, and then what becomes of what is kept of it here.
fn ask_to_remove(state: &mut State, row: &Row) {
    let id = row.id;
    let Some(name) = row.who.username.clone() else {
        return state.effect(Effect::Seat(Act::Remove(id, false)));
    };
    let name = Clean::line(&name);
    let values = [("name", name.as_str()), ("community", &row.title())];
    let texts = state.words.fill("accounts.remove-texts", &values);
    let unsent = match row.unsent as u64 {
        0 => String::new(),
        n => [state.words.get("frame.between-sentences"), &state.words.count("accounts.remove-unsent", n)].concat(),
    };
    let texts = texts + &unsent;
    let ask = move |state: &mut State| {
        let remove = |texts| move |state: &mut State| state.effect(Effect::Seat(Act::Remove(id, texts)));
        state.lay(Confirm::new(texts.clone(), remove(true)).or_else(remove(false)));
    };
    state.lay(Confirm::new(state.words.fill("accounts.remove", &values), ask));
}

impl Overlay for Switcher {
    fn context(&self) -> &'static str {
        "accounts"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        state.dirty = true;
        let row = self.row(state).cloned();
        match (command, row) {
            ("choice-down", _) => self.step(state, 1),
            ("choice-up", _) => self.step(state, -1),
            ("choose", Some(row)) => {
                state.effect(Effect::Seat(Act::Switch(row.id)));
                return Then::Close;
            }
            ("try-again", Some(row)) => state.effect(Effect::Seat(Act::Reopen(row.id))),
            ("add-community", _) => ask_for_address(state),
            ("add-account", Some(row)) => {
                state.effect(Effect::Seat(Act::Beside(row.id)));
                return Then::Close;
            }
            ("remove-account", Some(row)) => ask_to_remove(state, &row),
            ("close", _) => return Then::Close,
            _ => {}
        }
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        let Some(id) = state.roll.rows.get(row).map(|row| row.id) else { return Then::Stay };
        if self.selected == id {
            return self.run("choose", state);
        }
        self.selected = id;
        state.dirty = true;
        Then::Stay
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let room = usize::from(area.width.saturating_sub(4)).min(76);
        let selected = self.place(state);
        let rows: Vec<Vec<Line<'static>>> =
            state.roll.rows.iter().enumerate().map(|(at, row)| lines(state, row, at == selected, room)).collect();
        // The selected one is seen whole where there is so much room.
        let most = usize::from(area.height.saturating_sub(2));
        let until = rows.iter().take(selected + 1).map(Vec::len).sum::<usize>();
        let top = until.saturating_sub(most);
        let tall: Vec<usize> = rows.iter().map(Vec::len).collect();
        let all: Vec<Line<'static>> = rows.into_iter().flatten().collect();
        let size = (80, all.len() as u16 + 2);
        let inside = frame::boxed(frame, area, state, &state.word("accounts.title"), size);
        frame::lines(frame, inside, &all, top);
        frame::rows(state, inside, tall, top.min(all.len().saturating_sub(usize::from(inside.height))));
        let cursor = until.saturating_sub(top + 1).min(usize::from(inside.height.saturating_sub(1)));
        if inside.height > 0 {
            frame.set_cursor_position((inside.x, inside.y + cursor as u16));
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["choose", "add-community", "add-account", "remove-account", "try-again", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// The community and how it stands; who, where, what is new and unsent; what is wrong.
fn lines(state: &State, row: &Row, is_selected: bool, room: usize) -> Vec<Line<'static>> {
    let (theme, signs) = (&state.theme, &state.symbols);
    let bar = if is_selected { Span::styled(signs.bar, theme.selection) } else { Span::raw(" ") };
    let (sign, style, word) = light(state, row);
    let here = if row.id == state.roll.front { signs.check } else { " " };
    let name = fit(&row.title(), room.saturating_sub(width(&word) + 8), signs.ellipsis);
    let gap = room.saturating_sub(width(&name) + width(&word) + 6).max(1);
    let mut lines = vec![Line::from(vec![
        bar,
        Span::styled(format!("{here} "), theme.good),
        Span::styled(name, theme.title),
        Span::raw(" ".repeat(gap)),
        Span::styled(format!("{sign} "), style),
        Span::raw(word),
    ])];
    let nobody = || state.word("who.signed-out");
    let mut facts = vec![row.who.username.clone().unwrap_or_else(nobody), row.who.origin.clone()];
    if row.unread > 0 {
        facts.push(state.words.count("accounts.unread", u64::from(row.unread)));
    }
    if row.unsent > 0 {
        facts.push(format!("{} {}", state.words.count("accounts.unsent", row.unsent as u64), signs.sending));
    }
    // They stand in a file of this machine, and came from a community once.
    let facts = Clean::line(&facts.join(&format!(" {} ", signs.middot)));
    let facts = fit(&facts, room.saturating_sub(3), signs.ellipsis);
    lines.push(Line::styled(format!("   {facts}"), theme.dim));
    if let Some(error) = &row.failure {
        let mut sentence = wrap(&state.sentences_in("accounts", error), room.saturating_sub(4));
        if sentence.len() > LINES {
            sentence.truncate(LINES);
            let last = sentence.pop().map(|line| line + signs.ellipsis);
            sentence.extend(last);
        }
        lines.extend(sentence.into_iter().map(|line| Line::styled(format!("   {line}"), theme.bad)));
    }
    lines
}

/// The light with its word. It does not count seconds: nobody waits here.
fn light(state: &State, row: &Row) -> (&'static str, Style, String) {
    let (theme, signs) = (&state.theme, &state.symbols);
    match &row.stands {
        Stands::Closed => (signs.ring, theme.dim, state.word("accounts.closed")),
        Stands::SignedOut => (signs.ring, theme.dim, state.word("accounts.signed-out")),
        Stands::Opening => (signs.ring, theme.dim, state.word("line.connecting")),
        Stands::Failed => (signs.ring, theme.bad, state.word("accounts.failed")),
        Stands::Leaving => (signs.ring, theme.warn, state.word("accounts.leaving")),
        Stands::Line(Connection::Connecting) => (signs.ring, theme.dim, state.word("line.connecting")),
        Stands::Line(Connection::Live) => (signs.dot, theme.good, state.word("line.live")),
        Stands::Line(Connection::Polling) => (signs.dot, theme.warn, state.word("line.polling")),
        Stands::Line(Connection::Reconnecting(_)) => (signs.ring, theme.warn, state.word("accounts.reconnecting")),
        Stands::Line(Connection::Offline(since)) => {
            (signs.ring, theme.bad, state.words.fill("line.offline", &[("time", &state.clock(*since))]))
        }
    }
}

/// Asks for the address of another community. Whether it is one is decided where addresses are known, so the line stays
/// until that is told.
fn ask_for_address(state: &mut State) {
    let (title, hint) = (state.word("accounts.add"), state.word("accounts.address-hint"));
    state.lay(Typed::new(title, hint, |state, address| {
        if address.is_empty() {
            return Err(state.word("accounts.need_address"));
        }
        state.effect(Effect::Seat(Act::Add(address.to_owned())));
        Ok(Then::Stay)
    }));
}
