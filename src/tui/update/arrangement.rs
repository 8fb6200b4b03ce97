//! How the window is laid out: remembered when it changes, and taken up again at the next start.

use serde::{Deserialize, Serialize};

use super::super::{
    pane::{self, browser::Source, feed},
    saved::browser_pane,
    state::State,
};
use crate::base::text::Clean;
use crate::config::screen::Layout;
use crate::engine::request::Request;
use crate::model::feed::{ThreadQuery, View};
use crate::model::search::saved::{Pane, Saved};

/// What is remembered of a window.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Arrangement {
    pane: String,
    #[serde(flatten)]
    layout: Layout,
    /// What the settings said of the layout when it was remembered.
    configured: Layout,
    feed: View,
    threads: ThreadQuery,
    questions: Option<ThreadQuery>,
    /// The saved searches that are shown, by their names, in the order of [`Pane::ALL`].
    searches: Vec<Option<Clean>>,
}

impl Arrangement {
    fn of(state: &State) -> Self {
        Self {
            pane: state.pane().name().to_owned(),
            layout: state.options.layout(),
            configured: state.options.configured.clone(),
            feed: feed::view(state),
            threads: pane::threads::query(state),
            questions: Some(pane::questions::query(state)),
            searches: Pane::ALL.map(|pane| shown(state, pane).map(|search| search.name.clone())).into(),
        }
    }
}

fn shown(state: &State, pane: Pane) -> Option<&Saved> {
    (browser_pane(pane).of)(&state.panes).search.as_ref()
}

/// Has it remembered when it is another than before.
pub(super) fn keep(state: &mut State) {
    // What is being dragged is remembered once it is let go.
    if state.is_dragging {
        return;
    }
    let now = Arrangement::of(state);
    if state.arrangement.as_ref() == Some(&now) {
        return;
    }
    let is_first = state.arrangement.is_none();
    let text = serde_json::to_string(&now).unwrap_or_default();
    state.arrangement = Some(now);
    if !is_first {
        state.send(Request::KeepLayout(text));
    }
}

/// Takes up what was remembered; what can no longer be read is nothing. Whoever has pressed a key is where they want to
/// be already.
pub(super) fn take(state: &mut State, layout: &str) {
    let Ok(kept) = serde_json::from_str::<Arrangement>(layout) else { return };
    if state.has_typed {
        return;
    }
    // What was decided last counts: the settings, where they say something else than they did then.
    let mut layout = kept.layout.clone();
    layout.follow(&kept.configured, &state.options.configured);
    state.lay_out(&layout);
    state.panes.threads.source = Source::Threads(kept.threads.clone());
    if let Some(query) = &kept.questions {
        state.panes.questions.source = Source::Threads(query.clone());
    }
    if kept.feed != feed::view(state) {
        feed::PANE.set_source(state, Source::Feed(kept.feed));
    }
    take_searches(state, &kept.searches);
    if let Some(index) = pane::index(&kept.pane) {
        state.show_pane(index);
    }
    state.arrangement = Some(Arrangement::of(state));
}

/// Shows the saved searches that were shown, as far as they are there still. Lists that nobody looks at are asked for
/// when somebody does.
fn take_searches(state: &mut State, names: &[Option<Clean>]) {
    for (pane, name) in Pane::ALL.into_iter().zip(names) {
        let is_it = |one: &&Saved| one.pane == pane && Some(&one.name) == name.as_ref();
        let Some(search) = state.all_searches().find(is_it).cloned() else { continue };
        if browser_pane(pane).name == state.pane().name() {
            browser_pane(pane).narrow(state, Some(search));
        } else {
            (browser_pane(pane).of_mut)(&mut state.panes).search = Some(search);
        }
    }
}
