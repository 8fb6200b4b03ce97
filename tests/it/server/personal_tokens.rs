//! Personal access tokens: making and ending them, and what they may do.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use lyceum::server::router;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::harness::TestServer;

async fn list(server: &TestServer, session: &str) -> Vec<Value> {
    server.get("/v1/me/tokens").token(session).send().await.json()["items"].as_array().unwrap().clone()
}

async fn status(server: &TestServer, token: &str) -> u16 {
    server.get("/v1/me").token(token).send().await.status.as_u16()
}

#[tokio::test]
async fn a_token_is_shown_once_and_stored_as_a_hash() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let body = json!({ "name": " backup  script ", "scopes": ["write", "read", "read"], "days": 30 });
    let made = server.post("/v1/me/tokens").token(&ada).json(&body).send().await;
    assert_eq!((made.status.as_u16(), made.header("cache-control").as_str()), (201, "no-store"));
    let mut made = made.json();
    let token = made["token"].take().as_str().unwrap().to_owned();
    assert!(token.starts_with("lyp_") && token.len() == 53, "{token}");
    assert_eq!(server.get("/v1/me").token(&token).send().await.json()["username"], "ada");
    server.personal_token(&ada, &["read"]).await;
    let found = list(&server, &ada).await;
    assert_eq!((found.len(), &found[1]["id"]), (2, &made["id"]), "the newest first");
    let mut shown = found[1].clone();
    shown["id"].take();
    let wanted = json!({
        "id": null, "name": "backup  script", "scopes": ["read", "write"],
        "created": "2026-03-01T12:00:00Z", "used": "2026-03-01T12:00:00Z", "until": "2026-03-31T12:00:00Z",
    });
    assert_eq!(shown, wanted);
    assert!(!list(&server, &ada).await.iter().any(|one| one.to_string().contains("lyp_")), "never again");
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT hash FROM personal_tokens").fetch_all(server.app.db.read()).await.unwrap();
    assert!(stored.iter().all(|hash| hash.len() == 64 && !hash.contains('_')), "{stored:?}");
}

#[tokio::test]
async fn a_token_ends_on_its_day_and_when_it_is_ended() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let (by_list, by_revoke, by_time) = (
        server.personal_token(&ada, &["read"]).await,
        server.personal_token(&ada, &["write"]).await,
        server.personal_token(&ada, &["read"]).await,
    );
    let id = list(&server, &ada).await[2]["id"].as_str().unwrap().to_owned();
    let end = || server.call(Method::DELETE, &format!("/v1/me/tokens/{id}")).token(&ada);
    assert_eq!(end().send().await.status, 204);
    assert_eq!((status(&server, &by_list).await, status(&server, &by_revoke).await), (401, 200));
    assert_eq!(end().send().await.problem(), (404, "not_found".into()), "it has ended");
    let revoke = server.post("/v1/oauth/revoke").json(&json!({ "token": by_revoke })).send().await;
    assert_eq!((revoke.status.as_u16(), status(&server, &by_revoke).await), (200, 401));
    server.advance(30 * 86_400 - 1);
    assert_eq!(status(&server, &by_time).await, 200);
    server.advance(1);
    assert_eq!(status(&server, &by_time).await, 401);
    let ada = server.sign_in("ada").await;
    assert_eq!(list(&server, &ada).await, [json!(null); 0]);
    server.personal_token(&ada, &["read"]).await;
    assert_eq!(server.number("SELECT COUNT(*) FROM personal_tokens").await, 1, "those that ended are swept up");
    let server = server.restart().await;
    assert_eq!(server.number("SELECT COUNT(*) FROM personal_tokens").await, 1);
}

#[tokio::test]
async fn anothers_token_is_not_there() {
    let server = TestServer::new().await;
    let (ada, eve) = (server.member("ada").await, server.member("eve").await);
    let token = server.personal_token(&ada, &["read"]).await;
    let id = list(&server, &ada).await[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(list(&server, &eve).await, [json!(null); 0]);
    let end = |id: &str| server.call(Method::DELETE, &format!("/v1/me/tokens/{id}")).token(&eve);
    let (refused, unknown) = (end(&id).send().await, end("99").send().await);
    assert_eq!(refused.problem(), (404, "not_found".into()));
    assert_eq!(refused.bytes, unknown.bytes);
    assert_eq!(status(&server, &token).await, 200);
}

#[tokio::test]
async fn everything_wrong_with_a_token_is_said_at_once() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let make = async |name: &str, scopes: Value, days: Value| {
        let body = json!({ "name": name, "scopes": scopes, "days": days });
        server.post("/v1/me/tokens").token(&ada).json(&body).send().await
    };
    let reply = make(" ", json!([]), json!(0)).await;
    assert_eq!(reply.problem(), (422, "invalid_field".into()));
    let fields: Vec<Value> = reply.json()["errors"].as_array().unwrap().iter().map(|e| e["field"].clone()).collect();
    assert_eq!(fields, ["name", "scopes", "days"]);
    for name in ["", "two\nlines", "esc \u{1b}[31m", "hid\u{202e}den", "zero\u{200b}width", &"王".repeat(65)] {
        assert_eq!(make(name, json!(["read"]), json!(1)).await.problem(), (422, "invalid_field".into()), "{name:?}");
    }
    for days in [json!(0), json!(367), json!(u32::MAX)] {
        assert_eq!(make("n", json!(["read"]), days.clone()).await.problem(), (422, "invalid_field".into()), "{days}");
    }
    for (scopes, days) in [(json!(["admin"]), json!(1)), (json!("read"), json!(1)), (json!(["read"]), json!(-1))] {
        assert_eq!(make("n", scopes.clone(), days).await.status, 422, "{scopes}");
    }
    assert_eq!(server.number("SELECT COUNT(*) FROM personal_tokens").await, 0);
    for name in ["x", &"王".repeat(64)] {
        assert_eq!(make(name, json!(["read"]), json!(366)).await.status, 201, "{name}");
    }
    for _ in 2..50 {
        assert_eq!(make("n", json!(["read"]), json!(1)).await.status, 201);
    }
    assert_eq!(make("n", json!(["read"]), json!(1)).await.problem(), (409, "conflict".into()), "50 are enough");
    server.advance(86_400);
    let ada = server.sign_in("ada").await;
    server.personal_token(&ada, &["read"]).await;
}

#[tokio::test]
async fn the_last_use_is_known_to_the_hour() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let token = server.personal_token(&ada, &["read"]).await;
    let used = async || {
        let ada = server.sign_in("ada").await;
        list(&server, &ada).await[0]["used"].clone()
    };
    assert_eq!(used().await, Value::Null);
    server.advance(60);
    assert_eq!(status(&server, &token).await, 200);
    assert_eq!(used().await, "2026-03-01T12:01:00Z");
    server.advance(3599);
    assert_eq!(status(&server, &token).await, 200);
    assert_eq!(used().await, "2026-03-01T12:01:00Z", "not written for every request");
    server.advance(1);
    assert_eq!(status(&server, &token).await, 200);
    assert_eq!(used().await, "2026-03-01T13:01:00Z");
}

#[tokio::test]
async fn a_personal_token_is_never_renewed() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let token = server.personal_token(&ada, &["read", "write"]).await;
    let body = json!({ "grant_type": "refresh_token", "refresh_token": token });
    assert_eq!(server.post("/v1/oauth/token").json(&body).send().await.problem(), (400, "invalid_grant".into()));
    assert_eq!(status(&server, &token).await, 200, "and is none the worse for it");
}

/// Status and word of the answer's head; a stream is not waited for.
async fn ask(server: &TestServer, method: &Method, path: &str, token: &str) -> (u16, String) {
    let request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {token}"));
    let request = request.header("content-type", "application/json").header("idempotency-key", "k");
    let reply = server.router.clone().oneshot(request.body(Body::from("{\"")).unwrap()).await.unwrap();
    let status = reply.status();
    if status != StatusCode::FORBIDDEN || method == Method::HEAD {
        return (status.as_u16(), String::new());
    }
    assert_eq!(reply.headers()["www-authenticate"], "Bearer error=\"insufficient_scope\"", "{method} {path}");
    let bytes = axum::body::to_bytes(reply.into_body(), usize::MAX).await.unwrap();
    (status.as_u16(), serde_json::from_slice::<Value>(&bytes).unwrap()["code"].as_str().unwrap().to_owned())
}

/// Every operation of the document, with a token of each scope. Ada is an owner, so that nothing but the scope refuses.
#[tokio::test]
async fn a_token_does_what_its_scopes_say_and_never_what_opens_the_account() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    server.sql("UPDATE members SET role = 'owner'").await;
    let (reads, writes) = (server.personal_token(&ada, &["read"]).await, server.personal_token(&ada, &["write"]).await);
    let document = serde_json::to_value(router::document()).unwrap();
    let (mut closed, mut seen) = (BTreeSet::new(), 0);
    for (path, item) in document["paths"].as_object().unwrap() {
        for method in item.as_object().unwrap().keys() {
            let method: Method = method.to_uppercase().parse().unwrap();
            let at = path.replace("{id}", "1").replace("{username}", "ada");
            let scope = (403, "scope".to_owned());
            let (read, write) =
                (ask(&server, &method, &at, &reads).await == scope, ask(&server, &method, &at, &writes).await == scope);
            // Written apart from the handlers: whatever lies here is for sessions, also what is added later.
            let keys = ["/v1/me/sessions", "/v1/me/tokens", "/v1/me/second-factor", "/v1/me/password"];
            let opens = keys.iter().any(|key| path.starts_with(key)) || path.ends_with("/role");
            assert_eq!((read, write), (opens || method != Method::GET, opens), "{method} {path}");
            let session = ask(&server, &method, &at, &ada).await;
            assert_ne!(session.1, "scope", "{method} {path}: a session may");
            if opens && method == Method::GET {
                assert_eq!(ask(&server, &Method::HEAD, &at, &writes).await.0, 403, "HEAD {path}");
            }
            if opens {
                closed.insert(format!("{method} {path}"));
            }
            seen += 1;
        }
    }
    assert!(seen > 40 && closed.len() >= 11, "{seen} {closed:?}");
    assert_eq!(status(&server, &ada).await, 200);
}

/// A whole write with each, so that the matrix above is not about broken requests alone.
#[tokio::test]
async fn a_token_that_writes_writes_as_its_owner() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let body = json!({ "space": "general", "kind": "discussion", "title": "By script", "body": "Text", "tags": [] });
    let open = async |token: &str| {
        server.post("/v1/threads").token(token).header("idempotency-key", "k1").json(&body).send().await
    };
    let (reads, writes) = (server.personal_token(&ada, &["read"]).await, server.personal_token(&ada, &["write"]).await);
    let refused = open(&reads).await;
    assert_eq!(refused.problem(), (403, "scope".into()));
    assert!(refused.json()["detail"].as_str().unwrap().contains("write"), "{:?}", refused.json());
    let opened = open(&writes).await;
    assert_eq!(opened.status, 201);
    let written = "SELECT COUNT(*) FROM threads t JOIN members m ON m.id = t.author_id WHERE m.username = 'ada'";
    assert_eq!(server.number(written).await, 1);
    assert_eq!(server.get("/v1/threads").token(&reads).send().await.json()["items"].as_array().unwrap().len(), 1);
}

/// What the table of routes cannot see, since it is a field: a token that leaked turns no letters away from their owner.
#[tokio::test]
async fn a_token_that_writes_changes_the_profile_but_not_the_address() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let writes = server.personal_token(&ada, &["read", "write"]).await;
    let edit = async |token: &str, body: Value| {
        server.patch("/v1/me").token(token).header("if-match", "*").json(&body).send().await
    };
    assert_eq!(edit(&ada, json!({ "email": "ada@guild.example" })).await.status, 200, "a session may");
    for body in [json!({ "email": "eve@elsewhere.example" }), json!({ "bio": "x", "email": "" })] {
        let refused = edit(&writes, body.clone()).await;
        assert_eq!(refused.problem(), (403, "scope".into()), "{body}");
        assert_eq!(refused.header("www-authenticate"), "Bearer error=\"insufficient_scope\"");
    }
    let me = server.get("/v1/me").token(&ada).send().await.json();
    assert_eq!((&me["email"], &me["bio"]), (&json!("ada@guild.example"), &json!("")), "nothing of it was written");
    let same = edit(&writes, json!({ "bio": "By script.", "email": "ada@guild.example" })).await;
    assert_eq!((same.status.as_u16(), &same.json()["bio"]), (200, &json!("By script.")), "it changes no address");
}

/// The database is closed, so whatever looked into it would fail with 500.
#[tokio::test]
async fn a_damaged_token_is_refused_without_a_look_at_the_database() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let personal = server.personal_token(&ada, &["read"]).await;
    let damaged = |token: &str| {
        let mut token = token.to_owned();
        let last = if token.ends_with('A') { "B" } else { "A" };
        token.replace_range(52.., last);
        token
    };
    for token in [&ada, &personal] {
        assert_eq!((token.len(), status(&server, token).await, status(&server, &damaged(token)).await), (53, 200, 401));
    }
    server.app.db.close().await;
    for token in [&ada, &personal] {
        assert_eq!(status(&server, token).await, 500, "this one is looked up");
        let old = &token[..47];
        for token in [damaged(token), old.to_owned(), token[4..].to_owned(), format!("{token}A")] {
            let reply = server.get("/v1/me").token(&token).send().await;
            assert_eq!(reply.problem(), (401, "invalid_token".into()), "{token}");
            let revoke = server.post("/v1/oauth/revoke").json(&json!({ "token": token })).send().await;
            assert_eq!(revoke.status, 200, "a token of nobody's is no error");
            let body = json!({ "grant_type": "refresh_token", "refresh_token": token });
            let refresh = server.post("/v1/oauth/token").json(&body).send().await;
            assert_eq!(refresh.problem(), (400, "invalid_grant".into()));
        }
    }
}
