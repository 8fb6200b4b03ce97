//! A member's page: name, role, what they say about themselves, how much they wrote.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, frame};
use crate::base::ids::Username;
use crate::engine::{
    event::Answer,
    request::{Query, Request},
};
use crate::model::member::{Member, Role};
use crate::tui::{
    heard::Heard,
    pane::{list::Load, membership},
    state::State,
};

/// The overlay.
pub struct Page {
    username: Username,
    member: Option<Member>,
    load: Load,
}

/// Shows the page of a member.
pub fn open(state: &mut State, username: Username) {
    let mut page = Page { member: None, load: Load::default(), username };
    let ticket = state.send(Request::Ask(Query::Member(page.username.clone())));
    page.load.asked(ticket, state.now);
    state.lay(page);
}

impl Page {
    fn lines(&self, state: &State, columns: u16) -> Vec<Line<'static>> {
        let page = membership::page_of(state, columns);
        let theme = &state.theme;
        match (&self.member, &self.load.error) {
            (Some(member), _) => {
                let role = member.author.role;
                let style = match role {
                    Role::Member => theme.dim,
                    Role::Expert => theme.expert,
                    Role::Moderator | Role::Owner => theme.staff,
                };
                let middot = format!(" {} ", state.symbols.middot);
                let mut lines = vec![Line::from(vec![
                    Span::styled(member.author.name.to_string(), theme.title),
                    Span::styled(format!("{middot}@{}{middot}", member.author.username), theme.dim),
                    Span::styled(state.word(&format!("role.{}", role.as_str())), style),
                ])];
                let date = page.words.date(member.joined);
                let facts = [
                    state.words.fill("member.joined", &[("date", &date)]),
                    state.words.count("member.posts", u64::from(member.posts)),
                    state.words.count("member.accepted", u64::from(member.accepted)),
                ];
                lines.extend(page.text(&facts.join(&middot), theme.dim, ""));
                lines.push(Line::default());
                if member.bio.trim().is_empty() {
                    lines.push(Line::styled(state.word("member.no_bio"), theme.dim));
                } else {
                    lines.extend(page.text(&member.bio, theme.text, ""));
                }
                lines
            }
            (None, Some(error)) => {
                state.explain(error).iter().flat_map(|sentence| page.text(sentence, theme.bad, "")).collect()
            }
            (None, None) => vec![Line::styled(format!("@{}", self.username), theme.dim)],
        }
    }
}

impl Overlay for Page {
    fn context(&self) -> &'static str {
        "help"
    }

    fn run(&mut self, command: &str, _: &mut State) -> Then {
        // It is short: there is nowhere to go in it, and nothing of the pane below is meant.
        if matches!(command, "close" | "choose") { Then::Close } else { Then::Stay }
    }

    fn answer(&mut self, heard: &Heard, state: &mut State) {
        if let Some(Answer::Member(member)) = self.load.take(heard) {
            self.member = Some(*member);
        }
        state.dirty = true;
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).min(72);
        let lines = self.lines(state, columns);
        let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inside = frame::boxed(frame, area, state, &state.word("member.title"), (columns + 4, tall));
        frame::lines(frame, inside, &lines, 0);
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
