//! What the host does at the machine, without the network: the first owner, and a forgotten password.
//!
//! Works beside a running server; whoever may read the data folder may do all of this anyway.

use std::path::Path;
use std::sync::Arc;

use crate::base::random::SystemRandom;
use crate::base::secret::{ExposeSecret, Secret};
use crate::base::time::{Clock, SystemClock};
use crate::config::server::PasswordCost;
use crate::model::member::Role;
use crate::server::auth::password::{self, Passwords, Weakness};
use crate::server::db::audit::{self, Deed};
use crate::server::db::members::{self, NewMember};
use crate::server::db::{Db, OpenError, community, second_factors, sessions};
use crate::server::extract::is_username;

/// Why it was not done.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A statement.
    #[error("the database: {0}")]
    Sql(#[from] sqlx::Error),
    /// No name: 3 to 32 of `a-z 0-9 - _`.
    #[error("a username is 3 to 32 of a-z 0-9 - _")]
    NoName,
    /// Somebody else has a name that looks like it.
    #[error("the name {0} looks like that of another member")]
    Alike(String),
    /// Nobody of that name.
    #[error("there is no member {0}")]
    NoMember(String),
    /// There is an owner already; from here on owners give roles.
    #[error("there is an owner already: roles are given by them")]
    OwnerExists,
    /// A password that is too weak.
    #[error("the password: {}", .0.as_str())]
    Weak(Weakness),
    /// The hash could not be made.
    #[error("the password could not be hashed")]
    Hash,
}

/// Makes `username` the owner while there is none, with a new account if there is no such member. The account has no
/// password until [`set_password`].
pub async fn make_owner(data_dir: &Path, username: &str) -> Result<(), Error> {
    if !is_username(username) {
        return Err(Error::NoName);
    }
    let db = Db::open(data_dir, Arc::new(SystemClock)).await?;
    let now = SystemClock.now();
    let mut write = db.write().await?;
    if members::owners(&mut *write).await? > 0 {
        return Err(Error::OwnerExists);
    }
    match members::by_name(&mut *write, username).await? {
        Some(member) => members::set_role(&mut write, member.id, Role::Owner, now).await?,
        None => {
            community::ensure(&mut write).await?;
            let policy = community::get(&mut *write).await?.policy_version;
            let id = db.ids().next();
            let (name, role) = (username, Role::Owner);
            let new = NewMember { id, username, name, email: None, role, password_hash: None, policy_version: &policy };
            if members::is_alike(&mut *write, username, None).await? {
                return Err(Error::Alike(username.to_owned()));
            }
            members::add(&mut write, &new, now).await?;
        }
    }
    let deed = Deed { actor: None, deed: "role", subject: username, detail: "first owner" };
    audit::add(&mut write, db.ids().next(), now, &deed).await?;
    write.commit().await?;
    db.close().await;
    Ok(())
}

/// Takes away the second factor of a member who has lost the device and the recovery codes, and ends their sessions. False
/// when they had none.
pub async fn end_second_factor(data_dir: &Path, username: &str) -> Result<bool, Error> {
    let db = Db::open(data_dir, Arc::new(SystemClock)).await?;
    let now = SystemClock.now();
    let mut write = db.write().await?;
    let member = members::by_name(&mut *write, username).await?;
    let member = member.ok_or_else(|| Error::NoMember(username.to_owned()))?;
    let had = second_factors::confirmed(&mut *write, member.id).await?.is_some();
    if had {
        second_factors::end(&mut write, member.id).await?;
        sessions::revoke_all(&mut write, member.id, now).await?;
        let deed = Deed { actor: None, deed: "second-factor", subject: username, detail: "ended at the machine" };
        audit::add(&mut write, db.ids().next(), now, &deed).await?;
    }
    // Also with nothing to write: closing waits for whoever has the turn.
    write.commit().await?;
    db.close().await;
    Ok(had)
}

/// Sets a member's password and ends their sessions.
pub async fn set_password(data_dir: &Path, username: &str, password: Secret, cost: PasswordCost) -> Result<(), Error> {
    if let Some(weakness) = password::fault(password.expose_secret(), username) {
        return Err(Error::Weak(weakness));
    }
    let db = Db::open(data_dir, Arc::new(SystemClock)).await?;
    let now = SystemClock.now();
    let hash = Passwords::new(cost, Arc::new(SystemRandom)).hash(password).await.map_err(|_| Error::Hash)?;
    let mut write = db.write().await?;
    let member = members::by_name(&mut *write, username).await?;
    let member = member.ok_or_else(|| Error::NoMember(username.to_owned()))?;
    members::set_password(&mut write, member.id, &hash, now).await?;
    sessions::revoke_all(&mut write, member.id, now).await?;
    let deed = Deed { actor: None, deed: "password", subject: username, detail: "set at the machine" };
    audit::add(&mut write, db.ids().next(), now, &deed).await?;
    write.commit().await?;
    db.close().await;
    Ok(())
}
