//! The inbox: who is told of what, how lines fold, and that they come back.

use serde_json::{Value, json};

use crate::server::guild::Guild;

async fn inbox(guild: &Guild, who: &str) -> Vec<Value> {
    guild.json(who, "/v1/notifications").await["items"].as_array().unwrap().clone()
}

fn short(lines: &[Value]) -> Vec<(String, String, u64)> {
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    lines.iter().map(|l| (word(&l["reason"]), word(&l["actor"]["username"]), l["number"].as_u64().unwrap())).collect()
}

fn line(reason: &str, actor: &str, number: u64) -> (String, String, u64) {
    (reason.to_owned(), actor.to_owned(), number)
}

#[tokio::test]
async fn replies_answers_mentions_and_acceptance_are_told_to_whom_they_concern() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "question", "Why?", "Ask @mia, not `@free`.").await;
    assert_eq!(short(&inbox(&guild, "mia").await), [line("mention", "ada", 1)]);
    assert!(inbox(&guild, "free").await.is_empty(), "a name in code is no mention");
    let (answer, _) = guild.reply("bob", &thread, None, "So, @nobody-here and @bob.").await;
    assert_eq!(short(&inbox(&guild, "ada").await), [line("answer", "bob", 2)]);
    assert!(inbox(&guild, "bob").await.is_empty(), "nobody is told of their own");
    guild.reply("ada", &thread, Some(2), "Thanks").await;
    assert_eq!(short(&inbox(&guild, "bob").await), [line("reply", "ada", 3)]);
    guild.server.advance(1);
    guild.put("ada", &format!("/v1/threads/{thread}/accepted"), json!({ "post": answer })).await;
    assert_eq!(short(&inbox(&guild, "bob").await), [line("accepted", "ada", 2), line("reply", "ada", 3)]);
    assert_eq!(guild.json("bob", "/v1/me").await["inbox"], 2);
}

#[tokio::test]
async fn a_thread_is_one_line_that_comes_back() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "question", "Why?", "Text").await;
    guild.reply("bob", &thread, None, "one").await;
    guild.reply("free", &thread, None, "two").await;
    let lines = inbox(&guild, "ada").await;
    assert_eq!(short(&lines), [line("answer", "bob", 2)], "the line points at what came first");
    guild.reply("free", &thread, None, "three, @ada").await;
    assert_eq!(short(&inbox(&guild, "ada").await), [line("mention", "free", 4)], "a mention outranks");
    let path = format!("/v1/notifications/{}/done", lines[0]["id"].as_str().unwrap());
    assert_eq!(guild.put("ada", &path, json!({ "done": true })).await.status, 204);
    assert!(inbox(&guild, "ada").await.is_empty());
    assert_eq!(guild.json("ada", "/v1/notifications?done=true").await["items"][0]["done"], true);
    guild.reply("bob", &thread, None, "four").await;
    assert_eq!(short(&inbox(&guild, "ada").await), [line("answer", "bob", 5)], "back, and at what is new");
    assert_eq!(guild.put("ada", &path, json!({ "done": true })).await.status, 204);
    assert_eq!(guild.put("ada", &path, json!({ "done": false })).await.status, 204, "undone");
    assert_eq!(inbox(&guild, "ada").await.len(), 1);
    assert_eq!(guild.put("bob", &path, json!({ "done": true })).await.problem().0, 404, "another's line is not there");
}

#[tokio::test]
async fn the_lines_of_a_thread_that_was_taken_away_are_neither_shown_nor_counted() {
    let guild = Guild::new().await;
    let gone = guild.open("ada", "help", "discussion", "Gone", "Text").await;
    let stays = guild.open("ada", "help", "discussion", "Stays", "Text").await;
    guild.reply("bob", &gone, None, "one").await;
    guild.reply("bob", &stays, None, "one").await;
    assert_eq!(guild.json("ada", "/v1/me").await["inbox"], 2);
    let call = guild.server.call(axum::http::Method::DELETE, &format!("/v1/threads/{gone}"));
    let call = call.token(&guild.tokens["mia"]).header("if-match", "*");
    assert_eq!(call.send().await.status, 204);
    assert_eq!(inbox(&guild, "ada").await.len(), 1);
    assert_eq!(guild.json("ada", "/v1/me").await["inbox"], 1);
}

#[tokio::test]
async fn who_stops_following_is_left_in_peace() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "question", "Why?", "Text").await;
    guild.put("ada", &format!("/v1/threads/{thread}/follow"), json!({ "on": false })).await;
    guild.put("mia", &format!("/v1/threads/{thread}/follow"), json!({ "on": true })).await;
    guild.reply("bob", &thread, None, "one").await;
    assert!(inbox(&guild, "ada").await.is_empty());
    assert_eq!(short(&inbox(&guild, "mia").await), [line("reply", "bob", 2)]);
}

#[tokio::test]
async fn a_muted_thread_is_quiet_whatever_the_reason() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "question", "Why?", "Text").await;
    let mark = async |who: &str, mark: &str, on: bool| {
        let path = format!("/v1/threads/{thread}/{mark}");
        assert_eq!(guild.put(who, &path, json!({ "on": on })).await.status, 204, "{who} {mark}");
    };
    for who in ["ada", "bob", "mia"] {
        mark(who, "follow", true).await;
        mark(who, "mute", true).await;
    }
    let (answer, _) = guild.reply("bob", &thread, None, "An answer, and a word to @ada and @mia.").await;
    guild.reply("free", &thread, Some(2), "A reply to @bob.").await;
    assert_eq!(
        guild.put("ada", &format!("/v1/threads/{thread}/accepted"), json!({ "post": answer })).await.status,
        204
    );
    for who in ["ada", "bob", "mia"] {
        assert_eq!(guild.json(who, "/v1/notifications?done=true").await["items"], json!([]), "{who}");
        assert_eq!(guild.json(who, "/v1/me").await["inbox"], 0, "{who}");
        let told = guild.json(who, "/v1/changes?after=0&limit=100").await.to_string();
        assert!(told.contains("marks") && !told.contains("inbox"), "{who}: {told}");
    }
    // A line that was there before stays; nothing is added to it.
    mark("bob", "mute", false).await;
    guild.reply("free", &thread, Some(2), "Once more.").await;
    mark("bob", "mute", true).await;
    let before = inbox(&guild, "bob").await;
    assert_eq!(short(&before), [line("reply", "free", 4)]);
    guild.server.advance(60);
    guild.reply("free", &thread, Some(2), "And more, @bob.").await;
    assert_eq!(inbox(&guild, "bob").await, before);
    mark("bob", "follow", true).await;
    guild.reply("free", &thread, Some(2), "And more, @bob.").await;
    assert_eq!(short(&inbox(&guild, "bob").await), [line("mention", "free", 6)], "who follows mutes no longer");
}

#[tokio::test]
async fn pages_of_the_inbox_have_no_gap_and_no_repeat() {
    let guild = Guild::new().await;
    for i in 0..11 {
        let thread = guild.open("ada", "help", "discussion", &format!("t{i}"), "Text").await;
        guild.reply("bob", &thread, None, "one").await;
        guild.server.advance(i % 2);
    }
    let mut seen = Vec::new();
    let mut path = "/v1/notifications?limit=4".to_owned();
    loop {
        let page = guild.json("ada", &path).await;
        seen.extend(page["items"].as_array().unwrap().iter().map(|l| l["title"].as_str().unwrap().to_owned()));
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/notifications?limit=4&cursor={next}");
        // What arrives meanwhile stands before what was seen.
        guild.open("bob", "help", "discussion", "new", "Hello @ada").await;
    }
    let newest_first: Vec<String> = (0..11).rev().map(|i| format!("t{i}")).collect();
    assert_eq!(seen, newest_first);
}
