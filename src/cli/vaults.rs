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

/// Who is signed in and cannot get at the tokens is told that, not that they are signed out.
pub fn instead_of_signed_out(failure: Failure, sessions: &Sessions, desk: &Desk<'_>) -> Failure {
    match (&failure, sessions.unreadable()) {
        (Failure::User(error), Some(why)) if error.kind == Kind::Auth => {
            Failure::Said { kind: Kind::Auth, key: "cli.unreadable", values: vec![("why", why.sentence(desk.words))] }
        }
        _ => failure,
    }
}
