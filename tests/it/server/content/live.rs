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
    let end = guild.json("bob", "/v1/changes?after=18446744073709551615").await;
    assert_eq!(end["items"], json!([]));
}
