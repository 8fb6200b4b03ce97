//! The invented community as its members see it.

use lyceum::server::seed::seed;
use serde_json::Value;

use crate::server::harness::{PASSWORD, TestServer};

async fn demo() -> TestServer {
    let server = TestServer::with(|settings| settings.demo_content = true).await;
    let hash = server.app.passwords.hash(PASSWORD.to_owned().into()).await.unwrap();
    let mut write = server.app.db.write().await.unwrap();
    sqlx::query("UPDATE members SET password_hash = $1").bind(hash).execute(&mut *write).await.unwrap();
    write.commit().await.unwrap();
    server
}

async fn get(server: &TestServer, token: &str, path: &str) -> Value {
    let reply = server.get(path).token(token).send().await;
    assert_eq!(reply.status, 200, "{path}: {}", reply.json());
    reply.json()
}

#[tokio::test]
async fn counts_index_inbox_and_changes_follow_the_content() {
    let server = demo().await;
    for (what, least) in [
        ("SELECT COUNT(*) FROM threads", 60),
        ("SELECT COUNT(*) FROM posts", 400),
        ("SELECT COUNT(*) FROM post_index", 400),
        ("SELECT COUNT(*) FROM votes", 300),
        ("SELECT COUNT(*) FROM changes WHERE topic = 'post'", 300),
        ("SELECT COUNT(*) FROM threads WHERE accepted_post IS NOT NULL", 10),
        ("SELECT COUNT(*) FROM marks WHERE bookmark = 1", 5),
    ] {
        assert!(server.number(what).await >= least, "{what}: {}", server.number(what).await);
    }
    for wrong in [
        "SELECT COUNT(*) FROM posts p WHERE score <> (SELECT COALESCE(SUM(value), 0) FROM votes v WHERE v.post_id = p.id)",
        "SELECT COUNT(*) FROM votes v JOIN posts p ON p.id = v.post_id WHERE p.author_id = v.member_id",
        "SELECT COUNT(*) FROM threads t WHERE last_number <> (SELECT COUNT(*) FROM posts p WHERE p.thread_id = t.id)",
        "SELECT COUNT(*) FROM threads t WHERE answers <> (SELECT COUNT(*) FROM posts p WHERE p.thread_id = t.id AND p.number > 1 AND p.parent IS NULL)",
        "SELECT COUNT(*) FROM threads t WHERE active_at <> (SELECT MAX(created_at) FROM posts p WHERE p.thread_id = t.id)",
        "SELECT COUNT(*) FROM members WHERE password_hash IS NULL",
        "SELECT COUNT(*) FROM posts p JOIN members m ON m.id = p.author_id WHERE p.created_at < m.joined_at",
        "SELECT COUNT(*) FROM changes a JOIN changes b ON b.seq = a.seq + 1 WHERE b.at < a.at AND b.topic NOT IN ('thread', 'inbox')",
    ] {
        assert_eq!(server.number(wrong).await, 0, "{wrong}");
    }
}

#[tokio::test]
async fn a_second_time_changes_nothing() {
    let server = demo().await;
    let before = server.number("SELECT MAX(seq) FROM changes").await;
    assert!(!seed(&server.app).await.unwrap());
    assert_eq!(server.number("SELECT MAX(seq) FROM changes").await, before);
    let server = server.restart().await;
    assert!(!seed(&server.app).await.unwrap());
}

#[tokio::test]
async fn every_persona_has_something_to_do() {
    let server = demo().await;
    for name in ["ada", "noor", "hopper", "juno", "octavia"] {
        let token = server.sign_in(name).await;
        let inbox = get(&server, &token, "/v1/notifications?limit=100").await;
        let open = inbox["items"].as_array().unwrap().len();
        assert!((3..=8).contains(&open), "{name} has {open} open lines");
        let me = get(&server, &token, "/v1/me").await;
        assert_eq!(me["inbox"], open, "{name}");
        let unread = get(&server, &token, "/v1/feed?view=unread&limit=100").await;
        let unread = unread["items"].as_array().unwrap().len();
        assert!((5..60).contains(&unread), "{name} has {unread} unread threads");
        for path in ["/v1/feed?view=following", "/v1/feed?view=for-you", "/v1/threads?state=bookmarked"] {
            let found = get(&server, &token, path).await;
            assert!(!found["items"].as_array().unwrap().is_empty(), "{name} {path}");
        }
    }
}

#[tokio::test]
async fn words_of_the_content_are_found() {
    let server = demo().await;
    let token = server.sign_in("noor").await;
    for query in ["线程", "分配器", "spawn_blocking", "MutexGuard", "tag:async", "in:help is:solved", "\"not Send\""]
    {
        let path = format!("/v1/search?q={}", lyceum::api::path::fill("{x}", query));
        let hits = get(&server, &token, &path).await;
        assert!(!hits["items"].as_array().unwrap().is_empty(), "{query}");
    }
}
