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
pub mod config;
pub mod demo;
pub mod doctor;
pub mod errand;
pub mod exit;
pub mod export;
pub mod feed;
pub mod help;
pub mod inbox;
pub mod json;
pub mod login;
pub mod logout;
pub mod look;
pub mod mark;
pub mod membership;
pub mod outbox;
pub mod output;
pub mod page;
pub mod pages;
pub mod paper;
pub mod prompt;
pub mod search;
pub mod second_factor;
pub mod serve;
pub mod sessions;
pub mod spaces;
pub mod thread;
pub mod tokens;
pub mod vaults;
pub mod whoami;
pub mod writing;

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

    /// Speak line by line instead of drawing a screen: for screen readers, and for terminals that can do nothing else
    #[arg(long)]
    pub plain: bool,

    /// What to do; nothing opens the screen
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// What can be asked for.
#[derive(Clone, Debug, Subcommand)]
pub enum Command {
    /// Read and write without the screen
    #[command(flatten)]
    Errand(Errand),
    /// Print a completion script for a shell
    Completions(pages::Completions),
    /// Print the manual page, or write one for each command
    Man(pages::Man),
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
    /// Write, check or find the settings file
    #[command(subcommand)]
    Config(config::Config),
    /// Say what Lyceum found out about this machine, ready for a bug report
    Doctor,
    /// Run a community: the first owner, roles, passwords
    #[command(subcommand)]
    Admin(admin::Admin),
}

/// What reads and writes in the community.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// List threads: the feed, or those of a space, kind, tag or state
    Feed(feed::Feed),
    /// Print a thread with its posts
    Thread(thread::Thread),
    /// Find threads by words
    Search(search::Search),
    /// List the spaces
    Spaces,
    /// List what concerns you, and put it away
    Inbox(inbox::Items),
    /// Say what you hold, and why a thread is open or closed
    Membership(membership::Membership),
    /// Open a thread: a question, or another kind
    Ask(writing::Ask),
    /// Answer a question
    Answer(writing::Answer),
    /// Reply to a thread or a post
    Reply(writing::Reply),
    /// Comment a post
    Comment(writing::OfPost),
    /// Write a post of yours anew
    Edit(writing::OfPost),
    /// Vote on a post
    Vote(mark::Vote),
    /// Accept an answer
    Accept(mark::Accept),
    /// Keep a thread for later
    Bookmark(mark::Toggle),
    /// Have new posts of a thread reported
    Follow(mark::Toggle),
    /// Have nothing of a thread reported
    Mute(mark::Toggle),
    /// Mark posts of a thread as read
    MarkRead(mark::MarkRead),
    /// List what was written and has not arrived; send it, take it back or give it up
    Outbox(outbox::Unsent),
    /// Write threads as Markdown and JSON, into a folder or to standard output
    Export(export::Export),
}

impl Errand {
    /// Runs it.
    ///
    /// # Errors
    /// With the reason why it could not be done.
    pub async fn run(&self, errand: &mut errand::Errand<'_, '_>) -> Result<(), output::Failure> {
        match self {
            Self::Feed(feed) => feed::run(feed, errand).await,
            Self::Thread(thread) => thread::run(thread, errand).await,
            Self::Search(search) => search::run(search, errand).await,
            Self::Spaces => spaces::run(errand).await,
            Self::Inbox(inbox) => inbox::run(inbox, errand).await,
            Self::Membership(membership) => membership::run(membership, errand).await,
            Self::Ask(ask) => writing::ask(ask, errand).await,
            Self::Answer(answer) => writing::answer(answer, errand).await,
            Self::Reply(reply) => writing::reply(reply, errand).await,
            Self::Comment(comment) => writing::comment(comment, errand).await,
            Self::Edit(edit) => writing::edit(edit, errand).await,
            Self::Vote(vote) => mark::vote(vote, errand).await,
            Self::Accept(accept) => mark::accept(accept, errand).await,
            Self::Bookmark(toggle) => mark::toggle("bookmark", toggle, errand).await,
            Self::Follow(toggle) => mark::toggle("follow", toggle, errand).await,
            Self::Mute(toggle) => mark::toggle("mute", toggle, errand).await,
            Self::MarkRead(mark) => mark::read(mark, errand).await,
            Self::Outbox(unsent) => outbox::run(unsent, errand).await,
            Self::Export(export) => export::run(export, errand).await,
        }
    }
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

    /// The definition of the command line in a language, for what is made from it.
    pub fn definition(words: &Catalog) -> clap::Command {
        help::localised(Self::command(), words)
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
