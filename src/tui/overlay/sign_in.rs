//! Signing in with a name and a password or with a token, or opening an account. Lies over whatever was there, so that
//! nothing typed elsewhere is lost. Of secrets only stars are drawn. Ways that wait for a person elsewhere are
//! [`super::elsewhere`].

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{Overlay, Then, ask::Ask, elsewhere, field::Field, form::Form, frame};
use crate::engine::{
    problem::{Kind, UserError},
    request::{Request, Ticket},
};
use crate::tui::{key::Key, notice::Tone, pane::membership, state::State};

/// The shortest password a community takes, in characters.
const LEAST_PASSWORD: usize = 10;

const USERNAME: &str = "sign_in.username";
const NAME: &str = "sign_in.display_name";
const PASSWORD: &str = "sign_in.password";
const CODE: &str = "sign_in.code";
const TOKEN: &str = "sign_in.token";

/// What the form is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Somebody who has an account.
    SignIn,
    /// Somebody who opens one.
    Register,
    /// Somebody who has a personal access token.
    Token,
}

impl Purpose {
    fn form(self) -> Form {
        let username = (USERNAME, Field::default());
        let password = (PASSWORD, Field::secret());
        Form::new(match self {
            Self::SignIn => vec![username, password],
            Self::Register => vec![username, (NAME, Field::default()), password],
            Self::Token => vec![(TOKEN, Field::secret())],
        })
    }

    fn title(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in.title",
            Self::Register => "sign_in.title_register",
            Self::Token => "sign_in.title_token",
        }
    }
}

/// The overlay.
pub struct SignIn {
    purpose: Purpose,
    form: Form,
    fault: Option<String>,
    ticket: Option<Ticket>,
    has_ended: bool,
}

/// Lays the form over what is there; a form that is there already stays as it is.
pub fn open(state: &mut State, purpose: Purpose) {
    if state.overlays.iter_mut().any(|over| over.as_any().is::<SignIn>()) {
        return;
    }
    elsewhere::want_ways(state);
    let has_ended = state.home.signed_out && state.home.has_entered;
    state.lay(SignIn { purpose, form: purpose.form(), fault: None, ticket: None, has_ended });
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
    /// What is wrong with what was typed, as far as it can be told here: a key of the catalogue.
    /// With it the line to mend.
    fn fault_of(&self, state: &State) -> Option<(&'static str, &'static str)> {
        let name = self.form.text(USERNAME);
        let is_name = (3..=32).contains(&name.len())
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_');
        let password = self.form.text(PASSWORD);
        match self.purpose {
            Purpose::Token if self.form.text(TOKEN).trim().is_empty() => Some(("sign_in.token_empty", TOKEN)),
            Purpose::Token => None,
            _ if !is_name => Some(("sign_in.need_username", USERNAME)),
            Purpose::SignIn if password.is_empty() => Some(("sign_in.password_empty", PASSWORD)),
            Purpose::SignIn if self.form.has(CODE) && self.form.text(CODE).trim().is_empty() => {
                Some(("hint.code", CODE))
            }
            Purpose::SignIn => None,
            Purpose::Register if self.form.text(NAME).trim().is_empty() => Some(("sign_in.need_name", NAME)),
            Purpose::Register if password.chars().count() < LEAST_PASSWORD => Some(("sign_in.need_password", PASSWORD)),
            Purpose::Register if state.home.about.is_none() => Some(("sign_in.policy_unknown", "")),
            Purpose::Register => None,
        }
    }

    fn submit(&mut self, state: &mut State) {
        if self.ticket.is_some() {
            return;
        }
        if let Some((fault, line)) = self.fault_of(state) {
            self.fault = Some(state.word(fault));
            return self.form.go(line);
        }
        let username = self.form.text(USERNAME).to_owned();
        let request = match (self.purpose, &state.home.about) {
            (Purpose::Register, Some(about)) => Request::Register {
                username,
                display_name: self.form.text(NAME).trim().to_owned(),
                password: self.form.secret(PASSWORD),
                accepted_policy_version: about.policy_version.clone(),
            },
            (Purpose::Token, _) => Request::SignInWithToken(self.form.text(TOKEN).trim().into()),
            _ => Request::SignIn {
                username,
                password: self.form.secret(PASSWORD),
                code: self.form.has(CODE).then(|| self.form.text(CODE).trim().into()),
            },
        };
        self.fault = None;
        self.ticket = Some(state.send(request));
    }

    /// Says why not, and goes to what is to be mended. Only a secret that was wrong is typed again.
    fn refused(&mut self, error: &UserError, state: &State) {
        self.fault = Some(state.sentences_in("form", error));
        match (error.kind, self.purpose) {
            (Kind::Conflict, Purpose::Register) => {
                self.fault = Some(state.word("sign_in.taken"));
                self.form.go(USERNAME);
            }
            (Kind::SecondFactor, _) => self.form.want(CODE, Field::default()),
            (Kind::Auth, Purpose::Token) => {
                self.fault = Some(state.word("sign_in.token_wrong"));
                self.form.clear(TOKEN);
            }
            (Kind::Auth, _) => self.form.clear(PASSWORD),
            _ => {}
        }
    }

    /// Another form in this one's place; the name that was typed stays.
    fn turn_to(&mut self, purpose: Purpose) {
        let name = self.form.text(USERNAME).to_owned();
        (self.purpose, self.form, self.fault) = (purpose, purpose.form(), None);
        self.form.fill(USERNAME, &name);
    }

    fn lines(&self, state: &State, columns: u16) -> (Vec<Line<'static>>, (u16, u16)) {
        let page = membership::page_of(state, columns);
        let theme = &state.theme;
        let mut lines = Vec::new();
        if self.has_ended {
            lines.extend(page.text(&state.word("sign_in.ended"), theme.warn, ""));
            lines.push(Line::default());
        }
        let (fields, (x, y)) = self.form.lines(state, columns);
        let cursor = (x, y + lines.len() as u16);
        lines.extend(fields);
        lines.push(Line::default());
        if self.purpose == Purpose::Register
            && let Some(about) = &state.home.about
        {
            let version = [("version", about.policy_version.as_str())];
            lines.extend(page.text(&state.words.fill("sign_in.policy", &version), theme.dim, ""));
        }
        if self.ticket.is_some() {
            lines.push(Line::styled(state.word("sign_in.working"), theme.dim));
        } else {
            // Where one way fails the others are wanted most.
            lines.extend(self.fault.iter().flat_map(|fault| page.text(fault, theme.bad, "")));
            lines.extend(page.text(&elsewhere::invite(state, "form"), theme.dim, ""));
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
            "close" => {
                state.abandon(self.ticket);
                return Then::Close;
            }
            "submit" => self.submit(state),
            "next-field" => self.form.step(1),
            "previous-field" => self.form.step(-1),
            "other-form" if self.purpose == Purpose::SignIn => self.turn_to(Purpose::Register),
            "other-form" => self.turn_to(Purpose::SignIn),
            "with-token" => self.turn_to(Purpose::Token),
            way if elsewhere::run(way, state) => {}
            _ => return Then::Pass,
        }
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.ticket.is_none() && self.form.key(key) {
            self.fault = None;
            state.dirty = true;
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        if self.ticket.is_none() {
            self.form.paste(text);
            state.dirty = true;
        }
        Then::Stay
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        self.form.asks(state).filter(|_| self.ticket.is_none())
    }

    fn fill(&mut self, text: &str, _: &mut State) {
        self.form.fill_here(text);
        self.fault = None;
    }

    /// Somebody who came in another way needs no form either.
    fn signed_in(&mut self, ticket: Ticket, result: &Result<&'static str, UserError>, state: &mut State) -> Then {
        match result {
            Ok(vault) => {
                if self.ticket == Some(ticket) {
                    say_kept(state, vault);
                }
                Then::Close
            }
            Err(error) if self.ticket == Some(ticket) => {
                self.ticket = None;
                state.dirty = true;
                self.refused(error, state);
                Then::Stay
            }
            Err(_) => Then::Stay,
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let columns = area.width.saturating_sub(4).min(60);
        let (lines, (x, y)) = self.lines(state, columns);
        let tall = u16::try_from(lines.len()).unwrap_or(u16::MAX).saturating_add(2);
        let inside = frame::boxed(frame, area, state, &state.word(self.purpose.title()), (columns + 4, tall));
        frame::lines(frame, inside, &lines, 0);
        if self.ticket.is_none() && y < inside.height {
            frame.set_cursor_position((inside.x + x.min(inside.width.saturating_sub(1)), inside.y + y));
        }
    }

    fn footer(&self) -> &'static [&'static str] {
        match self.purpose {
            Purpose::Token => &["submit", "other-form", "by-device", "in-browser", "close"],
            _ => &["submit", "next-field", "other-form", "by-device", "in-browser", "with-token", "close"],
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}

/// Says that somebody is in, and where the tokens are.
pub(super) fn say_kept(state: &mut State, vault: &str) {
    let kept = state.word(&format!("vault.name.{vault}"));
    let said = state.words.fill("sign_in.kept_in", &[("vault", kept.as_str())]);
    state.say(Tone::Good, said);
}
