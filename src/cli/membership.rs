//! `lyceum membership`: what the reader holds, and why a thread is open or closed to them.

use clap::{Args, Subcommand};

use super::errand::Errand;
use super::json::{self, Step, Why};
use super::output::Failure;
use crate::base::ids::ThreadId;
use crate::base::text::ink::Run;
use crate::engine::event::Answer;
use crate::engine::request::Query;
use crate::model::permission::Because;
use crate::model::plan::Plan;

/// What is asked about it; nothing prints what is held.
#[derive(Clone, Debug, Args)]
pub struct Membership {
    /// What to ask; nothing prints what you hold
    #[command(subcommand)]
    pub act: Option<Act>,
}

/// What can be asked about it.
#[derive(Clone, Debug, Subcommand)]
pub enum Act {
    /// Say why a thread is open or closed to you
    Why {
        /// The thread's id
        thread: String,
    },
}

/// Prints what is held, or why a thread is open or closed.
///
/// # Errors
/// When nobody is signed in, or the community cannot be asked and nothing is kept.
pub async fn run(membership: &Membership, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    match &membership.act {
        None => held(errand).await,
        Some(Act::Why { thread }) => why(thread, errand).await,
    }
}

async fn plans(errand: &mut Errand<'_, '_>) -> Result<Vec<Plan>, Failure> {
    match errand.read(Query::Plans).await? {
        Answer::Plans(plans) => Ok(plans),
        _ => Err(Errand::unexpected()),
    }
}

async fn held(errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let Answer::Membership(membership) = errand.read(Query::Membership).await? else {
        return Err(Errand::unexpected());
    };
    let plans = plans(errand).await?;
    let held = &membership.derived;
    if errand.desk.json {
        let document = json::Membership {
            schema: json::Membership::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            stale: errand.stale.clone(),
            standing: held.standing.as_str(),
            tier: held.tier.as_ref().map(json::of_tier),
            plan: held.plan.as_ref().map(ToString::to_string),
            since: held.since,
            until: held.until,
            renews: held.renews,
            gives: membership.gives.iter().map(ToString::to_string).collect(),
            history: membership.history.iter().map(Step::from).collect(),
            plans: plans.iter().map(json::of_plan).collect(),
        };
        return errand.document(&document);
    }
    let (catalog, inks) = (errand.desk.words, &errand.look.inks);
    let words = errand.look.words(catalog);
    let name = held.tier.as_ref().map_or(catalog.get("membership.nothing"), |tier| &tier.name);
    let mut lines = vec![
        vec![Run::new(inks.title, name), Run::new(inks.dim, format!("  {}", words.word(held.standing)))],
        vec![Run::plain(words.standing(held))],
    ];
    lines.extend(words.period(held).into_iter().map(|part| vec![Run::new(inks.dim, part)]));
    lines.extend(membership.gives.iter().map(|gift| vec![Run::plain(format!("- {gift}"))]));
    if !membership.history.is_empty() {
        lines.extend([vec![], vec![Run::new(inks.title, catalog.get("membership.history"))]]);
    }
    for entry in &membership.history {
        let date = Run::new(inks.dim, format!("{}  ", words.date(entry.at)));
        lines.push(vec![date, Run::plain(words.fact(entry, &plans))]);
    }
    if !plans.is_empty() {
        lines.extend([vec![], vec![Run::new(inks.title, catalog.get("membership.plans"))]]);
    }
    for plan in &plans {
        let mut line = vec![Run::plain(plan.name.to_string()), Run::new(inks.dim, format!("  {}", words.price(plan)))];
        line.extend(plan.held.then(|| Run::new(inks.good, format!("  {}", catalog.get("membership.held")))));
        lines.push(line);
    }
    for line in lines {
        errand.desk.out.line(&line)?;
    }
    errand.tell_age()
}

async fn why(thread: &str, errand: &mut Errand<'_, '_>) -> Result<(), Failure> {
    let Answer::Access(access) = errand.read(Query::Access(ThreadId::new(thread))).await? else {
        return Err(Errand::unexpected());
    };
    let decision = &access.decision;
    if errand.desk.json {
        let document = Why {
            schema: Why::SCHEMA,
            community: errand.sessions.origin().to_owned(),
            stale: errand.stale.clone(),
            thread: thread.to_owned(),
            allowed: decision.allowed,
            because: match decision.because {
                Because::Open => "open",
                Because::Staff => "staff",
                Because::Held => "held",
                Because::NoMembership => "no-membership",
                Because::TierTooLow => "tier-too-low",
                Because::Ended => "ended",
            },
            required: decision.required.as_ref().map(json::of_tier),
            holds: decision.holds.tier.as_ref().map(json::of_tier),
            plans: access.plans.iter().map(ToString::to_string).collect(),
        };
        return errand.document(&document);
    }
    let plans = plans(errand).await?;
    for sentence in errand.look.words(errand.desk.words).why(&access, &plans) {
        errand.desk.out.line(&[Run::plain(sentence)])?;
    }
    errand.tell_age()
}
