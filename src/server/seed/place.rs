//! The place itself: what it says, its tiers, plans and spaces.

use sqlx::AnyConnection;

use super::files::Place;
use crate::model::plan::Interval;

/// Writes it over whatever an empty community had.
pub(super) async fn write(db: &mut AnyConnection, place: &Place) -> Result<(), sqlx::Error> {
    let about = &place.community;
    let sql = "INSERT INTO community (id, name, positioning, audience, rules, policy, policy_version, \
               answer_within_hours) VALUES (1, $1, $2, $3, $4, $5, $6, $7) ON CONFLICT (id) DO UPDATE SET \
               name = excluded.name, positioning = excluded.positioning, audience = excluded.audience, \
               rules = excluded.rules, policy = excluded.policy, policy_version = excluded.policy_version, \
               answer_within_hours = excluded.answer_within_hours";
    let query = sqlx::query(sql).bind(&about.name).bind(&about.positioning).bind(&about.audience);
    let query = query.bind(about.rules.trim()).bind(about.policy.trim()).bind(&about.policy_version);
    query.bind(i64::from(about.answer_within_hours)).execute(&mut *db).await?;
    // There are no threads yet, so nothing can be in a space that is not of this place.
    for table in ["DELETE FROM plans", "DELETE FROM spaces", "DELETE FROM tiers"] {
        sqlx::query(table).execute(&mut *db).await?;
    }
    tiers(db, place).await?;
    plans(db, place).await?;
    spaces(db, place).await
}

/// Tiers stand in the order in which plans name them, the lowest first; a tier is called by its slug.
async fn tiers(db: &mut AnyConnection, place: &Place) -> Result<(), sqlx::Error> {
    for (slug, name, rank) in tiers_of(place) {
        let sql = "INSERT INTO tiers (slug, name, rank) VALUES ($1, $2, $3)";
        sqlx::query(sql).bind(slug).bind(name).bind(i64::from(rank)).execute(&mut *db).await?;
    }
    Ok(())
}

/// Slug, name and rank of every tier.
pub(super) fn tiers_of(place: &Place) -> Vec<(String, String, u8)> {
    let mut tiers: Vec<(String, String, u8)> = Vec::new();
    for plan in &place.plans {
        if !tiers.iter().any(|(slug, ..)| *slug == plan.tier) {
            let mut letters = plan.tier.chars();
            let name = letters.next().map(|c| c.to_uppercase().chain(letters).collect()).unwrap_or_default();
            let rank = u8::try_from(tiers.len() + 1).unwrap_or(u8::MAX);
            tiers.push((plan.tier.clone(), name, rank));
        }
    }
    tiers
}

async fn plans(db: &mut AnyConnection, place: &Place) -> Result<(), sqlx::Error> {
    for (position, plan) in (1_i64..).zip(&place.plans) {
        let interval = match plan.interval {
            Interval::Month => "month",
            Interval::Year => "year",
            Interval::Once => "once",
        };
        let sql = "INSERT INTO plans (slug, name, tier, bill_interval, price_minor, currency, trial_days, gives, \
                   position) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let query = sqlx::query(sql).bind(&plan.slug).bind(&plan.name).bind(&plan.tier).bind(interval);
        let query = query.bind(plan.price).bind(&plan.currency).bind(i64::from(plan.trial_days));
        query.bind(plan.gives.join("\n")).bind(position).execute(&mut *db).await?;
    }
    Ok(())
}

async fn spaces(db: &mut AnyConnection, place: &Place) -> Result<(), sqlx::Error> {
    for (position, space) in (1_i64..).zip(&place.spaces) {
        let sql = "INSERT INTO spaces (slug, name, about, read_tier, write_role, position) \
                   VALUES ($1, $2, $3, $4, $5, $6)";
        let query = sqlx::query(sql).bind(&space.slug).bind(&space.name).bind(&space.about).bind(&space.read_tier);
        query.bind(space.write_role.as_str()).bind(position).execute(&mut *db).await?;
    }
    Ok(())
}
