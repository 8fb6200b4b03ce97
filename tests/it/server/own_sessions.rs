//! One's own sessions: the list, and ending them from another place.

use std::time::Duration;

use axum::http::Method;
use futures_util::StreamExt;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::harness::{PASSWORD, Reply, TestServer};

async fn sign_in(server: &TestServer, name: &str, client: &str) -> Value {
    let body = json!({ "grant_type": "password", "username": name, "password": PASSWORD, "client_name": client });
    server.post("/v1/oauth/token").json(&body).send().await.json()
}

fn access(tokens: &Value) -> &str {
    tokens["access_token"].as_str().unwrap()
}

async fn list(server: &TestServer, tokens: &Value) -> Vec<Value> {
    let reply = server.get("/v1/me/sessions").token(access(tokens)).send().await;
    assert_eq!(reply.status, 200, "{:?}", reply.json());
    reply.json()["items"].as_array().unwrap().clone()
}

async fn end(server: &TestServer, tokens: &Value, id: &Value) -> Reply {
    let path = format!("/v1/me/sessions/{}", id.as_str().unwrap());
    server.call(Method::DELETE, &path).token(access(tokens)).send().await
}

async fn works(server: &TestServer, tokens: &Value) -> bool {
    server.get("/v1/me").token(access(tokens)).send().await.status == 200
}

async fn refreshes(server: &TestServer, tokens: &Value) -> bool {
    let body = json!({ "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"] });
    server.post("/v1/oauth/token").json(&body).send().await.status == 200
}

fn names(sessions: &[Value]) -> Vec<&str> {
    sessions.iter().map(|session| session["client_name"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_one_that_asks_comes_first_then_the_last_used() {
    let server = TestServer::new().await;
    server.join("ada").await;
    server.join("bram").await;
    let old = sign_in(&server, "ada", "old").await;
    server.advance(60);
    sign_in(&server, "bram", "another's").await;
    let mine = sign_in(&server, "ada", "lyceum on laptop").await;
    server.advance(60);
    sign_in(&server, "ada", "phone").await;
    let found = list(&server, &mine).await;
    assert_eq!(names(&found), ["lyceum on laptop", "phone", "old"]);
    let times = |session: &Value| (session["created"].clone(), session["used"].clone(), session["until"].clone());
    let all = (json!("2026-03-01T12:01:00Z"), json!("2026-03-01T12:01:00Z"), json!("2026-03-31T12:01:00Z"));
    assert_eq!((times(&found[0]), &found[0]["current"], &found[1]["current"]), (all, &json!(true), &json!(false)));
    server.advance(60);
    assert!(refreshes(&server, &old).await);
    let found = list(&server, &mine).await;
    assert_eq!(names(&found), ["lyceum on laptop", "old", "phone"], "a renewal is a use");
    let renewed = (json!("2026-03-01T12:00:00Z"), json!("2026-03-01T12:03:00Z"), json!("2026-03-31T12:03:00Z"));
    assert_eq!(times(&found[1]), renewed);
    server.advance(30 * 86_400 - 60);
    let now = sign_in(&server, "ada", "now").await;
    assert_eq!(names(&list(&server, &now).await), ["now", "old"], "those that have ended are not shown");
}

#[tokio::test]
async fn ending_one_ends_its_tokens_at_once_and_no_other() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let (here, there, third) =
        (sign_in(&server, "ada", "here").await, sign_in(&server, "ada", "there").await, server.tokens("ada").await);
    let id = list(&server, &there).await[0]["id"].clone();
    assert!(works(&server, &there).await);
    assert_eq!(end(&server, &here, &id).await.status, 204);
    assert!(!works(&server, &there).await && !refreshes(&server, &there).await);
    assert!(works(&server, &here).await && works(&server, &third).await);
    assert_eq!(end(&server, &here, &id).await.problem(), (404, "not_found".into()), "it has ended");
    assert_eq!(names(&list(&server, &here).await), ["here", ""]);
    let own = list(&server, &here).await[0]["id"].clone();
    assert_eq!(end(&server, &here, &own).await.status, 204, "one's own is signing out");
    assert!(!works(&server, &here).await);
}

#[tokio::test]
async fn anothers_session_is_not_there() {
    let server = TestServer::new().await;
    server.join("ada").await;
    server.join("eve").await;
    let (ada, eve) = (server.tokens("ada").await, server.tokens("eve").await);
    let id = list(&server, &ada).await[0]["id"].clone();
    let refused = end(&server, &eve, &id).await;
    let unknown = end(&server, &eve, &json!("99")).await;
    assert_eq!(refused.problem(), (404, "not_found".into()));
    assert_eq!(refused.bytes, unknown.bytes, "not told apart from one that never was");
    assert!(works(&server, &ada).await && refreshes(&server, &ada).await);
    for path in ["/v1/me/sessions/0", "/v1/me/sessions/x", "/v1/me/sessions/-1"] {
        let reply = server.call(Method::DELETE, path).token(access(&eve)).send().await;
        assert_eq!(reply.problem(), (404, "not_found".into()), "{path}");
    }
}

#[tokio::test]
async fn all_others_end_together_and_those_of_others_stay() {
    let server = TestServer::new().await;
    server.join("ada").await;
    server.join("bram").await;
    let (here, there, third) = (server.tokens("ada").await, server.tokens("ada").await, server.tokens("ada").await);
    let bram = server.tokens("bram").await;
    let reply = server.call(Method::DELETE, "/v1/me/sessions").token(access(&here)).send().await;
    assert_eq!(reply.status, 204);
    assert!(works(&server, &here).await && works(&server, &bram).await);
    assert!(!works(&server, &there).await && !refreshes(&server, &third).await);
    assert_eq!(list(&server, &here).await.len(), 1);
}

#[tokio::test]
async fn a_stream_ends_at_once_with_its_session_or_token() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let here = server.tokens("ada").await;
    let soon = Duration::from_secs(10);
    for way in ["one", "others", "revoke", "second factor", "token"] {
        let there = server.tokens("ada").await;
        let personal = server.personal_token(access(&here), &["read"]).await;
        let shown = if way == "token" { &personal } else { access(&there) };
        let (mut stream, mut stays) = (server.events(shown).await, server.events(access(&here)).await);
        let id = list(&server, &there).await[0]["id"].clone();
        let mut news = server.app.db.news();
        match way {
            "one" => assert_eq!(end(&server, &here, &id).await.status, 204),
            "others" => {
                let all = server.call(Method::DELETE, "/v1/me/sessions").token(access(&here)).send().await;
                assert_eq!(all.status, 204);
            }
            "second factor" => drop(server.second_factor(access(&here)).await),
            _ => {
                let reply = server.post("/v1/oauth/revoke").json(&json!({ "token": shown })).send().await;
                assert_eq!(reply.status, 200);
            }
        }
        // Which wakes the streams that wait for news: they would look only a quarter of a minute later.
        let heard = std::iter::from_fn(|| news.try_recv().ok()).last().expect(way);
        assert!(heard.change.is_none() && heard.member.is_some(), "{way}");
        assert!(timeout(soon, stream.next()).await.expect(way).is_none(), "{way}");
        let mut write = server.app.db.write().await.unwrap();
        write.tell(lyceum::model::change::Topic::Vote, None, None, server.now()).await.unwrap();
        write.commit().await.unwrap();
        assert!(timeout(soon, stays.next()).await.expect(way).is_some(), "{way}: the other goes on");
        if way == "second factor" {
            // The sessions of the last round are opened with a password alone.
            server.sql("DELETE FROM second_factors").await;
        }
    }
}
