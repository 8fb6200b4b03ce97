//! Changes as they happen, over a real socket.

use futures_util::StreamExt;
use serde_json::{Value, json};

use crate::server::guild::Guild;
use crate::server::harness::Listening;

/// An open stream of events.
struct Live {
    bytes: std::pin::Pin<Box<dyn futures_util::Stream<Item = reqwest::Result<bytes::Bytes>>>>,
    text: String,
}

impl Live {
    async fn open(guild: &Guild, listening: &Listening, who: &str, query: &str, last: Option<u64>) -> Self {
        let url = listening.url(&format!("/v1/events{query}"));
        let mut request = reqwest::Client::new().get(url).bearer_auth(&guild.tokens[who]);
        if let Some(last) = last {
            request = request.header("last-event-id", last.to_string());
        }
        let reply = request.send().await.unwrap();
        assert_eq!(reply.status(), 200);
        assert_eq!(reply.headers()["content-type"], "text/event-stream");
        let mut live = Self { bytes: Box::pin(reply.bytes_stream()), text: String::new() };
        assert!(live.block().await.unwrap().starts_with(':'), "a word at once, so that the client knows it stands");
        live
    }

    /// The text up to the next empty line; none at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let (block, rest) = (block.to_owned(), rest.to_owned());
                self.text = rest;
                return Some(block);
            }
            self.text.push_str(std::str::from_utf8(&self.bytes.next().await?.ok()?).unwrap());
        }
    }

    /// Id and topic of the next event.
    async fn event(&mut self) -> (u64, String) {
        let block = self.block().await.unwrap();
        let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(name)).unwrap().trim().to_owned();
        let data: Value = serde_json::from_str(&field("data:")).unwrap();
        let id = field("id:").parse().unwrap();
        assert_eq!(data["seq"], id);
        (id, data["topic"].as_str().unwrap().to_owned())
    }
}

#[tokio::test]
async fn a_stream_resumes_without_a_gap_and_ends_with_the_server() {
    let guild = Guild::new().await;
    let listening = guild.server.listen();
    let mut live = Live::open(&guild, &listening, "bob", "", None).await;
    let thread = guild.open("ada", "help", "question", "Why?", "Text").await;
    let (first, topic) = live.event().await;
    assert_eq!(topic, "thread");
    guild.reply("free", &thread, None, "one").await;
    assert_eq!(live.event().await, (first + 1, "post".into()));
    drop(live);
    // Missed: a post, an own mark, and the inbox and marks of others, which are none of bob's business.
    guild.reply("free", &thread, None, "two").await;
    guild.put("bob", &format!("/v1/threads/{thread}/bookmark"), json!({ "on": true })).await;
    guild.put("ada", &format!("/v1/threads/{thread}/bookmark"), json!({ "on": true })).await;
    let missed = async |live: &mut Live| [live.event().await.1, live.event().await.1];
    let mut by_header = Live::open(&guild, &listening, "bob", "", Some(first + 1)).await;
    assert_eq!(missed(&mut by_header).await, ["post", "marks"]);
    let mut by_query = Live::open(&guild, &listening, "bob", &format!("?after={}", first + 1), None).await;
    assert_eq!(missed(&mut by_query).await, ["post", "marks"]);
    guild.put("bob", &format!("/v1/threads/{thread}/follow"), json!({ "on": true })).await;
    assert_eq!(by_header.event().await.1, "marks");
    drop(by_query);
    listening.stop().await;
    assert_eq!(by_header.block().await, None, "the stream ends when the server stops");
}

#[tokio::test]
async fn a_stream_ends_with_its_session_and_tells_nothing_more() {
    let guild = Guild::new().await;
    let listening = guild.server.listen();
    let mut live = Live::open(&guild, &listening, "bob", "", None).await;
    let mut other = Live::open(&guild, &listening, "free", "", None).await;
    guild.open("ada", "help", "discussion", "Before", "Text").await;
    assert_eq!(live.event().await.1, "thread");
    let revoke = guild.server.post("/v1/oauth/revoke").json(&json!({ "token": guild.tokens["bob"] }));
    assert_eq!(revoke.send().await.status, 200);
    guild.open("ada", "help", "discussion", "After", "Text").await;
    assert_eq!(live.block().await, None, "signed out");
    assert_eq!([other.event().await.1, other.event().await.1], ["thread", "thread"], "others hear of it");
    listening.stop().await;
}

#[tokio::test]
async fn a_stream_ends_with_its_access_token() {
    let guild = Guild::new().await;
    let listening = guild.server.listen();
    let mut live = Live::open(&guild, &listening, "bob", "", None).await;
    guild.server.advance(899);
    let thread = guild.open("ada", "help", "discussion", "In time", "Text").await;
    assert_eq!(live.event().await.1, "thread");
    guild.server.advance(1);
    guild
        .server
        .sql(
            "UPDATE sessions SET access_until = access_until + 60000 WHERE member_id = \
                      (SELECT id FROM members WHERE username = 'ada')",
        )
        .await;
    guild.reply("ada", &thread, None, "late").await;
    assert_eq!(live.block().await, None);
    listening.stop().await;
}

#[tokio::test]
async fn a_stream_with_no_news_shows_life_and_looks_whether_its_session_stands() {
    let guild = Guild::new().await;
    let request =
        axum::http::Request::get("/v1/events").header("authorization", format!("Bearer {}", guild.tokens["bob"]));
    let request = request.body(axum::body::Body::empty()).unwrap();
    let reply = tower::ServiceExt::oneshot(guild.server.router.clone(), request).await.unwrap();
    let mut bytes = reply.into_body().into_data_stream();
    assert_eq!(bytes.next().await.unwrap().unwrap(), ": live\n\n");
    guild.open("ada", "help", "discussion", "News", "Text").await;
    assert!(bytes.next().await.unwrap().unwrap().starts_with(b"id: "));
    let mut at_the_next_beat = async || tokio::join!(bytes.next(), quarter_of_a_minute()).0;
    assert_eq!(at_the_next_beat().await.unwrap().unwrap(), ": alive\n\n");
    let revoke = guild.server.post("/v1/oauth/revoke").json(&json!({ "token": guild.tokens["bob"] }));
    assert_eq!(revoke.send().await.status, 200);
    assert!(at_the_next_beat().await.is_none());
}

/// Lets the time of timers jump, for an instant only: the database goes by the real one.
async fn quarter_of_a_minute() {
    tokio::time::pause();
    tokio::time::advance(std::time::Duration::from_secs(15)).await;
    tokio::time::resume();
}

#[tokio::test]
async fn a_burst_larger_than_the_channel_arrives_whole() {
    let guild = Guild::new().await;
    let listening = guild.server.listen();
    let before = guild.json("bob", "/v1/changes").await["last"].as_u64().unwrap();
    let mut live = Live::open(&guild, &listening, "bob", "", None).await;
    let mut write = guild.server.app.db.write().await.unwrap();
    for _ in 0..700 {
        write.tell(lyceum::model::change::Topic::Vote, None, None, guild.server.now()).await.unwrap();
    }
    write.commit().await.unwrap();
    for expected in before + 1..=before + 700 {
        assert_eq!(live.event().await.0, expected);
    }
    drop(live);
    listening.stop().await;
}

#[tokio::test]
async fn the_delta_feed_says_where_it_stands() {
    let guild = Guild::new().await;
    let start = guild.json("bob", "/v1/changes").await;
    assert_eq!((&start["items"], &start["more"]), (&json!([]), &json!(false)));
    for i in 0..3 {
        guild.open("ada", "help", "discussion", &format!("t{i}"), "Text").await;
    }
    let last = start["last"].as_u64().unwrap();
    let page = guild.json("bob", &format!("/v1/changes?after={last}&limit=2")).await;
    assert_eq!((page["items"].as_array().unwrap().len(), &page["more"]), (2, &json!(true)));
    assert_eq!(page["last"], page["items"][1]["seq"]);
    let rest = guild.json("bob", &format!("/v1/changes?after={}", page["last"])).await;
    assert_eq!((rest["items"].as_array().unwrap().len(), &rest["more"]), (1, &json!(false)));
}

#[tokio::test]
async fn who_is_ahead_of_a_restored_community_is_told_where_it_stands() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "question", "Why?", "Text").await;
    let kept = guild.json("bob", "/v1/changes").await["last"].as_u64().unwrap();
    for i in 0..3 {
        guild.reply("ada", &thread, None, &format!("lost {i}")).await;
    }
    let ahead = guild.json("bob", "/v1/changes").await["last"].as_u64().unwrap();
    assert_eq!((kept, ahead), (1, 4));
    // As after a backup that was made when the thread had been opened.
    guild.server.sql("DELETE FROM changes WHERE seq > 1").await;
    let whole = json!({ "items": [], "last": kept, "more": false });
    for after in [kept + 1, ahead, i64::MAX as u64, u64::MAX] {
        for limit in ["", "&limit=1"] {
            assert_eq!(guild.json("bob", &format!("/v1/changes?after={after}{limit}")).await, whole, "{after}{limit}");
        }
    }
    let listening = guild.server.listen();
    let mut by_header = Live::open(&guild, &listening, "bob", "", Some(ahead)).await;
    let mut by_query = Live::open(&guild, &listening, "bob", &format!("?after={}", u64::MAX), None).await;
    guild.reply("free", &thread, None, "one").await;
    for live in [&mut by_header, &mut by_query] {
        assert_eq!(live.event().await, (kept + 1, "post".into()));
    }
    drop((by_header, by_query));
    listening.stop().await;
}
