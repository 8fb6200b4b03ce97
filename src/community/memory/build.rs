//! Building a community in memory, in the order a test tells it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::fault::Faults;
use super::security::Doors;
use super::world::{Person, Room, Talk, World};
use super::{Capabilities, Memory};
use crate::base::ids::{NotificationId, PlanId, SpaceId, ThreadId, Username};
use crate::base::text::Clean;
use crate::base::time::{FixedClock, SignedDuration, Timestamp};
use crate::model::{
    community::Community as About,
    ledger::{Bought, Fact, FactKind},
    member::Role,
    money::Money,
    notification::{Notification, Reason},
    plan::{Interval, Plan, Tier},
    thread::{Kind, Marks},
};

/// A community being built. Ages are minutes before its `now`.
pub struct Builder {
    world: World,
    now: Timestamp,
}

/// A thread being built.
pub struct Draft {
    space: String,
    kind: Kind,
    title: String,
    tags: Vec<String>,
    gate: Option<(Tier, String)>,
    locked: bool,
    pinned: bool,
    /// Author, age, parent, body.
    posts: Vec<(String, i64, Option<u32>, String)>,
    votes: Vec<(u32, String, i8)>,
    accepted: Option<u32>,
    read: Vec<(String, Marks)>,
}

impl Draft {
    /// A thread in a space, opened by somebody, `age` minutes ago.
    pub fn new(space: &str, kind: Kind, title: &str, (author, age): (&str, i64), body: &str) -> Self {
        Self {
            space: space.to_owned(),
            kind,
            title: title.to_owned(),
            tags: Vec::new(),
            gate: None,
            locked: false,
            pinned: false,
            posts: vec![(author.to_owned(), age, None, body.to_owned())],
            votes: Vec::new(),
            accepted: None,
            read: Vec::new(),
        }
    }

    /// Its tags.
    pub fn tags(mut self, tags: &[&str]) -> Self {
        self.tags = tags.iter().map(|tag| (*tag).to_owned()).collect();
        self
    }

    /// What the rest takes, and the beginning that anybody may see.
    pub fn gate(mut self, tier: &Tier, preview: &str) -> Self {
        self.gate = Some((tier.clone(), preview.to_owned()));
        self
    }

    /// Nobody may reply.
    pub fn locked(mut self) -> Self {
        self.locked = true;
        self
    }

    /// Kept on top.
    pub fn pinned(mut self) -> Self {
        self.pinned = true;
        self
    }

    /// A reply to the thread.
    pub fn reply(mut self, (author, age): (&str, i64), body: &str) -> Self {
        self.posts.push((author.to_owned(), age, None, body.to_owned()));
        self
    }

    /// A reply to a post of it.
    pub fn comment(mut self, parent: u32, (author, age): (&str, i64), body: &str) -> Self {
        self.posts.push((author.to_owned(), age, Some(parent), body.to_owned()));
        self
    }

    /// A vote on a post of it.
    pub fn vote(mut self, number: u32, who: &str, value: i8) -> Self {
        self.votes.push((number, who.to_owned(), value));
        self
    }

    /// The accepted answer.
    pub fn accepted(mut self, number: u32) -> Self {
        self.accepted = Some(number);
        self
    }

    /// What a reader has marked on it.
    pub fn marks(mut self, who: &str, marks: Marks) -> Self {
        self.read.push((who.to_owned(), marks));
        self
    }
}

impl Builder {
    pub(super) fn new(now: Timestamp) -> Self {
        let about = About {
            name: Clean::line("A community"),
            positioning: Clean::default(),
            audience: Clean::default(),
            rules: Clean::default(),
            policy: Clean::default(),
            policy_version: "1".to_owned(),
            answer_within_hours: None,
        };
        let world = World {
            about,
            people: Vec::new(),
            rooms: Vec::new(),
            plans: Vec::new(),
            talks: Vec::new(),
            marks: HashMap::new(),
            inbox: Vec::new(),
            log: Vec::new(),
            listeners: Vec::new(),
            answered: HashMap::new(),
            serial: 0,
            doors: Doors::default(),
        };
        Self { world, now }
    }

    fn ago(&self, minutes: i64) -> Timestamp {
        self.now.checked_sub(SignedDuration::from_mins(minutes)).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// What it says about itself.
    pub fn about(mut self, about: About) -> Self {
        self.world.about = about;
        self
    }

    /// Somebody with an account, who joined `age` minutes ago.
    pub fn member(mut self, username: &str, name: &str, role: Role, age: i64) -> Self {
        let joined = self.ago(age);
        self.world.people.push(Person::new(username, name, role, joined));
        self
    }

    /// What the member named last says about themselves.
    pub fn bio(mut self, bio: &str) -> Self {
        if let Some(person) = self.world.people.last_mut() {
            person.bio = Clean::block(bio);
        }
        self
    }

    /// A space, after those before it.
    pub fn space(mut self, id: &str, name: &str, about: &str, read: Option<&Tier>, write: Role) -> Self {
        self.world.rooms.push(Room {
            id: SpaceId::new(id),
            name: Clean::line(name),
            about: Clean::line(about),
            read_tier: read.cloned(),
            write_role: write,
        });
        self
    }

    /// A plan, after those of lower tiers.
    pub fn plan(mut self, id: &str, name: &str, tier: &Tier, interval: Interval, minor: i64, gives: &[&str]) -> Self {
        self.world.plans.push(Plan {
            id: PlanId::new(id),
            name: Clean::line(name),
            tier: tier.clone(),
            interval,
            price: Money { minor, currency: "EUR".to_owned() },
            trial_days: 0,
            gives: gives.iter().map(|line| Clean::line(line)).collect(),
            held: false,
        });
        self
    }

    /// A payment for a plan, `age` minutes ago.
    pub fn paid(mut self, username: &str, plan: &str, age: i64) -> Self {
        let at = self.ago(age);
        let bought = self.world.plans.iter().find(|p| p.id.as_str() == plan).map(|p| Bought {
            plan: p.id.clone(),
            tier: p.tier.clone(),
            interval: p.interval,
        });
        if let (Some(of), Some(person)) = (bought, self.world.person_mut(&Username::new(username))) {
            person.ledger.push(Fact { at, kind: FactKind::Paid(of) });
        }
        self
    }

    /// A thread; its id is `t` and a number, counting threads and posts from 1.
    pub fn thread(mut self, draft: Draft) -> Self {
        let serial = self.world.next_serial();
        let id = ThreadId::new(format!("t{serial}"));
        let (gate, preview) = draft.gate.unzip();
        let mut talk = Talk {
            id: id.clone(),
            serial,
            space: SpaceId::new(draft.space),
            kind: draft.kind,
            title: draft.title,
            tags: draft.tags,
            gate,
            preview,
            accepted: None,
            locked: draft.locked,
            pinned: draft.pinned,
            posts: Vec::new(),
        };
        for (author, age, parent, body) in draft.posts {
            let at = self.ago(age);
            self.world.write(&mut talk, (&Username::new(author), parent), &body, at);
        }
        for (number, who, value) in draft.votes {
            if let Some(post) = talk.posts.iter_mut().find(|post| post.number == number) {
                post.votes.insert(Username::new(who), value);
            }
        }
        talk.accepted =
            draft.accepted.and_then(|n| talk.posts.iter().find(|p| p.number == n)).map(|post| post.id.clone());
        for (who, marks) in draft.read {
            self.world.marks.insert((Username::new(who), id.clone()), marks);
        }
        self.world.talks.push(talk);
        self
    }

    /// A line in a member's inbox about a post of the thread with this title, put there `age` minutes ago.
    pub fn inbox(mut self, who: &str, reason: Reason, actor: &str, (title, number): (&str, u32), age: i64) -> Self {
        let at = self.ago(age);
        let thread = self.world.talks.iter().find(|talk| talk.title == title).map(|talk| talk.id.clone());
        if let Some(thread) = thread {
            self.world.notify(&Username::new(who), reason, &Username::new(actor), at, (&thread, number));
        }
        self
    }

    /// A notice of the system in a member's inbox.
    pub fn notice(mut self, who: &str, reason: Reason, title: &str, age: i64) -> Self {
        let (id, at) = (NotificationId::new(format!("n{}", self.world.next_serial())), self.ago(age));
        let notice = Notification {
            id,
            reason,
            actor: None,
            thread: None,
            title: Clean::line(title),
            number: None,
            excerpt: Clean::default(),
            at,
            done: false,
        };
        self.world.inbox.push((Username::new(who), notice));
        self
    }

    /// The community as `reader` sees it. What was built is no news: the sequence of changes starts empty.
    pub fn seen_by(mut self, reader: &str) -> Memory {
        self.world.log.clear();
        Memory {
            world: Arc::new(Mutex::new(self.world)),
            reader: Arc::new(Mutex::new(Some(Username::new(reader)))),
            clock: Arc::new(FixedClock::new(self.now)),
            faults: Faults::default(),
            can: Capabilities {
                questions: true,
                downvotes: true,
                memberships: true,
                live: true,
                keys_kept: SignedDuration::from_hours(24),
            },
        }
    }
}
