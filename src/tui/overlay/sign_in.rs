//! Signing in with a name and a password, or opening an account. Lies over whatever was there, so that nothing typed
//! elsewhere is lost. Of the password only stars are drawn.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::{Line, Span};

use super::{Overlay, Then, frame};
use crate::base::secret::Secret;
use crate::base::text::width::width;
use crate::engine::{
    problem::{Kind, UserError},
    request::{Request, Ticket},
};
use crate::tui::{key::Key, notice::Tone, pane::membership, state::State};

pub mod field;

use field::Field;

/// The shortest password a community takes, in characters.
const LEAST_PASSWORD: usize = 10;

/// What the form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody who has an account.
    SignIn,
    /// Somebody who opens one.
    Register,
}

/// The overlay.
pub struct SignIn {
    purpose: Purpose,
    username: Field,
    display_name: Field,
    password: Field,
    at: usize,
    fault: Option<String>,
    ticket: Option<Ticket>,
    has_ended: bool,
}

/// Lays the form over what is there; a form that is there already stays as it is.
pub fn open(state: &mut State, purpose: Purpose) {
    if state.overlays.iter_mut().any(|over| over.as_any().is::<SignIn>()) {
        return;
    }
    let form = SignIn {
        purpose,
        username: Field::default(),
        display_name: Field::default(),
        password: Field::secret(),
        at: 0,
        fault: None,
        ticket: None,
        has_ended: state.home.signed_out && state.home.has_entered,
    };
    state.lay(form);
}

/// Nobody is signed in any more, or never was: a form over what is there for somebody who was, and the landing page for
/// a visitor.
pub fn show_way_in(state: &mut State) {
    if state.home.has_entered {
        open(state, Purpose::SignIn);
    } else {
        super::landing::open(state);
    }
}

impl SignIn {
    /// The fields of this purpose with the keys of their names, in the order of the picture.
    fn fields(&self) -> Vec<(&'static str, &Field)> {
        let mut fields = vec![("sign_in.username", &self.username), ("sign_in.password", &self.password)];
        if self.purpose == Purpose::Register {
            fields.insert(1, ("sign_in.display_name", &self.display_name));
        }
        fields
    }

    fn field_mut(&mut self) -> &mut Field {
        match (self.at, self.purpose) {
            (0, _) => &mut self.username,
            (1, Purpose::Register) => &mut self.display_name,
            _ => &mut self.password,
        }
    }

    fn step(&mut self, by: isize) {
        let fields = self.fields().len() as isize;
        self.at = (self.at as isize + by).rem_euclid(fields) as usize;
    }

    /// What is wrong with what was typed, as far as it can be told here: a key of the catalogue.
    /// With it the field to mend.
    fn fault_of(&self, state: &State) -> Option<(&'static str, usize)> {
        let name = self.username.text();
        let is_name = (3..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        let short = self.password.text().chars().count() < LEAST_PASSWORD;
        match self.purpose {
            _ if !is_name => Some(("sign_in.need_username", 0)),
            Purpose::SignIn if self.password.text().is_empty() => Some(("sign_in.password_empty", 1)),
            Purpose::SignIn => None,
            Purpose::Register if self.display_name.text().trim().is_empty() => Some(("sign_in.need_name", 1)),
            Purpose::Register if short => Some(("sign_in.need_password", 2)),
            Purpose::Register if state.home.about.is_none() => Some(("sign_in.policy_unknown", self.at)),
            Purpose::Register => None,
        }
    }

    fn submit(&mut self, state: &mut State) {
        if self.ticket.is_some() {
            return;
        }
        if let Some((key, at)) = self.fault_of(state) {
            (self.fault, self.at) = (Some(state.word(key)), at);
            return;
        }
        let username = self.username.text().to_owned();
        let password = Secret::from(self.password.text());
        let request = match (self.purpose, &state.home.about) {
            (Purpose::Register, Some(about)) => Request::Register {
                username,
                display_name: self.display_name.text().trim().to_owned(),
                password,
                accepted_policy_version: about.policy_version.clone(),
            },
            _ => Request::SignIn { username, password, code: None },
        };
        self.fault = None;
        self.ticket = Some(state.send(request));
    }

    /// Says why not, and goes to what is to be mended. Only a password that was wrong is typed again.
    fn refused(&mut self, error: &UserError, state: &State) {
        self.fault = Some(state.sentences(error));
        match (error.kind, self.purpose) {
            (Kind::Conflict, Purpose::Register) => (self.fault, self.at) = (Some(state.word("sign_in.taken")), 0),
            (Kind::Auth, _) => {
                self.password.clear();
                self.at = self.fields().len() - 1;
            }
            _ => {}
        }
    }

    fn lines(&self, state: &State, columns: u16) -> (Vec<Line<'static>>, (u16, u16)) {
        let page = membership::page_of(state, columns);
        let theme = &state.theme;
        let mut lines = Vec::new();
        if self.has_ended {
            lines.extend(page.text(&state.word("sign_in.ended"), theme.warn, ""));
            lines.push(Line::default());
        }
        let fields = self.fields();
        let label = fields.iter().map(|(key, _)| width(state.words.get(key))).max().unwrap_or(0);
        let mut cursor = (0, 0);
        for (at, (key, field)) in fields.iter().enumerate() {
            let name =
                crate::base::text::width::pad(state.words.get(key), label, crate::base::text::width::Stand::Left);
            let room = usize::from(columns).saturating_sub(label + 3);
            let (shown, behind) = field.shown(room);
            let (bar, style) = if at == self.at { (state.symbols.bar, theme.selection) } else { (" ", theme.dim) };
            if at == self.at {
                cursor = ((1 + label + 2 + behind) as u16, lines.len() as u16);
            }
            lines.push(Line::from(vec![
                Span::styled(bar, theme.selection),
                Span::styled(format!("{name}  "), style),
                Span::styled(shown, theme.text),
            ]));
        }
        lines.push(Line::default());
        if self.purpose == Purpose::Register
            && let Some(about) = &state.home.about
        {
            let version = [("version", about.policy_version.as_str())];
            lines.extend(page.text(&state.words.fill("sign_in.policy", &version), theme.dim, ""));
        }
        match (&self.ticket, &self.fault) {
            (Some(_), _) => lines.push(Line::styled(state.word("sign_in.working"), theme.dim)),
            (None, Some(fault)) => lines.extend(page.text(fault, theme.bad, "")),
            (None, None) => {}
        }
        (lines, cursor)
    }
}

impl Overlay for SignIn {
    fn context(&self) -> &'static str {
        "form"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        state.dirty = true;
        match command {
            "close" => return Then::Close,
            "submit" => self.submit(state),
            "next-field" => self.step(1),
            "previous-field" => self.step(-1),
            "other-form" => {
                self.purpose = if self.purpose == Purpose::SignIn { Purpose::Register } else { Purpose::SignIn };
                (self.at, self.fault) = (0, None);
            }
            _ => return Then::Pass,
        }
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.ticket.is_none() && self.field_mut().key(key) {
            self.fault = None;
            state.dirty = true;
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        if self.ticket.is_none() {
            self.field_mut().insert(text);
            state.dirty = true;
        }
        Then::Stay
    }

    fn signed_in(&mut self, ticket: Ticket, result: &Result<&'static str, UserError>, state: &mut State) -> Then {
        if self.ticket != Some(ticket) {
            return Then::Stay;
        }
        self.ticket = None;
        state.dirty = true;
        match result {
            Ok(vault) => {
                let kept = state.word(&format!("vault.name.{vault}"));
                let values = [("name", self.username.text()), ("vault", kept.as_str())];
                let said = state.words.fill("sign_in.kept_in", &values);
                state.say(Tone::Good, said);
                Then::Close
            }
            Err(error) => {
                self.refused(error, state);
                Then::Stay
            }
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).min(60);
        let (lines, (x, y)) = self.lines(state, columns);
        let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let key = if self.purpose == Purpose::SignIn { "sign_in.title" } else { "sign_in.title_register" };
        let inside = frame::boxed(frame, area, state, &state.word(key), (columns + 4, tall));
        frame::lines(frame, inside, &lines, 0);
        if self.ticket.is_none() && y < inside.height {
            frame.set_cursor_position((inside.x + x.min(inside.width.saturating_sub(1)), inside.y + y));
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        &["submit", "next-field", "other-form", "close"]
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
