//! The community that every backend's contract is held against: three spaces, three plans, five people.

use std::sync::Arc;

use async_trait::async_trait;
use lyceum::base::ids::{IdempotencyKey, SpaceId, ThreadId};
use lyceum::base::secret::Secret;
use lyceum::community::memory::Memory;
use lyceum::community::{Community, Security, Session, SignIn};
use lyceum::model::change::{Applied, Change};
use lyceum::model::member::Role;
use lyceum::model::plan::{Interval, Tier};
use lyceum::model::thread::Kind;

/// The password of everybody.
pub(super) const PASSWORD: &str = "correct horse battery";

/// A backend with a community of known contents:
///
/// - `octavia` owner, `juno` moderator, `grace` member with Pro since an hour, `ada` and `bram` members with nothing;
/// - spaces `general` (open), `news` (moderators open threads), `workshop` (takes Pro), in this order, all empty;
/// - plans `plus-month` (tier Plus), `pro-month` and `pro-year` (tier Pro).
#[async_trait]
pub(super) trait Fixture: Send + Sync {
    /// The community as somebody who is signed in sees it. Twice the same name is the same session.
    fn seen_by(&self, username: &str) -> Arc<dyn Community>;

    /// The community as nobody in particular.
    fn seen_by_nobody(&self) -> Arc<dyn Community>;

    /// The way in.
    fn way_in(&self) -> Arc<dyn SignIn>;

    /// The community with the tokens of a session.
    fn with(&self, session: &Session) -> Arc<dyn Community>;

    /// What opens the account of a session.
    fn security(&self, session: &Session) -> Arc<dyn Security>;

    /// What an authenticator shows now for a secret.
    fn code(&self, secret: &Secret) -> Secret;

    /// Lets a minute pass.
    fn wait(&self);

    /// Staff close a thread to replies.
    async fn lock(&self, thread: &ThreadId);

    /// A post is taken away.
    async fn delete(&self, thread: &ThreadId, number: u32);
}

/// The community in memory.
pub(super) async fn memory() -> Box<dyn Fixture> {
    let tier = |slug: &str, name: &str, rank| Tier { slug: slug.into(), name: name.into(), rank };
    let (plus, pro) = (tier("plus", "Plus", 1), tier("pro", "Pro", 2));
    let built = Memory::builder("2026-03-01T12:00:00Z".parse().unwrap())
        .member("octavia", "Octavia", Role::Owner, 500)
        .member("juno", "Juno", Role::Moderator, 400)
        .member("grace", "Grace", Role::Member, 300)
        .member("ada", "Ada", Role::Member, 200)
        .member("bram", "Bram", Role::Member, 100)
        .space("general", "General", "", None, Role::Member)
        .space("news", "News", "", None, Role::Moderator)
        .space("workshop", "Workshop", "", Some(&pro), Role::Member)
        .plan("plus-month", "Plus, monthly", &plus, Interval::Month, 600, &["Ask"])
        .plan("pro-month", "Pro, monthly", &pro, Interval::Month, 1200, &["Ask", "Read the Workshop"])
        .plan("pro-year", "Pro, yearly", &pro, Interval::Year, 12000, &["Ask", "Read the Workshop"])
        .paid("grace", "pro-month", 60);
    Box::new(InMemory(built.seen_by("ada")))
}

struct InMemory(Memory);

#[async_trait]
impl Fixture for InMemory {
    fn seen_by(&self, username: &str) -> Arc<dyn Community> {
        Arc::new(self.0.seen_by(username))
    }

    fn seen_by_nobody(&self) -> Arc<dyn Community> {
        Arc::new(self.0.signed_out())
    }

    fn way_in(&self) -> Arc<dyn SignIn> {
        Arc::new(self.0.clone())
    }

    /// Whoever signs in by way of a community in memory is its reader from then on.
    fn with(&self, _: &Session) -> Arc<dyn Community> {
        Arc::new(self.0.clone())
    }

    fn security(&self, _: &Session) -> Arc<dyn Security> {
        Arc::new(self.0.clone())
    }

    fn code(&self, _: &Secret) -> Secret {
        Secret::from("123456")
    }

    fn wait(&self) {
        self.0.clock().advance(lyceum::base::time::SignedDuration::from_mins(1));
    }

    async fn lock(&self, thread: &ThreadId) {
        self.0.lock(thread, true);
    }

    async fn delete(&self, thread: &ThreadId, number: u32) {
        self.0.delete(thread, number);
    }
}

/// A key that no other call of the test uses.
pub(super) fn key(word: &str) -> IdempotencyKey {
    static NEXT: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
    let number = NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
    IdempotencyKey::new(format!("{word}-{number}"))
}

/// Short ways to do things as somebody; each lets a minute pass first, so that everything has its own instant.
impl dyn Fixture + '_ {
    pub(super) async fn does(&self, who: &str, change: Change) -> lyceum::community::Result<Applied> {
        self.wait();
        self.seen_by(who).apply(&change, &key(who)).await
    }

    pub(super) async fn opens(&self, who: &str, space: &str, kind: Kind, title: &str, body: &str) -> ThreadId {
        self.opens_tagged(who, space, kind, title, (body, &[])).await
    }

    pub(super) async fn opens_tagged(
        &self,
        who: &str,
        space: &str,
        kind: Kind,
        title: &str,
        (body, tags): (&str, &[&str]),
    ) -> ThreadId {
        let tags = tags.iter().map(ToString::to_string).collect();
        let change =
            Change::NewThread { space: SpaceId::new(space), kind, title: title.into(), body: body.into(), tags };
        self.does(who, change).await.unwrap().thread.unwrap()
    }

    pub(super) async fn replies(&self, who: &str, thread: &ThreadId, parent: Option<u32>, body: &str) -> Applied {
        self.does(who, Change::Reply { thread: thread.clone(), parent, body: body.into() }).await.unwrap()
    }
}
