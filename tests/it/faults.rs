//! What goes wrong between client and server, made on purpose: each fault is one typed error, never a panic, and no
//! secret goes astray.

#[cfg(feature = "server")]
mod child;
#[cfg(unix)]
mod disk;
pub(crate) mod fake;
#[cfg(feature = "server")]
mod follow;
mod live;
#[cfg(feature = "server")]
mod proxy;
mod renewal;
#[cfg(feature = "server")]
mod sends;
#[cfg(all(unix, feature = "server"))]
mod stall;
#[cfg(all(unix, feature = "server"))]
mod typing;

use std::time::Duration;

use fake::{Fake, Reply, Tokens, answer, head, json, problem};
use lyceum::base::ids::{IdempotencyKey, PostId, ThreadId, Username};
use lyceum::base::secret::Secret;
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Community, Kind, SignIn};
use lyceum::model::change::Change;
use lyceum::model::page::Window;

pub(crate) const ME: &str =
    r#"{"username":"ada","name":"Ada Moreau","role":"member","bio":"","email":"ada@community.example","inbox":3}"#;

/// How much is done: `just faults` does it in full.
#[cfg(feature = "server")]
fn scale<T>(short: T, full: T) -> T {
    if std::env::var_os("LYCEUM_FAULTS").is_some() { full } else { short }
}

async fn ask(fake: &Fake) -> Kind {
    fake.client().me().await.unwrap_err().kind
}

fn short(idle: u64, whole: u64) -> Timeouts {
    let [idle, whole] = [idle, whole].map(Duration::from_millis);
    Timeouts { idle, whole, connect: Duration::from_millis(1), ..Timeouts::default() }
}

#[tokio::test]
async fn a_genuine_answer_is_understood() {
    let me = Fake::saying(json(ME)).await.client().me().await.unwrap();
    assert_eq!((me.author.username.as_str(), me.inbox), ("ada", 3));
}

#[tokio::test]
async fn an_answer_that_is_cut_off_anywhere_is_a_broken_connection() {
    let whole = json(ME);
    for cut in (0..whole.len()).step_by(9) {
        assert_eq!(ask(&Fake::saying(&whole[..cut]).await).await, Kind::Offline, "cut at {cut}");
    }
}

#[tokio::test]
async fn an_answer_without_a_length_that_is_cut_off_is_malformed() {
    let head = head("200 OK", "application/json", "");
    for cut in (0..ME.len()).step_by(9) {
        let bytes = format!("{head}{}", &ME[..cut]);
        assert_eq!(ask(&Fake::saying(bytes).await).await, Kind::Malformed, "cut at {cut}");
    }
}

#[tokio::test]
async fn who_is_not_the_server_is_not_believed() {
    let html = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<form>Room number";
    let portal = "HTTP/1.1 511 Network Authentication Required\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n";
    let other = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{ME}");
    let gone = "HTTP/1.1 404 Not Found\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n";
    let found = "HTTP/1.1 302 Found\r\nlocation: https://portal.example/\r\ncontent-length: 0\r\n\r\n";
    for bytes in [&other, gone] {
        assert_eq!(ask(&Fake::saying(bytes).await).await, Kind::NotTheServer, "{bytes}");
    }
    for bytes in [html, portal, found] {
        assert_eq!(ask(&Fake::saying(bytes).await).await, Kind::LoginPage, "{bytes}");
    }
}

#[tokio::test]
async fn a_server_that_fails_is_told_from_what_stands_before_it() {
    let proxy = "HTTP/1.1 502 Bad Gateway\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<h1>502";
    assert_eq!(ask(&Fake::saying(proxy).await).await, Kind::Server(None));
    assert_eq!(ask(&Fake::saying(answer("500 Oops", "text/html", "<h1>500")).await).await, Kind::Server(None));
    let body =
        r#"{"type":"x","title":"The server failed.","status":500,"code":"internal","incident":"4f2a\u001b]0;x"}"#;
    let error =
        Fake::saying(answer("500 Oops", "application/problem+json", body)).await.client().me().await.unwrap_err();
    let Kind::Server(Some(incident)) = error.kind else { panic!("{error:?}") };
    assert!(incident.starts_with("4f2a") && !incident.contains('\u{1b}'), "{incident}");
}

#[tokio::test]
async fn what_is_not_json_as_agreed_is_malformed() {
    let deep = format!("{}{}", "[".repeat(10_000), "]".repeat(10_000));
    let bodies = [
        json(""),
        json("null"),
        json("[]"),
        json(&deep),
        json(r#"{"username":"ada","username":"eve"}"#),
        json("{\"username\":\"\u{fffd}\""),
        answer("200 OK", "text/html", ME),
        answer("200 OK", "application/jsonp", ME),
        answer("418 Teapot", "text/plain", "short and stout"),
    ];
    for bytes in bodies {
        let said = String::from_utf8_lossy(&bytes[..bytes.len().min(300)]).into_owned();
        assert_eq!(ask(&Fake::saying(bytes).await).await, Kind::Malformed, "{said}");
    }
}

#[tokio::test]
async fn a_line_that_closes_or_is_no_http_is_offline() {
    assert_eq!(ask(&Fake::saying("").await).await, Kind::Offline);
    assert_eq!(ask(&Fake::saying("SSH-2.0-OpenSSH_9.2p1\r\n").await).await, Kind::Offline);
    let flood = format!("HTTP/1.1 200 OK\r\nlyceum-server: {}\r\n\r\n", "x".repeat(2 << 20));
    assert_eq!(ask(&Fake::saying(flood).await).await, Kind::Offline);
    // A port that was free a moment ago.
    let address = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let origin = Origin::parse(&format!("http://{address}")).unwrap();
    let nobody = Native::new(origin, Tokens::holding("a", "b"), Timeouts::default()).unwrap();
    assert_eq!(nobody.me().await.unwrap_err().kind, Kind::Offline);
}

#[tokio::test]
async fn an_answer_without_end_is_dropped_at_the_limit() {
    let endless = Fake::start(|_| {
        let start = format!("{}\"", head("200 OK", "application/json", ""));
        Reply::Endless(start.into_bytes(), vec![b'x'; 64 * 1024])
    });
    let error = endless.await.client().me().await.unwrap_err();
    assert_eq!((error.kind, &*error.detail), (Kind::Malformed, "the answer is too large"));
}

#[tokio::test]
async fn a_bomb_is_dropped_at_the_limit_too() {
    let bomb = bomb(64 << 20);
    assert!(bomb.len() < 512 * 1024, "no bomb: {}", bomb.len());
    let more = format!("content-encoding: gzip\r\ncontent-length: {}\r\n", bomb.len());
    let mut bytes = head("200 OK", "application/json", &more).into_bytes();
    bytes.extend(bomb);
    let error = Fake::saying(bytes).await.client().me().await.unwrap_err();
    assert_eq!((error.kind, &*error.detail), (Kind::Malformed, "the answer is too large"));
}

#[tokio::test]
async fn broken_compression_is_malformed() {
    let more = "content-encoding: gzip\r\ncontent-length: 9\r\n";
    let bytes = format!("{}not a gzip", head("200 OK", "application/json", more));
    assert_eq!(ask(&Fake::saying(bytes).await).await, Kind::Malformed);
}

#[tokio::test]
async fn silence_at_any_moment_ends_the_call() {
    let whole = json(ME);
    for said in [0, 20, whole.len() - 30] {
        let part = whole[..said].to_vec();
        let fake = Fake::start(move |_| Reply::Hold(part.clone())).await;
        let client = fake.client_with(short(50, 60_000), Tokens::holding("a", "b"));
        assert_eq!(client.me().await.unwrap_err().kind, Kind::Timeout, "silent after {said} bytes");
    }
}

#[tokio::test]
async fn an_answer_that_only_drips_ends_the_call_too() {
    let drip = Fake::start(|_| Reply::Endless(head("200 OK", "application/json", "").into_bytes(), b" ".to_vec()));
    let client = drip
        .await
        .client_with(Timeouts { connect: Duration::from_secs(5), ..short(60_000, 100) }, Tokens::holding("a", "b"));
    assert_eq!(client.me().await.unwrap_err().kind, Kind::Timeout);
}

#[tokio::test]
async fn a_redirect_is_not_followed_and_tells_nobody_anything() {
    for status in [301, 302, 303, 307, 308] {
        let stranger = Fake::saying(json(ME)).await;
        let to = format!(
            "HTTP/1.1 {status} Moved\r\nlyceum-server: 1\r\nlocation: http://{}/\r\ncontent-length: 0\r\n\r\n",
            stranger.address
        );
        let client = Fake::saying(to).await.client();
        let vote = Change::Follow { thread: ThreadId::new("1"), on: true };
        assert_eq!(client.me().await.unwrap_err().kind, Kind::NotTheServer, "{status}");
        assert_eq!(
            client.apply(&vote, &IdempotencyKey::new("k")).await.unwrap_err().kind,
            Kind::NotTheServer,
            "{status}"
        );
        assert_eq!(
            client.password("ada", &Secret::from("hunter2hunter2"), None).await.unwrap_err().kind,
            Kind::NotTheServer
        );
        assert!(stranger.seen().is_empty(), "{:?}", stranger.seen());
    }
}

/// What the environment says of proxies cannot be changed within a process, so this test runs itself once more in it.
#[test]
fn what_goes_to_this_machine_passes_no_proxy() {
    const MARK: &str = "LYCEUM_TEST_SERVER";
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Ok(address) = std::env::var(MARK) {
        let client =
            Native::new(Origin::parse(&address).unwrap(), Tokens::holding("a", "b"), Timeouts::default()).unwrap();
        runtime.block_on(client.me()).unwrap();
        return;
    }
    let (server, proxy) = runtime.block_on(async { (Fake::saying(json(ME)).await, Fake::saying(json(ME)).await) });
    let through = format!("http://{}", proxy.address);
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "faults::what_goes_to_this_machine_passes_no_proxy"])
        .env(MARK, format!("http://{}", server.address))
        .envs(["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"].map(|name| (name, &through)))
        .env_remove("NO_PROXY")
        .env_remove("no_proxy")
        .output()
        .unwrap();
    assert!(child.status.success(), "{}", String::from_utf8_lossy(&child.stdout));
    assert_eq!((server.seen().len(), proxy.seen().len()), (1, 0));
}

#[tokio::test]
async fn no_secret_stands_in_an_address_or_an_error() {
    let fake = Fake::saying(problem(403, "forbidden")).await;
    let client = fake.client();
    let mut errors = format!("{:?}", client.search("salary of octavia", None).await.unwrap_err());
    errors += &format!("{:?}", client.password("ada", &Secret::from("hunter2hunter2"), None).await.unwrap_err());
    // The same, with nobody there to answer.
    let origin = Origin::parse("http://127.0.0.1:1").unwrap();
    let nobody = Native::new(origin, Tokens::holding("lyc_access", "lyc_refresh"), Timeouts::default()).unwrap();
    errors += &format!("{:?}", nobody.search("salary of octavia", None).await.unwrap_err());
    for secret in ["lyc_access", "lyc_refresh", "hunter2", "salary"] {
        assert!(!errors.contains(secret), "{errors}");
    }
    for seen in fake.seen() {
        let line = seen.0.lines().next().unwrap();
        assert!(!line.contains("lyc_") && !line.contains("hunter2"), "{line}");
    }
}

#[tokio::test]
async fn requests_say_what_they_must() {
    let written = r#"{"thread":"7","post":"9","number":2}"#;
    let fake = Fake::start(move |seen| Reply::Say(if seen.is("PATCH") { json(written) } else { json(ME) })).await;
    let client = fake.client();
    client.me().await.unwrap();
    let edit = Change::Edit { post: PostId::new("9/../1"), body: "x".into(), version: "v1".into() };
    assert_eq!(client.apply(&edit, &IdempotencyKey::new("key-1")).await.unwrap().number, Some(2));
    let [me, edit] = &fake.seen()[..] else { panic!("{:?}", fake.seen()) };
    assert!(me.is("GET /v1/me HTTP/1.1"), "{me:?}");
    assert_eq!(me.header("authorization"), Some("Bearer lyc_access"));
    assert_eq!(me.header("user-agent"), Some(concat!("lyceum/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(me.header("accept-encoding"), Some("gzip"));
    assert!(edit.is("PATCH /v1/posts/9%2F..%2F1 HTTP/1.1"), "{edit:?}");
    assert_eq!((edit.header("if-match"), edit.header("idempotency-key")), (Some("\"v1\""), Some("key-1")));
}

#[tokio::test]
async fn what_strangers_wrote_arrives_clean() {
    let evil = r"a\u001b[2Jb\u202ec\u0007d\r\ne";
    let author = format!(r#"{{"username":"{evil}","name":"{evil}","role":"member"}}"#);
    let post = format!(
        r#"{{"id":"1","thread":"7","number":1,"parent":null,"author":{author},"created":"2026-03-01T12:00:00Z","edited":null,
        "body":"{evil}","score":0,"vote":0,"accepted":false,"deleted":false,"partial":false,"may_edit":false,"version":"1"}}"#
    );
    let page = json(&format!(r#"{{"items":[{post}],"next":null,"entitlement":null}}"#));
    let posts = Fake::saying(page).await.client().posts(&ThreadId::new("7"), Window::Start).await.unwrap();
    let post = &posts.items[0];
    let shown = [&*post.body, &*post.author.name, post.author.username.as_str()];
    for text in shown {
        assert!(!text.contains(['\u{1b}', '\u{202e}', '\u{7}', '\r']), "{text:?}");
    }
    assert!(post.body.had_hidden() && post.body.ends_with("\ne"), "{:?}", post.body);
    assert!(!post.author.name.contains('\n'), "{:?}", post.author.name);
}

#[tokio::test]
async fn an_id_that_is_none_asks_nobody() {
    let fake = Fake::saying(json(ME)).await;
    let client = fake.client();
    assert_eq!(client.thread(&ThreadId::new("..")).await.unwrap_err().kind, Kind::NotFound);
    assert_eq!(client.posts(&ThreadId::new(""), Window::Start).await.unwrap_err().kind, Kind::NotFound);
    assert_eq!(client.member(&Username::new(".")).await.unwrap_err().kind, Kind::NotFound);
    assert!(fake.seen().is_empty());
}

/// A gzip stream of `size` spaces: one literal, then "258 more of the last byte" again and again (RFC 1951, fixed
/// codes), thirteen bits each.
pub(crate) fn bomb(size: usize) -> Vec<u8> {
    let mut bytes = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    let (mut bits, mut filled) = (0_u32, 0);
    let mut put = |value: u32, count: u32, bytes: &mut Vec<u8>| {
        bits |= value << filled;
        filled += count;
        while filled >= 8 {
            bytes.push(bits.to_le_bytes()[0]);
            bits >>= 8;
            filled -= 8;
        }
    };
    let huffman = |code: u32, count: u32| code.reverse_bits() >> (32 - count);
    put(0b011, 3, &mut bytes);
    put(huffman(0x30 + u32::from(b' '), 8), 8, &mut bytes);
    for _ in 0..size / 258 {
        put(huffman(0b1100_0101, 8), 8, &mut bytes);
        put(0, 5, &mut bytes);
    }
    bytes
}
