//! `lyceum auth`: where the secrets of each account are, and whether they can be had. Never a secret.

use std::io::Write as _;

use clap::Subcommand;

use super::json::{AuthStatus, Grant};
use super::output::{Desk, Failure};
use crate::base::time::Timestamp;
use crate::engine::problem::Kind;
use crate::engine::tokens::Refusal;
use crate::model::session::Scope;

/// What can be asked about signing in.
#[derive(Clone, Copy, Debug, Subcommand)]
pub enum Auth {
    /// Say for each account where its secret is kept, whether it can be read, what it may do and until when
    Status,
}

/// What sort of secret it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Tokens of a session, renewed by use.
    Session,
    /// A token that its owner made, with the scopes they gave it.
    Personal,
    /// There is none, or it cannot be read.
    Unknown,
}

/// What is known of one account.
pub struct Status {
    /// Its community.
    pub community: String,
    /// Its name there; none for a token that was handed in.
    pub username: Option<String>,
    /// The vault with its secret: a vault's name, or `environment`; none when signed out.
    pub vault: Option<String>,
    /// Where exactly.
    pub place: String,
    /// Why it cannot be had.
    pub trouble: Option<Refusal>,
    /// What sort of secret it is.
    pub sort: Sort,
    /// What a personal token may be used for, as its community says; none where it was not asked or did not answer.
    pub scopes: Option<Vec<Scope>>,
    /// When the access token ends.
    pub access_until: Option<Timestamp>,
    /// When the session ends unless it is used.
    pub until: Option<Timestamp>,
}

impl Status {
    fn word(&self) -> &'static str {
        match (&self.vault, &self.trouble) {
            (None, _) => "signed_out",
            (Some(_), Some(trouble)) => trouble.word(),
            (Some(_), None) => "works",
        }
    }

    /// What it may do: a session everything its owner may; a personal token as its community says, where it was reached.
    fn scopes(&self) -> Option<Vec<&'static str>> {
        match &self.scopes {
            Some(scopes) => Some(scopes.iter().map(|scope| scope.as_str()).collect()),
            None => (self.sort == Sort::Session).then(|| vec!["all"]),
        }
    }

    fn grant(&self, desk: &Desk<'_>) -> Grant {
        let sort = match self.sort {
            Sort::Session => Some("session"),
            Sort::Personal => Some("personal"),
            Sort::Unknown => None,
        };
        Grant {
            community: self.community.clone(),
            username: self.username.clone(),
            vault: self.vault.clone(),
            place: self.place.clone(),
            state: self.word(),
            why: self.trouble.as_ref().map(|trouble| trouble.sentence(desk.words)),
            kind: sort,
            scopes: self.scopes(),
            access_until: self.access_until,
            until: self.until,
        }
    }

    fn print(&self, desk: &mut Desk<'_>) -> Result<(), Failure> {
        let words = desk.words;
        let whose = self.username.clone().unwrap_or_else(|| words.get("cli.auth.handed_in").to_owned());
        writeln!(desk.out, "{}", words.fill("cli.auth.account", &[("name", &whose), ("community", &self.community)]))?;
        let Some(vault) = &self.vault else {
            writeln!(desk.out, "  {}", words.get("cli.auth.signed_out"))?;
            return Ok(());
        };
        let name = words.get(&format!("vault.name.{vault}")).to_owned();
        let mut lines = vec![words.fill("cli.auth.kept", &[("vault", &name), ("place", &self.place)])];
        lines.push(match &self.trouble {
            Some(trouble) => words.fill("cli.auth.trouble", &[("why", &trouble.sentence(words))]),
            None => words.get("cli.auth.works").to_owned(),
        });
        match self.sort {
            Sort::Session => lines.push(words.get("cli.auth.session").to_owned()),
            Sort::Personal => match &self.scopes {
                Some(scopes) => {
                    let word = |scope: &Scope| words.get(&format!("scope.{}", scope.as_str())).to_owned();
                    let named: Vec<String> = scopes.iter().map(word).collect();
                    lines.push(words.fill("cli.auth.personal_may", &[("scopes", &named.join(" + "))]));
                }
                None => lines.push(words.get("cli.auth.personal").to_owned()),
            },
            Sort::Unknown => {}
        }
        let until = if self.sort == Sort::Session { "cli.auth.until" } else { "cli.auth.token_until" };
        for (key, at) in [("cli.auth.access_until", self.access_until), (until, self.until)] {
            lines.extend(at.map(|at| words.fill(key, &[("time", &minute(at))])));
        }
        for line in lines {
            writeln!(desk.out, "  {line}")?;
        }
        Ok(())
    }
}

/// An instant for a person: to the minute, in UTC.
fn minute(at: Timestamp) -> String {
    at.strftime("%F %H:%M UTC").to_string()
}

/// Prints what is known of every account.
///
/// # Errors
/// When nobody is signed in, or a secret that should be there cannot be had.
pub fn status(all: &[Status], desk: &mut Desk<'_>) -> Result<(), Failure> {
    if desk.json {
        let accounts = all.iter().map(|status| status.grant(desk)).collect();
        desk.document(&AuthStatus { schema: AuthStatus::SCHEMA, accounts })?;
    } else {
        for status in all {
            status.print(desk)?;
        }
    }
    if all.iter().any(|status| status.vault.is_some() && status.trouble.is_some()) {
        return Err(Failure::said(Kind::Auth, "cli.auth.some_trouble"));
    }
    if all.iter().all(|status| status.vault.is_none()) {
        return Err(Failure::said(Kind::Auth, "cli.nobody"));
    }
    Ok(())
}
