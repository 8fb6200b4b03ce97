//! The second factor: switching it on, signing in with it, wrong and used codes, lost authenticators.

use axum::http::Method;
use lyceum::base::secret::{ExposeSecret, Secret};
use lyceum::base::time::{SignedDuration, Timestamp};
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Kind, Security};
use lyceum::config::server::Rate;
use lyceum::server::admin;
use serde_json::{Value, json};

use super::harness::{PASSWORD, Reply, TestServer, code_at};
use crate::faults::fake::Tokens;

/// A server on which ada has a second factor: her session, the secret, the recovery codes.
async fn with_factor() -> (TestServer, String, String, Vec<String>) {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let (secret, codes) = server.second_factor(&token).await;
    (server, token, secret, codes)
}

async fn sign_in(server: &TestServer, otp: Option<&str>) -> Reply {
    let mut body = json!({ "grant_type": "password", "username": "ada", "password": PASSWORD });
    if let Some(otp) = otp {
        body["otp"] = json!(otp);
    }
    server.post("/v1/oauth/token").json(&body).send().await
}

async fn signs_in(server: &TestServer, otp: &str) -> bool {
    let reply = sign_in(server, Some(otp)).await;
    if reply.status != 200 {
        assert_eq!(reply.problem(), (401, "wrong_code".into()));
    }
    reply.status == 200
}

async fn state(server: &TestServer, token: &str) -> (bool, u64) {
    let state = server.get("/v1/me/second-factor").token(token).send().await.json();
    (state["enabled"].as_bool().unwrap(), state["recovery_codes_left"].as_u64().unwrap())
}

/// A code that is not good now, nor a step before or after.
fn wrong_code(server: &TestServer, secret: &str) -> String {
    let good: Vec<String> = [-30, 0, 30].map(|s| code_at(secret, after(server.now(), s))).to_vec();
    ["000000", "000001", "000002", "000003"].map(str::to_owned).into_iter().find(|c| !good.contains(c)).unwrap()
}

fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.saturating_add(SignedDuration::from_secs(seconds)).unwrap()
}

#[tokio::test]
async fn nothing_asks_for_a_code_until_one_was_right() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    assert_eq!(state(&server, &token).await, (false, 0));
    let begin = |body: Value| server.post("/v1/me/second-factor").token(&token).json(&body);
    let confirm = |code: &str| server.put("/v1/me/second-factor").token(&token).json(&json!({ "code": code }));
    assert_eq!(confirm("000000").send().await.problem(), (409, "conflict".into()), "nothing was begun");
    let refused = begin(json!({ "password": "wrong horse battery" })).send().await;
    assert_eq!(refused.problem(), (401, "wrong_password".into()));
    let first = begin(json!({ "password": PASSWORD })).send().await;
    assert_eq!((first.status.as_u16(), first.header("cache-control").as_str()), (200, "no-store"));
    let second = begin(json!({ "password": PASSWORD })).send().await.json();
    let secret = |begun: &Value| begun["secret"].as_str().unwrap().to_owned();
    let (old, new) = (secret(&first.json()), secret(&second));
    assert_ne!(old, new);
    assert!(second["uri"].as_str().unwrap().starts_with("otpauth://totp/"), "{second}");
    assert!(second["uri"].as_str().unwrap().contains(&format!(":ada?secret={new}&")), "{second}");
    assert_eq!(sign_in(&server, None).await.status, 200);
    assert_eq!(state(&server, &token).await, (false, 0));
    for code in [server.code(&old), wrong_code(&server, &new), "12345".into(), "k7wqm-2xvpd".into()] {
        assert_eq!(confirm(&code).send().await.problem(), (401, "wrong_code".into()), "{code}");
    }
    let on = confirm(&server.code(&new)).send().await;
    assert_eq!(on.status, 200);
    assert_eq!(on.json()["codes"].as_array().unwrap().len(), 10);
    assert_eq!(state(&server, &token).await, (true, 10));
    assert_eq!(begin(json!({ "password": PASSWORD })).send().await.problem(), (409, "conflict".into()), "it is on");
    assert_eq!(confirm(&server.code(&new)).send().await.problem(), (409, "conflict".into()));
    assert_eq!(sign_in(&server, None).await.problem(), (401, "second_factor_required".into()));
}

#[tokio::test]
async fn switching_it_on_ends_the_other_sessions() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let (here, there) = (server.sign_in("ada").await, server.tokens("ada").await);
    let bram = server.member("bram").await;
    server.second_factor(&here).await;
    let works = async |token: &str| server.get("/v1/me").token(token).send().await.status == 200;
    assert!(works(&here).await && works(&bram).await);
    assert!(!works(there["access_token"].as_str().unwrap()).await);
    let refresh = json!({ "grant_type": "refresh_token", "refresh_token": there["refresh_token"] });
    let reply = server.post("/v1/oauth/token").json(&refresh).send().await;
    assert_eq!(reply.problem(), (400, "invalid_grant".into()));
}

#[tokio::test]
async fn a_code_is_asked_for_when_the_password_was_right_and_not_before() {
    let (server, _, secret, _) = with_factor().await;
    for otp in [Some(server.code(&secret)), None] {
        let mut body = json!({ "grant_type": "password", "username": "ada", "password": "wrong horse battery" });
        body["otp"] = json!(otp);
        let reply = server.post("/v1/oauth/token").json(&body).send().await;
        assert_eq!(reply.problem(), (401, "wrong_password".into()), "the code tells nobody that the password is wrong");
    }
    for nothing in [None, Some(""), Some(" ")] {
        assert_eq!(sign_in(&server, nothing).await.problem(), (401, "second_factor_required".into()));
    }
    let typed = server.code(&secret);
    assert!(signs_in(&server, &format!("{} {}", &typed[..3], &typed[3..])).await, "and the code was not used up");
    server.join("bram").await;
    let body = json!({ "grant_type": "password", "username": "bram", "password": PASSWORD, "otp": "123456" });
    assert_eq!(server.post("/v1/oauth/token").json(&body).send().await.status, 200, "bram has none");
}

#[tokio::test]
async fn a_code_is_good_once_and_one_step_each_way() {
    let (server, _, secret, _) = with_factor().await;
    let at = |seconds: i64| code_at(&secret, after(server.now(), seconds));
    assert!(!signs_in(&server, &at(-60)).await);
    assert!(!signs_in(&server, &at(60)).await);
    assert!(signs_in(&server, &at(-30)).await, "a clock that is late");
    assert!(!signs_in(&server, &at(-30)).await, "used");
    assert!(signs_in(&server, &at(30)).await, "a clock that is early");
    assert!(!signs_in(&server, &at(30)).await, "used");
    assert!(!signs_in(&server, &at(0)).await, "older than what was used");
    server.advance(60);
    assert!(signs_in(&server, &at(0)).await);
    let server = server.restart().await;
    let again = code_at(&secret, server.now());
    assert!(!signs_in(&server, &again).await, "also after a restart");
}

#[tokio::test]
async fn of_two_who_show_the_same_code_at_once_one_is_let_in() {
    let (server, _, secret, codes) = with_factor().await;
    for shown in [&server.code(&secret), &codes[0]] {
        let (one, other) = tokio::join!(sign_in(&server, Some(shown)), sign_in(&server, Some(shown)));
        let mut both = [one.status.as_u16(), other.status.as_u16()];
        both.sort_unstable();
        assert_eq!(both, [200, 401], "{shown}");
    }
}

#[tokio::test]
async fn a_recovery_code_is_good_once_and_stored_as_a_hash() {
    let (server, token, secret, codes) = with_factor().await;
    assert!(signs_in(&server, &codes[3]).await);
    assert!(!signs_in(&server, &codes[3]).await, "used");
    assert!(signs_in(&server, &codes[9].replace('-', "").to_uppercase()).await, "typed in another way");
    assert!(!signs_in(&server, "aaaaa-aaaaa").await);
    let token = match state(&server, &token).await {
        (true, 8) => token,
        other => panic!("{other:?}"),
    };
    let stored: Vec<String> =
        sqlx::query_scalar("SELECT hash FROM recovery_codes").fetch_all(server.app.db.read()).await.unwrap();
    assert!(stored.len() == 8 && stored.iter().all(|hash| hash.starts_with("$argon2id$")), "{stored:?}");
    let renew = |code: &str| {
        let body = json!({ "password": PASSWORD, "code": code });
        server.post("/v1/me/second-factor/recovery-codes").token(&token).json(&body)
    };
    assert_eq!(renew(&codes[3]).send().await.problem(), (401, "wrong_code".into()));
    let renewed = renew(&server.code(&secret)).send().await.json();
    assert_eq!((renewed["codes"].as_array().unwrap().len(), state(&server, &token).await), (10, (true, 10)));
    assert!(!signs_in(&server, &codes[0]).await, "the old ones are good no longer");
    assert!(signs_in(&server, renewed["codes"][0].as_str().unwrap()).await);
}

#[tokio::test]
async fn switching_it_off_takes_the_password_and_a_code() {
    let (server, token, secret, codes) = with_factor().await;
    let end = |password: &str, code: &str| {
        let body = json!({ "password": password, "code": code });
        server.post("/v1/me/second-factor/end").token(&token).json(&body)
    };
    let wrong = wrong_code(&server, &secret);
    assert_eq!(end("wrong horse battery", &codes[0]).send().await.problem(), (401, "wrong_password".into()));
    assert_eq!(end(PASSWORD, &wrong).send().await.problem(), (401, "wrong_code".into()));
    assert_eq!(end(PASSWORD, "").send().await.problem(), (401, "second_factor_required".into()));
    assert_eq!(state(&server, &token).await, (true, 10));
    assert_eq!(end(PASSWORD, &codes[0]).send().await.status, 204, "a lost authenticator can be taken away");
    assert_eq!(state(&server, &token).await, (false, 0));
    assert_eq!(sign_in(&server, None).await.status, 200);
    for path in ["/v1/me/second-factor/end", "/v1/me/second-factor/recovery-codes"] {
        let body = json!({ "password": PASSWORD, "code": "123456" });
        assert_eq!(server.post(path).token(&token).json(&body).send().await.problem(), (409, "conflict".into()));
    }
    let (again, _) = server.second_factor(&token).await;
    assert_ne!(again, secret, "a new one has a new secret");
}

#[tokio::test]
async fn after_five_wrong_codes_each_wait_is_longer_and_none_is_for_good() {
    let (server, _, secret, codes) = with_factor().await;
    for nth in 1..=5 {
        assert!(!signs_in(&server, &wrong_code(&server, &secret)).await, "{nth}");
    }
    for wait in [30, 60, 120, 240, 480, 900, 900] {
        // A right code is not looked at either: nobody learns anything from the wait.
        let early = sign_in(&server, Some(&server.code(&secret))).await;
        assert_eq!(early.problem(), (429, "too_many_requests".into()), "{wait}");
        assert_eq!(early.header("retry-after"), wait.to_string());
        server.advance(wait - 1);
        assert_eq!(sign_in(&server, Some(&server.code(&secret))).await.header("retry-after"), "1");
        server.advance(1);
        assert!(!signs_in(&server, &wrong_code(&server, &secret)).await, "{wait}");
    }
    let server = server.restart().await;
    let late = sign_in(&server, Some(&server.code(&secret))).await;
    assert_eq!(late.header("retry-after"), "900", "a restart forgets nothing");
    assert!(signs_in(&server, &codes[0]).await, "who has a recovery code is never kept out");
    assert!(signs_in(&server, &server.code(&secret)).await, "and it starts the count again");
    for _ in 0..5 {
        assert!(!signs_in(&server, &wrong_code(&server, &secret)).await);
    }
    assert_eq!(sign_in(&server, Some("000000")).await.status, 429);
    server.advance(86_400);
    for _ in 0..5 {
        assert!(!signs_in(&server, &wrong_code(&server, &secret)).await, "after a day wrong codes are forgotten");
    }
}

#[tokio::test]
async fn beginning_again_is_no_way_round_the_wait() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let begin = || server.post("/v1/me/second-factor").token(&token).json(&json!({ "password": PASSWORD }));
    let confirm = |code: String| server.put("/v1/me/second-factor").token(&token).json(&json!({ "code": code }));
    let secret = begin().send().await.json()["secret"].as_str().unwrap().to_owned();
    for _ in 0..5 {
        assert_eq!(confirm(wrong_code(&server, &secret)).send().await.status, 401);
    }
    let secret = begin().send().await.json()["secret"].as_str().unwrap().to_owned();
    let early = confirm(server.code(&secret)).send().await;
    assert_eq!((early.status.as_u16(), early.header("retry-after").as_str()), (429, "30"));
    server.advance(30);
    assert_eq!(confirm(server.code(&secret)).send().await.status, 200);
}

#[tokio::test]
async fn codes_are_counted_by_address_too() {
    let server = TestServer::with(|settings| {
        settings.limits.sign_in_address = Rate { burst: 4, seconds: 60 };
    })
    .await;
    // One for the account, one for signing in, one for the password at the beginning; of codes one for the first.
    let token = server.member("ada").await;
    let (secret, codes) = server.second_factor(&token).await;
    server.advance(60);
    let end = |code: &str| {
        let body = json!({ "password": "wrong horse battery", "code": code });
        server.post("/v1/me/second-factor/end").token(&token).json(&body)
    };
    for _ in 0..4 {
        assert_eq!(end(&codes[0]).send().await.status, 401, "a password is counted as at the door");
    }
    assert_eq!(end(&codes[0]).send().await.status, 429);
    server.advance(240);
    let confirm = || server.put("/v1/me/second-factor").token(&token).json(&json!({ "code": "nonsense" }));
    for _ in 0..4 {
        assert_eq!(confirm().send().await.problem(), (401, "wrong_code".into()));
    }
    assert_eq!(confirm().send().await.status, 429);
    assert_eq!(sign_in(&server, Some(&server.code(&secret))).await.status, 429, "codes at the door are the same count");
}

#[tokio::test]
async fn the_second_factor_is_for_members_and_its_fields_are_strict() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    for (method, path) in [
        (Method::GET, "/v1/me/second-factor"),
        (Method::POST, "/v1/me/second-factor"),
        (Method::PUT, "/v1/me/second-factor"),
        (Method::POST, "/v1/me/second-factor/end"),
        (Method::POST, "/v1/me/second-factor/recovery-codes"),
    ] {
        let nobody = server.call(method.clone(), path).json(&json!({})).send().await;
        assert_eq!(nobody.problem(), (401, "unauthenticated".into()), "{method} {path}");
        if method != Method::GET {
            let strange = server.call(method.clone(), path).token(&token).json(&json!({ "x": 1 })).send().await;
            assert_eq!(strange.status, 400, "{method} {path}: {:?}", strange.json());
        }
    }
}

#[tokio::test]
async fn the_host_takes_one_away_at_the_machine() {
    let (server, token, _, _) = with_factor().await;
    server.join("bram").await;
    let folder = server.app.settings.data_dir.clone();
    assert!(matches!(admin::end_second_factor(&folder, "eve").await, Err(admin::Error::NoMember(_))));
    assert!(!admin::end_second_factor(&folder, "bram").await.unwrap(), "he has none");
    assert!(admin::end_second_factor(&folder, "ada").await.unwrap());
    assert_eq!(server.get("/v1/me").token(&token).send().await.status, 401, "every session ended");
    assert_eq!(sign_in(&server, None).await.status, 200, "and the password is enough");
    assert_eq!(server.number("SELECT COUNT(*) FROM recovery_codes").await, 0);
    assert_eq!(server.number("SELECT COUNT(*) FROM audit WHERE deed = 'second-factor' AND subject = 'ada'").await, 1);
}

/// A 401 usually means that the tokens ran out. Renewing them here would send the wrong password a second time.
#[tokio::test]
async fn a_client_sends_a_wrong_password_once_and_keeps_its_tokens() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let tokens = server.tokens("ada").await;
    let token = |kind: &str| tokens[kind].as_str().unwrap();
    let listening = server.listen();
    let origin = Origin::parse(&listening.url("")).unwrap();
    let kept = Tokens::holding(token("access_token"), token("refresh_token"));
    let client = Native::new(origin, kept, Timeouts::default()).unwrap();
    let refused = client.begin_second_factor(&Secret::from("wrong horse battery")).await.unwrap_err();
    assert_eq!(refused.kind, Kind::WrongPassword);
    assert_eq!(server.number("SELECT COUNT(*) FROM refresh_tokens").await, 1, "nothing was renewed");
    let begun = client.begin_second_factor(&Secret::from(PASSWORD)).await.unwrap();
    let refused = client.confirm_second_factor(&Secret::from("not a code")).await.unwrap_err();
    assert_eq!(refused.kind, Kind::WrongCode);
    let code = Secret::from(server.code(begun.secret.expose_secret()));
    assert_eq!(client.confirm_second_factor(&code).await.unwrap().len(), 10);
    assert_eq!(server.number("SELECT COUNT(*) FROM refresh_tokens").await, 1);
    drop(client);
    listening.stop().await;
}
