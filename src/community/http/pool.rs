//! The connections to one community: how they are made, and thrown away together when they turn out to be dead.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use reqwest::{Client, redirect, tls};

use super::failure::from_setup;
use super::{Network, Origin, Proxy};
use crate::community::{Error, Kind, Result};

/// For how long a connection that nobody uses is kept.
const KEPT: Duration = Duration::from_secs(30);
/// After how long without traffic the other end is asked whether it is there.
const PING: Duration = Duration::from_secs(15);
/// How long it may take to answer that, over HTTP/2.
const PONG: Duration = Duration::from_secs(10);

/// A client, and with it the connections it keeps.
#[derive(Clone)]
pub(super) struct Lease {
    pub(super) client: Client,
    /// Whether it kept a connection at any time.
    kept: Arc<AtomicBool>,
}

impl Lease {
    /// An answer was read to its end, and its connection stays for the next request.
    pub(super) fn keep(&self) {
        self.kept.store(true, Ordering::Relaxed);
    }

    /// Whether a request may have gone over a connection that was made for an earlier one.
    pub(super) fn is_kept(&self) -> bool {
        self.kept.load(Ordering::Relaxed)
    }
}

/// The client in use, and the means to make another.
pub(super) struct Pool {
    plan: Arc<Plan>,
    current: RwLock<Lease>,
}

struct Plan {
    origin: Origin,
    network: Network,
    proxy: Option<Proxy>,
}

impl Pool {
    pub(super) fn new(origin: &Origin, network: &Network, proxy: Option<Proxy>) -> Result<Self> {
        let plan = Plan { origin: origin.clone(), network: network.clone(), proxy };
        let current = RwLock::new(plan.lease()?);
        Ok(Self { plan: Arc::new(plan), current })
    }

    pub(super) fn lease(&self) -> Lease {
        self.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// A client without the connections that `dead` kept. Many may find out at a time; one of them makes it.
    pub(super) async fn renewed(&self, dead: &Lease) -> Result<Lease> {
        let current = self.lease();
        if !Arc::ptr_eq(&current.kept, &dead.kept) {
            return Ok(current);
        }
        // The system's list of authorities is read from the disk.
        let plan = Arc::clone(&self.plan);
        let made = tokio::task::spawn_blocking(move || plan.lease()).await;
        let made = made.unwrap_or(Err(Error::new(Kind::Offline)))?;
        let mut current = self.current.write().unwrap_or_else(PoisonError::into_inner);
        if Arc::ptr_eq(&current.kept, &dead.kept) {
            *current = made;
        }
        Ok(current.clone())
    }
}

impl Plan {
    fn lease(&self) -> Result<Lease> {
        let client = self.client().map_err(|error| from_setup(&error))?;
        Ok(Lease { client, kept: Arc::default() })
    }

    fn client(&self) -> reqwest::Result<Client> {
        let builder = Client::builder()
            .user_agent(concat!("lyceum/", env!("CARGO_PKG_VERSION")))
            // A redirected POST becomes a GET and looks sent; headers of ours would travel to strangers.
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(self.network.timeouts.connect)
            .pool_idle_timeout(KEPT)
            .tcp_keepalive(PING)
            .http2_keep_alive_interval(PING)
            .http2_keep_alive_timeout(PONG)
            .tls_version_min(tls::Version::TLS_1_2)
            // What the environment says was read before, so that it can be named.
            .no_proxy();
        let builder = match &self.proxy {
            Some(proxy) => builder.proxy(proxy.as_rule()?),
            None => builder,
        };
        if self.origin.is_encrypted() {
            builder.https_only(true).tls_certs_merge(self.network.roots.certificates()).build()
        } else {
            // Plain HTTP to this machine: nobody to trust, and a machine without a list of authorities will do.
            builder.tls_certs_only([]).build()
        }
    }
}
