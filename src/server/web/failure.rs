//! Failures where a person looks: a page with a sentence, in place of a problem.

use axum::http::HeaderMap;
use axum::http::response::Parts;
use axum::response::{IntoResponse, Response};

use super::html::{Html, fill};
use super::page::Page;
use super::{Web, language};
use crate::api::path;
use crate::config::locale::{Catalog, Language};
use crate::server::error::Failure;
use crate::server::state::App;

const MESSAGE: &str = include_str!("../../../assets/web/message.html");
const AGAIN: &str = include_str!("../../../assets/web/again.html");

/// Where it went wrong, and who reads about it.
#[derive(Clone, Copy, Debug)]
pub struct Place {
    language: Language,
    activate: bool,
}

impl Place {
    /// A route, and the headers of the request.
    pub fn of(route: &str, headers: &HeaderMap) -> Self {
        Self { language: language::wanted(headers), activate: route == path::ACTIVATE }
    }
}

/// A heading and a paragraph; with a way back to the first page of `/activate` when `again`.
pub fn message(words: &Catalog, title: &str, text: &str, again: bool) -> Html {
    let again = if again { fill(AGAIN, words, &[("action", path::ACTIVATE.into())]) } else { Html::default() };
    fill(MESSAGE, words, &[("title", title.into()), ("text", text.into()), ("again", (&again).into())])
}

/// The page in place of an answer; its status and its own headers stay.
pub fn page(app: &App, place: Place, failure: &Failure, incident: Option<&str>, parts: Parts) -> Response {
    let Place { language, activate } = place;
    let web: &Web = &app.web;
    let words = web.words(language);
    let code = failure.code();
    let known = format!("web.failure.{}", code.word);
    let key = match () {
        () if words.has(&known) => known,
        () if code.status.is_server_error() => "web.failure.internal".to_owned(),
        () => "web.failure.unknown".to_owned(),
    };
    let minutes = failure.wait().unwrap_or(60).div_ceil(60).to_string();
    let text = words.fill(&key, &[("minutes", &minutes), ("incident", incident.unwrap_or_default())]);
    let body = message(words, words.get("web.failure.title"), &text, activate);
    let mut response = Page::new(web, language, "", &body).status(parts.status).into_response();
    for (name, value) in &parts.headers {
        if !response.headers().contains_key(name) {
            response.headers_mut().append(name, value.clone());
        }
    }
    response
}
