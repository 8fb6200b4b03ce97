//! The community, its spaces and its plans, as one reader sees them.

use axum::extract::State;

use crate::api::community::{Community, Plan, Plans, Space, Spaces};
use crate::api::path;
use crate::model::ledger::Fact;
use crate::model::{membership, permission};
use crate::server::db::{community, ledger};
use crate::server::error::Answer;
use crate::server::extract::{Json, MaybeReader};
use crate::server::state::AppState;

/// What anybody may know before signing in.
#[utoipa::path(get, path = path::COMMUNITY, tag = "community", responses((status = 200, body = Community)))]
pub async fn community(State(app): State<AppState>, reader: MaybeReader) -> Answer<Json<Community>> {
    let mut tx = app.db.snapshot().await?;
    let place = community::get(&mut *tx).await?;
    let facts = ledger::facts(&mut *tx, reader.id()).await?;
    let plans = community::plans(&mut *tx).await?;
    Ok(Json(Community {
        name: place.name,
        positioning: place.positioning,
        audience: place.audience,
        rules: place.rules,
        policy: place.policy,
        policy_version: place.policy_version,
        answer_within_hours: place.answer_within_hours,
        plans: wire_plans(&app, plans, &facts),
        password_sign_in: app.settings.password_grant,
        open_registration: app.settings.open_registration,
        server_version: env!("CARGO_PKG_VERSION").to_owned(),
    }))
}

/// What can be bought, lowest tier first.
#[utoipa::path(get, path = path::PLANS, tag = "community", responses((status = 200, body = Plans)))]
pub async fn plans(State(app): State<AppState>, reader: MaybeReader) -> Answer<Json<Plans>> {
    let mut tx = app.db.snapshot().await?;
    let facts = ledger::facts(&mut *tx, reader.id()).await?;
    let plans = community::plans(&mut *tx).await?;
    Ok(Json(Plans { items: wire_plans(&app, plans, &facts) }))
}

fn wire_plans(app: &AppState, plans: Vec<community::Plan>, facts: &[Fact]) -> Vec<Plan> {
    let derived = membership::derive(facts, app.clock.now());
    let held = derived.plan.filter(|_| derived.tier.is_some());
    let wire = |plan: community::Plan| Plan {
        held: held.as_ref() == Some(&plan.id),
        id: plan.id.to_string(),
        name: plan.name,
        tier: plan.tier,
        interval: plan.interval,
        price: plan.price,
        trial_days: plan.trial_days,
        gives: plan.gives,
    };
    plans.into_iter().map(wire).collect()
}

/// The spaces in their order, with what each needs to read and to write.
#[utoipa::path(get, path = path::SPACES, tag = "community", responses((status = 200, body = Spaces)))]
pub async fn spaces(State(app): State<AppState>, reader: MaybeReader) -> Answer<Json<Spaces>> {
    let mut tx = app.db.snapshot().await?;
    let facts = ledger::facts(&mut *tx, reader.id()).await?;
    let spaces = community::spaces(&mut *tx).await?;
    let counts = community::counts(&mut *tx, reader.id()).await?;
    let (role, now) = (reader.role(), app.clock.now());
    let wire = |space: community::Space| {
        let count = counts.get(&space.slug).copied().unwrap_or_default();
        let may_read = permission::may_read(space.read_tier.as_ref(), None, role, &facts, now).allowed;
        Space {
            may_read,
            may_write: reader.0.is_some() && may_read && permission::may_open(space.write_role, role),
            id: space.slug,
            name: space.name,
            about: space.about,
            read_tier: space.read_tier,
            write_role: space.write_role,
            threads: count.threads,
            unread: count.unread,
        }
    };
    Ok(Json(Spaces { items: spaces.into_iter().map(wire).collect() }))
}
