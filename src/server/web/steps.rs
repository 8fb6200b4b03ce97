//! The steps that the pages share: reading a form, and signing in.

use axum::extract::{FromRequest, Request};
use axum::http::{StatusCode, header};
use serde::Deserialize;

use super::html::{Html, fill};
use super::ticket::{Member, Step, Subject};
use super::visitor::Visitor;
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::text::Clean;
use crate::server::auth::sign_in;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{parse_form, read_body};
use crate::server::state::{App, AppState};
use crate::server::web::page::Page;

const SIGN_IN: &str = include_str!("../../../assets/web/sign_in.html");
const NOTE: &str = include_str!("../../../assets/web/note.html");

/// What any of the forms may hold. Which of it is read, its ticket says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Form {
    /// What may be done.
    #[serde(default)]
    pub ticket: String,
    /// A user code.
    #[serde(default)]
    pub code: String,
    /// A name.
    #[serde(default)]
    pub username: String,
    /// A password.
    #[serde(default = "empty", deserialize_with = "secret")]
    pub password: Secret,
    /// A code of the second factor.
    #[serde(default = "empty", deserialize_with = "secret")]
    pub otp: Secret,
    /// The button that says yes.
    pub approve: Option<String>,
    /// The button that says no.
    pub refuse: Option<String>,
}

fn empty() -> Secret {
    Secret::from("")
}

fn secret<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Secret, D::Error> {
    String::deserialize(deserializer).map(Secret::from)
}

impl Form {
    /// Yes or no; none when it was neither or both.
    pub fn decision(&self) -> Option<bool> {
        match (&self.approve, &self.refuse) {
            (Some(_), None) => Some(true),
            (None, Some(_)) => Some(false),
            _ => None,
        }
    }
}

impl FromRequest<AppState> for Form {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        if !kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded") {
            return Err(Failure::new(code::UNSUPPORTED_MEDIA_TYPE));
        }
        parse_form(&read_body(request.into_body(), &app.settings.limits).await?)
    }
}

/// What came of signing in.
#[derive(Debug)]
pub enum SignedIn {
    /// This member.
    Yes(Member),
    /// Nobody; which word of `web.wrong` says why.
    No(&'static str),
}

/// Signs in with a form, counted and checked as the password grant is. Which of name and password was wrong is not said.
pub async fn sign_in(app: &App, visitor: &Visitor, form: Form) -> Answer<SignedIn> {
    // Phones write a capital and a space of their own.
    let username = form.username.trim().to_lowercase();
    let otp = Some(form.otp.expose_secret().trim()).filter(|otp| !otp.is_empty());
    match sign_in::who_is(app, visitor.address, &username, form.password.clone(), otp).await {
        Ok(proof) => {
            tracing::info!(member = proof.member, address = %visitor.address, "somebody signed in on a page");
            Ok(SignedIn::Yes(Member { proof, username }))
        }
        Err(failure) => match failure.code().word {
            "wrong_password" => Ok(SignedIn::No("password")),
            "second_factor_required" => Ok(SignedIn::No("otp_missing")),
            "wrong_code" => Ok(SignedIn::No("otp")),
            _ => Err(failure),
        },
    }
}

/// The page that asks for name and password; `lead` says what for. After a try that was wrong, it says so.
pub async fn ask(
    app: &App,
    visitor: &Visitor,
    action: &str,
    subject: Subject,
    lead: &str,
    wrong: Option<(&str, &'static str)>,
) -> Answer<Page> {
    let words = visitor.words(app);
    let (username, word) = wrong.unwrap_or_default();
    let note = if word.is_empty() { Html::default() } else { note(app, visitor, &format!("web.wrong.{word}")) };
    let ticket = visitor.ticket(app, Step::SignIn(subject));
    let body = fill(
        SIGN_IN,
        words,
        &[
            ("action", action.into()),
            ("ticket", (&ticket).into()),
            ("lead", lead.into()),
            ("note", (&note).into()),
            ("username", username.into()),
            (if word.is_empty() { "first" } else { "again" }, "autofocus".into()),
        ],
    );
    let status = if word.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok(visitor.page(app, &body).await?.status(status))
}

/// A sentence about what was wrong.
pub fn note(app: &App, visitor: &Visitor, key: &str) -> Html {
    let words = visitor.words(app);
    fill(NOTE, words, &[("text", words.get(key).into())])
}

/// What a program calls itself, fit to be shown.
pub fn program_name(app: &App, visitor: &Visitor, client_name: &str) -> String {
    let name = Clean::name(client_name);
    match name.as_str().trim() {
        "" => visitor.words(app).get("web.nameless").to_owned(),
        name => name.to_owned(),
    }
}
