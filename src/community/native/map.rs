//! From the wire to the model. Every text is cleaned here, names and words included; only what goes back to the server
//! as it came (ids, cursors, versions) is left alone.

use crate::api;
use crate::base::ids::{NotificationId, PlanId, PostId, SessionId, SpaceId, ThreadId, TokenId, Username};
use crate::base::text::Clean;
use crate::model::{
    change::Notice,
    community::Community,
    member::{Author, Me, Member},
    membership::{Derived, Entry, Membership},
    money::Money,
    notification::Notification,
    page::{Cursor, Page},
    permission::{Access, Decision},
    plan::{Plan, Tier},
    post::Post,
    search::{Hit, snippet::pieces},
    session::{AccessToken, OpenSession},
    space::Space,
    thread::{Gate, Marks, Thread},
};

fn line(text: &str) -> Clean {
    Clean::line(text)
}

fn lines(texts: &[String]) -> Vec<Clean> {
    texts.iter().map(|text| line(text)).collect()
}

/// A word that is a plain `String` in the model, and shown.
fn word(text: &str) -> String {
    line(text).as_str().to_owned()
}

fn page<W, M>(items: Vec<W>, next: Option<String>, map: impl Fn(W) -> M) -> Page<M> {
    Page { items: items.into_iter().map(map).collect(), next: next.map(Cursor) }
}

fn author(author: api::member::Author) -> Author {
    Author { username: Username::new(word(&author.username)), name: line(&author.name), role: author.role }
}

fn tier(tier: Tier) -> Tier {
    Tier { slug: word(&tier.slug), name: word(&tier.name), rank: tier.rank }
}

fn plan_ids(plans: Vec<String>) -> Vec<PlanId> {
    plans.iter().map(|plan| PlanId::new(word(plan))).collect()
}

pub(super) fn session(session: api::session::Session) -> OpenSession {
    OpenSession {
        id: SessionId::new(session.id),
        client: line(&session.client_name),
        created: session.created,
        used: session.used,
        until: session.until,
        current: session.current,
    }
}

pub(super) fn access_token(token: api::session::AccessToken) -> AccessToken {
    AccessToken {
        id: TokenId::new(token.id),
        name: line(&token.name),
        scopes: token.scopes,
        created: token.created,
        used: token.used,
        until: token.until,
    }
}

pub(super) fn gate(gate: api::thread::Gate) -> Gate {
    Gate { required: tier(gate.required), plans: plan_ids(gate.plans) }
}

pub(super) fn about(about: api::community::Community) -> Community {
    Community {
        name: line(&about.name),
        positioning: line(&about.positioning),
        audience: line(&about.audience),
        rules: Clean::block(&about.rules),
        policy: Clean::block(&about.policy),
        policy_version: word(&about.policy_version),
        answer_within_hours: about.answer_within_hours,
    }
}

pub(super) fn me(me: api::member::Me) -> Me {
    let name = api::member::Author { username: me.username, name: me.name, role: me.role };
    Me { author: author(name), email: me.email.as_deref().map(line), inbox: me.inbox }
}

pub(super) fn member(member: api::member::Member) -> Member {
    let name = api::member::Author { username: member.username, name: member.name, role: member.role };
    Member {
        author: author(name),
        bio: Clean::block(&member.bio),
        joined: member.joined,
        posts: member.posts,
        accepted: member.accepted,
    }
}

pub(super) fn space(space: api::community::Space) -> Space {
    Space {
        id: SpaceId::new(word(&space.id)),
        name: line(&space.name),
        about: line(&space.about),
        read_tier: space.read_tier.map(tier),
        write_role: space.write_role,
        may_read: space.may_read,
        may_write: space.may_write,
        threads: space.threads,
        unread: space.unread,
    }
}

pub(super) fn plan(plan: api::community::Plan) -> Plan {
    Plan {
        id: PlanId::new(word(&plan.id)),
        name: line(&plan.name),
        tier: tier(plan.tier),
        interval: plan.interval,
        price: Money { minor: plan.price.minor, currency: word(&plan.price.currency) },
        trial_days: plan.trial_days,
        gives: lines(&plan.gives),
        held: plan.held,
    }
}

pub(super) fn thread(thread: api::thread::Thread) -> Thread {
    Thread {
        id: ThreadId::new(thread.id),
        space: SpaceId::new(word(&thread.space)),
        kind: thread.kind,
        title: line(&thread.title),
        author: author(thread.author),
        tags: lines(&thread.tags),
        created: thread.created,
        active: thread.active,
        last: thread.last,
        answers: thread.answers,
        score: thread.score,
        accepted: thread.accepted.map(PostId::new),
        accepted_number: thread.accepted_number,
        locked: thread.locked,
        pinned: thread.pinned,
        excerpt: line(&thread.excerpt),
        gate: thread.entitlement.map(gate),
        marks: marks(&thread.marks),
    }
}

fn marks(marks: &api::thread::Marks) -> Marks {
    Marks { read: marks.read, follow: marks.follow, mute: marks.mute, bookmark: marks.bookmark }
}

pub(super) fn threads(threads: api::thread::ThreadPage) -> Page<Thread> {
    page(threads.items, threads.next, thread)
}

pub(super) fn posts(posts: api::post::PostPage) -> Page<Post> {
    page(posts.items, posts.next, post)
}

fn post(post: api::post::Post) -> Post {
    Post {
        id: PostId::new(post.id),
        thread: ThreadId::new(post.thread),
        number: post.number,
        parent: post.parent,
        author: author(post.author),
        created: post.created,
        edited: post.edited,
        body: Clean::block(&post.body),
        score: post.score,
        vote: post.vote.signum(),
        accepted: post.accepted,
        deleted: post.deleted,
        partial: post.partial,
        may_edit: post.may_edit,
        version: post.version,
    }
}

pub(super) fn hits(hits: api::search::HitPage) -> Page<Hit> {
    let hit = |hit: api::search::Hit| Hit {
        thread: thread(hit.thread),
        number: hit.number,
        snippet: pieces(&hit.snippet),
        at: hit.at,
    };
    page(hits.items, hits.next, hit)
}

pub(super) fn notifications(items: api::notification::NotificationPage) -> Page<Notification> {
    let notification = |n: api::notification::Notification| Notification {
        id: NotificationId::new(n.id),
        reason: n.reason,
        actor: n.actor.map(author),
        thread: n.thread.map(ThreadId::new),
        title: line(&n.title),
        number: n.number,
        excerpt: line(&n.excerpt),
        at: n.at,
        done: n.done,
    };
    page(items.items, items.next, notification)
}

fn held(held: api::membership::Held) -> Derived {
    Derived {
        standing: held.standing,
        tier: held.tier.map(tier),
        plan: held.plan.map(|plan| PlanId::new(word(&plan))),
        since: held.since,
        until: held.until,
        renews: held.renews,
    }
}

pub(super) fn membership(membership: api::membership::Membership) -> Membership {
    let entry = |entry: api::membership::Entry| Entry {
        at: entry.at,
        fact: word(&entry.fact),
        plan: entry.plan.map(|plan| PlanId::new(word(&plan))),
    };
    Membership {
        derived: held(membership.held),
        gives: lines(&membership.gives),
        history: membership.history.into_iter().map(entry).collect(),
    }
}

pub(super) fn access(access: api::membership::Access) -> Access {
    let decision = Decision {
        allowed: access.allowed,
        because: access.because,
        required: access.required.map(tier),
        holds: held(access.holds),
    };
    Access { decision, plans: plan_ids(access.plans) }
}

pub(super) fn notice(change: api::change::Change) -> Notice {
    let thread = change.thread.map(ThreadId::new);
    Notice { seq: change.seq, topic: change.topic, thread, number: change.post }
}
