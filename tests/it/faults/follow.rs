//! Live changes while the stream is cut at random: in the end the store has what the server has, unread counts included.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::http::Method;
use lyceum::base::random::{Random, Seeded, SystemRandom};
use lyceum::base::secret::Secret;
use lyceum::base::time::SystemClock;
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Community, Ends, Session};
use lyceum::engine::account::Sessions;
use lyceum::engine::event::{Answer, Event};
use lyceum::engine::request::{Query, Request, Ticket};
use lyceum::engine::{Engine, Handle, Parts, Shelf};
use lyceum::model::feed::View;
use lyceum::model::page::Window;
use lyceum::model::post::Post;
use lyceum::model::thread::Thread;
use lyceum::vault;
use serde_json::{Value, json};
use tokio::sync::mpsc::UnboundedReceiver;

use super::child::Tampered;
use super::proxy::{Fault, Proxy};
use super::scale;
use crate::server::harness::TestServer;

const DEADLINE: Duration = Duration::from_secs(120);
const THREADS: usize = 12;

/// Somebody who follows, and whose store is asked.
struct Reader {
    handle: Handle,
    events: UnboundedReceiver<Event>,
    last: u64,
}

impl Reader {
    fn start(folder: &std::path::Path, proxy: std::net::SocketAddr, token: &str, gaps: bool) -> Self {
        let vault = Arc::new(vault::memory::Memory::default());
        let sessions = Arc::new(Sessions::open(&format!("http://{proxy}"), vault, None));
        sessions
            .keep("ada", &Session { access: Secret::from(token), refresh: Secret::from(""), ends: Ends::default() });
        let native = client(proxy, &sessions);
        let (handle, events) = Engine::start(Parts {
            community: Arc::new(Tampered { native: native.clone(), keyless: false, gaps }),
            sign_in: Arc::new(native.clone()),
            security: Arc::new(native),
            sessions,
            shelf: Some(Shelf::in_folder(folder.to_owned())),
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
        });
        Self { handle, events, last: 0 }
    }

    async fn answer(&mut self, request: Request) -> Option<Answer> {
        self.last += 1;
        let wanted = Ticket(self.last);
        self.handle.send(wanted, request);
        loop {
            match tokio::time::timeout(DEADLINE, self.events.recv()).await.expect("an answer")? {
                Event::Answer { ticket, result } if ticket == wanted => return result.ok(),
                _ => {}
            }
        }
    }

    /// Fetches everything there is.
    async fn fetch_all(&mut self) {
        self.handle.send(Ticket(0), Request::SyncAll);
        while !matches!(self.events.recv().await, Some(Event::Progress(progress)) if progress.is_over) {}
    }

    /// What the store holds, without asking the community.
    async fn kept(&mut self) -> (Vec<Thread>, Vec<Post>) {
        let Some(Answer::Threads(page)) = self.answer(Request::Look(Query::Feed(View::Latest, None), 500)).await else {
            return (Vec::new(), Vec::new());
        };
        let mut posts = Vec::new();
        for thread in &page.items {
            let window = Request::Look(Query::Posts(thread.id.clone(), Window::Start), 10_000);
            if let Some(Answer::Posts(page)) = self.answer(window).await {
                posts.extend(page.items);
            }
        }
        (page.items, posts)
    }
}

fn client(address: std::net::SocketAddr, sessions: &Arc<Sessions>) -> Native {
    let origin = Origin::parse(&format!("http://{address}")).unwrap();
    let [connect, idle, whole, silence] = [1000, 1500, 3000, 30_000].map(Duration::from_millis);
    Native::new(origin, sessions.clone(), Timeouts { connect, idle, whole, silence }).unwrap()
}

/// What the server holds, asked without anything in between.
async fn there(native: &Native) -> (Vec<Thread>, Vec<Post>) {
    let (mut threads, mut cursor) = (Vec::new(), None);
    loop {
        let page = native.feed(View::Latest, cursor.as_ref()).await.unwrap();
        threads.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    let mut posts = Vec::new();
    for thread in &threads {
        let mut after = 0;
        loop {
            let page = native.posts(&thread.id, Window::After(after)).await.unwrap();
            let Some(last) = page.items.last() else { break };
            after = last.number;
            posts.extend(page.items);
        }
    }
    (threads, posts)
}

/// Others write, vote, edit and mark.
struct Others<'a> {
    server: &'a TestServer,
    ada: String,
    bram: String,
    threads: Vec<String>,
    random: Seeded,
    done: usize,
}

impl Others<'_> {
    fn draw(&self, below: usize) -> usize {
        let mut bytes = [0; 4];
        self.random.fill(&mut bytes);
        u32::from_le_bytes(bytes) as usize % below
    }

    async fn send(&self, method: Method, path: &str, token: &str, body: &Value) -> Value {
        let key = format!("o{}", self.done);
        self.server.call(method, path).token(token).header("idempotency-key", &key).json(body).send().await.json()
    }

    async fn open(&mut self) {
        let body = json!({"space": "general", "kind": "discussion", "title": format!("t{}", self.done), "body": "opening", "tags": []});
        let opened = self.send(Method::POST, "/v1/threads", &self.bram.clone(), &body).await;
        self.threads.push(opened["thread"].as_str().unwrap().to_owned());
        self.done += 1;
    }

    /// One change of any kind.
    async fn change(&mut self) {
        let thread = self.threads[self.draw(self.threads.len())].clone();
        let posts = format!("/v1/threads/{thread}/posts");
        let listed = self.server.get(&format!("{posts}?limit=100")).token(&self.bram).send().await.json();
        let items = listed["items"].as_array().unwrap().clone();
        let post = &items[self.draw(items.len())];
        let id = post["id"].as_str().unwrap();
        match self.draw(10) {
            0 => self.open().await,
            1..=4 => drop(
                self.send(Method::POST, &posts, &self.bram, &json!({"body": format!("n{} @ada", self.done)})).await,
            ),
            5 => drop(
                self.send(
                    Method::PUT,
                    &format!("/v1/posts/{id}/vote"),
                    &self.ada,
                    &json!({"value": self.draw(3) as i64 - 1}),
                )
                .await,
            ),
            6 => {
                let version = format!("\"{}\"", post["version"].as_str().unwrap());
                let call = self.server.patch(&format!("/v1/posts/{id}")).token(&self.bram).header("if-match", &version);
                call.header("idempotency-key", &format!("e{}", self.done))
                    .json(&json!({"body": format!("edited {}", self.done)}))
                    .send()
                    .await;
            }
            7 => {
                let upto = self.draw(items.len() + 1);
                drop(
                    self.send(Method::PUT, &format!("/v1/threads/{thread}/read"), &self.ada, &json!({"upto": upto}))
                        .await,
                );
            }
            8 => drop(
                self.send(
                    Method::PUT,
                    &format!("/v1/threads/{thread}/follow"),
                    &self.ada,
                    &json!({"on": self.draw(2) == 0}),
                )
                .await,
            ),
            _ => drop(
                self.send(
                    Method::PUT,
                    &format!("/v1/threads/{thread}/bookmark"),
                    &self.ada,
                    &json!({"on": self.draw(2) == 0}),
                )
                .await,
            ),
        }
        self.done += 1;
    }
}

/// How it ended: what the store has, what the server has.
struct End {
    kept: (Vec<Thread>, Vec<Post>),
    wanted: (Vec<Thread>, Vec<Post>),
}

async fn run(changes: usize, patience: Duration, gaps: bool) -> End {
    let server = TestServer::new().await;
    let (ada, bram) = (server.member("ada").await, server.member("bram").await);
    let mut others =
        Others { server: &server, ada: ada.clone(), bram, threads: Vec::new(), random: Seeded::new(5), done: 0 };
    for _ in 0..THREADS {
        others.open().await;
    }
    let listening = server.listen();
    let address = listening.url("").trim_start_matches("http://").trim_end_matches('/').parse().unwrap();
    let proxy = Proxy::before(address, 21).await;
    let folder = tempfile::tempdir().unwrap();
    let mut reader = Reader::start(folder.path(), proxy.address, &ada, gaps);
    reader.fetch_all().await;
    proxy.spoil(30, Fault::ALL);
    for n in 0..changes {
        others.change().await;
        if n % (changes / 3).max(1) == changes / 4 {
            // The program ends and starts again in between.
            reader = Reader::start(folder.path(), proxy.address, &ada, gaps);
        }
    }
    proxy.spoil(5, &[Fault::CutBefore]);
    let vault = Arc::new(vault::memory::Memory::default());
    let sessions = Arc::new(Sessions::open(&format!("http://{address}"), vault, None));
    sessions
        .keep("ada", &Session { access: Secret::from(ada.as_str()), refresh: Secret::from(""), ends: Ends::default() });
    let wanted = there(&client(address, &sessions)).await;
    let began = Instant::now();
    let mut kept = reader.kept().await;
    while kept != wanted && began.elapsed() < patience {
        tokio::time::sleep(Duration::from_millis(100)).await;
        kept = reader.kept().await;
    }
    let unread = |threads: &[Thread]| threads.iter().map(|thread| u64::from(thread.unread())).sum::<u64>();
    println!(
        "follow{}: {changes} changes, {} threads, {} posts, unread {} and {}; faults: {:?}",
        if gaps { " with gaps" } else { "" },
        wanted.0.len(),
        wanted.1.len(),
        unread(&kept.0),
        unread(&wanted.0),
        proxy.counts()
    );
    End { kept, wanted }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_store_equals_the_server_in_the_end() {
    let End { kept, wanted } = run(scale(60, 1000), DEADLINE, false).await;
    let facts = |thread: &Thread| (thread.id.clone(), thread.last, thread.marks);
    assert_eq!(kept.0.iter().map(facts).collect::<Vec<_>>(), wanted.0.iter().map(facts).collect::<Vec<_>>());
    assert_eq!(kept, wanted);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn with_gaps_it_does_not() {
    let End { kept, wanted } = run(scale(60, 300), Duration::from_secs(3), true).await;
    assert_ne!(kept, wanted, "the net has holes");
}
