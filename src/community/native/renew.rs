//! Renewing tokens: once for all who wait, and never twice with the same refresh token, which would end the session.

use std::sync::Arc;

use reqwest::Method;

use super::super::http::Call;
use super::super::{Ends, Error, Kind, Result, Session};
use super::client::Client;
use crate::api::account::{TokenRequest, Tokens};
use crate::api::path;
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::time::{Clock, SignedDuration, SystemClock, Timestamp};

/// Tokens as the port knows them, just received.
pub(super) fn session(tokens: Tokens) -> Session {
    received(tokens, SystemClock.now())
}

fn received(tokens: Tokens, now: Timestamp) -> Session {
    let after = |seconds: u64| now.checked_add(SignedDuration::from_secs(i64::try_from(seconds).ok()?)).ok();
    let ends = Ends { access: after(tokens.expires_in), session: tokens.refresh_expires_in.and_then(after) };
    Session { access: Secret::from(tokens.access_token), refresh: Secret::from(tokens.refresh_token), ends }
}

fn same(one: &Secret, other: &Secret) -> bool {
    one.expose_secret() == other.expose_secret()
}

impl Client {
    /// Tokens in place of `stale`. Runs to its end even when nobody waits any more: a new refresh token that is not
    /// kept would be lost, and the old one is spent.
    ///
    /// # Errors
    /// [`Kind::SignedOut`] also when somebody came or went since `sitting`: the tokens are another's by now.
    pub(super) async fn renew(self: &Arc<Self>, stale: Session, sitting: u64) -> Result<Session> {
        let client = Arc::clone(self);
        let renewal = tokio::spawn(async move { client.renew_once(&stale).await });
        let renewed = renewal.await.unwrap_or(Err(Error::new(Kind::SignedOut)))?;
        if self.sessions.sitting() == sitting { Ok(renewed) } else { Err(Error::new(Kind::SignedOut)) }
    }

    async fn renew_once(&self, stale: &Session) -> Result<Session> {
        let _alone = self.renewing.lock().await;
        // Another call or another window may have been first.
        let kept = self.load().await.ok_or(Error::new(Kind::SignedOut))?;
        if !same(&kept.access, &stale.access) {
            return Ok(kept);
        }
        if kept.refresh.expose_secret().is_empty() {
            return Err(Error::new(Kind::SignedOut));
        }
        match self.refresh(&kept.refresh).await {
            Ok(renewed) => {
                self.save(kept, renewed.clone()).await;
                Ok(renewed)
            }
            Err(error) if error.kind == Kind::SignedOut => self.give_up(&kept, error).await,
            Err(error) => Err(error),
        }
    }

    async fn refresh(&self, token: &Secret) -> Result<Session> {
        let request = TokenRequest {
            grant_type: "refresh_token".to_owned(),
            refresh_token: Some(token.expose_secret().to_owned()),
            ..TokenRequest::default()
        };
        let call = Call::new(Method::POST, path::TOKEN.to_owned()).json(&request)?;
        self.ask_anybody(&call).await.map(session)
    }

    /// The refresh token was refused: either another window has just used it and kept a new one, or it is over.
    async fn give_up(&self, spent: &Session, error: Error) -> Result<Session> {
        match self.load().await {
            Some(kept) if !same(&kept.refresh, &spent.refresh) => Ok(kept),
            _ => {
                let (sessions, spent) = (Arc::clone(&self.sessions), spent.clone());
                let _ = tokio::task::spawn_blocking(move || sessions.clear(&spent)).await;
                Err(error)
            }
        }
    }

    /// Returns once the tokens are safe.
    async fn save(&self, spent: Session, new: Session) {
        let sessions = Arc::clone(&self.sessions);
        let _ = tokio::task::spawn_blocking(move || sessions.save(&spent, &new)).await;
    }
}
