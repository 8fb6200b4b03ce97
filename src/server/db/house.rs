//! What the place is made of, as far as rights need it: tiers, spaces, plans.

use std::collections::HashMap;

use sqlx::{AnyConnection, Row};

use crate::model::{member::Role, plan::Tier};

/// What a space asks for.
#[derive(Clone, Debug)]
pub struct SpaceRule {
    /// Tier needed to read whole threads.
    pub read: Option<Tier>,
    /// Role needed to open a thread.
    pub write: Role,
}

/// Tiers, spaces and plans.
#[derive(Clone, Debug, Default)]
pub struct House {
    /// By slug.
    pub tiers: HashMap<String, Tier>,
    /// By slug.
    pub spaces: HashMap<String, SpaceRule>,
    /// Slug and rank, cheapest tier first.
    pub plans: Vec<(String, u8)>,
}

impl House {
    /// Reads it all; a handful of rows.
    pub async fn load(db: &mut AnyConnection) -> Result<Self, sqlx::Error> {
        let mut house = Self::default();
        for row in sqlx::query("SELECT slug, name, rank FROM tiers").fetch_all(&mut *db).await? {
            let slug: String = row.try_get("slug")?;
            let rank = u8::try_from(row.try_get::<i64, _>("rank")?).unwrap_or(u8::MAX);
            house.tiers.insert(slug.clone(), Tier { slug, name: row.try_get("name")?, rank });
        }
        for row in sqlx::query("SELECT slug, read_tier, write_role FROM spaces").fetch_all(&mut *db).await? {
            let read: Option<String> = row.try_get("read_tier")?;
            let write: String = row.try_get("write_role")?;
            // A word of a later version asks for the most, never less.
            let write = Role::parse(&write).unwrap_or(Role::Owner);
            let read = read.and_then(|slug| house.tiers.get(&slug).cloned());
            house.spaces.insert(row.try_get("slug")?, SpaceRule { read, write });
        }
        for row in sqlx::query("SELECT slug, tier FROM plans ORDER BY position").fetch_all(db).await? {
            let tier: String = row.try_get("tier")?;
            let rank = house.tiers.get(&tier).map_or(0, |tier| tier.rank);
            house.plans.push((row.try_get("slug")?, rank));
        }
        house.plans.sort_by_key(|(_, rank)| *rank);
        Ok(house)
    }

    /// Tier of a slug, if there is one.
    pub fn tier(&self, slug: Option<&str>) -> Option<&Tier> {
        slug.and_then(|slug| self.tiers.get(slug))
    }
}
