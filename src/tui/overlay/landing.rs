//! What a visitor sees before signing in: what the place is for, whom, its rules, its plans, and the two ways in.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Text};

use super::{Overlay, Then, elsewhere, sign_in};
use crate::engine::{
    event::Answer,
    problem::UserError,
    request::{Query, Request, Ticket},
};
use crate::model::plan::Plan;
use crate::tui::{
    heard::Heard,
    key::Key,
    layout,
    pane::{list::Load, membership},
    state::State,
};

/// The overlay. It covers the pane and goes when somebody is signed in.
#[derive(Default)]
pub struct Landing {
    plans: Vec<Plan>,
    load: Load,
    top: usize,
}

/// Lays the page over an empty pane, once.
pub fn open(state: &mut State) {
    if state.overlays.iter_mut().any(|over| over.as_any().is::<Landing>()) {
        return;
    }
    let mut landing = Landing::default();
    let ticket = state.send(Request::Ask(Query::Plans));
    landing.load.asked(ticket, state.now);
    elsewhere::want_ways(state);
    state.lay(landing);
}

impl Landing {
    fn lines(&self, state: &State, columns: u16) -> Vec<Line<'static>> {
        let page = membership::page_of(state, columns);
        let theme = &state.theme;
        let keys = |command: &str| state.keymap.keys_of(&["landing", "overlay"], command).unwrap_or_default();
        let (sign_in, register) = (keys("sign-in"), keys("register"));
        let invite = state.words.fill("landing.invite", &[("sign_in", &sign_in), ("register", &register)]);
        let Some(about) = &state.home.about else {
            let mut lines = page.text(&invite, theme.accent, "");
            if let Some(error) = state.home.about_error() {
                lines.push(Line::default());
                lines.extend(page.text(&state.sentences(error), theme.bad, ""));
            }
            return lines;
        };
        let mut lines = page.text(&about.name, theme.title, "");
        lines.extend(page.text(&about.positioning, theme.text, ""));
        lines.push(Line::default());
        lines.extend(page.text(&invite, theme.accent, ""));
        lines.push(Line::default());
        lines.push(Line::styled(state.word("landing.for_whom"), theme.accent));
        lines.extend(page.text(&about.audience, theme.text, ""));
        if let Some(hours) = about.answer_within_hours {
            let promise = state.words.fill("landing.promise", &[("hours", &hours.to_string())]);
            lines.extend(page.text(&promise, theme.text, ""));
        }
        lines.push(Line::default());
        lines.extend(page.plans(&self.plans));
        for (title, body) in [
            (state.word("landing.rules"), &about.rules),
            (state.words.fill("landing.policy", &[("version", &about.policy_version)]), &about.policy),
        ] {
            lines.push(Line::default());
            lines.push(Line::styled(title, theme.accent));
            for paragraph in body.lines() {
                lines.extend(page.text(paragraph, theme.text, ""));
            }
        }
        lines
    }

    fn scroll(&mut self, state: &mut State, by: isize) {
        let body = layout::parts(state.size).body;
        let lines = self.lines(state, inner(body).width).len();
        let last = lines.saturating_sub(usize::from(body.height));
        self.top = self.top.saturating_add_signed(by).min(last);
        state.dirty = true;
    }
}

impl Overlay for Landing {
    fn context(&self) -> &'static str {
        "landing"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        let page = isize::try_from(layout::parts(state.size).body.height).unwrap_or(1);
        match command {
            "sign-in" => sign_in::open(state, sign_in::Purpose::SignIn),
            "register" => sign_in::open(state, sign_in::Purpose::Register),
            "with-token" => sign_in::open(state, sign_in::Purpose::Token),
            way if elsewhere::run(way, state) => {}
            "choice-down" => self.scroll(state, 1),
            "choice-up" => self.scroll(state, -1),
            "page-down" => self.scroll(state, page / 2),
            "page-up" => self.scroll(state, -page / 2),
            // There is nothing below to go back to.
            "close" => {}
            _ => return Then::Pass,
        }
        Then::Stay
    }

    /// A key that means something elsewhere says there why it cannot be done yet.
    fn key(&mut self, _: Key, _: &mut State) -> Then {
        Then::Pass
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        if let Some(Answer::Plans(plans)) = self.load.take(heard) {
            self.plans = plans;
        }
        state.dirty = true;
    }

    fn signed_in(&mut self, _: Ticket, result: &Result<&'static str, UserError>, _: &mut State) -> Then {
        if result.is_ok() { Then::Close } else { Then::Stay }
    }

    fn covers(&self) -> bool {
        true
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let inside = inner(area);
        let lines = self.lines(state, inside.width);
        let seen: Vec<Line<'static>> = lines.into_iter().skip(self.top).take(usize::from(area.height)).collect();
        frame.render_widget(Text::from(seen), inside);
    }

    fn footer(&self) -> &'static [&'static str] {
        &["sign-in", "by-device", "in-browser", "register", "choice-down", "palette", "help", "quit"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

fn inner(area: Rect) -> Rect {
    Rect { x: area.x + 1.min(area.width), width: area.width.saturating_sub(2), ..area }
}
