//! `lyceum whoami`: who is signed in, as the community sees it.

use super::asking::Asking;
use super::output::{Desk, Failure};
use super::vaults::instead_of_signed_out;
use crate::engine::account::Sessions;
use crate::engine::event::Answer;
use crate::engine::problem::Kind;
use crate::engine::request::Query;

/// Asks the community and prints what it says.
///
/// # Errors
/// When nobody is signed in or the community cannot be asked.
pub async fn run(asking: &mut Asking, sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let me = match asking.ask(Query::Me).await {
        Ok(Answer::Me(me)) => me,
        Ok(_) => return Err(Failure::said(Kind::Server, "cli.engine_gone")),
        // Who never signed in here has no session that could have ended.
        Err(Failure::User(error)) if error.kind == Kind::Auth && sessions.is_nobody() => {
            return Err(Failure::said(Kind::Auth, "cli.nobody"));
        }
        Err(failure) => return Err(instead_of_signed_out(failure, sessions, desk)),
    };
    let author = &me.author;
    let vault = sessions.account().and_then(|account| account.vault);
    desk.say(
        "cli.whoami",
        &[
            ("username", author.username.as_str()),
            ("name", author.name.as_str()),
            ("role", desk.words.get(&format!("role.{}", author.role.as_str()))),
            ("community", sessions.origin()),
        ],
        &serde_json::json!({
            "community": sessions.origin(),
            "username": author.username,
            "name": author.name.as_str(),
            "role": author.role,
            "vault": vault,
        }),
    )
}
