//! A server for tests: a clock that stands still, a repeatable generator, a folder that goes away, cheap passwords.
//!
//! Requests go through the whole service without a socket ([`TestServer::send`]) or over a real one
//! ([`TestServer::listen`]).

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use futures_util::StreamExt;
use lyceum::base::random::Seeded;
use lyceum::base::time::{Clock, FixedClock, SignedDuration};
use lyceum::config::server::{PasswordCost, Rate, Settings};
use lyceum::server::state::{App, AppState};
use lyceum::server::{router, serve_app};
use serde_json::{Value, json};
use tower::ServiceExt;

/// The password of every account that the harness opens.
pub(crate) const PASSWORD: &str = "correct horse battery";

pub(crate) struct TestServer {
    pub(crate) app: AppState,
    pub(crate) clock: Arc<FixedClock>,
    pub(crate) router: Router,
    // Dropped last: the folder goes when everything in it is closed.
    folder: Arc<tempfile::TempDir>,
}

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) bytes: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.bytes).unwrap_or(Value::Null)
    }

    /// Status and the problem's code, for short asserts.
    pub(crate) fn problem(&self) -> (u16, String) {
        let kind = self.header("content-type");
        assert_eq!(kind, "application/problem+json", "{self:?}");
        (self.status.as_u16(), self.json()["code"].as_str().unwrap().to_owned())
    }

    pub(crate) fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
    }
}

/// A request in the making.
pub(crate) struct Call<'a> {
    server: &'a TestServer,
    request: axum::http::request::Builder,
    body: Body,
}

impl Call<'_> {
    pub(crate) fn token(self, token: &str) -> Self {
        self.header("authorization", &format!("Bearer {token}"))
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.request = self.request.header(name, value);
        self
    }

    pub(crate) fn json(self, body: &Value) -> Self {
        self.body("application/json", body.to_string().into_bytes())
    }

    pub(crate) fn body(mut self, kind: &str, bytes: Vec<u8>) -> Self {
        self.request = self.request.header(header::CONTENT_TYPE, kind);
        self.body = Body::from(bytes);
        self
    }

    pub(crate) async fn send(self) -> Reply {
        let request = self.request.body(self.body).unwrap();
        let (parts, body) = self.server.router.clone().oneshot(request).await.unwrap().into_parts();
        let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap().to_vec();
        Reply { status: parts.status, headers: parts.headers, bytes }
    }
}

impl TestServer {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// A server whose settings are changed first.
    pub(crate) async fn with(change: impl FnOnce(&mut Settings)) -> Self {
        let folder = Arc::new(tempfile::tempdir().unwrap());
        let clock = Arc::new(FixedClock::new("2026-03-01T12:00:00Z".parse().unwrap()));
        let mut settings = Settings { data_dir: folder.path().join("data"), ..Settings::default() };
        settings.password_cost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
        settings.security_contact = Some("security@guild.example".to_owned());
        let plenty = Rate { burst: 100_000, seconds: 60 };
        settings.limits.per_address = plenty;
        settings.limits.everybody = plenty;
        settings.limits.per_account = plenty;
        settings.limits.per_token = plenty;
        settings.limits.writes = plenty;
        settings.limits.sign_in_address = plenty;
        change(&mut settings);
        Self::open(folder, clock, settings, 1).await
    }

    async fn open(folder: Arc<tempfile::TempDir>, clock: Arc<FixedClock>, settings: Settings, seed: u64) -> Self {
        let app = App::open(settings, clock.clone(), Arc::new(Seeded::new(seed))).await.unwrap();
        Self { router: router::router(app.clone()), app, clock, folder }
    }

    /// Stops and starts again on the same folder.
    pub(crate) async fn restart(self) -> Self {
        self.app.stop();
        self.app.db.close().await;
        // Another stream of random bytes, as after any restart.
        Self::open(self.folder.clone(), self.clock.clone(), self.app.settings.clone(), 2).await
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.clock.advance(SignedDuration::from_secs(seconds));
    }

    pub(crate) fn now(&self) -> lyceum::base::time::Timestamp {
        self.clock.now()
    }

    pub(crate) fn call(&self, method: Method, path: &str) -> Call<'_> {
        Call { server: self, request: Request::builder().method(method).uri(path), body: Body::empty() }
    }

    pub(crate) fn get(&self, path: &str) -> Call<'_> {
        self.call(Method::GET, path)
    }

    pub(crate) fn post(&self, path: &str) -> Call<'_> {
        self.call(Method::POST, path)
    }

    pub(crate) fn put(&self, path: &str) -> Call<'_> {
        self.call(Method::PUT, path)
    }

    pub(crate) fn patch(&self, path: &str) -> Call<'_> {
        self.call(Method::PATCH, path)
    }

    /// Runs one statement on the database.
    pub(crate) async fn sql(&self, statement: &'static str) {
        let mut write = self.app.db.write().await.unwrap();
        sqlx::query(statement).execute(&mut *write).await.unwrap();
        write.commit().await.unwrap();
    }

    /// One number from the database.
    pub(crate) async fn number(&self, query: &'static str) -> i64 {
        sqlx::query_scalar(query).fetch_one(self.app.db.read()).await.unwrap()
    }

    /// Opens an account; [`PASSWORD`] is its password.
    pub(crate) async fn join(&self, username: &str) {
        let body = json!({
            "username": username, "display_name": username, "password": PASSWORD,
            "accepted_policy_version": self.get("/v1/community").send().await.json()["policy_version"],
        });
        let reply = self.post("/v1/accounts").json(&body).send().await;
        assert_eq!(reply.status, StatusCode::CREATED, "{:?}", reply.json());
    }

    /// Signs in; the answer's tokens.
    pub(crate) async fn tokens(&self, username: &str) -> Value {
        let body = json!({ "grant_type": "password", "username": username, "password": PASSWORD });
        let reply = self.post("/v1/oauth/token").json(&body).send().await;
        assert_eq!(reply.status, StatusCode::OK, "{:?}", reply.json());
        reply.json()
    }

    /// Makes a personal access token; the token.
    pub(crate) async fn personal_token(&self, session: &str, scopes: &[&str]) -> String {
        let body = json!({ "name": "script", "scopes": scopes, "days": 30 });
        let made = self.post("/v1/me/tokens").token(session).json(&body).send().await;
        assert_eq!(made.status, StatusCode::CREATED, "{:?}", made.json());
        made.json()["token"].as_str().unwrap().to_owned()
    }

    /// An open stream of events; its greeting has been read.
    pub(crate) async fn events(&self, token: &str) -> axum::body::BodyDataStream {
        let request = Request::get("/v1/events").header("authorization", format!("Bearer {token}"));
        let reply = self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK);
        let mut stream = reply.into_body().into_data_stream();
        assert_eq!(stream.next().await.unwrap().unwrap(), ": live\n\n");
        stream
    }

    /// What an authenticator shows now for a secret.
    pub(crate) fn code(&self, secret: &str) -> String {
        code_at(secret, self.now())
    }

    /// Switches a second factor on, a minute's worth of codes ago; its secret and the recovery codes.
    pub(crate) async fn second_factor(&self, token: &str) -> (String, Vec<String>) {
        let begun = self.post("/v1/me/second-factor").token(token).json(&json!({ "password": PASSWORD })).send().await;
        assert_eq!(begun.status, StatusCode::OK, "{:?}", begun.json());
        let secret = begun.json()["secret"].as_str().unwrap().to_owned();
        let code = json!({ "code": self.code(&secret) });
        let confirmed = self.put("/v1/me/second-factor").token(token).json(&code).send().await;
        assert_eq!(confirmed.status, StatusCode::OK, "{:?}", confirmed.json());
        // That code is used up.
        self.advance(60);
        let codes = confirmed.json()["codes"].as_array().unwrap().clone();
        (secret, codes.iter().map(|code| code.as_str().unwrap().to_owned()).collect())
    }

    /// Opens an account and signs in; the access token.
    pub(crate) async fn member(&self, username: &str) -> String {
        self.join(username).await;
        self.sign_in(username).await
    }

    /// The access token of an account that is there.
    pub(crate) async fn sign_in(&self, username: &str) -> String {
        self.tokens(username).await["access_token"].as_str().unwrap().to_owned()
    }

    /// Serves the same state on a real socket until the sender is dropped or told; the task ends with the server.
    pub(crate) fn listen(&self) -> Listening {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let app = self.app.clone();
        let task = tokio::spawn(async move {
            serve_app(listener, app, async { drop(stopped.await) }).await.unwrap();
        });
        Listening { address, stop, task }
    }
}

/// What an authenticator shows `at` for a secret (RFC 6238), made apart from the server.
pub(crate) fn code_at(secret: &str, at: lyceum::base::time::Timestamp) -> String {
    use aws_lc_rs::hmac::{HMAC_SHA1_FOR_LEGACY_USE_ONLY, Key, sign};
    let key = data_encoding::BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
    let tag = sign(&Key::new(HMAC_SHA1_FOR_LEGACY_USE_ONLY, &key), &(at.as_second() / 30).to_be_bytes());
    let start = usize::from(tag.as_ref()[19] % 16);
    let word: [u8; 4] = tag.as_ref()[start..start + 4].try_into().unwrap();
    format!("{:06}", (u32::from_be_bytes(word) % 0x8000_0000) % 1_000_000)
}

/// A server on a socket.
pub(crate) struct Listening {
    pub(crate) address: SocketAddr,
    pub(crate) stop: tokio::sync::oneshot::Sender<()>,
    pub(crate) task: tokio::task::JoinHandle<()>,
}

impl Listening {
    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Asks it to stop and waits until it has.
    pub(crate) async fn stop(self) {
        drop(self.stop);
        self.task.await.unwrap();
    }
}
