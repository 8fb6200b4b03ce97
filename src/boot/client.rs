//! A client of one community: tokens → backend → engine.

use std::path::PathBuf;
use std::sync::Arc;

use super::{Ground, backends, vaults};
use crate::base::random::SystemRandom;
use crate::base::secret::Secret;
use crate::base::time::SystemClock;
use crate::cli::asking::Asking;
use crate::cli::output::Failure;
use crate::config::environment;
use crate::engine::account::{Accounts, Sessions};
use crate::engine::problem::{Kind, explain};
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

/// The community that is meant: the one set, else the one used last.
pub(super) fn origin(ground: &Ground) -> Result<String, Failure> {
    let Some(address) = &ground.settings.client.community else {
        let accounts = Accounts::read(&accounts_file(ground))?;
        let last = accounts.list.into_iter().next().map(|account| account.origin);
        return last.ok_or_else(|| Failure::said(Kind::Invalid, "cli.no_community"));
    };
    backends::origin(address).map_err(|key| Failure::Said {
        kind: Kind::Invalid,
        key,
        values: vec![("address", address.clone())],
    })
}

/// Where what is read and written in a community is kept: a folder of its own.
pub(super) fn shelf(ground: &Ground, origin: &str) -> Shelf {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    let name: String = origin.chars().map(|c| if plain(c) { c } else { '_' }).collect();
    Shelf::in_folder(ground.paths.state.join("communities").join(name))
}

/// Starts a client of that community for one command: it keeps nothing.
pub(super) fn connect(ground: &Ground) -> Result<Client, Failure> {
    start(ground, |_| None)
}

/// Starts a client of that community for the screen: it keeps what is read and written.
pub(super) fn open(ground: &Ground) -> Result<Client, Failure> {
    start(ground, |origin| Some(shelf(ground, origin)))
}

fn start(ground: &Ground, shelf: impl FnOnce(&str) -> Option<Shelf>) -> Result<Client, Failure> {
    let origin = origin(ground)?;
    let file = accounts_file(ground);
    let sessions = match environment::of_process(environment::TOKEN) {
        Some(token) => Sessions::with_token(&origin, vaults::memory(), Secret::from(token)),
        None => {
            let remembered = Accounts::read(&file)?.at(&origin).and_then(|account| account.vault.clone());
            Sessions::open(&origin, vaults::chain(ground, remembered.as_deref()), Some(file))
        }
    };
    with_sessions(Arc::new(sessions), shelf(&origin))
}

/// Starts a client with these tokens.
pub(super) fn with_sessions(sessions: Arc<Sessions>, shelf: Option<Shelf>) -> Result<Client, Failure> {
    let backend =
        backends::build(sessions.origin(), sessions.clone()).map_err(|error| Failure::User(explain(&error)))?;
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
