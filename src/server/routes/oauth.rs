//! Tokens: the grants, revocation (RFC 7009) and where a client finds them (RFC 8414).

use axum::Extension;
use axum::extract::{FromRequest, Request, State};
use axum::http::{StatusCode, header};
use serde::de::DeserializeOwned;

use crate::api::account::{RevokeRequest, TokenRequest, Tokens};
use crate::api::path;
use crate::server::answer::Address;
use crate::server::auth::{proof, second_factor, session};
use crate::server::error::{Answer, Failure, code};
use crate::server::extract::{Json, json_media_type, parse_form, parse_json, read_body};
use crate::server::state::AppState;

/// A body that may be JSON or a form, as OAuth has it.
pub struct Either<T>(pub T);

impl<T: DeserializeOwned> FromRequest<AppState> for Either<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, app: &AppState) -> Result<Self, Failure> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok());
        let form = kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
        if !form {
            json_media_type(request.headers())?;
        }
        let bytes = read_body(request.into_body(), &app.settings.limits).await?;
        if form { parse_form(&bytes) } else { parse_json(&bytes) }.map(Self)
    }
}

/// Tokens for a name and a password, or for a refresh token. 401 `second_factor_required` when the password is right and
/// `otp` is missing.
#[utoipa::path(post, path = path::TOKEN, tag = "accounts",
    request_body(content((TokenRequest = "application/json"), (TokenRequest = "application/x-www-form-urlencoded"))),
    responses((status = 200, body = Tokens)))]
pub async fn token(
    State(app): State<AppState>,
    Extension(address): Extension<Address>,
    Either(asked): Either<TokenRequest>,
) -> Answer<Json<Tokens>> {
    let tokens = match asked.grant_type.as_str() {
        "password" if app.settings.password_grant => by_password(&app, address, asked).await,
        "refresh_token" => {
            let shown = asked.refresh_token.ok_or_else(|| Failure::invalid("refresh_token", "is missing"))?;
            session::refresh(&app, &shown).await
        }
        _ => Err(Failure::new(code::UNSUPPORTED_GRANT)),
    };
    tokens.map(Json)
}

async fn by_password(app: &AppState, Address(address): Address, asked: TokenRequest) -> Answer<Tokens> {
    let username = asked.username.ok_or_else(|| Failure::invalid("username", "is missing"))?;
    let password = asked.password.ok_or_else(|| Failure::invalid("password", "is missing"))?;
    let client_name = asked.client_name.unwrap_or_default();
    if client_name.chars().count() > 64 || client_name.chars().any(char::is_control) {
        return Err(Failure::invalid("client_name", "at most 64 characters on one line"));
    }
    let member = proof::password(app, address, &username, password.into()).await?;
    second_factor::check(app, member, address, asked.otp.as_deref()).await?;
    session::open(app, member, &client_name).await
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
    token_endpoint: String,
    revocation_endpoint: String,
    grant_types_supported: Vec<&'static str>,
    response_types_supported: Vec<&'static str>,
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    revocation_endpoint_auth_methods_supported: Vec<&'static str>,
    service_documentation: String,
    op_policy_uri: String,
}

/// Where an OAuth client finds the rest.
#[utoipa::path(get, path = path::OAUTH_METADATA, tag = "accounts", responses((status = 200, body = Metadata)))]
pub async fn metadata(State(app): State<AppState>) -> Json<Metadata> {
    let settings = &app.settings;
    let scheme = if settings.tls_cert.is_some() { "https" } else { "http" };
    let own = || format!("{scheme}://{}", settings.listen);
    let issuer = settings.public_url.clone().unwrap_or_else(own).trim_end_matches('/').to_owned();
    let password = settings.password_grant.then_some("password");
    Json(Metadata {
        token_endpoint: format!("{issuer}{}", path::TOKEN),
        revocation_endpoint: format!("{issuer}{}", path::REVOKE),
        grant_types_supported: password.into_iter().chain(["refresh_token"]).collect(),
        response_types_supported: Vec::new(),
        token_endpoint_auth_methods_supported: vec!["none"],
        revocation_endpoint_auth_methods_supported: vec!["none"],
        service_documentation: format!("{issuer}{}", path::OPENAPI),
        op_policy_uri: format!("{issuer}{}", path::COMMUNITY),
        issuer,
    })
}
