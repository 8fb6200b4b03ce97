//! Saved searches on the screen: which there are, and how one becomes a view of its pane.

use super::{
    pane::{
        self,
        browser::{Browser, BrowserPane},
        feed, inbox, membership, questions, threads,
    },
    state::State,
};
use crate::engine::request::Request;
use crate::model::search::saved::{self, Pane, Saved};

/// The list of threads of a pane: the pane itself, or what a saved search shows in its place.
pub(super) fn browser_pane(pane: Pane) -> &'static BrowserPane {
    match pane {
        Pane::Feed => &feed::PANE,
        Pane::Threads => &threads::PANE,
        Pane::Questions => &questions::PANE,
        Pane::Membership => &membership::FOUND,
        Pane::Inbox => &inbox::FOUND,
    }
}

impl State {
    /// The pane shown, as one that has saved searches.
    pub fn search_pane(&self) -> Option<Pane> {
        Pane::parse(self.pane().name())
    }

    /// The list of threads that is shown; none where a pane shows something else.
    pub fn list_shown(&self) -> Option<&'static BrowserPane> {
        let of = self.search_pane()?;
        let list = browser_pane(of);
        let is_always = !matches!(of, Pane::Membership | Pane::Inbox);
        (is_always || (list.of)(&self.panes).search.is_some()).then_some(list)
    }

    /// Whether the pane shown has another view than the one that is shown.
    pub fn has_filters(&self) -> bool {
        let here = self.search_pane();
        let is_list = here.is_some_and(|of| !matches!(of, Pane::Membership | Pane::Inbox));
        is_list || self.list_shown().is_some() || self.all_searches().any(|one| Some(one.pane) == here)
    }

    /// All saved searches: those of the settings first, then those that were saved here.
    pub fn all_searches(&self) -> impl Iterator<Item = &Saved> {
        let own = self.searches.iter().filter(|one| !self.options.searches.iter().any(|set| set.is(one)));
        self.options.searches.iter().chain(own)
    }

    /// Whether a search stands in the settings: only there can it be changed.
    pub fn is_set(&self, search: &Saved) -> bool {
        self.options.searches.iter().any(|set| set.is(search))
    }

    /// Saves a search, here and on the disk, and shows it.
    pub fn save_search(&mut self, search: Saved) {
        saved::put(&mut self.searches, search.clone());
        self.keep_searches();
        self.show_search(search);
    }

    /// Has the searches that were saved here kept as they are now.
    pub fn keep_searches(&mut self) {
        self.send(Request::KeepSearches(self.searches.clone()));
    }

    /// Shows a saved search in its pane.
    pub fn show_search(&mut self, search: Saved) {
        let pane = browser_pane(search.pane);
        if let Some(index) = pane::index(pane.name).filter(|index| *index != self.active) {
            self.leave_spot();
            self.pane().due(self);
            pane.narrow(self, Some(search));
            self.show_pane(index);
        } else {
            pane.narrow(self, Some(search));
        }
    }

    /// Shows a pane's own view again. What is no list may not have been asked for yet.
    fn show_own_view(&mut self, of: Pane) {
        browser_pane(of).narrow(self, None);
        if self.search_pane() == Some(of) {
            self.pane().show(self);
        }
    }

    /// A saved search was changed or thrown away: a list that shows it follows.
    pub fn follow_search(&mut self, before: &Saved, after: Option<Saved>) {
        let pane = browser_pane(before.pane);
        let is_shown = (pane.of)(&self.panes).search.as_ref().is_some_and(|shown| shown.is(before));
        match after.filter(|after| after.pane == before.pane) {
            _ if !is_shown => {}
            None => self.show_own_view(before.pane),
            after => pane.narrow(self, after),
        }
    }

    /// Takes in the searches that were kept; what was saved in this sitting is newer.
    pub(super) fn take_searches(&mut self, kept: Vec<Saved>) {
        let here = std::mem::replace(&mut self.searches, kept);
        here.into_iter().for_each(|one| saved::put(&mut self.searches, one));
        self.dirty = true;
    }

    /// Shows what follows in the pane shown: a filter of its own, then its saved searches one by one.
    pub fn next_filter(&mut self) {
        let Some(pane) = self.search_pane() else { return };
        let browser: &Browser = (browser_pane(pane).of)(&self.panes);
        let searches: Vec<&Saved> = self.all_searches().filter(|one| one.pane == pane).collect();
        let following = match &browser.search {
            Some(shown) => searches.iter().position(|one| one.is(shown)).map_or(0, |at| at + 1),
            None if is_last(self, pane) => 0,
            None => usize::MAX,
        };
        match searches.get(following).map(|one| (*one).clone()) {
            Some(search) => browser_pane(pane).narrow(self, Some(search)),
            // Behind the last search: what was shown before it, unless that is the end of the filters.
            None if following < usize::MAX && !is_last(self, pane) => self.show_own_view(pane),
            None => match pane {
                Pane::Feed => feed::next_view(self),
                Pane::Threads => threads::next_filter(self),
                Pane::Questions => questions::next_filter(self),
                Pane::Membership | Pane::Inbox => self.show_own_view(pane),
            },
        }
    }
}

/// Whether the pane's own filters end with the one shown.
fn is_last(state: &State, pane: Pane) -> bool {
    match pane {
        Pane::Feed => feed::is_last(state),
        Pane::Threads => threads::is_last(state),
        Pane::Questions => questions::is_last(state),
        Pane::Membership | Pane::Inbox => true,
    }
}
