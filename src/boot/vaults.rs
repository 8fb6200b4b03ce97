//! Which vaults there are, best first, and which of them may keep something new by what the settings allow.

use std::path::PathBuf;
use std::sync::Arc;

use super::person::Answers;
use super::{Ground, backends};
use crate::base::paths::Paths;
use crate::base::random::SystemRandom;
use crate::config::client::{Client, Vault as Choice, VaultCache};
use crate::config::environment::SECRETS;
use crate::config::locale::Catalog;
use crate::engine::account::{Accounts, Sessions};
use crate::vault::command::Command;
use crate::vault::encrypted::Encrypted;
use crate::vault::keyring::Keyring;
use crate::vault::{Vault, chain::Chain, file::File, memory::Memory};

/// What all accounts share: a keyring that did not answer is not waited for twice, and a passphrase is asked for once.
pub(super) struct Places {
    pub(super) person: Arc<Answers>,
    keyring: Arc<Keyring>,
    encrypted: Arc<Encrypted>,
    folder: PathBuf,
}

impl Places {
    /// The places of this machine. Asks none of them.
    pub(super) fn new(paths: &Paths, client: &Client, words: &Catalog) -> Self {
        let person = Arc::new(Answers::new(client, words));
        let folder = paths.data.join("vault");
        let encrypted = Encrypted::in_folder(folder.clone(), person.clone(), Arc::new(SystemRandom));
        let encrypted = match client.vault_cache {
            VaultCache::Off => encrypted,
            VaultCache::Keyutils => cached(encrypted),
        };
        Self { person, keyring: Arc::new(Keyring::of_system()), encrypted: Arc::new(encrypted), folder }
    }
}

#[cfg(target_os = "linux")]
fn cached(encrypted: Encrypted) -> Encrypted {
    encrypted.cached_by(Box::new(crate::vault::keyutils::Keyutils))
}

/// Elsewhere there is no such cache.
#[cfg(not(target_os = "linux"))]
fn cached(encrypted: Encrypted) -> Encrypted {
    encrypted
}

/// Whether the cache works; none when it is off.
pub(super) fn cache(ground: &Ground) -> Option<Result<(), String>> {
    (ground.settings.client.vault_cache == VaultCache::Keyutils).then(probe_cache)
}

#[cfg(target_os = "linux")]
fn probe_cache() -> Result<(), String> {
    crate::vault::keyutils::Keyutils.probe()
}

#[cfg(not(target_os = "linux"))]
fn probe_cache() -> Result<(), String> {
    Err("Linux only".to_owned())
}

/// Every place that outlives a run, best first; `remembered` is where an account's tokens were put.
pub(super) fn all(ground: &Ground, remembered: Option<&str>) -> Vec<Arc<dyn Vault>> {
    let places = &ground.places;
    let has_agreed = ground.settings.client.vault == Choice::File || remembered == Some("file");
    let file = match has_agreed {
        true => File::in_folder(places.folder.clone()),
        false => File::unless_refused(places.folder.clone(), places.person.clone()),
    };
    vec![places.keyring.clone(), places.encrypted.clone(), Arc::new(file)]
}

/// They as one; `remembered` is where the account's tokens were put.
pub(super) fn chain(ground: &Ground, remembered: Option<&str>) -> Arc<dyn Vault> {
    let allowed: &[&str] = match ground.settings.client.vault {
        Choice::Auto => &["keyring", "encrypted", "file", "memory"],
        Choice::Keyring => &["keyring", "memory"],
        Choice::Encrypted => &["encrypted", "memory"],
        Choice::File => &["file", "memory"],
        Choice::Memory => &["memory"],
    };
    let mut vaults = all(ground, remembered);
    vaults.push(memory());
    Arc::new(Chain::new(vaults, remembered).only(allowed))
}

/// A vault for one run.
pub(super) fn memory() -> Arc<dyn Vault> {
    Arc::new(Memory::default())
}

/// The token that the settings have a command for; none when they have none for this community.
pub(super) fn by_command(ground: &Ground, origin: &str) -> Option<Sessions> {
    command(ground, origin).map(|command| Sessions::by_command(origin, Arc::new(command)))
}

/// The command itself.
pub(super) fn command(ground: &Ground, origin: &str) -> Option<Command> {
    let mut all = ground.settings.client.token_command.all();
    let (_, line) = all.find(|(address, _)| backends::origin(address).as_deref() == Ok(origin))?;
    Some(Command::new(line.to_owned(), SECRETS))
}

/// Asks now for what would have to be asked while a screen is open, and for nothing from then on.
pub(super) fn ask_before_screen(ground: &Ground, accounts: &Accounts) {
    if accounts.list.iter().any(|account| account.vault.as_deref() == Some("encrypted")) {
        // What is wrong is told on the screen, where the session is missed.
        let _ = ground.places.encrypted.open();
    }
    ground.places.person.leave();
}
