//! Messages in, state and effects out. Nothing here waits, reads a clock or touches the terminal.

use super::{
    effect::Effect,
    heard::Heard,
    msg::{Input, Msg},
    notice::Tone,
    overlay::{compose::Compose, confirm::Confirm, sign_in},
    pane::{PANES, list::Load, reader::Reader},
    roll::Row,
    state::State,
};
use crate::base::time::SignedDuration;
use crate::engine::{
    event::{Answer, Connection, Event},
    problem::{Kind, UserError},
    request::{Query, Request, Ticket},
};
use crate::model::change::{Notice, Topic};
use crate::model::draft::Draft;

mod arrangement;
mod keys;
pub use arrangement::Arrangement;
pub use keys::contexts;
mod mouse;
mod news;
pub(in crate::tui) mod own;
pub mod tokens;

/// The place of the spaces among what the header asks for.
const SPACES: usize = 3;

/// Takes a message in and returns what to do about it outside.
pub fn update(state: &mut State, msg: Msg) -> Vec<Effect> {
    state.now = msg.at;
    let (before, said) = (scene(state), state.notices.said());
    let due = state.pass_wakes();
    // What is said at the start outlives that the window opens as it was left.
    let is_opening = !state.has_typed && matches!(msg.input, Input::Engine(_));
    match msg.input {
        Input::Start => start(state),
        Input::Key(key) => {
            state.has_typed = true;
            keys::pressed(state, key);
        }
        Input::Command(name, count) => {
            state.has_typed = true;
            keys::named(state, name, count);
        }
        Input::Fill(text) => keys::filled(state, &text),
        Input::Focus(has) => state.has_focus = Some(has),
        Input::Paste(text) => keys::pasted(state, &text),
        Input::Edited(text) => keys::edited(state, text),
        Input::TooLong(path) => state.say(Tone::Bad, state.words.fill("editor.too-long", &[("path", &path)])),
        Input::EditorFailed(path) => state.say(Tone::Bad, state.words.fill("editor.failed-kept", &[("path", &path)])),
        Input::Copied(true) => state.say(Tone::Good, state.word("reading.copied")),
        Input::Copied(false) => state.say(Tone::Bad, state.word("reading.not-copied")),
        Input::Mouse(event) => mouse::moved(state, event),
        Input::Resize(columns, lines) => resize(state, columns, lines),
        Input::Engine(event) => told(state, *event),
        Input::Own(new) => own::changed(state, &new),
        Input::Background(light) => own::background(state, light),
        Input::Due => {}
    }
    if due {
        tick(state);
        state.dirty = true;
        state.pane().due(state);
        for mut overlay in std::mem::take(&mut state.overlays) {
            overlay.due(state);
            state.overlays.push(overlay);
        }
    }
    if scene(state) != before && !is_opening {
        state.notices.dismiss(said);
    }
    state.pane().settle(state);
    arrangement::keep(state);
    state.take_effects()
}

/// What messages are about: the pane, and what lies over it.
fn scene(state: &State) -> (usize, Vec<&'static str>) {
    (state.active, state.overlays.iter().map(|overlay| overlay.context()).collect())
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
        Event::Kept { ticket, answer, at } => {
            answered(state, &Heard { ticket, result: Ok(*answer), at, is_kept: true });
        }
        Event::Answer { ticket, result } => {
            answered(state, &Heard { ticket, result, at: state.now, is_kept: false });
        }
        Event::Applied { ticket, result } => state.applied(ticket, &result),
        Event::SignedIn { ticket, result } => signed_in(state, ticket, &result),
        Event::SignedOut => signed_out(state),
        event @ (Event::Device { .. } | Event::Browser { .. } | Event::Secured { .. } | Event::Attached { .. }) => {
            tell_overlays(state, &event);
        }
        Event::Connection(connection) => {
            let was_away = matches!(state.home.connection, Connection::Offline(_) | Connection::Reconnecting(_));
            if was_away && matches!(connection, Connection::Live | Connection::Polling) {
                recovered(state);
            }
            state.home.connection = connection;
            tick(state);
            state.dirty = true;
        }
        Event::Limited(until) => {
            state.home.limited = Some(until);
            state.wake_at(until);
            state.dirty = true;
        }
        Event::Changed(notices) => changed(state, &notices),
        Event::News(news) => news::told(state, &news),
        Event::Outbox(entries) => {
            state.panes.readers_mut().for_each(Reader::outdate);
            state.take_outbox(entries);
        }
        Event::Opened { of, drafts } => state.take_drafts(of, drafts),
        Event::Recalled { draft, .. } => recalled(state, draft),
        Event::Layout(layout) => arrangement::take(state, &layout),
        Event::Searches(searches) => state.take_searches(searches),
        Event::Progress(progress) => {
            state.progress = (!progress.is_over).then_some(progress);
            match (progress.is_over, progress.is_whole) {
                (true, true) => state.say(Tone::Good, state.words.count("sync.done", progress.posts)),
                (true, false) => state.say(Tone::Bad, state.word("sync.stopped")),
                _ => {}
            }
            state.dirty = true;
        }
        Event::Trouble(error) => {
            state.is_safe = false;
            state.say_error(&error);
            state.trouble = Some(error);
        }
        Event::Tokens(keeping) => tokens::told(state, &keeping),
        Event::MayLeave => may_leave(state),
    }
}

/// A countdown is shown while it runs, and wakes nobody else.
fn tick(state: &mut State) {
    if let Connection::Reconnecting(at) = state.home.connection
        && at > state.now
    {
        state.wake_at(state.now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(at).min(at));
    }
}

fn changed(state: &mut State, notices: &[Notice]) {
    for pane in PANES {
        pane.changed(state, notices);
    }
    let has = |topics: &[Topic]| notices.is_empty() || notices.iter().any(|n| topics.contains(&n.topic));
    if has(&[Topic::Membership, Topic::Inbox]) {
        ask_home(state);
    } else if has(&[Topic::Thread, Topic::Post, Topic::Marks]) {
        let (ticket, now) = (state.send(Request::Look(Query::Spaces, 1)), state.now);
        let before = state.home.asked[SPACES].asked(ticket, now);
        state.abandon(before);
    }
}

/// A text was taken back: it is written on. One that is on its way already cannot be.
fn recalled(state: &mut State, draft: Option<Draft>) {
    match draft {
        Some(draft) => {
            state.drafts.retain(|known| !known.place.is_same(&draft.place));
            state.drafts.push(draft.clone());
            Compose::open(state, draft);
        }
        None => state.say(Tone::Plain, state.word("undo.too-late")),
    }
}

/// Everything is where it can stay. What is not sent yet, here or with another account, is told once more, unless it was
/// told before.
fn may_leave(state: &mut State) {
    if !std::mem::take(&mut state.leaving) {
        return;
    }
    let elsewhere: Vec<&Row> = state.roll.others().filter(|row| row.unsent > 0).collect();
    let unsent = state.unsent() + elsewhere.iter().map(|row| row.unsent).sum::<usize>();
    if unsent == 0 {
        return state.effect(Effect::Quit);
    }
    let is_safe = state.is_safe && elsewhere.iter().all(|row| row.is_safe);
    let question = if is_safe { "confirm.quit-unsent" } else { "confirm.quit" };
    let mut question = state.words.count(question, unsent as u64);
    if !elsewhere.is_empty() {
        let own = state.roll.rows.iter().filter(|row| row.id == state.roll.front && state.unsent() > 0);
        let places = own.map(|row| (row, state.unsent())).chain(elsewhere.iter().map(|row| (*row, row.unsent)));
        let places = places
            .map(|(row, unsent)| format!("{} ({unsent})", state.roll.name_of(row)))
            .collect::<Vec<_>>()
            .join(", ");
        question = [state.words.fill("confirm.where", &[("where", &places)]), question]
            .join(state.words.get("frame.between-sentences"));
    }
    state.lay(Confirm::new(question, |state| state.effect(Effect::Quit)));
}

/// The line is back: what failed meanwhile is sent and asked for again, without a key.
fn recovered(state: &mut State) {
    if state.home.asked.iter().any(|load| load.error.is_some()) {
        ask_home(state);
    }
    if state.pane().has_failed(state) {
        state.pane().refresh(state);
    }
}

fn answered(state: &mut State, heard: &Heard) {
    if let Err(error) = &heard.result
        && error.kind == Kind::Auth
    {
        session_ended(state);
    }
    home_answered(state, heard);
    for pane in PANES {
        pane.answer(state, heard);
    }
    for mut overlay in std::mem::take(&mut state.overlays) {
        overlay.answer(heard, state);
        state.overlays.push(overlay);
    }
}

fn home_answered(state: &mut State, heard: &Heard) {
    if let Some(Answer::Ways(ways)) = state.home.ways_load.take(heard) {
        (state.home.ways, state.dirty) = (Some(ways), true);
    }
    let home = &mut state.home;
    let Some(load) = home.asked.iter_mut().find(|l: &&mut Load| l.waits_for(heard.ticket)) else { return };
    state.dirty = true;
    match load.take(heard) {
        Some(Answer::About(about)) => home.about = Some(about),
        // Who read here the last time; whether they still may is for the community to say.
        Some(Answer::Me(me)) if heard.is_kept => home.me = Some(me),
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

/// What only an overlay waits for.
fn tell_overlays(state: &mut State, event: &Event) {
    let mut told = std::mem::take(&mut state.overlays);
    told.retain_mut(|overlay| overlay.told(event, state) != super::overlay::Then::Close);
    told.append(&mut state.overlays);
    state.overlays = told;
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
