//! `lyceum tokens`: personal access tokens for scripts.

use std::io::Write as _;

use clap::{Args, Subcommand, ValueEnum};

use super::asking::Asking;
use super::json::{self, Ended, TokenMade};
use super::output::{Desk, Failure};
use super::sessions::day;
use crate::base::ids::TokenId;
use crate::base::secret::ExposeSecret;
use crate::engine::event::{Answer, Secured};
use crate::engine::problem::Kind;
use crate::engine::request::{Deed, Query};
use crate::model::session::{NewAccessToken, Scope};

/// What is to be done about them; nothing lists them.
#[derive(Clone, Debug, Args)]
pub struct Tokens {
    /// What to do; nothing lists them
    #[command(subcommand)]
    pub act: Option<Act>,
}

/// What can be done about them.
#[derive(Clone, Debug, Subcommand)]
pub enum Act {
    /// Make one; it is printed this once
    New {
        /// What it is for
        name: String,
        /// What it may be used for
        #[arg(long, value_enum, default_value_t = May::Read)]
        may: May,
        /// Days until it ends
        #[arg(long, default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=366))]
        days: u32,
    },
    /// End one
    End {
        /// Its id, as listed
        id: String,
    },
}

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum May {
    /// Everything you may read
    Read,
    /// And everything you may write, but for sessions, tokens and the second factor
    Write,
}

/// Lists, makes or ends tokens.
///
/// # Errors
/// When nobody is signed in, or there is no such token.
pub async fn run(tokens: &Tokens, asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    match &tokens.act {
        None => list(asking, desk).await,
        Some(Act::New { name, may, days }) => {
            let most = if *may == May::Write { Scope::Write } else { Scope::Read };
            let scopes = Scope::ALL.into_iter().filter(|scope| *scope <= most).collect();
            let new = NewAccessToken { name: name.clone(), scopes, days: *days };
            let Secured::Token(about, token) = asking.secure(Deed::MakeToken(new)).await? else {
                return Err(Failure::said(Kind::Server, "cli.engine_gone"));
            };
            let token = token.expose_secret();
            desk.remark("secret.told_token", &[])?;
            // The one place that prints a token: it was just asked for.
            if desk.json {
                return desk.document(&TokenMade::new(&about, token));
            }
            Ok(writeln!(desk.out, "{token}")?)
        }
        Some(Act::End { id }) => {
            asking.secure(Deed::EndToken(TokenId::new(id.clone()))).await?;
            desk.say("cli.token_ended", &[("id", id)], &Ended { schema: Ended::SCHEMA, ended: id.clone() })
        }
    }
}

async fn list(asking: &mut Asking, desk: &mut Desk<'_>) -> Result<(), Failure> {
    let Answer::AccessTokens(tokens) = asking.ask(Query::AccessTokens).await? else {
        return Err(Failure::said(Kind::Server, "cli.engine_gone"));
    };
    if desk.json {
        let tokens = tokens.iter().map(Into::into).collect();
        return desk.document(&json::Tokens { schema: json::Tokens::SCHEMA, tokens });
    }
    for token in &tokens {
        let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.as_str()).collect();
        let until = desk.words.fill("cli.until", &[("day", &day(token.until))]);
        writeln!(desk.out, "{}  {}  {}  {until}", token.id, token.name, scopes.join("+"))?;
    }
    Ok(())
}
