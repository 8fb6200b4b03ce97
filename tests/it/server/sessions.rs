//! Signing in, carrying on, and out.

use lyceum::config::server::PasswordCost;
use lyceum::server::{admin, auth::token};
use serde_json::{Value, json};

use super::harness::{PASSWORD, Reply, TestServer};

async fn refresh(server: &TestServer, tokens: &Value) -> Reply {
    let body = json!({ "grant_type": "refresh_token", "refresh_token": tokens["refresh_token"] });
    server.post("/v1/oauth/token").json(&body).send().await
}

async fn works(server: &TestServer, tokens: &Value) -> bool {
    server.get("/v1/me").token(tokens["access_token"].as_str().unwrap()).send().await.status == 200
}

#[tokio::test]
async fn tokens_are_hashed_at_rest_and_end() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let tokens = server.tokens("ada").await;
    assert_eq!((&tokens["token_type"], &tokens["expires_in"]), (&json!("Bearer"), &json!(900)));
    assert!(works(&server, &tokens).await);
    let stored: String =
        sqlx::query_scalar("SELECT access_hash FROM sessions").fetch_one(server.app.db.read()).await.unwrap();
    assert_eq!(stored.len(), 64);
    assert!(!stored.contains("lyc_"));
    server.advance(899);
    assert!(works(&server, &tokens).await);
    server.advance(1);
    let reply = server.get("/v1/me").token(tokens["access_token"].as_str().unwrap()).send().await;
    assert_eq!(reply.problem(), (401, "invalid_token".into()));
    assert_eq!(reply.header("www-authenticate"), "Bearer error=\"invalid_token\"");
    let nobody = server.get("/v1/me").send().await;
    assert_eq!(
        (nobody.problem(), nobody.header("www-authenticate").as_str()),
        ((401, "unauthenticated".into()), "Bearer")
    );
}

#[tokio::test]
async fn a_wrong_name_and_a_wrong_password_look_the_same() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let ask = async |name: &str, password: &str| {
        let body = json!({ "grant_type": "password", "username": name, "password": password });
        server.post("/v1/oauth/token").json(&body).send().await
    };
    let (name, password) = (ask("eve", PASSWORD).await, ask("ada", "wrong horse battery").await);
    assert_eq!(name.problem(), (401, "wrong_password".into()));
    assert_eq!(name.bytes, password.bytes);
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions").await, 0);
}

#[tokio::test]
async fn a_form_will_do_as_oauth_has_it() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let form = format!("grant_type=password&username=ada&password={}", PASSWORD.replace(' ', "+"));
    let kind = "application/x-www-form-urlencoded";
    let reply = server.post("/v1/oauth/token").body(kind, form.into_bytes()).send().await;
    assert_eq!(reply.status, 200);
    assert_eq!(reply.header("cache-control"), "no-store");
    let token = reply.json()["access_token"].as_str().unwrap().to_owned();
    let revoke = server.post("/v1/oauth/revoke").body(kind, format!("token={token}").into_bytes()).send().await;
    assert_eq!(revoke.status, 200);
    assert_eq!(server.get("/v1/me").token(&token).send().await.status, 401);
}

#[tokio::test]
async fn a_refresh_token_works_once() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let first = server.tokens("ada").await;
    let second = refresh(&server, &first).await.json();
    assert!(works(&server, &second).await);
    assert!(!works(&server, &first).await, "the old access token ended");
    let third = refresh(&server, &second).await.json();
    assert!(works(&server, &third).await);
    // The first has been followed by two: whoever shows it has a copy.
    assert_eq!(refresh(&server, &first).await.problem(), (400, "invalid_grant".into()));
    assert!(!works(&server, &third).await, "the session ended");
    assert_eq!(refresh(&server, &third).await.problem(), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn an_answer_that_was_lost_can_be_asked_for_again_for_a_moment() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let first = server.tokens("ada").await;
    let lost = refresh(&server, &first).await.json();
    server.advance(10);
    let again = refresh(&server, &first).await.json();
    assert!(works(&server, &again).await);
    assert!(!works(&server, &lost).await);
    server.advance(1);
    assert_eq!(refresh(&server, &first).await.problem(), (400, "invalid_grant".into()), "the moment has passed");
    assert!(!works(&server, &again).await);
}

#[tokio::test]
async fn the_answer_that_was_lost_is_worth_nothing_to_a_finder() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let first = server.tokens("ada").await;
    let lost = refresh(&server, &first).await.json();
    let again = refresh(&server, &first).await.json();
    server.advance(60);
    assert_eq!(refresh(&server, &lost).await.problem(), (400, "invalid_grant".into()));
    assert!(!works(&server, &again).await);
}

#[tokio::test]
async fn a_refresh_token_ends_after_its_days() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let tokens = server.tokens("ada").await;
    server.advance(30 * 86_400);
    assert_eq!(refresh(&server, &tokens).await.problem(), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn signing_out_ends_this_session_only() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let (laptop, desktop) = (server.tokens("ada").await, server.tokens("ada").await);
    let body = json!({ "token": laptop["refresh_token"] });
    assert_eq!(server.post("/v1/oauth/revoke").json(&body).send().await.status, 200);
    assert!(!works(&server, &laptop).await);
    assert_eq!(refresh(&server, &laptop).await.status, 400);
    assert!(works(&server, &desktop).await);
    let unknown = server.post("/v1/oauth/revoke").json(&json!({ "token": "lyc_x" })).send().await;
    assert_eq!(unknown.status, 200);
}

/// Somebody else has the turn to write all the time: what needed it would wait for it and fail.
#[tokio::test]
async fn tokens_that_were_made_up_or_have_ended_wait_for_no_turn_to_write() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let ended = server.tokens("ada").await;
    let personal = server.personal_token(&server.sign_in("ada").await, &["read"]).await;
    for token in [ended["refresh_token"].as_str().unwrap(), &personal] {
        assert_eq!(server.post("/v1/oauth/revoke").json(&json!({ "token": token })).send().await.status, 200);
    }
    let random = &*server.app.random;
    let made_up = json!({ "refresh_token": token::make(random) });
    let write = server.app.db.write().await.unwrap();
    for tokens in [&made_up, &ended] {
        assert_eq!(refresh(&server, tokens).await.problem(), (400, "invalid_grant".into()));
    }
    let made_up = made_up["refresh_token"].as_str().unwrap();
    for token in [made_up, &token::make_personal(random), &personal] {
        assert_eq!(server.post("/v1/oauth/revoke").json(&json!({ "token": token })).send().await.status, 200);
    }
    drop(write);
}

#[tokio::test]
async fn tries_to_sign_in_are_counted_by_name_and_address() {
    let server = TestServer::new().await;
    server.join("ada").await;
    server.join("bram").await;
    let ask = async |password: &str| {
        let body = json!({ "grant_type": "password", "username": "ada", "password": password });
        server.post("/v1/oauth/token").json(&body).send().await
    };
    for _ in 0..4 {
        assert_eq!(ask("wrong horse battery").await.status, 401);
    }
    assert_eq!(ask(PASSWORD).await.status, 200);
    for _ in 0..5 {
        assert_eq!(ask("wrong horse battery").await.status, 401, "a success starts the count again");
    }
    let mut waits = Vec::new();
    for _ in 0..3 {
        let early = ask(PASSWORD).await;
        assert_eq!(early.problem(), (429, "too_many_requests".into()));
        waits.push(early.json()["retry_after"].as_i64().unwrap());
        assert_eq!(early.header("retry-after"), waits.last().unwrap().to_string());
        server.tokens("bram").await;
        server.advance(*waits.last().unwrap());
        assert_eq!(ask("wrong horse battery").await.status, 401, "a wait, and no lock-out");
    }
    assert_eq!(waits, [30, 60, 120]);
    server.advance(240);
    assert_eq!(ask(PASSWORD).await.status, 200);
}

#[tokio::test]
async fn somebody_elsewhere_does_not_keep_the_owner_of_an_account_out() {
    let server = TestServer::with(|settings| settings.trusted_proxies = vec!["127.0.0.1".parse().unwrap()]).await;
    server.join("ada").await;
    let ask = async |from: &str, password: &str| {
        let body = json!({ "grant_type": "password", "username": "ada", "password": password });
        let call = server.post("/v1/oauth/token").header("x-forwarded-for", from);
        call.json(&body).send().await.status.as_u16()
    };
    assert_eq!(ask("2001:db8:1::1", PASSWORD).await, 200);
    let mut refused = 0;
    for at in 0..300 {
        refused += i32::from(ask(&format!("198.51.100.{}", at % 200), "wrong horse battery").await == 429);
    }
    assert!(refused >= 200, "many networks together are held back: {refused}");
    assert_eq!(ask("2001:db8:1::2", PASSWORD).await, 200, "at home, where the last numbers of an address change");
    server.advance(30);
    assert_eq!(ask("2001:db8:2::1", PASSWORD).await, 200, "and on the road after half a minute at most");
}

#[tokio::test]
async fn the_metadata_say_what_is_offered() {
    let server = TestServer::with(|settings| {
        settings.password_grant = false;
        settings.public_url = Some("https://guild.example/".into());
    })
    .await;
    insta::assert_json_snapshot!(server.get("/.well-known/oauth-authorization-server").send().await.json());
    for grant in ["password", "implicit"] {
        let body = json!({ "grant_type": grant, "username": "ada", "password": PASSWORD });
        let reply = server.post("/v1/oauth/token").json(&body).send().await;
        assert_eq!(reply.problem(), (400, "unsupported_grant_type".into()));
    }
}

#[tokio::test]
async fn a_restart_keeps_sessions_and_ids_go_on() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let before = server.number("SELECT MAX(id) FROM sessions").await;
    let server = server.restart().await;
    assert_eq!(server.get("/v1/me").token(&token).send().await.json()["username"], "ada");
    server.join("bram").await;
    assert!(server.number("SELECT MAX(id) FROM members").await > before, "the clock stood still");
}

#[tokio::test]
async fn sessions_that_have_ended_are_swept_up() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let first = server.tokens("ada").await;
    refresh(&server, &first).await;
    server.advance(20 * 86_400);
    server.tokens("ada").await;
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions").await, 2);
    server.advance(10 * 86_400);
    let last = server.tokens("ada").await;
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions").await, 2, "the oldest is gone, the second is not");
    assert_eq!(server.number("SELECT COUNT(*) FROM refresh_tokens").await, 2);
    assert!(works(&server, &last).await);
}

#[tokio::test]
async fn a_hash_of_yesterdays_cost_is_made_anew() {
    let server = TestServer::with(|settings| settings.password_cost.passes = 2).await;
    server.join("ada").await;
    let folder = server.app.settings.data_dir.clone();
    let old = PasswordCost { memory_kib: 8, passes: 3, lanes: 1 };
    admin::set_password(&folder, "ada", PASSWORD.into(), old).await.unwrap();
    let count = "SELECT COUNT(*) FROM members WHERE password_hash LIKE '%t=2%'";
    assert_eq!(server.number(count).await, 0);
    server.tokens("ada").await;
    assert_eq!(server.number(count).await, 1);
    server.tokens("ada").await;
}
