//! Opening an account. The role is always `member`: there is no field for another.

use axum::Extension;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::profile;
use crate::api::account::NewAccount;
use crate::api::member::Me;
use crate::api::path;
use crate::model::member::Role;
use crate::server::answer::Address;
use crate::server::auth::password;
use crate::server::db::members::{self, NewMember};
use crate::server::db::{community, dialect};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Json, is_username};
use crate::server::limits::Who;
use crate::server::names;
use crate::server::state::AppState;

/// Opens an account. It signs nobody in: ask for tokens next.
#[utoipa::path(post, path = path::ACCOUNTS, tag = "accounts", request_body = NewAccount,
    responses((status = 201, body = Me)))]
pub async fn open(
    State(app): State<AppState>,
    Extension(Address(address)): Extension<Address>,
    Json(new): Json<NewAccount>,
) -> Answer<Response> {
    if !app.settings.open_registration {
        return Err(Failure::new(code::REGISTRATION_CLOSED));
    }
    let now = app.clock.now();
    let (name, email) = check(&app, &new).await?;
    app.buckets.take(Who::SignInAddress(address), app.settings.limits.sign_in_address, now)?;
    let hash = app.passwords.hash(new.password.into()).await?;
    let member = NewMember {
        id: app.db.ids().next(),
        username: &new.username,
        name: &name,
        email: email.as_deref(),
        role: Role::Member,
        password_hash: Some(&hash),
        policy_version: &new.accepted_policy_version,
    };
    let mut write = app.db.write().await?;
    if members::is_alike(&mut *write, &new.username, None).await? {
        return Err(taken());
    }
    if members::is_alike(&mut *write, &name, None).await? {
        return Err(profile::alike("display_name"));
    }
    match members::add(&mut write, &member, now).await {
        Err(error) if dialect::is_duplicate(&error) => {
            return Err(taken());
        }
        other => other?,
    }
    write.commit().await?;
    let location = path::fill(path::MEMBER, &new.username);
    let me = Me { username: new.username, name, role: Role::Member, bio: String::new(), email, inbox: 0 };
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(me)).into_response())
}

/// That a username is there, or looks like one that is, cannot be kept a secret: members see each other's.
fn taken() -> Failure {
    Failure::new(code::NAME_TAKEN).field("username", "is taken, or looks like one that is")
}

/// Everything that is wrong with the form, at once; the cleaned name and address when nothing is.
async fn check(app: &AppState, new: &NewAccount) -> Answer<(String, Option<String>)> {
    let mut wrong = Failure::new(code::INVALID_FIELD);
    let mut fault = |field: &str, message: &str| wrong = wrong.clone().field(field, message);
    if !is_username(&new.username) {
        fault("username", "3 to 32 of a-z 0-9 - _");
    } else if names::is_reserved(&new.username) {
        fault("username", "is reserved");
    }
    if let Some(weakness) = password::fault(&new.password, &new.username) {
        fault("password", weakness.as_str());
    }
    let policy = community::get(app.db.read()).await?.policy_version;
    if new.accepted_policy_version != policy {
        fault("accepted_policy_version", &format!("the policy is now version {policy}"));
    }
    let name = profile::name("display_name", &new.display_name);
    let email = profile::email(new.email.as_deref().unwrap_or_default());
    for failed in [name.as_ref().err(), email.as_ref().err()].into_iter().flatten() {
        for error in failed.problem(None).errors {
            fault(&error.field, &error.message);
        }
    }
    match (name, email) {
        (Ok(name), Ok(email)) if wrong.problem(None).errors.is_empty() => Ok((name, email)),
        _ => Err(wrong),
    }
}
