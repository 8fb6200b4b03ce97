//! Changing one's password.

use serde_json::{Value, json};

use super::harness::{PASSWORD, Reply, TestServer};

const NEW: &str = "another battery staple";

async fn change(server: &TestServer, token: &str, body: Value) -> Reply {
    server.put("/v1/me/password").token(token).json(&body).send().await
}

async fn sign_in(server: &TestServer, password: &str) -> u16 {
    let body = json!({ "grant_type": "password", "username": "ada", "password": password });
    server.post("/v1/oauth/token").json(&body).send().await.status.as_u16()
}

async fn works(server: &TestServer, token: &str) -> bool {
    server.get("/v1/me").token(token).send().await.status == 200
}

#[tokio::test]
async fn a_new_password_takes_the_old_one_and_ends_the_other_sessions() {
    let server = TestServer::new().await;
    let (here, bram) = (server.member("ada").await, server.member("bram").await);
    let there = server.tokens("ada").await;
    let script = server.personal_token(&here, &["read"]).await;
    let wrong = change(&server, &here, json!({ "current": "wrong horse battery", "new": NEW })).await;
    assert_eq!(wrong.problem(), (401, "wrong_password".into()));
    for weak in ["short", "password123", "ada-ada-ada", &"x1".repeat(129)] {
        let refused = change(&server, &here, json!({ "current": PASSWORD, "new": weak })).await;
        assert_eq!(refused.problem(), (422, "invalid_field".into()), "{weak}");
        assert_eq!(refused.json()["errors"][0]["field"], "new");
    }
    assert_eq!((sign_in(&server, PASSWORD).await, sign_in(&server, NEW).await), (200, 401));
    assert_eq!(change(&server, &here, json!({ "current": PASSWORD, "new": NEW })).await.status, 204);
    assert_eq!((sign_in(&server, PASSWORD).await, sign_in(&server, NEW).await), (401, 200));
    assert!(works(&server, &here).await && works(&server, &bram).await && works(&server, &script).await);
    assert!(!works(&server, there["access_token"].as_str().unwrap()).await);
    let refresh = json!({ "grant_type": "refresh_token", "refresh_token": there["refresh_token"] });
    assert_eq!(server.post("/v1/oauth/token").json(&refresh).send().await.status, 400);
}

#[tokio::test]
async fn with_a_second_factor_it_takes_a_code_too() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let (secret, _) = server.second_factor(&ada).await;
    let otp = |otp: Option<&str>| json!({ "current": PASSWORD, "new": NEW, "otp": otp });
    let bare = json!({ "current": PASSWORD, "new": NEW });
    for body in [bare, otp(None)] {
        assert_eq!(change(&server, &ada, body).await.problem(), (401, "second_factor_required".into()));
    }
    assert_eq!(change(&server, &ada, otp(Some("aaaaa-aaaaa"))).await.problem(), (401, "wrong_code".into()));
    assert_eq!(sign_in(&server, NEW).await, 401);
    let code = server.code(&secret);
    let weak = json!({ "current": PASSWORD, "new": "short", "otp": code });
    assert_eq!(change(&server, &ada, weak).await.status, 422, "which uses no code up");
    assert_eq!(change(&server, &ada, otp(Some(&code))).await.status, 204);
}

#[tokio::test]
async fn a_stolen_session_cannot_guess_the_password() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    for _ in 0..5 {
        assert_eq!(change(&server, &ada, json!({ "current": "wrong horse battery", "new": NEW })).await.status, 401);
    }
    let late = change(&server, &ada, json!({ "current": PASSWORD, "new": NEW })).await;
    assert_eq!(late.problem(), (429, "too_many_requests".into()));
}
