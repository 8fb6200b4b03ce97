//! Ways in that wait for a person somewhere else: a code to confirm on another device, or a page in this machine's
//! browser. What was on the screen stays below.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, Then, beside, sign_in};
use crate::base::text::{Clean, link::Link};
use crate::base::time::{SignedDuration, Timestamp};
use crate::engine::{
    event::Event,
    problem::UserError,
    request::{Query, Request, Ticket},
};
use crate::tui::{command::when::May, effect::Effect, notice::Tone, pane::membership, state::State};

/// Where a person has to go.
enum Place {
    /// Nothing is known yet.
    Unknown,
    /// Another device, with a code to compare.
    Device { code: Clean, page: Clean, page_with_code: Clean, ends: Timestamp, link: Option<Link> },
    /// A browser on this machine.
    Browser { address: String },
}

/// The overlay.
pub struct Elsewhere {
    ticket: Ticket,
    place: Place,
    fault: Option<String>,
}

/// Asks for a code to be confirmed on another device.
pub fn by_device(state: &mut State) {
    begin(state, Request::SignInByDevice);
}

/// Sends this machine's browser to the community.
pub fn in_browser(state: &mut State) {
    let done = state.word("sign_in.browser_done");
    begin(state, Request::SignInInBrowser(done));
}

fn begin(state: &mut State, request: Request) {
    if state.overlays.iter_mut().any(|over| over.as_any().is::<Elsewhere>()) {
        return;
    }
    let ticket = state.send(request);
    state.lay(Elsewhere { ticket, place: Place::Unknown, fault: None });
}

/// Asks once which ways there are.
pub fn want_ways(state: &mut State) {
    let load = &state.home.ways_load;
    if load.arrived.is_none() && load.ticket().is_none() {
        state.ask(Query::Ways, |s| &mut s.home.ways_load);
    }
}

/// The community lets devices in, as far as is known.
pub fn may_by_device(state: &State) -> May {
    if state.home.ways.is_none_or(|ways| ways.device) { Ok(()) } else { Err("unavailable.no-such-way") }
}

/// There is a browser on this machine that the person sees, and the community works with it, as far as is known.
pub fn may_in_browser(state: &State) -> May {
    match state.home.ways {
        _ if !state.options.browser => Err("unavailable.no-browser"),
        Some(ways) if !ways.browser => Err("unavailable.no-such-way"),
        _ => Ok(()),
    }
}

/// Does what a key of a way in means; whether it was one. What cannot be done is said.
pub fn run(command: &str, state: &mut State) -> bool {
    let (may, go): (May, fn(&mut State)) = match command {
        "by-device" => (may_by_device(state), by_device),
        "in-browser" => (may_in_browser(state), in_browser),
        _ => return false,
    };
    match may {
        Ok(()) => go(state),
        Err(reason) => state.say(Tone::Plain, state.word(reason)),
    }
    true
}

/// The other ways in, with their keys.
pub fn invite(state: &State, context: &str) -> String {
    let key = |command: &str| state.keymap.keys_of(&[context, "overlay"], command).unwrap_or_default();
    let ways = [
        ("by-device", may_by_device(state).is_ok()),
        ("in-browser", may_in_browser(state).is_ok()),
        ("with-token", true),
    ];
    let told = ways
        .into_iter()
        .filter(|(_, may)| *may)
        .map(|(command, _)| state.words.fill(&format!("sign_in.way.{command}"), &[("key", &key(command))]));
    told.collect::<Vec<_>>().join(state.words.get("frame.between-sentences"))
}

impl Elsewhere {
    /// What is copied: the address that needs nothing typed.
    fn address(&self) -> Option<&str> {
        match &self.place {
            Place::Unknown => None,
            Place::Device { page_with_code, .. } => Some(page_with_code),
            Place::Browser { address } => Some(address),
        }
    }

    /// A code was given out, or a page is to be opened.
    fn begun(&mut self, place: Place, state: &mut State) {
        self.place = place;
        self.count_down(state);
        state.dirty = true;
    }

    /// Shows what is left, once a second while it is looked at.
    fn count_down(&self, state: &mut State) {
        if let (Place::Device { ends, .. }, None) = (&self.place, &self.fault)
            && *ends > state.now
        {
            state.wake_at(state.now.saturating_add(SignedDuration::from_secs(1)).unwrap_or(*ends));
        }
    }

    fn text(&self, state: &State, columns: u16) -> Vec<Line<'static>> {
        let page = membership::page_of(state, columns);
        let theme = &state.theme;
        let mut lines = match &self.place {
            Place::Unknown => vec![Line::styled(state.word("sign_in.working"), theme.dim)],
            Place::Device { code, page: address, ends, .. } => {
                let mut lines = page.text(state.words.get("sign_in.device_open"), theme.text, "");
                lines.extend(page.text(address, theme.link, ""));
                lines.push(Line::default());
                lines.extend(page.text(state.words.get("sign_in.device_compare"), theme.text, ""));
                lines.push(Line::styled(format!("  {code}"), theme.title));
                lines.push(Line::default());
                let left = ends.duration_since(state.now).as_secs().max(0);
                let left = format!("{}:{:02}", left / 60, left % 60);
                lines.extend(page.text(&state.words.fill("sign_in.device_waits", &[("left", &left)]), theme.dim, ""));
                lines.extend(page.text(state.words.get("sign_in.device_warning"), theme.warn, ""));
                lines
            }
            Place::Browser { address } => {
                let mut lines = page.text(state.words.get("sign_in.browser_open"), theme.text, "");
                lines.push(Line::default());
                lines.extend(page.text(address, theme.link, ""));
                lines
            }
        };
        if let Some(fault) = &self.fault {
            lines.push(Line::default());
            lines.extend(page.text(fault, theme.bad, ""));
        }
        lines
    }
}

impl Overlay for Elsewhere {
    fn context(&self) -> &'static str {
        "elsewhere"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        match command {
            "close" => {
                state.abandon(Some(self.ticket));
                return Then::Close;
            }
            "copy-text" => {
                if let Some(address) = self.address().map(Clean::block) {
                    state.copy(address);
                }
            }
            "choose" if self.fault.is_some() => {
                let request = match self.place {
                    Place::Browser { .. } => Request::SignInInBrowser(state.word("sign_in.browser_done")),
                    _ => Request::SignInByDevice,
                };
                (self.ticket, self.place, self.fault) = (state.send(request), Place::Unknown, None);
            }
            _ => {}
        }
        state.dirty = true;
        Then::Stay
    }

    fn due(&mut self, state: &mut State) {
        self.count_down(state);
    }

    fn told(&mut self, event: &Event, state: &mut State) -> Then {
        match event {
            Event::Device { ticket, code, page, page_with_code, lasts } if *ticket == self.ticket => {
                let lasts = SignedDuration::try_from(*lasts).unwrap_or(SignedDuration::from_mins(5));
                let ends = state.now.saturating_add(lasts).unwrap_or(state.now);
                // What is no web address is shown and not made easy to follow.
                let link = Link::parse(page_with_code);
                let (code, page) = (code.clone(), page.clone());
                self.begun(Place::Device { code, page, page_with_code: page_with_code.clone(), ends, link }, state);
            }
            Event::Browser { ticket, address } if *ticket == self.ticket => {
                state.effect(Effect::Browse(address.clone()));
                self.begun(Place::Browser { address: address.clone() }, state);
            }
            _ => {}
        }
        Then::Stay
    }

    fn signed_in(&mut self, ticket: Ticket, result: &Result<&'static str, UserError>, state: &mut State) -> Then {
        state.dirty = true;
        match result {
            Ok(vault) => {
                if ticket == self.ticket {
                    sign_in::say_kept(state, vault);
                }
                Then::Close
            }
            Err(error) if ticket == self.ticket => {
                let again = state.keymap.keys_of(&["elsewhere", "overlay"], "choose").unwrap_or_default();
                let again = state.words.fill("sign_in.again", &[("key", &again)]);
                let [what, _] = state.explain(error);
                self.fault = Some([what, again].join(state.words.get("frame.between-sentences")));
                Then::Stay
            }
            Err(_) => Then::Stay,
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let (title, told) = match &self.place {
            Place::Browser { .. } => ("sign_in.title_browser", None),
            Place::Device { link, .. } => ("sign_in.title_device", link.as_ref().filter(|_| self.fault.is_none())),
            Place::Unknown => ("sign_in.title_device", None),
        };
        let told = told.map(|link| link.url().as_str());
        beside::view(frame, area, state, &state.word(title), told, |columns| (self.text(state, columns), None));
    }

    fn footer(&self) -> &'static [&'static str] {
        if self.fault.is_some() { &["choose", "close"] } else { &["copy-text", "close"] }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
