//! Tokens: the grants, codes for devices (RFC 8628), revocation (RFC 7009) and where a client finds them (RFC 8414).

use std::net::IpAddr;

use axum::Extension;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::api::account::{RevokeRequest, TokenRequest, Tokens};
use crate::api::device::{DeviceCode, DeviceRequest, GRANT};
use crate::api::path;
use crate::config::locale::Language;
use crate::server::answer::Address;
use crate::server::auth::authorization::{self, Shown};
use crate::server::auth::{device, session, sign_in};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Json, media_type, parse_form, parse_json, read_body};
use crate::server::origin;
use crate::server::state::AppState;

const FORM: &str = "application/x-www-form-urlencoded";

/// A body that may be JSON or a form, as OAuth has it.
pub struct Either<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Either<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let form = kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with(FORM));
        media_type(request.headers(), if form { FORM } else { "application/json" })?;
        let bytes = read_body(request.into_body(), &app.settings.limits).await?;
        if form { parse_form(&bytes) } else { parse_json(&bytes) }.map(Self)
    }
}

/// Tokens for a name and a password, a refresh token, a device that was let in, or a code that a browser brought. What goes
/// wrong is also said in OAuth's words (`error`). 401 `second_factor_required` when the password is right and `otp` is
/// missing.
#[utoipa::path(post, path = path::TOKEN, tag = "accounts",
    request_body(content((TokenRequest = "application/json"), (TokenRequest = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = Tokens)))]
pub async fn token(
    State(app): State<AppState>,
    Extension(Address(address)): Extension<Address>,
    asked: Answer<Either<TokenRequest>>,
) -> Answer<Json<Tokens>> {
    let tokens = match asked {
        Ok(Either(asked)) => by_grant(&app, address, asked).await,
        Err(failure) => Err(failure),
    };
    tokens.map(Json).map_err(Failure::oauth)
}

async fn by_grant(app: &AppState, address: IpAddr, asked: TokenRequest) -> Answer<Tokens> {
    match asked.grant_type.as_str() {
        "password" if app.settings.password_grant => by_password(app, address, asked).await,
        "refresh_token" => session::refresh(app, &needed("refresh_token", asked.refresh_token)?).await,
        "authorization_code" => {
            let (code, redirect_uri) = (needed("code", asked.code)?, needed("redirect_uri", asked.redirect_uri)?);
            let verifier = needed("code_verifier", asked.code_verifier)?;
            let client_id = asked.client_id.unwrap_or_default();
            let shown = Shown { code: &code, redirect_uri: &redirect_uri, verifier: &verifier, client_id: &client_id };
            authorization::tokens(app, &shown).await
        }
        GRANT => device::tokens(app, &needed("device_code", asked.device_code)?).await,
        _ => Err(Failure::new(code::UNSUPPORTED_GRANT)),
    }
}

fn needed(field: &str, value: Option<String>) -> Answer<String> {
    value.ok_or_else(|| Failure::new(code::INVALID_REQUEST).field(field, "is missing"))
}

async fn by_password(app: &AppState, address: IpAddr, asked: TokenRequest) -> Answer<Tokens> {
    let (username, password) = (needed("username", asked.username)?, needed("password", asked.password)?);
    let client_name = sign_in::client_name(asked.client_name)?;
    let proof = sign_in::who_is(app, address, &username, password.into(), asked.otp.as_deref()).await?;
    session::open(app, &proof, &client_name).await
}

/// Codes for a device without a browser: one to show to a person, one to ask for tokens with. What goes wrong is also said
/// in OAuth's words (`error`).
#[utoipa::path(post, path = path::DEVICE_AUTHORIZATION, tag = "accounts",
    request_body(content((DeviceRequest = "application/json"), (DeviceRequest = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = DeviceCode)))]
pub async fn device_authorization(
    State(app): State<AppState>,
    Extension(Address(address)): Extension<Address>,
    asked: Answer<Either<DeviceRequest>>,
) -> Answer<Json<DeviceCode>> {
    let begin = async {
        let Either(asked) = asked?;
        device::begin(&app, address, &sign_in::client_name(asked.client_name)?).await
    };
    begin.await.map(Json).map_err(Failure::oauth)
}

/// Ends the session of a token. Also 200 when there is none.
#[utoipa::path(post, path = path::REVOKE, tag = "accounts",
    request_body(content((RevokeRequest = "application/json"), (RevokeRequest = "application/x-www-form-urlencoded"))),
    responses((status = 200, description = "The session has ended")))]
pub async fn revoke(State(app): State<AppState>, Either(asked): Either<RevokeRequest>) -> Answer<StatusCode> {
    session::revoke(&app, &asked.token).await?;
    Ok(StatusCode::OK)
}

/// What `/.well-known/oauth-authorization-server` answers (RFC 8414 section 2).
#[derive(serde::Serialize, utoipa::ToSchema)]
pub struct Metadata {
    issuer: String,
    authorization_endpoint: String,
    token_endpoint: String,
    device_authorization_endpoint: String,
    revocation_endpoint: String,
    grant_types_supported: Vec<&'static str>,
    response_types_supported: Vec<&'static str>,
    response_modes_supported: Vec<&'static str>,
    code_challenge_methods_supported: Vec<&'static str>,
    authorization_response_iss_parameter_supported: bool,
    ui_locales_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    service_documentation: String,
    op_policy_uri: String,
}

/// Where an OAuth client finds the rest.
#[utoipa::path(get, path = path::OAUTH_METADATA, tag = "accounts", responses((status = 200, body = Metadata)))]
pub async fn metadata(State(app): State<AppState>) -> Json<Metadata> {
    let issuer = origin::of(&app.settings);
    let password = app.settings.password_grant.then_some("password");
    let grants = ["refresh_token", "authorization_code", GRANT];
    Json(Metadata {
        authorization_endpoint: format!("{issuer}{}", path::AUTHORIZE),
        token_endpoint: format!("{issuer}{}", path::TOKEN),
        device_authorization_endpoint: format!("{issuer}{}", path::DEVICE_AUTHORIZATION),
        revocation_endpoint: format!("{issuer}{}", path::REVOKE),
        grant_types_supported: password.into_iter().chain(grants).collect(),
        response_types_supported: vec!["code"],
        response_modes_supported: vec!["query"],
        code_challenge_methods_supported: vec!["S256"],
        authorization_response_iss_parameter_supported: true,
        ui_locales_supported: Language::ALL.map(Language::tag).to_vec(),
        token_endpoint_auth_methods_supported: vec!["none"],
        revocation_endpoint_auth_methods_supported: vec!["none"],
        service_documentation: format!("{issuer}{}", path::OPENAPI),
        op_policy_uri: format!("{issuer}{}", path::COMMUNITY),
        issuer,
    })
}
