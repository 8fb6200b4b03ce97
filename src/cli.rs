//! F6: the command line: what may be asked of `lyceum` without a screen, and how it answers. One file per command.
//!
//! It reads arguments and prints; everything that is built or started is built and started by `boot`.

use std::ffi::OsString;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::config::Flag;
use crate::config::locale::Catalog;

pub mod accounts;
pub mod admin;
pub mod asking;
pub mod auth;
pub mod demo;
pub mod doctor;
pub mod exit;
pub mod help;
pub mod login;
pub mod logout;
pub mod output;
pub mod paper;
pub mod prompt;
pub mod second_factor;
pub mod serve;
pub mod sessions;
pub mod tokens;
pub mod vaults;
pub mod whoami;

/// The terminal home of paid developer communities.
///
/// Without a command it opens the screen on the account you used last.
#[derive(Clone, Debug, Parser)]
#[command(name = "lyceum", version, disable_help_subcommand = true)]
pub struct Arguments {
    /// The community, `https://…` (also LYCEUM_COMMUNITY)
    #[arg(long, global = true, value_name = "URL")]
    pub community: Option<String>,

    /// The account to use, by its username, when there are several (also LYCEUM_ACCOUNT)
    #[arg(long, global = true, value_name = "NAME")]
    pub account: Option<String>,

    /// Trust these authorities besides the system's: a file of certificates in PEM (also LYCEUM_CA_FILE)
    #[arg(long, global = true, value_name = "FILE")]
    pub ca_file: Option<String>,

    /// Print JSON instead of sentences
    #[arg(long, global = true)]
    pub json: bool,

    /// What to do; nothing opens the screen
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be asked for.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Open an invented community on this machine
    #[command(hide = cfg!(not(feature = "server")))]
    Demo(demo::Demo),
    /// Run a community server
    #[command(hide = cfg!(not(feature = "server")))]
    Serve(serve::Serve),
    /// Sign in: with a password, another device, a browser or a token
    Login(login::Login),
    /// Sign out and forget the tokens
    Logout,
    /// Say who is signed in
    Whoami,
    /// List where you are signed in, and end that
    Sessions(sessions::Sessions),
    /// Make, list and end personal access tokens
    Tokens(tokens::Tokens),
    /// Have signing in take a code besides the password
    SecondFactor(second_factor::SecondFactor),
    /// Say how you are signed in
    #[command(subcommand)]
    Auth(auth::Auth),
    /// List the accounts used on this machine; `*` marks the one in use
    Accounts,
    /// Say what Lyceum found out about this machine, ready for a bug report
    Doctor,
    /// Run a community: the first owner, roles, passwords
    #[command(subcommand)]
    Admin(admin::Admin),
}

impl Arguments {
    /// Reads a command line, the program's name first.
    ///
    /// # Errors
    /// With a fault, or with what was asked to be shown ([`help::is_shown`]): help, or the version.
    pub fn read(line: impl IntoIterator<Item = OsString>, words: &Catalog) -> Result<Self, clap::Error> {
        let mut command = help::localised(Self::command(), words);
        let matches = command.try_get_matches_from_mut(line)?;
        Self::from_arg_matches(&matches).map_err(|error| error.format(&mut command))
    }

    /// The settings among them.
    pub fn flags(&self) -> Vec<Flag> {
        let mut flags = Vec::new();
        set(&mut flags, "--community", "client.community", self.community.as_deref());
        set(&mut flags, "--account", "client.account", self.account.as_deref());
        set(&mut flags, "--ca-file", "client.ca_file", self.ca_file.as_deref());
        match &self.command {
            Some(Command::Serve(serve)) => serve.flags(&mut flags),
            Some(Command::Admin(admin)) => set(&mut flags, "--data", "server.data_dir", admin.data()),
            _ => {}
        }
        flags
    }
}

fn set(flags: &mut Vec<Flag>, name: &'static str, setting: &'static str, value: Option<&str>) {
    if let Some(value) = value {
        flags.push(Flag { name, setting, value: value.to_owned() });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn flags_are_settings() {
        let line = ["lyceum", "serve", "--listen", "[::1]:0", "--demo-content", "--community", "x"];
        let flags = Arguments::try_parse_from(line).unwrap().flags();
        let settings: Vec<_> = flags.iter().map(|flag| (flag.setting, flag.value.as_str())).collect();
        let expected = [("client.community", "x"), ("server.listen", "[::1]:0"), ("server.demo_content", "true")];
        assert_eq!(settings, expected);
    }

    #[test]
    fn a_password_is_no_argument() {
        assert!(Arguments::try_parse_from(["lyceum", "login", "ada", "--password", "hush"]).is_err());
        assert!(Arguments::try_parse_from(["lyceum", "admin", "password", "ada", "hush"]).is_err());
    }
}
