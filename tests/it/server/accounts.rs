//! Opening an account, and what it starts with.

use serde_json::{Value, json};

use super::harness::{PASSWORD, TestServer};

fn form() -> Value {
    json!({
        "username": "ada", "display_name": " Ada ", "email": "ada@guild.example", "password": PASSWORD,
        "accepted_policy_version": "1",
    })
}

#[tokio::test]
async fn an_account_starts_as_a_member() {
    let server = TestServer::new().await;
    let reply = server.post("/v1/accounts").json(&form()).send().await;
    assert_eq!((reply.status.as_u16(), reply.header("location").as_str()), (201, "/v1/members/ada"));
    insta::assert_json_snapshot!(reply.json(), @r#"
    {
      "bio": "",
      "email": "ada@guild.example",
      "inbox": 0,
      "name": "Ada",
      "role": "member",
      "username": "ada"
    }
    "#);
    let again = server.post("/v1/accounts").json(&form()).send().await;
    assert_eq!(again.problem(), (409, "name_taken".into()));
    assert_eq!(server.number("SELECT COUNT(*) FROM members").await, 1);
    let consent = "SELECT COUNT(*) FROM members WHERE policy_version = '1' AND policy_accepted_at = 1772366400000";
    assert_eq!(server.number(consent).await, 1, "which policy was accepted, and when: 2026-03-01T12:00:00Z");
    let stored: String =
        sqlx::query_scalar("SELECT password_hash FROM members").fetch_one(server.app.db.read()).await.unwrap();
    assert!(stored.starts_with("$argon2id$"), "{stored}");
}

#[tokio::test]
async fn everything_wrong_with_the_form_is_said_at_once() {
    let server = TestServer::new().await;
    let wrong = json!({
        "username": "Ada!", "display_name": "", "email": "nowhere", "password": "short",
        "accepted_policy_version": "0",
    });
    let reply = server.post("/v1/accounts").json(&wrong).send().await;
    insta::assert_json_snapshot!(reply.json());
    assert!(!String::from_utf8(reply.bytes).unwrap().contains("\"short\""), "a password is never repeated");
    let mut owner = form();
    owner["role"] = json!("owner");
    let reply = server.post("/v1/accounts").json(&owner).send().await;
    assert_eq!(reply.problem(), (400, "unknown_field".into()));
    assert_eq!(reply.json()["errors"][0]["field"], "role");
    let mut reserved = form();
    reserved["username"] = json!("moderator");
    assert_eq!(server.post("/v1/accounts").json(&reserved).send().await.problem(), (422, "invalid_field".into()));
    assert_eq!(server.number("SELECT COUNT(*) FROM members").await, 0);
}

#[tokio::test]
async fn a_closed_community_opens_no_accounts() {
    let server = TestServer::with(|settings| settings.open_registration = false).await;
    let reply = server.post("/v1/accounts").json(&form()).send().await;
    assert_eq!(reply.problem(), (403, "registration_closed".into()));
    assert_eq!(server.get("/v1/community").send().await.json()["open_registration"], false);
}

#[tokio::test]
async fn a_new_community_says_what_it_is() {
    let server = TestServer::new().await;
    let mut community = server.get("/v1/community").send().await.json();
    assert_eq!(community["server_version"].take(), env!("CARGO_PKG_VERSION"));
    insta::assert_json_snapshot!(community);
    insta::assert_json_snapshot!(server.get("/v1/spaces").send().await.json());
    assert_eq!(server.get("/v1/plans").send().await.json(), json!({ "items": [] }));
}

#[tokio::test]
async fn one_edits_oneself_from_the_version_one_saw() {
    let server = TestServer::new().await;
    let token = server.member("ada").await;
    let seen = server.get("/v1/me").token(&token).send().await;
    let tag = seen.header("etag");
    let edit = |tag: &str, body: Value| server.patch("/v1/me").token(&token).header("if-match", tag).json(&body);
    let blind = server.patch("/v1/me").token(&token).json(&json!({ "bio": "x" })).send().await;
    assert_eq!(blind.problem(), (428, "if_match_missing".into()));
    let done = edit(&tag, json!({ "bio": "Compilers.\nTea.", "name": "Ada L." })).send().await;
    assert_eq!((done.status.as_u16(), done.json()["bio"].as_str()), (200, Some("Compilers.\nTea.")));
    assert_eq!(edit(&tag, json!({ "bio": "lost" })).send().await.problem(), (412, "stale".into()));
    let now = server.get("/v1/me").token(&token).send().await;
    assert_eq!(now.header("etag"), done.header("etag"), "a change answers with the version it made");
    assert_eq!(now.json()["name"], "Ada L.");
    for wrong in [json!({ "name": "" }), json!({ "bio": "x".repeat(501) }), json!({ "email": "x" })] {
        assert_eq!(edit("*", wrong).send().await.problem(), (422, "invalid_field".into()));
    }
    assert_eq!(edit("*", json!({ "role": "owner" })).send().await.problem(), (400, "unknown_field".into()));
    assert_eq!(server.get("/v1/me").token(&token).send().await.bytes, now.bytes, "nothing was written");
}
