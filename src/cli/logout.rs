//! `lyceum logout`: end the session on the server and forget its tokens.

use super::asking::Asking;
use super::output::{Desk, Failure};
use crate::engine::account::Sessions;
use crate::engine::problem::Kind;

/// Signs out. Somebody who is not signed in is told so, and the tokens are looked for all the same.
///
/// # Errors
/// When nobody was signed in, or tokens may be left somewhere.
pub async fn run(asking: &mut Asking, sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let signed_in = sessions.account().filter(|account| account.vault.is_some());
    asking.sign_out().await?;
    let Some(account) = signed_in else {
        return Err(Failure::said(Kind::Auth, "cli.not_signed_in"));
    };
    desk.say(
        "cli.signed_out",
        &[("name", &account.username), ("community", &account.origin)],
        &serde_json::json!({ "community": account.origin, "username": account.username }),
    )
}
