//! A write under an `Idempotency-Key` takes effect once.

use axum::body::Body;
use axum::extract::FromRequest;
use axum::http::{Request, StatusCode};
use axum::response::Response;
use lyceum::api::post::NewPost;
use lyceum::server::error::Failure;
use lyceum::server::idempotency::Once;
use serde_json::json;

use super::harness::TestServer;

/// What a handler does, with a tier as the thing that is written.
async fn write(server: &TestServer, key: &str, text: &str) -> Result<Response, Failure> {
    let request = Request::post("/v1/threads/1/posts").header("content-type", "application/json");
    let request = if key.is_empty() { request } else { request.header("idempotency-key", key) };
    let body = Body::from(json!({ "body": text }).to_string());
    let once: Once<NewPost> = Once::from_request(request.body(body).unwrap(), &server.app).await?;
    let mut write = server.app.db.write().await?;
    if let Some(first) = once.key.earlier(&mut write, 1).await? {
        return Ok(first);
    }
    let insert = "INSERT INTO tiers (slug, name, rank) SELECT $1, $1, COUNT(*) + 1 FROM tiers";
    sqlx::query(insert).bind(format!("{text}-{}", server.app.db.ids().next())).execute(&mut *write).await?;
    let answer = json!({ "text": text, "id": server.app.db.ids().next().to_string() });
    once.key.commit(write, 1, server.now(), (StatusCode::CREATED, &answer)).await
}

async fn read(response: Response) -> (u16, Vec<u8>) {
    let status = response.status().as_u16();
    (status, axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

async fn with_member() -> TestServer {
    let server = TestServer::new().await;
    let member = "INSERT INTO members (id, username, name, bio, role, policy_version, joined_at, updated_at) \
                  VALUES (1, 'ada', 'Ada', '', 'member', '1', 0, 0)";
    server.sql(member).await;
    server
}

#[tokio::test]
async fn a_repeat_gets_the_first_answer() {
    let server = with_member().await;
    let first = read(write(&server, "k1", "hello").await.unwrap()).await;
    assert_eq!(first.0, 201);
    assert_eq!(read(write(&server, "k1", "hello").await.unwrap()).await, first);
    assert_eq!(server.number("SELECT COUNT(*) FROM tiers").await, 1);
    assert_ne!(read(write(&server, "k2", "hello").await.unwrap()).await, first, "another key is another write");
    assert_eq!(server.number("SELECT COUNT(*) FROM tiers").await, 2);
    let server = server.restart().await;
    assert_eq!(read(write(&server, "k1", "hello").await.unwrap()).await, first, "also after a restart");
}

#[tokio::test]
async fn a_key_stands_for_one_request() {
    let server = with_member().await;
    write(&server, "k1", "hello").await.unwrap();
    let code = async |key: &str, text: &str| write(&server, key, text).await.map(drop).unwrap_err().code().word;
    assert_eq!(code("k1", "other").await, "idempotency_key_reused");
    assert_eq!(code("", "hello").await, "idempotency_key_missing");
    assert_eq!(code(&"k".repeat(256), "hello").await, "idempotency_key_missing");
    assert_eq!(server.number("SELECT COUNT(*) FROM tiers").await, 1);
}

#[tokio::test]
async fn two_at_once_write_once() {
    let server = with_member().await;
    let (one, two) = tokio::join!(write(&server, "k1", "hello"), write(&server, "k1", "hello"));
    assert_eq!(read(one.unwrap()).await, read(two.unwrap()).await);
    assert_eq!(server.number("SELECT COUNT(*) FROM tiers").await, 1);
}

#[tokio::test]
async fn a_key_is_forgotten_after_its_days() {
    let server = with_member().await;
    write(&server, "k1", "hello").await.unwrap();
    server.advance(30 * 86_400 + 1);
    write(&server, "k2", "hello").await.unwrap();
    assert_eq!(server.number("SELECT COUNT(*) FROM idempotency").await, 1);
}
