//! One HTTP exchange with the server: limits of time and size, and the proof that it is the server that answered.

use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Response, StatusCode, redirect};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::super::{Error, Kind, Result, Session, SessionStore};
use super::call::Call;
use super::failure::{self, from_transport};
use super::origin::Origin;
use crate::api::SERVER_HEADER;
use crate::base::secret::{ExposeSecret, Secret};

/// The largest answer, after decompression, in bytes.
const LARGEST: usize = 2 * 1024 * 1024;

/// How long to wait for what.
#[derive(Clone, Copy, Debug)]
pub struct Timeouts {
    /// For a connection, TLS included.
    pub connect: Duration,
    /// For the next bytes of an answer.
    pub idle: Duration,
    /// For a whole answer, from the first byte sent to the last one read.
    pub whole: Duration,
    /// For a sign of life on a live connection: three of the server's heartbeats.
    pub silence: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        let [connect, idle, whole, silence] = [5, 15, 30, 45].map(Duration::from_secs);
        Self { connect, idle, whole, silence }
    }
}

/// An answer, read to its end.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: StatusCode,
    pub(super) retry_after: Option<u64>,
    pub(super) content_type: String,
    pub(super) bytes: Vec<u8>,
}

impl Answer {
    /// The answer if it says that it was done, else why it was not.
    pub(super) fn good(self) -> Result<Self> {
        if self.status.is_success() { Ok(self) } else { Err(failure::from_answer(&self)) }
    }

    /// What it says. An answer without JSON, or with other JSON, is malformed.
    pub(super) fn read<T: DeserializeOwned>(&self) -> Result<T> {
        if media_type(&self.content_type) != "application/json" {
            return Err(Error::with(Kind::Malformed, &format!("a {} instead of JSON", self.content_type)));
        }
        serde_json::from_slice(&self.bytes).map_err(|error| Error::with(Kind::Malformed, &error.to_string()))
    }
}

/// The media type of a Content-Type, without parameters.
pub(super) fn media_type(content_type: &str) -> String {
    content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
}

/// A client of one server.
pub(super) struct Client {
    http: reqwest::Client,
    origin: Origin,
    pub(super) timeouts: Timeouts,
    pub(super) sessions: Arc<dyn SessionStore>,
    /// Held while tokens are renewed, so that it happens once.
    pub(super) renewing: Mutex<()>,
}

impl Client {
    pub(super) fn new(origin: Origin, sessions: Arc<dyn SessionStore>, timeouts: Timeouts) -> Result<Self> {
        let builder = reqwest::Client::builder()
            .user_agent(concat!("lyceum/", env!("CARGO_PKG_VERSION")))
            // A redirected POST becomes a GET and looks sent; headers of ours would travel to strangers.
            .redirect(redirect::Policy::none())
            .referer(false)
            .retry(reqwest::retry::never())
            .connect_timeout(timeouts.connect)
            .pool_idle_timeout(Duration::from_secs(30))
            .tcp_keepalive(Duration::from_secs(15));
        // A proxy could read what goes to this machine in plain HTTP.
        let builder = if origin.is_loopback() { builder.no_proxy() } else { builder };
        let http = builder.build().map_err(|error| from_transport(&error))?;
        Ok(Self { http, origin, timeouts, sessions, renewing: Mutex::new(()) })
    }

    /// The address of a path of the server.
    pub(super) fn address(&self, path: &str) -> reqwest::Url {
        self.origin.at(path)
    }

    /// Sends a call as the reader; renews the tokens and sends it once more when the server says they ran out.
    pub(super) async fn send(self: &Arc<Self>, call: &Call) -> Result<Answer> {
        let session = self.session().await;
        let answer = self.exchange(call, session.as_ref().map(|s| &s.access)).await?;
        if answer.status != StatusCode::UNAUTHORIZED || failure::is_about_the_body(&answer) {
            return answer.good();
        }
        let Some(session) = session else { return answer.good() };
        let renewed = self.renew(session).await?;
        self.exchange(call, Some(&renewed.access)).await?.good()
    }

    /// Sends a call as the reader and reads the answer.
    pub(super) async fn ask<T: DeserializeOwned>(self: &Arc<Self>, call: &Call) -> Result<T> {
        self.send(call).await?.read()
    }

    /// Sends a call as nobody in particular and reads the answer.
    pub(super) async fn ask_anybody<T: DeserializeOwned>(&self, call: &Call) -> Result<T> {
        self.exchange(call, None).await?.good()?.read()
    }

    /// The tokens as last known; only when there are none are they looked for where they are kept.
    pub(super) async fn session(&self) -> Option<Session> {
        match self.sessions.current() {
            Some(session) => Some(session),
            None => self.load().await,
        }
    }

    /// The tokens as they are kept now. A vault may block, so it is asked from a thread that may.
    pub(super) async fn load(&self) -> Option<Session> {
        let sessions = Arc::clone(&self.sessions);
        tokio::task::spawn_blocking(move || sessions.load()).await.unwrap_or_default()
    }

    /// One request and its answer, whatever that says; an error when it is no answer of the server.
    pub(super) async fn exchange(&self, call: &Call, token: Option<&Secret>) -> Result<Answer> {
        let request = self.request(call, token)?.header(ACCEPT, "application/json").timeout(self.timeouts.whole);
        let response = self.begin(request).await?;
        let mut answer = self.head(&response);
        answer.bytes = self.body(response).await?;
        Ok(answer)
    }

    /// A request that is ready but for what it accepts and how long it may take.
    pub(super) fn request(&self, call: &Call, token: Option<&Secret>) -> Result<reqwest::RequestBuilder> {
        let mut url = self.origin.at(&call.path);
        if !call.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&call.query);
        }
        let mut request = self.http.request(call.method.clone(), url);
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

    /// Waits for the head of the answer and looks whether it is the server's.
    pub(super) async fn begin(&self, request: reqwest::RequestBuilder) -> Result<Response> {
        let response = timeout(self.timeouts.connect + self.timeouts.idle, request.send()).await;
        let response = response.map_err(|_| Error::new(Kind::Timeout))?.map_err(|error| from_transport(&error))?;
        let signed = response.headers().contains_key(SERVER_HEADER);
        match failure::from_stranger(response.status(), signed) {
            Some(kind) => Err(Error::with(kind, &format!("answered {}", response.status()))),
            None => Ok(response),
        }
    }

    pub(super) fn head(&self, response: &Response) -> Answer {
        let text = |name| response.headers().get(name).and_then(|value| value.to_str().ok());
        Answer {
            status: response.status(),
            retry_after: text(reqwest::header::RETRY_AFTER).and_then(|seconds| seconds.trim().parse().ok()),
            content_type: text(CONTENT_TYPE).unwrap_or("text without a type").to_owned(),
            bytes: Vec::new(),
        }
    }

    /// Reads a body as it comes, so that one that never ends, or unpacks without end, is dropped at the limit.
    pub(super) async fn body(&self, mut response: Response) -> Result<Vec<u8>> {
        let mut bytes = Vec::new();
        loop {
            let chunk = timeout(self.timeouts.idle, response.chunk()).await;
            let chunk = chunk.map_err(|_| Error::new(Kind::Timeout))?.map_err(|error| from_transport(&error))?;
            let Some(chunk) = chunk else { return Ok(bytes) };
            if bytes.len() + chunk.len() > LARGEST {
                return Err(Error::with(Kind::Malformed, "the answer is too large"));
            }
            bytes.extend_from_slice(&chunk);
        }
    }
}
