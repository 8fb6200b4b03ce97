//! The community itself, its spaces and its plans.

use serde::{Deserialize, Serialize};

use crate::model::{
    member::Role,
    money::Money,
    plan::{Interval, Tier},
};

/// `GET /v1/community`: what anybody may know before signing in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Community {
    /// Its name.
    pub name: String,
    /// What it is for.
    pub positioning: String,
    /// Whom it is for.
    pub audience: String,
    /// House rules, Markdown.
    pub rules: String,
    /// Privacy policy, Markdown.
    pub policy: String,
    /// Version of the policy.
    pub policy_version: String,
    /// Hours within which an answer is promised.
    pub answer_within_hours: Option<u32>,
    /// What can be bought.
    pub plans: Vec<Plan>,
    /// Whether the password grant is on.
    pub password_sign_in: bool,
    /// Whether anybody may open an account.
    pub open_registration: bool,
    /// Version of the server.
    pub server_version: String,
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Plan {
    /// Its slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What it lifts a member to.
    pub tier: Tier,
    /// How often it is paid.
    pub interval: Interval,
    /// What it costs per interval.
    pub price: Money,
    /// Days to try it without paying.
    pub trial_days: u32,
    /// What it gives, in words.
    pub gives: Vec<String>,
    /// Whether the reader holds it now; false without a token.
    pub held: bool,
}

/// `GET /v1/plans`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Plans {
    /// All plans, lowest tier first.
    pub items: Vec<Plan>,
}

/// A space.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Space {
    /// Its slug.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What belongs in it.
    pub about: String,
    /// Tier needed to read whole threads.
    pub read_tier: Option<Tier>,
    /// Role needed to open a thread.
    pub write_role: Role,
    /// Whether the reader may read whole threads.
    pub may_read: bool,
    /// Whether the reader may open a thread.
    pub may_write: bool,
    /// Threads in it.
    pub threads: u32,
    /// Threads with something the reader has not read, but for those they mute.
    pub unread: u32,
}

/// `GET /v1/spaces`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Spaces {
    /// All spaces in their order.
    pub items: Vec<Space>,
}
