//! F3: the way in, apart from [`super::Community`], because it works without a session and yields one.

use std::time::Duration;

use async_trait::async_trait;

use super::{Error, Kind, Result};
use crate::base::ids::Username;
use crate::base::secret::Secret;
use crate::base::text::Clean;
use crate::base::time::Timestamp;
use crate::model::session::Credential;

/// What signing in hands out.
#[derive(Clone, Debug)]
pub struct Session {
    /// Short-lived; or a personal access token, which lives as long as its owner said.
    pub access: Secret,
    /// Long-lived; changes at every use. Empty with a personal access token, which cannot be renewed.
    pub refresh: Secret,
    /// When they end.
    pub ends: Ends,
}

/// When tokens end, as far as the community said so when it made them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ends {
    /// The one that is sent along.
    pub access: Option<Timestamp>,
    /// The whole session, unless it is used before.
    pub session: Option<Timestamp>,
}

impl Session {
    /// A personal access token as a session.
    pub fn of_token(token: Secret) -> Self {
        Self { access: token, refresh: Secret::from(""), ends: Ends::default() }
    }
}

/// The ways in that a community offers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ways {
    /// With a name and a password.
    pub password: bool,
    /// By confirming a code on another device (RFC 8628).
    pub device: bool,
    /// In a browser on this machine (RFC 8252 section 7.3, RFC 7636).
    pub browser: bool,
}

/// A code that a person confirms on another device (RFC 8628 section 3.2).
#[derive(Clone, Debug)]
pub struct DeviceCode {
    /// What asks for the tokens. A secret.
    pub device_code: Secret,
    /// What a person compares: `WDJB-MJHT`.
    pub user_code: Clean,
    /// The page to open; short enough to type.
    pub page: Clean,
    /// The page with the code in it.
    pub page_with_code: Clean,
    /// How long the code is good.
    pub lasts: Duration,
    /// How long to wait between two questions.
    pub interval: Duration,
}

/// What came of asking for a device's tokens.
#[derive(Clone, Debug)]
pub enum Polled {
    /// Nobody has decided yet.
    Pending,
    /// Nobody has decided yet, and it was asked too soon: five seconds more from now on (RFC 8628 section 3.5).
    SlowDown,
    /// Somebody approved.
    Done(Session),
}

/// The ways into a community. What a backend does not offer is [`Kind::Unsupported`].
#[async_trait]
pub trait SignIn: Send + Sync {
    /// Which ways there are.
    async fn ways(&self) -> Result<Ways>;

    /// Signs in with a password; `code` is of the second factor, where the account has one.
    /// [`Kind::WrongPassword`] does not tell a wrong name from a wrong password; [`Kind::SecondFactor`] when the
    /// password was right and a code is missing, [`Kind::WrongCode`] when it is wrong.
    async fn password(&self, username: &str, password: &Secret, code: Option<&Secret>) -> Result<Session>;

    /// Asks for a code to be confirmed on another device.
    async fn device(&self) -> Result<DeviceCode> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Asks whether it was confirmed. [`Kind::Refused`] when a person said no, [`Kind::Expired`] when nobody said
    /// anything in time.
    async fn device_tokens(&self, _code: &DeviceCode) -> Result<Polled> {
        Err(Error::new(Kind::Unsupported))
    }

    /// The address to open in a browser on this machine, and whose answers (`iss`, RFC 9207) count.
    async fn browser(&self, _asked: &BrowserRequest) -> Result<BrowserPage> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Tokens for the code that the browser brought back.
    async fn browser_tokens(&self, _code: &Secret, _redirect: &str, _verifier: &Secret) -> Result<Session> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Whose tokens these are. [`Kind::SignedOut`] when they are not good (any more).
    async fn whose(&self, session: &Session) -> Result<Username>;

    /// What these tokens may be used for, and until when. [`Kind::SignedOut`] when they are not good (any more).
    async fn credential(&self, _session: &Session) -> Result<Credential> {
        Err(Error::new(Kind::Unsupported))
    }

    /// Opens an account; it can then sign in. [`Kind::Conflict`] when the name is taken.
    async fn register(&self, account: &NewAccount) -> Result<()>;

    /// Ends the session on the server. Ending one that ended is no error.
    async fn sign_out(&self, session: &Session) -> Result<()>;
}

/// What a browser is sent to the community with (RFC 6749 section 4.1.1, RFC 7636 section 4.3).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserRequest {
    /// Where it is to come back to: `http://127.0.0.1:PORT/callback`.
    pub redirect: String,
    /// SHA-256 of the verifier, base64url.
    pub challenge: String,
    /// Comes back with the answer, and proves that it is one to this question.
    pub state: String,
}

/// Where a browser is sent, and who must have answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BrowserPage {
    /// The address to open.
    pub address: String,
    /// The issuer that the answer must name.
    pub issuer: String,
}

/// What opening an account takes.
#[derive(Clone, Debug)]
pub struct NewAccount {
    /// Unique name.
    pub username: String,
    /// Shown name.
    pub display_name: String,
    /// At least ten characters.
    pub password: Secret,
    /// The policy version that was shown.
    pub accepted_policy_version: String,
}

/// Keeps the tokens of one account up to date while they rotate. Implemented by the engine over the vault.
pub trait SessionStore: Send + Sync {
    /// Whether the tokens are those of the community at `origin`: scheme, host and port, as it gave them. They are sent to
    /// no other.
    fn is_of(&self, origin: &str) -> bool;

    /// The tokens now, as another window may have left them.
    fn load(&self) -> Option<Session>;

    /// The tokens as they were last seen here. Unlike [`SessionStore::load`] this never blocks; none means not known.
    fn current(&self) -> Option<Session>;

    /// Keeps new tokens in place of those that were spent for them. Returns once they are safe. Does nothing when those
    /// are not the ones that are kept any more: nobody is signed in, or somebody else.
    fn save(&self, spent: &Session, new: &Session);

    /// Forgets these: the server said they are over. Does nothing when others are kept by now.
    fn clear(&self, spent: &Session);

    /// How often somebody came or went. What is sent again after this has changed would be sent as somebody else.
    fn sitting(&self) -> u64;
}
