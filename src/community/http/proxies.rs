//! Proxies: which one stands on the way to a community, by the environment (`HTTPS_PROXY`, `ALL_PROXY`, `NO_PROXY` and
//! their like) or the system's settings. None stands before this machine itself: it would read what goes there in
//! plain HTTP.

use std::fmt;
use std::sync::Arc;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};

use super::Origin;
use crate::base::text::Clean;

/// The proxies there are.
#[derive(Clone, Debug)]
pub struct Proxies(Arc<Matcher>);

impl Default for Proxies {
    fn default() -> Self {
        Self::of_system()
    }
}

impl Proxies {
    /// Those that the environment of the process names, else those of the system's settings.
    pub fn of_system() -> Self {
        Self(Arc::new(Matcher::from_system()))
    }

    /// One for everything, and the hosts that are reached without it, as in `NO_PROXY`.
    pub fn all(address: &str, but: &str) -> Self {
        Self(Arc::new(Matcher::builder().all(address).no(but).build()))
    }

    /// The one on the way to a community.
    pub fn on_the_way_to(&self, origin: &Origin) -> Option<Proxy> {
        if origin.is_loopback() {
            return None;
        }
        self.0.intercept(&origin.to_string().parse().ok()?).map(Proxy)
    }
}

/// A proxy, and the name and password that it takes.
#[derive(Clone)]
pub struct Proxy(Intercept);

impl Proxy {
    /// Its address, without the name and the password.
    pub fn name(&self) -> Clean {
        Clean::line(self.0.uri().to_string().trim_end_matches('/'))
    }

    /// As the client takes it.
    pub(super) fn as_rule(&self) -> reqwest::Result<reqwest::Proxy> {
        let mut address = self.0.uri().to_string();
        if let (Some((name, password)), Ok(mut url)) = (self.0.raw_auth(), reqwest::Url::parse(&address)) {
            // Both fail for addresses without a host only.
            let _ = url.set_username(name);
            let _ = url.set_password(Some(password));
            address = url.into();
        }
        let rule = reqwest::Proxy::all(address)?;
        Ok(match self.0.basic_auth() {
            Some(header) => rule.custom_http_auth(header.clone()),
            None => rule,
        })
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Proxy").field(&self.name()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn way(proxies: &Proxies, address: &str) -> Option<String> {
        proxies.on_the_way_to(&Origin::parse(address).unwrap()).map(|proxy| proxy.name().as_str().to_owned())
    }

    #[test]
    fn none_stands_before_this_machine_or_an_excepted_host() {
        let proxies = Proxies::all("http://proxy.example:3128", "near.example,10.0.0.0/8");
        assert_eq!(way(&proxies, "https://guild.example").as_deref(), Some("http://proxy.example:3128"));
        for address in ["http://127.0.0.1:1", "http://localhost", "https://[::1]", "https://localhost:4"] {
            assert_eq!(way(&proxies, address), None, "{address}");
        }
        for address in ["https://near.example", "https://a.near.example:8443", "https://10.1.2.3"] {
            assert_eq!(way(&proxies, address), None, "{address}");
        }
        assert_eq!(way(&Proxies::all("", ""), "https://guild.example"), None);
    }

    #[test]
    fn the_name_of_a_proxy_holds_no_password() {
        for scheme in ["http", "https", "socks5", "socks5h"] {
            let proxies = Proxies::all(&format!("{scheme}://ada:hush%40@proxy.example:3128"), "");
            let proxy = proxies.on_the_way_to(&Origin::parse("guild.example").unwrap()).unwrap();
            assert_eq!(&*proxy.name(), format!("{scheme}://proxy.example:3128"));
            assert!(!format!("{proxy:?}{proxies:?}{:?}", proxy.as_rule().unwrap()).contains("ada:hush"), "{scheme}");
        }
    }
}
