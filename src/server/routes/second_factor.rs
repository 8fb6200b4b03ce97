//! One's own second factor. Whatever weakens the account takes the password again (ASVS 7.5.1).

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;

use crate::api::path;
use crate::api::second_factor::{
    BeginSecondFactor, BegunSecondFactor, ConfirmSecondFactor, ProveSecondFactor, RecoveryCodes, SecondFactor,
};
use crate::server::answer::Address;
use crate::server::auth::proof::{self, Proof};
use crate::server::auth::{second_factor, sign_in};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Json, Reader};
use crate::server::state::{App, AppState};

/// How one's second factor stands.
#[utoipa::path(get, path = path::SECOND_FACTOR, tag = "keys", security(("session" = [])),
    responses((status = 200, body = SecondFactor)))]
pub async fn show(State(app): State<AppState>, reader: Reader) -> Answer<Json<SecondFactor>> {
    second_factor::show(&app, reader.id).await.map(Json)
}

/// Begins a second factor; the password is asked for again. 409 when one is on.
#[utoipa::path(post, path = path::SECOND_FACTOR, tag = "keys", security(("session" = [])),
    request_body = BeginSecondFactor, responses((status = 200, body = BegunSecondFactor)))]
pub async fn begin(
    State(app): State<AppState>,
    reader: Reader,
    Extension(Address(address)): Extension<Address>,
    Json(asked): Json<BeginSecondFactor>,
) -> Answer<Json<BegunSecondFactor>> {
    let proof = proof::password(&app, address, &reader.username, asked.password.into()).await?;
    second_factor::begin(&app, &reader, &proof).await.map(Json)
}

/// Switches on the second factor that was begun, with a first code. All other sessions end. 409 when none was begun.
#[utoipa::path(put, path = path::SECOND_FACTOR, tag = "keys", security(("session" = [])),
    request_body = ConfirmSecondFactor, responses((status = 200, body = RecoveryCodes)))]
pub async fn confirm(
    State(app): State<AppState>,
    reader: Reader,
    Extension(Address(address)): Extension<Address>,
    Json(asked): Json<ConfirmSecondFactor>,
) -> Answer<Json<RecoveryCodes>> {
    let codes = second_factor::confirm(&app, &reader, address, &asked.code).await?;
    Ok(Json(RecoveryCodes { codes }))
}

/// Switches the second factor off. 409 when it is off.
#[utoipa::path(post, path = path::SECOND_FACTOR_END, tag = "keys", security(("session" = [])),
    request_body = ProveSecondFactor, responses((status = 204)))]
pub async fn end(
    State(app): State<AppState>,
    reader: Reader,
    Extension(Address(address)): Extension<Address>,
    Json(asked): Json<ProveSecondFactor>,
) -> Answer<StatusCode> {
    let proof = prove(&app, &reader, address, asked).await?;
    second_factor::end(&app, &proof).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes new recovery codes; the old ones are good no longer. 409 when the second factor is off.
#[utoipa::path(post, path = path::RECOVERY_CODES, tag = "keys", security(("session" = [])),
    request_body = ProveSecondFactor, responses((status = 200, body = RecoveryCodes)))]
pub async fn recovery_codes(
    State(app): State<AppState>,
    reader: Reader,
    Extension(Address(address)): Extension<Address>,
    Json(asked): Json<ProveSecondFactor>,
) -> Answer<Json<RecoveryCodes>> {
    let proof = prove(&app, &reader, address, asked).await?;
    let codes = second_factor::renew_codes(&app, &proof).await?;
    Ok(Json(RecoveryCodes { codes }))
}

async fn prove(app: &App, reader: &Reader, address: std::net::IpAddr, asked: ProveSecondFactor) -> Answer<Proof> {
    if !second_factor::show(app, reader.id).await?.enabled {
        return Err(Failure::new(code::CONFLICT).detail("the second factor is off"));
    }
    sign_in::who_is(app, address, &reader.username, asked.password.into(), Some(&asked.code)).await
}
