//! Saved searches beside the view of a pane that is no list of threads: while one is shown, what it finds is such a list;
//! else the pane is as it always is, below a line that says which of its views this is.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Pane, browser::BrowserPane, list::Motion, reader::Reader};
use crate::base::ids::ThreadId;
use crate::model::{
    change::{Applied, Notice},
    search::saved,
};
use crate::tui::{change::Sending, heard::Heard, hits::Part, layout, state::State, view::empty, widget::text::fit};

/// A pane with saved searches beside its own view.
pub struct Searched {
    /// The pane's own view.
    pub own: &'static dyn Pane,
    /// What that is called: its key in the catalogue.
    pub own_name: &'static str,
    /// What a search finds.
    pub found: &'static BrowserPane,
    /// Where its searches are kept.
    pub of: saved::Pane,
}

/// Whether a pane has more than its own view, and so a line that tells which one is shown.
fn has_line(state: &State, of: saved::Pane) -> bool {
    state.all_searches().any(|search| search.pane == of)
}

/// How many lines the own view of a pane has.
pub(super) fn lines_of_own(state: &State, of: saved::Pane) -> u16 {
    layout::parts(state.size).body.height.saturating_sub(u16::from(has_line(state, of)))
}

/// What the own view of a pane is called, by its key in the catalogue.
pub(super) fn own_heading(state: &State, own: &str) -> Vec<String> {
    vec![format!("{} {}", state.word(own), state.symbols.more)]
}

impl Searched {
    fn shown(&self, state: &State) -> &'static dyn Pane {
        if (self.found.of)(&state.panes).search.is_some() { self.found } else { self.own }
    }
}

impl Pane for Searched {
    fn name(&self) -> &'static str {
        self.own.name()
    }

    fn badge(&self, state: &State) -> u32 {
        self.own.badge(state)
    }

    fn contexts(&self, state: &State) -> Vec<&'static str> {
        self.shown(state).contexts(state)
    }

    fn show(&self, state: &mut State) {
        self.shown(state).show(state);
    }

    fn refresh(&self, state: &mut State) {
        self.shown(state).refresh(state);
    }

    fn has_failed(&self, state: &State) -> bool {
        self.shown(state).has_failed(state)
    }

    fn go(&self, state: &mut State, motion: Motion) {
        self.shown(state).go(state, motion);
    }

    fn wheel(&self, state: &mut State, part: Part, motion: Motion) {
        self.shown(state).wheel(state, part, motion);
    }

    fn click(&self, state: &mut State, row: usize) {
        self.shown(state).click(state, row);
    }

    fn can_open(&self, state: &State) -> bool {
        self.shown(state).can_open(state)
    }

    fn open(&self, state: &mut State) {
        self.shown(state).open(state);
    }

    fn back(&self, state: &mut State) -> bool {
        self.shown(state).back(state)
    }

    fn focus_detail(&self, state: &mut State, detail: bool) {
        self.shown(state).focus_detail(state, detail);
    }

    fn divider(&self, state: &State) -> Option<u16> {
        self.shown(state).divider(state)
    }

    fn answer(&self, state: &mut State, heard: &Heard) {
        self.own.answer(state, heard);
        self.found.answer(state, heard);
    }

    fn changed(&self, state: &mut State, notices: &[Notice]) {
        self.own.changed(state, notices);
        self.found.changed(state, notices);
    }

    fn confirmed(&self, state: &mut State, sent: &Sending, applied: &Applied) {
        self.own.confirmed(state, sent, applied);
        self.found.confirmed(state, sent, applied);
    }

    fn due(&self, state: &mut State) {
        self.shown(state).due(state);
    }

    fn settle(&self, state: &mut State) {
        self.shown(state).settle(state);
    }

    fn listed<'a>(&self, state: &'a State) -> &'a [ThreadId] {
        self.shown(state).listed(state)
    }

    fn thread(&self, state: &State) -> Option<ThreadId> {
        self.shown(state).thread(state)
    }

    fn open_thread(&self, state: &State) -> Option<ThreadId> {
        self.shown(state).open_thread(state)
    }

    fn reader<'a>(&self, state: &'a State) -> Option<&'a Reader> {
        self.shown(state).reader(state)
    }

    fn reader_mut<'a>(&self, state: &'a mut State) -> Option<&'a mut Reader> {
        self.shown(state).reader_mut(state)
    }

    fn open_at(&self, state: &mut State, thread: &ThreadId, number: Option<u32>) -> bool {
        self.shown(state).open_at(state, thread, number)
    }

    fn footer(&self, state: &State) -> &'static [&'static str] {
        self.shown(state).footer(state)
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let is_own = (self.found.of)(&state.panes).search.is_none();
        let [head, rest] = empty::heading(area);
        if !is_own || !has_line(state, self.of) {
            return self.shown(state).view(frame, area, state);
        }
        let text = format!(" {}", own_heading(state, self.own_name).join("  "));
        let text = fit(&text, usize::from(head.width), state.symbols.ellipsis);
        frame.render_widget(Line::styled(text, state.theme.dim), head);
        self.own.view(frame, rest, state);
    }
}
