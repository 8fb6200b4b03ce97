//! The server as the network sees it: TLS, limits of time and size, connections that stall, and stopping.

use std::path::Path;
use std::time::Duration;

use axum::Router;
use axum::routing::{get, post};
use lyceum::config::server::{Rate, Settings};
use lyceum::server::policy::{Asks, Row, Who, row};
use lyceum::server::{connection, router};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::harness::{Listening, PASSWORD, TestServer};

fn fixture(name: &str) -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/fixtures").join(name)
}

async fn connect(listening: &Listening, text: &str) -> TcpStream {
    let mut stream = TcpStream::connect(listening.address).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// What comes until the server closes.
async fn rest(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    // A reset is an end as well.
    let _ = stream.read_to_end(&mut bytes).await;
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Reads until `end` has come.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut text = String::new();
    while !text.contains(end) {
        let mut bytes = [0; 4096];
        let read = stream.read(&mut bytes).await.unwrap();
        assert!(read > 0, "closed after {text:?}");
        text.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    text
}

const KEPT_OPEN: &str = "GET /v1/health HTTP/1.1\r\nhost: x\r\n\r\n";

#[tokio::test]
async fn a_certificate_on_disk_makes_it_https_and_http_2() {
    let server = TestServer::with(|settings| {
        settings.tls_cert = Some(fixture("tls-cert.pem"));
        settings.tls_key = Some(fixture("tls-key.pem"));
    })
    .await;
    let listening = server.listen();
    let certificate = reqwest::Certificate::from_pem(&std::fs::read(fixture("tls-cert.pem")).unwrap()).unwrap();
    let client = reqwest::Client::builder().tls_certs_only([certificate]).build().unwrap();
    let url = format!("https://localhost:{}/v1/health", listening.address.port());
    let reply = client.get(url).send().await.unwrap();
    assert_eq!((reply.status().as_u16(), reply.version()), (200, reqwest::Version::HTTP_2));
    drop(client);
    listening.stop().await;
}

#[tokio::test]
async fn a_server_as_a_host_starts_it_opens_accounts_and_keeps_them() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { data_dir: folder.path().join("a #1? 50%/b"), ..Settings::default() };
    let mut answers = Vec::new();
    for _ in 0..2 {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let task = tokio::spawn(lyceum::server::serve(listener, settings.clone(), async { drop(stopped.await) }));
        let body = json!({
            "username": "ada", "display_name": "Ada", "password": PASSWORD, "accepted_policy_version": "1",
        });
        let client = reqwest::Client::new();
        answers.push(client.post(url.clone() + "/v1/accounts").json(&body).send().await.unwrap().status().as_u16());
        let body = json!({ "grant_type": "password", "username": "ada", "password": PASSWORD });
        answers.push(client.post(url + "/v1/oauth/token").json(&body).send().await.unwrap().status().as_u16());
        drop(stop);
        task.await.unwrap().unwrap();
    }
    assert_eq!(answers, [201, 200, 409, 200]);
}

#[tokio::test]
async fn half_of_a_certificate_is_said_before_anything_listens() {
    let only_key = TestServer::with(|settings| settings.tls_key = Some(fixture("tls-key.pem"))).await;
    assert!(matches!(connection::tls(&only_key.app.settings), Err(connection::TlsError::Half)));
    let wrong = TestServer::with(|settings| {
        settings.tls_cert = Some(fixture("tls-cert.pem"));
        settings.tls_key = Some(fixture("nothing.pem"));
    })
    .await;
    let error = connection::tls(&wrong.app.settings).map(drop).unwrap_err().to_string();
    assert!(error.contains("nothing.pem"), "{error}");
}

#[tokio::test]
async fn a_request_under_way_is_finished_before_the_server_stops() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let listening = server.listen();
    let body = json!({ "grant_type": "password", "username": "ada", "password": PASSWORD }).to_string();
    let head = format!(
        "POST /v1/oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\nexpect: 100-continue\r\n\
         content-length: {}\r\n\r\n",
        body.len()
    );
    let mut busy = connect(&listening, &head).await;
    // The server asks for the body: the handler is at work.
    until(&mut busy, "100 Continue").await;
    let mut idle = connect(&listening, KEPT_OPEN).await;
    until(&mut idle, "\"ok\"").await;
    listening.stop.send(()).unwrap();
    assert_eq!(rest(&mut idle).await, "", "an idle connection ends");
    busy.write_all(body.as_bytes()).await.unwrap();
    let answer = rest(&mut busy).await;
    assert!(answer.contains("200 OK") && answer.contains("lyc_"), "{answer}");
    listening.task.await.unwrap();
    assert!(TcpStream::connect(listening.address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn a_stream_of_events_ends_when_the_server_stops() {
    let server = TestServer::with(|settings| settings.limits.stop_seconds = 3600).await;
    let token = server.member("ada").await;
    let listening = server.listen();
    let head = format!("GET /v1/events HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\r\n");
    let mut events = connect(&listening, &head).await;
    let begun = until(&mut events, "text/event-stream").await;
    assert!(begun.starts_with("HTTP/1.1 200"), "{begun}");
    // Without waiting for the hour that requests under way are given.
    listening.stop().await;
    rest(&mut events).await;
}

#[tokio::test]
async fn a_request_that_never_ends_does_not_keep_the_server_up() {
    let server = TestServer::with(|settings| settings.limits.stop_seconds = 0).await;
    let listening = server.listen();
    let head = "POST /v1/oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                expect: 100-continue\r\ncontent-length: 9\r\n\r\n";
    let mut busy = connect(&listening, head).await;
    until(&mut busy, "100 Continue").await;
    listening.stop().await;
}

#[tokio::test]
async fn a_body_that_does_not_come_in_time_is_given_up() {
    let server = TestServer::with(|settings| settings.limits.body_seconds = 0).await;
    let listening = server.listen();
    let head = "POST /v1/oauth/token HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n\
                content-length: 9\r\n\r\n{";
    let mut slow = connect(&listening, head).await;
    let answer = until(&mut slow, "body_timeout").await;
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");
    drop(slow);
    listening.stop().await;
}

#[tokio::test]
async fn a_head_that_does_not_come_in_time_is_given_up() {
    let server = TestServer::with(|settings| settings.limits.head_seconds = 1).await;
    let listening = server.listen();
    let mut slow = connect(&listening, "GET /v1/health HTTP/1.1\r\nhost:").await;
    let ended = tokio::time::timeout(Duration::from_secs(30), rest(&mut slow)).await;
    assert!(ended.is_ok(), "still open");
    listening.stop().await;
}

#[tokio::test]
async fn there_are_only_so_many_connections() {
    let server = TestServer::with(|settings| settings.limits.connections = 1).await;
    let listening = server.listen();
    let mut first = connect(&listening, KEPT_OPEN).await;
    until(&mut first, "\"ok\"").await;
    let mut second = connect(&listening, KEPT_OPEN).await;
    assert_eq!(rest(&mut second).await, "");
    drop(first);
    // The place is free again as soon as the server has seen the end of the first.
    loop {
        let mut third = connect(&listening, "GET /v1/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        if rest(&mut third).await.contains("200 OK") {
            break;
        }
    }
    listening.stop().await;
}

#[tokio::test]
async fn compressed_bodies_are_read_up_to_the_limit() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let send = async |bytes: Vec<u8>| {
        let call = server.post("/v1/oauth/token").header("content-encoding", "gzip");
        call.body("application/json", bytes).send().await
    };
    assert_eq!(send(std::fs::read(fixture("token-request.json.gz")).unwrap()).await.status, 200);
    // 19 KB that become 20 MB.
    assert_eq!(send(std::fs::read(fixture("bomb.json.gz")).unwrap()).await.problem(), (413, "too_large".into()));
    assert_eq!(send(b"no gzip".to_vec()).await.problem(), (400, "malformed".into()));
    let call = server.post("/v1/oauth/token").header("content-encoding", "br").body("application/json", Vec::new());
    assert_eq!(call.send().await.problem(), (415, "unsupported_media_type".into()));
}

#[tokio::test]
async fn a_compressed_answer_has_a_tag_of_its_own() {
    let server = TestServer::new().await;
    let plain = server.get("/v1/openapi.json").send().await;
    let small = server.get("/v1/openapi.json").header("accept-encoding", "gzip").send().await;
    assert_eq!(small.header("content-encoding"), "gzip");
    assert!(small.header("vary").contains("accept-encoding") && small.bytes.len() * 3 < plain.bytes.len());
    assert_eq!(small.header("etag"), format!("\"{}-gzip\"", plain.header("etag").trim_matches('"')));
    let tag = small.header("etag");
    let again = server.get("/v1/openapi.json").header("accept-encoding", "gzip").header("if-none-match", &tag);
    assert_eq!(again.send().await.status, 304);
}

#[tokio::test]
async fn a_panic_is_a_problem_with_an_incident_and_no_words() {
    let mut server = TestServer::new().await;
    async fn fails() -> &'static str {
        panic!("secret of the house")
    }
    let routes = Router::new().route("/panic", get(fails).post(fails));
    const TABLE: &[Row] =
        &[row("GET", "/panic", Who::Anybody, Asks::Nothing), row("POST", "/panic", Who::Anybody, Asks::Nothing)];
    server.router = router::around(server.app.clone(), TABLE, routes);
    for call in [server.get("/panic"), server.post("/panic")] {
        let reply = call.send().await;
        assert_eq!(reply.problem(), (500, "internal".into()));
        assert_eq!(reply.json()["incident"].as_str().unwrap().len(), 16);
        assert!(!String::from_utf8_lossy(&reply.bytes).contains("secret"));
        assert_eq!(reply.header("lyceum-server"), env!("CARGO_PKG_VERSION"));
    }
}

#[tokio::test]
async fn a_write_goes_on_when_the_client_leaves() {
    let mut server = TestServer::new().await;
    let (begun, entered) = tokio::sync::oneshot::channel::<()>();
    let (go, gone) = tokio::sync::oneshot::channel::<()>();
    let (done, finished) = tokio::sync::oneshot::channel::<()>();
    let parts = std::sync::Mutex::new(Some((begun, gone, done)));
    let parts = std::sync::Arc::new(parts);
    let handler = move || async move {
        let (begun, gone, done) = parts.lock().unwrap().take().unwrap();
        begun.send(()).unwrap();
        gone.await.unwrap();
        done.send(()).unwrap();
    };
    const TABLE: &[Row] = &[row("POST", "/slow", Who::Anybody, Asks::Nothing)];
    server.router = router::around(server.app.clone(), TABLE, Router::new().route("/slow", post(handler)));
    let request = axum::http::Request::post("/slow").body(axum::body::Body::empty()).unwrap();
    let client = tokio::spawn(server.router.clone().oneshot(request));
    entered.await.unwrap();
    client.abort();
    assert!(client.await.unwrap_err().is_cancelled());
    go.send(()).unwrap();
    finished.await.expect("the handler ran to its end");
}

#[tokio::test]
async fn too_many_requests_are_told_when_to_come_back() {
    let server = TestServer::with(|settings| {
        settings.limits.per_account = Rate { burst: 3, seconds: 60 };
        settings.limits.writes = Rate { burst: 1, seconds: 60 };
    })
    .await;
    let (ada, bram) = (server.member("ada").await, server.member("bram").await);
    let first = server.get("/v1/me").token(&ada).send().await;
    assert_eq!(first.header("ratelimit-policy"), "\"default\";q=3;w=60");
    assert_eq!(first.header("ratelimit"), "\"default\";r=2;t=0");
    let edit = |token: &str| server.patch("/v1/me").token(token).header("if-match", "*").json(&json!({ "bio": "x" }));
    assert_eq!(edit(&ada).send().await.status, 200);
    let refused = edit(&ada).send().await;
    assert_eq!(refused.problem(), (429, "too_many_requests".into()));
    assert_eq!(
        (refused.header("retry-after").as_str(), refused.header("ratelimit").as_str()),
        ("61", "\"default\";r=0;t=61")
    );
    assert_eq!(server.get("/v1/me").token(&ada).send().await.status, 429);
    assert_eq!(server.get("/v1/me").token(&bram).send().await.status, 200, "everybody has their own");
    server.advance(61);
    assert_eq!(edit(&ada).send().await.status, 200);
    let server = TestServer::with(|settings| settings.limits.per_address = Rate { burst: 2, seconds: 60 }).await;
    let statuses = [0; 3].map(|_| server.get("/v1/health").send());
    let mut seen = Vec::new();
    for status in statuses {
        seen.push(status.await.status.as_u16());
    }
    assert_eq!(seen, [200, 200, 429]);
}
