//! Errors on the wire: `application/problem+json` (RFC 9457).

use serde::{Deserialize, Serialize};

use super::thread::Gate;

/// The media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct FieldError {
    /// The field's name, dotted when nested.
    pub field: String,
    /// What is wrong, in English.
    pub message: String,
}

/// What happened, to what, and what would help.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Problem {
    /// A URI that names the kind of problem: `about:blank#CODE`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The kind in words.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What happened this time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// A stable word for programs: `invalid_field`, `membership_required` …
    pub code: String,
    /// The same in OAuth's words (RFC 6749 section 5.2, RFC 8628 section 3.5), in answers to requests for tokens.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    /// Per field.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Seconds to wait, with 429 and 503.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retry_after: Option<u64>,
    /// What a gated thing takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<Gate>,
    /// With a 5xx: the id under which the server's log has more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incident: Option<String>,
}
