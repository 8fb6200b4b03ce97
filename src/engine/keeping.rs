//! What a person is told of where their tokens are, at the moments when they should know: at the start, after signing in,
//! and after signing out. Nothing, when all is as it should be; of a signing out always.

use super::account::Sessions;
use super::event::Keeping;
use super::tokens::Refusal;

/// The tokens that should be there were not found.
pub(super) fn at_the_start(sessions: &Sessions) -> Option<Keeping> {
    sessions.unreadable().map(Keeping::Unreadable)
}

/// The reader has just signed in.
pub(super) fn after_entering(sessions: &Sessions) -> Option<Keeping> {
    let is_kept = sessions.account().is_none_or(|account| account.vault.is_some());
    let reasons = sessions.reasons();
    if is_kept || reasons.is_empty() {
        return None;
    }
    Some(unkept(reasons))
}

/// The reader has just agreed to plain text.
pub(super) fn agree(sessions: &Sessions) -> Option<Keeping> {
    let kept = sessions.agree()?;
    let is_kept = sessions.account().is_some_and(|account| account.vault.is_some());
    // Asked again they would only say yes again.
    Some(if is_kept { Keeping::Kept(kept.vault) } else { Keeping::Unkept(sessions.reasons()) })
}

/// The reader has just signed out: whether that went well, too. Who takes the account away waits for it.
pub(super) fn after_leaving(sessions: &Sessions) -> Option<Keeping> {
    Some(Keeping::Left(sessions.farewell()?, sessions.reasons()))
}

fn unkept(reasons: Vec<Refusal>) -> Keeping {
    match reasons.iter().find(|reason| reason.may_be_agreed()) {
        Some(reason) => Keeping::Ask(reason.path.clone()),
        None => Keeping::Unkept(reasons),
    }
}
