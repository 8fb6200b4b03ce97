//! F4: HTTP as every backend speaks it: how to reach a community, for how long to wait, how much to take, and the proof
//! that it is the community that answers. A backend says what it asks for ([`Call`]) and reads the [`Answer`].
//!
//! What must never be here: a path, a shape of JSON or a word of one kind of server; those are the backend's. Nor a
//! second try of anything but a read, and of that one only where the connection was dead before.

use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response, StatusCode};
use serde::de::DeserializeOwned;
use tokio::time::timeout;

use super::{Error, Kind, Result};
use crate::base::secret::{ExposeSecret, Secret};

mod call;
mod events;
mod failure;
mod network;
mod origin;
mod pool;
mod proxies;
mod retry_after;

pub use call::{Call, LARGEST_FILE, LARGEST_JSON};
pub use events::{decoded, events};
pub use network::{Network, Roots, RootsError, Timeouts};
pub use origin::{AddressError, Origin};
pub use proxies::{Proxies, Proxy};
pub use retry_after::within_reason;

use pool::{Lease, Pool};

/// What differs between kinds of servers.
#[derive(Clone, Copy)]
pub struct Dialect {
    /// The header that every answer of such a server carries; without it, somebody else answered.
    pub marker: &'static str,
    /// Why such a server did not do what was asked, from its answer.
    pub refusal: fn(&Answer) -> Error,
}

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Its status.
    pub status: StatusCode,
    /// In how many seconds the server wants to be asked again (RFC 9110 section 10.2.3), at most five minutes.
    pub retry_after: Option<u64>,
    /// Its Content-Type, as it came.
    pub content_type: String,
    /// Its body, unpacked; never more than the call takes.
    pub bytes: Vec<u8>,
    refusal: fn(&Self) -> Error,
}

impl Answer {
    fn of(response: &Response, dialect: Dialect) -> Self {
        Self {
            status: response.status(),
            retry_after: retry_after::seconds(response.headers()),
            content_type: content_type(response.headers()).to_owned(),
            bytes: Vec::new(),
            refusal: dialect.refusal,
        }
    }

    /// An answer that no server gave.
    pub(super) fn saying(status: u16, content_type: &str, body: impl AsRef<[u8]>) -> Self {
        Self {
            status: StatusCode::from_u16(status).unwrap_or_default(),
            retry_after: None,
            content_type: content_type.to_owned(),
            bytes: body.as_ref().to_vec(),
            refusal: |_| Error::new(Kind::Malformed),
        }
    }

    /// The answer if it says that it was done.
    ///
    /// # Errors
    /// Why it was not, in the server's words.
    pub fn good(self) -> Result<Self> {
        if self.status.is_success() { Ok(self) } else { Err((self.refusal)(&self)) }
    }

    /// What it says.
    ///
    /// # Errors
    /// [`Kind::Malformed`] when it does not say that it is JSON, which is looked at first, or is other JSON.
    pub fn read<T: DeserializeOwned>(&self) -> Result<T> {
        if media_type(&self.content_type) != "application/json" {
            return Err(Error::with(Kind::Malformed, &format!("a {} instead of JSON", self.content_type)));
        }
        serde_json::from_slice(&self.bytes).map_err(|error| Error::with(Kind::Malformed, &error.to_string()))
    }
}

/// The media type of a Content-Type, without parameters.
pub fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

fn content_type(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("text without a type")
}

/// A client of one community. What it sends goes to that community's origin and nowhere else: no address from an answer
/// is ever followed.
pub struct Http {
    pool: Pool,
    origin: Origin,
    dialect: Dialect,
    timeouts: Timeouts,
    proxy: Option<Proxy>,
}

impl Http {
    /// A client of the community at `origin`. Connects to nothing yet.
    ///
    /// # Errors
    /// When the machine's TLS cannot be set up.
    pub fn new(origin: Origin, network: &Network, dialect: Dialect) -> Result<Self> {
        let proxy = network.proxies.on_the_way_to(&origin);
        let pool = Pool::new(&origin, network, proxy.clone())?;
        Ok(Self { pool, origin, dialect, timeouts: network.timeouts, proxy })
    }

    /// Where the community is.
    pub fn origin(&self) -> &Origin {
        &self.origin
    }

    /// How long it waits for what.
    pub fn timeouts(&self) -> Timeouts {
        self.timeouts
    }

    /// One request and its answer, whatever that says. Takes [`Timeouts::whole`] at most.
    ///
    /// # Errors
    /// When it is no answer of the community.
    pub async fn exchange(&self, call: &Call, token: Option<&Secret>) -> Result<Answer> {
        let exchange = async {
            let (response, lease) = self.reach(call, token, "application/json").await?;
            let mut answer = Answer::of(&response, self.dialect);
            let stays = stays_open(&response);
            answer.bytes = self.body(response, call.most).await?;
            if stays {
                lease.keep();
            }
            Ok(answer)
        };
        timeout(self.timeouts.whole, exchange).await.unwrap_or_else(|_| Err(self.late()))
    }

    /// A request whose answer has no end: its head, and the response to read on from. Waits for the head as long as for
    /// any other; what follows is its reader's to time.
    ///
    /// # Errors
    /// When it is no answer of the community.
    pub async fn open(&self, call: &Call, token: Option<&Secret>, accept: &'static str) -> Result<(Answer, Response)> {
        let (response, _) = self.reach(call, token, accept).await?;
        Ok((Answer::of(&response, self.dialect), response))
    }

    /// Reads a body as it comes, so that one that never ends, or unpacks without end, is dropped at `most` bytes.
    ///
    /// # Errors
    /// [`Kind::Malformed`] when there is more, [`Kind::Timeout`] when nothing more comes.
    pub async fn body(&self, mut response: Response, most: usize) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        while let Some(chunk) = self.within(self.timeouts.idle, response.chunk()).await? {
            if bytes.len() + chunk.len() > most {
                return Err(Error::with(Kind::Malformed, "the answer is too large"));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }

    /// The head of an answer of the community. A read is sent once more, on a connection of its own, when no answer came
    /// on one that was kept: machines sleep and change networks, and what was kept is dead then.
    async fn reach(&self, call: &Call, token: Option<&Secret>, accept: &'static str) -> Result<(Response, Lease)> {
        let lease = self.pool.lease();
        let error = match self.send(&lease, call, token, accept).await {
            Ok(response) => return self.recognized(response).map(|response| (response, lease)),
            Err(error) => error,
        };
        let was_dead = lease.is_kept() && !error.unsent && matches!(error.kind, Kind::Offline | Kind::Timeout);
        if call.method != Method::GET || !was_dead {
            return Err(error);
        }
        let lease = self.pool.renewed(&lease).await?;
        let response = self.send(&lease, call, token, accept).await?;
        self.recognized(response).map(|response| (response, lease))
    }

    async fn send(&self, lease: &Lease, call: &Call, token: Option<&Secret>, accept: &'static str) -> Result<Response> {
        let request = self.request(lease, call, token)?.header(ACCEPT, accept);
        self.within(self.timeouts.connect + self.timeouts.idle, request.send()).await
    }

    fn request(&self, lease: &Lease, call: &Call, token: Option<&Secret>) -> Result<reqwest::RequestBuilder> {
        let mut url = self.origin.at(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = lease.client.request(call.method.clone(), url);
        for (name, value) in &call.headers {
            request = request.header(name, value);
        }
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        if let Some(token) = token {
            let value = HeaderValue::from_str(&format!("Bearer {}", token.expose_secret()));
            let mut value = value.map_err(|_| Error::new(Kind::SignedOut))?;
            value.set_sensitive(true);
            request = request.header(AUTHORIZATION, value);
        }
        Ok(request)
    }

    /// Looks whether it is the community that answers, before anything of what it says is believed.
    fn recognized(&self, response: Response) -> Result<Response> {
        let signed = response.headers().contains_key(self.dialect.marker);
        match failure::from_stranger(response.status(), signed, content_type(response.headers())) {
            Some(kind) => Err(self.on_the_way(Error::with(kind, &format!("answered {}", response.status())))),
            None => Ok(response),
        }
    }

    async fn within<T>(&self, limit: Duration, step: impl Future<Output = reqwest::Result<T>>) -> Result<T> {
        match timeout(limit, step).await {
            Ok(done) => done.map_err(|error| self.on_the_way(failure::from_transport(&error))),
            Err(_) => Err(self.late()),
        }
    }

    fn late(&self) -> Error {
        self.on_the_way(Error::new(Kind::Timeout))
    }

    /// Names the proxy that the request went through.
    fn on_the_way(&self, error: Error) -> Error {
        Error { via: self.proxy.as_ref().map(Proxy::name), ..error }
    }
}

/// Whether the connection is kept for the next request when the answer was read (RFC 9112 section 9.3).
fn stays_open(response: &Response) -> bool {
    let closes = response.headers().get_all(reqwest::header::CONNECTION).iter();
    response.version() >= reqwest::Version::HTTP_11
        && !closes.filter_map(|value| value.to_str().ok()).any(|value| value.to_ascii_lowercase().contains("close"))
}
