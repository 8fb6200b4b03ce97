//! What commands say of vaults: why a better one does not keep the tokens, why they cannot be read, where they may be
//! left.

use super::output::{Desk, Failure};
use crate::engine::account::Sessions;
use crate::engine::problem::Kind;
use crate::engine::tokens::Refusal;

/// Says why no better vault keeps the tokens.
///
/// # Errors
/// When nobody reads.
pub fn tell_reasons(reasons: &[Refusal], desk: &mut Desk<'_>) -> Result<(), Failure> {
    for reason in reasons {
        let said = reason.sentence(desk.words);
        desk.remark("cli.no_better_vault", &[("why", &said)])?;
    }
    Ok(())
}

/// How somebody stands before a command asks anything. Afterwards a session that was refused is forgotten, and nobody can
/// tell any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody signed in, or whoever did has signed out.
    Nobody,
    /// With a token from the environment.
    ByVariable,
    /// With a token from a command.
    ByCommand,
    /// With a session, or a token that was signed in with.
    SignedIn,
}

impl Standing {
    /// As these tokens have it.
    pub fn of(sessions: &Sessions) -> Self {
        match () {
            () if sessions.is_by_command() => Self::ByCommand,
            () if sessions.is_handed_in() => Self::ByVariable,
            () if sessions.is_nobody() => Self::Nobody,
            () => Self::SignedIn,
        }
    }

    /// Who was refused is told what of: that nobody is signed in, that the tokens cannot be had, that the one handed in is
    /// not good, or that the session has ended.
    pub fn explain(self, failure: Failure, sessions: &Sessions, desk: &Desk<'_>) -> Failure {
        if !matches!(&failure, Failure::User(error) if error.text == "error.signed_out") {
            return failure;
        }
        if let Some(why) = sessions.unreadable() {
            let values = vec![("why", why.sentence(desk.words))];
            return Failure::Said { kind: Kind::Auth, key: "cli.unreadable", values };
        }
        match self {
            Self::Nobody => Failure::said(Kind::Auth, "cli.nobody"),
            Self::ByVariable => Failure::said(Kind::Auth, "cli.variable_ended"),
            Self::ByCommand => Failure::said(Kind::Auth, "cli.command_ended"),
            Self::SignedIn => failure,
        }
    }
}
