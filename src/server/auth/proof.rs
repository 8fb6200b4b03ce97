//! Whether somebody is who they say, by their password: at the door, and again before what opens the account changes.

use std::net::IpAddr;

use crate::base::secret::Secret;
use crate::server::db::members;
use crate::server::error::{Answer, Failure, code};
use crate::server::limits::Who;
use crate::server::state::App;

/// The row of the member of this name, when this is their password. Tries are counted by name and address, and a name
/// that nobody has costs the same as one that somebody has. Fails with 401 `wrong_password` or 429.
///
/// It does not say that they may come in: ask [`super::second_factor::check`] next.
pub async fn password(app: &App, address: IpAddr, username: &str, password: Secret) -> Answer<i64> {
    let (limits, now) = (app.settings.limits, app.clock.now());
    app.buckets.take(Who::SignInAddress(address), limits.sign_in_address, now)?;
    app.tries.begin(address, username, &limits, now)?;
    let found = members::password(app.db.read(), username).await?;
    let stored = found.as_ref().map(|(_, stored)| stored.clone());
    let right = app.passwords.verify(password.clone(), stored).await?;
    let Some((member, stored)) = found.filter(|_| right) else {
        // Without the name: people type their password into that field.
        tracing::warn!(%address, "a password was refused");
        return Err(Failure::new(code::WRONG_PASSWORD));
    };
    app.tries.succeeded(address, username, now);
    if app.passwords.is_outdated(&stored) {
        let hash = app.passwords.hash(password).await?;
        let mut write = app.db.write().await?;
        // Hashing takes a while: a password that was set meanwhile stays.
        members::renew_hash(&mut write, member, &stored, &hash).await?;
        write.commit().await?;
    }
    Ok(member)
}
