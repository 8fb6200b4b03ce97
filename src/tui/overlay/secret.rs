//! Forms that end with something told once: a personal access token, what an authenticator needs, recovery codes.

use std::any::Any;

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::{
    Overlay, Then,
    ask::Ask,
    beside::{self, Text},
    field::Field,
    form::Form,
};
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::text::Clean;
use crate::engine::{
    event::{Begun, Event, Secured},
    problem::{Kind, UserError},
    request::{Deed, Request, Ticket},
};
use crate::model::session::{NewAccessToken, Scope};
use crate::tui::{key::Key, notice::Tone, pane::membership, state::State};

const NAME: &str = "secret.name";
const SCOPE: &str = "secret.scope";
const DAYS: &str = "secret.days";
const PASSWORD: &str = "sign_in.password";
const CODE: &str = "sign_in.code";

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Task {
    /// Make a personal access token.
    Token,
    /// Begin a second factor.
    SwitchOn,
    /// Confirm it with a first code.
    Confirm,
    /// Make new recovery codes, or switch the second factor off.
    Renew,
}

impl Task {
    fn form(self) -> Form {
        let line = |key| (key, Field::default());
        let password = (PASSWORD, Field::secret());
        let mut form = Form::new(match self {
            Self::Token => vec![line(NAME), line(SCOPE), line(DAYS)],
            Self::SwitchOn => vec![password],
            Self::Confirm => vec![line(CODE)],
            Self::Renew => vec![password, line(CODE)],
        });
        form.fill(SCOPE, Scope::Read.as_str());
        form.fill(DAYS, "90");
        form
    }

    fn about(self) -> &'static str {
        match self {
            Self::Token => "secret.about_token",
            Self::SwitchOn => "secret.about_on",
            Self::Confirm => "secret.about_confirm",
            Self::Renew => "secret.about_renew",
        }
    }
}

/// The overlay. Deliberately without `Debug`.
pub struct SecretForm {
    task: Task,
    form: Form,
    begun: Option<Begun>,
    told: Vec<Secret>,
    fault: Option<String>,
    ticket: Option<Ticket>,
}

/// Lays the form for a task over what is there.
pub fn open(state: &mut State, task: Task) {
    state.lay(SecretForm { task, form: task.form(), begun: None, told: Vec::new(), fault: None, ticket: None });
}

impl SecretForm {
    /// What is asked for; else the key of what is wrong with what was typed.
    fn deed(&self) -> Result<Deed, &'static str> {
        let code = self.form.text(CODE).trim();
        let (password, code) = (self.form.secret(PASSWORD), Secret::from(code));
        match self.task {
            Task::Token => self.new_token().map(Deed::MakeToken),
            Task::SwitchOn => Ok(Deed::BeginSecondFactor(password)),
            Task::Confirm => Ok(Deed::ConfirmSecondFactor(code)),
            Task::Renew => Ok(Deed::NewRecoveryCodes(password, code)),
        }
    }

    fn new_token(&self) -> Result<NewAccessToken, &'static str> {
        let name = self.form.text(NAME).trim().to_owned();
        if name.is_empty() {
            return Err("secret.need_name");
        }
        let most = Scope::parse(self.form.text(SCOPE).trim()).ok_or("secret.need_scope")?;
        let scopes = Scope::ALL.into_iter().filter(|scope| *scope <= most).collect();
        let days = self.form.text(DAYS).trim().parse().ok().filter(|days| (1..=366).contains(days));
        Ok(NewAccessToken { name, scopes, days: days.ok_or("secret.need_days")? })
    }

    fn send(&mut self, deed: Result<Deed, &'static str>, state: &mut State) {
        if self.ticket.is_some() || !self.told.is_empty() {
            return;
        }
        match deed {
            Ok(deed) => (self.fault, self.ticket) = (None, Some(state.send(Request::Secure(deed)))),
            Err(fault) => self.fault = Some(state.word(fault)),
        }
    }

    fn done(&mut self, secured: &Secured, state: &mut State) -> Then {
        match secured {
            Secured::Done => {
                state.say(Tone::Good, state.word("secret.done"));
                return Then::Close;
            }
            Secured::Token(_, token) => self.told = vec![token.clone()],
            Secured::Codes(codes) => self.told.clone_from(codes),
            Secured::Begun(begun) => {
                (self.task, self.form, self.begun) = (Task::Confirm, Task::Confirm.form(), Some(begun.clone()));
            }
        }
        Then::Stay
    }

    fn failed(&mut self, error: &UserError, state: &State) {
        self.fault = Some(state.sentences_in("secret", error));
        match error.kind {
            Kind::Auth => self.form.clear(PASSWORD),
            Kind::SecondFactor => self.form.clear(CODE),
            _ => {}
        }
    }

    /// What there is to copy.
    fn copied(&self) -> Option<String> {
        let all: Vec<&str> = self.told.iter().map(ExposeSecret::expose_secret).collect();
        let begun = self.begun.as_ref().map(|begun| begun.secret.expose_secret().to_owned());
        if all.is_empty() { begun } else { Some(all.join("\n")) }
    }

    fn lines(&self, state: &State, columns: u16) -> Text {
        let page = membership::page_of(state, columns);
        let theme = &state.theme;
        if !self.told.is_empty() {
            let about = if self.task == Task::Token { "secret.told_token" } else { "secret.told_codes" };
            let mut lines = page.text(&state.word(about), theme.warn, "");
            lines.push(Line::default());
            lines.extend(self.told.iter().flat_map(|told| page.text(told.expose_secret(), theme.title, " ")));
            return (lines, None);
        }
        let mut lines = page.text(&state.word(self.task.about()), theme.text, "");
        if let Some(begun) = &self.begun {
            lines.extend(page.text(begun.secret.expose_secret(), theme.title, " "));
        }
        lines.push(Line::default());
        let above = lines.len() as u16;
        let (form, (x, y)) = self.form.lines(state, columns);
        lines.extend(form);
        lines.push(Line::default());
        match (&self.ticket, &self.fault) {
            (Some(_), _) => lines.push(Line::styled(state.word("sign_in.working"), theme.dim)),
            (None, Some(fault)) => lines.extend(page.text(fault, theme.bad, "")),
            (None, None) => {}
        }
        (lines, Some((x, y + above)))
    }
}

impl Overlay for SecretForm {
    fn context(&self) -> &'static str {
        "secret"
    }

    fn run(&mut self, command: &str, state: &mut State) -> Then {
        state.dirty = true;
        match command {
            "close" => return Then::Close,
            // A key too many must not lose what is shown this once.
            "submit" => self.send(self.deed(), state),
            "switch-off" if self.task == Task::Renew => {
                let code = Secret::from(self.form.text(CODE).trim());
                self.send(Ok(Deed::EndSecondFactor(self.form.secret(PASSWORD), code)), state);
            }
            "next-field" => self.form.step(1),
            "previous-field" => self.form.step(-1),
            "copy-text" => {
                if let Some(text) = self.copied() {
                    state.copy(Clean::block(&text));
                }
            }
            _ => return Then::Stay,
        }
        Then::Stay
    }

    fn key(&mut self, key: Key, state: &mut State) -> Then {
        if self.ticket.is_none() && self.told.is_empty() && self.form.key(key) {
            self.fault = None;
            state.dirty = true;
        }
        Then::Stay
    }

    fn paste(&mut self, text: &str, state: &mut State) -> Then {
        if self.ticket.is_none() && self.told.is_empty() {
            self.form.paste(text);
            state.dirty = true;
        }
        Then::Stay
    }

    fn asks(&self, state: &State) -> Option<Ask> {
        self.form.asks(state).filter(|_| self.ticket.is_none() && self.told.is_empty())
    }

    fn fill(&mut self, text: &str, _: &mut State) {
        self.form.fill_here(text);
        self.fault = None;
    }

    fn told(&mut self, event: &Event, state: &mut State) -> Then {
        let Event::Secured { ticket, result } = event else { return Then::Stay };
        if self.ticket.take_if(|waiting| waiting == ticket).is_none() {
            return Then::Stay;
        }
        match result {
            Ok(secured) => self.done(secured, state),
            Err(error) => {
                self.failed(error, state);
                Then::Stay
            }
        }
    }

    fn view(&self, frame: &mut Frame<'_>, area: Rect, state: &State) {
        let begun = self.begun.as_ref().filter(|_| self.told.is_empty());
        let told = begun.map(|begun| begun.uri.expose_secret());
        let title = if self.task == Task::Token { "secret.title_token" } else { "security.second_factor" };
        beside::view(frame, area, state, &state.word(title), told, |columns| self.lines(state, columns));
    }

    fn footer(&self) -> &'static [&'static str] {
        match (self.task, self.told.is_empty()) {
            (_, false) => &["copy-text", "close"],
            (Task::Confirm, true) => &["copy-text", "submit", "close"],
            (Task::Renew, true) => &["submit", "switch-off", "next-field", "close"],
            (Task::SwitchOn, true) => &["submit", "close"],
            (Task::Token, true) => &["submit", "next-field", "close"],
        }
    }

    fn as_any(&mut self) -> &mut dyn Any {
        self
    }
}
