//! Signing in on a machine without a browser: the device authorization grant (RFC 8628).

use serde::{Deserialize, Serialize};

/// The `grant_type` that asks for the tokens of a device (RFC 8628 section 3.4).
pub const GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// `POST /v1/oauth/device_authorization` (RFC 8628 section 3.1), JSON or form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(deny_unknown_fields)]
pub struct DeviceRequest {
    /// Any client may ask; what it calls itself decides nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_id: Option<String>,
    /// What the approval page and the session list show: `lyceum on laptop`. At most 64 characters on one line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub client_name: Option<String>,
}

/// The answer to [`DeviceRequest`] (RFC 8628 section 3.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct DeviceCode {
    /// Shown to nobody; sent with [`GRANT`].
    pub device_code: String,
    /// Read by a person and compared on the page: `WDJB-MJHT`.
    pub user_code: String,
    /// Where the page is; short enough to type.
    pub verification_uri: String,
    /// The same with the code in it, for a QR code or a click.
    pub verification_uri_complete: String,
    /// Seconds until both codes end.
    pub expires_in: u64,
    /// Seconds to wait between two questions; `slow_down` adds five (RFC 8628 section 3.5).
    pub interval: u64,
}
