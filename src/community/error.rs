//! How asking a community can fail: a kind to act on, and what it was about.

use crate::base::text::Clean;
use crate::base::time::SignedDuration;
use crate::model::thread::Gate;

/// A result of the port.
pub type Result<T> = std::result::Result<T, Error>;

/// What went wrong, as far as it makes a difference to what one does next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// No connection could be made, or it broke.
    Offline,
    /// The server did not answer in time.
    Timeout,
    /// Something answered that is not the community.
    NotTheServer,
    /// This network wants a login page first: what answered is that page, or the way to it.
    LoginPage,
    /// The proxy on the way wants a name and a password.
    ProxyLogin,
    /// Nothing was said to what answered, because it could not be made sure that it is the community.
    Untrusted(Distrust),
    /// The server failed; with the incident id to quote, if it gave one.
    Server(Option<Clean>),
    /// The answer could not be understood: cut off, too large, of another version.
    Malformed,
    /// Not signed in, or the session ended.
    SignedOut,
    /// Wrong name or password.
    WrongPassword,
    /// The password was right, and the account has a second factor: a code is missing.
    SecondFactor,
    /// The code of the second factor is wrong, or was used before.
    WrongCode,
    /// A person refused to let this program in.
    Refused,
    /// It took too long: the code that was to be confirmed has ended.
    Expired,
    /// A personal access token may not do that.
    Scope,
    /// It does not exist, or is private.
    NotFound,
    /// The role may not.
    Forbidden,
    /// It takes a membership.
    Gated(Option<Box<Gate>>),
    /// Somebody else was first: an edit of an older version, a taken name, a locked thread.
    Conflict,
    /// The server found fault with what was sent; per field.
    Invalid(Vec<(Clean, Clean)>),
    /// Too large.
    TooLarge,
    /// Too many requests; how long to wait.
    TooFast(SignedDuration),
    /// This backend cannot do that.
    Unsupported,
}

impl Kind {
    /// Whether the community was not reached, so that a line that stands again is reason enough to try.
    pub fn is_unreachable(&self) -> bool {
        match self {
            Self::Offline
            | Self::Timeout
            | Self::NotTheServer
            | Self::LoginPage
            | Self::ProxyLogin
            | Self::Untrusted(_) => true,
            Self::Server(_)
            | Self::Malformed
            | Self::SignedOut
            | Self::WrongPassword
            | Self::SecondFactor
            | Self::WrongCode
            | Self::Refused
            | Self::Expired
            | Self::Scope
            | Self::NotFound
            | Self::Forbidden
            | Self::Gated(_)
            | Self::Conflict
            | Self::Invalid(_)
            | Self::TooLarge
            | Self::TooFast(_)
            | Self::Unsupported => false,
        }
    }
}

/// Why what answered is not trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Distrust {
    /// Its certificate is for other names.
    Name,
    /// Its certificate has run out.
    Expired,
    /// Its certificate is for later.
    NotYet,
    /// Nobody who is trusted has signed its certificate, or it has signed itself.
    Issuer,
    /// Its certificate was taken back.
    Revoked,
    /// It speaks TLS 1.1 or older only.
    Outdated,
    /// It does not speak TLS at all.
    NoTls,
    /// This machine has no list of whom to trust.
    NobodyTrusted,
    /// Something else about TLS.
    Other,
}

/// A failure: its kind, and the server's or system's own words where there are any.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?}: {detail}")]
pub struct Error {
    /// What went wrong.
    pub kind: Kind,
    /// In whose words: the server's `detail`, the system's message. May be empty. Never a secret.
    pub detail: Clean,
    /// Whether it is certain that the server never saw the request. Only a backend that knows may say so.
    pub unsent: bool,
    /// The proxy that the request went through, if it failed on the way. Without its password.
    pub via: Option<Clean>,
}

impl Error {
    /// A failure of this kind without words.
    pub fn new(kind: Kind) -> Self {
        Self { kind, detail: Clean::default(), unsent: false, via: None }
    }

    /// The same failure of a request that the server never saw.
    pub fn unsent(self) -> Self {
        Self { unsent: true, ..self }
    }

    /// A failure with somebody's words.
    pub fn with(kind: Kind, detail: &str) -> Self {
        Self { kind, detail: Clean::line(detail), unsent: false, via: None }
    }
}
