//! What opens one's own account: where one is signed in, personal access tokens, the second factor; and ending them.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{
    Overlay, Then,
    confirm::Confirm,
    frame,
    secret::{self, Task},
};
use crate::base::time::{Age, Timestamp, age};
use crate::engine::{
    event::{Answer, Event},
    request::{Deed, Query, Request, Ticket},
};
use crate::model::session::{AccessToken, OpenSession, SecondFactor};
use crate::tui::{
    heard::Heard,
    notice::Tone,
    pane::{list::Load, membership},
    state::State,
    widget::text::fit,
};

/// Lines of a row.
const ROW: usize = 2;

/// The overlay.
#[derive(Default)]
pub struct Security {
    sessions: Vec<OpenSession>,
    tokens: Vec<AccessToken>,
    factor: Option<SecondFactor>,
    loads: [Load; 3],
    /// What was last to be ended.
    deed: Option<Ticket>,
    selected: usize,
}

/// Shows what opens one's own account.
pub fn open(state: &mut State) {
    let mut security = Security::default();
    security.refresh(state);
    state.lay(security);
}

/// Has something ended, and has the list know that it was that.
fn send(state: &mut State, deed: Deed) {
    let ticket = state.send(Request::Secure(deed));
    if let Some(list) = state.overlays.iter_mut().find_map(|over| over.as_any().downcast_mut::<Security>()) {
        list.deed = Some(ticket);
    }
}

/// A row that can be ended.
enum Row<'a> {
    Session(&'a OpenSession),
    Token(&'a AccessToken),
}

impl Security {
    fn refresh(&mut self, state: &mut State) {
        for (load, query) in self.loads.iter_mut().zip([Query::Sessions, Query::AccessTokens, Query::SecondFactor]) {
            let ticket = state.start(query);
            let before = load.asked(ticket, state.now);
            state.abandon(before);
        }
    }

    fn rows(&self) -> Vec<Row<'_>> {
        self.sessions.iter().map(Row::Session).chain(self.tokens.iter().map(Row::Token)).collect()
    }

    /// Asks before anything ends: it cannot be taken back.
    fn end(&self, state: &mut State) {
        let rows = self.rows();
        let (question, what, deed) = match rows.get(self.selected) {
            // To end this one is to sign out, which does more than that.
            Some(Row::Session(session)) if session.current => {
                return state.say(Tone::Plain, state.word("security.this_one"));
            }
            Some(Row::Session(session)) => {
                let what = if session.client.is_empty() { "?" } else { session.client.as_str() };
                ("security.end_session", what.to_owned(), Deed::EndSession(session.id.clone()))
            }
            Some(Row::Token(token)) => ("security.end_token", token.name.to_string(), Deed::EndToken(token.id.clone())),
            None => return,
        };
        let question = state.words.fill(question, &[("what", &what)]);
        state.lay(Confirm::new(question, move |state| {
            send(state, deed.clone());
        }));
    }

    fn end_others(&self, state: &mut State) {
        let others = self.sessions.iter().filter(|session| !session.current).count();
        if others == 0 {
            return state.say(Tone::Plain, state.word("security.no_others"));
        }
        let question = state.words.count("security.end_others", others as u64);
        state.lay(Confirm::new(question, |state| {
            send(state, Deed::EndOtherSessions);
        }));
    }

    /// What it says, and the line in which each row begins.
    fn lines(&self, state: &State, columns: u16) -> (Vec<Line<'static>>, Vec<usize>) {
        let page = membership::page_of(state, columns);
        let theme = &state.theme;
        let middot = format!(" {} ", state.symbols.middot);
        let (mut lines, mut starts) = (Vec::new(), Vec::new());
        for error in self.loads.iter().filter_map(|load| load.error.as_ref()).take(1) {
            lines.extend(page.text(&state.sentences(error), theme.bad, ""));
        }
        lines.push(Line::styled(state.word("security.sessions"), theme.accent));
        for (at, row) in self.rows().into_iter().enumerate() {
            if at == self.sessions.len() {
                lines.push(Line::default());
                lines.push(Line::styled(state.word("security.tokens"), theme.accent));
            }
            starts.push(lines.len());
            let (name, facts) = match row {
                Row::Session(session) => self.session(state, session),
                Row::Token(token) => self.token(state, token),
            };
            let here = at == self.selected;
            let (bar, style) = if here { (state.symbols.bar, theme.selection) } else { (" ", theme.text) };
            let room = usize::from(columns).saturating_sub(2);
            lines.push(Line::from(vec![
                Span::styled(bar, theme.selection),
                Span::styled(fit(&name, room, state.symbols.ellipsis), style),
            ]));
            lines.push(Line::styled(format!("   {}", facts.join(&middot)), theme.dim));
        }
        if self.tokens.is_empty() {
            lines.push(Line::default());
            lines.push(Line::styled(state.word("security.tokens"), theme.accent));
            // Nobody said that there are none until the community did.
            let is_known = self.loads[1].arrived.is_some();
            let none = if is_known { state.word("security.no_tokens") } else { state.symbols.ellipsis.to_owned() };
            lines.extend(page.text(&none, theme.dim, " "));
        }
        lines.push(Line::default());
        lines.push(Line::styled(state.word("security.second_factor"), theme.accent));
        let factor = match self.factor {
            Some(SecondFactor { enabled: true, codes_left }) => {
                state.words.count("security.factor_on", u64::from(codes_left))
            }
            Some(_) => state.word("security.factor_off"),
            None => state.symbols.ellipsis.to_owned(),
        };
        lines.extend(page.text(&factor, theme.text, " "));
        (lines, starts)
    }

    fn session(&self, state: &State, session: &OpenSession) -> (String, Vec<String>) {
        let name = if session.client.is_empty() { state.word("security.nameless") } else { session.client.to_string() };
        let used = used(state, session.used);
        let since = state.words.fill("security.since", &[("day", &state.day(session.created))]);
        let until = state.words.fill("security.until", &[("day", &state.day(session.until))]);
        let mut facts = vec![used, since, until];
        if session.current {
            facts.insert(0, state.word("security.current"));
        }
        (name, facts)
    }

    fn token(&self, state: &State, token: &AccessToken) -> (String, Vec<String>) {
        let used = match token.used {
            Some(at) => used(state, at),
            None => state.word("security.never_used"),
        };
        let scopes: Vec<String> = token.scopes.iter().map(|s| state.word(&format!("scope.{}", s.as_str()))).collect();
        let until = state.words.fill("security.until", &[("day", &state.day(token.until))]);
        (token.name.to_string(), vec![scopes.join(" + "), used, until])
    }
}

fn used(state: &State, at: Timestamp) -> String {
    match age(state.now, at) {
        Age::Now => state.word("security.used_now"),
        _ => state.words.fill("security.used", &[("age", &state.age(at))]),
    }
}

impl Overlay for Security {
    fn context(&self) -> &'static str {
        "security"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let last = self.rows().len().saturating_sub(1);
        state.dirty = true;
        match command {
            "choice-down" => self.selected = (self.selected + 1).min(last),
            "choice-up" => self.selected = self.selected.saturating_sub(1),
            "end-session" => self.end(state),
            "end-others" => self.end_others(state),
            "new-token" => secret::open(state, Task::Token),
            "second-factor" => match self.factor {
                Some(SecondFactor { enabled: true, .. }) => secret::open(state, Task::Renew),
                Some(_) => secret::open(state, Task::SwitchOn),
                None => {}
            },
            "refresh" => self.refresh(state),
            "close" => return Then::Close,
            _ => {}
        }
        Then::Stay
    }

    fn click(&mut self, row: usize, state: &mut State) -> Then {
        if self.selected == row {
            return self.run("end-session", state);
        }
        if row < self.rows().len() {
            self.selected = row;
            state.dirty = true;
        }
        Then::Stay
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        for load in &mut self.loads {
            match load.take(heard) {
                Some(Answer::Sessions(sessions)) => self.sessions = sessions,
                Some(Answer::AccessTokens(tokens)) => self.tokens = tokens,
                Some(Answer::SecondFactor(factor)) => self.factor = Some(factor),
                _ => continue,
            }
            state.dirty = true;
        }
        self.selected = self.selected.min(self.rows().len().saturating_sub(1));
    }

    /// What was done is seen at once; what was not is said.
    fn told(&mut self, event: &Event, state: &mut State) -> Then {
        match event {
            Event::Secured { result: Ok(_), .. } => self.refresh(state),
            // A form above says it itself.
            Event::Secured { ticket, result: Err(error) } if self.deed == Some(*ticket) => state.say_error(error),
            _ => {}
        }
        Then::Stay
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).min(72);
        let (lines, starts) = self.lines(state, columns);
        let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inside = frame::boxed(frame, area, state, &state.word("security.title"), (columns + 4, tall));
        let room = usize::from(inside.height).max(1);
        let cursor = starts.get(self.selected).copied().unwrap_or(0);
        let top = (cursor + ROW).saturating_sub(room).min(lines.len().saturating_sub(room));
        frame::lines(frame, inside, &lines, top);
        frame::rows_at(state, inside, starts.into_iter().map(|start| (start, ROW)), top);
    }

    fn footer(&self) -> &'static [&'static str] {
        &["end-session", "end-others", "new-token", "second-factor", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
