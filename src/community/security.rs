//! F3: what opens the reader's own account: sessions, personal access tokens, the second factor.

use async_trait::async_trait;

use super::{Error, Kind, Result};
use crate::base::ids::{SessionId, TokenId};
use crate::base::secret::Secret;
use crate::model::session::{AccessToken, NewAccessToken, OpenSession, SecondFactor};

/// A second factor that was begun: what an authenticator is told. Secrets, both.
#[derive(Clone, Debug)]
pub struct Begun {
    /// The shared secret, base32, for typing.
    pub secret: Secret,
    /// The same as `otpauth://totp/…`, for a QR code.
    pub uri: Secret,
}

/// The reader's own sessions, tokens and second factor. Everything here is [`Kind::Unsupported`] where a backend has no
/// such thing, [`Kind::SignedOut`] without a session, and [`Kind::Scope`] with a personal access token.
#[async_trait]
pub trait Security: Send + Sync {
    /// The sessions that have not ended, this one first.
    async fn sessions(&self) -> Result<Vec<OpenSession>> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Ends one. [`Kind::NotFound`] when it has ended, or is another's.
    async fn end_session(&self, _id: &SessionId) -> Result<()> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Ends all but this one.
    async fn end_other_sessions(&self) -> Result<()> {
        Err(Error::new(Kind::Unsupported))
    }

    /// The personal access tokens that have not ended, newest first.
    async fn access_tokens(&self) -> Result<Vec<AccessToken>> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Makes one: what is known of it, and the token, which is told this once.
    async fn make_access_token(&self, _new: &NewAccessToken) -> Result<(AccessToken, Secret)> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Ends one. [`Kind::NotFound`] when it has ended, or is another's.
    async fn end_access_token(&self, _id: &TokenId) -> Result<()> {
        Err(Error::new(Kind::Unsupported))
    }

    /// How the second factor stands.
    async fn second_factor(&self) -> Result<SecondFactor> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Begins one; nothing asks for a code until [`Security::confirm_second_factor`]. [`Kind::Conflict`] when it is on.
    async fn begin_second_factor(&self, _password: &Secret) -> Result<Begun> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Switches it on with a first code; other sessions end. Answers with recovery codes, each good once.
    async fn confirm_second_factor(&self, _code: &Secret) -> Result<Vec<Secret>> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Switches it off.
    async fn end_second_factor(&self, _password: &Secret, _code: &Secret) -> Result<()> {
        Err(Error::new(Kind::Unsupported))
    }

    /// New recovery codes in place of the old ones.
    async fn new_recovery_codes(&self, _password: &Secret, _code: &Secret) -> Result<Vec<Secret>> {
        Err(Error::new(Kind::Unsupported))
    }
}
