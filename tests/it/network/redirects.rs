//! Redirects: none is followed, whatever its code, wherever it leads and whatever was asked for. Nobody but the
//! community hears anything, and the community hears each request once.

use std::sync::Arc;

use futures_util::StreamExt;
use lyceum::base::ids::{IdempotencyKey, PostId, ThreadId};
use lyceum::base::secret::Secret;
use lyceum::community::http::{Network, Origin};
use lyceum::community::native::Native;
use lyceum::community::{Community, Error, Kind, SignIn};
use lyceum::model::change::Change;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;

use super::authority::{Authority, Valid};
use crate::faults::ME;
use crate::faults::fake::{Fake, Reply, Tokens, json, problem, read};

const CODES: [u16; 5] = [301, 302, 303, 307, 308];

/// What must not be heard anywhere else.
const SECRETS: [&str; 5] = ["lyc_access", "lyc_refresh", "hunter2hunter2", "key-of-the-post", "version-1"];

/// Where a redirect may lead: to somebody else, over whom it may be, or back.
struct Elsewhere {
    other_port: Fake,
    other_host: Fake,
    plain: Fake,
}

impl Elsewhere {
    async fn new() -> Self {
        let other_port = Fake::saying(json(ME)).await;
        let plain = Fake::saying(json(ME)).await;
        // Another address of this machine: another host to anybody who compares.
        let listener = TcpListener::bind("127.0.0.2:0").await.unwrap();
        let other_host = Fake::on(listener, |_| Reply::Say(json(ME)));
        Self { other_port, other_host, plain }
    }

    fn targets(&self, own: &str) -> Vec<String> {
        let (port, host, plain) = (self.other_port.address, self.other_host.address, self.plain.address);
        vec![
            format!("{own}/v1/elsewhere"),
            "/v1/elsewhere".to_owned(),
            "elsewhere?x=1".to_owned(),
            format!("http://{port}/v1/me"),
            format!("http://{host}/v1/me"),
            format!("http://{plain}/v1/me"),
            format!("//{host}/v1/me"),
            format!("http://lyc_access:x@{host}/"),
            "javascript:alert(1)".to_owned(),
            "data:application/json,{}".to_owned(),
            "file:///etc/passwd".to_owned(),
            String::new(),
        ]
    }

    fn heard(&self) -> usize {
        [&self.other_port, &self.other_host, &self.plain].iter().map(|fake| fake.seen().len()).sum()
    }
}

/// Everything that carries something to be careful with: the token, the key, the version, the password.
async fn everything(client: &Native) -> Vec<Result<(), Error>> {
    let key = || IdempotencyKey::new("key-of-the-post");
    let edit = Change::Edit { post: PostId::new("9"), body: "x".into(), version: "version-1".into() };
    let reply = Change::Reply { thread: ThreadId::new("7"), parent: None, body: "x".into() };
    let follow = Change::Follow { thread: ThreadId::new("7"), on: true };
    let live = match client.live(Some(1)).await {
        Ok(stream) => Err(stream.collect::<Vec<_>>().await.pop().and_then(Result::err)),
        Err(error) => Err(Some(error)),
    };
    vec![
        client.me().await.map(drop),
        client.search("salary", None).await.map(drop),
        client.apply(&reply, &key()).await.map(drop),
        client.apply(&edit, &key()).await.map(drop),
        client.apply(&follow, &key()).await.map(drop),
        client.password("ada", &Secret::from("hunter2hunter2"), None).await.map(drop),
        live.map_err(|error| error.unwrap()),
    ]
}

#[tokio::test]
async fn no_redirect_is_followed_and_no_secret_goes_anywhere() {
    let elsewhere = Elsewhere::new().await;
    let authority = Authority::new();
    let mut exchanges = 0;
    for encrypted in [false, true] {
        for code in CODES {
            for signed in [false, true] {
                exchanges += redirected(&elsewhere, &authority, encrypted, code, signed).await;
            }
        }
    }
    assert_eq!(elsewhere.heard(), 0, "requests that went elsewhere");
    println!("redirects: {exchanges} requests redirected, 0 followed, 0 secrets elsewhere");
}

/// All targets of one code, and everything that may be asked.
async fn redirected(to: &Elsewhere, authority: &Authority, encrypted: bool, code: u16, signed: bool) -> usize {
    let target = Arc::new(std::sync::Mutex::new(String::new()));
    let location = Arc::clone(&target);
    let marker = if signed { "lyceum-server: 1\r\n" } else { "" };
    let answer = move |_: &_| {
        let to = location.lock().unwrap();
        let head = format!("HTTP/1.1 {code} Moved\r\n{marker}location: {to}\r\nset-cookie: crumb=lyc_crumb\r\n");
        Reply::Say(format!("{head}content-length: 0\r\nconnection: close\r\n\r\n").into_bytes())
    };
    let (fake, own, network) = if encrypted {
        let fake = Fake::secure(authority.server("localhost", Valid::Now), answer).await;
        let own = format!("https://localhost:{}", fake.address.port());
        (fake, own, authority.trusted())
    } else {
        let fake = Fake::start(answer).await;
        let own = format!("http://{}", fake.address);
        (fake, own, Network::default())
    };
    let client = Native::new(Origin::parse(&own).unwrap(), Tokens::holding("lyc_access", "lyc_refresh"), network);
    let client = client.unwrap();
    let mut asked = 0;
    for to in to.targets(&own) {
        to.clone_into(&mut target.lock().unwrap());
        for came in everything(&client).await {
            asked += 1;
            let error = came.unwrap_err();
            let expected = if signed { Kind::NotTheServer } else { Kind::LoginPage };
            assert_eq!(error.kind, expected, "{code} to {to}: {error:?}");
            assert!(SECRETS.iter().all(|secret| !format!("{error:?}").contains(secret)), "{error:?}");
        }
    }
    let seen = fake.seen();
    assert_eq!(seen.len(), asked, "{code}: each request is seen once, and none that a redirect asked for");
    assert!(seen.iter().all(|seen| !seen.is("GET /v1/elsewhere") && seen.header("cookie").is_none()));
    asked
}

/// A renewal is a request like any other.
#[tokio::test]
async fn a_renewal_that_is_redirected_keeps_the_refresh_token() {
    let stranger = Fake::saying(json(ME)).await;
    let to = stranger.address;
    let fake = Fake::start(move |seen| {
        Reply::Say(if seen.is("POST /v1/oauth/token") {
            let head = format!("HTTP/1.1 307 Moved\r\nlocation: http://{to}/\r\ncontent-length: 0\r\n");
            format!("{head}connection: close\r\n\r\n").into_bytes()
        } else {
            problem(401, "token_expired")
        })
    })
    .await;
    let tokens = Tokens::holding("lyc_access", "lyc_refresh");
    let client = fake.client_with(lyceum::community::http::Timeouts::default(), Arc::clone(&tokens));
    assert_eq!(client.me().await.unwrap_err().kind, Kind::LoginPage);
    assert_eq!((stranger.seen().len(), tokens.access().as_deref()), (0, Some("lyc_access")));
}

/// A cookie is taken from nobody, and an address in a body is text.
#[tokio::test]
async fn nothing_of_an_answer_comes_back_with_the_next_request() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = Origin::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let heads = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut seen = Vec::new();
        while let Some(request) = read(&mut stream).await {
            let head = "HTTP/1.1 200 OK\r\nlyceum-server: 1\r\nset-cookie: crumb=1; Path=/\r\netag: \"e\"\r\nlink: <http://x.example/>; rel=next";
            let answer =
                format!("{head}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{ME}", ME.len());
            stream.write_all(answer.as_bytes()).await.unwrap();
            seen.push(request);
        }
        seen
    });
    let client = Native::new(origin, Tokens::holding("a", "b"), Network::default()).unwrap();
    for _ in 0..3 {
        client.me().await.unwrap();
    }
    drop(client);
    let heads = heads.await.unwrap();
    assert_eq!(heads.len(), 3);
    assert!(heads.iter().all(|head| head.0 == heads[0].0), "each request is like the first: {heads:?}");
    let names: Vec<&str> =
        heads[0].0.lines().skip(1).filter_map(|line| line.split_once(": ")).map(|(n, _)| n).collect();
    assert_eq!(
        names,
        ["authorization", "accept", "user-agent", "accept-encoding", "host"],
        "nothing else that identifies"
    );
}
