//! A client of one community: tokens → backend → engine.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Ground, backends, vaults};
use crate::base::random::SystemRandom;
use crate::base::secret::Secret;
use crate::base::text::Clean;
use crate::base::time::SystemClock;
use crate::cli::asking::Asking;
use crate::cli::output::Failure;
use crate::config::{self, environment};
use crate::engine::account::{Account, Accounts, Sessions};
use crate::engine::problem::{Kind, explain};
use crate::engine::seat::Who;
use crate::engine::{Engine, Parts, Shelf};

/// A running engine and whose tokens it uses.
pub(super) struct Client {
    pub(super) asking: Asking,
    pub(super) sessions: Arc<Sessions>,
}

/// The file that remembers who signed in where.
pub(super) fn accounts_file(ground: &Ground) -> PathBuf {
    ground.paths.data.join("accounts.toml")
}

/// The account that is meant. A community that is named and an account that is named count; without one of them what was
/// used last does. A name that no account bears is a fault: what is done as somebody else is hard to take back.
pub(super) fn who(ground: &Ground) -> Result<Who, Failure> {
    let client = &ground.settings.client;
    let origin = client.community.as_deref().map(address).transpose()?;
    let accounts = Accounts::read(&accounts_file(ground))?.list;
    let there: Vec<&Account> =
        accounts.iter().filter(|account| origin.as_ref().is_none_or(|origin| account.origin == *origin)).collect();
    let known = there.iter().find(|account| client.account.as_ref().is_none_or(|name| account.username == *name));
    match (known, &client.account, origin) {
        (Some(account), _, _) => Ok(Who::of(account)),
        (None, Some(name), origin) => Err(unknown(name, origin, &there)),
        (None, None, Some(origin)) => Ok(Who::nobody(&origin)),
        (None, None, None) => Err(Failure::said(Kind::Invalid, "cli.no_community")),
    }
}

/// Whoever signs in: an account of this name need not be known yet.
fn who_signs_in(ground: &Ground, name: Option<&str>) -> Result<Who, Failure> {
    match name {
        Some(name) => Ok(Who { origin: origin(ground)?, username: Some(name.to_owned()) }),
        None => who(ground),
    }
}

fn unknown(name: &str, origin: Option<String>, there: &[&Account]) -> Failure {
    let meant = config::closest(name, there.iter().map(|account| account.username.as_str()));
    let key = match (&origin, &meant) {
        (None, None) => "cli.accounts.unknown",
        (None, Some(_)) => "cli.accounts.meant",
        (Some(_), None) => "cli.accounts.unknown_there",
        (Some(_), Some(_)) => "cli.accounts.meant_there",
    };
    let mut values = vec![("name", Clean::line(name).to_string())];
    values.extend(origin.map(|origin| ("community", origin)));
    values.extend(meant.map(|meant| ("meant", meant)));
    Failure::Said { kind: Kind::NotFound, key, values }
}

fn address(written: &str) -> Result<String, Failure> {
    backends::origin(written).map_err(|key| Failure::Said {
        kind: Kind::Invalid,
        key,
        values: vec![("address", written.to_owned())],
    })
}

/// The community that is meant, whoever uses it: the one set, else the one used last.
pub(super) fn origin(ground: &Ground) -> Result<String, Failure> {
    if let Some(written) = &ground.settings.client.community {
        return address(written);
    }
    let last = Accounts::read(&accounts_file(ground))?.list.into_iter().next().map(|account| account.origin);
    last.ok_or_else(|| Failure::said(Kind::Invalid, "cli.no_community"))
}

/// Where what is read and written in a community is kept: a folder of its own.
pub(super) fn shelf(ground: &Ground, origin: &str) -> Shelf {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let name: String = origin.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    Shelf::in_folder(ground.paths.state.join("communities").join(name))
}

/// Starts a client of the account that is meant, for one command: it keeps nothing.
pub(super) fn connect(ground: &Ground) -> Result<Client, Failure> {
    with_sessions(ground, Arc::new(sessions_in_use(ground, who)?), None)
}

/// The same for a command that reads and writes: what is kept is at hand, and what is written is kept until it arrived.
pub(super) fn connect_kept(ground: &Ground) -> Result<Client, Failure> {
    let sessions = sessions_in_use(ground, who)?;
    let shelf = shelf(ground, sessions.origin());
    with_sessions(ground, Arc::new(sessions), Some(shelf))
}

/// The same, where somebody signs in, under this name if it is given.
pub(super) fn connect_to_sign_in(ground: &Ground, name: Option<&str>) -> Result<Client, Failure> {
    with_sessions(ground, Arc::new(sessions_in_use(ground, |ground| who_signs_in(ground, name))?), None)
}

/// Starts a client of the account that is meant, for the screen: it keeps what is read and written.
pub(super) fn open(ground: &Ground) -> Result<(Who, Client), Failure> {
    let sessions = sessions_in_use(ground, who)?;
    let username = sessions.account().map(|account| account.username);
    let who = Who { origin: sessions.origin().to_owned(), username };
    let shelf = shelf(ground, &who.origin);
    Ok((who, with_sessions(ground, Arc::new(sessions), Some(shelf))?))
}

/// The tokens in use: one from the environment, or those of an account.
fn sessions_in_use(ground: &Ground, who: impl FnOnce(&Ground) -> Result<Who, Failure>) -> Result<Sessions, Failure> {
    if let Some(token) = environment::of_process(environment::TOKEN) {
        return Ok(Sessions::with_token(&origin(ground)?, vaults::memory(), Secret::from(token)));
    }
    let who = who(ground)?;
    match vaults::by_command(ground, &who.origin) {
        Some(sessions) => Ok(sessions),
        None => Ok(sessions_of(ground, &who)?),
    }
}

/// The tokens of an account, in the vault where they were put.
pub(super) fn sessions_of(ground: &Ground, who: &Who) -> std::io::Result<Sessions> {
    let (file, name) = (accounts_file(ground), who.username.as_deref());
    let accounts = Accounts::read(&file)?;
    let remembered = name.and_then(|name| accounts.named(&who.origin, name)).and_then(|account| account.vault.clone());
    Ok(Sessions::open_as(&who.origin, name, vaults::chain(ground, remembered.as_deref()), Some(file)))
}

/// Starts a client with these tokens.
pub(super) fn with_sessions(ground: &Ground, sessions: Arc<Sessions>, shelf: Option<Shelf>) -> Result<Client, Failure> {
    let backend = backends::build(sessions.origin(), sessions.clone(), backends::network(ground)?)
        .map_err(|error| Failure::User(explain(&error)))?;
    let (handle, events) = Engine::start(Parts {
        community: backend.community,
        sign_in: backend.sign_in,
        security: backend.security,
        sessions: Arc::clone(&sessions),
        shelf,
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    });
    Ok(Client { asking: Asking::new(handle, events), sessions })
}
