//! Lists as numbered lines: what the screen shows by signs stands here in words.

use super::Act;
use crate::engine::wording::reason_key;
use crate::model::notification::Notification;
use crate::model::thread::{Kind, Thread};
use crate::tui::{msg::Input, state::State};

/// Rows that are told at a time.
pub(super) const PAGE: usize = 10;

/// A list as it stands.
pub(super) struct Shown {
    /// What it holds, in words.
    pub(super) name: String,
    /// How many rows it has so far.
    pub(super) len: usize,
    /// Which one is selected.
    pub(super) selected: usize,
    /// How many are new above it.
    pub(super) fresh: usize,
    /// Whether it is on its way, for the first time.
    pub(super) is_coming: bool,
    /// How old it is, when it was kept from an earlier time.
    pub(super) stale: Option<String>,
    /// What stands in its place when it is empty: what to do, or why it failed.
    pub(super) empty: String,
}

/// The list of the pane shown; none for a pane without one.
pub(super) fn shown(state: &State) -> Option<Shown> {
    let (load, len, selected, fresh, empty, heading) = match state.list_shown() {
        Some(pane) => {
            let list = &(pane.of)(&state.panes).list;
            let heading = pane.words(state).into_iter().filter(|word| word != state.symbols.more).collect();
            (&list.load, list.items.len(), list.selected, list.fresh(), pane.nothing(state), heading)
        }
        None if state.pane().name() == "inbox" => {
            let list = &state.panes.inbox.list;
            (&list.load, list.items.len(), list.selected, list.fresh(), state.word("inbox.empty"), Vec::new())
        }
        None => return None,
    };
    let failure = load.error.as_ref().map(|error| state.sentences(error));
    let words: Vec<String> =
        std::iter::once(state.word(&format!("pane.{}", state.pane().name()))).chain(heading).collect();
    Some(Shown {
        name: words.join(", "),
        len,
        selected,
        fresh,
        is_coming: load.arrived.is_none() && load.error.is_none(),
        stale: load.stale_since(state.now).map(|since| state.as_of(since)),
        empty: failure.unwrap_or(empty),
    })
}

/// The keys of the selected row that go on to another row by their number.
pub(super) fn select(state: &State, number: u32) -> Option<Vec<Act>> {
    let shown = shown(state)?;
    let to = (number as usize).checked_sub(1).filter(|at| *at < shown.len)?;
    let by = to.abs_diff(shown.selected) as u32;
    let step = if to > shown.selected { "down" } else { "up" };
    Some(if by == 0 { Vec::new() } else { vec![Act::Input(Input::Command(step, Some(by)))] })
}

/// The words of this mode that are about lists and threads.
pub(super) fn word(state: &State, word: &str) -> Vec<Act> {
    if let Some(reader) = state.pane().reader(state) {
        return match word {
            "all" => vec![Act::Say(super::thread::whole(state, reader))],
            "more" => super::words::run(state, "down", None),
            _ => vec![Act::Again],
        };
    }
    match (shown(state), word) {
        (Some(shown), "more") if shown.selected + 1 < shown.len => {
            let by = (shown.len - 1 - shown.selected).min(PAGE) as u32;
            vec![Act::Input(Input::Command("down", Some(by)))]
        }
        (Some(_), "more") => vec![Act::Say(vec![state.word("plain.empty_end")])],
        (Some(shown), "all") => vec![Act::Say(rows(state, 0, shown.len))],
        (Some(shown), _) => vec![Act::Say(page(state, shown.selected))],
        (None, _) => vec![Act::Again],
    }
}

/// Some rows, from one on; and whether there are more.
pub(super) fn page(state: &State, from: usize) -> Vec<String> {
    let Some(shown) = shown(state) else { return Vec::new() };
    let to = (from + PAGE).min(shown.len);
    let mut lines = rows(state, from, to);
    if to < shown.len {
        lines.push(state.word("plain.more"));
    }
    lines
}

fn rows(state: &State, from: usize, to: usize) -> Vec<String> {
    (from..to).filter_map(|at| row(state, at)).collect()
}

/// One row by its place.
pub(super) fn row(state: &State, at: usize) -> Option<String> {
    let text = match state.list_shown() {
        Some(pane) => thread(state, state.threads.get((pane.of)(&state.panes).list.items.get(at)?)?),
        None => item(state, state.panes.inbox.list.items.get(at)?),
    };
    Some(state.words.fill("plain.row", &[("n", &(at + 1).to_string()), ("text", &text)]))
}

/// A thread in words, the title first.
pub(super) fn thread(state: &State, thread: &Thread) -> String {
    let word = |key: &str| state.word(key);
    let mut facts = vec![thread.title.to_string()];
    facts.extend(thread.has_news().then(|| state.words.count("plain.unread", u64::from(thread.unread()))));
    facts.push(word(&format!("kind.{}", thread.kind.as_str())));
    facts.push(state.words.fill("plain.by", &[("name", &thread.author.name)]));
    facts.push(state.age(thread.active));
    facts.push(if thread.kind == Kind::Question {
        state.words.count("thread.answers", u64::from(thread.answers))
    } else {
        state.words.count("thread.replies", u64::from(thread.last.saturating_sub(1)))
    });
    facts.push(state.words.fill("plain.score", &[("n", &thread.score.to_string())]));
    facts.extend(thread.is_solved().then(|| word("plain.solved")));
    facts.extend(thread.marks.bookmark.then(|| word("plain.bookmarked")));
    facts.extend(thread.marks.follow.then(|| word("plain.followed")));
    facts.extend(thread.marks.mute.then(|| word("thread.muted")));
    facts.extend(thread.pinned.then(|| word("thread.pinned")));
    facts.extend(thread.locked.then(|| word("thread.locked")));
    facts.extend(thread.gate.as_ref().map(|gate| state.words.fill("plain.takes", &[("tier", &gate.required.name)])));
    facts.extend(thread.tags.iter().map(|tag| format!("#{tag}")));
    facts.join(", ")
}

fn item(state: &State, item: &Notification) -> String {
    let reason = reason_key(item.reason);
    let who = item.actor.as_ref().map(|actor| actor.name.to_string());
    let what = who.into_iter().chain([state.word(reason)]).collect::<Vec<_>>().join(" ");
    let mut facts = vec![item.title.to_string(), what, state.age(item.at)];
    facts.extend((!item.excerpt.is_empty()).then(|| item.excerpt.to_string()));
    facts.extend(item.done.then(|| state.word("inbox.done")));
    facts.join(", ")
}
