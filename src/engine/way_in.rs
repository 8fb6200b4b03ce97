//! Coming and going: accounts are opened, tokens fetched and put away, sessions ended.

use std::sync::Arc;
use std::time::Duration;

use super::account::Sessions;
use crate::base::secret::Secret;
use crate::community::{Error, Kind, NewAccount, Result, SessionStore, SignIn};

/// The server gets this long to hear that somebody leaves.
pub(super) const FAREWELL: Duration = Duration::from_secs(5);

/// Opens the account if there is one to open, signs in, and puts the tokens away; answers with the vault's name.
pub(super) async fn enter(
    way_in: &dyn SignIn,
    sessions: Arc<Sessions>,
    account: Option<NewAccount>,
    username: String,
    password: Secret,
) -> Result<&'static str> {
    if let Some(account) = account {
        way_in.register(&account).await?;
    }
    let session = way_in.password(&username, &password).await?;
    let kept = tokio::task::spawn_blocking(move || sessions.keep(&username, &session).vault).await;
    kept.map_err(|_| Error::new(Kind::Unsupported))
}

/// Ends the session on the server, or gives up on that, and forgets the tokens either way.
pub(super) async fn leave(way_in: &dyn SignIn, sessions: Arc<Sessions>) {
    let reader = Arc::clone(&sessions);
    if let Ok(Some(session)) = tokio::task::spawn_blocking(move || reader.load()).await {
        let _ = tokio::time::timeout(FAREWELL, way_in.sign_out(&session)).await;
    }
    let _ = tokio::task::spawn_blocking(move || sessions.forget()).await;
}
