//! `lyceum admin`: running a community. The first owner and forgotten passwords are matters of the server's own machine;
//! from then on owners give roles, over the network.

use clap::{Subcommand, ValueEnum};

use super::asking::Asking;
use super::json::{FactorEnded, RoleSet};
use super::output::{Desk, Failure};
use crate::base::ids::Username;
use crate::engine::request::Request;
use crate::model::member::Role;

/// What there is to do.
#[derive(Clone, Debug, Subcommand)]
pub enum Admin {
    /// Make somebody the first owner, on the server's own data folder
    #[command(hide = cfg!(not(feature = "server")))]
    Owner {
        /// Who
        name: String,
        /// The server's data folder (also LYCEUM_DATA_DIR)
        #[arg(long, value_name = "DIR")]
        data: Option<String>,
    },
    /// Give somebody a role, as the owner who is signed in
    Role {
        /// Who
        name: String,
        /// Which role
        #[arg(value_enum)]
        role: RoleName,
    },
    /// Set somebody's password, asked for or read from standard input, on the server's own data folder
    #[command(hide = cfg!(not(feature = "server")))]
    Password {
        /// Who
        name: String,
        /// The server's data folder (also LYCEUM_DATA_DIR)
        #[arg(long, value_name = "DIR")]
        data: Option<String>,
    },
    /// Take away the second factor of somebody who lost the device and the recovery codes, on the server's own data folder
    #[command(hide = cfg!(not(feature = "server")))]
    EndSecondFactor {
        /// Who
        name: String,
        /// The server's data folder (also LYCEUM_DATA_DIR)
        #[arg(long, value_name = "DIR")]
        data: Option<String>,
    },
}

impl Admin {
    /// The data folder that was named.
    pub fn data(&self) -> Option<&str> {
        match self {
            Self::Owner { data, .. } | Self::Password { data, .. } | Self::EndSecondFactor { data, .. } => {
                data.as_deref()
            }
            Self::Role { .. } => None,
        }
    }
}

/// A role, as typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum RoleName {
    /// Reads, asks, answers
    Member,
    /// Answers by appointment
    Expert,
    /// Keeps order
    Moderator,
    /// Runs the place
    Owner,
}

impl From<RoleName> for Role {
    fn from(name: RoleName) -> Self {
        match name {
            RoleName::Member => Self::Member,
            RoleName::Expert => Self::Expert,
            RoleName::Moderator => Self::Moderator,
            RoleName::Owner => Self::Owner,
        }
    }
}

fn set(name: &str, role: Option<Role>) -> RoleSet {
    RoleSet { schema: RoleSet::SCHEMA, username: name.to_owned(), role }
}

/// Gives a role over the network.
///
/// # Errors
/// When the community does not do it.
pub async fn give_role(asking: &mut Asking, desk: &mut Desk<'_>, name: &str, role: Role) -> Result<(), Failure> {
    asking.apply(Request::GiveRole(Username::new(name), role)).await?;
    desk.say(
        "cli.role",
        &[("name", name), ("role", desk.words.get(&format!("role.{}", role.as_str())))],
        &set(name, Some(role)),
    )
}

/// Says that there is an owner now.
///
/// # Errors
/// When nobody reads.
pub fn made_owner(desk: &mut Desk<'_>, name: &str) -> Result<(), Failure> {
    desk.say("cli.owner", &[("name", name)], &set(name, Some(Role::Owner)))
}

/// Says that somebody has a new password.
///
/// # Errors
/// When nobody reads.
pub fn set_password(desk: &mut Desk<'_>, name: &str) -> Result<(), Failure> {
    desk.say("cli.password_set", &[("name", name)], &set(name, None))
}

/// Says that somebody signs in with their password alone from now on; `had` tells whether that is new.
///
/// # Errors
/// When nobody reads.
pub fn ended_second_factor(desk: &mut Desk<'_>, name: &str, had: bool) -> Result<(), Failure> {
    let key = if had { "cli.second_factor_ended" } else { "cli.no_second_factor" };
    let (schema, username) = (FactorEnded::SCHEMA, name.to_owned());
    desk.say(key, &[("name", name)], &FactorEnded { schema, username, ended: had })
}
