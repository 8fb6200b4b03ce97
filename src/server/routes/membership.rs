//! What a member holds, and why a thread is open or closed to a reader.

use axum::extract::State;

use crate::api::membership::{Access, AccessQuery, Entry, Held, Membership};
use crate::api::path;
use crate::model::membership::{Derived, derive};
use crate::model::permission;
use crate::server::db::{community, ledger};
use crate::server::error::{Answer, Failure};
use crate::server::extract::{Json, MaybeReader, Query, Reader, parse_id};
use crate::server::state::AppState;

/// What the ledger comes to now, and the ledger.
#[utoipa::path(get, path = path::MEMBERSHIP, tag = "membership", security(("bearer" = [])),
    responses((status = 200, body = Membership)))]
pub async fn membership(State(app): State<AppState>, reader: Reader) -> Answer<Json<Membership>> {
    let mut tx = app.db.snapshot().await?;
    let facts = ledger::facts(&mut *tx, Some(reader.id)).await?;
    let plans = community::plans(&mut *tx).await?;
    let now = app.clock.now();
    let derived = derive(&facts, now);
    // A tier that was granted has no plan behind it: it gives what the first plan of that tier does.
    let gives_it = |plan: &community::Plan| match (&derived.tier, &derived.plan) {
        (Some(_), Some(id)) => plan.id == *id,
        (Some(tier), None) => plan.tier.slug == tier.slug,
        (None, _) => false,
    };
    let plan = plans.into_iter().find(gives_it);
    let past = facts.iter().filter(|fact| fact.at <= now);
    let entry = |fact: &crate::model::ledger::Fact| Entry {
        at: fact.at,
        fact: fact.kind.word().to_owned(),
        plan: fact.kind.plan().map(ToString::to_string),
    };
    let history = past.map(entry).collect();
    Ok(Json(Membership { held: held(derived), gives: plan.map(|plan| plan.gives).unwrap_or_default(), history }))
}

/// Why a thread is open or closed: rule, standing, and what would change it.
#[utoipa::path(get, path = path::ACCESS, tag = "membership", params(AccessQuery),
    responses((status = 200, body = Access)))]
pub async fn access(
    State(app): State<AppState>,
    reader: MaybeReader,
    Query(query): Query<AccessQuery>,
) -> Answer<Json<Access>> {
    let thread = parse_id(&query.thread)?;
    let mut tx = app.db.snapshot().await?;
    let (space, gate) = community::gates(&mut tx, thread).await?.ok_or_else(Failure::not_found)?;
    let facts = ledger::facts(&mut *tx, reader.id()).await?;
    let plans = community::plans(&mut *tx).await?;
    let decision = permission::may_read(space.as_ref(), gate.as_ref(), reader.role(), &facts, app.clock.now());
    let opens = |plan: &&community::Plan| decision.required.as_ref().is_some_and(|need| plan.tier.rank >= need.rank);
    Ok(Json(Access {
        plans: plans.iter().filter(opens).map(|plan| plan.id.to_string()).collect(),
        allowed: decision.allowed,
        because: decision.because,
        required: decision.required,
        holds: held(decision.holds),
    }))
}

/// What the ledger comes to, as the wire has it.
pub fn held(derived: Derived) -> Held {
    Held {
        standing: derived.standing,
        tier: derived.tier,
        plan: derived.plan.map(|plan| plan.to_string()),
        since: derived.since,
        until: derived.until,
        renews: derived.renews,
    }
}
