//! Signing in through a browser on this machine: authorization code with PKCE over a redirect to the loopback address
//! (RFC 8252 sections 7.3 and 8.1, RFC 7636, RFC 9207). The front end opens the address, or shows it.

use std::net::Ipv4Addr;
use std::time::Duration;

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use futures_util::stream::{FuturesUnordered, StreamExt as _};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::{Instant, sleep_until, timeout};

use super::Teller;
use crate::base::random::{self, Random};
use crate::base::secret::{ExposeSecret, Secret};
use crate::community::{BrowserPage, BrowserRequest, Error, Kind, Result, Session, SignIn};
use crate::engine::event::Event;

/// A person has this long to sign in there.
const PATIENCE: Duration = Duration::from_secs(600);

/// A browser has this long to say what it wants.
const HEAD: Duration = Duration::from_secs(5);

/// The longest head that is read, in bytes.
const LONGEST: usize = 8 * 1024;

/// So many connections are read at the same time; further ones wait.
const MOST: usize = 16;

/// The time until connections are taken again after one could not be.
const PAUSE: Duration = Duration::from_millis(200);

/// The path that the browser comes back to.
const PATH: &str = "/callback";

/// Sends a browser to the community, waits for it to come back and changes what it brings for tokens.
pub(super) async fn sign_in(way_in: &dyn SignIn, random: &dyn Random, done: &str, teller: &Teller) -> Result<Session> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.map_err(local)?;
    let port = listener.local_addr().map_err(local)?.port();
    let redirect = format!("http://127.0.0.1:{port}{PATH}");
    let (verifier, challenge) = proof(random);
    let state = random::hex(random, 16);
    let asked = BrowserRequest { redirect: redirect.clone(), challenge, state: state.clone() };
    let page = way_in.browser(&asked).await?;
    teller.tell(|ticket| Event::Browser { ticket, address: page.address.clone() });
    let listener = &listener;
    let accept = || async move { listener.accept().await.map(|(stream, _)| stream) };
    let answered = timeout(PATIENCE, listen(accept, &page, &state, done)).await;
    let code = answered.map_err(|_| Error::new(Kind::Expired))??;
    way_in.browser_tokens(&code, &redirect, &verifier).await
}

fn local(error: std::io::Error) -> Error {
    Error::with(Kind::Unsupported, &error.to_string())
}

/// A verifier of 256 bits and its challenge.
fn proof(random: &dyn Random) -> (Secret, String) {
    let mut bytes = [0; 32];
    random.fill(&mut bytes);
    let verifier = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    let challenge = challenge(&verifier);
    (Secret::from(verifier), challenge)
}

/// What the server is told of a verifier beforehand (RFC 7636 section 4.2, S256).
fn challenge(verifier: &str) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, verifier.as_bytes());
    BASE64_URL_SAFE_NO_PAD.encode(digest.as_ref())
}

/// Answers whoever connects until the answer to our question is among them. Any page in any browser may connect: what is
/// not that answer is turned away and changes nothing, and what says nothing keeps nobody waiting.
async fn listen<S: AsyncRead + AsyncWrite + Unpin, F: Future<Output = std::io::Result<S>>>(
    accept: impl Fn() -> F,
    page: &BrowserPage,
    state: &str,
    done: &str,
) -> Result<Secret> {
    let mut visitors = FuturesUnordered::new();
    let mut from = Instant::now();
    loop {
        let next = async {
            sleep_until(from).await;
            accept().await
        };
        tokio::select! {
            accepted = next, if visitors.len() < MOST => match accepted {
                Ok(stream) => visitors.push(serve(stream, page, state, done)),
                // When files run out the next try fails as well: asked again at once it would only keep the machine busy.
                Err(_) => from = Instant::now() + PAUSE,
            },
            Some(outcome) = visitors.next() => if let Some(outcome) = outcome {
                return outcome;
            },
        }
    }
}

/// Reads what one connection wants and answers it; what it brings, when that is the answer to our question.
async fn serve<S: AsyncRead + AsyncWrite + Unpin>(
    mut stream: S,
    page: &BrowserPage,
    state: &str,
    done: &str,
) -> Option<Result<Secret>> {
    let target = timeout(HEAD, head(&mut stream)).await.ok()?.ok()?;
    let outcome = read(&target, page, state);
    let (status, text) = if outcome.is_some() { ("200 OK", done) } else { ("404 Not Found", "") };
    let _ = timeout(HEAD, answer(&mut stream, status, text)).await;
    outcome
}

/// The target of a request: its path and query.
async fn head(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<String> {
    let mut bytes = Vec::new();
    while !bytes.windows(4).any(|four| four == b"\r\n\r\n") {
        let mut part = [0; 1024];
        let read = stream.read(&mut part).await?;
        bytes.extend_from_slice(&part[..read]);
        if read == 0 || bytes.len() > LONGEST {
            return Err(std::io::ErrorKind::InvalidData.into());
        }
    }
    let text = String::from_utf8_lossy(&bytes);
    let mut words = text.lines().next().unwrap_or_default().split(' ');
    match (words.next(), words.next()) {
        (Some("GET"), Some(target)) => Ok(target.to_owned()),
        _ => Err(std::io::ErrorKind::InvalidData.into()),
    }
}

/// Plain text, so that there is nothing to run in it; and nothing of it is kept, because its address holds a code.
async fn answer(stream: &mut (impl AsyncWrite + Unpin), status: &str, text: &str) -> std::io::Result<()> {
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {}\r\n\
         Cache-Control: no-store\r\nReferrer-Policy: no-referrer\r\nX-Content-Type-Options: nosniff\r\n\
         Connection: close\r\n\r\n",
        text.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await
}

/// What a request to this machine brings: none when it is not the answer to our question.
fn read(target: &str, page: &BrowserPage, state: &str) -> Option<Result<Secret>> {
    let (path, query) = target.split_once('?')?;
    let value = |wanted: &str| {
        let mut pairs = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name == wanted);
        // Twice is once too often: nobody knows which one counts (RFC 6749 section 3.1).
        pairs.next().filter(|_| pairs.next().is_none()).map(|(_, value)| Secret::from(value.into_owned()))
    };
    let is = |name: &str, wanted: &str| value(name).is_some_and(|found| same(found.expose_secret(), wanted));
    if path != PATH || !is("state", state) || !is("iss", &page.issuer) {
        return None;
    }
    match (value("code"), value("error")) {
        (Some(code), None) => Some(Ok(code)),
        (None, Some(error)) if error.expose_secret() == "access_denied" => Some(Err(Error::new(Kind::Refused))),
        _ => Some(Err(Error::new(Kind::Malformed))),
    }
}

fn same(one: &str, other: &str) -> bool {
    aws_lc_rs::constant_time::verify_slices_are_equal(one.as_bytes(), other.as_bytes()).is_ok()
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use tokio::io::{DuplexStream, duplex};

    use super::*;
    use crate::base::random::Seeded;

    fn page() -> BrowserPage {
        BrowserPage { address: String::new(), issuer: "https://guild.example".to_owned() }
    }

    #[test]
    fn only_the_answer_to_our_question_counts() {
        let found = |target: &str| {
            read(target, &page(), "s1").map(|r| r.map(|s| s.expose_secret().to_owned()).map_err(|e| e.kind))
        };
        let iss = "iss=https%3A%2F%2Fguild.example";
        assert_eq!(found(&format!("/callback?code=c&state=s1&{iss}")), Some(Ok("c".to_owned())));
        assert_eq!(found(&format!("/callback?error=access_denied&state=s1&{iss}")), Some(Err(Kind::Refused)));
        assert_eq!(found(&format!("/callback?error=server_error&state=s1&{iss}")), Some(Err(Kind::Malformed)));
        for other in [
            format!("/callback?code=c&state=s2&{iss}"),
            format!("/callback?code=c&{iss}"),
            format!("/callback?code=c&state=s1&state=s1&{iss}"),
            "/callback?code=c&state=s1".to_owned(),
            "/callback?code=c&state=s1&iss=https%3A%2F%2Fother.example".to_owned(),
            format!("/other?code=c&state=s1&{iss}"),
            "/callback".to_owned(),
            "/favicon.ico".to_owned(),
        ] {
            assert!(found(&other).is_none(), "{other}");
        }
    }

    #[test]
    fn the_challenge_is_the_digest_of_the_verifier() {
        let (verifier, told) = proof(&Seeded::new(1));
        assert_eq!((verifier.expose_secret().len(), told.len()), (43, 43));
        let known = challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
        assert_eq!(known, "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "RFC 7636 appendix B");
    }
    /// Connections that say nothing, and behind them the one with the answer; the instant at which it is read.
    async fn behind(idle: usize) -> Duration {
        let began = Instant::now();
        let (mut ours, theirs): (Vec<_>, Vec<_>) = (0..=idle).map(|_| duplex(1024)).unzip();
        let target = "GET /callback?code=c&state=s1&iss=https%3A%2F%2Fguild.example HTTP/1.1\r\n\r\n";
        ours[idle].write_all(target.as_bytes()).await.unwrap();
        let waiting: RefCell<Vec<DuplexStream>> = RefCell::new(theirs.into_iter().rev().collect());
        let accept = || async {
            let next = waiting.borrow_mut().pop();
            match next {
                Some(stream) => Ok(stream),
                None => std::future::pending().await,
            }
        };
        let code = listen(accept, &page(), "s1", "done").await.unwrap();
        assert_eq!(code.expose_secret(), "c");
        began.elapsed()
    }

    #[tokio::test(start_paused = true)]
    async fn connections_that_say_nothing_keep_nobody_waiting() {
        assert!(behind(1).await < HEAD);
        assert!(behind(MOST - 1).await < HEAD);
        // More are not read at once; they wait until the silent ones are given up.
        assert!(behind(MOST).await >= HEAD);
    }

    #[tokio::test(start_paused = true)]
    async fn a_machine_that_takes_no_connection_is_asked_again_after_a_pause() {
        let asked = Cell::new(0);
        let accept = || async {
            asked.set(asked.get() + 1);
            assert!(asked.get() < 1000, "it never rests");
            Err::<DuplexStream, _>(std::io::ErrorKind::Other.into())
        };
        assert!(timeout(PAUSE * 10, listen(accept, &page(), "s1", "done")).await.is_err());
        assert!((9..=11).contains(&asked.get()), "{}", asked.get());
    }
}
