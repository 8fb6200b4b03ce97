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
use crate::engine::problem::{UserError, engine_gone, explain_accounts, explain_address, explain_left};
use crate::engine::seat::{Accounts, Seat, Who};
use crate::engine::tokens::Farewell;

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

    /// Ends the session there and forgets its tokens here.
    async fn sign_out(&self, who: &Who) -> Result<Farewell, UserError> {
        let mut client = self.start(who, None)?;
        client.asking.sign_out().await.map_err(|_| engine_gone())?;
        match client.sessions.reasons().first() {
            Some(left) => Err(explain_left(&left.sentence(&self.ground.words))),
            None => Ok(client.sessions.farewell().unwrap_or(Farewell::TOLD)),
        }
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

    async fn forget(&self, who: &Who, texts: bool) -> Result<Farewell, UserError> {
        let Some(name) = &who.username else { return Ok(Farewell::TOLD) };
        // Of one whose engine has done so there is no session left to end. An address that is none has no server.
        let farewell = match address(&who.origin) {
            Ok(_) if self.file.is_some() => self.sign_out(who).await?,
            _ => Farewell::TOLD,
        };
        let told = |error: &std::io::Error| explain_accounts(&client::accounts_file(&self.ground), error);
        if let Some(file) = &self.file {
            List::change(file, |list| list.remove(&who.origin, name)).map_err(|error| told(&error))?;
        }
        if texts {
            self.shelf(&who.origin).clear(&Username::new(name.clone())).map_err(|error| told(&error))?;
        }
        Ok(farewell)
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::base::paths::Paths;
    use crate::config::locale::{Catalog, Language};
    use crate::config::{Settings, client::Vault as Choice};
    use crate::vault::Entry;

    const NAME: &str = "ada";

    fn ground(home: &Path) -> Ground {
        let (paths, words) = (Paths::under(home), Catalog::new(Language::English));
        let mut settings = Settings::default();
        settings.client.vault = Choice::File;
        let places = Arc::new(vaults::Places::new(&paths, &settings.client, &words));
        Ground { paths, settings, words, places }
    }

    fn who(origin: &str) -> Who {
        Who { origin: origin.to_owned(), username: Some(NAME.to_owned()) }
    }

    /// Somebody whose tokens are in a file, at a community where nobody answers.
    fn signed_in(ground: &Ground) -> (Who, PathBuf) {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let who = who(&format!("http://127.0.0.1:{port}"));
        let session =
            crate::community::Session { refresh: "r".into(), ..crate::community::Session::of_token("a".into()) };
        client::sessions_of(ground, &who).unwrap().keep(NAME, &session);
        let entry = Entry { origin: who.origin.clone(), account: NAME.to_owned() };
        let place = vaults::chain(ground, Some("file")).place(&entry);
        (who, place.into())
    }

    #[tokio::test]
    async fn an_account_whose_tokens_may_be_left_stays_in_the_list() {
        let home = tempfile::tempdir().unwrap();
        let ground = ground(home.path());
        let seats = Seats::of(&ground);
        let (who, file) = signed_in(&ground);
        std::fs::remove_file(&file).unwrap();
        std::fs::create_dir_all(file.join("in the way")).unwrap();
        let error = seats.forget(&who, false).await.unwrap_err();
        assert_eq!((error.text, error.hint), ("tokens.left", "hint.forget_again"));
        assert!(error.args[0].1.contains(file.to_str().unwrap()), "{error:?}");
        assert_eq!(seats.list().unwrap().len(), 1, "nobody would look there any more");
        std::fs::remove_dir_all(&file).unwrap();
        seats.forget(&who, false).await.unwrap();
        assert!(seats.list().unwrap().is_empty());
    }

    #[tokio::test]
    async fn whether_the_community_has_heard_of_it_is_told() {
        let home = tempfile::tempdir().unwrap();
        let ground = ground(home.path());
        let (who, file) = signed_in(&ground);
        let farewell = Seats::of(&ground).forget(&who, false).await.unwrap();
        assert!(!farewell.is_told && !file.exists());
    }
}
