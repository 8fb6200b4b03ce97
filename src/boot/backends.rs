//! The kinds of communities there are. One more is one more row.

use std::sync::Arc;

use super::Ground;
use crate::cli::output::Failure;
use crate::community::http::{AddressError, Network, Origin, Proxy, Roots, RootsError};
use crate::community::native::Native;
use crate::community::{Community, Error, Kind, Result, Security, SessionStore, SignIn};
use crate::config::environment;
use crate::engine::problem;

/// A community and the way into it.
pub(super) struct Backend {
    pub(super) community: Arc<dyn Community>,
    pub(super) sign_in: Arc<dyn SignIn>,
    pub(super) security: Arc<dyn Security>,
}

/// Builds a backend for the origin of a community, with the tokens it is to use.
type Build = fn(origin: Origin, sessions: Arc<dyn SessionStore>, network: Network) -> Result<Backend>;

/// The kinds, by the word before `+` in an address. An address without one is of the first kind.
const BACKENDS: &[(&str, Build)] = &[("lyceum", native)];

fn native(origin: Origin, sessions: Arc<dyn SessionStore>, network: Network) -> Result<Backend> {
    let client_name = match environment::host() {
        Some(host) => format!("lyceum on {host}"),
        None => "lyceum".to_owned(),
    };
    let native = Arc::new(Native::new(origin, sessions, network)?.named(client_name));
    Ok(Backend { community: native.clone(), sign_in: native.clone(), security: native })
}

/// The kind that an address asks for, and the address without that word.
fn kind(address: &str) -> (usize, &str) {
    let named = BACKENDS.iter().enumerate().find_map(|(at, (name, _))| {
        let rest = address.trim().strip_prefix(name)?.strip_prefix('+')?;
        Some((at, rest))
    });
    named.unwrap_or((0, address))
}

/// An address as accounts and vaults know it: kind, scheme, host and port; or the key of the sentence why it is none.
pub(super) fn origin(address: &str) -> std::result::Result<String, &'static str> {
    let (at, rest) = kind(address);
    let origin = Origin::parse(rest).map_err(|error| match error {
        AddressError::Unreadable => "cli.address.unreadable",
        AddressError::Insecure => "cli.address.insecure",
        AddressError::Credentials => "cli.address.credentials",
        AddressError::Path => "cli.address.path",
    })?;
    Ok(if at == 0 { origin.to_string() } else { format!("{}+{origin}", BACKENDS[at].0) })
}

/// How communities are reached from this machine, by the settings.
pub(super) fn network(ground: &Ground) -> std::result::Result<Network, Failure> {
    let roots = match &ground.settings.client.ca_file {
        Some(path) => Roots::read(path).map_err(|error| unusable(&error))?,
        None => Roots::default(),
    };
    Ok(Network { roots, ..Network::default() })
}

fn unusable(error: &RootsError) -> Failure {
    let (key, path, why) = match error {
        RootsError::Unreadable { path, why } => ("cli.ca_file.unreadable", path, why.to_string()),
        RootsError::NoCertificate { path } => ("cli.ca_file.empty", path, String::new()),
    };
    let values = vec![("path", path.display().to_string()), ("why", why)];
    Failure::Said { kind: problem::Kind::Invalid, key, values }
}

/// The proxy on the way to an address.
pub(super) fn proxy(address: &str, network: &Network) -> Option<Proxy> {
    network.proxies.on_the_way_to(&Origin::parse(kind(address).1).ok()?)
}

/// Builds the backend of an address.
pub(super) fn build(address: &str, sessions: Arc<dyn SessionStore>, network: Network) -> Result<Backend> {
    let (at, rest) = kind(address);
    let origin = Origin::parse(rest).map_err(|error| Error::with(Kind::Offline, &error.to_string()))?;
    BACKENDS[at].1(origin, sessions, network)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_without_a_kind_is_ours() {
        assert_eq!(origin("https://Guild.example/"), Ok("https://guild.example".to_owned()));
        assert_eq!(origin("lyceum+https://guild.example"), Ok("https://guild.example".to_owned()));
        assert!(origin("other+https://guild.example").is_err());
    }
}
