//! The threads of all spaces or of one, by kind.

use super::browser::{BrowserPane, Source};
use crate::base::ids::SpaceId;
use crate::model::{
    feed::{State as Narrowed, ThreadQuery},
    thread::Kind,
};
use crate::tui::{overlay::picker::Picker, state::State};

/// The pane.
pub static PANE: BrowserPane = BrowserPane {
    name: "threads",
    of: |panes| &panes.threads,
    of_mut: |panes| &mut panes.threads,
    heading,
    empty: |state| state.word("empty.threads"),
    badge: |_| 0,
    list_footer: &["open", "spaces", "filter", "sort", "new-thread", "follow", "search", "palette", "help"],
    detail_footer: super::READING,
};

/// What the list is narrowed to, in the order of the key that goes through them.
const FILTERS: [(Option<Kind>, Option<Narrowed>); 6] = [
    (None, None),
    (Some(Kind::Discussion), None),
    (Some(Kind::Article), None),
    (Some(Kind::Announcement), None),
    (None, Some(Narrowed::Bookmarked)),
    (None, Some(Narrowed::Mine)),
];

/// The query shown.
pub fn query(state: &State) -> ThreadQuery {
    match &state.panes.threads.source {
        Source::Threads(query) => query.clone(),
        Source::Feed(_) | Source::Nothing => ThreadQuery::default(),
    }
}

fn heading(state: &State) -> Vec<String> {
    let query = query(state);
    let more = state.symbols.more;
    let space = match &query.space {
        Some(id) => state.home.spaces.iter().find(|s| s.id == *id).map_or(id.to_string(), |s| s.name.to_string()),
        None => state.word("threads.all-spaces"),
    };
    let filter = match (query.kind, query.state) {
        (Some(kind), _) => state.word(&format!("kinds.{}", kind.as_str())),
        (None, Some(narrowed)) => state.word(&format!("state.{}", narrowed.as_str())),
        (None, None) => state.word("kinds.all"),
    };
    let sort = state.word(&format!("sort.{}", query.sort.as_str()));
    [space, filter, sort].into_iter().map(|word| format!("{word} {more}")).collect()
}

/// Whether the filters end with the one shown.
pub fn is_last(state: &State) -> bool {
    let query = query(state);
    FILTERS.last() == Some(&(query.kind, query.state))
}

/// Shows the following kind of threads.
pub fn next_filter(state: &mut State) {
    let query = query(state);
    let at = FILTERS.iter().position(|f| *f == (query.kind, query.state)).unwrap_or(0);
    let (kind, narrowed) = FILTERS[(at + 1) % FILTERS.len()];
    PANE.set_source(state, Source::Threads(ThreadQuery { kind, state: narrowed, ..query }));
}

/// Lets the reader choose a space.
pub fn choose_space(state: &mut State) {
    let mut ids: Vec<Option<SpaceId>> = vec![None];
    let mut rows = vec![state.word("threads.all-spaces")];
    for space in &state.home.spaces {
        let tier = space.read_tier.as_ref().filter(|_| !space.may_read);
        let gate = tier.map(|t| format!(" [{}]", t.name)).unwrap_or_default();
        rows.push(format!("{}{gate}  {}", space.name, space.about));
        ids.push(Some(space.id.clone()));
    }
    let title = state.word("threads.spaces");
    state.lay(Picker::new(title, rows, move |state, chosen| {
        if let Some(space) = ids.get(chosen).cloned() {
            let query = ThreadQuery { space, ..query(state) };
            PANE.set_source(state, Source::Threads(query));
        }
    }));
}
