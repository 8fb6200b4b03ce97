//! Writing: threads, questions, answers, comments, edits; and what was begun.

use super::{
    Command,
    when::{May, always, has_post, may_edit, may_reply, post, signed_in, thread},
};
use crate::base::{ids::SpaceId, text::Clean};
use crate::model::{
    draft::{Draft, Place},
    permalink,
    thread::{Kind, Thread},
};
use crate::tui::{
    overlay::{compose::Compose, confirm::Confirm, outbox::Outbox, picker::Picker},
    pane::threads,
    state::State,
};

/// The family.
pub const COMMANDS: &[Command] = &[
    Command { name: "reply", when: may_reply, run: |s, _| reply(s) },
    Command { name: "answer", when: may_answer, run: |s, _| answer(s) },
    Command { name: "comment", when: may_comment, run: |s, _| reply(s) },
    Command { name: "quote", when: may_quote, run: |s, _| quote(s) },
    Command { name: "edit", when: may_edit, run: |s, _| edit(s) },
    Command { name: "ask", when: signed_in, run: |s, _| begin(s, &[Kind::Question]) },
    Command { name: "new-thread", when: signed_in, run: |s, _| begin(s, kinds(s)) },
    Command { name: "drafts", when: has_drafts, run: |s, _| drafts(s) },
    Command { name: "outbox", when: always, run: |s, _| Outbox::open(s) },
];

fn may_answer(state: &State) -> May {
    may_reply(state)?;
    let is_question = thread(state).is_some_and(|t| t.kind == Kind::Question);
    if is_question { Ok(()) } else { Err("unavailable.no-question") }
}

fn may_quote(state: &State) -> May {
    has_post(state)?;
    may_reply(state)
}

/// What replies to a question is an answer, not a comment.
fn may_comment(state: &State) -> May {
    may_quote(state)?;
    let asks = thread(state).is_some_and(|t| t.kind == Kind::Question) && post(state).is_some_and(|p| p.number == 1);
    if asks { Err("unavailable.comment-answer") } else { Ok(()) }
}

fn has_drafts(state: &State) -> May {
    let has_none = state.drafts.is_empty() && state.others.is_empty() && state.aside.is_empty();
    if has_none { Err("unavailable.no-drafts") } else { Ok(()) }
}

/// Where a reply to the selected post goes. Over a list, and to the opening post, it goes to the thread itself: to a
/// question that is an answer.
fn place(state: &State, thread: &Thread) -> Place {
    let parent = post(state).map(|p| p.number).filter(|n| *n > 1);
    Place::Reply { thread: thread.id.clone(), parent }
}

fn reply(state: &mut State) {
    let Some(thread) = thread(state) else { return };
    let draft = Draft::new(place(state, thread), thread.title.as_str());
    Compose::open(state, draft);
}

fn answer(state: &mut State) {
    let Some(thread) = thread(state) else { return };
    let place = Place::Reply { thread: thread.id.clone(), parent: None };
    let draft = Draft::new(place, thread.title.as_str());
    Compose::open(state, draft);
}

fn quote(state: &mut State) {
    let (Some(thread), Some(post)) = (thread(state), post(state)) else { return };
    let address = state.origin().map(|origin| permalink::write(origin, &thread.id, post.number));
    let address = address.map_or_else(String::new, |address| format!(" ([#{}]({address}))", post.number));
    let words = format!("@{}{address}:\n\n{}", post.author.username, post.body);
    let draft = Draft::new(place(state, thread), thread.title.as_str());
    Compose::open_quoting(state, draft, &words);
}

fn edit(state: &mut State) {
    let (Some(thread), Some(post)) = (thread(state), post(state)) else { return };
    let place = Place::Edit { post: post.id.clone(), version: post.version.clone() };
    let draft = Draft { body: post.body.to_string(), ..Draft::new(place, thread.title.as_str()) };
    Compose::open(state, draft);
}

/// What may be opened besides questions; announcements are for those who keep order.
fn kinds(state: &State) -> &'static [Kind] {
    let is_staff = state.home.me.as_ref().is_some_and(|me| me.author.role.is_staff());
    let all = &[Kind::Discussion, Kind::Article, Kind::Announcement];
    if is_staff { all } else { &all[..2] }
}

/// Asks for the space, and for the kind where there is a choice, and opens the composer.
fn begin(state: &mut State, kinds: &'static [Kind]) {
    let here = (state.pane().name() == "threads").then(|| threads::query(state).space).flatten();
    let open = state.home.spaces.iter().filter(|s| s.may_write && here.as_ref().is_none_or(|h| s.id == *h));
    let mut choices: Vec<(SpaceId, Kind, String)> = Vec::new();
    let mut rows: Vec<String> = Vec::new();
    for space in open {
        for kind in kinds {
            let kind_word = state.word(&format!("kind.{}", kind.as_str()));
            let row = if kinds.len() > 1 { format!("{}: {kind_word}", space.name) } else { space.name.to_string() };
            rows.push(row);
            choices.push((space.id.clone(), *kind, space.name.to_string()));
        }
    }
    let open = move |state: &mut State, chosen: usize| {
        if let Some((space, kind, name)) = choices.get(chosen).cloned() {
            Compose::open(state, Draft::new(Place::NewThread { space, kind }, name));
        }
    };
    match rows.len() {
        0 => state.say(crate::tui::notice::Tone::Plain, state.word("unavailable.no-space")),
        1 => open(state, 0),
        _ => {
            let title = state.word("writing.where");
            state.lay(Picker::new(title, rows, open));
        }
    }
}

fn drafts(state: &mut State) {
    let row = |d: &Draft| {
        let kind = match &d.place {
            Place::NewThread { .. } => "writing.thread",
            Place::Reply { .. } => "writing.reply",
            Place::Edit { .. } => "writing.edit",
        };
        let start =
            if d.title.is_empty() { d.body.split_whitespace().collect::<Vec<_>>().join(" ") } else { d.title.clone() };
        let start: String = start.chars().take(36).collect();
        // It was read from a file.
        Clean::line(&format!("{}: {start} {} {}", state.word(kind), state.symbols.middot, d.about)).to_string()
    };
    let aside = state.aside.iter().map(|(d, _)| format!("{} [{}]", row(d), state.word("writing.aside")));
    let others = state.others.iter().map(|d| format!("{} [{}]", row(d), state.word("writing.elsewhere")));
    let rows = state.drafts.iter().rev().map(row).chain(aside).chain(others).collect();
    let kept: Vec<Draft> = state.drafts.iter().rev().cloned().collect();
    let (aside, others) = (state.aside.len(), state.others.clone());
    let title = state.word("writing.drafts");
    let places: Vec<Place> = state.drafts.iter().rev().map(|draft| draft.place.clone()).collect();
    let open = move |state: &mut State, chosen: usize| {
        let beyond = chosen.saturating_sub(kept.len());
        let draft = match kept.get(chosen) {
            Some(draft) => Some(draft.clone()),
            None if beyond < aside => state.take_up(beyond),
            None => others.get(beyond - aside).cloned(),
        };
        if let Some(draft) = draft {
            Compose::open(state, draft);
        }
    };
    state.lay(Picker::new(title, rows, open).with_discard(move |state, chosen| discard(state, places.get(chosen))));
}

/// Throws a draft away, after a question, and shows what is left. One that another window is writing is that window's.
fn discard(state: &mut State, place: Option<&Place>) {
    let Some(place) = place.cloned() else {
        return state.say(crate::tui::notice::Tone::Plain, state.word("writing.not-here"));
    };
    state.lay(Confirm::new(state.word("writing.discard"), move |state| {
        state.drop_draft(&place);
        state.overlays.retain_mut(|over| !over.as_any().is::<Picker>());
        if has_drafts(state).is_ok() {
            drafts(state);
        }
    }));
}
