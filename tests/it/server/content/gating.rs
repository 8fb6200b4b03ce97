//! What a gated thread hides appears nowhere for those who may not read it, and everywhere it should for those who may.

use lyceum::model::ledger::FactKind;
use lyceum::server::acts::{self, Act};
use lyceum::server::db::{house::House, threads::NewThread};
use serde_json::json;

use crate::server::guild::{Guild, INSIDE, OUTSIDE, SECRET};

/// One thread in the space for Pro, one under a gate in an open space; both hide the secret, in the opening post and in
/// a reply that names everybody.
struct Hidden {
    guild: Guild,
    threads: [String; 2],
    posts: Vec<String>,
}

const BODY: &str =
    "Public beginning about pelicans.\n\n<!-- more -->\n\nHidden: zirconium walrus, for @free @pro @lapsed.";

async fn hidden() -> Hidden {
    let guild = Guild::new().await;
    let in_space = guild.open("oona", "shop", "question", "How walls are built", BODY).await;
    let gated = gated_thread(&guild).await;
    let threads = [in_space, gated];
    let mut posts = Vec::new();
    for thread in &threads {
        for outsider in OUTSIDE {
            let path = format!("/v1/threads/{thread}/follow");
            assert_eq!(guild.put(outsider, &path, json!({ "on": true })).await.status, 204);
        }
        let named = "The zirconium walrus again, @free @pro @lapsed @refunded @revoked.";
        posts.push(guild.reply("pro", thread, None, named).await.0);
        posts.push(guild.reply("oona", thread, None, "Another zirconium walrus.").await.0);
    }
    Hidden { guild, threads, posts }
}

async fn gated_thread(guild: &Guild) -> String {
    let (app, author) = (&guild.server.app, guild.id("oona").await);
    let mut write = app.db.write().await.unwrap();
    let house = House::load(&mut write).await.unwrap();
    let mut act = Act { write: &mut write, ids: app.db.ids(), house: &house, at: guild.server.now(), dated: false };
    let new = NewThread {
        space: "help",
        kind: lyceum::model::thread::Kind::Article,
        title: "Walls, longer",
        body: BODY,
        tags: &["async".to_owned()],
        gate: Some("pro"),
    };
    let done = acts::threads::open(&mut act, author, &new).await.unwrap();
    write.commit().await.unwrap();
    done.thread.to_string()
}

/// Everything that a member can ask for.
fn everything(hidden: &Hidden) -> Vec<String> {
    let mut paths: Vec<String> = [
        "/v1/community",
        "/v1/plans",
        "/v1/spaces",
        "/v1/me",
        "/v1/me/membership",
        "/v1/members/oona",
        "/v1/members/pro",
        "/v1/openapi.json",
        "/v1/feed",
        "/v1/feed?view=following",
        "/v1/feed?view=unread",
        "/v1/feed?view=for-you",
        "/v1/threads",
        "/v1/threads?space=shop",
        "/v1/threads?state=unanswered",
        "/v1/threads?tag=async&sort=votes",
        "/v1/notifications",
        "/v1/notifications?done=true",
        "/v1/changes?after=0&limit=100",
        "/v1/search?q=pelicans",
        "/v1/search?q=walls",
        "/v1/search?q=tag:async",
        "/v1/search?q=from:oona",
        "/v1/search?q=from:pro",
        "/v1/search?q=walrus",
        "/v1/search?q=zircon",
        "/v1/search?q=%22zirconium%20walrus%22",
    ]
    .map(str::to_owned)
    .to_vec();
    for thread in &hidden.threads {
        paths.push(format!("/v1/threads/{thread}"));
        paths.push(format!("/v1/access?thread={thread}"));
        for window in ["", "?after=0", "?after=1", "?around=2", "?limit=100"] {
            paths.push(format!("/v1/threads/{thread}/posts{window}"));
        }
    }
    paths.extend(hidden.posts.iter().map(|post| format!("/v1/posts/{post}/revisions")));
    paths
}

fn tells(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes).to_lowercase().replace(['\u{e000}', '\u{e001}'], "");
    SECRET.split(' ').any(|word| text.contains(word))
}

#[tokio::test]
async fn what_is_hidden_appears_nowhere() {
    let hidden = hidden().await;
    for who in OUTSIDE {
        for path in everything(&hidden) {
            let reply = hidden.guild.get(who, &path).await;
            assert!(reply.status.as_u16() < 500, "{who} {path}");
            assert!(!tells(&reply.bytes), "{who} {path}: {}", String::from_utf8_lossy(&reply.bytes));
            let headers = format!("{:?}", reply.headers);
            assert!(!tells(headers.as_bytes()), "{who} {path}: {headers}");
        }
    }
}

#[tokio::test]
async fn words_of_what_is_hidden_find_nothing() {
    let hidden = hidden().await;
    for query in ["walrus", "zirconium", "%22zirconium%20walrus%22", "again", "pelicans%20walrus", "walrus%20from:pro"]
    {
        let path = format!("/v1/search?q={query}");
        for who in OUTSIDE {
            assert_eq!(hidden.guild.json(who, &path).await["items"], json!([]), "{who} {query}");
        }
        for who in INSIDE {
            let found = hidden.guild.json(who, &path).await["items"].as_array().unwrap().len();
            assert_eq!(found, 2, "{who} {query}");
        }
    }
}

#[tokio::test]
async fn the_public_part_is_found_and_shown() {
    let hidden = hidden().await;
    for who in OUTSIDE {
        let found = hidden.guild.json(who, "/v1/search?q=pelicans").await;
        let first = &found["items"][0];
        assert_eq!(found["items"].as_array().unwrap().len(), 2, "{who}");
        assert_eq!(first["snippet"], "Public beginning about \u{e000}pelicans\u{e001}.");
        assert_eq!(first["thread"]["entitlement"]["required"]["slug"], "pro");
        for thread in &hidden.threads {
            let posts = hidden.guild.json(who, &format!("/v1/threads/{thread}/posts?around=3")).await;
            assert_eq!(posts["items"].as_array().unwrap().len(), 1, "exactly one post");
            let post = &posts["items"][0];
            assert_eq!((&post["partial"], &post["may_edit"]), (&json!(true), &json!(false)));
            assert_eq!(post["body"], "Public beginning about pelicans.");
            assert_eq!(posts["entitlement"]["plans"], json!(["pro-month", "studio-year"]));
            let shown = hidden.guild.json(who, &format!("/v1/threads/{thread}")).await;
            assert_eq!((&shown["last"], &shown["excerpt"]), (&json!(3), &json!("Public beginning about pelicans.")));
        }
    }
}

#[tokio::test]
async fn those_who_may_read_it_see_all_of_it() {
    let hidden = hidden().await;
    for who in INSIDE {
        for thread in &hidden.threads {
            let posts = hidden.guild.get(who, &format!("/v1/threads/{thread}/posts")).await;
            assert!(tells(&posts.bytes), "{who}");
            assert_eq!(posts.json()["items"].as_array().unwrap().len(), 3);
            assert_eq!(posts.json()["entitlement"], json!(null));
        }
        let found = hidden.guild.json(who, "/v1/search?q=%22zirconium%20walrus%22").await;
        assert!(found["items"][0]["snippet"].as_str().unwrap().contains("\u{e000}zirconium walrus\u{e001}"), "{found}");
    }
    let inbox = hidden.guild.get("pro", "/v1/notifications").await;
    assert!(tells(&inbox.bytes), "a mention inside reaches those who may read it: {}", inbox.json());
}

#[tokio::test]
async fn nothing_hidden_reaches_an_inbox_nor_its_live_news() {
    let hidden = hidden().await;
    for who in OUTSIDE {
        assert_eq!(hidden.guild.json(who, "/v1/notifications?done=true").await["items"], json!([]), "{who}");
        let changes = hidden.guild.json(who, "/v1/changes?after=0&limit=100").await;
        let topics: Vec<&str> =
            changes["items"].as_array().unwrap().iter().map(|change| change["topic"].as_str().unwrap()).collect();
        assert!(!topics.contains(&"inbox"), "{who} {topics:?}");
    }
}

#[tokio::test]
async fn writing_in_what_is_hidden_takes_a_membership() {
    let hidden = hidden().await;
    let before = hidden.guild.rows().await;
    for who in OUTSIDE {
        for thread in &hidden.threads {
            let reply = hidden.guild.post(who, &format!("/v1/threads/{thread}/posts"), json!({ "body": "x" })).await;
            assert_eq!(reply.problem(), (402, "membership_required".into()), "{who}");
            assert_eq!(reply.json()["entitlement"]["required"]["slug"], "pro");
        }
        let new = json!({ "space": "shop", "kind": "question", "title": "t", "body": "b" });
        assert_eq!(hidden.guild.post(who, "/v1/threads", new).await.problem().0, 402, "{who}");
        for post in &hidden.posts {
            let vote = hidden.guild.put(who, &format!("/v1/posts/{post}/vote"), json!({ "value": 1 })).await;
            assert_eq!(vote.problem().0, 402, "{who}");
        }
    }
    assert_eq!(hidden.guild.rows().await, before);
}

#[tokio::test]
async fn an_edit_of_what_is_hidden_changes_nothing_outside() {
    let hidden = hidden().await;
    let thread = &hidden.threads[0];
    let paths = [format!("/v1/threads/{thread}"), format!("/v1/threads/{thread}/posts"), "/v1/feed".to_owned()];
    let mut before = Vec::new();
    for path in &paths {
        before.push(hidden.guild.get("free", path).await);
    }
    let posts = hidden.guild.json("oona", &paths[1]).await;
    let opening = posts["items"][0]["id"].as_str().unwrap();
    hidden.guild.server.advance(60);
    let edit = hidden.guild.call("oona", axum::http::Method::PATCH, &format!("/v1/posts/{opening}"));
    let body = json!({ "body": BODY.replace("walrus", "walruses and 线程") });
    assert_eq!(edit.header("if-match", "\"1\"").json(&body).send().await.status, 200);
    for (path, before) in paths.iter().zip(before) {
        let after = hidden.guild.get("free", path).await;
        assert_eq!(after.json(), before.json(), "{path}");
        assert_eq!(after.header("etag"), before.header("etag"), "{path}");
    }
    let found = hidden.guild.json("pro", &lyceum::api::path::fill("/v1/search?q={x}", "线程")).await;
    assert_eq!(found["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_membership_that_ends_closes_the_door_behind_it() {
    let hidden = hidden().await;
    let path = format!("/v1/threads/{}/posts", hidden.threads[0]);
    assert_eq!(hidden.guild.json("pro", &path).await["entitlement"], json!(null));
    hidden.guild.fact("pro", 0, FactKind::Revoked { reason: String::new() }).await;
    let reply = hidden.guild.get("pro", &path).await;
    assert!(!tells(&reply.bytes));
    let inbox = hidden.guild.get("pro", "/v1/notifications").await;
    assert!(!tells(&inbox.bytes), "lines stay, their words are the public ones: {}", inbox.json());
    assert_eq!(inbox.json()["items"][0]["excerpt"], "Public beginning about pelicans.");
    let own = &hidden.posts[0];
    assert_eq!(hidden.guild.get("pro", &format!("/v1/posts/{own}/revisions")).await.problem().0, 402);
}
