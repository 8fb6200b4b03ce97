//! Sends through a line that spoils a third of everything, by a client that is killed at random: nothing lost, nothing
//! doubled, every thread in order.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use axum::http::Method;
use lyceum::base::random::{Random, Seeded};
use serde_json::json;

use super::child::{Without, Writer};
use super::proxy::{Fault, Proxy};
use super::scale;
use crate::server::harness::{Listening, TestServer};

/// Threads that are written in turn.
const THREADS: usize = 5;
/// Nothing takes this long when all is well.
const DEADLINE: Duration = Duration::from_secs(120);

/// A server with threads to write in, and who writes.
struct Place {
    server: TestServer,
    _listening: Listening,
    proxy: Proxy,
    token: String,
    threads: Vec<String>,
}

impl Place {
    async fn new(seed: u64) -> Self {
        let server = TestServer::new().await;
        let token = server.member("ada").await;
        let mut threads = Vec::new();
        for n in 0..THREADS {
            let body = json!({"space": "general", "kind": "discussion", "title": format!("thread {n}"), "body": "opening", "tags": []});
            let call =
                server.call(Method::POST, "/v1/threads").token(&token).header("idempotency-key", &format!("t{n}"));
            let reply = call.json(&body).send().await;
            threads.push(reply.json()["thread"].as_str().unwrap_or_else(|| panic!("{reply:?}")).to_owned());
        }
        let listening = server.listen();
        let address = listening.url("").trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
        let proxy = Proxy::before(address, seed).await;
        Self { server, _listening: listening, proxy, token, threads }
    }

    /// The bodies of a thread's replies, as the server has them.
    async fn bodies(&self, thread: &str) -> Vec<String> {
        let mut bodies = Vec::new();
        let mut after = 0;
        loop {
            let path = format!("/v1/threads/{thread}/posts?after={after}&limit=100");
            let page = self.server.get(&path).token(&self.token).send().await.json();
            let items = page["items"].as_array().unwrap().clone();
            let Some(last) = items.last() else { return bodies };
            after = last["number"].as_u64().unwrap();
            bodies.extend(
                items
                    .iter()
                    .skip(usize::from(bodies.is_empty() && after > 0 && items[0]["number"] == 1))
                    .map(|post| post["body"].as_str().unwrap().to_owned()),
            );
        }
    }
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
struct Counts {
    sends: usize,
    kills: usize,
    lost: usize,
    doubled: usize,
    out_of_order: usize,
}

/// Presses send so often, and kills the client so often, at random moments.
async fn run((sends, kills): (usize, usize), seed: u64, without: Without) -> (Counts, Place) {
    let place = Place::new(seed).await;
    let folder = tempfile::tempdir().unwrap();
    let random = Seeded::new(seed + 1);
    let draw = |below: usize| {
        let mut bytes = [0; 4];
        random.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize % below
    };
    // What is taken out shows best where it is needed most.
    match without {
        Without::Nothing => place.proxy.spoil(30, Fault::ALL),
        Without::Key => place.proxy.spoil(50, &[Fault::CutAfter]),
        Without::Disk => place.proxy.spoil(100, &[Fault::CutBefore]),
    }
    let start = || Writer::start(folder.path(), place.proxy.address, &place.token, without);
    let mut writer = start();
    let mut counts = Counts { sends, kills, ..Counts::default() };
    let mut killed = 0;
    for n in 0..sends {
        let thread = place.threads[n % THREADS].clone();
        let body = format!("message {n} of {sends}");
        writer.press(&thread, &body);
        // Pressed means: in the outbox. Who is killed before that presses again, if it is nowhere.
        while !wait_for(&writer, &body) {
            writer.kill();
            writer = start();
            let in_outbox = wait_until_ready(&writer);
            if !in_outbox.contains(&body) && !place.bodies(&thread).await.contains(&body) {
                writer.press(&thread, &body);
            } else {
                break;
            }
        }
        if killed < kills && draw(sends) < kills.max(1) * 2 {
            tokio::time::sleep(Duration::from_millis(draw(60) as u64)).await;
            writer.kill();
            killed += 1;
            writer = start();
            wait_until_ready(&writer);
        }
    }
    counts.kills = killed;
    place.proxy.spoil(10, &[Fault::CutBefore]);
    let began = Instant::now();
    let mut expected: HashMap<String, Vec<String>> = HashMap::new();
    for n in 0..sends {
        expected.entry(place.threads[n % THREADS].clone()).or_default().push(format!("message {n} of {sends}"));
    }
    loop {
        let mut arrived = 0;
        for thread in &place.threads {
            arrived += place.bodies(thread).await.iter().collect::<std::collections::HashSet<_>>().len();
        }
        let patience = if without == Without::Disk { Duration::from_secs(4) } else { DEADLINE };
        if arrived >= sends || began.elapsed() > patience {
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    for (thread, expected) in expected {
        let there = place.bodies(&thread).await;
        counts.lost += expected.iter().filter(|body| !there.contains(body)).count();
        counts.doubled += there.len() - there.iter().collect::<std::collections::HashSet<_>>().len();
        let mut first: Vec<&String> = Vec::new();
        there.iter().for_each(|body| {
            if !first.contains(&body) {
                first.push(body)
            }
        });
        let wanted: Vec<&String> = expected.iter().filter(|body| there.contains(body)).collect();
        counts.out_of_order += first.iter().zip(&wanted).filter(|(there, wanted)| there != wanted).count();
    }
    (counts, place)
}

/// Whether the client says that a text is in its outbox; false when it says nothing for long.
fn wait_for(writer: &Writer, body: &str) -> bool {
    loop {
        match writer.told.recv_timeout(Duration::from_secs(20)) {
            Ok(told) if told == body => return true,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// What the client finds in its outbox when it starts.
fn wait_until_ready(writer: &Writer) -> Vec<String> {
    let mut found = Vec::new();
    let mut wanted = None;
    while wanted.is_none_or(|wanted| found.len() < wanted) {
        let told = writer.told.recv_timeout(Duration::from_secs(60)).expect("the client starts");
        match told.strip_prefix("ready ") {
            Some(number) => wanted = Some(number.parse::<usize>().unwrap()),
            None => found.push(told),
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_is_lost_doubled_or_out_of_order() {
    let (counts, place) = run(scale((30, 4), (500, 100)), 11, Without::Nothing).await;
    println!("sends: {counts:?}; faults: {:?}", place.proxy.counts());
    assert_eq!((counts.lost, counts.doubled, counts.out_of_order), (0, 0, 0), "{counts:?}");
    assert!(counts.kills > 0 && place.proxy.counts().len() > 3, "{counts:?} {:?}", place.proxy.counts());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_keys_texts_are_doubled() {
    let (counts, _) = run(scale((25, 2), (200, 20)), 12, Without::Key).await;
    println!("without keys: {counts:?}");
    assert!(counts.doubled > 0, "the net has holes: {counts:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_a_disk_texts_are_lost() {
    let (counts, _) = run(scale((25, 5), (200, 60)), 13, Without::Disk).await;
    println!("without a disk: {counts:?}");
    assert!(counts.lost > 0, "the net has holes: {counts:?}");
}
