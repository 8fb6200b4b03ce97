//! Something between client and server that spoils what passes: it cuts before or after a request was processed,
//! delays, repeats, answers itself, truncates, stalls. What it does is drawn from a repeatable stream.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lyceum::base::random::{Random, Seeded};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// What becomes of one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Fault {
    /// It passes late, so that another may overtake it.
    Delay,
    /// The server never sees it.
    CutBefore,
    /// The server processes it; nobody hears of that.
    CutAfter,
    /// The server sees it twice.
    Twice,
    /// Only the beginning of the request arrives.
    HalfRequest,
    /// Only the beginning of the answer arrives.
    HalfAnswer,
    /// Answered with 429.
    TooMany,
    /// Answered with 500.
    Failing,
    /// Answered with a page.
    Page,
    /// Never answered.
    Stall,
}

impl Fault {
    pub(crate) const ALL: &[Self] = &[
        Self::Delay,
        Self::CutBefore,
        Self::CutAfter,
        Self::Twice,
        Self::HalfRequest,
        Self::HalfAnswer,
        Self::TooMany,
        Self::Failing,
        Self::Page,
        Self::Stall,
    ];
}

/// How much goes wrong, in percent of exchanges.
#[derive(Clone)]
struct Shared {
    upstream: SocketAddr,
    share: Arc<AtomicU32>,
    kinds: Arc<Mutex<&'static [Fault]>>,
    random: Arc<Seeded>,
    counts: Arc<Mutex<BTreeMap<Fault, usize>>>,
}

/// The proxy. It stops with the test's runtime.
pub(crate) struct Proxy {
    pub(crate) address: SocketAddr,
    shared: Shared,
}

impl Proxy {
    /// Stands before a server; at first everything passes.
    pub(crate) async fn before(upstream: SocketAddr, seed: u64) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let shared = Shared {
            upstream,
            share: Arc::default(),
            kinds: Arc::new(Mutex::new(Fault::ALL)),
            random: Arc::new(Seeded::new(seed)),
            counts: Arc::default(),
        };
        let proxy = Self { address: listener.local_addr().unwrap(), shared: shared.clone() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let shared = shared.clone();
                tokio::spawn(async move { shared.serve(stream).await });
            }
        });
        proxy
    }

    /// From now on so many exchanges of a hundred are spoilt, in one of these ways.
    pub(crate) fn spoil(&self, percent: u32, kinds: &'static [Fault]) {
        *self.shared.kinds.lock().unwrap() = kinds;
        self.shared.share.store(percent, Ordering::SeqCst);
    }

    /// How often what was done.
    pub(crate) fn counts(&self) -> BTreeMap<Fault, usize> {
        self.shared.counts.lock().unwrap().clone()
    }
}

impl Shared {
    fn draw(&self, below: u32) -> u32 {
        let mut bytes = [0; 4];
        self.random.fill(&mut bytes);
        u32::from_le_bytes(bytes) % below
    }

    fn fault(&self) -> Option<Fault> {
        let spoilt = self.draw(100) < self.share.load(Ordering::SeqCst);
        let kinds = *self.kinds.lock().unwrap();
        let fault = kinds[self.draw(kinds.len() as u32) as usize];
        if spoilt {
            *self.counts.lock().unwrap().entry(fault).or_default() += 1;
        }
        spoilt.then_some(fault)
    }

    /// One exchange per connection: each can then meet a fate of its own.
    async fn serve(&self, mut client: TcpStream) {
        let Some(request) = request(&mut client).await else { return };
        if request.starts_with(b"GET /v1/events") {
            return self.stream(client, &request).await;
        }
        let own = |status: &str, kind: &str, extra: &str, body: &str| {
            format!(
                "HTTP/1.1 {status}\r\nlyceum-server: 0.1.0\r\ncontent-type: {kind}\r\n{extra}content-length: {}\r\nconnection: close\r\n\r\n{body}",
                body.len()
            )
        };
        let fault = self.fault();
        let answer = match fault {
            Some(Fault::CutBefore) => return,
            Some(Fault::Stall) => return std::future::pending().await,
            Some(Fault::TooMany) => {
                own("429 Too Many Requests", "text/plain", "retry-after: 1\r\n", "later").into_bytes()
            }
            Some(Fault::Failing) => own("500 Internal Server Error", "text/plain", "", "oh").into_bytes(),
            Some(Fault::Page) => own("200 OK", "text/html", "", "<h1>Welcome</h1>").into_bytes(),
            Some(Fault::HalfRequest) => {
                let _ = self.forward(&request[..request.len() - request.len().min(9)]).await;
                return;
            }
            Some(Fault::Twice) => {
                let _ = self.forward(&request).await;
                self.forward(&request).await.unwrap_or_default()
            }
            Some(Fault::Delay) => {
                tokio::time::sleep(Duration::from_millis(u64::from(self.draw(300)))).await;
                self.forward(&request).await.unwrap_or_default()
            }
            Some(Fault::CutAfter | Fault::HalfAnswer) | None => self.forward(&request).await.unwrap_or_default(),
        };
        let end = match fault {
            Some(Fault::CutAfter) => 0,
            Some(Fault::HalfAnswer) => self.draw(answer.len().max(1) as u32) as usize,
            _ => answer.len(),
        };
        let _ = client.write_all(&answer[..end]).await;
        let _ = client.shutdown().await;
    }

    /// Sends a request on and reads the answer to its end.
    async fn forward(&self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let mut server = TcpStream::connect(self.upstream).await?;
        server.write_all(&closing(request)).await?;
        if request.len() < 4 || !is_whole(request) {
            server.shutdown().await?;
        }
        let mut answer = Vec::new();
        server.read_to_end(&mut answer).await?;
        Ok(answer)
    }

    /// Live events pass until they are cut.
    async fn stream(&self, mut client: TcpStream, request: &[u8]) {
        let Ok(mut server) = TcpStream::connect(self.upstream).await else { return };
        if server.write_all(request).await.is_err() {
            return;
        }
        let mut buffer = [0; 512];
        loop {
            match server.read(&mut buffer).await {
                Ok(n @ 1..) => {
                    // Cut within a piece now and then.
                    let is_cut = self.draw(100) < self.share.load(Ordering::SeqCst) / 2;
                    let n = if is_cut { self.draw(n as u32) as usize } else { n };
                    if client.write_all(&buffer[..n]).await.is_err() || is_cut {
                        return;
                    }
                }
                _ => return,
            }
        }
    }
}

/// A whole request: its head and as much body as that announces.
async fn request(client: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 4096];
    while !is_whole(&bytes) {
        let n = client.read(&mut buffer).await.ok()?;
        if n == 0 {
            return None;
        }
        bytes.extend_from_slice(&buffer[..n]);
    }
    Some(bytes)
}

fn is_whole(bytes: &[u8]) -> bool {
    let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse::<usize>().ok());
    bytes.len() >= end + 4 + length.unwrap_or(0)
}

/// The same request on a connection that ends with its answer.
fn closing(request: &[u8]) -> Vec<u8> {
    let end = request.windows(2).position(|window| window == b"\r\n").unwrap_or(0);
    [&request[..end], b"\r\nconnection: close", &request[end..]].concat()
}
