//! `lyceum login`: sign in, for the screen and for the other commands.

use clap::Args;

use super::asking::Asking;
use super::output::{Desk, Failure};
use super::prompt;
use crate::engine::account::Sessions;
use crate::engine::request::Request;

/// Who signs in.
#[derive(Clone, Debug, Args)]
pub struct Login {
    /// Your name there; without it, the one you used last
    pub name: Option<String>,
}

/// Signs in and says where the tokens went, and why not to a better place.
///
/// # Errors
/// When there is no name or password, or they are wrong.
pub async fn run(login: &Login, asking: &mut Asking, sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Some(username) = login.name.clone().or_else(|| sessions.account().map(|account| account.username)) else {
        return Err(Failure::said(crate::engine::problem::Kind::Invalid, "cli.whose"));
    };
    let values = [("name", username.as_str()), ("community", sessions.origin())];
    let label = desk.words.fill("cli.password_of", &values);
    let password = prompt::secret(desk, &label)?;
    let vault = asking.sign_in(Request::SignIn { username: username.clone(), password, code: None }).await?;
    tell_reasons(sessions, desk)?;
    if vault == "file" {
        desk.remark("cli.file_vault", &[])?;
    }
    desk.say(
        &format!("cli.signed_in.{vault}"),
        &values,
        &serde_json::json!({ "community": sessions.origin(), "username": username, "vault": vault }),
    )
}

/// Says why no better vault keeps the tokens, or why they could not be read.
///
/// # Errors
/// When nobody reads.
pub(super) fn tell_reasons(sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    for reason in sessions.reasons() {
        let vault = desk.words.get(&format!("vault.name.{}", reason.vault)).to_owned();
        let said = desk.words.fill(reason.key, &[("vault", &vault), ("why", &reason.why)]);
        desk.remark("cli.no_better_vault", &[("why", &said)])?;
    }
    Ok(())
}
