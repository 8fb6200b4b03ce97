//! Who is trusted, and who is not: each refusal says why, and no request is made.

use lyceum::community::http::{Network, Origin, Roots};
use lyceum::community::native::Native;
use lyceum::community::{Community, Distrust, Error, Kind};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::authority::{Authority, Valid, self_signed};
use crate::faults::ME;
use crate::faults::fake::{Fake, Reply, Tokens, json};

fn client(port: u16, network: Network) -> Native {
    let origin = Origin::parse(&format!("https://localhost:{port}")).unwrap();
    Native::new(origin, Tokens::holding("lyc_access", "lyc_refresh"), network).unwrap()
}

/// Asks a server, and says what came of it and how many requests it saw.
async fn ask(tls: TlsAcceptor, network: Network) -> (Result<String, Error>, usize) {
    let fake = Fake::secure(tls, |_| Reply::Say(json(ME))).await;
    let came = client(fake.address.port(), network).me().await;
    (came.map(|me| me.author.username.to_string()), fake.seen().len())
}

#[track_caller]
fn refused(came: (Result<String, Error>, usize), why: Distrust) {
    let (came, requests) = came;
    let error = came.unwrap_err();
    assert_eq!((&error.kind, requests), (&Kind::Untrusted(why), 0), "{error:?}");
    assert!(error.unsent, "it is certain that nothing was sent: {error:?}");
}

#[tokio::test]
async fn an_authority_of_ones_own_is_trusted_where_it_is_named_and_nowhere_else() {
    let (ours, other) = (Authority::new(), Authority::new());
    let server = || ours.server("localhost", Valid::Now);
    assert_eq!(ask(server(), ours.trusted()).await, (Ok("ada".to_owned()), 1));
    refused(ask(server(), other.trusted()).await, Distrust::Issuer);
    // Both in one file.
    let folder = tempfile::tempdir().unwrap();
    let both = folder.path().join("both.pem");
    std::fs::write(&both, format!("{}{}", other.pem, ours.pem)).unwrap();
    let network = Network { roots: Roots::read(&both).unwrap(), ..Network::default() };
    assert_eq!(ask(server(), network).await, (Ok("ada".to_owned()), 1));
}

#[tokio::test]
async fn a_certificate_that_does_not_fit_is_refused_and_told_apart() {
    let ours = Authority::new();
    for (name, valid, why) in [
        ("other.example", Valid::Now, Distrust::Name),
        ("localhost.example", Valid::Now, Distrust::Name),
        ("localhost", Valid::Past, Distrust::Expired),
        ("localhost", Valid::Future, Distrust::NotYet),
    ] {
        refused(ask(ours.server(name, valid), ours.trusted()).await, why);
    }
}

#[tokio::test]
async fn who_signs_for_itself_is_trusted_only_where_it_is_named() {
    let anybody = Authority::new();
    for as_authority in [false, true] {
        let (tls, _) = self_signed("localhost", as_authority);
        refused(ask(tls, anybody.trusted()).await, Distrust::Issuer);
    }
    let (tls, pem) = self_signed("localhost", false);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("itself.pem");
    std::fs::write(&path, pem).unwrap();
    let network = Network { roots: Roots::read(&path).unwrap(), ..Network::default() };
    assert_eq!(ask(tls, network).await, (Ok("ada".to_owned()), 1));
}

/// Answers whatever comes with the same bytes.
async fn raw(bytes: &'static [u8]) -> Error {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(bytes).await;
            // Held open: an answer that is too short must not be taken for one that broke.
            tokio::spawn(async move {
                std::future::pending::<()>().await;
                drop(stream)
            });
        }
    });
    client(port, Authority::new().trusted()).me().await.unwrap_err()
}

#[tokio::test]
async fn what_speaks_an_old_tls_or_none_is_refused() {
    // An alert, fatal: protocol_version (RFC 8446 section 6.2), as servers of TLS 1.1 answer.
    assert_eq!(raw(b"\x15\x03\x02\x00\x02\x02\x46").await.kind, Kind::Untrusted(Distrust::Outdated));
    // A ServerHello of TLS 1.1 (RFC 4346 section 7.4.1.3): version 3.2, no session, TLS_RSA_WITH_AES_128_CBC_SHA.
    let hello = b"\x16\x03\x02\x00\x2a\x02\x00\x00\x26\x03\x020123456789abcdef0123456789abcdef\x00\x00\x2f\x00";
    assert_eq!(raw(hello).await.kind, Kind::Untrusted(Distrust::Outdated));
    for plain in ["HTTP/1.1 400 Bad Request\r\n\r\n", "SSH-2.0-OpenSSH_9.2p1\r\n"] {
        assert_eq!(raw(plain.as_bytes()).await.kind, Kind::Untrusted(Distrust::NoTls), "{plain}");
    }
}
