//! What is changed while somebody is being let in: comparing a password takes a while, and a page stays open longer.

use std::pin::pin;

use lyceum::config::server::PasswordCost;
use lyceum::server::auth::{session, sign_in};
use lyceum::server::db::{Write, members};
use lyceum::server::{admin, error::code};
use serde_json::{Value, json};

use super::browser::{Browser, device, page, poll, signed_in, word};
use super::harness::{Call, PASSWORD, TestServer};

const NEW: &str = "another battery staple";

/// Does something, and changes something when `hashes` have been begun for it: what they are compared with has been read
/// by then. The turn to write is held all the time.
async fn meanwhile<T>(
    server: &TestServer,
    done: impl Future<Output = T>,
    hashes: u64,
    change: impl AsyncFnOnce(&mut Write),
) -> T {
    let mut write = server.app.db.write().await.unwrap();
    let passwords = &server.app.passwords;
    let enough = passwords.done() + hashes;
    let begun = async {
        while passwords.done() < enough {
            tokio::task::yield_now().await;
        }
    };
    let mut done = pin!(done);
    tokio::select! {
        _ = &mut done => panic!("it was done before it could be held up"),
        () = begun => {}
    }
    change(&mut write).await;
    write.commit().await.unwrap();
    done.await
}

fn signing_in<'a>(server: &'a TestServer, password: &str) -> Call<'a> {
    let body = json!({ "grant_type": "password", "username": "ada", "password": password });
    server.post("/v1/oauth/token").json(&body)
}

/// Sets another password, as whoever was faster does.
async fn set_password(server: &TestServer, write: &mut Write, hash: &str) {
    let id = members::by_name(&mut **write, "ada").await.unwrap().unwrap().id;
    members::set_password(write, id, hash, server.now()).await.unwrap();
}

async fn stored(server: &TestServer) -> String {
    sqlx::query_scalar("SELECT password_hash FROM members").fetch_one(server.app.db.read()).await.unwrap()
}

/// A server on which ada's password was hashed at another cost than today's.
async fn with_old_hash() -> TestServer {
    let server = TestServer::with(|settings| settings.password_cost.passes = 2).await;
    server.join("ada").await;
    let old = PasswordCost { memory_kib: 8, passes: 3, lanes: 1 };
    admin::set_password(&server.app.settings.data_dir, "ada", PASSWORD.into(), old).await.unwrap();
    server
}

#[tokio::test]
async fn a_hash_made_anew_undoes_no_change_of_the_password() {
    let server = with_old_hash().await;
    let new = server.app.passwords.hash(NEW.into()).await.unwrap();
    let change = async |write: &mut Write| set_password(&server, write, &new).await;
    // One hash to compare, one made anew.
    let refused = meanwhile(&server, signing_in(&server, PASSWORD).send(), 2, change).await;
    assert_eq!(refused.problem(), (401, "wrong_password".into()));
    assert_eq!(stored(&server).await, new);
}

#[tokio::test]
async fn two_who_make_a_hash_anew_both_come_in() {
    let server = with_old_hash().await;
    let both = async { tokio::join!(signing_in(&server, PASSWORD).send(), signing_in(&server, PASSWORD).send()) };
    let (one, other) = meanwhile(&server, both, 4, async |_: &mut Write| {}).await;
    assert_eq!((one.status.as_u16(), other.status.as_u16()), (200, 200));
    assert!(stored(&server).await.contains("t=2"));
}

#[tokio::test]
async fn a_sign_in_does_not_outlive_a_change_of_the_password() {
    let server = TestServer::new().await;
    server.join("ada").await;
    let new = server.app.passwords.hash(NEW.into()).await.unwrap();
    let change = async |write: &mut Write| set_password(&server, write, &new).await;
    let refused = meanwhile(&server, signing_in(&server, PASSWORD).send(), 1, change).await;
    let wrong = signing_in(&server, PASSWORD).send().await;
    assert_eq!((refused.problem(), &refused.bytes), ((401, "wrong_password".into()), &wrong.bytes));
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions").await, 0);
    assert_eq!(signing_in(&server, NEW).send().await.status, 200);
}

#[tokio::test]
async fn a_sign_in_does_not_outlive_a_second_factor() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let address = "127.0.0.1".parse().unwrap();
    let who = async |otp| sign_in::who_is(&server.app, address, "ada", PASSWORD.into(), otp).await.unwrap();
    let open = async |proof| session::open(&server.app, proof, "x").await.map_err(|failure| failure.code());
    let without = who(None).await;
    assert!(open(&without).await.is_ok(), "nothing has changed");
    let (_, codes) = server.second_factor(&ada).await;
    let sessions = server.number("SELECT COUNT(*) FROM sessions").await;
    assert_eq!(open(&without).await.unwrap_err(), code::WRONG_PASSWORD);
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions").await, sessions);
    let with = who(Some(codes[0].as_str())).await;
    assert!(open(&with).await.is_ok());
    server.sql("UPDATE second_factors SET secret = 'AAAA'").await;
    assert_eq!(open(&with).await.unwrap_err(), code::WRONG_PASSWORD, "another second factor");
}

#[tokio::test]
async fn of_two_changes_the_first_stays() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let first = server.app.passwords.hash(NEW.into()).await.unwrap();
    let body = json!({ "current": PASSWORD, "new": "the second of two changes" });
    let second = server.put("/v1/me/password").token(&ada).json(&body).send();
    let change = async |write: &mut Write| set_password(&server, write, &first).await;
    let refused = meanwhile(&server, second, 2, change).await;
    assert_eq!(refused.problem(), (401, "wrong_password".into()));
    assert_eq!(stored(&server).await, first);
}

#[tokio::test]
async fn what_weakens_an_account_does_not_outlive_a_change_of_the_password() {
    for path in ["/v1/me/second-factor/end", "/v1/me/second-factor/recovery-codes", "/v1/me/second-factor"] {
        let server = TestServer::new().await;
        let ada = server.member("ada").await;
        let mut body = json!({ "password": PASSWORD });
        if path != "/v1/me/second-factor" {
            let (secret, _) = server.second_factor(&ada).await;
            body["code"] = server.code(&secret).into();
        }
        let kept = async || {
            let codes = server.number("SELECT COUNT(*) FROM recovery_codes").await;
            (server.number("SELECT COUNT(*) FROM second_factors").await, codes)
        };
        let (before, new) = (kept().await, server.app.passwords.hash(NEW.into()).await.unwrap());
        let change = async |write: &mut Write| set_password(&server, write, &new).await;
        let refused = meanwhile(&server, server.post(path).token(&ada).json(&body).send(), 1, change).await;
        assert_eq!(refused.problem(), (401, "wrong_password".into()), "{path}");
        assert_eq!(kept().await, before, "{path}");
    }
}

/// The page of a program that is asked about, ready to be decided on.
async fn program(browser: &mut Browser<'_>) -> super::harness::Reply {
    let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
    let asked = browser
        .get(&format!(
            "/authorize?response_type=code&redirect_uri=http://127.0.0.1:1/&code_challenge={challenge}\
             &code_challenge_method=S256"
        ))
        .await;
    browser.sign_in(&asked, "ada").await
}

#[tokio::test]
async fn a_page_does_not_outlive_a_password_or_a_second_factor() {
    for factor in [false, true] {
        let server = TestServer::new().await;
        let ada = server.member("ada").await;
        let codes = device(&server, "x").await;
        let (mut here, mut there) = (Browser::new(&server), Browser::new(&server));
        let pages = (signed_in(&mut here, &codes, "ada").await, program(&mut there).await);
        if factor {
            server.second_factor(&ada).await;
        } else {
            let body = json!({ "current": PASSWORD, "new": NEW });
            assert_eq!(server.put("/v1/me/password").token(&ada).json(&body).send().await.status, 204);
        }
        for button in ["approve", "refuse"] {
            for (browser, shown) in [(&mut here, &pages.0), (&mut there, &pages.1)] {
                let late = browser.press(shown, button).await;
                assert_eq!(late.status, 403, "{button} {factor}: {}", page(&late));
            }
        }
        assert_eq!(word(&poll(&server, &codes).await).1, "authorization_pending");
        assert_eq!(server.number("SELECT COUNT(*) FROM browser_codes").await, 0);
    }
}

/// Approved before, fetched after: by the member's own change, which leaves one session.
#[tokio::test]
async fn what_was_approved_is_not_fetched_after_a_new_password() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let codes = device(&server, "x").await;
    let mut browser = Browser::new(&server);
    let compare = signed_in(&mut browser, &codes, "ada").await;
    assert_eq!(browser.press(&compare, "approve").await.status, 200);
    let shown = program(&mut browser).await;
    let back = browser.press(&shown, "approve").await.header("location");
    let code = back.split_once("code=").unwrap().1.split('&').next().unwrap();
    let body = json!({ "current": PASSWORD, "new": NEW });
    assert_eq!(server.put("/v1/me/password").token(&ada).json(&body).send().await.status, 204);
    assert_eq!(word(&poll(&server, &codes).await), (400, "access_denied".into()));
    let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
    let body: Value = json!({
        "grant_type": "authorization_code", "code": code, "redirect_uri": "http://127.0.0.1:1/", "code_verifier": verifier,
    });
    assert_eq!(word(&server.post("/v1/oauth/token").json(&body).send().await), (400, "invalid_grant".into()));
    assert_eq!(server.number("SELECT COUNT(*) FROM sessions WHERE revoked_at IS NULL").await, 1);
}
