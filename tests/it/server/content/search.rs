//! What is found, in which order, and how it is shown.

use lyceum::api::path::fill;
use serde_json::{Value, json};

use crate::server::guild::Guild;

async fn found(guild: &Guild, who: &str, query: &str) -> Value {
    guild.json(who, &fill("/v1/search?q={x}", query)).await["items"].clone()
}

async fn titles(guild: &Guild, query: &str) -> Vec<String> {
    let hits = found(guild, "free", query).await;
    hits.as_array().unwrap().iter().map(|hit| hit["thread"]["title"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn chinese_words_and_identifiers_are_found() {
    let guild = Guild::new().await;
    guild.open("ada", "help", "question", "运行时里的死锁", "持有 `MutexGuard` 的时候 await 了，线程池被占满。").await;
    guild.open("ada", "help", "question", "Blocking", "Call `tokio::task::spawn_blocking` from C++ code. Café.").await;
    for query in ["死锁", "线程", "线程池", "锁", "mutexguard", "mutex", "MutexGuard", "await"] {
        assert_eq!(titles(&guild, query).await, ["运行时里的死锁"], "{query}");
    }
    for query in ["spawn_blocking", "spawn", "tokio::task", "task::spawn_blocking", "C++", "cafe", "café", "block"] {
        assert_eq!(titles(&guild, query).await, ["Blocking"], "{query}");
    }
    for query in ["程被", "C#", "tokio::spawn_blocking", "\"task tokio\"", "锁死"] {
        assert_eq!(titles(&guild, query).await, [""; 0], "{query}");
    }
    let hit = &found(&guild, "free", "线程池").await[0];
    assert_eq!(hit["snippet"], "持有 `MutexGuard` 的时候 await 了，\u{e000}线程池\u{e001}被占满。");
}

#[tokio::test]
async fn operators_narrow() {
    let guild = Guild::new().await;
    let question = guild.open("ada", "help", "question", "First needle", "text").await;
    guild.open("bob", "help", "discussion", "Second needle", "text").await;
    guild.open("mia", "news", "announcement", "Third needle", "text").await;
    guild.reply("bob", &question, None, "An answer without the word").await;
    assert_eq!(titles(&guild, "needle in:news").await, ["Third needle"]);
    assert_eq!(titles(&guild, "needle kind:discussion").await, ["Second needle"]);
    assert_eq!(titles(&guild, "needle from:ada").await, ["First needle"]);
    assert_eq!(titles(&guild, "needle is:unanswered").await, [""; 0]);
    assert_eq!(titles(&guild, "needle is:open tag:async").await, ["First needle"]);
    assert_eq!(titles(&guild, "is:open").await, ["First needle"]);
    assert_eq!(titles(&guild, "from:bob in:help").await, ["First needle", "Second needle"], "newest post first");
    assert_eq!(titles(&guild, "needle tag:other").await, [""; 0]);
    assert_eq!(found(&guild, "free", "from:bob").await[0]["number"], 2);
}

#[tokio::test]
async fn a_title_counts_more_than_a_text_and_a_thread_comes_once() {
    let guild = Guild::new().await;
    let text = guild.open("ada", "help", "discussion", "Other", "Somewhere pelican stands in a text.").await;
    guild.reply("bob", &text, None, "pelican").await;
    guild.open("ada", "help", "discussion", "A pelican", "text").await;
    assert_eq!(titles(&guild, "pelican").await, ["A pelican", "Other"]);
}

#[tokio::test]
async fn edited_and_deleted_text_is_found_as_it_is_now() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "discussion", "Talk", "text").await;
    let (post, _) = guild.reply("bob", &thread, None, "pelican").await;
    let path = format!("/v1/posts/{post}");
    let edit = guild.call("bob", axum::http::Method::PATCH, &path).header("if-match", "\"1\"");
    assert_eq!(edit.json(&json!({ "body": "heron" })).send().await.status, 200);
    assert_eq!(titles(&guild, "pelican").await, [""; 0]);
    assert_eq!(titles(&guild, "heron").await, ["Talk"]);
}

#[tokio::test]
async fn a_line_that_means_nothing_is_explained() {
    let guild = Guild::new().await;
    for query in ["", "%20", "%F0%9F%A6%80", "author:ada", "is:closed", "kind:x", "in:a%20in:b", &"x".repeat(501)] {
        let reply = guild.get("free", &format!("/v1/search?q={query}")).await;
        assert_eq!(reply.problem(), (400, "invalid_query".into()), "{query}");
        assert_eq!(reply.json()["errors"][0]["field"], "q");
    }
    for query in ["\"", "a\" OR b*", "NEAR(a b)", "{title}:x", "-a", "^a", "a AND", "(((", "title:\"x", "*", "--", "';"]
    {
        let reply = guild.get("free", &fill("/v1/search?q={x}", query)).await;
        assert!(reply.status == 200 || reply.status == 400, "{query}: {}", reply.json());
    }
}

#[tokio::test]
async fn a_match_in_a_spoiler_is_found_and_not_told() {
    let guild = Guild::new().await;
    let body = "Who did it? ||The pelican.|| Read on.";
    guild.open("ada", "help", "discussion", "A riddle", body).await;
    let hits = found(&guild, "free", "pelican").await;
    assert_eq!(hits[0]["snippet"], "Who did it? ░░░ Read on.");
    assert_eq!(found(&guild, "free", "riddle").await[0]["snippet"], "Who did it? ░░░ Read on.");
}
