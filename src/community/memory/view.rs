//! How one reader sees the community in memory. What they may not read is cut here.

use super::super::{Error, Kind, Result};
use super::world::{PAGE, Person, Talk, Text, World};
use crate::base::ids::{PlanId, ThreadId, Username};
use crate::base::{text::Clean, time::Timestamp};
use crate::model::{
    markup,
    member::{Me, Member},
    membership::{self, Entry, Membership},
    page::{Cursor, Page, Window},
    permission::{self, Access, Decision},
    plan::{Plan, Tier},
    post::Post,
    space::Space,
    thread::{Gate, Thread},
};

/// Characters of an excerpt.
const EXCERPT: usize = 160;

/// The first words of a text, in one line.
pub(super) fn excerpt(body: &str) -> Clean {
    Clean::line(&markup::excerpt(body, EXCERPT).chars().take(EXCERPT).collect::<String>())
}

/// A reader's eyes at one instant.
pub(super) struct Eyes<'a> {
    pub(super) world: &'a World,
    pub(super) person: &'a Person,
    pub(super) now: Timestamp,
}

impl<'a> Eyes<'a> {
    pub(super) fn of(world: &'a World, who: &Username, now: Timestamp) -> Result<Self> {
        let person = world.person(who).ok_or(Error::new(Kind::SignedOut))?;
        Ok(Self { world, person, now })
    }

    pub(super) fn who(&self) -> &'a Username {
        &self.person.author.username
    }

    pub(super) fn me(&self) -> Me {
        let open = self.world.inbox.iter().filter(|(owner, n)| owner == self.who() && !n.done).count();
        Me { author: self.person.author.clone(), email: self.person.email.clone(), inbox: to_u32(open) }
    }

    pub(super) fn member(&self, username: &Username) -> Result<Member> {
        let person = self.world.person(username).ok_or(Error::new(Kind::NotFound))?;
        let posts = || self.world.talks.iter().flat_map(|talk| talk.posts.iter().map(move |post| (talk, post)));
        let own = |post: &Text| post.author == *username && !post.deleted;
        Ok(Member {
            author: person.author.clone(),
            bio: person.bio.clone(),
            joined: person.joined,
            posts: to_u32(posts().filter(|(_, post)| own(post)).count()),
            accepted: to_u32(
                posts().filter(|(talk, post)| own(post) && talk.accepted.as_ref() == Some(&post.id)).count(),
            ),
        })
    }

    pub(super) fn decide(&self, room: Option<&Tier>, gate: Option<&Tier>) -> Decision {
        permission::may_read(room, gate, self.person.author.role, &self.person.ledger, self.now)
    }

    pub(super) fn access(&self, talk: &Talk) -> Access {
        let room = self.world.room(&talk.space).ok().and_then(|room| room.read_tier.as_ref());
        let decision = self.decide(room, talk.gate.as_ref());
        let plans = decision.required.as_ref().filter(|_| !decision.allowed).map(|t| self.plans_for(t));
        Access { plans: plans.unwrap_or_default(), decision }
    }

    fn plans_for(&self, tier: &Tier) -> Vec<PlanId> {
        self.world.plans.iter().filter(|plan| plan.tier.rank >= tier.rank).map(|plan| plan.id.clone()).collect()
    }

    pub(super) fn gate(&self, talk: &Talk) -> Option<Gate> {
        let access = self.access(talk);
        let required = access.decision.required.filter(|_| !access.decision.allowed)?;
        Some(Gate { required, plans: access.plans })
    }

    pub(super) fn thread(&self, talk: &Talk) -> Thread {
        let gate = self.gate(talk);
        let opening = talk.posts.first();
        let shown = match &gate {
            Some(_) => talk.preview.as_deref(),
            None => opening.filter(|post| !post.deleted).map(|post| post.body.as_str()),
        };
        Thread {
            id: talk.id.clone(),
            space: talk.space.clone(),
            kind: talk.kind,
            title: Clean::line(&talk.title),
            author: self.world.author(opening.map_or(self.who(), |post| &post.author)),
            tags: talk.tags.iter().map(|tag| Clean::line(tag)).collect(),
            created: talk.created(),
            active: talk.active(),
            last: talk.last(),
            answers: to_u32(talk.answers()),
            score: talk.score(),
            accepted: talk.accepted.clone(),
            accepted_number: talk.accepted_number(),
            locked: talk.locked,
            pinned: talk.pinned,
            excerpt: shown.map(excerpt).unwrap_or_default(),
            gate,
            marks: self.world.marks(self.who(), &talk.id),
        }
    }

    pub(super) fn posts(&self, id: &ThreadId, window: Window) -> Result<Page<Post>> {
        let talk = self.world.thread(id)?;
        if self.gate(talk).is_some() {
            let preview = talk.posts.first().map(|post| Post {
                body: Clean::block(talk.preview.as_deref().unwrap_or_default()),
                partial: true,
                may_edit: false,
                ..self.post(talk, post)
            });
            return Ok(Page { items: preview.into_iter().collect(), next: None });
        }
        let before = match window {
            Window::Start => 0,
            Window::After(number) => number,
            Window::Around(number) => number.min(talk.last()).saturating_sub(to_u32(PAGE / 3) + 1),
        };
        let mut items: Vec<Post> =
            talk.posts.iter().filter(|p| p.number > before).map(|p| self.post(talk, p)).collect();
        let more = items.len() > PAGE;
        items.truncate(PAGE);
        let next = items.last().filter(|_| more).map(|post| Cursor(post.number.to_string()));
        Ok(Page { items, next })
    }

    pub(super) fn post(&self, talk: &Talk, post: &Text) -> Post {
        let own = post.author == *self.who();
        Post {
            id: post.id.clone(),
            thread: talk.id.clone(),
            number: post.number,
            parent: post.parent,
            author: self.world.author(&post.author),
            created: post.created,
            edited: post.edited,
            body: if post.deleted { Clean::default() } else { Clean::block(&post.body) },
            score: post.score(),
            vote: post.votes.get(self.who()).copied().unwrap_or_default(),
            accepted: talk.accepted.as_ref() == Some(&post.id),
            deleted: post.deleted,
            partial: false,
            may_edit: (own || self.person.author.role.is_staff()) && !post.deleted,
            version: format!("\"{}-{}\"", post.id, post.version),
        }
    }

    pub(super) fn spaces(&self) -> Vec<Space> {
        let threads = |room: &crate::base::ids::SpaceId| {
            self.world.talks.iter().filter(|talk| talk.space == *room).map(|talk| self.thread(talk)).collect::<Vec<_>>()
        };
        let rooms = self.world.rooms.iter().map(|room| {
            let threads = threads(&room.id);
            Space {
                id: room.id.clone(),
                name: room.name.clone(),
                about: room.about.clone(),
                read_tier: room.read_tier.clone(),
                write_role: room.write_role,
                may_read: self.decide(room.read_tier.as_ref(), None).allowed,
                may_write: self.may_open(room.write_role, room.read_tier.as_ref()),
                threads: to_u32(threads.len()),
                unread: to_u32(threads.iter().filter(|thread| thread.has_news()).count()),
            }
        });
        rooms.collect()
    }

    fn may_open(&self, write: crate::model::member::Role, read: Option<&Tier>) -> bool {
        permission::may_open(write, self.person.author.role) && self.decide(read, None).allowed
    }

    pub(super) fn plans(&self) -> Vec<Plan> {
        let holds = membership::derive(&self.person.ledger, self.now);
        let held = |plan: &Plan| holds.tier.is_some() && holds.plan.as_ref() == Some(&plan.id);
        self.world.plans.iter().map(|plan| Plan { held: held(plan), ..plan.clone() }).collect()
    }

    pub(super) fn membership(&self) -> Membership {
        let derived = membership::derive(&self.person.ledger, self.now);
        let gives =
            self.world.plans.iter().find(|plan| derived.tier.is_some() && derived.plan.as_ref() == Some(&plan.id));
        let mut facts: Vec<_> = self.person.ledger.iter().filter(|fact| fact.at <= self.now).collect();
        facts.sort_by_key(|fact| fact.at);
        let entry = |fact: &crate::model::ledger::Fact| Entry {
            at: fact.at,
            fact: fact.kind.word().to_owned(),
            plan: fact.kind.plan().cloned(),
        };
        Membership {
            gives: gives.map(|plan| plan.gives.clone()).unwrap_or_default(),
            history: facts.into_iter().map(entry).collect(),
            derived,
        }
    }
}

/// Counts here are small; one that is not is shown as the largest there is.
pub(super) fn to_u32(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
