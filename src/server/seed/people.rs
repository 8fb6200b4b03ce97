//! Accounts and the facts behind what they hold.

use std::collections::HashMap;

use super::files::{Content, Person, PersonFact, Place};
use super::{Error, Ids, back, place};
use crate::base::ids::PlanId;
use crate::base::time::{Timestamp, parse_span};
use crate::model::ledger::{Bought, Fact, FactKind};
use crate::model::plan::Tier;
use crate::server::db::members::{self, NewMember};
use crate::server::db::{Write, ids, ledger};

/// Adds the members, without passwords: nobody signs in as them until the host sets one. An account that has the name
/// already keeps its role and its password.
pub(super) async fn write(write: &mut Write, ids: &ids::Ids, content: &Content, now: Timestamp) -> Result<Ids, Error> {
    let mut rows = HashMap::new();
    for person in &content.people {
        let joined = back(now, parse_span(&person.joined).unwrap_or_default());
        if let Some(there) = members::by_name(&mut **write, &person.username).await? {
            rows.insert(person.username.clone(), there.id);
            continue;
        }
        let id = ids.at(joined);
        let new = NewMember {
            id,
            username: &person.username,
            name: &person.name,
            email: None,
            role: person.role,
            password_hash: None,
            policy_version: &content.place.community.policy_version,
        };
        members::add(write, &new, joined).await?;
        if let Some(mut member) = members::by_id(&mut **write, id).await? {
            member.bio.clone_from(&person.bio);
            members::save_profile(write, &member, joined).await?;
        }
        for fact in facts(person, &content.place, now)? {
            ledger::add(write, ids.at(fact.at), id, &fact).await?;
        }
        rows.insert(person.username.clone(), id);
    }
    Ok(rows)
}

/// The ledger of a person, oldest first.
pub(super) fn facts(person: &Person, place: &Place, now: Timestamp) -> Result<Vec<Fact>, Error> {
    let read = |fact: &PersonFact| {
        let fault = |what: &str| Error::file("members.toml", format!("{}: {what}", person.username));
        let ago = parse_span(&fact.ago).ok_or_else(|| fault("ago of a fact is no age"))?;
        let kind = kind(fact, place).ok_or_else(|| fault("a fact without a meaning, or of an unknown plan or tier"))?;
        Ok(Fact { at: back(now, ago), kind })
    };
    let mut facts = person.facts.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
    facts.sort_by_key(|fact| fact.at);
    Ok(facts)
}

fn kind(fact: &PersonFact, place: &Place) -> Option<FactKind> {
    let tiers = place::tiers_of(place);
    let tier = |slug: &str| {
        let (slug, name, rank) = tiers.iter().find(|(known, ..)| known == slug)?.clone();
        Some(Tier { slug, name, rank })
    };
    let plan = || place.plans.iter().find(|plan| Some(&plan.slug) == fact.plan.as_ref());
    let bought = || {
        let plan = plan()?;
        Some(Bought { plan: PlanId::new(&plan.slug), tier: tier(&plan.tier)?, interval: plan.interval })
    };
    let reason = fact.reason.clone();
    Some(match fact.fact.as_str() {
        "paid" => FactKind::Paid(bought()?),
        "trial" => FactKind::Trial { of: bought()?, days: plan()?.trial_days },
        "gift" => FactKind::Gift { of: bought()?, reason },
        "granted" => FactKind::Granted { tier: tier(fact.tier.as_deref()?)?, until: None, reason },
        "failed" => FactKind::Failed,
        "cancel" => FactKind::Cancel,
        "pause" => FactKind::Pause,
        "resume" => FactKind::Resume,
        "refunded" => FactKind::Refunded,
        "revoked" => FactKind::Revoked { reason },
        _ => return None,
    })
}
