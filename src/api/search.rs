//! Search.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::thread::Thread;

/// One thread that matched, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Hit {
    /// The thread.
    pub thread: Thread,
    /// Number of the post that matched.
    pub number: u32,
    /// Words around the match, from what the reader may read. Matches stand between U+E000 and U+E001.
    pub snippet: String,
    /// When that post was written.
    pub at: Timestamp,
}

/// `GET /v1/search`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct HitPage {
    /// Best match first.
    pub items: Vec<Hit>,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// Query of `GET /v1/search`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct SearchQuery {
    /// Terms, `"phrases"`, `tag:`, `from:`, `in:`, `kind:`, `is:unanswered|open|solved`.
    #[cfg_attr(feature = "server", param(max_length = 500))]
    pub q: String,
    /// Where to go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    /// 1 to 100, 30 when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "server", param(minimum = 1, maximum = 100))]
    pub limit: Option<u32>,
}
