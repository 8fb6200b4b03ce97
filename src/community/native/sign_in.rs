//! The ways into a community of ours: OAuth's grants, and opening an account.

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;

use super::super::http::Call;
use super::super::{
    BrowserPage, BrowserRequest, DeviceCode, Error, Kind, NewAccount, Polled, Result, Session, SignIn, Ways,
};
use super::Native;
use super::{failure, renew};
use crate::api::account::{NewAccount as WireAccount, RevokeRequest, TokenRequest, Tokens};
use crate::api::member::Me;
use crate::api::{device, path};
use crate::base::ids::Username;
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::text::Clean;
use crate::model::session::Credential;

/// What this program calls itself; any client may ask, so it decides nothing.
const CLIENT_ID: &str = "lyceum";

/// The longest that a server may have a person wait, or a program between two questions.
const LONGEST: Duration = Duration::from_secs(3600);

/// What is read of `/.well-known/oauth-authorization-server` (RFC 8414 section 2).
#[derive(Deserialize)]
struct Metadata {
    issuer: String,
    #[serde(default)]
    grant_types_supported: Vec<String>,
    #[serde(default)]
    authorization_endpoint: Option<String>,
    #[serde(default)]
    device_authorization_endpoint: Option<String>,
}

impl Native {
    async fn metadata(&self) -> Result<Metadata> {
        self.client.ask_anybody(&Call::new(Method::GET, path::OAUTH_METADATA.to_owned())).await
    }

    /// Tokens for a grant. What a renewal under way brings belongs to the session before: it is kept before these are.
    async fn grant(&self, request: TokenRequest) -> Result<Session> {
        let _alone = self.client.renewing.lock().await;
        let call = Call::new(Method::POST, path::TOKEN.to_owned()).json(&request)?;
        self.client.ask_anybody::<Tokens>(&call).await.map(renew::session)
    }
}

fn token_request(grant_type: &str) -> TokenRequest {
    TokenRequest { grant_type: grant_type.to_owned(), client_id: Some(CLIENT_ID.to_owned()), ..TokenRequest::default() }
}

fn said(secret: &Secret) -> Option<String> {
    Some(secret.expose_secret().to_owned())
}

#[async_trait]
impl SignIn for Native {
    async fn ways(&self) -> Result<Ways> {
        let metadata = self.metadata().await?;
        let grants = |name: &str| metadata.grant_types_supported.iter().any(|grant| grant == name);
        Ok(Ways {
            password: grants("password"),
            device: grants(device::GRANT) && metadata.device_authorization_endpoint.is_some(),
            browser: grants("authorization_code") && metadata.authorization_endpoint.is_some(),
        })
    }

    async fn password(&self, username: &str, password: &Secret, code: Option<&Secret>) -> Result<Session> {
        let request = TokenRequest {
            username: Some(username.to_owned()),
            password: said(password),
            otp: code.and_then(said),
            client_name: Some(self.client_name.clone()),
            ..token_request("password")
        };
        // Servers that go by RFC 6749 section 5.2 to the letter call it `invalid_grant`.
        self.grant(request).await.map_err(|error| match error.kind {
            Kind::SignedOut => Error { kind: Kind::WrongPassword, ..error },
            _ => error,
        })
    }

    async fn device(&self) -> Result<DeviceCode> {
        let request = device::DeviceRequest {
            client_id: Some(CLIENT_ID.to_owned()),
            client_name: Some(self.client_name.clone()),
        };
        let call = Call::new(Method::POST, path::DEVICE_AUTHORIZATION.to_owned()).json(&request)?;
        let code: device::DeviceCode = self.client.ask_anybody(&call).await?;
        Ok(DeviceCode {
            device_code: Secret::from(code.device_code),
            user_code: Clean::line(&code.user_code),
            page: Clean::line(&code.verification_uri),
            page_with_code: Clean::line(&code.verification_uri_complete),
            lasts: Duration::from_secs(code.expires_in).min(LONGEST),
            interval: Duration::from_secs(code.interval.max(1)).min(LONGEST),
        })
    }

    async fn device_tokens(&self, code: &DeviceCode) -> Result<Polled> {
        let request = TokenRequest { device_code: said(&code.device_code), ..token_request(device::GRANT) };
        let call = Call::new(Method::POST, path::TOKEN.to_owned()).json(&request)?;
        let _alone = self.client.renewing.lock().await;
        let answer = self.client.exchange(&call, None).await?;
        match failure::code(&answer).as_deref() {
            Some("authorization_pending") => Ok(Polled::Pending),
            Some("slow_down") => Ok(Polled::SlowDown),
            // Here it is the code that is not good any more (RFC 6749 section 5.2), not a session.
            Some("invalid_grant") => Err(Error::new(Kind::Expired)),
            _ => Ok(Polled::Done(renew::session(answer.good()?.read()?))),
        }
    }

    async fn browser(&self, asked: &BrowserRequest) -> Result<BrowserPage> {
        let metadata = self.metadata().await?;
        if metadata.authorization_endpoint.is_none() {
            return Err(Error::new(Kind::Unsupported));
        }
        let mut address = self.client.address(path::AUTHORIZE);
        address.query_pairs_mut().extend_pairs([
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", &asked.redirect),
            ("code_challenge", &asked.challenge),
            ("code_challenge_method", "S256"),
            ("state", &asked.state),
            ("client_name", &self.client_name),
        ]);
        Ok(BrowserPage { address: address.to_string(), issuer: metadata.issuer })
    }

    async fn browser_tokens(&self, code: &Secret, redirect: &str, verifier: &Secret) -> Result<Session> {
        let request = TokenRequest {
            code: said(code),
            redirect_uri: Some(redirect.to_owned()),
            code_verifier: said(verifier),
            ..token_request("authorization_code")
        };
        self.grant(request).await.map_err(|error| match error.kind {
            Kind::SignedOut => Error { kind: Kind::Expired, ..error },
            _ => error,
        })
    }

    async fn whose(&self, session: &Session) -> Result<Username> {
        let call = Call::new(Method::GET, path::ME.to_owned());
        let me: Me = self.client.exchange(&call, Some(&session.access)).await?.good()?.read()?;
        Ok(Username::new(Clean::line(&me.username).as_str()))
    }

    async fn credential(&self, session: &Session) -> Result<Credential> {
        let call = Call::new(Method::GET, path::CREDENTIAL.to_owned());
        let told: crate::api::session::Credential =
            self.client.exchange(&call, Some(&session.access)).await?.good()?.read()?;
        Ok(Credential { session: told.session, scopes: told.scopes, until: told.until })
    }

    async fn register(&self, account: &NewAccount) -> Result<()> {
        let request = WireAccount {
            username: account.username.clone(),
            display_name: account.display_name.clone(),
            email: None,
            password: account.password.expose_secret().to_owned(),
            accepted_policy_version: account.accepted_policy_version.clone(),
        };
        let call = Call::new(Method::POST, path::ACCOUNTS.to_owned()).json(&request)?;
        self.client.exchange(&call, None).await?.good().map(drop)
    }

    async fn sign_out(&self, session: &Session) -> Result<()> {
        let _alone = self.client.renewing.lock().await;
        // A token handed in for one run has no refresh token; the server ends the session of either.
        let token = [&session.refresh, &session.access].into_iter().find(|token| !token.expose_secret().is_empty());
        let Some(token) = token else { return Ok(()) };
        let request = RevokeRequest { token: token.expose_secret().to_owned() };
        let call = Call::new(Method::POST, path::REVOKE.to_owned()).json(&request)?;
        match self.client.exchange(&call, None).await?.good() {
            Err(error) if error.kind != Kind::SignedOut => Err(error),
            _ => Ok(()),
        }
    }
}
