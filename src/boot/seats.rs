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

    /// Whose account it is, by the one spelling of its community: tokens, texts and the list know it by that. A list that
    /// is older, or was written by hand, is mended.
    fn known(&self, who: &Who) -> Result<Who, UserError> {
        let origin = address(&who.origin)?;
        if let Some(file) = self.file.as_ref().filter(|_| origin != who.origin) {
            let spell = |list: &mut List| list.spell(|written| address(written).ok());
            List::change(file, spell).map_err(|error| explain_accounts(file, &error))?;
        }
        Ok(Who { origin, ..who.clone() })
    }

    fn start(&self, who: &Who, shelf: Option<Shelf>) -> Result<Client, UserError> {
        client::with_sessions(&self.ground, Arc::new(self.sessions(who)?), shelf).map_err(|failure| match failure {
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
        let mut all = List::read(file).map_err(|error| explain_accounts(file, &error))?;
        all.spell(|written| address(written).ok());
        Ok(all.list)
    }

    fn open(&self, who: &Who) -> Result<Seat, UserError> {
        let who = self.known(who)?;
        let (handle, events) = self.start(&who, Some(self.shelf(&who.origin)))?.asking.into_parts();
        Ok(Seat { handle, events })
    }

    fn used(&self, who: &Who) {
        let Ok(who) = self.known(who) else { return };
        let (Some(file), Some(name)) = (&self.file, &who.username) else { return };
        if let Err(error) = List::change(file, |list| list.used(&who.origin, name)) {
            tracing::warn!(%error, "which account was used last is not remembered");
        }
    }

    async fn forget(&self, who: &Who, texts: bool) -> Result<Farewell, UserError> {
        let Some(name) = &who.username else { return Ok(Farewell::TOLD) };
        // An address that is none has no server.
        let is_address = address(&who.origin).is_ok();
        let who = if is_address { &self.known(who)? } else { who };
        // Of one whose engine has done so there is no session left to end.
        let farewell = if is_address && self.file.is_some() { self.sign_out(who).await? } else { Farewell::TOLD };
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
    use crate::engine::event::Event;
    use crate::vault::Entry;

    const NAME: &str = "ada";

    fn ground(home: &Path) -> Ground {
        let (paths, words) = (Paths::under(home), Catalog::new(Language::English));
        let mut settings = Settings::default();
        settings.client.vault = Choice::File;
        let places = Arc::new(vaults::Places::new(&paths, &settings.client, &words));
        Ground { paths, settings, faults: Vec::new(), words, places, linear: None }
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
    #[tokio::test]
    async fn one_community_typed_in_two_ways_is_one() {
        let home = tempfile::tempdir().unwrap();
        let ground = ground(home.path());
        let seats = Seats::of(&ground);
        let written = |origin: &str| Account {
            origin: origin.into(),
            username: NAME.into(),
            vault: Some("file".into()),
            name: None,
        };
        let list = List { list: ["http://127.0.0.1:1", "http://LocalHost:1/"].map(written).into() };
        list.write(&client::accounts_file(&ground)).unwrap();
        let listed = || seats.list().unwrap().into_iter().map(|account| account.origin).collect::<Vec<_>>();
        assert_eq!(listed(), ["http://127.0.0.1:1", "http://localhost:1"]);
        seats.used(&who("http://LOCALHOST:1"));
        assert_eq!(listed(), ["http://localhost:1", "http://127.0.0.1:1"]);
        let communities = ground.paths.state.join("communities");
        let mut seat = seats.open(&who("http://localHOST:1/")).unwrap();
        while !matches!(seat.events.recv().await, Some(Event::Opened { .. })) {}
        let folders: Vec<_> =
            std::fs::read_dir(&communities).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        assert_eq!(folders, ["http___localhost_1"], "its texts are kept twice");
        let texts = communities.join("http___localhost_1/ada.db");
        assert!(texts.exists());
        drop(seat);
        seats.forget(&who("http://Localhost:1/"), true).await.unwrap();
        assert_eq!(listed(), ["http://127.0.0.1:1"]);
        assert!(!texts.exists());
    }
}
