//! One's own sessions, tokens and second factor.

use async_trait::async_trait;
use reqwest::Method;
use serde::Serialize;

use super::super::http::Call;
use super::super::{Begun, Result, Security};
use super::map;
use super::{Native, to};
use crate::api::second_factor::{BeginSecondFactor, BegunSecondFactor, ConfirmSecondFactor};
use crate::api::second_factor::{ProveSecondFactor, RecoveryCodes, SecondFactor as WireFactor};
use crate::api::session::{AccessTokens, MadeAccessToken, NewAccessToken as WireToken, Sessions};
use crate::api::{self, path};
use crate::base::ids::{SessionId, TokenId};
use crate::base::secret::{ExposeSecret, Secret};
use crate::model::session::{AccessToken, NewAccessToken, OpenSession, SecondFactor};

impl Native {
    /// A call that carries a secret and answers with one.
    async fn tell<T: serde::de::DeserializeOwned>(
        &self,
        method: Method,
        path: &str,
        body: &impl Serialize,
    ) -> Result<T> {
        self.client.ask(&Call::new(method, path.to_owned()).json(body)?).await
    }
}

fn proof(password: &Secret, code: &Secret) -> ProveSecondFactor {
    ProveSecondFactor { password: password.expose_secret().to_owned(), code: code.expose_secret().to_owned() }
}

fn codes(codes: RecoveryCodes) -> Vec<Secret> {
    codes.codes.into_iter().map(Secret::from).collect()
}

#[async_trait]
impl Security for Native {
    async fn sessions(&self) -> Result<Vec<OpenSession>> {
        let found: Sessions = self.client.ask(&Call::new(Method::GET, path::SESSIONS.to_owned())).await?;
        Ok(found.items.into_iter().map(map::session).collect())
    }

    async fn end_session(&self, id: &SessionId) -> Result<()> {
        self.client.send(&to(Method::DELETE, path::SESSION, id.as_str())?).await.map(drop)
    }

    async fn end_other_sessions(&self) -> Result<()> {
        self.client.send(&Call::new(Method::DELETE, path::SESSIONS.to_owned())).await.map(drop)
    }

    async fn access_tokens(&self) -> Result<Vec<AccessToken>> {
        let found: AccessTokens = self.client.ask(&Call::new(Method::GET, path::TOKENS.to_owned())).await?;
        Ok(found.items.into_iter().map(map::access_token).collect())
    }

    async fn make_access_token(&self, new: &NewAccessToken) -> Result<(AccessToken, Secret)> {
        let new = WireToken { name: new.name.clone(), scopes: new.scopes.clone(), days: new.days };
        let made: MadeAccessToken = self.tell(Method::POST, path::TOKENS, &new).await?;
        Ok((map::access_token(made.about), Secret::from(made.token)))
    }

    async fn end_access_token(&self, id: &TokenId) -> Result<()> {
        self.client.send(&to(Method::DELETE, path::ACCESS_TOKEN, id.as_str())?).await.map(drop)
    }

    async fn second_factor(&self) -> Result<SecondFactor> {
        let WireFactor { enabled, recovery_codes_left } =
            self.client.ask(&Call::new(Method::GET, path::SECOND_FACTOR.to_owned())).await?;
        Ok(SecondFactor { enabled, codes_left: recovery_codes_left })
    }

    async fn begin_second_factor(&self, password: &Secret) -> Result<Begun> {
        let body = BeginSecondFactor { password: password.expose_secret().to_owned() };
        let begun: BegunSecondFactor = self.tell(Method::POST, path::SECOND_FACTOR, &body).await?;
        Ok(Begun { secret: Secret::from(begun.secret), uri: Secret::from(begun.uri) })
    }

    async fn confirm_second_factor(&self, code: &Secret) -> Result<Vec<Secret>> {
        let body = ConfirmSecondFactor { code: code.expose_secret().to_owned() };
        self.tell(Method::PUT, path::SECOND_FACTOR, &body).await.map(codes)
    }

    async fn end_second_factor(&self, password: &Secret, code: &Secret) -> Result<()> {
        let call = Call::new(Method::POST, api::path::SECOND_FACTOR_END.to_owned()).json(&proof(password, code))?;
        self.client.send(&call).await.map(drop)
    }

    async fn new_recovery_codes(&self, password: &Secret, code: &Secret) -> Result<Vec<Secret>> {
        self.tell(Method::POST, path::RECOVERY_CODES, &proof(password, code)).await.map(codes)
    }
}
