//! Deeds about what opens the reader's own account, and questions about it. Nothing of this is kept on the disk.

use super::event::{Answer, Secured};
use super::request::{Deed, Query};
use crate::community::{Result, Security, SignIn};

/// Does it, once.
///
/// # Errors
/// As the port says.
pub async fn secure(security: &dyn Security, deed: Deed) -> Result<Secured> {
    match deed {
        Deed::EndSession(id) => security.end_session(&id).await.map(|()| Secured::Done),
        Deed::EndOtherSessions => security.end_other_sessions().await.map(|()| Secured::Done),
        Deed::MakeToken(new) => {
            security.make_access_token(&new).await.map(|(about, token)| Secured::Token(Box::new(about), token))
        }
        Deed::EndToken(id) => security.end_access_token(&id).await.map(|()| Secured::Done),
        Deed::BeginSecondFactor(password) => security.begin_second_factor(&password).await.map(Secured::Begun),
        Deed::ConfirmSecondFactor(code) => security.confirm_second_factor(&code).await.map(Secured::Codes),
        Deed::EndSecondFactor(password, code) => {
            security.end_second_factor(&password, &code).await.map(|()| Secured::Done)
        }
        Deed::NewRecoveryCodes(password, code) => {
            security.new_recovery_codes(&password, &code).await.map(Secured::Codes)
        }
    }
}

/// Answers a question about it; none when it is about something else.
pub async fn look(way_in: &dyn SignIn, security: &dyn Security, query: &Query) -> Option<Result<Answer>> {
    Some(match query {
        Query::Ways => way_in.ways().await.map(Answer::Ways),
        Query::Sessions => security.sessions().await.map(Answer::Sessions),
        Query::AccessTokens => security.access_tokens().await.map(Answer::AccessTokens),
        Query::SecondFactor => security.second_factor().await.map(Answer::SecondFactor),
        _ => return None,
    })
}
