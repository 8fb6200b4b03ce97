//! A server made of bytes: it reads a request, sends what it was told to, and hangs up or holds the line.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use lyceum::base::secret::{ExposeSecret, Secret};
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Ends, Session, SessionStore};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// What the fake does with a request.
#[derive(Clone)]
pub(crate) enum Reply {
    /// Sends and hangs up.
    Say(Vec<u8>),
    /// Sends and then says nothing more.
    Hold(Vec<u8>),
    /// Sends, and then this again and again.
    Endless(Vec<u8>, Vec<u8>),
}

/// A request as it came, head and body.
#[derive(Clone, Debug)]
pub(crate) struct Seen(pub(crate) String);

impl Seen {
    pub(crate) fn is(&self, start: &str) -> bool {
        self.0.starts_with(start)
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.0.split("\r\n\r\n").next()?;
        let mut lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.find(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value)
    }
}

/// The fake. It stops with the test's runtime.
pub(crate) struct Fake {
    pub(crate) address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Fake {
    pub(crate) async fn start(answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        Self::on(TcpListener::bind("127.0.0.1:0").await.unwrap(), answer)
    }

    /// One on a socket of its own.
    pub(crate) fn on(listener: TcpListener, answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let fake = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let (seen, answer) = (Arc::clone(&fake.seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&seen), Arc::clone(&answer)));
            }
        });
        fake
    }

    /// One that speaks TLS. Whoever hangs up before a request was not seen.
    pub(crate) async fn secure(tls: TlsAcceptor, answer: impl Fn(&Seen) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let fake = Self { address: listener.local_addr().unwrap(), seen: Arc::default() };
        let (seen, answer) = (Arc::clone(&fake.seen), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (tls, seen, answer) = (tls.clone(), Arc::clone(&seen), Arc::clone(&answer));
                tokio::spawn(async move {
                    if let Ok(stream) = tls.accept(stream).await {
                        serve(stream, seen, answer).await;
                    }
                });
            }
        });
        fake
    }

    /// One that always says the same.
    pub(crate) async fn saying(bytes: impl Into<Vec<u8>>) -> Self {
        let bytes = bytes.into();
        Self::start(move |_| Reply::Say(bytes.clone())).await
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// A signed-in client of it.
    pub(crate) fn client(&self) -> Native {
        self.client_with(Timeouts::default(), Tokens::holding("lyc_access", "lyc_refresh"))
    }

    pub(crate) fn client_with(&self, timeouts: Timeouts, tokens: Arc<Tokens>) -> Native {
        Native::new(Origin::parse(&format!("http://{}", self.address)).unwrap(), tokens, timeouts).unwrap()
    }
}

async fn serve<S, F>(mut stream: S, seen: Arc<Mutex<Vec<Seen>>>, answer: Arc<F>)
where
    S: AsyncRead + AsyncWrite + Unpin,
    F: Fn(&Seen) -> Reply,
{
    let Some(request) = read(&mut stream).await else { return };
    let reply = answer(&request);
    seen.lock().unwrap().push(request);
    // The client may well hang up first: that is what some tests are about.
    match reply {
        Reply::Say(bytes) => {
            drop(stream.write_all(&bytes).await);
            drop(stream.shutdown().await);
        }
        Reply::Hold(bytes) => {
            drop(stream.write_all(&bytes).await);
            drop(stream.read(&mut [0; 16]).await);
        }
        Reply::Endless(bytes, again) => {
            let mut sent = stream.write_all(&bytes).await;
            while sent.is_ok() {
                tokio::task::yield_now().await;
                sent = stream.write_all(&again).await;
            }
        }
    }
}

/// A whole request, or none when whoever sent it hung up before its end.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> Option<Seen> {
    let mut bytes = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let seen = Seen(head.to_owned());
            let length = seen.header("content-length").map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Some(Seen(text));
            }
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    }
}

/// The head of a genuine answer.
pub(crate) fn head(status: &str, content_type: &str, more: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\nlyceum-server: 0.1.0\r\ncontent-type: {content_type}\r\nconnection: close\r\n{more}\r\n"
    )
}

/// A genuine answer.
pub(crate) fn answer(status: &str, content_type: &str, body: &str) -> Vec<u8> {
    let length = format!("content-length: {}\r\n", body.len());
    format!("{}{body}", head(status, content_type, &length)).into_bytes()
}

/// A genuine 200 with JSON.
pub(crate) fn json(body: &str) -> Vec<u8> {
    answer("200 OK", "application/json", body)
}

/// A genuine refusal.
pub(crate) fn problem(status: u16, code: &str) -> Vec<u8> {
    let body = format!(r#"{{"type":"about:blank#{code}","title":"No.","status":{status},"code":"{code}"}}"#);
    answer(&format!("{status} No"), "application/problem+json", &body)
}

/// Tokens kept in memory, with a diary of what was done to them.
#[derive(Default)]
pub(crate) struct Tokens {
    /// Whose they are; anybody's without one, because a fake gets its port late.
    origin: Option<String>,
    kept: Mutex<Option<Session>>,
    diary: Mutex<Vec<String>>,
    sitting: AtomicU64,
}

impl Tokens {
    pub(crate) fn holding(access: &str, refresh: &str) -> Arc<Self> {
        let tokens = Self::default();
        tokens.put(access, refresh);
        Arc::new(tokens)
    }

    /// Those that the community at `origin` gave.
    pub(crate) fn of(origin: &str, access: &str, refresh: &str) -> Arc<Self> {
        let tokens = Self { origin: Some(origin.to_owned()), ..Self::default() };
        tokens.put(access, refresh);
        Arc::new(tokens)
    }

    pub(crate) fn put(&self, access: &str, refresh: &str) {
        *self.kept.lock().unwrap() =
            Some(Session { access: Secret::from(access), refresh: Secret::from(refresh), ends: Ends::default() });
    }

    /// Somebody else comes in.
    pub(crate) fn come(&self, access: &str, refresh: &str) {
        self.put(access, refresh);
        self.sitting.fetch_add(1, Ordering::SeqCst);
    }

    pub(crate) fn access(&self) -> Option<String> {
        self.kept.lock().unwrap().as_ref().map(|session| session.access.expose_secret().to_owned())
    }

    pub(crate) fn diary(&self) -> Vec<String> {
        self.diary.lock().unwrap().clone()
    }
}

impl SessionStore for Tokens {
    fn is_of(&self, origin: &str) -> bool {
        self.origin.as_ref().is_none_or(|own| own == origin)
    }

    fn load(&self) -> Option<Session> {
        self.kept.lock().unwrap().clone()
    }

    fn current(&self) -> Option<Session> {
        self.load()
    }

    fn save(&self, _spent: &Session, session: &Session) {
        self.diary.lock().unwrap().push(format!("saved {}", session.access.expose_secret()));
        *self.kept.lock().unwrap() = Some(session.clone());
    }

    fn clear(&self, _spent: &Session) {
        self.diary.lock().unwrap().push("cleared".to_owned());
        *self.kept.lock().unwrap() = None;
    }

    fn sitting(&self) -> u64 {
        self.sitting.load(Ordering::SeqCst)
    }
}
