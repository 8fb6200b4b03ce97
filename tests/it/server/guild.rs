//! A small community for tests: tiers, spaces, and one member of every sort.

use std::collections::HashMap;

use axum::http::Method;
use lyceum::base::ids::PlanId;
use lyceum::base::time::{SignedDuration, Timestamp};
use lyceum::model::ledger::{Bought, Fact, FactKind};
use lyceum::model::member::Role;
use lyceum::model::plan::{Interval, Tier};
use lyceum::server::db::{ledger, members};
use serde_json::{Value, json};

use super::harness::{Call, Reply, TestServer};

/// A sentence that stands in the hidden part of gated threads and nowhere else.
pub(crate) const SECRET: &str = "zirconium walrus";

pub(crate) struct Guild {
    pub(crate) server: TestServer,
    pub(crate) tokens: HashMap<&'static str, String>,
}

/// Those who may not read what takes Pro.
pub(crate) const OUTSIDE: [&str; 4] = ["free", "lapsed", "refunded", "revoked"];
/// Those who may.
pub(crate) const INSIDE: [&str; 3] = ["pro", "mia", "oona"];

impl Guild {
    pub(crate) async fn new() -> Self {
        let server = TestServer::new().await;
        for statement in [
            "INSERT INTO tiers (slug, name, rank) VALUES ('pro', 'Pro', 1), ('studio', 'Studio', 2)",
            "DELETE FROM spaces",
            "INSERT INTO spaces (slug, name, about, read_tier, write_role, position) VALUES \
             ('news', 'News', '', NULL, 'moderator', 1), ('help', 'Help', '', NULL, 'member', 2), \
             ('shop', 'Workshop', '', 'pro', 'member', 3)",
            "INSERT INTO plans (slug, name, tier, bill_interval, price_minor, currency, trial_days, gives, position) \
             VALUES ('pro-month', 'Pro', 'pro', 'month', 1200, 'EUR', 0, '', 1), \
             ('studio-year', 'Studio', 'studio', 'year', 48000, 'EUR', 0, '', 2)",
        ] {
            server.sql(statement).await;
        }
        let mut guild = Self { server, tokens: HashMap::new() };
        for name in ["ada", "bob", "free", "pro", "lapsed", "refunded", "revoked", "mia", "oona"] {
            let token = guild.server.member(name).await;
            guild.tokens.insert(name, token);
        }
        guild.role("mia", Role::Moderator).await;
        guild.role("oona", Role::Owner).await;
        let paid = || {
            FactKind::Paid(Bought {
                plan: PlanId::new("pro-month"),
                tier: Tier { slug: "pro".into(), name: "Pro".into(), rank: 1 },
                interval: Interval::Month,
            })
        };
        guild.fact("pro", 24, paid()).await;
        guild.fact("lapsed", 24 * 90, paid()).await;
        guild.fact("refunded", 48, paid()).await;
        guild.fact("refunded", 24, FactKind::Refunded).await;
        guild.fact("revoked", 48, paid()).await;
        guild.fact("revoked", 24, FactKind::Revoked { reason: "shared".into() }).await;
        guild
    }

    pub(crate) async fn id(&self, name: &str) -> i64 {
        members::by_name(self.server.app.db.read(), name).await.unwrap().unwrap().id
    }

    async fn role(&self, name: &str, role: Role) {
        let (id, now) = (self.id(name).await, self.server.now());
        let mut write = self.server.app.db.write().await.unwrap();
        members::set_role(&mut write, id, role, now).await.unwrap();
        write.commit().await.unwrap();
    }

    /// Adds a fact that happened so many hours ago.
    pub(crate) async fn fact(&self, name: &str, hours: i64, kind: FactKind) {
        let at: Timestamp = self.server.now().saturating_sub(SignedDuration::from_hours(hours)).unwrap();
        let (member, id) = (self.id(name).await, self.server.app.db.ids().next());
        let mut write = self.server.app.db.write().await.unwrap();
        ledger::add(&mut write, id, member, &Fact { at, kind }).await.unwrap();
        write.commit().await.unwrap();
    }

    pub(crate) fn call(&self, who: &str, method: Method, path: &str) -> Call<'_> {
        self.server.call(method, path).token(&self.tokens[who])
    }

    pub(crate) async fn get(&self, who: &str, path: &str) -> Reply {
        self.call(who, Method::GET, path).send().await
    }

    /// The body of a good answer.
    pub(crate) async fn json(&self, who: &str, path: &str) -> Value {
        let reply = self.get(who, path).await;
        assert_eq!(reply.status, 200, "{who} {path}: {}", reply.json());
        reply.json()
    }

    pub(crate) async fn put(&self, who: &str, path: &str, body: Value) -> Reply {
        self.call(who, Method::PUT, path).json(&body).send().await
    }

    /// Posts under a key that is made of the body.
    pub(crate) async fn post(&self, who: &str, path: &str, body: Value) -> Reply {
        let key = format!("{who}{path}{}", self.server.app.db.ids().next());
        self.call(who, Method::POST, path).header("idempotency-key", &key).json(&body).send().await
    }

    /// Opens a thread; its id.
    pub(crate) async fn open(&self, who: &str, space: &str, kind: &str, title: &str, body: &str) -> String {
        let new = json!({ "space": space, "kind": kind, "title": title, "body": body, "tags": ["async"] });
        let reply = self.post(who, "/v1/threads", new).await;
        assert_eq!(reply.status, 201, "{}", reply.json());
        reply.json()["thread"].as_str().unwrap().to_owned()
    }

    /// Replies; id and number of the post.
    pub(crate) async fn reply(&self, who: &str, thread: &str, parent: Option<u32>, body: &str) -> (String, u64) {
        let path = format!("/v1/threads/{thread}/posts");
        let reply = self.post(who, &path, json!({ "body": body, "parent": parent })).await;
        assert_eq!(reply.status, 201, "{}", reply.json());
        let written = reply.json();
        (written["post"].as_str().unwrap().to_owned(), written["number"].as_u64().unwrap())
    }

    /// Everything in the tables that members write to, in numbers: the same before and after means nothing was written.
    pub(crate) async fn rows(&self) -> Vec<i64> {
        let mut rows = Vec::new();
        for count in [
            "SELECT COUNT(*) FROM threads",
            "SELECT COUNT(*) FROM posts",
            "SELECT COALESCE(SUM(version), 0) FROM threads",
            "SELECT COALESCE(SUM(version), 0) FROM posts",
            "SELECT COUNT(*) FROM votes",
            "SELECT COUNT(*) FROM marks",
            "SELECT COALESCE(SUM(read_upto + follow * 1000 + bookmark * 100000 + mute * 10000000), 0) FROM marks",
            "SELECT COALESCE(SUM(done + 2), 0) FROM notifications",
            "SELECT COUNT(*) FROM changes",
            "SELECT COUNT(*) FROM idempotency",
            "SELECT COUNT(*) FROM post_index",
        ] {
            rows.push(self.server.number(count).await);
        }
        rows
    }
}
