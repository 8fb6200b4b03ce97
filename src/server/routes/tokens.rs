//! One's own personal access tokens. Only a session may see, make or end them: a token that leaked makes no other.

use axum::extract::State;
use axum::http::StatusCode;

use super::profile;
use crate::api::path;
use crate::api::session::{AccessToken, AccessTokens, MadeAccessToken, NewAccessToken};
use crate::base::text::Clean;
use crate::base::time::{SignedDuration, Timestamp};
use crate::server::auth::token;
use crate::server::db::personal_tokens;
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Id, Json, Reader};
use crate::server::state::AppState;

/// Tokens that one member may have at a time.
const MOST: usize = 50;

/// The longest life of a token, in days.
const LONGEST: u32 = 366;

/// One's own personal access tokens that have not ended, newest first.
#[utoipa::path(get, path = path::TOKENS, tag = "keys", security(("session" = [])),
    responses((status = 200, body = AccessTokens)))]
pub async fn list(State(app): State<AppState>, reader: Reader) -> Answer<Json<AccessTokens>> {
    let items = personal_tokens::list(app.db.read(), reader.id, app.clock.now()).await?;
    Ok(Json(AccessTokens { items }))
}

/// Makes a personal access token, which is shown this once. It cannot be renewed. 409 when there are 50 already.
#[utoipa::path(post, path = path::TOKENS, tag = "keys", security(("session" = [])), request_body = NewAccessToken,
    responses((status = 201, body = MadeAccessToken)))]
pub async fn make(
    State(app): State<AppState>,
    reader: Reader,
    Json(new): Json<NewAccessToken>,
) -> Answer<(StatusCode, Json<MadeAccessToken>)> {
    let now = app.clock.now();
    let (token, id) = (token::make_personal(&*app.random), app.db.ids().next());
    let about = check(new, id, now)?;
    let mut write = app.db.write().await?;
    personal_tokens::drop_ended(&mut write, now).await?;
    if personal_tokens::list(&mut *write, reader.id, now).await?.len() >= MOST {
        return Err(Failure::new(code::CONFLICT).detail(format!("at most {MOST} tokens: end one first")));
    }
    personal_tokens::add(&mut write, &about, id, reader.id, &token::hex_digest(token.as_bytes())).await?;
    write.commit().await?;
    tracing::info!(member = reader.id, token = id, "a personal access token was made");
    Ok((StatusCode::CREATED, Json(MadeAccessToken { token, about })))
}

/// Everything that is wrong with what was asked for, at once.
fn check(new: NewAccessToken, id: i64, now: Timestamp) -> Answer<AccessToken> {
    let mut wrong = Failure::new(code::INVALID_FIELD);
    let name = profile::label("name", &new.name).unwrap_or_default();
    if name.is_empty() {
        wrong = wrong.field("name", "1 to 64 characters on one line");
    } else if Clean::name(&name).had_hidden() {
        wrong = wrong.field("name", "has characters that do not show");
    }
    let mut scopes = new.scopes;
    scopes.sort_unstable();
    scopes.dedup();
    if scopes.is_empty() {
        wrong = wrong.field("scopes", "at least one of read and write");
    }
    let until = now.saturating_add(SignedDuration::from_hours(24 * i64::from(new.days)));
    match until {
        Ok(until) if (1..=LONGEST).contains(&new.days) && wrong.problem(None).errors.is_empty() => {
            Ok(AccessToken { id: id.to_string(), name, scopes, created: now, used: None, until })
        }
        _ if !(1..=LONGEST).contains(&new.days) => Err(wrong.field("days", format!("1 to {LONGEST}"))),
        _ => Err(wrong),
    }
}

/// Ends one of one's own personal access tokens.
#[utoipa::path(delete, path = path::ACCESS_TOKEN, tag = "keys", security(("session" = [])),
    params(("id" = String, Path)), responses((status = 204)))]
pub async fn end(State(app): State<AppState>, reader: Reader, Id(id): Id) -> Answer<StatusCode> {
    let mut write = app.db.write().await?;
    if !personal_tokens::end(&mut write, reader.id, id, app.clock.now()).await? {
        return Err(Failure::not_found());
    }
    write.wake(reader.id);
    write.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
