//! The page on which a person lets a program on their own machine in (RFC 6749 section 4.1, RFC 8252): signing in,
//! deciding, and back to the program.

use axum::extract::State;
use axum::http::StatusCode;

use crate::api::path;
use crate::base::random;
use crate::server::auth::authorization::{self, Program, Refusal};
use crate::server::auth::loopback;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::Query;
use crate::server::state::{App, AppState};
use crate::server::web::failure::message;
use crate::server::web::html::fill;
use crate::server::web::page::Page;
use crate::server::web::steps::{self, Form, SignedIn};
use crate::server::web::ticket::{Member, Step, Subject};
use crate::server::web::visitor::Visitor;

const DECIDE: &str = include_str!("../../../assets/web/program.html");

/// The first page. What a program asks wrongly is told to it, if it is a program on this machine; else to the person.
pub async fn show(
    State(app): State<AppState>,
    visitor: Visitor,
    Query(asked): Query<authorization::Query>,
) -> Answer<Page> {
    let page = random::hex(&*app.random, 16);
    match authorization::read(&app, asked, page) {
        Ok(program) => ask(&app, &visitor, program, None).await,
        Err(Refusal::ToProgram(address)) => Ok(Page::see_other(&app.web, visitor.language, &address)),
        Err(Refusal::OnPage(word)) => {
            tracing::warn!(address = %visitor.address, word, "a program was not asked about");
            let words = visitor.words(&app);
            let text = words.get(if word == "redirect" { "web.refusal.redirect" } else { "web.refusal.malformed" });
            let body = message(words, words.get("web.refusal.title"), text, false);
            Ok(visitor.page(&app, &body).await?.status(StatusCode::BAD_REQUEST))
        }
    }
}

/// One step on. Which one, the form's ticket says.
pub async fn act(State(app): State<AppState>, visitor: Visitor, form: Form) -> Answer<Page> {
    match visitor.open(&app, &form.ticket)? {
        Step::SignIn(Subject::Program(program)) => sign_in(&app, &visitor, program, form).await,
        Step::Decide(Subject::Program(program), member) => decide(&app, &visitor, program, member, &form).await,
        _ => Err(Failure::new(code::PAGE_ENDED)),
    }
}

async fn ask(app: &App, visitor: &Visitor, program: Program, wrong: Option<(&str, &'static str)>) -> Answer<Page> {
    let name = steps::program_name(app, visitor, &program.client_name);
    let lead = visitor.words(app).fill("web.sign_in.program", &[("program", &name)]);
    steps::ask(app, visitor, path::AUTHORIZE, Subject::Program(program), &lead, wrong).await
}

async fn sign_in(app: &App, visitor: &Visitor, program: Program, form: Form) -> Answer<Page> {
    let typed: String = form.username.chars().take(64).collect();
    match steps::sign_in(app, visitor, form).await? {
        SignedIn::Yes(member) => confirm(app, visitor, program, member).await,
        SignedIn::No(word) => ask(app, visitor, program, Some((&typed, word))).await,
    }
}

async fn confirm(app: &App, visitor: &Visitor, program: Program, member: Member) -> Answer<Page> {
    let name = steps::program_name(app, visitor, &program.client_name);
    let origin = loopback::origin(&program.redirect_uri).unwrap_or_default().to_owned();
    let (redirect, username) = (program.redirect_uri.clone(), member.username.clone());
    let ticket = visitor.ticket(app, Step::Decide(Subject::Program(program), member));
    let body = fill(
        DECIDE,
        visitor.words(app),
        &[
            ("action", path::AUTHORIZE.into()),
            ("ticket", (&ticket).into()),
            ("program", (&name).into()),
            ("redirect", (&redirect).into()),
            ("username", (&username).into()),
        ],
    );
    Ok(visitor.page(app, &body).await?.leads_to(&app.web, &origin))
}

async fn decide(app: &App, visitor: &Visitor, program: Program, member: Member, form: &Form) -> Answer<Page> {
    let Some(approved) = form.decision() else { return confirm(app, visitor, program, member).await };
    match authorization::decide(app, &program, &member.proof, approved).await? {
        Some(address) => Ok(Page::see_other(&app.web, visitor.language, &address)),
        None => {
            let words = visitor.words(app);
            let body = message(words, words.get("web.over.title"), words.get("web.over.program"), false);
            Ok(visitor.page(app, &body).await?.status(StatusCode::GONE))
        }
    }
}
