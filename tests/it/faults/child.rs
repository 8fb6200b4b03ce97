//! A client without a screen, in a process of its own, so that it can be killed: the engine, its store and the native
//! backend, told what to do line by line. Not a test; [`Writer`] is the other end.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use async_trait::async_trait;
use lyceum::base::ids::{IdempotencyKey, ThreadId, Username};
use lyceum::base::random::{Random, SystemRandom, hex};
use lyceum::base::secret::Secret;
use lyceum::base::time::SystemClock;
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Capabilities, Community, Ends, LiveStream, Result, Session};
use lyceum::engine::account::Sessions;
use lyceum::engine::event::Event;
use lyceum::engine::request::{Request, Ticket};
use lyceum::engine::{Engine, Parts, Shelf};
use lyceum::model::change::{Applied, Change, Notice};
use lyceum::model::{
    community::Community as About,
    feed::{ThreadQuery, View},
    member::{Me, Member},
    membership::Membership,
    notification::Notification,
    page::{Cursor, Page, Window},
    permission::Access,
    plan::Plan,
    post::Post,
    search::Hit,
    space::Space,
    thread::Thread,
};
use lyceum::vault;

const PLAYS: &str = "LYCEUM_TEST_WRITER";

/// Which protection is taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Without {
    /// None.
    Nothing,
    /// Every attempt has a key of its own.
    Key,
    /// The outbox is in memory only.
    Disk,
}

/// A client in another process.
pub(crate) struct Writer {
    child: Child,
    input: ChildStdin,
    pub(crate) told: Receiver<String>,
}

impl Writer {
    /// Starts it: its store in `folder`, its community behind `proxy`.
    pub(crate) fn start(folder: &Path, proxy: SocketAddr, token: &str, without: Without) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "faults::child::writer", "--nocapture", "--quiet", "--test-threads=1"])
            .env(PLAYS, format!("{}\n{proxy}\n{token}\n{without:?}", folder.display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let (send, told) = channel();
        let output = BufReader::new(child.stdout.take().unwrap());
        std::thread::spawn(move || {
            for line in output.lines().map_while(std::result::Result::ok) {
                if let Some(line) = line.strip_prefix('@') {
                    let _ = send.send(line.to_owned());
                }
            }
        });
        Self { input: child.stdin.take().unwrap(), child, told }
    }

    /// Somebody presses send: a reply to a thread.
    pub(crate) fn press(&mut self, thread: &str, body: &str) {
        // One that was killed meanwhile hears nothing.
        let _ = writeln!(self.input, "{thread} {body}");
        let _ = self.input.flush();
    }

    /// `kill -9`.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Not a test: the client. It says `@BODY` once a text is in the outbox, `@-BODY` once it left that, and `@ready N` with
/// what it found at the start.
#[test]
fn writer() {
    let Ok(plays) = std::env::var(PLAYS) else { return };
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(play(&plays));
}

async fn play(plays: &str) {
    let [folder, proxy, token, without] = plays.lines().collect::<Vec<_>>()[..] else { panic!("{plays}") };
    let vault = Arc::new(vault::memory::Memory::default());
    let sessions = Arc::new(Sessions::open(&format!("http://{proxy}"), vault, None));
    sessions.keep("ada", &Session { access: Secret::from(token), refresh: Secret::from(""), ends: Ends::default() });
    let origin = Origin::parse(&format!("http://{proxy}")).unwrap();
    let [connect, idle, whole, silence] = [500, 700, 1500, 20_000].map(Duration::from_millis);
    let native = Native::new(origin, sessions.clone(), Timeouts { connect, idle, whole, silence }).unwrap();
    let community: Arc<dyn Community> =
        Arc::new(Tampered { native: native.clone(), keyless: without == "Key", gaps: false });
    let (handle, mut events) = Engine::start(Parts {
        community,
        sign_in: Arc::new(native.clone()),
        security: Arc::new(native),
        sessions,
        shelf: (without != "Disk").then(|| Shelf::in_folder(folder.into())),
        clock: Arc::new(SystemClock),
        random: Arc::new(SystemRandom),
    });
    let (send, mut lines) = tokio::sync::mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(std::result::Result::ok) {
            let _ = send.send(line);
        }
    });
    let mut known: Option<Vec<String>> = None;
    let mut tickets = 0;
    loop {
        tokio::select! {
            line = lines.recv() => {
                let Some(line) = line else { return };
                let (thread, body) = line.split_once(' ').unwrap();
                tickets += 1;
                let change = Change::Reply { thread: ThreadId::new(thread), parent: None, body: body.to_owned() };
                handle.send(Ticket(tickets), Request::Apply(change));
            }
            event = events.recv() => {
                let Some(Event::Outbox(entries)) = event else { continue };
                let bodies = entries.iter().filter_map(|entry| match &entry.change {
                    Change::Reply { body, .. } => Some(body.clone()),
                    _ => None,
                });
                let now: Vec<String> = bodies.collect();
                let before = known.clone().unwrap_or_default();
                if known.is_none() {
                    say(&format!("ready {}", now.len()));
                }
                now.iter().filter(|body| !before.contains(body)).for_each(|body| say(body));
                before.iter().filter(|body| !now.contains(body)).for_each(|body| say(&format!("-{body}")));
                known = Some(now);
            }
        }
    }
}

fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = writeln!(out, "@{text}");
    let _ = out.flush();
}

/// A backend with a protection taken out.
pub(crate) struct Tampered {
    pub(crate) native: Native,
    /// Whether every attempt goes under a key of its own.
    pub(crate) keyless: bool,
    /// Whether what was missed while the stream was cut stays missed.
    pub(crate) gaps: bool,
}

#[async_trait]
impl Community for Tampered {
    fn capabilities(&self) -> Capabilities {
        self.native.capabilities()
    }

    async fn about(&self) -> Result<About> {
        self.native.about().await
    }

    async fn me(&self) -> Result<Me> {
        self.native.me().await
    }

    async fn spaces(&self) -> Result<Vec<Space>> {
        self.native.spaces().await
    }

    async fn feed(&self, view: View, cursor: Option<&Cursor>) -> Result<Page<Thread>> {
        self.native.feed(view, cursor).await
    }

    async fn threads(&self, query: &ThreadQuery, cursor: Option<&Cursor>) -> Result<Page<Thread>> {
        self.native.threads(query, cursor).await
    }

    async fn thread(&self, id: &ThreadId) -> Result<Thread> {
        self.native.thread(id).await
    }

    async fn posts(&self, id: &ThreadId, window: Window) -> Result<Page<Post>> {
        self.native.posts(id, window).await
    }

    async fn access(&self, id: &ThreadId) -> Result<Access> {
        self.native.access(id).await
    }

    async fn search(&self, query: &str, cursor: Option<&Cursor>) -> Result<Page<Hit>> {
        self.native.search(query, cursor).await
    }

    async fn notifications(&self, done: bool, cursor: Option<&Cursor>) -> Result<Page<Notification>> {
        self.native.notifications(done, cursor).await
    }

    async fn plans(&self) -> Result<Vec<Plan>> {
        self.native.plans().await
    }

    async fn membership(&self) -> Result<Membership> {
        self.native.membership().await
    }

    async fn member(&self, username: &Username) -> Result<Member> {
        self.native.member(username).await
    }

    async fn apply(&self, change: &Change, key: &IdempotencyKey) -> Result<Applied> {
        let own = IdempotencyKey::new(hex(&SystemRandom as &dyn Random, 16));
        self.native.apply(change, if self.keyless { &own } else { key }).await
    }

    async fn changes(&self, after: Option<u64>) -> Result<(Vec<Notice>, u64)> {
        self.native.changes(after.filter(|_| !self.gaps)).await
    }

    async fn live(&self, after: Option<u64>) -> Result<LiveStream> {
        self.native.live(after).await
    }
}
