//! Who is signed in where, and with which tokens. What is remembered here is names; the tokens are in a vault.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::tokens::{Farewell, Refusal, pack, unpack};
use crate::base::private;
use crate::base::secret::{ExposeSecret as _, Secret};
use crate::community::{Session, SessionStore};
use crate::vault::{Entry, Kept, Vault};

/// An account somebody used on this machine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Scheme, host and port of its community.
    pub origin: String,
    /// Username there.
    pub username: String,
    /// The vault that keeps its tokens; none when signed out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vault: Option<String>,
    /// What the community calls itself, as last heard: for when it cannot be asked. Not cleaned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
}

/// The accounts used on this machine, the last used first. A small file that holds no secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Accounts {
    /// The accounts.
    #[serde(default, rename = "account")]
    pub list: Vec<Account>,
}

impl Accounts {
    /// Reads the file; none yet is an empty list.
    ///
    /// # Errors
    /// When it is there and cannot be read or understood.
    pub fn read(path: &Path) -> io::Result<Self> {
        match std::fs::read_to_string(path) {
            Ok(text) => toml::from_str(&text).map_err(|e| io::Error::new(io::ErrorKind::InvalidData, e)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Self::default()),
            Err(error) => Err(error),
        }
    }

    /// Writes the file anew, whole or not at all.
    ///
    /// # Errors
    /// When the folder cannot be made or written to.
    pub fn write(&self, path: &Path) -> io::Result<()> {
        let text = toml::to_string(self).map_err(io::Error::other)?;
        private::replace(path, text.as_bytes()).map_err(|fault| match fault {
            private::Fault::Io { error, .. } => error,
            fault => io::Error::other(fault.to_string()),
        })
    }

    /// Reads the list, changes it and writes it anew. What other windows write at the same time is not lost: one at a time
    /// is let in, and who cannot get in within three seconds writes nothing.
    ///
    /// # Errors
    /// When the list cannot be read, understood or written, or somebody does not let go of it.
    pub fn change(path: &Path, change: impl FnOnce(&mut Self)) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            std::fs::create_dir_all(folder)?;
        }
        let _alone = alone_at(path)?;
        let before = Self::read(path)?;
        let mut now = before.clone();
        change(&mut now);
        if now == before { Ok(()) } else { now.write(path) }
    }

    /// The account of this name at a community.
    pub fn named(&self, origin: &str, username: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.origin == origin && account.username == username)
    }

    /// An account was used: it is the first from now on. One that is not in the list stays out of it.
    pub fn used(&mut self, origin: &str, username: &str) {
        if let Some(account) = self.named(origin, username).cloned() {
            self.put(account);
        }
    }

    /// A community is called this.
    pub fn call(&mut self, origin: &str, name: &str) {
        let there = self.list.iter_mut().filter(|account| account.origin == origin);
        there.for_each(|account| account.name = Some(name.to_owned()));
    }

    /// Takes an account from the list.
    pub fn remove(&mut self, origin: &str, username: &str) {
        self.list.retain(|account| account.origin != origin || account.username != username);
    }

    /// Gives every community one spelling; of accounts that are the same then, the first stays.
    pub fn spell(&mut self, spelling: impl Fn(&str) -> Option<String>) {
        for mut account in std::mem::take(&mut self.list) {
            account.origin = spelling(&account.origin).unwrap_or(account.origin);
            if self.named(&account.origin, &account.username).is_none() {
                self.list.push(account);
            }
        }
    }

    /// The account last used at a community.
    pub fn at(&self, origin: &str) -> Option<&Account> {
        self.list.iter().find(|account| account.origin == origin)
    }

    /// Puts an account first. What its community is called is the same for all of them.
    fn put(&mut self, mut account: Account) {
        account.name = account.name.or_else(|| self.at(&account.origin)?.name.clone());
        self.list.retain(|known| (&known.origin, &known.username) != (&account.origin, &account.username));
        self.list.insert(0, account);
    }
}

/// For how long a change of the list waits for another one.
const PATIENCE: Duration = Duration::from_secs(3);

/// Waits until nobody else changes the list; held until the answer is dropped. The list itself cannot be what is locked:
/// it is replaced by every change.
fn alone_at(list: &Path) -> io::Result<Option<File>> {
    let lock = OpenOptions::new().create(true).truncate(false).write(true).open(list.with_extension("lock"))?;
    let began = Instant::now();
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(Some(lock)),
            Err(TryLockError::WouldBlock) if began.elapsed() < PATIENCE => {
                std::thread::sleep(Duration::from_millis(5));
            }
            Err(TryLockError::WouldBlock) => return Err(io::ErrorKind::TimedOut.into()),
            // A file system without locks is no reason to forget who signed in.
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
    }
}

/// The tokens of the reader of one community, kept up to date while they rotate.
pub struct Sessions {
    origin: String,
    vault: Arc<dyn Vault>,
    file: Option<PathBuf>,
    state: Mutex<State>,
    /// Held while the vault is worked on: what was read before a write must not count after it. Not held by
    /// [`SessionStore::current`], which never waits.
    at_vault: Mutex<()>,
}

#[derive(Default)]
struct State {
    account: Option<Account>,
    /// What the vault was last seen to hold: good enough when it cannot be asked.
    session: Option<Session>,
    /// What was wrong with vaults.
    reasons: Vec<Refusal>,
    /// Handed in from outside (`LYCEUM_TOKEN`, a command): never written anywhere, never renewed.
    fixed: bool,
    /// Handed in by a command, which is asked when the token is needed.
    by_command: bool,
    /// How the last one left.
    farewell: Option<Farewell>,
    /// How often somebody came or went.
    sitting: u64,
}

impl State {
    /// Whether these are the tokens in use. Those of a new session never have the refresh token of an earlier one.
    fn has(&self, session: &Session) -> bool {
        let refresh = self.session.as_ref().map(|own| own.refresh.expose_secret());
        refresh == Some(session.refresh.expose_secret())
    }
}

impl Sessions {
    /// The tokens for `origin`, of the account that `file` (the list of accounts) names for it. Without a file nothing is
    /// remembered from run to run.
    pub fn open(origin: &str, vault: Arc<dyn Vault>, file: Option<PathBuf>) -> Self {
        let account = file.as_ref().and_then(|file| Accounts::read(file).ok()).and_then(|all| all.at(origin).cloned());
        let state = State { account, ..State::default() };
        Self::with(origin, vault, file, state)
    }

    /// The tokens of this account, to be looked at: nothing is remembered.
    pub fn of_account(account: Account, vault: Arc<dyn Vault>) -> Self {
        let origin = account.origin.clone();
        Self::with(&origin, vault, None, State { account: Some(account), ..State::default() })
    }

    /// The tokens of one account among several at `origin`; without a name, those of somebody who is yet to sign in.
    pub fn open_as(origin: &str, username: Option<&str>, vault: Arc<dyn Vault>, file: Option<PathBuf>) -> Self {
        let all = file.as_ref().and_then(|file| Accounts::read(file).ok()).unwrap_or_default();
        let account = username.and_then(|name| all.named(origin, name).cloned());
        Self::with(origin, vault, file, State { account, ..State::default() })
    }

    /// One token for this run only, for scripts.
    pub fn with_token(origin: &str, vault: Arc<dyn Vault>, token: Secret) -> Self {
        let state = State { session: Some(Session::of_token(token)), fixed: true, ..State::default() };
        Self::with(origin, vault, None, state)
    }

    /// The token that a command of the person's own gives.
    pub fn by_command(origin: &str, command: Arc<dyn Vault>) -> Self {
        Self::with(origin, command, None, State { fixed: true, by_command: true, ..State::default() })
    }

    fn with(origin: &str, vault: Arc<dyn Vault>, file: Option<PathBuf>, state: State) -> Self {
        Self { origin: origin.to_owned(), vault, file, state: Mutex::new(state), at_vault: Mutex::new(()) }
    }

    /// The community's origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The account in use, or used last.
    pub fn account(&self) -> Option<Account> {
        self.state().account.clone()
    }

    /// Whether there are tokens at hand.
    pub fn has_session(&self) -> bool {
        self.state().session.is_some()
    }

    /// Whether nobody is signed in here, as far as is known, and no token was handed in.
    pub fn is_nobody(&self) -> bool {
        let state = self.state();
        let is_kept = state.account.as_ref().is_some_and(|account| account.vault.is_some());
        !is_kept && state.session.is_none() && !state.by_command
    }

    /// Whether a token was handed in from outside, in the environment or by a command.
    pub fn is_handed_in(&self) -> bool {
        self.state().fixed
    }

    /// Whether a command gives the token.
    pub fn is_by_command(&self) -> bool {
        self.state().by_command
    }

    /// Whether this name of the community is news.
    pub(super) fn is_news(&self, name: &str) -> bool {
        self.file.is_some() && self.account().is_some_and(|account| account.name.as_deref() != Some(name))
    }

    /// Remembers what the community calls itself. Blocks on the disk.
    pub(super) fn call(&self, name: &str) {
        if let Some(account) = &mut self.state().account {
            account.name = Some(name.to_owned());
        }
        if let Some(file) = &self.file
            && let Err(error) = Accounts::change(file, |list| list.call(&self.origin, name))
        {
            tracing::warn!(%error, "what the community is called is not remembered");
        }
    }

    /// Puts the tokens of a new session away and remembers whose they are and where they went. May block for as long
    /// as the vault.
    pub fn keep(&self, username: &str, session: &Session) -> Kept {
        let _alone = self.alone();
        self.keep_alone(username, session)
    }

    fn keep_alone(&self, username: &str, session: &Session) -> Kept {
        let (account, kept) = self.put_away(username, session);
        self.remember(&account);
        let mut state = self.state();
        state.account = Some(account);
        (state.fixed, state.by_command) = (false, false);
        state.sitting += 1;
        kept
    }

    /// The person agreed to plain text after all: puts the tokens away once more. None when nobody is signed in.
    pub fn agree(&self) -> Option<Kept> {
        let _alone = self.alone();
        let (username, session) = {
            let state = self.state();
            (state.account.as_ref()?.username.clone(), state.session.clone()?)
        };
        self.vault.agree();
        Some(self.keep_alone(&username, &session))
    }

    /// Where exactly the vault keeps the tokens: a path, or what a keyring calls it.
    pub fn place(&self) -> String {
        let username = self.state().account.as_ref().map(|account| account.username.clone());
        self.vault.place(&self.entry(&username.unwrap_or_default()))
    }

    /// Why the tokens of somebody who is signed in cannot be had; none when they can, or when nobody is.
    pub fn unreadable(&self) -> Option<Refusal> {
        let state = self.state();
        let is_kept = state.by_command || state.account.as_ref().is_some_and(|account| account.vault.is_some());
        (is_kept && state.session.is_none()).then(|| state.reasons.first().cloned()).flatten()
    }

    /// Notes how somebody leaves.
    pub(super) fn part(&self, farewell: Farewell) {
        self.state().farewell = Some(farewell);
    }

    /// How the last one left; none before anybody did.
    pub fn farewell(&self) -> Option<Farewell> {
        self.state().farewell
    }

    fn put_away(&self, username: &str, session: &Session) -> (Account, Kept) {
        let kept = self
            .vault
            .write(&self.entry(username), &pack(session))
            .unwrap_or_else(|error| Kept { vault: MEMORY, instead_of: vec![error] });
        let account = Account {
            origin: self.origin.clone(),
            username: username.to_owned(),
            vault: (kept.vault != MEMORY).then(|| kept.vault.to_owned()),
            name: self.state().account.as_ref().and_then(|account| account.name.clone()),
        };
        let mut state = self.state();
        state.session = Some(session.clone());
        state.reasons = kept.instead_of.iter().map(Refusal::of).collect();
        (account, kept)
    }

    /// Forgets the tokens, in every vault; [`Sessions::reasons`] then says where they may still be. The name stays, to
    /// be offered at the next signing in.
    pub fn forget(&self) {
        let _alone = self.alone();
        self.forget_alone();
    }

    fn forget_alone(&self) {
        let account = {
            let mut state = self.state();
            state.session = None;
            state.sitting += 1;
            state.reasons.clear();
            if state.by_command {
                state.reasons.push(Refusal::of(&crate::vault::Error::ReadOnly(self.vault.name())));
            }
            (state.fixed, state.by_command) = (false, false);
            if let Some(account) = &mut state.account {
                account.vault = None;
            }
            state.account.clone()
        };
        if let Some(account) = account {
            for error in self.vault.forget(&self.entry(&account.username)) {
                tracing::warn!(%error, "the tokens may still be in a vault");
                self.state().reasons.push(Refusal::of(&error));
            }
            self.remember(&account);
        }
    }

    /// What was wrong with vaults the last time one was needed: why no better one keeps the tokens, why they could not be
    /// read, or where they may still be. A person is told.
    pub fn reasons(&self) -> Vec<Refusal> {
        self.state().reasons.clone()
    }

    fn remember(&self, account: &Account) {
        let Some(file) = &self.file else { return };
        let written = Accounts::change(file, |accounts| accounts.put(account.clone()));
        if let Err(error) = written {
            tracing::warn!(%error, file = %file.display(), "the list of accounts was not written");
        }
    }

    fn entry(&self, username: &str) -> Entry {
        Entry { origin: self.origin.clone(), account: username.to_owned() }
    }

    fn alone(&self) -> std::sync::MutexGuard<'_, ()> {
        self.at_vault.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl SessionStore for Sessions {
    fn is_of(&self, origin: &str) -> bool {
        // Addresses of other kinds of communities begin with the kind: `kind+https://…`.
        let own = self.origin.split_once('+').map_or(self.origin.as_str(), |(_, address)| address);
        own == origin
    }

    fn load(&self) -> Option<Session> {
        let _alone = self.alone();
        let (username, last) = {
            let state = self.state();
            let kept = state.account.as_ref().filter(|a| a.vault.is_some()).map(|a| a.username.clone());
            (kept.or_else(|| state.by_command.then(String::new)), state.session.clone())
        };
        let Some(username) = username else { return last };
        match self.vault.read(&self.entry(&username)) {
            Ok(found) => {
                let session = found.as_ref().and_then(unpack);
                let mut state = self.state();
                state.session.clone_from(&session);
                if session.is_none() {
                    state.reasons = vec![Refusal::empty(self.vault.name())];
                }
                session
            }
            Err(error) => {
                tracing::warn!(%error, "the vault could not be read");
                self.state().reasons = vec![Refusal::of(&error)];
                last
            }
        }
    }

    fn current(&self) -> Option<Session> {
        self.state().session.clone()
    }

    fn save(&self, spent: &Session, new: &Session) {
        let _alone = self.alone();
        let before = {
            let mut state = self.state();
            // Tokens that come late must neither sign somebody in again nor become another's.
            if state.fixed || !state.has(spent) {
                return;
            }
            state.session = Some(new.clone());
            state.account.clone()
        };
        let Some(before) = before else { return };
        let (now, _) = self.put_away(&before.username, new);
        // Tokens change often and where they are hardly ever: the list of accounts is left alone. So it is when no vault
        // took them: the next run looks where they were, and says what is wrong there.
        if now != before && now.vault.is_some() {
            self.remember(&now);
            self.state().account = Some(now);
        }
    }

    fn clear(&self, spent: &Session) {
        let _alone = self.alone();
        if self.state().has(spent) {
            self.forget_alone();
        }
    }

    fn sitting(&self) -> u64 {
        self.state().sitting
    }
}

/// The vault that is always there, for as long as the run lasts.
const MEMORY: &str = "memory";
