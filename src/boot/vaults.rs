//! Which vaults there are, best first, by what the settings allow.

use std::sync::Arc;

use super::Ground;
use crate::config::client::Vault as Choice;
use crate::vault::keyring::Keyring;
use crate::vault::{Vault, chain::Chain, file::File, memory::Memory};

/// The vaults to choose from.
pub(super) fn all(ground: &Ground) -> Vec<Arc<dyn Vault>> {
    let keyring = || Arc::new(Keyring::of_system()) as Arc<dyn Vault>;
    let file = || Arc::new(File::in_folder(ground.paths.data.join("vault"))) as Arc<dyn Vault>;
    match ground.settings.client.vault {
        Choice::Auto => vec![keyring(), file(), memory()],
        Choice::Keyring => vec![keyring(), memory()],
        Choice::File => vec![file(), memory()],
        Choice::Memory => vec![memory()],
    }
}

/// They as one; `remembered` is where the account's tokens were put.
pub(super) fn chain(ground: &Ground, remembered: Option<&str>) -> Arc<dyn Vault> {
    Arc::new(Chain::new(all(ground), remembered))
}

/// A vault for one run.
pub(super) fn memory() -> Arc<dyn Vault> {
    Arc::new(Memory::default())
}
