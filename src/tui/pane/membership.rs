//! What the reader holds, what it gives, what there is besides, and how it came about.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};

use super::{
    Pane,
    browser::BrowserPane,
    list::{Load, Motion},
    reader::Reader,
    searched::{self, Searched},
};
use crate::engine::{event::Answer, request::Query};
use crate::model::{
    change::{Notice, Topic},
    plan::Plan,
    search::saved,
};
use crate::tui::{heard::Heard, layout, notice::Tone, state::State, view::empty};

pub mod page;

use page::Page;

/// The row in [`super::PANES`].
pub static TABS: Searched = Searched { own: &PANE, own_name: OWN, found: &FOUND, of: saved::Pane::Membership };

/// What the pane's own view is called.
const OWN: &str = "view.membership";

/// The membership itself.
pub static PANE: Membership = Membership;

/// What a saved search beside it finds.
pub static FOUND: BrowserPane = BrowserPane {
    name: "membership",
    of: |panes| &panes.by_membership,
    of_mut: |panes| &mut panes.by_membership,
    heading: |state| searched::own_heading(state, OWN),
    empty: |state| state.word("membership.nothing"),
    badge: |_| 0,
    list_footer: super::FOUND,
    detail_footer: super::READING,
};

/// The pane.
pub struct Membership;

/// What the pane remembers.
#[derive(Debug, Default)]
pub struct Holdings {
    /// How the membership stands; the membership itself is [`crate::tui::state::Home::membership`].
    pub held: Load,
    /// The plans, lowest tier first.
    pub plans: Vec<Plan>,
    /// How they stand.
    pub offered: Load,
    /// The first line shown.
    pub top: usize,
}

impl Pane for Membership {
    fn name(&self) -> &'static str {
        "membership"
    }

    fn contexts(&self, _: &State) -> Vec<&'static str> {
        vec!["membership", "list"]
    }

    fn show(&self, state: &mut State) {
        let asked = &state.panes.membership;
        let is_wanted = asked.held.arrived.is_none() || self.has_failed(state);
        if is_wanted && asked.held.ticket().is_none() {
            self.refresh(state);
        }
    }

    fn refresh(&self, state: &mut State) {
        state.ask(Query::Membership, |s| &mut s.panes.membership.held);
        state.ask(Query::Plans, |s| &mut s.panes.membership.offered);
    }

    fn has_failed(&self, state: &State) -> bool {
        let asked = &state.panes.membership;
        asked.held.error.is_some() || asked.offered.error.is_some()
    }

    fn go(&self, state: &mut State, motion: Motion) {
        let columns = layout::parts(state.size).body.width;
        let lines = lines(state, columns).map_or(0, |lines| lines.len());
        let page = usize::from(searched::lines_of_own(state, saved::Pane::Membership)).max(1);
        let top = state.panes.membership.top;
        let to = match motion {
            Motion::Down(n) => top.saturating_add(n),
            Motion::Up(n) => top.saturating_sub(n),
            Motion::First => 0,
            Motion::Last => lines,
            Motion::HalfDown => top + page / 2,
            Motion::HalfUp => top.saturating_sub(page / 2),
            Motion::PageDown => top + page,
            Motion::PageUp => top.saturating_sub(page),
        };
        state.panes.membership.top = to.min(lines.saturating_sub(page));
        state.dirty = true;
    }

    fn open(&self, state: &mut State) {
        state.say(Tone::Plain, state.word("membership.pay_later"));
    }

    fn answer(&self, state: &mut State, heard: &Heard) {
        if let Some(Answer::Membership(held)) = state.panes.membership.held.take(heard) {
            state.home.membership = Some(*held);
            state.dirty = true;
        }
        if let Some(Answer::Plans(plans)) = state.panes.membership.offered.take(heard) {
            state.panes.membership.plans = plans;
            // Threads that are closed name them.
            state.panes.readers_mut().for_each(Reader::outdate);
            state.dirty = true;
        }
    }

    fn changed(&self, state: &mut State, notices: &[Notice]) {
        let concerns = notices.iter().any(|notice| notice.topic == Topic::Membership);
        if concerns && state.panes.membership.held.arrived.is_some() {
            self.refresh(state);
        }
    }

    fn footer(&self, _: &State) -> &'static [&'static str] {
        &["security", "why", "filter", "page-down", "refresh", "palette", "help"]
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let Some(lines) = lines(state, area.width) else {
            let nothing = state.word("membership.nothing");
            return empty::view(frame, area, state, &state.panes.membership.held, &nothing);
        };
        let area = inner(area);
        let top = state.panes.membership.top.min(lines.len().saturating_sub(1));
        let seen: Vec<Line<'static>> = lines.into_iter().skip(top).take(usize::from(area.height)).collect();
        frame.render_widget(Text::from(seen), area);
    }
}

/// Asks for the plans once, for whoever names them.
pub(super) fn want_plans(state: &mut State) {
    let offered = &state.panes.membership.offered;
    if offered.arrived.is_none() && offered.ticket().is_none() {
        state.ask(Query::Plans, |s| &mut s.panes.membership.offered);
    }
}

/// The page; none while nothing is known.
fn lines(state: &State, columns: u16) -> Option<Vec<Line<'static>>> {
    let held = state.home.membership.as_ref()?;
    let is_staff = state.home.me.as_ref().is_some_and(|me| me.author.role.is_staff());
    let page = page_of(state, inner(Rect::new(0, 0, columns, 1)).width);
    let mut lines = Vec::new();
    if let Some(error) = &state.panes.membership.held.error {
        let [what, hint] = state.explain(error);
        lines.extend(page.text(&format!("{what} {hint}"), state.theme.bad, ""));
    }
    lines.extend(page.membership(held, &state.panes.membership.plans, is_staff));
    Some(lines)
}

/// A page in the state's language and styles.
pub fn page_of(state: &State, columns: u16) -> Page<'_> {
    Page { words: state.wording(), theme: &state.theme, symbols: &state.symbols, columns: usize::from(columns) }
}

/// A column free at either side.
fn inner(area: Rect) -> Rect {
    Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area }
}
