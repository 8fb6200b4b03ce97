//! The place itself: what it says about itself, its tiers, plans and spaces.

use std::collections::HashMap;

use sqlx::any::AnyRow;
use sqlx::{Any, AnyConnection, Executor, Row};

use super::members::count;
use crate::base::ids::PlanId;
use crate::model::member::Role;
use crate::model::money::Money;
use crate::model::plan::{Interval, Tier};

/// What a community says about itself.
#[derive(Clone, Debug, PartialEq, Eq)]
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
}

/// A plan as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its slug.
    pub id: PlanId,
    /// Its name.
    pub name: String,
    /// What it lifts a member to.
    pub tier: Tier,
    /// How often it is paid.
    pub interval: Interval,
    /// What it costs per interval.
    pub price: Money,
    /// Days to try it.
    pub trial_days: u32,
    /// What it gives, in words.
    pub gives: Vec<String>,
}

/// A space as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Space {
    /// Its slug.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What belongs in it.
    pub about: String,
    /// Tier needed to read whole threads.
    pub read_tier: Option<Tier>,
    /// Role needed to open a thread.
    pub write_role: Role,
}

/// Threads of a space, for one reader.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All of them.
    pub threads: u32,
    /// Those with something not read, but for muted ones.
    pub unread: u32,
}

/// Gives a new database a community without content, so that the host has something to start from.
pub async fn ensure(on: &mut AnyConnection) -> Result<(), sqlx::Error> {
    let sql = "INSERT INTO community (id, name, positioning, audience, rules, policy, policy_version) \
               VALUES (1, 'Lyceum', '', '', '', '', '1') ON CONFLICT (id) DO NOTHING";
    let new = sqlx::query(sql).execute(&mut *on).await?.rows_affected() > 0;
    if new {
        let sql = "INSERT INTO spaces (slug, name, about, write_role, position) \
                   VALUES ('general', 'General', '', 'member', 1) ON CONFLICT (slug) DO NOTHING";
        sqlx::query(sql).execute(on).await?;
    }
    Ok(())
}

/// What the community says about itself.
pub async fn get(on: impl Executor<'_, Database = Any>) -> Result<Community, sqlx::Error> {
    let sql = "SELECT name, positioning, audience, rules, policy, policy_version, answer_within_hours FROM community";
    let row = sqlx::query(sql).fetch_one(on).await?;
    Ok(Community {
        name: row.try_get("name")?,
        positioning: row.try_get("positioning")?,
        audience: row.try_get("audience")?,
        rules: row.try_get("rules")?,
        policy: row.try_get("policy")?,
        policy_version: row.try_get("policy_version")?,
        answer_within_hours: row.try_get::<Option<i64>, _>("answer_within_hours")?.map(count),
    })
}

/// The plans, lowest tier first.
pub async fn plans(on: impl Executor<'_, Database = Any>) -> Result<Vec<Plan>, sqlx::Error> {
    let sql = "SELECT p.slug AS slug, p.name AS name, p.bill_interval AS bill_interval, p.currency AS currency, \
               p.price_minor AS price_minor, p.trial_days AS trial_days, p.gives AS gives, \
               t.slug AS tier_slug, t.name AS tier_name, t.rank AS tier_rank \
               FROM plans p JOIN tiers t ON t.slug = p.tier ORDER BY t.rank, p.position, p.slug";
    sqlx::query(sql).fetch_all(on).await?.iter().map(plan).collect()
}

fn plan(row: &AnyRow) -> Result<Plan, sqlx::Error> {
    let gives: String = row.try_get("gives")?;
    Ok(Plan {
        id: PlanId::new(row.try_get::<String, _>("slug")?),
        name: row.try_get("name")?,
        tier: tier(row)?.ok_or_else(|| sqlx::Error::Decode("a plan without a tier".into()))?,
        interval: interval(&row.try_get::<String, _>("bill_interval")?)?,
        price: Money { minor: row.try_get("price_minor")?, currency: row.try_get("currency")? },
        trial_days: count(row.try_get("trial_days")?),
        gives: gives.lines().map(str::to_owned).collect(),
    })
}

fn interval(word: &str) -> Result<Interval, sqlx::Error> {
    match word {
        "month" => Ok(Interval::Month),
        "year" => Ok(Interval::Year),
        "once" => Ok(Interval::Once),
        other => Err(sqlx::Error::Decode(format!("no interval: {other}").into())),
    }
}

/// The tier in the columns `tier_slug`, `tier_name` and `tier_rank` of a row, if there is one.
pub fn tier(row: &AnyRow) -> Result<Option<Tier>, sqlx::Error> {
    let Some(slug) = row.try_get::<Option<String>, _>("tier_slug")? else { return Ok(None) };
    let rank: i64 = row.try_get("tier_rank")?;
    let rank = u8::try_from(rank).map_err(|e| sqlx::Error::Decode(e.into()))?;
    Ok(Some(Tier { slug, name: row.try_get("tier_name")?, rank }))
}

/// The spaces in their order.
pub async fn spaces(on: impl Executor<'_, Database = Any>) -> Result<Vec<Space>, sqlx::Error> {
    let sql = "SELECT s.slug AS slug, s.name AS name, s.about AS about, s.write_role AS write_role, \
               t.slug AS tier_slug, t.name AS tier_name, t.rank AS tier_rank \
               FROM spaces s LEFT JOIN tiers t ON t.slug = s.read_tier ORDER BY s.position, s.slug";
    sqlx::query(sql).fetch_all(on).await?.iter().map(space).collect()
}

fn space(row: &AnyRow) -> Result<Space, sqlx::Error> {
    Ok(Space {
        slug: row.try_get("slug")?,
        name: row.try_get("name")?,
        about: row.try_get("about")?,
        read_tier: tier(row)?,
        // A word of a later version closes the space rather than opening it.
        write_role: Role::parse(&row.try_get::<String, _>("write_role")?).unwrap_or(Role::Owner),
    })
}

/// Threads per space; nothing is unread to nobody.
pub async fn counts(
    on: impl Executor<'_, Database = Any>,
    member: Option<i64>,
) -> Result<HashMap<String, Count>, sqlx::Error> {
    let sql = "SELECT t.space AS space, COUNT(*) AS threads, \
               SUM(CASE WHEN COALESCE(m.read_upto, 0) < t.last_number AND COALESCE(m.mute, 0) = 0 \
               THEN 1 ELSE 0 END) AS unread \
               FROM threads t LEFT JOIN marks m ON m.thread_id = t.id AND m.member_id = $1 \
               WHERE t.deleted_at IS NULL GROUP BY t.space";
    let mut counts = HashMap::new();
    for row in sqlx::query(sql).bind(member.unwrap_or(0)).fetch_all(on).await? {
        let unread = if member.is_some() { count(row.try_get("unread")?) } else { 0 };
        counts.insert(row.try_get("space")?, Count { threads: count(row.try_get("threads")?), unread });
    }
    Ok(counts)
}

/// The tiers that the space and the gate of a thread ask for; none when there is no such thread.
pub async fn gates(on: &mut AnyConnection, thread: i64) -> Result<Option<(Option<Tier>, Option<Tier>)>, sqlx::Error> {
    let sql = "SELECT 'space' AS rule, r.slug AS tier_slug, r.name AS tier_name, r.rank AS tier_rank \
               FROM threads t JOIN spaces s ON s.slug = t.space LEFT JOIN tiers r ON r.slug = s.read_tier \
               WHERE t.id = $1 AND t.deleted_at IS NULL \
               UNION ALL SELECT 'gate' AS rule, r.slug AS tier_slug, r.name AS tier_name, r.rank AS tier_rank \
               FROM threads t LEFT JOIN tiers r ON r.slug = t.gate WHERE t.id = $1 AND t.deleted_at IS NULL";
    let rows = sqlx::query(sql).bind(thread).fetch_all(on).await?;
    let (mut space, mut gate) = (None, None);
    for row in &rows {
        match row.try_get::<String, _>("rule")?.as_str() {
            "space" => space = tier(row)?,
            _ => gate = tier(row)?,
        }
    }
    Ok((!rows.is_empty()).then_some((space, gate)))
}
