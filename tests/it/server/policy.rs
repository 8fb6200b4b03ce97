//! Who may use which route: every route of the server, as everybody, on every kind of thing, compared with the table in
//! `server::policy`. A route that the table or [`request`] does not know fails here, and is closed in the product.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use axum::routing::get;
use lyceum::server::policy::{Asks, Row, TABLE, Who, of, row};
use lyceum::server::router;
use serde_json::{Value, json};
use tower::ServiceExt;

use super::guild::Guild;
use super::harness::{PASSWORD, TestServer};

/// Who asks. `ada` wrote the things; nobody else here did, and she pays for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Actor {
    Nobody,
    Ended,
    Free,
    Paying,
    Author,
    Expert,
    Moderator,
    Owner,
}

const ACTORS: [Actor; 8] = [
    Actor::Nobody,
    Actor::Ended,
    Actor::Free,
    Actor::Paying,
    Actor::Author,
    Actor::Expert,
    Actor::Moderator,
    Actor::Owner,
];

impl Actor {
    fn name(self) -> &'static str {
        match self {
            Self::Nobody => "",
            Self::Ended => "ended",
            Self::Free => "free",
            Self::Paying => "pro",
            Self::Author => "ada",
            Self::Expert => "eve",
            Self::Moderator => "mia",
            Self::Owner => "oona",
        }
    }

    fn is_staff(self) -> bool {
        matches!(self, Self::Moderator | Self::Owner)
    }

    fn reads_all(self) -> bool {
        self.is_staff() || self == Self::Paying
    }
}

/// How it stands with the thing that a request names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// There, and open to all.
    Open,
    /// There, and whole for members who pay.
    Gated,
    /// A post whose text was taken away.
    TakenAway,
    /// Its thread was deleted.
    Deleted,
    /// Never was there.
    Missing,
    /// Of somebody else, where things are one's own.
    Others,
}

/// The states that a thing can be in.
fn states(row: &Row) -> &'static [State] {
    use State::{Deleted, Gated, Missing, Open, Others, TakenAway};
    match row.asks {
        Asks::Nothing => &[Open],
        Asks::Own => &[Open, Others, Missing],
        // A space is there or it is not a good body.
        Asks::Readable if !row.path.contains('{') => &[Open, Gated],
        Asks::Readable | Asks::Authored if row.path.starts_with("/v1/posts/") => {
            &[Open, Gated, TakenAway, Deleted, Missing]
        }
        _ => &[Open, Gated, Deleted, Missing],
    }
}

/// What the table promises: the status, where 200 stands for every success.
fn promised(row: &Row, actor: Actor, state: State) -> &'static [u16] {
    let signed_in = !matches!(actor, Actor::Nobody | Actor::Ended);
    match row.who {
        // Those that look at who asks refuse a token that has ended; those that do not, do not look.
        Who::Anybody if actor == Actor::Ended && state == State::Open => return &[200, 401],
        Who::Anybody if actor == Actor::Ended => return &[401],
        Who::Anybody => {}
        Who::Member | Who::AtLeast(_) if !signed_in => return &[401],
        Who::Member => {}
        Who::AtLeast(role) => {
            let has = match actor {
                Actor::Owner => "owner",
                Actor::Moderator => "moderator",
                Actor::Expert => "expert",
                _ => "member",
            };
            if lyceum::model::member::Role::parse(has).unwrap() < role {
                return &[403];
            }
        }
    }
    let closed = state == State::Gated && !actor.reads_all();
    match (row.asks, state) {
        // Nobody here has a second factor: a code for it is wrong, and there is nothing to switch off.
        _ if row.method != "GET" && row.path.starts_with("/v1/me/second-factor/") => &[409],
        _ if row.method == "PUT" && row.path == "/v1/me/second-factor" => &[401, 429],
        (Asks::Nothing, _) => &[200],
        (_, State::Deleted | State::Missing | State::Others) => &[404],
        (Asks::Readable | Asks::Authored, _) if closed => &[402],
        (Asks::Authored, _) if actor != Actor::Author && !actor.is_staff() => &[403],
        // Rules of content: what is gone is not changed, and nobody votes for themselves.
        (_, State::TakenAway) if row.method != "GET" && actor == Actor::Author && row.path.ends_with("/vote") => &[403],
        (_, State::TakenAway) if row.method != "GET" => &[409],
        (_, State::Open) if actor == Actor::Author && row.path.ends_with("/vote") => &[403],
        _ => &[200],
    }
}

/// The query and the body of a good request for a route: one line for a new one.
fn request(method: &str, path: &str, thing: &Thing) -> (String, Option<Value>) {
    let id = &thing.id;
    let body = match (method, path) {
        ("GET", "/v1/access") => return (format!("?thread={id}"), None),
        ("GET", "/v1/search") => return ("?q=rust".into(), None),
        ("GET" | "DELETE", _) => return (String::new(), None),
        ("POST", "/v1/accounts") => json!({
            "username": format!("new-{id}"), "display_name": format!("New {id}"), "password": PASSWORD,
            "accepted_policy_version": "1",
        }),
        ("POST", "/v1/oauth/token") => json!({ "grant_type": "password", "username": "bob", "password": PASSWORD }),
        ("POST", "/v1/oauth/device_authorization") => json!({ "client_name": "a device" }),
        ("PUT", "/v1/me/password") => json!({ "current": PASSWORD, "new": PASSWORD }),
        ("POST", "/v1/me/second-factor") => json!({ "password": PASSWORD }),
        ("PUT", "/v1/me/second-factor") => json!({ "code": "000000" }),
        ("POST", "/v1/me/second-factor/end" | "/v1/me/second-factor/recovery-codes") => {
            json!({ "password": PASSWORD, "code": "000000" })
        }
        ("POST", "/v1/me/tokens") => json!({ "name": "backup", "scopes": ["read"], "days": 1 }),
        ("POST", "/v1/oauth/revoke") => json!({ "token": "lyc_nobodys" }),
        ("PATCH", "/v1/me") => json!({ "bio": id }),
        ("PUT", "/v1/members/{username}/role") => json!({ "role": "member" }),
        ("POST", "/v1/threads") => {
            let space = if thing.gated { "shop" } else { "help" };
            json!({ "space": space, "kind": "question", "title": "t", "body": "b" })
        }
        ("PATCH", "/v1/threads/{id}") => json!({ "title": "New" }),
        ("PUT", "/v1/threads/{id}/read") => json!({ "upto": 1 }),
        ("PUT", "/v1/threads/{id}/follow" | "/v1/threads/{id}/mute" | "/v1/threads/{id}/bookmark") => {
            json!({ "on": true })
        }
        ("PUT", "/v1/threads/{id}/accepted") => json!({ "post": thing.answer }),
        ("POST", "/v1/threads/{id}/posts") => json!({ "body": "a reply" }),
        ("PATCH", "/v1/posts/{id}") => json!({ "body": "edited" }),
        ("PUT", "/v1/posts/{id}/vote") => json!({ "value": 1 }),
        ("PUT", "/v1/notifications/{id}/done") => json!({ "done": true }),
        _ => panic!("{method} {path}: say what a good request for it is"),
    };
    (String::new(), Some(body))
}

/// What a request is about.
#[derive(Debug, Default)]
struct Thing {
    id: String,
    answer: String,
    gated: bool,
}

struct House {
    guild: Guild,
}

impl House {
    async fn new() -> Self {
        let mut guild = Guild::new().await;
        for name in ["eve", "ended"] {
            let token = guild.server.member(name).await;
            guild.tokens.insert(name, token);
        }
        guild.server.sql("UPDATE members SET role = 'expert' WHERE username = 'eve'").await;
        let body = json!({ "token": guild.tokens["ended"] });
        assert_eq!(guild.server.post("/v1/oauth/revoke").json(&body).send().await.status, 200);
        Self { guild }
    }

    async fn change(&self, sql: String) {
        let mut write = self.guild.server.app.db.write().await.unwrap();
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *write).await.unwrap();
        write.commit().await.unwrap();
    }

    /// Makes the thing that a route is about, by `ada` unless it is one's own, in a state.
    async fn thing(&self, path: &str, actor: Actor, state: State) -> Thing {
        let guild = &self.guild;
        let fresh = guild.server.app.db.ids().next().to_string();
        let gated = state == State::Gated;
        if !path.contains("{id}") && path != "/v1/access" {
            return Thing { id: fresh, gated, ..Thing::default() };
        }
        if path.starts_with("/v1/me/") {
            let whose = if state == State::Others || actor.name().is_empty() { "bob" } else { actor.name() };
            let member = guild.id(whose).await;
            let session = path.starts_with("/v1/me/sessions/");
            // Its end, as a session and as a token have it.
            let end = "9000000000000000";
            let made = if session {
                vec![
                    format!(
                        "INSERT INTO sessions (id, member_id, client_name, access_hash, access_until, created_at, used_at) \
                         VALUES ({fresh}, {member}, '', 'h{fresh}', {end}, 0, 0)"
                    ),
                    format!("INSERT INTO refresh_tokens (hash, session_id, until) VALUES ('r{fresh}', {fresh}, {end})"),
                ]
            } else {
                vec![format!(
                    "INSERT INTO personal_tokens (id, member_id, name, scopes, hash, created_at, until) \
                     VALUES ({fresh}, {member}, 'x', 'read', 'h{fresh}', 0, {end})"
                )]
            };
            for sql in made {
                self.change(sql).await;
            }
            let id = if state == State::Missing { "7".into() } else { fresh };
            return Thing { id, ..Thing::default() };
        }
        if path.starts_with("/v1/notifications/") {
            let whose = if state == State::Others { "bob" } else { actor.name() };
            let whose = if whose.is_empty() { "bob" } else { whose };
            let member = guild.id(whose).await;
            self.change(format!(
                "INSERT INTO notifications (id, member_id, reason, title, at, done) VALUES ({fresh}, {member}, 'notice', \
                 't', 0, 0)"
            ))
            .await;
            let id = if state == State::Missing { "7".into() } else { fresh };
            return Thing { id, ..Thing::default() };
        }
        assert!(
            path.contains("/threads/") || path.contains("/posts/") || path == "/v1/access",
            "{path}: say what it is"
        );
        let post = path.starts_with("/v1/posts/");
        let thread = guild.open(if post { "bob" } else { "ada" }, "help", "question", "A thing", "of somebody").await;
        let mut thing = Thing { id: thread.clone(), answer: String::new(), gated };
        if post {
            (thing.id, _) = guild.reply("ada", &thread, None, "an answer").await;
        } else if path.ends_with("/accepted") {
            (thing.answer, _) = guild.reply("bob", &thread, None, "an answer").await;
        }
        match state {
            State::Gated => self.change(format!("UPDATE threads SET space = 'shop' WHERE id = {thread}")).await,
            State::Deleted => self.change(format!("UPDATE threads SET deleted_at = 1 WHERE id = {thread}")).await,
            State::TakenAway => self.change(format!("UPDATE posts SET deleted_at = 1 WHERE id = {}", thing.id)).await,
            State::Missing => thing.id = "7".into(),
            State::Open | State::Others => {}
        }
        thing
    }

    /// Asks, and reads no more of the answer than its status: some answers have no end.
    async fn ask(&self, row: &Row, actor: Actor, thing: &Thing) -> u16 {
        let (query, body) = request(row.method, row.path, thing);
        let path = row.path.replace("{id}", &thing.id).replace("{username}", "bob");
        let mut request = Request::builder().method(row.method).uri(path + &query).header("if-match", "*");
        request = request.header("idempotency-key", self.guild.server.app.db.ids().next());
        if let Some(token) = self.guild.tokens.get(actor.name()) {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        let body = match body {
            Some(body) => {
                request = request.header("content-type", "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        let reply = self.guild.server.router.clone().oneshot(request.body(body).unwrap()).await.unwrap();
        reply.status().as_u16()
    }
}

/// Methods and paths of the document.
fn documented() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(router::document()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let of = |path: &String, item: &Value| {
        let methods: Vec<_> = item.as_object().unwrap().keys().map(|m| (m.to_uppercase(), path.clone())).collect();
        methods
    };
    paths.iter().flat_map(|(path, item)| of(path, item)).collect()
}

#[test]
fn every_route_has_a_row_and_every_row_a_route() {
    let documented = documented();
    for (method, path) in &documented {
        assert!(of(method, path).is_some(), "{method} {path} has no row in server::policy::TABLE");
    }
    for row in TABLE {
        let there = documented.contains(&(row.method.to_owned(), row.path.to_owned()));
        // Pages for people are not in the document of the API.
        assert!(there || !row.path.starts_with("/v1/"), "{row:?} is no route");
    }
}

#[tokio::test]
async fn everybody_on_every_route_gets_what_the_table_says() {
    let house = House::new().await;
    house.guild.server.app.settings.security_contact.as_ref().expect("the harness names one");
    let (mut asked, mut wrong) = (0, Vec::new());
    for row in TABLE.iter().filter(|row| row.path.starts_with("/v1/") || row.path.starts_with("/.well-known/")) {
        for actor in ACTORS {
            for state in states(row) {
                let thing = house.thing(row.path, actor, *state).await;
                let before = house.guild.rows().await;
                let status = house.ask(row, actor, &thing).await;
                let class = if (200..300).contains(&status) { 200 } else { status };
                let promised = promised(row, actor, *state);
                if !promised.contains(&class) {
                    wrong.push(format!("{} {} {actor:?} {state:?}: {status}, not {promised:?}", row.method, row.path));
                }
                if class != 200 && house.guild.rows().await != before {
                    wrong.push(format!("{} {} {actor:?} {state:?}: {status}, and written", row.method, row.path));
                }
                asked += 1;
            }
        }
    }
    println!("{asked} requests: {} routes, {} readers", TABLE.len(), ACTORS.len());
    assert!(wrong.is_empty(), "{} of {asked}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(asked > 700, "{asked}");
}

#[tokio::test]
async fn a_route_without_a_row_answers_nobody() {
    let mut server = TestServer::new().await;
    let token = server.member("ada").await;
    let ran = Arc::new(AtomicBool::new(false));
    let handler = |ran: Arc<AtomicBool>| move || async move { ran.store(true, Ordering::SeqCst) };
    const PLANTED: &[Row] = &[row("GET", "/half", Who::Anybody, Asks::Nothing)];
    let routes = Router::new()
        .route("/planted", get(handler(ran.clone())))
        .route("/half", get(|| async {}).delete(handler(ran.clone())));
    server.router = router::around(server.app.clone(), PLANTED, routes);
    for call in [server.get("/planted"), server.get("/planted").token(&token)] {
        assert_eq!(call.send().await.problem(), (500, "internal".into()));
    }
    assert_eq!(server.get("/half").send().await.status, 200);
    assert_eq!(server.call(Method::HEAD, "/half").send().await.status, 200, "a HEAD is a GET");
    let other = server.call(Method::DELETE, "/half").token(&token).send().await;
    assert_eq!((other.problem(), other.header("allow").as_str()), ((405, "method_not_allowed".into()), "GET,HEAD"));
    assert!(!ran.load(Ordering::SeqCst), "no handler ran");
}

#[tokio::test]
async fn the_table_alone_keeps_members_and_roles_apart() {
    let mut server = TestServer::new().await;
    let token = server.member("ada").await;
    const CLOSED: &[Row] = &[
        row("GET", "/members", Who::Member, Asks::Nothing),
        row("GET", "/owners", Who::AtLeast(lyceum::model::member::Role::Owner), Asks::Nothing),
    ];
    // Handlers that forgot to ask.
    let routes = Router::new().route("/members", get(|| async {})).route("/owners", get(|| async {}));
    server.router = router::around(server.app.clone(), CLOSED, routes);
    assert_eq!(server.get("/members").send().await.problem(), (401, "unauthenticated".into()));
    assert_eq!(server.get("/members").token("lyc_nobodys").send().await.problem(), (401, "invalid_token".into()));
    assert_eq!(server.get("/members").token(&token).send().await.status, 200);
    assert_eq!(server.get("/owners").token(&token).send().await.problem(), (403, "forbidden".into()));
    server.sql("UPDATE members SET role = 'owner'").await;
    assert_eq!(server.get("/owners").token(&token).send().await.status, 200);
}
