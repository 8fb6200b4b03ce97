//! A live connection that breaks: silence, floods, nonsense, strangers; and that goes on where it was.

use std::time::Duration;

use futures_util::StreamExt;
use lyceum::community::native::Timeouts;
use lyceum::community::{Community, Kind, Live, Result};
use lyceum::model::change::Topic;

use super::fake::{Fake, Reply, Tokens, answer, head, json, problem};

fn stream(events: &str) -> Vec<u8> {
    format!("{}{events}", head("200 OK", "text/event-stream", "")).into_bytes()
}

fn event(seq: u64, topic: &str) -> String {
    format!("id: {seq}\ndata: {{\"seq\":{seq},\"topic\":\"{topic}\",\"thread\":\"7\",\"post\":3}}\n\n")
}

/// Everything that is heard until the connection ends.
async fn heard(fake: &Fake, timeouts: Timeouts) -> Vec<Result<Live>> {
    let client = fake.client_with(timeouts, Tokens::holding("lyc_access", "lyc_refresh"));
    client.live(Some(41)).await.unwrap().collect().await
}

fn seqs(heard: &[Result<Live>]) -> Vec<u64> {
    let seq = |live: &Result<Live>| match live {
        Ok(Live::Notice(notice)) => Some(notice.seq),
        _ => None,
    };
    heard.iter().filter_map(seq).collect()
}

#[tokio::test]
async fn news_comes_in_order_after_the_open() {
    let news = format!(": hello\n\n{}{}", event(42, "post"), event(43, "vote").replace('\n', "\r\n"));
    let fake = Fake::saying(stream(&news)).await;
    let heard = heard(&fake, Timeouts::default()).await;
    assert_eq!(heard[0], Ok(Live::Open));
    let Ok(Live::Notice(first)) = &heard[1] else { panic!("{heard:?}") };
    assert_eq!((first.seq, first.topic, first.thread.as_ref().unwrap().as_str()), (42, Topic::Post, "7"));
    assert_eq!(first.number, Some(3));
    assert_eq!(seqs(&heard), [42, 43]);
    let seen = &fake.seen()[0];
    assert_eq!((seen.header("last-event-id"), seen.header("accept")), (Some("41"), Some("text/event-stream")));
}

#[tokio::test]
async fn news_of_a_kind_that_is_not_known_is_passed_over() {
    let news = format!("{}{}data: nonsense\n\n{}", event(42, "post"), event(43, "poetry"), event(44, "vote"));
    assert_eq!(seqs(&heard(&Fake::saying(stream(&news)).await, Timeouts::default()).await), [42, 44]);
}

#[tokio::test]
async fn changes_of_a_topic_that_is_not_known_are_passed_over() {
    let item = |seq: u64, topic: &str| format!(r#"{{"seq":{seq},"topic":"{topic}","thread":"7"}}"#);
    let items = [item(42, "post"), item(43, "poetry"), item(44, "vote")].join(",");
    let fake = Fake::saying(json(&format!(r#"{{"items":[{items}],"last":44,"more":false}}"#))).await;
    let (missed, last) = fake.client().changes(Some(41)).await.unwrap();
    assert_eq!((missed.iter().map(|notice| notice.seq).collect::<Vec<_>>(), last), (vec![42, 44], 44));
    assert_eq!(missed[0].number, None, "an older server names no posts");
}

#[tokio::test]
async fn silence_is_a_broken_line() {
    let fake = Fake::start(|_| Reply::Hold(stream(&event(42, "post")))).await;
    let heard = heard(&fake, Timeouts { silence: Duration::from_millis(50), ..Timeouts::default() }).await;
    assert_eq!(seqs(&heard), [42]);
    assert_eq!(heard.last().unwrap().as_ref().unwrap_err().kind, Kind::Timeout);
}

#[tokio::test]
async fn heartbeats_are_signs_of_life_and_cost_nothing() {
    // Far more than an event may be, in many small comments; then one piece of news and the end.
    let news = format!("{}{}", ":\n\n".repeat(100_000), event(42, "post"));
    assert_eq!(seqs(&heard(&Fake::saying(stream(&news)).await, Timeouts::default()).await), [42]);
}

#[tokio::test]
async fn an_event_without_end_breaks_the_connection() {
    for again in ["data: xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx\n", "xxxxxxxxxxxxxxxx", ":x\r", ":x\r\n"] {
        let fake = Fake::start(move |_| Reply::Endless(stream(""), again.repeat(64).into_bytes())).await;
        let heard = heard(&fake, Timeouts::default()).await;
        assert_eq!(heard.last().unwrap().as_ref().unwrap_err().kind, Kind::Malformed, "{again:?}");
    }
}

#[tokio::test]
async fn bytes_that_are_no_text_break_the_connection() {
    let mut bytes = stream("data: ");
    bytes.extend([0xff, 0xfe, b'\n', b'\n']);
    let heard = heard(&Fake::saying(bytes).await, Timeouts::default()).await;
    assert_eq!(heard.last().unwrap().as_ref().unwrap_err().kind, Kind::Malformed);
    assert_eq!(heard.len(), 2, "nothing follows a broken line: {heard:?}");
}

#[tokio::test]
async fn what_is_no_stream_of_events_is_refused() {
    let open = async |bytes: Vec<u8>| Fake::saying(bytes).await.client().live(None).await.err().unwrap().kind;
    assert_eq!(open(json("{}")).await, Kind::Malformed);
    assert_eq!(open(problem(403, "forbidden")).await, Kind::Forbidden);
    assert_eq!(open(answer("503 Busy", "text/html", "")).await, Kind::Server(None));
    assert_eq!(open(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n".to_vec()).await, Kind::NotTheServer);
}
