//! Messages in, state and effects out. Nothing here waits, reads a clock or touches the terminal.

use super::{
    effect::Effect,
    msg::{Input, Msg},
    overlay::sign_in,
    pane::{PANES, list::Load},
    state::State,
};
use crate::engine::{
    event::{Answer, Connection, Event},
    problem::{Kind, UserError},
    request::{Query, Ticket},
};
use crate::model::change::Topic;

mod keys;
pub use keys::contexts;
mod mouse;

/// Takes a message in and returns what to do about it outside.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    state.now = msg.at;
    let due = state.pass_wakes();
    match msg.input {
        Input::Start => start(state),
        Input::Key(key) => keys::pressed(state, key),
        Input::Paste(text) => keys::pasted(state, &text),
        Input::Edited(text) => keys::edited(state, text),
        Input::Mouse(event) => mouse::moved(state, event),
        Input::Resize(columns, lines) => resize(state, columns, lines),
        Input::Engine(event) => told(state, *event),
        Input::Due => {}
    }
    if due {
        state.dirty = true;
        state.pane().due(state);
        for mut overlay in std::mem::take(&mut state.overlays) {
            overlay.due(state);
            state.overlays.push(overlay);
        }
    }
    state.pane().settle(state);
    state.take_effects()
}

fn start(state: &mut State) {
    ask_home(state);
    state.pane().show(state);
}

fn resize(state: &mut State, columns: u16, lines: u16) {
    // A terminal that does not know its size says 0×0.
    let size = if columns == 0 || lines == 0 { (80, 24) } else { (columns, lines) };
    state.dirty |= size != state.size;
    state.size = size;
}

/// Asks what the header shows.
pub fn ask_home(state: &mut State) {
    let queries = [Query::About, Query::Me, Query::Membership, Query::Spaces];
    for (place, query) in queries.into_iter().enumerate() {
        state.ask(query, |s| &mut s.home.asked[place]);
    }
}

fn told(state: &mut State, event: Event) {
    match event {
        Event::Answer { ticket, result } => answered(state, ticket, &result),
        Event::Applied { ticket, result } => state.applied(ticket, &result),
        Event::SignedIn { ticket, result } => signed_in(state, ticket, &result),
        Event::SignedOut => signed_out(state),
        Event::Connection(connection) => {
            let was_away = matches!(state.home.connection, Connection::Offline(_) | Connection::Reconnecting);
            if was_away && matches!(connection, Connection::Live | Connection::Polling) {
                recovered(state);
            }
            state.home.connection = connection;
            state.dirty = true;
        }
        Event::Changed(notice) => {
            for pane in PANES {
                pane.changed(state, &notice);
            }
            if notice.topic == Topic::Membership || notice.topic == Topic::Inbox {
                ask_home(state);
            }
        }
    }
}

/// The line is back: what failed meanwhile is sent and asked for again, without a key.
fn recovered(state: &mut State) {
    state.retry_failed();
    if state.home.asked.iter().any(|load| load.error.is_some()) {
        ask_home(state);
    }
    if state.pane().has_failed(state) {
        state.pane().refresh(state);
    }
}

fn answered(state: &mut State, ticket: Ticket, result: &Result<Answer, UserError>) {
    if let Err(error) = result
        && error.kind == Kind::Auth
    {
        session_ended(state);
    }
    home_answered(state, ticket, result);
    for pane in PANES {
        pane.answer(state, ticket, result);
    }
    for mut overlay in std::mem::take(&mut state.overlays) {
        overlay.answer(ticket, result, state);
        state.overlays.push(overlay);
    }
}

fn home_answered(state: &mut State, ticket: Ticket, result: &Result<Answer, UserError>) {
    let now = state.now;
    let home = &mut state.home;
    let Some(load) = home.asked.iter_mut().find(|l: &&mut Load| l.waits_for(ticket)) else { return };
    state.dirty = true;
    match load.take(ticket, now, result) {
        Some(Answer::About(about)) => home.about = Some(about),
        Some(Answer::Me(me)) => (home.me, home.signed_out, home.has_entered) = (Some(me), false, true),
        Some(Answer::Membership(membership)) => home.membership = Some(*membership),
        Some(Answer::Spaces(spaces)) => home.spaces = spaces,
        _ => {}
    }
}

fn signed_in(state: &mut State, ticket: Ticket, result: &Result<&'static str, UserError>) {
    let mut told = std::mem::take(&mut state.overlays);
    told.retain_mut(|overlay| overlay.signed_in(ticket, result, state) != super::overlay::Then::Close);
    told.append(&mut state.overlays);
    state.overlays = told;
    if result.is_ok() {
        state.home.signed_out = false;
        ask_home(state);
        state.pane().refresh(state);
    }
    state.dirty = true;
}

/// Nobody is signed in (any more): shows the way in, once.
fn session_ended(state: &mut State) {
    if !std::mem::replace(&mut state.home.signed_out, true) {
        sign_in::show_way_in(state);
    }
    state.dirty = true;
}

fn signed_out(state: &mut State) {
    session_ended(state);
    (state.home.me, state.home.membership) = (None, None);
    state.dirty = true;
}
