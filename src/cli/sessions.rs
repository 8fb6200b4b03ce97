//! `lyceum sessions`: where one is signed in, and ending that.

use std::io::Write as _;

use clap::{Args, Subcommand};

use super::asking::Asking;
use super::json::{self, Ended};
use super::output::{Desk, Failure};
use crate::base::ids::SessionId;
use crate::engine::event::Answer;
use crate::engine::problem::Kind;
use crate::engine::request::{Deed, Query};

/// What is to be done about them; nothing lists them.
#[derive(Clone, Debug, Args)]
pub struct Sessions {
    /// What to do; nothing lists them
    #[command(subcommand)]
    pub act: Option<Act>,
}

/// What can be done about them.
#[derive(Clone, Debug, Subcommand)]
pub enum Act {
    /// End one, or all but this one
    End {
        /// Its id, as listed
        #[arg(required_unless_present = "others")]
        id: Option<String>,
        /// All but this one
        #[arg(long, conflicts_with = "id")]
        others: bool,
    },
}

/// Lists or ends sessions.
///
/// # Errors
/// When nobody is signed in, or there is no such session.
pub async fn run(sessions: &Sessions, asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    match &sessions.act {
        None => list(asking, desk).await,
        Some(Act::End { id: Some(id), .. }) => {
            asking.secure(Deed::EndSession(SessionId::new(id.clone()))).await?;
            desk.say("cli.session_ended", &[("id", id)], &Ended { schema: Ended::SCHEMA, ended: id.clone() })
        }
        Some(Act::End { id: None, .. }) => {
            asking.secure(Deed::EndOtherSessions).await?;
            let ended = "others".to_owned();
            desk.say("cli.others_ended", &[], &Ended { schema: Ended::SCHEMA, ended })
        }
    }
}

async fn list(asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Answer::Sessions(sessions) = asking.ask(Query::Sessions).await? else {
        return Err(Failure::said(Kind::Server, "cli.engine_gone"));
    };
    if desk.json {
        let sessions = sessions.iter().map(Into::into).collect();
        return desk.document(&json::Sessions { schema: json::Sessions::SCHEMA, sessions });
    }
    for session in &sessions {
        let mark = if session.current { "*" } else { " " };
        let client = if session.client.is_empty() { "?" } else { session.client.as_str() };
        let until = desk.words.fill("cli.until", &[("day", &day(session.until))]);
        writeln!(desk.out, "{mark} {}  {client}  {}  {until}", session.id, day(session.used))?;
    }
    Ok(())
}

/// A day as programs and people both read it (ISO 8601), in UTC.
pub(super) fn day(at: crate::base::time::Timestamp) -> String {
    at.strftime("%F").to_string()
}
