//! Proxies, by the environment: what goes through one, what does not, and what one can read.

use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use lyceum::community::http::{Network, Origin, Proxies, Roots, Timeouts};
use lyceum::community::native::Native;
use lyceum::community::{Community, Distrust, Kind};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::alone;
use super::authority::{Authority, Valid};
use crate::faults::ME;
use crate::faults::fake::{Fake, Reply, Tokens, json};

/// A name that no name server knows: only a proxy can lead there.
const FAR: &str = "guild.invalid";

/// Every way to name a proxy.
const NAMES: [&str; 6] = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// Every way to except hosts, and whether what is excepted is where one wants to go.
const BUT: [(&str, &str, bool); 7] = [
    ("", "", false),
    ("NO_PROXY", "guild.invalid", true),
    ("no_proxy", ".invalid,10.0.0.0/8", true),
    ("NO_PROXY", "*", true),
    ("NO_PROXY", "other.example", false),
    ("NO_PROXY", "notguild.invalid", false),
    ("no_proxy", "", false),
];

/// A proxy that tunnels whatever it is asked for to one server, and reads along.
struct Proxy {
    address: std::net::SocketAddr,
    read: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Proxy {
    async fn to(server: std::net::SocketAddr, answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let proxy = Self { address: listener.local_addr().unwrap(), read: Arc::default() };
        let read = Arc::clone(&proxy.read);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(tunnel(stream, server, answer, Arc::clone(&read)));
            }
        });
        proxy
    }

    /// What it read of each connection, from the client's side.
    fn read(&self) -> Vec<Vec<u8>> {
        self.read.lock().unwrap().clone()
    }
}

async fn tunnel(mut near: TcpStream, server: std::net::SocketAddr, answer: &str, all: Arc<Mutex<Vec<Vec<u8>>>>) {
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        if near.read_buf(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let number = {
        let mut all = all.lock().unwrap();
        all.push(bytes);
        all.len() - 1
    };
    let _ = near.write_all(answer.as_bytes()).await;
    if !answer.starts_with("HTTP/1.1 200") {
        return;
    }
    let (Ok(far), (mut from_near, mut to_near)) = (TcpStream::connect(server).await, near.into_split()) else { return };
    let (mut from_far, mut to_far) = far.into_split();
    let back = tokio::spawn(async move { drop(tokio::io::copy(&mut from_far, &mut to_near).await) });
    let mut chunk = vec![0; 4096];
    while let Ok(n @ 1..) = from_near.read(&mut chunk).await {
        all.lock().unwrap()[number].extend_from_slice(&chunk[..n]);
        if to_far.write_all(&chunk[..n]).await.is_err() {
            break;
        }
    }
    let _ = to_far.shutdown().await;
    let _ = back.await;
}

const ESTABLISHED: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// The part of the process of its own: asks three communities and says what came of each.
fn ask_all(near: &str, encrypted: &str, far: &str, ca_file: &str) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let roots = Roots::read(Path::new(ca_file)).unwrap();
    for address in [near, encrypted, far] {
        let origin = Origin::parse(address).unwrap();
        let proxy = Proxies::of_system().on_the_way_to(&origin);
        // Without a proxy there is no way to the far one, and no sense in waiting for that to be found out.
        let is_lost = proxy.is_none() && !origin.is_loopback();
        let whole = if is_lost { Duration::from_millis(300) } else { Timeouts::default().whole };
        let timeouts = Timeouts { whole, ..Timeouts::default() };
        let network = Network { timeouts, roots: roots.clone(), ..Network::default() };
        let client = Native::new(origin, Tokens::holding("lyc_access", "lyc_refresh"), network).unwrap();
        let came = match runtime.block_on(client.me()) {
            Ok(me) => me.author.username.to_string(),
            Err(error) => format!("{:?} via {:?}", error.kind, error.via.map(|via| via.as_str().to_owned())),
        };
        println!("\nCAME {came}");
    }
}

fn came(out: &str) -> Vec<&str> {
    out.lines().filter_map(|line| line.strip_prefix("CAME ")).collect()
}

/// The communities that are asked: two on this machine, one far away, and the file of the authority they go by.
struct Communities {
    near: Fake,
    encrypted: Fake,
    far: Fake,
    authority: Authority,
}

impl Communities {
    async fn new() -> Self {
        let authority = Authority::new();
        let answer = |_: &_| Reply::Say(json(ME));
        let near = Fake::start(answer).await;
        let encrypted = Fake::secure(authority.server("localhost", Valid::Now), answer).await;
        let far = Fake::secure(authority.server(FAR, Valid::Now), answer).await;
        Self { near, encrypted, far, authority }
    }

    fn as_variable(&self) -> String {
        let (near, encrypted) = (self.near.address, self.encrypted.address.port());
        let file = self.authority.file();
        format!("http://{near} https://localhost:{encrypted} https://{FAR} {}", file.display())
    }
}

#[test]
fn the_environment_decides_but_for_what_stays_on_this_machine() {
    const TEST: &str = "network::proxies::the_environment_decides_but_for_what_stays_on_this_machine";
    if let Ok(all) = std::env::var("LYCEUM_TEST_COMMUNITIES") {
        let [near, encrypted, far, ca_file] = all.split(' ').collect::<Vec<_>>()[..] else { panic!("{all}") };
        return ask_all(near, encrypted, far, ca_file);
    }
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let communities = runtime.block_on(Communities::new());
    let mut through = 0;
    for name in NAMES {
        for (but, hosts, is_excepted) in BUT {
            let proxy = runtime.block_on(Proxy::to(communities.far.address, ESTABLISHED));
            let address = format!("http://ada:hush@{}", proxy.address);
            let all = communities.as_variable();
            let mut environment = vec![("LYCEUM_TEST_COMMUNITIES", all.as_str()), (name, &address)];
            if !but.is_empty() {
                environment.push((but, hosts));
            }
            let out = alone(TEST, &environment);
            let [near, encrypted, far] = came(&out)[..] else { panic!("{out}") };
            assert_eq!((near, encrypted), ("ada", "ada"), "{environment:?}: what stays here goes directly");
            let is_through = !is_excepted && !name.eq_ignore_ascii_case("HTTP_PROXY");
            let read = proxy.read();
            assert_eq!((far == "ada", read.len()), (is_through, usize::from(is_through)), "{environment:?}: {out}");
            for bytes in &read {
                through += 1;
                let text = String::from_utf8_lossy(bytes);
                assert!(text.starts_with("CONNECT guild.invalid:443 HTTP/1.1\r\n"), "{text}");
                assert!(text.contains("proxy-authorization: Basic YWRhOmh1c2g="), "{text}");
                let readable = ["lyc_", "authorization: bearer", "/v1/"];
                assert!(readable.iter().all(|word| !text.to_lowercase().contains(word)), "{text}");
            }
            assert!(far == "ada" || far.ends_with("via None"), "{far}");
            assert!(!out.contains("hush"), "{out}");
        }
    }
    let cells = NAMES.len() * BUT.len();
    println!("proxies: {cells} environments, 3 communities each; {through} tunnels, 0 tokens readable in them");
}

/// Fails on the way through a proxy, and says through which.
async fn failing(proxy: &str) -> (Kind, Option<String>) {
    let timeouts = Timeouts { connect: Duration::from_secs(20), ..Timeouts::default() };
    let network = Network { timeouts, proxies: Proxies::all(proxy, ""), ..Network::default() };
    let origin = Origin::parse(&format!("https://{FAR}")).unwrap();
    let client = Native::new(origin, Tokens::holding("lyc_access", "lyc_refresh"), network).unwrap();
    let error = client.me().await.unwrap_err();
    assert!(!format!("{error:?}").contains("hush"), "{error:?}");
    (error.kind, error.via.map(|via| via.as_str().to_owned()))
}

#[tokio::test]
async fn what_fails_on_the_way_names_the_proxy_without_its_password() {
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let named = |address| Some(format!("http://{address}"));
    assert_eq!(failing(&format!("http://ada:hush@{nobody}")).await, (Kind::Offline, named(nobody)));
    for (answer, kind) in [
        ("HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n", Kind::ProxyLogin),
        ("HTTP/1.1 403 Forbidden\r\n\r\n", Kind::Offline),
        ("HTTP/1.1 302 Found\r\nlocation: http://login.example/\r\n\r\n", Kind::Offline),
        ("HTTP/1.1 502 Bad Gateway\r\n\r\n<h1>", Kind::Offline),
    ] {
        let proxy = Proxy::to(nobody, answer).await;
        let came = failing(&format!("http://ada:hush@{}", proxy.address)).await;
        assert_eq!(came, (kind, named(proxy.address)), "{answer}");
        assert!(proxy.read().iter().all(|bytes| !String::from_utf8_lossy(bytes).contains("lyc_")));
    }
}

/// A proxy that reads along signs with an authority of its own: it is refused like any stranger, and named.
#[tokio::test]
async fn a_proxy_that_reads_along_is_refused() {
    let stranger = Authority::new();
    let server = Fake::secure(stranger.server(FAR, Valid::Now), |_| Reply::Say(json(ME))).await;
    let proxy = Proxy::to(server.address, ESTABLISHED).await;
    let address = format!("http://{}", proxy.address);
    let network = Network { proxies: Proxies::all(&address, ""), ..Authority::new().trusted() };
    let origin = Origin::parse(&format!("https://{FAR}")).unwrap();
    let client = Native::new(origin, Tokens::holding("lyc_access", "lyc_refresh"), network).unwrap();
    let error = client.me().await.unwrap_err();
    assert_eq!(error.kind, Kind::Untrusted(Distrust::Issuer));
    assert_eq!(error.via.as_deref(), Some(address.as_str()));
    assert!(server.seen().is_empty());
}

/// SOCKS5 (RFC 1928), as `ssh -D` gives one: by name, so that the far end looks it up.
#[tokio::test]
async fn a_socks_proxy_is_a_way_too() {
    let authority = Authority::new();
    let server = Fake::secure(authority.server(FAR, Valid::Now), |_| Reply::Say(json(ME))).await;
    let (listener, far) = (TcpListener::bind("127.0.0.1:0").await.unwrap(), server.address);
    let address = listener.local_addr().unwrap();
    let asked = tokio::spawn(async move {
        let (mut near, _) = listener.accept().await.unwrap();
        let mut hello = [0; 3];
        near.read_exact(&mut hello).await.unwrap();
        near.write_all(&[5, 0]).await.unwrap();
        let mut request = vec![0; 5 + FAR.len() + 2];
        near.read_exact(&mut request).await.unwrap();
        near.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0]).await.unwrap();
        let mut far = TcpStream::connect(far).await.unwrap();
        let _ = tokio::io::copy_bidirectional(&mut near, &mut far).await;
        request
    });
    let network = Network { proxies: Proxies::all(&format!("socks5h://{address}"), ""), ..authority.trusted() };
    let origin = Origin::parse(&format!("https://{FAR}")).unwrap();
    let client = Native::new(origin, Tokens::holding("lyc_access", "lyc_refresh"), network).unwrap();
    assert_eq!(client.me().await.unwrap().author.username.as_str(), "ada");
    drop(client);
    let request = asked.await.unwrap();
    assert_eq!(&request[..5], [5, 1, 0, 3, FAR.len() as u8]);
    assert_eq!(&request[5..5 + FAR.len()], FAR.as_bytes());
}
