//! Lists and windows: what different readers see, and pages without a gap or a repeat.

use std::collections::BTreeMap;

use axum::http::Method;
use serde_json::{Value, json};

use crate::server::guild::Guild;

/// The answer with its ids as `#1`, `#2` … in order of their appearance, so that a picture of it stays the same.
fn named(value: &Value) -> Value {
    fn walk(value: &Value, seen: &mut BTreeMap<String, usize>) -> Value {
        match value {
            Value::String(text) if text.len() > 15 && text.bytes().all(|b| b.is_ascii_digit()) => {
                let next = seen.len() + 1;
                json!(format!("#{}", seen.entry(text.clone()).or_insert(next)))
            }
            Value::Array(items) => items.iter().map(|item| walk(item, seen)).collect(),
            Value::Object(fields) => fields
                .iter()
                .map(|(name, field)| (name.clone(), walk(field, seen)))
                .collect::<serde_json::Map<_, _>>()
                .into(),
            other => other.clone(),
        }
    }
    walk(value, &mut BTreeMap::new())
}

async fn populated() -> (Guild, String) {
    let guild = Guild::new().await;
    guild.open("oona", "shop", "article", "For Pro", "Beginning.\n\n<!-- more -->\n\nThe rest.").await;
    guild.server.advance(60);
    let question = guild.open("ada", "help", "question", "Why?", "Because of `what`.").await;
    guild.server.advance(60);
    let (answer, _) = guild.reply("bob", &question, None, "So. 线程池").await;
    guild.reply("ada", &question, Some(2), "Thanks @bob").await;
    guild.put("ada", &format!("/v1/threads/{question}/accepted"), json!({ "post": answer })).await;
    guild.put("ada", &format!("/v1/posts/{answer}/vote"), json!({ "value": 1 })).await;
    (guild, question)
}

#[tokio::test]
async fn each_route_as_each_reader() {
    let (guild, question) = populated().await;
    for (name, path) in [
        ("feed", "/v1/feed".to_owned()),
        ("threads", "/v1/threads?space=help&state=solved".to_owned()),
        ("thread", format!("/v1/threads/{question}")),
        ("posts", format!("/v1/threads/{question}/posts")),
        ("notifications", "/v1/notifications".to_owned()),
        ("search", "/v1/search?q=%E7%BA%BF%E7%A8%8B".to_owned()),
        ("changes", "/v1/changes?after=0".to_owned()),
    ] {
        for who in ["free", "bob", "pro", "mia"] {
            // The inbox and marks differ for who takes part, the gate for who holds; moderators see what Pro sees.
            if who == "mia" && name != "posts" {
                continue;
            }
            insta::assert_json_snapshot!(format!("{name}_{who}"), named(&guild.json(who, &path).await));
        }
    }
}

#[tokio::test]
async fn nobody_reads_without_signing_in() {
    let (guild, question) = populated().await;
    for path in [
        "/v1/feed",
        "/v1/threads",
        "/v1/notifications",
        "/v1/search?q=a",
        "/v1/changes",
        "/v1/events",
        &format!("/v1/threads/{question}"),
        &format!("/v1/threads/{question}/posts"),
    ] {
        assert_eq!(guild.server.get(path).send().await.problem(), (401, "unauthenticated".into()), "{path}");
    }
}

/// Walks a list to its end through the links; ids in order.
async fn walk(guild: &Guild, who: &str, first: &str, mut between: impl AsyncFnMut(usize)) -> Vec<String> {
    let (mut path, mut ids) = (first.to_owned(), Vec::new());
    for page in 0..100 {
        let reply = guild.get(who, &path).await;
        assert_eq!(reply.status, 200, "{path} {}", reply.json());
        let items = reply.json();
        let id = |item: &Value| item["thread"]["id"].as_str().or(item["id"].as_str()).unwrap().to_owned();
        ids.extend(items["items"].as_array().unwrap().iter().map(id));
        let link = reply.header("link");
        assert_eq!(link.is_empty(), items["next"].is_null());
        if link.is_empty() {
            return ids;
        }
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
        between(page).await;
    }
    panic!("{first} has no end");
}

#[tokio::test]
async fn pages_have_no_gap_and_no_repeat_while_threads_arrive() {
    let guild = Guild::new().await;
    let mut all = Vec::new();
    for i in 0..23 {
        let kind = if i % 2 == 0 { "question" } else { "discussion" };
        all.push(guild.open("ada", "help", kind, &format!("needle {i}"), "text").await);
        // Some share an instant: the order must not depend on time alone.
        if i % 3 == 0 {
            guild.server.advance(1);
        }
    }
    guild.server.sql("UPDATE threads SET pinned = 1 WHERE id IN (SELECT id FROM threads ORDER BY id LIMIT 3)").await;
    for list in [
        "/v1/feed?limit=4",
        "/v1/feed?view=unread&limit=4",
        "/v1/threads?limit=4",
        "/v1/threads?sort=newest&limit=4",
        "/v1/threads?sort=votes&limit=4",
        "/v1/threads?space=help&tag=async&limit=5",
        "/v1/search?q=needle&limit=4",
    ] {
        let mut seen = walk(&guild, "free", list, async |page| {
            guild.open("bob", "help", "discussion", &format!("needle new {page}"), "text").await;
        })
        .await;
        let count = seen.len();
        seen.sort();
        seen.dedup();
        assert_eq!(seen.len(), count, "{list}: a repeat");
        assert!(all.iter().all(|id| seen.contains(id)), "{list}: a gap");
    }
    let oldest = walk(&guild, "free", "/v1/threads?sort=oldest&kind=question&limit=4", async |_| {}).await;
    let questions: Vec<_> = all.iter().step_by(2).cloned().collect();
    assert_eq!(oldest, questions);
    let first = &guild.json("free", "/v1/threads?limit=3").await["items"];
    assert!(first.as_array().unwrap().iter().all(|thread| thread["pinned"] == true), "pinned stand on top");
}

#[tokio::test]
async fn windows_of_a_thread() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "discussion", "Long", "1").await;
    for i in 2..=25 {
        guild.reply("bob", &thread, None, &i.to_string()).await;
    }
    let numbers = async |query: &str| {
        let page = guild.json("free", &format!("/v1/threads/{thread}/posts{query}")).await;
        let numbers: Vec<u64> =
            page["items"].as_array().unwrap().iter().map(|p| p["number"].as_u64().unwrap()).collect();
        (numbers[..].first().copied(), numbers.last().copied(), page["next"].is_null())
    };
    assert_eq!(numbers("").await, (Some(1), Some(25), true));
    assert_eq!(numbers("?limit=10").await, (Some(1), Some(10), false));
    assert_eq!(numbers("?after=20").await, (Some(21), Some(25), true));
    assert_eq!(numbers("?after=25").await, (None, None, true));
    assert_eq!(numbers("?around=12&limit=9").await, (Some(9), Some(17), false));
    assert_eq!(numbers("?around=1&limit=9").await, (Some(1), Some(9), false));
    assert_eq!(numbers("?around=4000000000&limit=9").await, (Some(22), Some(25), true));
    let mut seen = 0;
    let mut path = format!("/v1/threads/{thread}/posts?limit=7");
    loop {
        let page = guild.json("free", &path).await;
        for post in page["items"].as_array().unwrap() {
            seen += 1;
            assert_eq!(post["number"], seen);
        }
        let Some(next) = page["next"].as_str() else { break };
        path = format!("/v1/threads/{thread}/posts?limit=7&cursor={next}");
    }
    assert_eq!(seen, 25);
}

#[tokio::test]
async fn long_posts_come_in_more_answers() {
    let guild = Guild::new().await;
    let thread = guild.open("ada", "help", "discussion", "Long", "1").await;
    for i in 2..=13 {
        guild.reply("bob", &thread, None, &format!("{i} {}", "x".repeat(63 * 1024))).await;
    }
    let first = guild.json("free", &format!("/v1/threads/{thread}/posts")).await;
    let shown = first["items"].as_array().unwrap().len();
    assert!((2..13).contains(&shown), "{shown}");
    let rest = format!("/v1/threads/{thread}/posts?cursor={}", first["next"].as_str().unwrap());
    assert_eq!(guild.json("free", &rest).await["items"][0]["number"], shown + 1);
    let around = guild.json("free", &format!("/v1/threads/{thread}/posts?around=13")).await;
    assert_eq!(around["items"].as_array().unwrap().last().unwrap()["number"], 13);
}

#[tokio::test]
async fn states_and_views_are_what_they_say() {
    let (guild, question) = populated().await;
    let open = guild.open("free", "help", "question", "Open?", "Text").await;
    let titles = async |who: &str, path: &str| {
        let page = guild.json(who, path).await;
        let titles = page["items"].as_array().unwrap().iter().map(|t| t["title"].as_str().unwrap().to_owned());
        titles.collect::<Vec<_>>()
    };
    assert_eq!(titles("bob", "/v1/threads?state=solved").await, ["Why?"]);
    assert_eq!(titles("bob", "/v1/threads?state=open").await, ["Open?"]);
    assert_eq!(titles("bob", "/v1/threads?state=unanswered").await, ["Open?"]);
    assert_eq!(titles("bob", "/v1/threads?state=mine").await, [""; 0]);
    assert_eq!(titles("ada", "/v1/threads?state=mine").await, ["Why?"]);
    assert_eq!(titles("bob", "/v1/threads?state=needs-me").await, ["Open?"], "bob was right about the same tag before");
    assert_eq!(titles("ada", "/v1/threads?state=needs-me").await, [""; 0]);
    guild.put("bob", &format!("/v1/threads/{open}/bookmark"), json!({ "on": true })).await;
    assert_eq!(titles("bob", "/v1/threads?state=bookmarked&kind=question").await, ["Open?"]);
    assert_eq!(titles("bob", "/v1/threads?state=bookmarked&kind=article").await, [""; 0]);
    guild.put("bob", &format!("/v1/threads/{question}/follow"), json!({ "on": true })).await;
    assert_eq!(titles("bob", "/v1/feed?view=following").await, ["Why?"]);
    guild.put("bob", &format!("/v1/threads/{question}/read"), json!({ "upto": 3 })).await;
    assert_eq!(titles("bob", "/v1/feed?view=unread").await, ["Open?", "For Pro"]);
    assert_eq!(titles("bob", "/v1/feed?view=for-you").await, ["Open?", "For Pro"], "by tag");
    assert_eq!(titles("mia", "/v1/feed?view=for-you").await, [""; 0]);
    assert_eq!(guild.get("bob", "/v1/threads?space=nowhere").await.problem().0, 404);
}

#[tokio::test]
async fn a_muted_thread_does_not_count_as_unread() {
    let (guild, question) = populated().await;
    guild.open("ada", "help", "question", "Other?", "Text").await;
    guild.put("bob", &format!("/v1/threads/{question}/bookmark"), json!({ "on": true })).await;
    let seen = async |who: &str| {
        let [unread, for_you] = ["unread", "for-you"].map(|view| format!("/v1/feed?view={view}"));
        let titles = async |path: String| {
            let page = guild.json(who, &path).await;
            page["items"].as_array().unwrap().iter().map(|t| t["title"].clone()).collect::<Vec<_>>()
        };
        let spaces = guild.json(who, "/v1/spaces").await;
        let help = spaces["items"].as_array().unwrap().iter().find(|space| space["id"] == "help").unwrap().clone();
        (titles(unread).await, titles(for_you).await, help["unread"].clone())
    };
    let mute = async |on: bool| guild.put("bob", &format!("/v1/threads/{question}/mute"), json!({ "on": on })).await;
    let all = vec![json!("Other?"), json!("Why?"), json!("For Pro")];
    let rest = vec![json!("Other?"), json!("For Pro")];
    assert_eq!(seen("bob").await, (all.clone(), all.clone(), json!(2)));
    let others = seen("free").await;
    assert_eq!(mute(true).await.status, 204);
    assert_eq!(seen("bob").await, (rest.clone(), rest, json!(1)));
    assert_eq!(seen("free").await, others, "to others nothing has changed");
    assert_eq!(mute(false).await.status, 204);
    assert_eq!(seen("bob").await, (all.clone(), all, json!(2)));
}

#[tokio::test]
async fn every_combination_of_filters_answers() {
    let (guild, _) = populated().await;
    for kind in ["", "&kind=question", "&kind=article"] {
        for state in ["", "unanswered", "open", "solved", "mine", "needs-me", "bookmarked"] {
            for sort in ["active", "newest", "oldest", "votes"] {
                for place in ["", "&space=help", "&tag=async", "&space=shop&tag=async"] {
                    let state = if state.is_empty() { String::new() } else { format!("&state={state}") };
                    let path = format!("/v1/threads?limit=1&sort={sort}{kind}{state}{place}");
                    let ids = walk(&guild, "bob", &path, async |_| {}).await;
                    assert!(ids.len() <= 2, "{path}");
                }
            }
        }
    }
    assert_eq!(guild.call("bob", Method::HEAD, "/v1/feed").send().await.status, 200);
}
