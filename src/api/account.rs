//! Accounts and tokens: signing up, in and out.

use serde::{Deserialize, Serialize};

/// `POST /v1/accounts`. There is no role in it: one in the body is an unknown field, so 400.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// 3 to 32 of `a-z 0-9 - _`.
    #[cfg_attr(feature = "server", schema(min_length = 3, max_length = 32, pattern = "^[a-z0-9_-]{3,32}$"))]
    pub username: String,
    /// Shown name, 1 to 32 characters as a reader counts them, of one script; not to be taken for another member's.
    #[cfg_attr(feature = "server", schema(min_length = 1, max_length = 128))]
    pub display_name: String,
    /// For receipts and notices.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", schema(max_length = 254))]
    pub email: Option<String>,
    /// At least 10 characters, at most 256.
    #[cfg_attr(feature = "server", schema(min_length = 10, max_length = 256))]
    pub password: String,
    /// The policy version that was shown.
    pub accepted_policy_version: String,
}

/// `PUT /v1/me/password`. Other sessions end; personal access tokens stay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct ChangePassword {
    /// The password as it is.
    pub current: String,
    /// At least 10 characters, at most 256.
    pub new: String,
    /// When the account has a second factor: six digits or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp: Option<String>,
}

/// `POST /v1/oauth/token`, JSON or `application/x-www-form-urlencoded` (RFC 6749 sections 4.1, 4.3 and 6, RFC 8628).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct TokenRequest {
    /// `password`, `refresh_token`, `authorization_code` or [`super::device::GRANT`].
    pub grant_type: String,
    /// With `password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub username: Option<String>,
    /// With `password`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<String>,
    /// With `password`, when the account has a second factor: six digits or a recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otp: Option<String>,
    /// With `refresh_token`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_token: Option<String>,
    /// With the device grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub device_code: Option<String>,
    /// With `authorization_code`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// With `authorization_code`: the address that the code was sent to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub redirect_uri: Option<String>,
    /// With `authorization_code` (RFC 7636 section 4.5).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code_verifier: Option<String>,
    /// Any client may ask; what it calls itself decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What the session list shows: `lyceum on laptop`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
}

/// The answer to a token request (RFC 6749 section 5.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Tokens {
    /// Opaque, 15 minutes.
    pub access_token: String,
    /// Opaque, 30 days, rotated on use.
    pub refresh_token: String,
    /// Always `Bearer`.
    pub token_type: String,
    /// Seconds until the access token ends.
    pub expires_in: u64,
    /// Seconds until the refresh token ends unless it is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refresh_expires_in: Option<u64>,
}

/// `POST /v1/oauth/revoke` (RFC 7009): ends the whole session of an access or refresh token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct RevokeRequest {
    /// The token.
    pub token: String,
}
