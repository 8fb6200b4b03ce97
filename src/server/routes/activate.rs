//! The page on which a person lets a device in (RFC 8628 section 3.3): the code, signing in, comparing, deciding.

use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;

use crate::api::path;
use crate::base::time::{Age, Timestamp, age};
use crate::server::auth::{device, user_code};
use crate::server::db::device_codes::DeviceCode;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::Query;
use crate::server::state::{App, AppState};
use crate::server::web::failure::message;
use crate::server::web::html::{Html, fill};
use crate::server::web::page::Page;
use crate::server::web::steps::{self, Form, SignedIn};
use crate::server::web::ticket::{Member, Step, Subject};
use crate::server::web::visitor::Visitor;

const ENTER: &str = include_str!("../../../assets/web/enter.html");
const DECIDE: &str = include_str!("../../../assets/web/device.html");
const ELSEWHERE: &str = include_str!("../../../assets/web/elsewhere.html");

/// The code, when the device gave a whole address.
#[derive(Debug, Deserialize)]
pub struct Asked {
    code: Option<String>,
}

/// The first page: asks for the code, or goes on with the one in the address.
pub async fn show(State(app): State<AppState>, visitor: Visitor, Query(asked): Query<Asked>) -> Answer<Page> {
    match asked.code.as_deref().map(str::trim) {
        None | Some("") => enter(&app, &visitor, None).await,
        Some(code) => with_code(&app, &visitor, code).await,
    }
}

/// One step on. Which one, the form's ticket says.
pub async fn act(State(app): State<AppState>, visitor: Visitor, form: Form) -> Answer<Page> {
    match visitor.open(&app, &form.ticket)? {
        Step::Code => with_code(&app, &visitor, &form.code).await,
        Step::SignIn(Subject::Device(id)) => sign_in(&app, &visitor, id, form).await,
        Step::Decide(Subject::Device(id), member) => decide(&app, &visitor, id, member, &form).await,
        _ => Err(Failure::new(code::PAGE_ENDED)),
    }
}

async fn enter(app: &App, visitor: &Visitor, wrong: Option<&str>) -> Answer<Page> {
    let note = wrong.map(|_| steps::note(app, visitor, "web.wrong.code")).unwrap_or_default();
    let ticket = visitor.ticket(app, Step::Code);
    let typed = wrong.unwrap_or_default();
    let body = fill(
        ENTER,
        visitor.words(app),
        &[
            ("action", path::ACTIVATE.into()),
            ("ticket", (&ticket).into()),
            ("note", (&note).into()),
            ("code", typed.into()),
        ],
    );
    let status = if wrong.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    Ok(visitor.page(app, &body).await?.status(status))
}

async fn with_code(app: &App, visitor: &Visitor, typed: &str) -> Answer<Page> {
    match device::find(app, visitor.address, typed).await? {
        Some(found) => ask(app, visitor, &found, None).await,
        // Cut, so that a page is no place to write on.
        None => enter(app, visitor, Some(&typed.chars().take(16).collect::<String>())).await,
    }
}

async fn ask(app: &App, visitor: &Visitor, found: &DeviceCode, wrong: Option<(&str, &'static str)>) -> Answer<Page> {
    let code = user_code::shown(&found.user_code);
    let lead = visitor.words(app).fill("web.sign_in.device", &[("code", &code)]);
    steps::ask(app, visitor, path::ACTIVATE, Subject::Device(found.id), &lead, wrong).await
}

async fn sign_in(app: &App, visitor: &Visitor, id: i64, form: Form) -> Answer<Page> {
    let Some(found) = device::waiting(app, id).await? else { return over(app, visitor).await };
    let typed: String = form.username.chars().take(64).collect();
    match steps::sign_in(app, visitor, form).await? {
        SignedIn::Yes(member) => compare(app, visitor, &found, member).await,
        SignedIn::No(word) => ask(app, visitor, &found, Some((&typed, word))).await,
    }
}

/// Names the device and shows its code, to be compared.
async fn compare(app: &App, visitor: &Visitor, found: &DeviceCode, member: Member) -> Answer<Page> {
    let words = visitor.words(app);
    let asked = Timestamp::from_millisecond(found.created).map_err(Failure::internal)?;
    let ago = match age(app.clock.now(), asked) {
        Age::Minutes(minutes) => words.count("web.ago", minutes.unsigned_abs()),
        _ => words.get("web.just_now").to_owned(),
    };
    let here = found.address == visitor.address.to_string();
    let elsewhere = if here { Html::default() } else { fill(ELSEWHERE, words, &[]) };
    let name = steps::program_name(app, visitor, &found.client_name);
    let code = user_code::shown(&found.user_code);
    let username = member.username.clone();
    let ticket = visitor.ticket(app, Step::Decide(Subject::Device(found.id), member));
    let body = fill(
        DECIDE,
        words,
        &[
            ("action", path::ACTIVATE.into()),
            ("ticket", (&ticket).into()),
            ("code", (&code).into()),
            ("program", (&name).into()),
            ("ago", (&ago).into()),
            ("address", (&found.address).into()),
            ("elsewhere", (&elsewhere).into()),
            ("username", (&username).into()),
        ],
    );
    visitor.page(app, &body).await
}

async fn decide(app: &App, visitor: &Visitor, id: i64, member: Member, form: &Form) -> Answer<Page> {
    let Some(found) = device::waiting(app, id).await? else { return over(app, visitor).await };
    let Some(approved) = form.decision() else { return compare(app, visitor, &found, member).await };
    if !device::decide(app, id, &member.proof, approved).await? {
        return over(app, visitor).await;
    }
    let words = visitor.words(app);
    let name = steps::program_name(app, visitor, &found.client_name);
    let which = if approved { "approved" } else { "refused" };
    let title = words.get(if approved { "web.approved.title" } else { "web.refused.title" });
    let text = words.fill(&format!("web.{which}.text"), &[("program", &name), ("name", &member.username)]);
    visitor.page(app, &message(words, title, &text, false)).await
}

/// It was decided before, or has ended.
async fn over(app: &App, visitor: &Visitor) -> Answer<Page> {
    let words = visitor.words(app);
    let body = message(words, words.get("web.over.title"), words.get("web.over.device"), true);
    Ok(visitor.page(app, &body).await?.status(StatusCode::GONE))
}
