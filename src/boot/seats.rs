//! The accounts of this machine, as a screen opens and forgets them.

use std::path::PathBuf;
use std::sync::Arc;

use async_trait::async_trait;

use super::client::{self, Client};
use super::{Ground, backends, vaults};
use crate::base::ids::Username;
use crate::cli::output::Failure;
use crate::engine::Shelf;
use crate::engine::account::{Account, Accounts as List, Sessions};
use crate::engine::problem::{UserError, engine_gone, explain_accounts, explain_address};
use crate::engine::seat::{Accounts, Seat, Who};

/// The accounts in a folder of settings and tokens.
pub(super) struct Seats {
    ground: Ground,
    /// Where they are listed; none when they are remembered for this run only.
    file: Option<PathBuf>,
    /// A community whose texts stand elsewhere.
    shelf: Option<(String, Shelf)>,
}

/// The origin of a community by its address.
pub(super) fn address(written: &str) -> Result<String, UserError> {
    backends::origin(written).map_err(|key| explain_address(key, written))
}

impl Seats {
    /// Those this person used on this machine.
    pub(super) fn of(ground: &Ground) -> Self {
        Self { ground: ground.clone(), file: Some(client::accounts_file(ground)), shelf: None }
    }

    /// None but the one in front: further ones last as long as the screen. What is kept of that community stands on
    /// this shelf.
    #[cfg(feature = "server")]
    pub(super) fn for_one_run(ground: &Ground, origin: &str, shelf: Shelf) -> Self {
        Self { ground: ground.clone(), file: None, shelf: Some((origin.to_owned(), shelf)) }
    }

    fn sessions(&self, who: &Who) -> Result<Sessions, UserError> {
        match &self.file {
            Some(file) => client::sessions_of(&self.ground, who).map_err(|error| explain_accounts(file, &error)),
            None => Ok(Sessions::open_as(&who.origin, None, vaults::memory(), None)),
        }
    }

    fn shelf(&self, origin: &str) -> Shelf {
        match &self.shelf {
            Some((known, shelf)) if known == origin => shelf.clone(),
            _ => client::shelf(&self.ground, origin),
        }
    }

    fn start(&self, who: &Who, shelf: Option<Shelf>) -> Result<Client, UserError> {
        // An account of an older list, or one that was written by hand.
        let origin = address(&who.origin)?;
        let who = Who { origin, ..who.clone() };
        client::with_sessions(&self.ground, Arc::new(self.sessions(&who)?), shelf).map_err(|failure| match failure {
            Failure::User(error) => error,
            _ => engine_gone(),
        })
    }
}

#[async_trait]
impl Accounts for Seats {
    fn list(&self) -> Result<Vec<Account>, UserError> {
        let Some(file) = &self.file else { return Ok(Vec::new()) };
        List::read(file).map(|list| list.list).map_err(|error| explain_accounts(file, &error))
    }

    fn open(&self, who: &Who) -> Result<Seat, UserError> {
        let (handle, events) = self.start(who, Some(self.shelf(&who.origin)))?.asking.into_parts();
        Ok(Seat { handle, events })
    }

    fn used(&self, who: &Who) {
        let (Some(file), Some(name)) = (&self.file, &who.username) else { return };
        if let Err(error) = List::change(file, |list| list.used(&who.origin, name)) {
            tracing::warn!(%error, "which account was used last is not remembered");
        }
    }

    async fn forget(&self, who: &Who, texts: bool) -> Result<(), UserError> {
        let Some(name) = &who.username else { return Ok(()) };
        if self.file.is_some() {
            // Of one whose engine has done so there is no session left to end. An address that is none has no server.
            if let Ok(mut client) = self.start(who, None) {
                let _ = client.asking.sign_out().await;
            }
        }
        let told = |error: &std::io::Error| explain_accounts(&client::accounts_file(&self.ground), error);
        if let Some(file) = &self.file {
            List::change(file, |list| list.remove(&who.origin, name)).map_err(|error| told(&error))?;
        }
        if texts {
            self.shelf(&who.origin).clear(&Username::new(name.clone())).map_err(|error| told(&error))?;
        }
        Ok(())
    }
}
