//! Nobody finds out by trying who is here: what is said, and the work that is done, are the same.
//!
//! Two servers in the same state are asked the same, one with what it knows and one with what it does not. Work is
//! counted, not timed: hashes by the server itself, statements by what the database driver logs. The driver logs from
//! threads of its own, so the counting wants a process with nothing else in it: the test starts itself again.

use std::sync::atomic::{AtomicU64, Ordering};

use lyceum::config::server::{Delay, Settings};
use serde_json::{Value, json};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use super::harness::{PASSWORD, Reply, TestServer};

const CHILD: &str = "LYCEUM_TEST_COUNTS";
const TRIES: usize = 500;
const ACCOUNTS: usize = 20;

/// Statements that the driver has logged.
static STATEMENTS: AtomicU64 = AtomicU64::new(0);

struct Counting;

impl Subscriber for Counting {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target() == "sqlx::query"
    }
    fn event(&self, event: &Event<'_>) {
        let mut statement = Statement::default();
        event.record(&mut statement);
        STATEMENTS.fetch_add(u64::from(!statement.0.contains(MARK)), Ordering::SeqCst);
    }
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }
    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// A statement that is not counted: see [`settle`].
const MARK: &str = "SELECT 4711";

/// The text of a logged statement.
#[derive(Default)]
struct Statement(String);

impl tracing::field::Visit for Statement {
    fn record_debug(&mut self, field: &tracing::field::Field, value: &dyn std::fmt::Debug) {
        if field.name() == "summary" {
            self.0 = format!("{value:?}");
        }
    }
}

/// Waits until what was done is logged: a connection logs a statement before it begins the next.
async fn settle(server: &TestServer) {
    let mut connections = Vec::new();
    for _ in 0..4 {
        connections.push(server.app.db.read().acquire().await.unwrap());
    }
    for connection in &mut connections {
        sqlx::query(MARK).execute(&mut **connection).await.unwrap();
    }
    sqlx::query(MARK).execute(&mut *server.app.db.write().await.unwrap()).await.unwrap();
}

/// An answer: status, headers, body.
type Whole = (u16, Vec<(String, String)>, String);

/// What a series of requests came to: each answer whole, and the work that it took.
#[derive(Debug, PartialEq, Eq)]
struct Series {
    answers: Vec<Whole>,
    hashes: u64,
    statements: u64,
}

fn whole(reply: &Reply, own: &[&str]) -> Whole {
    let text = |value: &axum::http::HeaderValue| value.to_str().unwrap().to_owned();
    let mut headers: Vec<_> = reply.headers.iter().map(|(name, value)| (name.to_string(), text(value))).collect();
    headers.sort();
    let mut body = String::from_utf8(reply.bytes.clone()).unwrap();
    for word in own {
        body = body.replace(word, "…");
    }
    (reply.status.as_u16(), headers, body)
}

async fn server(change: impl FnOnce(&mut Settings)) -> TestServer {
    let server = TestServer::with(change).await;
    for at in 0..ACCOUNTS {
        let body = json!({
            "username": format!("member-{at}"), "display_name": format!("Member {at}"), "password": PASSWORD,
            "email": format!("member-{at:03}@guild.example"), "accepted_policy_version": "1",
        });
        assert_eq!(server.post("/v1/accounts").json(&body).send().await.status, 201);
    }
    server
}

/// Sends bodies one after another, letting some time go by between them.
async fn series(server: &TestServer, path: &str, bodies: &[(Value, Vec<&str>)]) -> Series {
    settle(server).await;
    let before = (server.app.passwords.done(), STATEMENTS.load(Ordering::SeqCst));
    let mut answers = Vec::new();
    for (body, own) in bodies {
        server.advance(7);
        answers.push(whole(&server.post(path).json(body).send().await, own));
    }
    settle(server).await;
    let hashes = server.app.passwords.done() - before.0;
    Series { answers, hashes, statements: STATEMENTS.load(Ordering::SeqCst) - before.1 }
}

fn sign_ins(prefix: &str) -> Vec<(Value, Vec<&'static str>)> {
    let ask = |at: usize| {
        let name = format!("{prefix}{}", at % ACCOUNTS);
        json!({ "grant_type": "password", "username": name, "password": "wrong horse battery" })
    };
    (0..TRIES).map(|at| (ask(at), Vec::new())).collect()
}

/// What 500 tries with names that are there and 500 with names that are not come to.
async fn both(change: fn(&mut Settings)) -> (Series, Series) {
    let known = series(&server(change).await, "/v1/oauth/token", &sign_ins("member-")).await;
    let unknown = series(&server(change).await, "/v1/oauth/token", &sign_ins("nobody-")).await;
    (known, unknown)
}

fn same(known: &Series, unknown: &Series) {
    assert_eq!((known.hashes, known.statements), (unknown.hashes, unknown.statements), "hashes and statements");
    for (at, (known, unknown)) in known.answers.iter().zip(&unknown.answers).enumerate() {
        assert_eq!(known, unknown, "try {at}");
    }
}

/// Runs alone in a process of its own; see [`trying_tells_nothing`].
#[tokio::test]
#[ignore = "the process that another test starts"]
async fn counted() {
    if std::env::var_os(CHILD).is_none() {
        return;
    }
    tracing::subscriber::set_global_default(Counting).unwrap();
    let patient = |settings: &mut Settings| {
        let never = Delay { free: 1_000_000, first_seconds: 1, most_seconds: 1 };
        (settings.limits.sign_in, settings.limits.sign_in_account) = (never, never);
    };
    let (known, unknown) = both(patient).await;
    assert!(known.answers.iter().all(|(status, ..)| *status == 401));
    same(&known, &unknown);
    assert_eq!(known.hashes, TRIES as u64, "every try costs a hash");
    assert!(known.statements >= TRIES as u64, "statements are counted");
    println!("sign-in: {TRIES} + {TRIES} tries, {} hashes and {} statements each", known.hashes, known.statements);

    // With the waits that a host has: they come at the same place for names that nobody has.
    let (known, unknown) = both(|settings| settings.limits.sign_in = Settings::default().limits.sign_in).await;
    let refused = known.answers.iter().filter(|(status, ..)| *status == 429).count();
    assert!(refused > 100 && refused < TRIES, "{refused}");
    same(&known, &unknown);
    println!("sign-in with waits: {refused} of {TRIES} told to wait, {} hashes each", known.hashes);

    // An address of letters that somebody gave already, and one that nobody did.
    let register = |known: bool| -> Vec<(Value, String)> {
        let address = |at: usize| match known {
            true => format!("member-{:03}@guild.example", at % ACCOUNTS),
            false => format!("nobody-{at:03}@guild.example"),
        };
        let body = |at: usize| {
            json!({
                "username": format!("new-{at}"), "display_name": format!("New {at}"), "password": PASSWORD,
                "email": address(at), "accepted_policy_version": "1",
            })
        };
        (0..TRIES).map(|at| (body(at), address(at))).collect()
    };
    let run = async |known: bool| {
        let bodies = register(known);
        let bodies: Vec<_> = bodies.iter().map(|(body, own)| (body.clone(), vec![own.as_str()])).collect();
        series(&server(|_| {}).await, "/v1/accounts", &bodies).await
    };
    let (known, unknown) = (run(true).await, run(false).await);
    assert!(known.answers.iter().all(|(status, ..)| *status == 201));
    same(&known, &unknown);
    println!("registration: {TRIES} + {TRIES}, {} hashes and {} statements each", known.hashes, known.statements);
}

#[test]
fn trying_tells_nothing() {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "server::enumeration::counted", "--ignored", "--nocapture", "--test-threads", "1"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&child.stdout);
    print!("{said}");
    assert!(child.status.success(), "{said}{}", String::from_utf8_lossy(&child.stderr));
    assert!(said.contains("1 passed"), "it ran: {said}");
}
