//! The second factor: codes by time (TOTP, RFC 6238: SHA-1, 6 digits, 30 s) and recovery codes that work once.

use serde::{Deserialize, Serialize};

/// `GET /v1/me/second-factor`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct SecondFactor {
    /// Whether signing in asks for a code.
    pub enabled: bool,
    /// Recovery codes that were not used yet.
    pub recovery_codes_left: u32,
}

/// `POST /v1/me/second-factor`: begins; what was begun before and not confirmed is forgotten. 409 when it is on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct BeginSecondFactor {
    /// The password, once more.
    pub password: String,
}

/// The answer to [`BeginSecondFactor`]. Nothing asks for a code until one was confirmed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct BegunSecondFactor {
    /// The shared secret, base32 without padding.
    pub secret: String,
    /// The same as `otpauth://totp/…`, for a QR code.
    pub uri: String,
}

/// `PUT /v1/me/second-factor`: confirms with a first code, and switches it on. Other sessions end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ConfirmSecondFactor {
    /// Six digits.
    pub code: String,
}

/// `POST /v1/me/second-factor/end` switches it off; `POST /v1/me/second-factor/recovery-codes` makes new ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ProveSecondFactor {
    /// The password, once more.
    pub password: String,
    /// Six digits, or a recovery code.
    pub code: String,
}

/// Recovery codes, shown this once: the answer to [`ConfirmSecondFactor`] and to asking for new ones.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct RecoveryCodes {
    /// Ten, each good once: `k7wqm-2xvpd`.
    pub codes: Vec<String>,
}
