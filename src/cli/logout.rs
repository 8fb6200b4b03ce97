//! `lyceum logout`: end the session on the server and forget its tokens.

use super::asking::Asking;
use super::json::SignedOut;
use super::output::{Desk, Failure};
use crate::engine::account::Sessions;
use crate::engine::problem::Kind;
use crate::engine::tokens::Farewell;

/// Signs out. Somebody who is not signed in is told so, and the tokens are looked for all the same.
///
/// # Errors
/// When nobody was signed in, or tokens may be left somewhere.
pub async fn run(asking: &mut Asking, sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let signed_in = sessions.account().filter(|account| account.vault.is_some());
    asking.sign_out().await?;
    let told = tell_farewell(sessions, desk)?;
    let left = sessions.reasons();
    for place in &left {
        desk.remark("cli.left_behind", &[("why", &place.sentence(desk.words))])?;
    }
    let Some(account) = signed_in else {
        return Err(Failure::said(Kind::Auth, "cli.not_signed_in"));
    };
    if !left.is_empty() {
        return Err(Failure::said(Kind::Disk, "cli.not_all_forgotten"));
    }
    desk.say(
        "cli.signed_out",
        &[("name", &account.username), ("community", &account.origin)],
        &SignedOut {
            schema: SignedOut::SCHEMA,
            community: account.origin.clone(),
            username: account.username.clone(),
            told,
        },
    )
}

/// Says so when the community has not heard of it; answers whether it has.
pub(super) fn tell_farewell(sessions: &Sessions, desk: &mut Desk<'_>) -> Result<bool, Failure> {
    match sessions.farewell() {
        None | Some(Farewell { is_told: true, .. }) => return Ok(true),
        Some(Farewell { until: Some(until), .. }) => {
            desk.remark("cli.not_told_until", &[("time", &until.to_string())])?;
        }
        Some(_) => desk.remark("cli.not_told", &[])?,
    }
    Ok(false)
}
