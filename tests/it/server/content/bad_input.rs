//! Whatever is sent to these routes: a problem of the right status, never a 5xx, and nothing is written.

use axum::http::Method;
use serde_json::{Value, json};

use crate::server::guild::Guild;

/// Method, path and a good body of every route here that takes one. `T` is a thread of ada's, `P` bob's answer in it,
/// `N` a line of ada's inbox.
const WRITES: [(&str, &str, &str); 11] = [
    ("POST", "/v1/threads", r#"{"space":"help","kind":"question","title":"t","body":"b","tags":[]}"#),
    ("PATCH", "/v1/threads/T", r#"{"title":"t"}"#),
    ("POST", "/v1/threads/T/posts", r#"{"body":"b"}"#),
    ("PATCH", "/v1/posts/P", r#"{"body":"b"}"#),
    ("PUT", "/v1/posts/P/vote", r#"{"value":1}"#),
    ("PUT", "/v1/threads/T/accepted", r#"{"post":"P"}"#),
    ("PUT", "/v1/threads/T/read", r#"{"upto":1}"#),
    ("PUT", "/v1/threads/T/follow", r#"{"on":true}"#),
    ("PUT", "/v1/threads/T/mute", r#"{"on":true}"#),
    ("PUT", "/v1/threads/T/bookmark", r#"{"on":true}"#),
    ("PUT", "/v1/notifications/N/done", r#"{"done":true}"#),
];

struct Fixture {
    guild: Guild,
    ids: [String; 3],
}

impl Fixture {
    async fn new() -> Self {
        let guild = Guild::new().await;
        let thread = guild.open("ada", "help", "question", "Why?", "Text").await;
        let (post, _) = guild.reply("bob", &thread, None, "So.").await;
        let line = guild.json("ada", "/v1/notifications").await["items"][0]["id"].as_str().unwrap().to_owned();
        Self { guild, ids: [thread, post, line] }
    }

    fn fill(&self, text: &str) -> String {
        let [thread, post, line] = &self.ids;
        let id = |name: &str, id: &str, text: String| {
            text.replace(&format!("/{name}"), &format!("/{id}")).replace(&format!("\"{name}\""), &format!("\"{id}\""))
        };
        id("N", line, id("P", post, id("T", thread, text.to_owned())))
    }

    /// Sends; status and code. Panics on a 5xx or on anything that is no problem.
    async fn send(&self, method: &str, path: &str, kind: &str, body: Vec<u8>) -> (u16, String) {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let key = self.guild.server.app.db.ids().next().to_string();
        let call = self.guild.call("ada", method.clone(), path).header("idempotency-key", &key);
        let reply = call.header("if-match", "*").body(kind, body).send().await;
        assert!(reply.status.is_client_error(), "{method} {path}: {} {}", reply.status, reply.json());
        reply.problem()
    }
}

#[tokio::test]
async fn bodies_that_are_wrong() {
    let fixture = Fixture::new().await;
    let before = fixture.guild.rows().await;
    for (method, path, good) in WRITES {
        let (path, good) = (fixture.fill(path), fixture.fill(good));
        let fields: Value = serde_json::from_str(&good).unwrap();
        let send = async |body: String| fixture.send(method, &path, "application/json", body.into_bytes()).await;
        for broken in ["", "{", "nul", "\u{feff}{}", "[1"] {
            assert_eq!(send(broken.to_owned()).await.0, 400, "{method} {path} {broken}");
        }
        for wrong in ["null", "[]", "7", "\"text\""] {
            let status = send(wrong.to_owned()).await.0;
            assert!(status == 400 || status == 422, "{method} {path} {wrong}: {status}");
        }
        let with = |name: &str, value: Value| {
            let mut body = fields.clone();
            body[name] = value;
            body.to_string()
        };
        assert_eq!(send(with("surprise", json!(1))).await, (400, "unknown_field".into()), "{method} {path}");
        for name in fields.as_object().unwrap().keys() {
            for value in [json!([[]]), json!({}), json!(1.5), json!(-1e300), json!("a\u{0}b")] {
                let status = send(with(name, value.clone())).await.0;
                assert!(status == 400 || status == 422, "{method} {path} {name} = {value}: {status}");
            }
        }
        assert_eq!(fixture.send(method, &path, "text/plain", good.clone().into()).await.0, 415, "{method} {path}");
        assert_eq!(fixture.send(method, &path, "application/json", vec![0xFF, 0xFE, b'{']).await.0, 400);
        let huge = format!("{{\"body\":\"{}\"}}", "x".repeat(4 << 20));
        assert_eq!(send(huge).await, (413, "too_large".into()), "{method} {path}");
    }
    assert_eq!(fixture.guild.rows().await, before, "nothing was written");
}

#[tokio::test]
async fn values_that_are_out_of_bounds() {
    let fixture = Fixture::new().await;
    let before = fixture.guild.rows().await;
    let thread = |name: &str, value: Value| {
        let mut body = json!({ "space": "help", "kind": "question", "title": "t", "body": "b", "tags": [] });
        body[name] = value;
        ("POST", "/v1/threads".to_owned(), body)
    };
    let body = "x".repeat(65 * 1024);
    for (method, path, body) in [
        thread("title", json!("")),
        thread("title", json!("x".repeat(201))),
        thread("title", json!("two\nlines")),
        thread("body", json!(" \n")),
        thread("body", json!(body)),
        thread("tags", json!(["a", "b", "c", "d", "e", "f"])),
        thread("tags", json!(["Not Lower"])),
        thread("tags", json!(["a", "a"])),
        thread("tags", json!(["x".repeat(33)])),
        thread("space", json!("nowhere")),
        thread("kind", json!("lesson")),
        ("POST", "/v1/threads/T/posts".into(), json!({ "body": "" })),
        ("POST", "/v1/threads/T/posts".into(), json!({ "body": body })),
        ("POST", "/v1/threads/T/posts".into(), json!({ "body": "b", "parent": 99 })),
        ("POST", "/v1/threads/T/posts".into(), json!({ "body": "b", "parent": 0 })),
        ("PATCH", "/v1/threads/T".into(), json!({ "tags": ["-", "A"] })),
        ("PUT", "/v1/posts/P/vote".into(), json!({ "value": 2 })),
        ("PUT", "/v1/posts/P/vote".into(), json!({ "value": 300 })),
        ("PUT", "/v1/threads/T/read".into(), json!({ "upto": -1 })),
        ("PUT", "/v1/threads/T/read".into(), json!({ "upto": 4_294_967_296_u64 })),
        ("PUT", "/v1/threads/T/accepted".into(), json!({ "post": "1" })),
        ("PUT", "/v1/threads/T/accepted".into(), json!({ "post": "" })),
    ] {
        let sent = body.to_string();
        let problem = fixture.send(method, &fixture.fill(&path), "application/json", sent.clone().into()).await;
        assert_eq!(problem, (422, "invalid_field".into()), "{method} {path} {:.60}", sent);
    }
    assert_eq!(fixture.guild.rows().await, before, "nothing was written");
}

#[tokio::test]
async fn ids_that_are_nobodys() {
    let fixture = Fixture::new().await;
    let before = fixture.guild.rows().await;
    let ids =
        ["1", "0", "-1", "abc", "9223372036854775807", "9223372036854775808", "1e3", "%00", "..%2f..", "1%20OR%201"];
    for (method, path, good) in WRITES.into_iter().skip(1) {
        for id in ids {
            let path =
                path.replace("/T", &format!("/{id}")).replace("/P", &format!("/{id}")).replace("/N", &format!("/{id}"));
            let problem = fixture.send(method, &path, "application/json", fixture.fill(good).into()).await;
            assert_eq!(problem, (404, "not_found".into()), "{method} {path}");
        }
    }
    for path in ["/v1/threads/ID", "/v1/threads/ID/posts", "/v1/posts/ID/revisions"] {
        for id in ids {
            let reply = fixture.guild.get("ada", &path.replace("ID", id)).await;
            assert_eq!(reply.problem(), (404, "not_found".into()), "{path} {id}");
        }
    }
    for path in ["/v1/threads/ID", "/v1/posts/ID", "/v1/threads/ID/accepted"] {
        let problem = fixture.send("DELETE", &path.replace("ID", "1"), "application/json", Vec::new()).await;
        assert_eq!(problem.0, 404, "{path}");
    }
    assert_eq!(fixture.guild.rows().await, before, "nothing was written");
}

#[tokio::test]
async fn queries_and_cursors_that_are_wrong() {
    let fixture = Fixture::new().await;
    fixture.guild.open("ada", "help", "question", "Other", "Text").await;
    let cursor = fixture.guild.json("ada", "/v1/threads?limit=1").await["next"].as_str().unwrap().to_owned();
    let lists =
        ["/v1/feed", "/v1/threads", "/v1/notifications", "/v1/search?q=a", "/v1/threads/T/posts", "/v1/changes"];
    for list in lists.map(|list| fixture.fill(list)) {
        let and = if list.contains('?') { '&' } else { '?' };
        for query in ["limit=0", "limit=101", "limit=-1", "limit=x", "limit=1&limit=2", "surprise=1"] {
            let reply = fixture.guild.get("ada", &format!("{list}{and}{query}")).await;
            assert_eq!(reply.problem().0, 400, "{list} {query}");
        }
        for cursor in ["", "x", "AAAA", "%00", "%F0%9F%A6%80", &"A".repeat(5000)] {
            let reply = fixture.guild.get("ada", &format!("{list}{and}cursor={cursor}")).await;
            assert_eq!(reply.problem().0, 400, "{list} {cursor:.20}");
        }
    }
    let wrong = [
        "/v1/feed?view=x",
        "/v1/threads?kind=x",
        "/v1/threads?state=x",
        "/v1/threads?sort=x",
        "/v1/search",
        "/v1/changes?after=-1",
        "/v1/changes?after=x",
        "/v1/events?after=x",
        "/v1/events?surprise=1",
        "/v1/threads/T/posts?after=-1",
        "/v1/threads/T/posts?around=x",
        "/v1/threads/T/posts?after=1&around=1",
        "/v1/notifications?done=2",
        "/v1/threads?tag=a%00",
    ];
    for path in wrong.map(|path| fixture.fill(path)) {
        assert_eq!(fixture.guild.get("ada", &path).await.problem().0, 400, "{path}");
    }
    let filtered = format!("/v1/threads?limit=1&kind=question&cursor={cursor}");
    assert_eq!(fixture.guild.get("ada", &filtered).await.problem(), (400, "bad_cursor".into()), "another list's");
    let others = format!("/v1/threads?limit=1&cursor={cursor}");
    assert_eq!(fixture.guild.get("bob", &others).await.problem(), (400, "bad_cursor".into()), "another reader's");
    let bad = fixture.guild.call("ada", Method::GET, "/v1/events").header("last-event-id", "x").send().await;
    assert_eq!(bad.problem().0, 400);
}

#[tokio::test]
async fn headers_that_are_missing() {
    let fixture = Fixture::new().await;
    let before = fixture.guild.rows().await;
    for (method, path, good) in WRITES {
        let method = Method::from_bytes(method.as_bytes()).unwrap();
        let body: Value = serde_json::from_str(&fixture.fill(good)).unwrap();
        let path = fixture.fill(path);
        let nobody = fixture.guild.server.call(method.clone(), &path).json(&body).send().await;
        assert_eq!(nobody.problem(), (401, "unauthenticated".into()), "{method} {path}");
        let expected = match method.as_str() {
            "POST" => (400, "idempotency_key_missing".to_owned()),
            "PATCH" => (428, "if_match_missing".to_owned()),
            _ => continue,
        };
        let reply = fixture.guild.call("ada", method, &path).json(&body).send().await;
        assert_eq!(reply.problem(), expected, "{path}");
    }
    assert_eq!(fixture.guild.rows().await, before, "nothing was written");
}
