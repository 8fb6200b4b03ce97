//! Why a thread is open or closed to this reader: the rule, what they hold, and what would change it.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, Then, frame};
use crate::base::ids::ThreadId;
use crate::engine::{
    event::Answer,
    request::{Query, Request},
};
use crate::model::{permission::Access, plan::Plan};
use crate::tui::{
    command::when::May,
    heard::Heard,
    pane::{list::Load, membership},
    state::State,
};

/// The overlay.
pub struct Why {
    thread: ThreadId,
    access: Option<Access>,
    load: Load,
    plans: Vec<Plan>,
    offered: Load,
}

/// Whether there is a thread to ask about.
pub fn may(state: &State) -> May {
    about(state).map(|_| ()).ok_or("membership.why.no_thread")
}

/// Asks why the thread that is open, or was open last, is as it is.
pub fn open(state: &mut State) {
    let Some(thread) = about(state) else { return };
    let mut why = Why {
        access: None,
        load: Load::default(),
        plans: state.panes.membership.plans.clone(),
        offered: Load::default(),
        thread,
    };
    let ticket = state.send(Request::Ask(Query::Access(why.thread.clone())));
    why.load.asked(ticket, state.now);
    if why.plans.is_empty() {
        let ticket = state.send(Request::Ask(Query::Plans));
        why.offered.asked(ticket, state.now);
    }
    state.lay(why);
}

/// The thread that is open or selected, or else was open last, on the way here.
fn about(state: &State) -> Option<ThreadId> {
    let last = || state.trail.back.iter().rev().find_map(|spot| spot.thread.clone());
    state.pane().thread(state).or_else(last)
}

impl Why {
    fn lines(&self, state: &State, columns: u16) -> Vec<Line<'static>> {
        let page = membership::page_of(state, columns);
        let mut lines = Vec::new();
        if let Some(thread) = state.threads.get(&self.thread) {
            lines.extend(page.text(&thread.title, state.theme.title, ""));
            lines.push(Line::default());
        }
        match (&self.access, &self.load.error) {
            (Some(access), _) => {
                let said = page.words.why(access, &self.plans);
                let plans_from = said.len() - access.plans.len() * usize::from(!access.decision.allowed);
                let bullet = format!("{} ", state.symbols.middot);
                for (at, sentence) in said.iter().enumerate() {
                    let (style, lead) =
                        if at < plans_from { (state.theme.text, "") } else { (state.theme.accent, bullet.as_str()) };
                    lines.extend(page.text(sentence, style, lead));
                }
            }
            (None, Some(error)) => {
                for sentence in state.explain(error) {
                    lines.extend(page.text(&sentence, state.theme.bad, ""));
                }
            }
            (None, None) => lines.push(Line::styled(state.word("membership.why.loading"), state.theme.dim)),
        }
        lines
    }
}

impl Overlay for Why {
    fn context(&self) -> &'static str {
        "help"
    }

    fn run(&mut self, command: &str, _: &mut State) -> Then {
        // It is short: there is nowhere to go in it, and nothing of the pane below is meant.
        if matches!(command, "close" | "choose") { Then::Close } else { Then::Stay }
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        if let Some(Answer::Access(access)) = self.load.take(heard) {
            self.access = Some(*access);
        }
        if let Some(Answer::Plans(plans)) = self.offered.take(heard) {
            self.plans = plans;
        }
        state.dirty = true;
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).min(76);
        let lines = self.lines(state, columns);
        let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let title = state.word("membership.why.title");
        let inside = frame::boxed(frame, area, state, &title, (columns + 4, tall));
        frame::lines(frame, inside, &lines, 0);
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
