//! Signing in on a device without a browser (RFC 8628).

use serde_json::{Value, json};

use super::browser::{Browser, device, page, page_of, poll, signed_in, word};
use super::harness::{PASSWORD, Reply, TestServer};

async fn ask(server: &TestServer, body: Value) -> Reply {
    server.post("/v1/oauth/token").json(&body).send().await
}

async fn works(server: &TestServer, tokens: &Value) -> bool {
    server.get("/v1/me").token(tokens["access_token"].as_str().unwrap()).send().await.status == 200
}

#[tokio::test]
async fn a_device_is_let_in_by_a_person_elsewhere() {
    let server = TestServer::with(|settings| settings.public_url = Some("https://guild.example/".into())).await;
    server.join("ada").await;
    let codes = device(&server, "lyceum on laptop").await;
    let user_code = codes["user_code"].as_str().unwrap();
    assert!(user_code.len() == 9 && user_code.as_bytes()[4] == b'-', "{user_code}");
    assert_eq!(codes["verification_uri"], "https://guild.example/activate");
    let complete = format!("https://guild.example/activate?code={user_code}");
    assert_eq!(codes["verification_uri_complete"], complete);
    assert_eq!((&codes["expires_in"], &codes["interval"]), (&json!(600), &json!(5)));
    assert_eq!(word(&poll(&server, &codes).await), (400, "authorization_pending".into()));
    let mut browser = Browser::new(&server);
    let compare = page(&signed_in(&mut browser, &codes, "ada").await);
    for shown in [user_code, "lyceum on laptop", "127.0.0.1", "ada", "just now"] {
        assert!(compare.contains(shown), "{shown} in {compare}");
    }
    server.advance(5);
    assert_eq!(word(&poll(&server, &codes).await), (400, "authorization_pending".into()), "nobody has decided");
    let reply = signed_in(&mut browser, &codes, "ada").await;
    let done = page(&browser.press(&reply, "approve").await);
    assert!(done.contains("Let in") && done.contains("lyceum on laptop"), "{done}");
    let tokens = poll(&server, &codes).await;
    assert_eq!((tokens.status.as_u16(), tokens.header("cache-control").as_str()), (200, "no-store"));
    let me = server.get("/v1/me").token(tokens.json()["access_token"].as_str().unwrap()).send().await.json();
    assert_eq!(me["username"], "ada");
    assert_eq!(tokens.json()["token_type"], "Bearer");
    let named = "SELECT COUNT(*) FROM sessions WHERE client_name = 'lyceum on laptop'";
    assert_eq!(server.number(named).await, 1);
}

#[tokio::test]
async fn device_codes_are_hashed_at_rest() {
    let server = TestServer::new().await;
    let codes = device(&server, "x").await;
    let stored: String =
        sqlx::query_scalar("SELECT device_hash FROM device_codes").fetch_one(server.app.db.read()).await.unwrap();
    assert!(stored.len() == 64 && stored.bytes().all(|b| b.is_ascii_hexdigit()), "{stored}");
    assert!(codes["device_code"].as_str().unwrap().starts_with("lyc_"));
    let by_hash =
        ask(&server, json!({ "grant_type": "urn:ietf:params:oauth:grant-type:device_code", "device_code": stored }));
    assert_eq!(word(&by_hash.await), (400, "invalid_grant".into()), "the hash is no code");
}

#[tokio::test]
async fn a_foreign_client_understands_what_is_wrong() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let grant = "urn:ietf:params:oauth:grant-type:device_code";
    for (body, status, expected) in [
        (json!({ "grant_type": grant }), 400, "invalid_request"),
        (json!({ "grant_type": grant, "device_code": "lyc_nobodys" }), 400, "invalid_grant"),
        (json!({ "grant_type": "refresh_token" }), 400, "invalid_request"),
        (json!({ "grant_type": "refresh_token", "refresh_token": "x" }), 400, "invalid_grant"),
        (json!({ "grant_type": "authorization_code", "code": "x" }), 400, "invalid_request"),
        (json!({ "grant_type": "implicit" }), 400, "unsupported_grant_type"),
        (json!({ "grant_type": "password", "username": "ada", "password": "wrong" }), 401, "invalid_grant"),
        (json!({ "grant_type": "password", "nonsense": 1 }), 400, "invalid_request"),
        (json!({ "grant_type": 1 }), 422, "invalid_request"),
    ] {
        assert_eq!(word(&ask(&server, body.clone()).await), (status, expected.into()), "{body}");
    }
    let named =
        server.post("/v1/oauth/device_authorization").json(&json!({ "client_name": "x".repeat(65) })).send().await;
    assert_eq!(word(&named), (422, "invalid_request".into()));
    let form = server.post("/v1/oauth/device_authorization");
    let form = form.body("application/x-www-form-urlencoded", b"client_id=a&client_name=b".to_vec()).send().await;
    assert_eq!(form.status, 200);
    assert_eq!(server.get("/v1/me").send().await.json().get("error"), None, "only where OAuth is spoken");
}

#[tokio::test]
async fn who_asks_too_early_waits_longer_each_time() {
    let server = TestServer::new().await;
    let codes = device(&server, "x").await;
    let after = async |server: &TestServer, seconds| {
        server.advance(seconds);
        let (status, word) = word(&poll(server, &codes).await);
        assert_eq!(status, 400);
        word
    };
    assert_eq!(after(&server, 0).await, "authorization_pending", "the first question may come at once");
    assert_eq!(after(&server, 5).await, "authorization_pending");
    assert_eq!(after(&server, 4).await, "slow_down");
    assert_eq!(after(&server, 9).await, "slow_down", "ten seconds by now");
    assert_eq!(after(&server, 15).await, "authorization_pending");
    assert_eq!(after(&server, 14).await, "slow_down", "what was added stays");
    let server = server.restart().await;
    assert_eq!(after(&server, 19).await, "slow_down", "also over a restart");
    assert_eq!(after(&server, 25).await, "authorization_pending");
}

#[tokio::test]
async fn codes_end() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    server.advance(300);
    let compare = signed_in(&mut browser, &codes, "ada").await;
    assert!(page(&compare).contains("5 minutes ago"));
    server.advance(299);
    assert_eq!(word(&poll(&server, &codes).await).1, "authorization_pending");
    server.advance(1);
    assert_eq!(word(&poll(&server, &codes).await), (400, "expired_token".into()));
    assert_eq!(browser.press(&compare, "approve").await.status, 410);
    assert_eq!(browser.get(&page_of(&codes)).await.status, 422);
    assert_eq!(word(&poll(&server, &codes).await), (400, "expired_token".into()), "it was not let in");
    server.advance(600);
    device(&server, "y").await;
    assert_eq!(word(&poll(&server, &codes).await), (400, "invalid_grant".into()), "forgotten");
    assert_eq!(server.number("SELECT COUNT(*) FROM device_codes").await, 1);
}

#[tokio::test]
async fn a_code_is_good_once() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    let compare = signed_in(&mut browser, &codes, "ada").await;
    browser.press(&compare, "approve").await;
    let tokens = poll(&server, &codes).await.json();
    assert!(works(&server, &tokens).await);
    assert_eq!(word(&poll(&server, &codes).await), (400, "invalid_grant".into()));
    assert!(!works(&server, &tokens).await, "whoever asks again has a copy: the session ended");
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions").await, 1);
}

#[tokio::test]
async fn what_was_decided_stays_decided() {
    let server = TestServer::new().await;
    server.join("ada").await;
    for (first, second, outcome) in [("refuse", "approve", "access_denied"), ("approve", "refuse", "")] {
        let codes = device(&server, "x").await;
        let mut browser = Browser::new(&server);
        let compare = signed_in(&mut browser, &codes, "ada").await;
        assert_eq!(browser.press(&compare, first).await.status, 200);
        for again in [second, first] {
            let reply = browser.press(&compare, again).await;
            assert_eq!(reply.status, 410, "{}", page(&reply));
        }
        let asked = poll(&server, &codes).await;
        assert_eq!(asked.json()["error"].as_str().unwrap_or_default(), outcome);
        assert_eq!(asked.status, if outcome.is_empty() { 200 } else { 400 });
    }
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    let compare = signed_in(&mut browser, &codes, "ada").await;
    for buttons in [&[][..], &[("approve", "x"), ("refuse", "x")]] {
        let ticket = super::browser::ticket(&compare);
        let fields: Vec<_> = [("ticket", &*ticket)].into_iter().chain(buttons.iter().copied()).collect();
        let asked = browser.post("/activate", &fields).await;
        assert!(asked.status == 200 && page(&asked).contains("name=\"approve\""), "asked once more");
    }
    assert_eq!(word(&poll(&server, &codes).await).1, "authorization_pending");
}

#[tokio::test]
async fn a_new_password_takes_back_what_was_let_in() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let (approved, open) = (device(&server, "x").await, device(&server, "y").await);
    let mut browser = Browser::new(&server);
    let compare = signed_in(&mut browser, &approved, "ada").await;
    assert_eq!(browser.press(&compare, "approve").await.status, 200);
    let compare = signed_in(&mut browser, &open, "ada").await;
    let settings = &server.app.settings;
    let password = "another horse battery".into();
    lyceum::server::admin::set_password(&settings.data_dir, "ada", password, settings.password_cost).await.unwrap();
    assert_eq!(word(&poll(&server, &approved).await), (400, "access_denied".into()));
    let late = browser.press(&compare, "approve").await;
    assert_eq!(late.status, 403, "{}", page(&late));
    assert_eq!(word(&poll(&server, &open).await), (400, "authorization_pending".into()));
}

#[tokio::test]
async fn so_many_devices_may_wait_and_ask() {
    let server = TestServer::with(|settings| settings.sign_in.device_codes = 2).await;
    let ask = || server.post("/v1/oauth/device_authorization").json(&json!({})).send();
    assert_eq!((ask().await.status.as_u16(), ask().await.status.as_u16()), (200, 200));
    let full = ask().await;
    assert_eq!((full.problem(), full.header("retry-after").as_str()), ((503, "busy".into()), "60"));
    server.advance(600);
    assert_eq!(ask().await.status, 200, "those that ended make room");
    let rate = lyceum::config::server::Rate { burst: 2, seconds: 600 };
    let server = TestServer::with(|settings| settings.limits.device_codes = rate).await;
    let ask = || server.post("/v1/oauth/device_authorization").json(&json!({})).send();
    assert_eq!((ask().await.status.as_u16(), ask().await.status.as_u16()), (200, 200));
    let late = ask().await;
    assert_eq!((late.problem(), late.json().get("error")), ((429, "too_many_requests".into()), None));
}

#[tokio::test]
async fn without_the_password_grant_the_page_still_takes_a_password() {
    let server = TestServer::with(|settings| settings.password_grant = false).await;
    server.join("ada").await;
    let password = json!({ "grant_type": "password", "username": "ada", "password": PASSWORD });
    assert_eq!(word(&ask(&server, password).await), (400, "unsupported_grant_type".into()));
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    let compare = signed_in(&mut browser, &codes, "ada").await;
    browser.press(&compare, "approve").await;
    assert!(works(&server, &poll(&server, &codes).await.json()).await);
}
