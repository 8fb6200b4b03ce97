//! What one holds, and why something is open or closed.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::model::{membership::Standing, permission::Because, plan::Tier};

/// What the ledger comes to now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Held {
    /// Where the member stands.
    pub standing: Standing,
    /// What opens doors now.
    pub tier: Option<Tier>,
    /// The plan behind it, also after it ended.
    pub plan: Option<String>,
    /// Since when without a gap.
    pub since: Option<Timestamp>,
    /// Until when, or when it ended.
    pub until: Option<Timestamp>,
    /// When the next payment is due.
    pub renews: Option<Timestamp>,
}

/// One fact of one's own ledger.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// The fact's word.
    pub fact: String,
    /// The plan it names.
    pub plan: Option<String>,
}

/// `GET /v1/me/membership`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Membership {
    /// What the ledger comes to.
    pub held: Held,
    /// What it gives, in words.
    pub gives: Vec<String>,
    /// The facts, oldest first.
    pub history: Vec<Entry>,
}

/// Query of `GET /v1/access`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::IntoParams))]
#[cfg_attr(feature = "server", into_params(parameter_in = Query))]
#[serde(deny_unknown_fields)]
pub struct AccessQuery {
    /// Which thread.
    #[cfg_attr(feature = "server", param(pattern = "^[1-9][0-9]{0,18}$"))]
    pub thread: String,
}

/// `GET /v1/access?thread=ID`: rule, standing, and what would change it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Access {
    /// Whether the whole may be read.
    pub allowed: bool,
    /// Why.
    pub because: Because,
    /// What it takes.
    pub required: Option<Tier>,
    /// What the reader holds.
    pub holds: Held,
    /// Plans that would open it, cheapest tier first.
    pub plans: Vec<String>,
}
