//! The native backend against the real server, on a real socket.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use axum::http::Method;
use lyceum::base::ids::{PlanId, ThreadId};
use lyceum::base::secret::{ExposeSecret, Secret};
use lyceum::base::time::SignedDuration;
use lyceum::community::native::{Native, Origin, Timeouts};
use lyceum::community::{Community, Security, Session, SignIn};
use lyceum::model::ledger::{Bought, Fact, FactKind};
use lyceum::model::plan::{Interval, Tier};
use lyceum::server::db::ledger;
use serde_json::json;

use super::fixture::Fixture;
use crate::faults::fake::Tokens;
use crate::server::harness::{Listening, TestServer, code_at};

const PLACE: [&str; 4] = [
    "DELETE FROM spaces",
    "INSERT INTO tiers (slug, name, rank) VALUES ('plus', 'Plus', 1), ('pro', 'Pro', 2)",
    "INSERT INTO spaces (slug, name, about, read_tier, write_role, position) VALUES \
     ('general', 'General', '', NULL, 'member', 1), ('news', 'News', '', NULL, 'moderator', 2), \
     ('workshop', 'Workshop', '', 'pro', 'member', 3)",
    "INSERT INTO plans (slug, name, tier, bill_interval, price_minor, currency, trial_days, gives, position) VALUES \
     ('plus-month', 'Plus, monthly', 'plus', 'month', 600, 'EUR', 0, 'Ask', 1), \
     ('pro-month', 'Pro, monthly', 'pro', 'month', 1200, 'EUR', 0, 'Ask\nRead the Workshop', 2), \
     ('pro-year', 'Pro, yearly', 'pro', 'year', 12000, 'EUR', 0, 'Ask\nRead the Workshop', 3)",
];

/// A server, and a client of it for everybody. Its tokens live fifteen minutes and a test's clock runs a minute a deed,
/// so that longer promises are kept across renewals.
pub(super) async fn native() -> Box<dyn Fixture> {
    let server = TestServer::new().await;
    for statement in PLACE {
        server.sql(statement).await;
    }
    let listening = server.listen();
    let mut people = HashMap::new();
    for name in ["octavia", "juno", "grace", "ada", "bram"] {
        server.join(name).await;
        let tokens = server.tokens(name).await;
        let token = |kind: &str| tokens[kind].as_str().unwrap().to_owned();
        people.insert(name.to_owned(), Tokens::holding(&token("access_token"), &token("refresh_token")));
    }
    for statement in [
        "UPDATE members SET role = 'owner' WHERE username = 'octavia'",
        "UPDATE members SET role = 'moderator' WHERE username = 'juno'",
        "UPDATE members SET name = 'Grace' WHERE username = 'grace'",
    ] {
        server.sql(statement).await;
    }
    pay(&server).await;
    let origin = Origin::parse(&listening.url("")).unwrap();
    Box::new(OnServer { server, origin, people, _listening: listening })
}

/// An hour ago, grace paid for a month of Pro.
async fn pay(server: &TestServer) {
    let tier = Tier { slug: "pro".into(), name: "Pro".into(), rank: 2 };
    let of = Bought { plan: PlanId::new("pro-month"), tier, interval: Interval::Month };
    let fact = Fact { at: server.now() - SignedDuration::from_hours(1), kind: FactKind::Paid(of) };
    let grace = server.number("SELECT id FROM members WHERE username = 'grace'").await;
    let mut write = server.app.db.write().await.unwrap();
    ledger::add(&mut write, server.app.db.ids().next(), grace, &fact).await.unwrap();
    write.commit().await.unwrap();
}

struct OnServer {
    server: TestServer,
    origin: Origin,
    people: HashMap<String, Arc<Tokens>>,
    // Dropped, it stops.
    _listening: Listening,
}

impl OnServer {
    fn client(&self, tokens: Arc<Tokens>) -> Native {
        Native::new(self.origin.clone(), tokens, Timeouts::default()).unwrap()
    }
}

#[async_trait]
impl Fixture for OnServer {
    fn seen_by(&self, username: &str) -> Arc<dyn Community> {
        Arc::new(self.client(Arc::clone(&self.people[username])))
    }

    fn seen_by_nobody(&self) -> Arc<dyn Community> {
        Arc::new(self.client(Arc::default()))
    }

    fn way_in(&self) -> Arc<dyn SignIn> {
        Arc::new(self.client(Arc::default()))
    }

    fn with(&self, session: &Session) -> Arc<dyn Community> {
        let tokens = Tokens::holding(session.access.expose_secret(), session.refresh.expose_secret());
        Arc::new(self.client(tokens))
    }

    fn security(&self, session: &Session) -> Arc<dyn Security> {
        let tokens = Tokens::holding(session.access.expose_secret(), session.refresh.expose_secret());
        Arc::new(self.client(tokens))
    }

    fn code(&self, secret: &Secret) -> Secret {
        Secret::from(code_at(secret.expose_secret(), self.server.now()))
    }

    fn wait(&self) {
        self.server.advance(60);
    }

    async fn lock(&self, thread: &ThreadId) {
        let juno = self.server.sign_in("juno").await;
        let call = self.server.patch(&format!("/v1/threads/{thread}")).token(&juno).header("if-match", "*");
        assert_eq!(call.json(&json!({ "locked": true })).send().await.status, 200);
    }

    async fn delete(&self, thread: &ThreadId, number: u32) {
        let juno = self.server.sign_in("juno").await;
        let path = format!("/v1/threads/{thread}/posts?after={}&limit=1", number - 1);
        let page = self.server.get(&path).token(&juno).send().await.json();
        let path = format!("/v1/posts/{}", page["items"][0]["id"].as_str().unwrap());
        let call = self.server.call(Method::DELETE, &path).token(&juno).header("if-match", "*");
        assert_eq!(call.send().await.status, 204);
    }
}
