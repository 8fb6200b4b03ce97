//! Questions: what waits for an answer, what is solved, what is one's own.

use std::collections::BTreeSet;

use super::browser::{Browser, BrowserPane, Source};
use crate::model::{
    feed::{Sort, State as Narrowed, ThreadQuery},
    thread::Kind,
};
use crate::tui::{overlay::picker::Picker, state::State};

/// The pane.
pub static PANE: BrowserPane = BrowserPane {
    name: "questions",
    of: |panes| &panes.questions,
    of_mut: |panes| &mut panes.questions,
    heading,
    empty,
    badge: |_| 0,
    list_footer: &["open", "ask", "filter", "sort", "tags", "follow", "search", "palette", "help"],
    detail_footer: &[
        "answer",
        "comment",
        "vote-up",
        "accept",
        "next-unread",
        "go-accepted",
        "back",
        "bookmark",
        "reply",
        "link",
        "find",
        "palette",
        "help",
    ],
};

/// What the list is narrowed to, in the order of the key that goes through them; each with the order that serves it.
const FILTERS: [(Option<Narrowed>, Sort); 6] = [
    (Some(Narrowed::Unanswered), Sort::Oldest),
    (Some(Narrowed::Open), Sort::Active),
    (Some(Narrowed::Mine), Sort::Active),
    (Some(Narrowed::NeedsMe), Sort::Oldest),
    (Some(Narrowed::Solved), Sort::Active),
    (None, Sort::Active),
];

/// What the pane starts with: what has waited longest for an answer.
pub(super) fn start() -> Browser {
    let (state, sort) = FILTERS[0];
    let query = ThreadQuery { kind: Some(Kind::Question), state, sort, ..ThreadQuery::default() };
    Browser { source: Source::Threads(query), ..Browser::default() }
}

/// The query shown.
pub fn query(state: &State) -> ThreadQuery {
    match &state.panes.questions.source {
        Source::Threads(query) => query.clone(),
        Source::Feed(_) | Source::Nothing => ThreadQuery::default(),
    }
}

fn empty(state: &State) -> String {
    let query = query(state);
    if let Some(tag) = &query.tag {
        let narrowed = narrowed(state, query.state);
        return state.words.fill("empty.tagged", &[("state", &narrowed), ("tag", tag)]);
    }
    state.word(match query.state {
        Some(Narrowed::Unanswered) => "empty.unanswered",
        Some(Narrowed::NeedsMe) => "empty.needs-me",
        Some(Narrowed::Mine) => "empty.mine",
        _ => "empty.questions",
    })
}

/// What the list is narrowed to, in words.
fn narrowed(state: &State, to: Option<Narrowed>) -> String {
    state.word(&format!("state.{}", to.map_or("all", Narrowed::as_str)))
}

fn heading(state: &State) -> Vec<String> {
    let query = query(state);
    let more = state.symbols.more;
    let narrowed = narrowed(state, query.state);
    // Only what has no answer waits.
    let waits = query.state == Some(Narrowed::Unanswered) && query.sort == Sort::Oldest;
    let sort = state.word(&format!("sort.{}", if waits { "waiting" } else { query.sort.as_str() }));
    let mut words = vec![format!("{narrowed} {more}"), format!("{sort} {more}")];
    words.extend(query.tag.map(|tag| format!("#{tag}")));
    words
}

/// Whether the filters end with the one shown.
pub fn is_last(state: &State) -> bool {
    FILTERS.last().is_some_and(|(narrowed, _)| *narrowed == query(state).state)
}

/// Shows the following kind of questions.
pub fn next_filter(state: &mut State) {
    let query = query(state);
    let at = FILTERS.iter().position(|(narrowed, _)| *narrowed == query.state).unwrap_or(0);
    let (narrowed, sort) = FILTERS[(at + 1) % FILTERS.len()];
    PANE.set_source(state, Source::Threads(ThreadQuery { state: narrowed, sort, ..query }));
}

/// Lets the reader choose a tag among those seen so far.
pub fn choose_tag(state: &mut State) {
    let seen = state.threads.values().filter(|t| t.kind == Kind::Question).flat_map(|t| &t.tags);
    let tags: BTreeSet<String> = seen.map(|tag| tag.to_string()).collect();
    let mut rows = vec![state.word("questions.all-tags")];
    rows.extend(tags.iter().map(|tag| format!("#{tag}")));
    let tags: Vec<String> = tags.into_iter().collect();
    let title = state.word("questions.tags");
    state.lay(Picker::new(title, rows, move |state, chosen| {
        let tag = chosen.checked_sub(1).and_then(|at| tags.get(at)).cloned();
        let query = ThreadQuery { tag, ..query(state) };
        PANE.set_source(state, Source::Threads(query));
    }));
}

/// Puts the list of a pane of threads into the following order.
pub fn next_sort(state: &mut State) {
    const SORTS: [Sort; 4] = [Sort::Active, Sort::Newest, Sort::Oldest, Sort::Votes];
    let pane: &BrowserPane = if state.pane().name() == PANE.name { &PANE } else { &super::threads::PANE };
    if let Source::Threads(query) = &(pane.of)(&state.panes).source {
        let at = SORTS.iter().position(|s| *s == query.sort).unwrap_or(0);
        let query = ThreadQuery { sort: SORTS[(at + 1) % SORTS.len()], ..query.clone() };
        pane.set_source(state, Source::Threads(query));
    }
}
