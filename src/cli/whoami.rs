//! `lyceum whoami`: who is signed in, as the community sees it.

use super::asking::Asking;
use super::json::Whoami;
use super::output::{Desk, Failure};
use crate::engine::account::Sessions;
use crate::engine::event::Answer;
use crate::engine::problem::Kind;
use crate::engine::request::Query;

/// Asks the community and prints what it says.
///
/// # Errors
/// When nobody is signed in or the community cannot be asked.
pub async fn run(asking: &mut Asking, sessions: &Sessions, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Answer::Me(me) = asking.ask(Query::Me).await? else {
        return Err(Failure::said(Kind::Server, "cli.engine_gone"));
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
        &Whoami {
            schema: Whoami::SCHEMA,
            community: sessions.origin().to_owned(),
            username: author.username.to_string(),
            name: author.name.to_string(),
            role: author.role,
            vault,
        },
    )
}
