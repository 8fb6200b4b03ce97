//! A reader with everything that decides what they may read. The decision itself is
//! [`crate::model::permission::may_read`]; nothing here decides otherwise.

use sqlx::AnyConnection;

use crate::api::thread::Gate;
use crate::base::time::Timestamp;
use crate::model::ledger::Fact;
use crate::model::member::Role;
use crate::model::permission::{Decision, may_read};
use crate::server::db::house::House;
use crate::server::db::ledger;
use crate::server::error::{Answer, Failure};
use crate::server::extract::Reader;

/// Somebody who reads, at an instant.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Row of the member.
    pub id: i64,
    /// Role now.
    pub role: Role,
    /// Facts about what they hold.
    pub facts: Vec<Fact>,
    /// When.
    pub now: Timestamp,
    /// Where.
    pub house: House,
}

impl Viewer {
    /// Reads what decides.
    pub async fn load(db: &mut AnyConnection, reader: &Reader, now: Timestamp) -> Result<Self, sqlx::Error> {
        let house = House::load(&mut *db).await?;
        let facts = ledger::facts(&mut *db, Some(reader.id)).await?;
        Ok(Self { id: reader.id, role: reader.role, facts, now, house })
    }

    /// Whether threads of `space` under `gate` may be read whole.
    pub fn decide(&self, space: &str, gate: Option<&str>) -> Decision {
        decide(&self.house, (space, gate), self.role, &self.facts, self.now)
    }

    /// What the rest of a thread takes; none when it may be read.
    pub fn gate(&self, space: &str, gate: Option<&str>) -> Option<Gate> {
        let decision = self.decide(space, gate);
        let required = decision.required.filter(|_| !decision.allowed)?;
        let plans = self.house.plans.iter().filter(|(_, rank)| *rank >= required.rank);
        Some(Gate { plans: plans.map(|(slug, _)| slug.clone()).collect(), required })
    }

    /// Fails with 402 unless the thread may be read whole.
    pub fn must_read(&self, space: &str, gate: Option<&str>) -> Answer<()> {
        self.gate(space, gate).map_or(Ok(()), |gate| Err(Failure::gated(gate)))
    }

    /// The highest rank of a tier whose threads may be read whole; 0 for what is open to all.
    pub fn rank(&self) -> i64 {
        let open =
            |tier: &&crate::model::plan::Tier| may_read(None, Some(*tier), self.role, &self.facts, self.now).allowed;
        self.house.tiers.values().filter(open).map(|tier| i64::from(tier.rank)).max().unwrap_or(0)
    }
}

/// The one question, asked with what the database holds.
pub fn decide(
    house: &House,
    (space, gate): (&str, Option<&str>),
    role: Role,
    facts: &[Fact],
    now: Timestamp,
) -> Decision {
    let space = house.spaces.get(space).and_then(|rule| rule.read.as_ref());
    may_read(space, house.tier(gate), role, facts, now)
}
