//! Names, as the server lets them in: nobody passes for somebody else.

use serde_json::{Value, json};

use super::harness::{PASSWORD, Reply, TestServer};

async fn register(server: &TestServer, username: &str, name: &str) -> Reply {
    let body = json!({
        "username": username, "display_name": name, "password": PASSWORD, "accepted_policy_version": "1",
    });
    server.post("/v1/accounts").json(&body).send().await
}

fn said(reply: &Reply) -> (u16, String, String) {
    let error = reply.json()["errors"][0].clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    (reply.status.as_u16(), text(&error["field"]), text(&error["message"]))
}

#[tokio::test]
async fn nobody_looks_like_somebody_else() {
    let server = TestServer::new().await;
    assert_eq!(register(&server, "octavia", "Octavia Brandt").await.status, 201);
    server.sql("UPDATE members SET role = 'owner'").await;
    let alike = (422, "display_name".to_owned(), "looks like the name of another member".to_owned());
    for name in ["Octavia Brandt", "octavia brandt", "OCTAVIA-BRANDT", "0ctavia Brandt", "OctavIa Brandt", "Octavia"] {
        assert_eq!(said(&register(&server, "mallory", name).await), alike, "{name}");
    }
    // All in Cyrillic, so of one script.
    assert_eq!(register(&server, "otto", "осе").await.status, 201);
    assert_eq!(said(&register(&server, "mallory", "oce").await), alike);
    for username in ["0ctavia", "octav1a", "octavla", "oct-avia", "octavia"] {
        let (status, field, _) = said(&register(&server, username, "Mallory").await);
        assert_eq!((status, field.as_str()), (409, "username"), "{username}");
    }
    // And the other way round: a username like somebody's shown name.
    let (status, field, _) = said(&register(&server, "octavia-brandt", "Mallory").await);
    assert_eq!((status, field.as_str()), (409, "username"));
    for username in ["adm1n", "r00t", "staff_", "m0derator", "l-y-c-e-u-m"] {
        assert_eq!(said(&register(&server, username, "Mallory").await), (422, "username".into(), "is reserved".into()));
    }
    let (status, field, _) = said(&register(&server, "mallory", "Rust Guild Staff").await);
    assert_eq!((status, field.as_str()), (422, "display_name"));
    assert_eq!(server.number("SELECT COUNT(*) FROM members").await, 2);
}

#[tokio::test]
async fn a_name_is_kept_in_its_normal_form_and_changed_by_the_same_rules() {
    let server = TestServer::new().await;
    let reply = register(&server, "ada", " Ａda\u{3000}  Lovelace ").await;
    assert_eq!(reply.json()["name"], "Ada Lovelace");
    assert_eq!(register(&server, "bram", "Bram").await.status, 201);
    let token = server.sign_in("bram").await;
    let edit = async |name: &str| {
        server.patch("/v1/me").token(&token).header("if-match", "*").json(&json!({ "name": name })).send().await
    };
    for name in ["ada lovelace", "Ada", "bram\u{200B}", "Br\u{430}m", "Official Bram", ""] {
        let reply = edit(name).await;
        assert_eq!((said(&reply).0, said(&reply).1.as_str()), (422, "name"), "{name}");
    }
    assert_eq!(edit("Bram").await.status, 200, "one's own name is one's own");
    assert_eq!(edit("BRAM").await.json()["name"], "BRAM");
    assert_eq!(edit("Bram de Vries").await.json()["name"], "Bram de Vries");
    assert_eq!(register(&server, "mallory", "Bram").await.status, 422, "it is still like the username");
}

#[tokio::test]
async fn names_from_before_the_rules_keep_working() {
    let server = TestServer::new().await;
    for (username, name) in [("ada", "Ada"), ("bram", "Bram"), ("mallory", "Mallory")] {
        assert_eq!(register(&server, username, name).await.status, 201);
    }
    // As a database of an earlier version has them: without keys, one like another, one that would be refused.
    server.sql("UPDATE members SET name_key = NULL, username_key = NULL").await;
    server.sql("UPDATE members SET name = 'ADA' WHERE username = 'mallory'").await;
    server.sql("UPDATE members SET name = 'Br\u{200B}am' WHERE username = 'bram'").await;
    let server = server.restart().await;
    assert_eq!(server.number("SELECT COUNT(*) FROM members WHERE username_key IS NOT NULL").await, 3);
    assert_eq!(server.number("SELECT COUNT(*) FROM members WHERE name_key IS NULL").await, 1, "the later one");
    for username in ["mallory", "bram"] {
        let token = server.sign_in(username).await;
        let me = server.get("/v1/me").token(&token).send().await.json();
        let body = json!({ "bio": "Hello.", "name": me["name"] });
        let reply = server.patch("/v1/me").token(&token).header("if-match", "*").json(&body).send().await;
        assert_eq!(reply.status, 200, "{username}: {}", reply.json());
    }
}

#[tokio::test]
async fn the_invented_community_has_names_by_the_rules() {
    let server = TestServer::with(|settings| settings.demo_content = true).await;
    let names: Vec<String> =
        sqlx::query_scalar("SELECT name FROM members").fetch_all(server.app.db.read()).await.unwrap();
    assert!(names.len() > 15, "{names:?}");
    for name in &names {
        assert_eq!(lyceum::server::names::shown(name).as_deref(), Ok(name.as_str()));
    }
    let keys = "SELECT COUNT(DISTINCT name_key) + COUNT(DISTINCT username_key) FROM members";
    assert_eq!(server.number(keys).await, 2 * i64::try_from(names.len()).unwrap());
}
