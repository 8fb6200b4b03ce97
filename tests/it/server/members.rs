//! Members, roles, memberships, and what the host does at the machine.

use lyceum::base::ids::PlanId;
use lyceum::base::time::Timestamp;
use lyceum::config::server::PasswordCost;
use lyceum::model::ledger::{Bought, Fact, FactKind};
use lyceum::model::plan::{Interval, Tier};
use lyceum::server::admin;
use lyceum::server::db::ledger;
use serde_json::json;

use super::harness::{PASSWORD, TestServer};

async fn make_owner(server: &TestServer) {
    server.sql("UPDATE members SET role = 'owner' WHERE username = 'octavia'").await;
}

#[tokio::test]
async fn a_member_has_a_page_without_secrets() {
    let server = TestServer::new().await;
    server.join("ada").await;
    insta::assert_json_snapshot!(server.get("/v1/members/ada").send().await.json());
    for nobody in [
        "/v1/members/eve",
        "/v1/members/a",
        "/v1/members/ADA",
        "/v1/members/%00",
        "/v1/members/ada%2F..",
        "/v1/members/%FF",
    ] {
        assert_eq!(server.get(nobody).send().await.problem(), (404, "not_found".into()), "{nobody}");
    }
}

#[tokio::test]
async fn owners_give_roles_and_the_last_one_stays() {
    let server = TestServer::new().await;
    let (owner, ada) = (server.member("octavia").await, server.member("ada").await);
    let give = |token: &str, name: &str, role: &str| {
        server.put(&format!("/v1/members/{name}/role")).token(token).json(&json!({ "role": role }))
    };
    assert_eq!(give(&ada, "ada", "owner").send().await.problem(), (403, "forbidden".into()));
    assert_eq!(give(&owner, "ada", "moderator").send().await.problem(), (403, "forbidden".into()));
    make_owner(&server).await;
    let mut news = server.app.db.news();
    assert_eq!(give(&owner, "ada", "moderator").send().await.json()["role"], "moderator");
    let heard = news.try_recv().unwrap();
    let change = heard.change.unwrap();
    assert_eq!((change.seq, heard.member.is_some(), change.thread), (1, true, None));
    assert_eq!(server.get("/v1/me").token(&ada).send().await.json()["role"], "moderator", "at once");
    assert_eq!(give(&ada, "octavia", "member").send().await.problem(), (403, "forbidden".into()));
    assert_eq!(give(&owner, "octavia", "member").send().await.problem(), (409, "conflict".into()));
    assert_eq!(give(&owner, "eve", "member").send().await.problem(), (404, "not_found".into()));
    assert_eq!(give(&owner, "ada", "king").send().await.problem(), (422, "invalid_field".into()));
    assert_eq!(give(&owner, "ada", "owner").send().await.status, 200);
    assert_eq!(give(&ada, "octavia", "member").send().await.status, 200, "now there are two");
    assert_eq!(give(&owner, "ada", "member").send().await.problem(), (403, "forbidden".into()));
    assert_eq!(server.number("SELECT COUNT(*) FROM audit WHERE deed = 'role'").await, 3);
}

/// A community with one tier, one plan, one space for it and a thread of each sort.
async fn with_plans() -> TestServer {
    let server = TestServer::new().await;
    for statement in [
        "INSERT INTO tiers (slug, name, rank) VALUES ('pro', 'Pro', 1)",
        "INSERT INTO plans (slug, name, tier, bill_interval, price_minor, currency, trial_days, gives, position) \
         VALUES ('pro-month', 'Pro, monthly', 'pro', 'month', 1200, 'EUR', 14, 'Read\nWrite', 1)",
        "INSERT INTO spaces (slug, name, about, read_tier, write_role, position) \
         VALUES ('workshop', 'Workshop', 'For Pro.', 'pro', 'member', 2)",
        "INSERT INTO members (id, username, name, bio, role, policy_version, joined_at, updated_at) \
         VALUES (1, 'hopper', 'Hopper', '', 'expert', '1', 0, 0)",
        "INSERT INTO threads (id, space, kind, title, author_id, gate, created_at, active_at, updated_at, \
         last_number, answers, score, locked, pinned, preview, version) VALUES \
         (11, 'general', 'question', 't', 1, NULL, 0, 0, 0, 1, 0, 0, 0, 0, '', 1), \
         (12, 'workshop', 'article', 't', 1, NULL, 0, 0, 0, 1, 0, 0, 0, 0, '', 1), \
         (13, 'general', 'article', 't', 1, 'pro', 0, 0, 0, 1, 0, 0, 0, 0, '', 1)",
    ] {
        server.sql(statement).await;
    }
    server
}

async fn pay(server: &TestServer, username: &str, at: Timestamp) {
    let mut write = server.app.db.write().await.unwrap();
    let sql = "SELECT id FROM members WHERE username = $1";
    let member: i64 = sqlx::query_scalar(sql).bind(username).fetch_one(&mut *write).await.unwrap();
    let tier = Tier { slug: "pro".into(), name: "Pro".into(), rank: 1 };
    let of = Bought { plan: PlanId::new("pro-month"), tier, interval: Interval::Month };
    let id = server.app.db.ids().next();
    ledger::add(&mut write, id, member, &Fact { at, kind: FactKind::Paid(of) }).await.unwrap();
    write.commit().await.unwrap();
}

#[tokio::test]
async fn the_ledger_decides_what_is_open() {
    let server = with_plans().await;
    let ada = server.member("ada").await;
    let why = async |thread: i64| {
        let reply = server.get(&format!("/v1/access?thread={thread}")).token(&ada).send().await.json();
        (reply["allowed"].as_bool().unwrap(), reply["because"].as_str().unwrap().to_owned())
    };
    assert_eq!(why(11).await, (true, "open".into()));
    assert_eq!(why(12).await, (false, "no-membership".into()));
    assert_eq!(why(13).await, (false, "no-membership".into()));
    let closed = server.get("/v1/access?thread=13").send().await.json();
    assert_eq!((&closed["plans"], &closed["required"]["slug"]), (&json!(["pro-month"]), &json!("pro")));
    pay(&server, "ada", server.now()).await;
    assert_eq!((why(12).await, why(13).await), ((true, "held".into()), (true, "held".into())));
    insta::assert_json_snapshot!(server.get("/v1/me/membership").token(&ada).send().await.json());
    insta::assert_json_snapshot!(server.get("/v1/spaces").token(&ada).send().await.json()["items"][1]);
    assert_eq!(server.get("/v1/plans").token(&ada).send().await.json()["items"][0]["held"], true);
    assert_eq!(server.get("/v1/plans").send().await.json()["items"][0]["held"], false);
    server.advance(32 * 86_400);
    let ada = server.sign_in("ada").await;
    let reply = server.get("/v1/access?thread=12").token(&ada).send().await.json();
    assert_eq!((&reply["allowed"], &reply["because"]), (&json!(false), &json!("ended")));
    for (query, problem) in [
        ("", (400, "invalid_query")),
        ("?thread=99", (404, "not_found")),
        ("?thread=x", (404, "not_found")),
        ("?thread=11&who=ada", (400, "unknown_field")),
    ] {
        let reply = server.get(&format!("/v1/access{query}")).send().await;
        assert_eq!(reply.problem(), (problem.0, problem.1.into()), "{query}");
    }
}

#[tokio::test]
async fn the_host_makes_one_owner_and_sets_passwords_at_the_machine() {
    let server = TestServer::new().await;
    let ada = server.member("ada").await;
    let folder = server.app.settings.data_dir.clone();
    let cost = PasswordCost { memory_kib: 8, passes: 1, lanes: 1 };
    admin::make_owner(&folder, "octavia").await.unwrap();
    assert!(matches!(admin::make_owner(&folder, "ada").await, Err(admin::Error::OwnerExists)));
    assert!(matches!(admin::make_owner(&folder, "A").await, Err(admin::Error::NoName)));
    let body = json!({ "grant_type": "password", "username": "octavia", "password": PASSWORD });
    assert_eq!(server.post("/v1/oauth/token").json(&body).send().await.status, 401, "no password yet");
    admin::set_password(&folder, "octavia", PASSWORD.into(), cost).await.unwrap();
    let octavia = server.sign_in("octavia").await;
    assert_eq!(server.get("/v1/me").token(&octavia).send().await.json()["role"], "owner");
    admin::set_password(&folder, "ada", "another good one".into(), cost).await.unwrap();
    assert_eq!(server.get("/v1/me").token(&ada).send().await.status, 401, "every session ended");
    for (name, password) in [("ada", "short"), ("eve", PASSWORD)] {
        assert!(admin::set_password(&folder, name, password.into(), cost).await.is_err(), "{name}");
    }
}
