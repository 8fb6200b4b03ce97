//! What the server keeps to itself, what it refuses of HTTP, and how it holds out against those who are slow or many.

use std::time::Duration;

use axum::http::Method;
use lyceum::config::server::{Limits, Rate};
use lyceum::server::router;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::harness::{Listening, TestServer};

/// Sends bytes and reads until the server closes.
async fn exchange(listening: &Listening, bytes: &[u8]) -> String {
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    stream.write_all(bytes).await.unwrap();
    let mut read = Vec::new();
    let _ = stream.read_to_end(&mut read).await;
    String::from_utf8_lossy(&read).into_owned()
}

#[tokio::test]
async fn security_txt_names_whom_the_host_named() {
    let server = TestServer::with(|settings| {
        settings.security_contact = Some("security@guild.example".into());
        settings.public_url = Some("https://guild.example/".into());
    })
    .await;
    let reply = server.get("/.well-known/security.txt").send().await;
    assert_eq!((reply.status.as_u16(), reply.header("content-type").as_str()), (200, "text/plain; charset=utf-8"));
    assert_eq!(
        String::from_utf8(reply.bytes).unwrap(),
        "Contact: mailto:security@guild.example\nExpires: 2026-03-31T12:00:00Z\n\
         Canonical: https://guild.example/.well-known/security.txt\n"
    );
    let silent = TestServer::with(|settings| settings.security_contact = None).await;
    assert_eq!(silent.get("/.well-known/security.txt").send().await.problem(), (404, "not_found".into()));
}

#[tokio::test]
async fn nothing_is_there_for_debugging() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    server.sql("UPDATE members SET role = 'owner'").await;
    for path in [
        "/",
        "/debug",
        "/debug/pprof",
        "/v1/debug",
        "/metrics",
        "/v1/metrics",
        "/trace",
        "/status",
        "/server-status",
        "/actuator",
        "/actuator/env",
        "/env",
        "/.env",
        "/.git/config",
        "/.git/HEAD",
        "/swagger",
        "/swagger-ui",
        "/docs",
        "/redoc",
        "/openapi.json",
        "/console",
        "/phpinfo.php",
        "/admin",
        "/v1/admin",
        "/v1/config",
        "/v1/members",
        "/v1/accounts/1",
        "/v1/audit",
        "/v1/sessions",
        "/community.db",
        "/v1/../community.db",
        "/backup",
        "/v1/health/debug",
        "/v1/echo",
        "/graphql",
    ] {
        for call in [server.get(path), server.get(path).token(&token)] {
            let reply = call.send().await;
            assert_eq!(reply.problem().0, 404, "{path}");
        }
    }
    for method in ["TRACE", "TRACK", "CONNECT", "DEBUG", "PROPFIND"] {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let reply =
            server.call(method.clone(), "/v1/health").token(&token).header("x-secret", "zirconium").send().await;
        assert_eq!((reply.problem().0, reply.header("allow").as_str()), (405, "GET,HEAD"), "{method}");
        assert!(!String::from_utf8_lossy(&reply.bytes).contains("zirconium"), "{method} repeats nothing");
    }
}

#[tokio::test]
async fn answers_carry_the_headers_that_are_meant_and_no_others() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let known = [
        "allow",
        "cache-control",
        "content-encoding",
        "content-length",
        "content-type",
        "etag",
        "link",
        "location",
        "lyceum-server",
        "ratelimit",
        "ratelimit-policy",
        "retry-after",
        "vary",
        "www-authenticate",
        "x-content-type-options",
    ];
    let document = serde_json::to_value(router::document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.replace("{id}", "1").replace("{username}", "ada");
        for method in item.as_object().unwrap().keys().filter(|_| path != "/v1/events") {
            let method: Method = method.to_uppercase().parse().unwrap();
            for call in [server.call(method.clone(), &path), server.call(method.clone(), &path).token(&token)] {
                let reply = call.header("if-match", "*").header("idempotency-key", "k").json(&json!({})).send().await;
                for name in reply.headers.keys() {
                    assert!(known.contains(&name.as_str()), "{method} {path}: {name}");
                }
                let text = String::from_utf8_lossy(&reply.bytes).to_lowercase();
                for inner in ["src/", ".rs:", "sqlx", "sqlite", "panicked", "backtrace", "community.db", "select "] {
                    let described = path == "/v1/openapi.json" || path == "/v1/community";
                    assert!(described || !text.contains(inner), "{method} {path} says {inner}: {text}");
                }
            }
        }
    }
}

#[tokio::test]
async fn every_path_says_which_methods_there_are() {
    let server = TestServer::new().await;
    let document = serde_json::to_value(router::document()).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let methods = item.as_object().unwrap();
        let mut there: Vec<String> = methods.keys().map(|method| method.to_uppercase()).collect();
        if there.contains(&"GET".to_owned()) {
            there.push("HEAD".to_owned());
        }
        let path = path.replace("{id}", "1").replace("{username}", "ada");
        for method in ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"] {
            if there.iter().any(|known| known == method) {
                continue;
            }
            let reply = server.call(method.parse().unwrap(), &path).send().await;
            assert_eq!(reply.problem(), (405, "method_not_allowed".into()), "{method} {path}");
            let allow = reply.header("allow");
            let mut allowed: Vec<&str> = allow.split(',').collect();
            allowed.sort_unstable();
            there.sort();
            assert_eq!(allowed, there, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn what_names_a_request_stands_in_it_once() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let bearer = format!("Bearer {token}");
    let twice = server.get("/v1/me").header("authorization", &bearer).header("authorization", &bearer).send().await;
    assert_eq!(twice.problem(), (401, "invalid_token".into()));
    let post = || server.post("/v1/threads").token(&token).header("idempotency-key", "a");
    let new = json!({ "space": "general", "kind": "discussion", "title": "t", "body": "b" });
    let twice = post().header("idempotency-key", "b").json(&new).send().await;
    assert_eq!(twice.problem(), (400, "idempotency_key_missing".into()));
    let twice = post().header("content-type", "text/plain").json(&new).send().await;
    assert_eq!(twice.problem(), (415, "unsupported_media_type".into()));
    for kind in ["application/x-www-form-urlencoded; charset=latin1", "application/x-www-form-urlencodedx"] {
        let reply = server.post("/v1/oauth/token").body(kind, b"grant_type=password".to_vec()).send().await;
        assert_eq!(reply.problem(), (415, "unsupported_media_type".into()), "{kind}");
    }
    let bare = server.patch("/v1/me").token(&token).header("if-match", "5").json(&json!({ "bio": "x" })).send().await;
    assert_eq!((bare.problem(), &bare.json()["errors"][0]["field"]), ((400, "malformed".into()), &json!("If-Match")));
}

#[tokio::test]
async fn a_body_has_one_length() {
    let server = TestServer::new().await;
    let listening = server.listen();
    let hidden = "GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n";
    let body = "{\"token\":\"lyc_x\"}";
    // What one proxy takes for the body of the first another takes for a second request.
    for (first, second) in [
        (format!("content-length: {}", body.len()), "transfer-encoding: chunked".to_owned()),
        ("transfer-encoding: chunked".to_owned(), format!("content-length: {}", body.len())),
    ] {
        let sent = format!(
            "POST /v1/oauth/revoke HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n{first}\r\n{second}\r\n\r\n\
             {:x}\r\n{body}\r\n0\r\n\r\n{hidden}",
            body.len()
        );
        let answer = exchange(&listening, sent.as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "one request and the end: {answer}");
        assert!(!answer.contains("\"ok\""), "{answer}");
    }
    for head in [
        "content-length: 2\r\ncontent-length: 3",
        "content-length: -1",
        "content-length: 2, 3",
        "content-length: 0x2",
        "transfer-encoding: gzip",
        "transfer-encoding: chunked, identity",
        "transfer-encoding : chunked",
        "a\u{0}b: c",
        "a: b\u{0}c",
        "a: b\rc: d",
    ] {
        let sent = format!("POST /v1/oauth/revoke HTTP/1.1\r\nhost: x\r\n{head}\r\n\r\n{{}}{hidden}");
        let answer = exchange(&listening, sent.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 4"), "{head:?}: {answer}");
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{head:?}: {answer}");
    }
    let raw = exchange(&listening, b"GET /v1/members/a\0b HTTP/1.1\r\nhost: x\r\n\r\n").await;
    assert!(raw.starts_with("HTTP/1.1 400"), "{raw}");
    listening.stop().await;
}

#[tokio::test]
async fn a_depth_without_end_and_numbers_without_end_are_refused() {
    let server = TestServer::new().await;
    let deep = format!("{{\"token\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    let long = format!("{{\"token\":{}}}", "9".repeat(100_000));
    let many: String = (0..20_000).map(|i| format!("\"k{i}\":1,")).collect();
    for text in [deep, long, format!("{{{many}\"token\":\"x\"}}"), "{\"token\":1e99999}".into()] {
        let reply = server.post("/v1/oauth/revoke").body("application/json", text.into_bytes()).send().await;
        assert!([400, 413, 422].contains(&reply.problem().0), "{:?}", reply.json());
    }
}

#[test]
fn half_a_minute_is_the_longest_that_a_slow_request_takes() {
    let limits = Limits::default();
    assert!(limits.head_seconds + limits.body_seconds <= 30);
}

#[tokio::test]
async fn the_slow_are_cut_and_the_honest_are_served_meanwhile() {
    let server = TestServer::with(|settings| {
        settings.limits.head_seconds = 1;
        settings.limits.body_seconds = 0;
    })
    .await;
    let listening = server.listen();
    let heads = [
        "",
        "GET /v1/health HTTP/1.1\r\nhost: x\r\nx-slow: a",
        "POST /v1/oauth/revoke HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 9\r\n\r\n{",
        "POST /v1/oauth/revoke HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
         transfer-encoding: chunked\r\n\r\n5\r\n{",
        // Refused before anybody reads the body.
        "PATCH /v1/me HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 999999\r\n\r\n{",
        "POST /nowhere HTTP/1.1\r\nhost: x\r\ncontent-length: 999999\r\n\r\n{",
    ];
    let mut slow = Vec::new();
    for _ in 0..20 {
        for head in heads {
            let mut stream = TcpStream::connect(listening.address).await.unwrap();
            stream.write_all(head.as_bytes()).await.unwrap();
            slow.push((head, stream));
        }
    }
    let honest = exchange(&listening, b"GET /v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    assert!(honest.starts_with("HTTP/1.1 200"), "{honest}");
    for (head, mut stream) in slow {
        let mut rest = Vec::new();
        let ended = tokio::time::timeout(Duration::from_secs(30), stream.read_to_end(&mut rest)).await;
        assert!(ended.is_ok(), "still open: {head}");
    }
    listening.stop().await;
}

#[tokio::test]
async fn a_handshake_that_does_not_come_is_given_up() {
    let fixture = |name: &str| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures").join(name);
    let server = TestServer::with(|settings| {
        settings.tls_cert = Some(fixture("tls-cert.pem"));
        settings.tls_key = Some(fixture("tls-key.pem"));
        settings.limits.head_seconds = 1;
    })
    .await;
    let listening = server.listen();
    // The beginning of a record of TLS, and nothing; and what is no TLS at all.
    for begun in [&b"\x16\x03\x01"[..], b"", b"GET / HTTP/1.1\r\n\r\n"] {
        let ended = tokio::time::timeout(Duration::from_secs(9), exchange(&listening, begun)).await;
        assert!(ended.is_ok(), "still open after {begun:?}");
    }
    listening.stop().await;
}

#[tokio::test]
async fn a_token_and_everybody_together_have_their_measure() {
    let server = TestServer::with(|settings| settings.limits.per_token = Rate { burst: 2, seconds: 60 }).await;
    server.join("ada").await;
    let (one, other) = (server.sign_in("ada").await, server.sign_in("ada").await);
    let ask = async |token: &str| server.get("/v1/me").token(token).send().await.status.as_u16();
    assert_eq!([ask(&one).await, ask(&one).await, ask(&one).await], [200, 200, 429]);
    assert_eq!(ask(&other).await, 200, "another device of the same member");
    let server = TestServer::with(|settings| {
        settings.limits.everybody = Rate { burst: 3, seconds: 60 };
        settings.limits.per_address = Rate { burst: 2, seconds: 60 };
        settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()];
    })
    .await;
    let ask = async |from: &str| {
        let reply = server.get("/v1/health").header("x-forwarded-for", from).send().await;
        (reply.status.as_u16(), reply.header("retry-after").is_empty())
    };
    assert_eq!([ask("192.0.2.1").await, ask("192.0.2.1").await], [(200, true); 2]);
    assert_eq!(ask("192.0.2.1").await, (429, false), "its own measure is full");
    assert_eq!(ask("192.0.2.2").await, (200, true), "and it used up nothing of the others'");
    assert_eq!(ask("192.0.2.3").await, (429, false), "now everybody's is");
}
