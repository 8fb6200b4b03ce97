//! Whether somebody is who they say, by their password: at the door, and again before what opens the account changes.

use std::net::IpAddr;

use serde::{Deserialize, Serialize};
use sqlx::AnyConnection;

use crate::base::secret::{ExposeSecret, Secret};
use crate::server::auth::token;
use crate::server::db::{members, second_factors};
use crate::server::error::{Answer, Failure, code};
use crate::server::limits::Who;
use crate::server::state::App;

/// What a member has shown, as it was stored when they did. Comparing takes a while and a page may stay open longer, so
/// whoever goes by it asks [`Proof::holds`] or [`Proof::check`] inside the very write that does: a password or a second
/// factor that was changed meanwhile is worth more than the proof of before. Holds no secret, and nothing to guess one by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Proof {
    /// Row of the member.
    pub member: i64,
    /// Of the stored password.
    password: String,
    /// Of the second factor; none while it is off.
    factor: Option<String>,
}

impl Proof {
    /// Of a member's stored password, while no second factor is on.
    pub fn new(member: i64, stored: &str) -> Self {
        Self { member, password: stamp(stored), factor: None }
    }

    /// And of the second factor that was asked for, by its secret; none when it is off.
    #[must_use]
    pub fn with(self, factor: Option<&Secret>) -> Self {
        Self { factor: factor.map(|secret| stamp(secret.expose_secret())), ..self }
    }

    /// Whether password and second factor are what they were.
    pub async fn holds(&self, on: &mut AnyConnection) -> Answer<bool> {
        let Some(stored) = members::password_of(&mut *on, self.member).await? else { return Ok(false) };
        let factor = second_factors::confirmed(on, self.member).await?;
        Ok(Self::new(self.member, &stored).with(factor.as_ref().map(|factor| &factor.secret)) == *self)
    }

    /// Fails with 401 `wrong_password` when it does not hold: what was shown is not what lets in now.
    pub async fn check(&self, on: &mut AnyConnection) -> Answer<()> {
        if self.holds(on).await? {
            return Ok(());
        }
        tracing::warn!(member = self.member, "a password or second factor was changed under way");
        Err(Failure::new(code::WRONG_PASSWORD))
    }
}

fn stamp(stored: &str) -> String {
    token::hex_digest(stored.as_bytes())[..16].to_owned()
}

/// The member of this name, when this is their password. Tries are counted by name and address, and a name that nobody
/// has costs the same as one that somebody has. Fails with 401 `wrong_password` or 429.
///
/// It does not say that they may come in: ask [`super::second_factor::check`] next.
pub async fn password(app: &App, address: IpAddr, username: &str, password: Secret) -> Answer<Proof> {
    let (limits, now) = (app.settings.limits, app.clock.now());
    app.buckets.take(Who::SignInAddress(address), limits.sign_in_address, now)?;
    app.tries.begin(address, username, &limits, now)?;
    let found = members::password(app.db.read(), username).await?;
    let stored = found.as_ref().map(|(_, stored)| stored.clone());
    let right = app.passwords.verify(password.clone(), stored).await?;
    let Some((member, stored)) = found.filter(|_| right) else { return Err(wrong(address)) };
    let stored = if app.passwords.is_outdated(&stored) {
        renewed(app, member, &stored, password).await?.ok_or_else(|| wrong(address))?
    } else {
        stored
    };
    app.tries.succeeded(address, username, now);
    Ok(Proof::new(member, &stored))
}

fn wrong(address: IpAddr) -> Failure {
    // Without the name: people type their password into that field.
    tracing::warn!(%address, "a password was refused");
    Failure::new(code::WRONG_PASSWORD)
}

/// Makes the hash anew at today's cost; what is stored then. Where something else came in its place meanwhile, that is
/// compared: none when it is another password, and not of another sign-in that was faster.
async fn renewed(app: &App, member: i64, old: &str, password: Secret) -> Answer<Option<String>> {
    let hash = app.passwords.hash(password.clone()).await?;
    let mut write = app.db.write().await?;
    if members::renew_hash(&mut write, member, old, &hash).await? {
        write.commit().await?;
        return Ok(Some(hash));
    }
    let stored = members::password_of(&mut *write, member).await?;
    // Not compared in the turn to write.
    drop(write);
    let right = app.passwords.verify(password, stored.clone()).await?;
    Ok(stored.filter(|_| right))
}
