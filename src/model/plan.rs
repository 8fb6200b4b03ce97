//! What can be bought.

use serde::{Deserialize, Serialize};

use crate::base::{
    ids::PlanId,
    text::{Clean, read_line},
};
use crate::model::money::Money;

/// A level of membership. A higher rank gives everything a lower one gives.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
pub struct Tier {
    /// Its word: `pro`.
    #[serde(deserialize_with = "read_line")]
    pub slug: String,
    /// Its name: `Pro`.
    #[serde(deserialize_with = "read_line")]
    pub name: String,
    /// From 1 up; 0 is nobody's.
    pub rank: u8,
}

/// How often a plan is paid.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "server", derive(utoipa::ToSchema))]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    /// Every month.
    Month,
    /// Every year.
    Year,
    /// One time, for good.
    Once,
}

/// What can be bought, as one reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// Its slug.
    pub id: PlanId,
    /// Its name.
    pub name: Clean,
    /// What it lifts a member to.
    pub tier: Tier,
    /// How often it is paid.
    pub interval: Interval,
    /// What it costs per interval.
    pub price: Money,
    /// Days to try it without paying; 0 for none.
    pub trial_days: u32,
    /// What it gives, in words.
    pub gives: Vec<Clean>,
    /// Whether this reader holds it now.
    pub held: bool,
}
