//! Opening, replying, editing, voting, accepting, marking: what each does, and who may not.

use axum::http::Method;
use serde_json::{Value, json};

use crate::server::guild::Guild;

async fn thread_and_answer(guild: &Guild) -> (String, String) {
    let thread = guild.open("ada", "help", "question", "Why?", "Because of `what`.").await;
    let (answer, number) = guild.reply("bob", &thread, None, "So.").await;
    assert_eq!(number, 2);
    (thread, answer)
}

#[tokio::test]
async fn a_repeat_takes_effect_once() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "discussion", "Talk", "Text").await;
    let send = |body: Value| {
        let path = format!("/v1/threads/{thread}/posts");
        guild.call("bob", Method::POST, &path).header("idempotency-key", "one").json(&body).send()
    };
    let first = send(json!({ "body": "hello" })).await;
    let again = send(json!({ "body": "hello" })).await;
    assert_eq!((first.status, first.bytes.clone()), (again.status, again.bytes));
    assert_eq!(first.json()["number"], 2);
    let other = send(json!({ "body": "other" })).await;
    assert_eq!(other.problem(), (422, "idempotency_key_reused".into()));
    assert_eq!(guild.json("ada", &format!("/v1/threads/{thread}")).await["last"], 2);
}

#[tokio::test]
async fn replies_at_the_same_time_get_numbers_in_a_row() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "discussion", "Talk", "Text").await;
    let many = (0..20).map(|i| {
        let (guild, thread) = (&guild, &thread);
        async move { guild.reply(if i % 2 == 0 { "bob" } else { "free" }, thread, None, &format!("reply {i}")).await.1 }
    });
    let mut numbers = futures_util::future::join_all(many).await;
    numbers.sort_unstable();
    assert_eq!(numbers, (2..22).collect::<Vec<u64>>());
}

#[tokio::test]
async fn an_edit_names_the_version_that_it_replaces() {
    let guild = Guild::new().await;
    let (thread, answer) = thread_and_answer(&guild).await;
    let path = format!("/v1/posts/{answer}");
    let edit = |who: &'static str, version: Option<&'static str>, body: &'static str| {
        let call = guild.call(who, Method::PATCH, &path).json(&json!({ "body": body }));
        match version {
            Some(version) => call.header("if-match", version),
            None => call,
        }
        .send()
    };
    assert_eq!(edit("bob", None, "x").await.problem(), (428, "if_match_missing".into()));
    assert_eq!(edit("bob", Some("\"7\""), "x").await.problem(), (412, "stale".into()));
    assert_eq!(edit("ada", Some("\"1\""), "x").await.problem(), (403, "forbidden".into()));
    guild.server.advance(60);
    assert_eq!(edit("bob", Some("\"1\""), "So, because.").await.json()["number"], 2);
    assert_eq!(edit("bob", Some("\"1\""), "x").await.problem().0, 412, "the same version twice");
    assert_eq!(edit("mia", Some("\"2\""), "So, tidied.").await.status, 200);
    let post = &guild.json("ada", &format!("/v1/threads/{thread}/posts?after=1")).await["items"][0];
    assert_eq!((&post["body"], &post["version"]), (&json!("So, tidied."), &json!("3")));
    assert_eq!(post["edited"], "2026-03-01T12:01:00Z");
    let revisions = guild.json("bob", &format!("{path}/revisions")).await;
    assert_eq!(revisions["items"][0]["body"], "So, because.");
    assert_eq!(revisions["items"][1]["body"], "So.");
    assert_eq!(guild.get("ada", &format!("{path}/revisions")).await.problem().0, 403);
}

#[tokio::test]
async fn a_post_that_is_taken_away_leaves_its_place() {
    let guild = Guild::new().await;
    let (thread, answer) = thread_and_answer(&guild).await;
    assert_eq!(
        guild.put("ada", &format!("/v1/threads/{thread}/accepted"), json!({ "post": answer })).await.status,
        204
    );
    let delete = |path: String| guild.call("bob", Method::DELETE, &path).header("if-match", "\"1\"").send();
    assert_eq!(delete(format!("/v1/posts/{answer}")).await.status, 204);
    let shown = guild.json("ada", &format!("/v1/threads/{thread}")).await;
    assert_eq!((&shown["answers"], &shown["accepted"], &shown["last"]), (&json!(0), &json!(null), &json!(2)));
    let post = &guild.json("ada", &format!("/v1/threads/{thread}/posts?after=1")).await["items"][0];
    assert_eq!((&post["deleted"], &post["body"], &post["may_edit"]), (&json!(true), &json!(""), &json!(false)));
    assert_eq!(guild.json("ada", "/v1/search?q=from:bob").await["items"], json!([]));
    assert_eq!(delete(format!("/v1/posts/{answer}")).await.problem().0, 409);
    let reply = guild.post("ada", &format!("/v1/threads/{thread}/posts"), json!({ "body": "x", "parent": 2 })).await;
    assert_eq!(reply.problem(), (422, "invalid_field".into()));
    assert_eq!(guild.reply("bob", &thread, None, "Again").await.1, 3, "numbers are never used twice");
}

#[tokio::test]
async fn a_thread_is_changed_by_its_author_and_kept_by_staff() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "discussion", "Talk", "Text").await;
    let path = format!("/v1/threads/{thread}");
    let patch = async |who: &str, body: Value| {
        let version = guild.get(who, &path).await.header("etag");
        guild.call(who, Method::PATCH, &path).header("if-match", &version).json(&body).send().await
    };
    assert_eq!(patch("bob", json!({ "title": "x" })).await.problem().0, 403);
    assert_eq!(patch("ada", json!({ "locked": true })).await.problem().0, 403);
    let changed = patch("ada", json!({ "title": " New name ", "tags": ["tokio"] })).await.json();
    assert_eq!((&changed["title"], &changed["tags"]), (&json!("New name"), &json!(["tokio"])));
    assert_eq!(guild.json("bob", "/v1/search?q=talk").await["items"], json!([]), "the old title is not found");
    assert_eq!(guild.json("bob", "/v1/search?q=tokio").await["items"][0]["thread"]["id"], thread);
    assert_eq!(patch("mia", json!({ "locked": true, "pinned": true })).await.json()["pinned"], true);
    let reply = guild.post("bob", &format!("{path}/posts"), json!({ "body": "late" })).await;
    assert_eq!(reply.problem(), (409, "conflict".into()));
    let stale = guild.call("ada", Method::PATCH, &path).header("if-match", "\"old\"").json(&json!({})).send().await;
    assert_eq!(stale.problem().0, 412);
    let bare = guild.call("ada", Method::PATCH, &path).json(&json!({})).send().await;
    assert_eq!(bare.problem().0, 428);
}

#[tokio::test]
async fn a_thread_goes_while_nobody_has_replied() {
    let guild = Guild::new().await;
    let alone = guild.open("ada", "help", "discussion", "Alone", "Text").await;
    let (answered, _) = thread_and_answer(&guild).await;
    let delete = async |who: &str, thread: &str| {
        let path = format!("/v1/threads/{thread}");
        let version = guild.get(who, &path).await.header("etag");
        guild.call(who, Method::DELETE, &path).header("if-match", &version).send().await
    };
    assert_eq!(delete("bob", &alone).await.problem().0, 403);
    assert_eq!(delete("ada", &alone).await.status, 204);
    assert_eq!(guild.get("ada", &format!("/v1/threads/{alone}")).await.problem().0, 404);
    assert_eq!(guild.get("ada", &format!("/v1/threads/{alone}/posts")).await.problem().0, 404);
    assert_eq!(guild.json("ada", "/v1/search?q=alone").await["items"], json!([]));
    assert_eq!(delete("ada", &answered).await.problem().0, 409);
    assert_eq!(delete("mia", &answered).await.status, 204);
    assert_eq!(guild.json("ada", "/v1/feed").await["items"], json!([]));
}

#[tokio::test]
async fn votes_are_counted_once_and_never_for_oneself() {
    let guild = Guild::new().await;
    let (thread, answer) = thread_and_answer(&guild).await;
    let path = format!("/v1/posts/{answer}/vote");
    let vote = async |who: &str, value: i64| guild.put(who, &path, json!({ "value": value })).await.status.as_u16();
    let score = async || guild.json("ada", &format!("/v1/threads/{thread}/posts?after=1")).await["items"][0].clone();
    assert_eq!(vote("bob", 1).await, 403);
    assert_eq!((vote("ada", 1).await, vote("ada", 1).await, vote("free", 1).await), (204, 204, 204));
    assert_eq!((&score().await["score"], &score().await["vote"]), (&json!(2), &json!(1)));
    assert_eq!((vote("ada", -1).await, vote("free", 0).await), (204, 204));
    assert_eq!((&score().await["score"], &score().await["vote"]), (&json!(-1), &json!(-1)));
    assert_eq!((vote("ada", 2).await, vote("ada", -128).await), (422, 422));
    let opening = guild.json("bob", &format!("/v1/threads/{thread}/posts")).await["items"][0]["id"].clone();
    let opening = format!("/v1/posts/{}/vote", opening.as_str().unwrap());
    assert_eq!(guild.put("bob", &opening, json!({ "value": 1 })).await.status, 204);
    assert_eq!(guild.json("bob", &format!("/v1/threads/{thread}")).await["score"], 1);
}

#[tokio::test]
async fn who_asked_accepts_a_top_level_reply() {
    let guild = Guild::new().await;
    let (thread, answer) = thread_and_answer(&guild).await;
    let (comment, _) = guild.reply("free", &thread, Some(2), "A comment.").await;
    let path = format!("/v1/threads/{thread}/accepted");
    let accept = async |who: &str, post: &str| guild.put(who, &path, json!({ "post": post })).await.status.as_u16();
    assert_eq!(accept("bob", &answer).await, 403);
    assert_eq!(accept("ada", &comment).await, 422);
    assert_eq!(accept("ada", "nonsense").await, 422);
    assert_eq!((accept("ada", &answer).await, accept("ada", &answer).await), (204, 204));
    let shown = guild.json("ada", &format!("/v1/threads/{thread}")).await;
    assert_eq!((&shown["accepted"], &shown["answers"]), (&json!(answer), &json!(1)), "a comment is no answer");
    assert_eq!(guild.call("mia", Method::DELETE, &path).send().await.status, 204);
    assert_eq!(guild.json("ada", &format!("/v1/threads/{thread}")).await["accepted"], json!(null));
    let talk = guild.open("ada", "help", "discussion", "Talk", "Text").await;
    let (post, _) = guild.reply("bob", &talk, None, "x").await;
    let wrong = guild.put("ada", &format!("/v1/threads/{talk}/accepted"), json!({ "post": post })).await;
    assert_eq!(wrong.problem().0, 409);
}

#[tokio::test]
async fn a_role_opens_what_it_opens() {
    let guild = Guild::new().await;
    let open = async |who: &str, space: &str, kind: &str| {
        let new = json!({ "space": space, "kind": kind, "title": "t", "body": "b" });
        guild.post(who, "/v1/threads", new).await.status.as_u16()
    };
    assert_eq!(open("ada", "news", "discussion").await, 403);
    assert_eq!(open("ada", "help", "announcement").await, 403);
    assert_eq!(open("ada", "nowhere", "question").await, 422);
    assert_eq!((open("mia", "news", "announcement").await, open("mia", "help", "announcement").await), (201, 201));
    assert_eq!((open("pro", "shop", "article").await, open("free", "shop", "article").await), (201, 402));
}

#[tokio::test]
async fn marks_are_ones_own() {
    let guild = Guild::new().await;
    let (thread, _) = thread_and_answer(&guild).await;
    let put = async |who: &str, mark: &str, body: Value| {
        guild.put(who, &format!("/v1/threads/{thread}/{mark}"), body).await.status.as_u16()
    };
    let marks = async |who: &str| guild.json(who, &format!("/v1/threads/{thread}")).await["marks"].clone();
    assert_eq!(marks("ada").await, json!({ "read": 1, "follow": true, "mute": false, "bookmark": false }));
    assert_eq!(put("free", "read", json!({ "upto": 900 })).await, 204);
    assert_eq!(put("free", "bookmark", json!({ "on": true })).await, 204);
    assert_eq!(marks("free").await, json!({ "read": 2, "follow": false, "mute": false, "bookmark": true }));
    assert_eq!(put("free", "read", json!({ "upto": 0 })).await, 204);
    assert_eq!(marks("free").await["read"], 0);
    assert_eq!(put("ada", "mute", json!({ "on": true })).await, 204);
    assert_eq!(marks("ada").await, json!({ "read": 1, "follow": false, "mute": true, "bookmark": false }));
    assert_eq!(put("ada", "follow", json!({ "on": true })).await, 204);
    assert_eq!(marks("ada").await, json!({ "read": 1, "follow": true, "mute": false, "bookmark": false }));
    assert_eq!(marks("bob").await["bookmark"], false);
    let seen = guild.json("bob", "/v1/changes?after=0&limit=100").await.to_string();
    assert!(!seen.contains("marks"), "another's marks are no news: {seen}");
    assert!(guild.json("free", "/v1/changes?after=0&limit=100").await.to_string().contains("marks"));
}
