//! What holds for every answer, whatever the route.

use std::os::unix::fs::PermissionsExt;

use axum::http::Method;
use serde_json::json;

use super::harness::TestServer;

#[tokio::test]
async fn every_answer_says_who_gave_it() {
    let server = TestServer::new().await;
    for path in ["/v1/health", "/nowhere"] {
        let reply = server.get(path).send().await;
        assert_eq!(reply.header("lyceum-server"), env!("CARGO_PKG_VERSION"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert!(reply.header("ratelimit-policy").contains("q=100000"), "{reply:?}");
        assert_eq!(reply.header("access-control-allow-origin"), "");
    }
}

#[tokio::test]
async fn what_is_not_there_is_a_problem() {
    let server = TestServer::new().await;
    assert_eq!(server.get("/nowhere").send().await.problem(), (404, "not_found".into()));
    let wrong = server.post("/v1/health").send().await;
    assert_eq!(wrong.problem(), (405, "method_not_allowed".into()));
    assert_eq!(wrong.header("allow"), "GET,HEAD");
    let token = server.get("/v1/health").token("lyc_nobodys").send().await;
    assert_eq!(token.status, 200, "a route that asks for nobody does not look");
}

#[tokio::test]
async fn a_tag_saves_the_second_answer() {
    let server = TestServer::new().await;
    let first = server.get("/v1/health").send().await;
    let tag = first.header("etag");
    assert!(tag.starts_with('"') && tag.len() > 20, "{tag}");
    let again = server.get("/v1/health").header("if-none-match", &tag).send().await;
    assert_eq!((again.status.as_u16(), again.bytes.len()), (304, 0));
    assert_eq!(again.header("etag"), tag);
    let other = server.get("/v1/health").header("if-none-match", "\"other\"").send().await;
    assert_eq!(other.bytes, first.bytes);
}

#[tokio::test]
async fn the_data_are_for_the_host_alone() {
    let server = TestServer::new().await;
    let folder = &server.app.settings.data_dir;
    let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(folder), 0o700);
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[tokio::test]
async fn a_write_that_is_dropped_or_panics_leaves_nothing() {
    let server = TestServer::new().await;
    let insert = "INSERT INTO tiers (slug, name, rank) VALUES ('pro', 'Pro', 1)";
    let mut write = server.app.db.write().await.unwrap();
    sqlx::query(insert).execute(&mut *write).await.unwrap();
    drop(write);
    let db = server.app.db.clone();
    let panicked = tokio::spawn(async move {
        let mut write = db.write().await.unwrap();
        sqlx::query(insert).execute(&mut *write).await.unwrap();
        panic!("on purpose");
    });
    assert!(panicked.await.is_err());
    assert_eq!(server.number("SELECT COUNT(*) FROM tiers").await, 0);
    server.sql(insert).await;
    assert_eq!(server.number("SELECT COUNT(*) FROM tiers").await, 1);
}

#[tokio::test]
async fn a_server_on_a_socket_answers_and_stops() {
    let server = TestServer::new().await;
    let listening = server.listen();
    let reply = reqwest::get(listening.url("/v1/health")).await.unwrap();
    assert_eq!(reply.status(), 200);
    assert!(reply.headers().contains_key("lyceum-server"));
    listening.stop().await;
}

#[tokio::test]
async fn a_disk_that_was_full_once_is_written_to_again() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let post = async |key: &str| {
        let body =
            json!({"space": "general", "kind": "discussion", "title": "t", "body": "x ".repeat(30_000), "tags": []});
        let call = server.call(Method::POST, "/v1/threads").token(&token).header("idempotency-key", key);
        call.json(&body).send().await.status.as_u16()
    };
    assert_eq!(post("before").await, 201);
    // A full disk as the database sees it; on the connection that writes.
    server.sql("PRAGMA max_page_count = 1").await;
    let mut filled = 0;
    while post(&format!("full {filled}")).await == 201 {
        filled += 1;
        assert!(filled < 50);
    }
    server.sql("PRAGMA max_page_count = 1000000").await;
    assert_eq!(post("after").await, 201);
}
