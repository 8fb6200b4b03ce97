//! Calls as a reader: with the tokens of that reader, renewed once when the server says that they ran out.

use std::sync::Arc;

use reqwest::{Response, StatusCode};
use serde::de::DeserializeOwned;
use tokio::sync::Mutex;

use super::super::http::{Answer, Call, Dialect, Http, Network, Origin, Timeouts};
use super::super::{Result, Session, SessionStore};
use super::failure;
use crate::api::SERVER_HEADER;
use crate::base::secret::Secret;

/// How our own servers are known, and how they say no.
const OURS: Dialect = Dialect { marker: SERVER_HEADER, refusal: failure::from_answer };

/// A client of one server.
pub(super) struct Client {
    http: Http,
    pub(super) sessions: Arc<dyn SessionStore>,
    /// Held while tokens are renewed, so that it happens once.
    pub(super) renewing: Mutex<()>,
}

impl Client {
    pub(super) fn new(origin: Origin, sessions: Arc<dyn SessionStore>, network: &Network) -> Result<Self> {
        Ok(Self { http: Http::new(origin, network, OURS)?, sessions, renewing: Mutex::new(()) })
    }

    pub(super) fn timeouts(&self) -> Timeouts {
        self.http.timeouts()
    }

    /// The address of a path of the server.
    pub(super) fn address(&self, path: &str) -> reqwest::Url {
        self.http.origin().at(path)
    }

    /// Sends a call as the reader; renews the tokens and sends it once more when the server says they ran out.
    pub(super) async fn send(self: &Arc<Self>, call: &Call) -> Result<Answer> {
        let sitting = self.sessions.sitting();
        let session = self.session().await;
        let answer = self.exchange(call, session.as_ref().map(|s| &s.access)).await?;
        if answer.status != StatusCode::UNAUTHORIZED || failure::is_about_the_body(&answer) {
            return answer.good();
        }
        let Some(session) = session else { return answer.good() };
        let renewed = self.renew(session, sitting).await?;
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

    /// The tokens as last known; only when there are none are they looked for where they are kept. Those of another
    /// community are none.
    pub(super) async fn session(&self) -> Option<Session> {
        if !self.owns_tokens() {
            return None;
        }
        match self.sessions.current() {
            Some(session) => Some(session),
            None => self.load().await,
        }
    }

    /// The tokens as they are kept now. A vault may block, so it is asked from a thread that may.
    pub(super) async fn load(&self) -> Option<Session> {
        if !self.owns_tokens() {
            return None;
        }
        let sessions = Arc::clone(&self.sessions);
        tokio::task::spawn_blocking(move || sessions.load()).await.unwrap_or_default()
    }

    fn owns_tokens(&self) -> bool {
        self.sessions.is_of(&self.http.origin().to_string())
    }

    /// One request and its answer, whatever that says; an error when it is no answer of the server.
    pub(super) async fn exchange(&self, call: &Call, token: Option<&Secret>) -> Result<Answer> {
        self.http.exchange(call, token).await
    }

    /// The head of an answer that goes on; a refusal is read to its end.
    pub(super) async fn open(
        &self,
        call: &Call,
        token: Option<&Secret>,
        accept: &'static str,
    ) -> Result<(Answer, Response)> {
        self.http.open(call, token, accept).await
    }

    /// The rest of a short answer.
    pub(super) async fn rest(&self, response: Response) -> Result<Vec<u8>> {
        self.http.body(response, super::super::http::LARGEST_JSON).await
    }
}
