//! The page behind the address of a post ([`crate::model::permalink`]), for whoever follows it in a browser: how to get to
//! it in Lyceum. It is the same for every post, there or not: what may be read is decided when a member comes.

use axum::extract::State;
use axum::http::Uri;

use crate::server::db::community;
use crate::server::error::Answer;
use crate::server::origin;
use crate::server::state::AppState;
use crate::server::web::html::fill;
use crate::server::web::page::Page;
use crate::server::web::visitor::Visitor;

const PERMALINK: &str = include_str!("../../../assets/web/permalink.html");

/// How to go on.
pub async fn show(State(app): State<AppState>, visitor: Visitor, here: Uri) -> Answer<Page> {
    let origin = origin::of(&app.settings);
    let address = format!("{origin}{}", here.path());
    let parts = [("origin", origin.as_str().into()), ("address", address.as_str().into())];
    let body = fill(PERMALINK, visitor.words(&app), &parts);
    let place = community::get(app.db.read()).await?.name;
    Ok(Page::new(&app.web, visitor.language, &place, &body))
}
