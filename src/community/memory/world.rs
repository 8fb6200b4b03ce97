//! What the community in memory holds, as nobody in particular sees it.

use std::collections::{BTreeMap, HashMap};

use super::super::{Error, Kind, Result};
use super::news::Listener;
use super::security::Doors;
use crate::base::ids::{IdempotencyKey, PostId, SpaceId, ThreadId, Username};
use crate::base::{text::Clean, time::Timestamp};
use crate::model::{
    change::{Applied, Change, Notice},
    community::Community as About,
    ledger::Fact,
    member::{Author, Role},
    notification::Notification,
    plan::{Plan, Tier},
    thread::{Kind as Sort, Marks},
};

/// Items on a page.
pub(super) const PAGE: usize = 30;

/// A refusal of one field.
pub(super) fn invalid(field: &str, why: &str) -> Error {
    Error::with(Kind::Invalid(vec![(Clean::line(field), Clean::line(why))]), &format!("{field}: {why}"))
}

/// Somebody with an account.
pub(super) struct Person {
    pub(super) author: Author,
    pub(super) bio: Clean,
    pub(super) email: Option<Clean>,
    pub(super) joined: Timestamp,
    pub(super) password: String,
    pub(super) ledger: Vec<Fact>,
}

impl Person {
    pub(super) fn new(username: &str, name: &str, role: Role, joined: Timestamp) -> Self {
        Self {
            author: Author { username: Username::new(username), name: Clean::line(name), role },
            bio: Clean::default(),
            email: None,
            joined,
            password: "correct horse battery".to_owned(),
            ledger: Vec::new(),
        }
    }
}

/// A space without a reader.
pub(super) struct Room {
    pub(super) id: SpaceId,
    pub(super) name: Clean,
    pub(super) about: Clean,
    pub(super) read_tier: Option<Tier>,
    pub(super) write_role: Role,
}

/// A post without a reader.
pub(super) struct Text {
    pub(super) id: PostId,
    pub(super) number: u32,
    pub(super) parent: Option<u32>,
    pub(super) author: Username,
    pub(super) created: Timestamp,
    pub(super) edited: Option<Timestamp>,
    pub(super) body: String,
    pub(super) votes: BTreeMap<Username, i8>,
    pub(super) deleted: bool,
    pub(super) version: u32,
}

impl Text {
    pub(super) fn score(&self) -> i64 {
        self.votes.values().map(|value| i64::from(*value)).sum()
    }
}

/// A thread without a reader. `posts` is never empty; the first is the opening post.
pub(super) struct Talk {
    pub(super) id: ThreadId,
    pub(super) serial: i64,
    pub(super) space: SpaceId,
    pub(super) kind: Sort,
    pub(super) title: String,
    pub(super) tags: Vec<String>,
    pub(super) gate: Option<Tier>,
    pub(super) preview: Option<String>,
    pub(super) accepted: Option<PostId>,
    pub(super) locked: bool,
    pub(super) pinned: bool,
    pub(super) posts: Vec<Text>,
}

impl Talk {
    pub(super) fn created(&self) -> Timestamp {
        self.posts.first().map_or(Timestamp::UNIX_EPOCH, |post| post.created)
    }

    pub(super) fn active(&self) -> Timestamp {
        self.posts.last().map_or(Timestamp::UNIX_EPOCH, |post| post.created)
    }

    pub(super) fn last(&self) -> u32 {
        self.posts.last().map_or(0, |post| post.number)
    }

    pub(super) fn score(&self) -> i64 {
        self.posts.first().map_or(0, Text::score)
    }

    pub(super) fn answers(&self) -> usize {
        self.posts.iter().skip(1).filter(|post| post.parent.is_none() && !post.deleted).count()
    }

    /// The number of the accepted answer.
    pub(super) fn accepted_number(&self) -> Option<u32> {
        self.posts.iter().find(|post| self.accepted.as_ref() == Some(&post.id)).map(|post| post.number)
    }

    pub(super) fn is_by(&self, who: &Username) -> bool {
        self.posts.first().is_some_and(|post| post.author == *who)
    }
}

/// Everything there is.
pub(super) struct World {
    pub(super) about: About,
    pub(super) people: Vec<Person>,
    pub(super) rooms: Vec<Room>,
    pub(super) plans: Vec<Plan>,
    pub(super) talks: Vec<Talk>,
    pub(super) marks: HashMap<(Username, ThreadId), Marks>,
    pub(super) inbox: Vec<(Username, Notification)>,
    /// Every notice, and whom alone it concerns.
    pub(super) log: Vec<(Option<Username>, Notice)>,
    pub(super) listeners: Vec<Listener>,
    pub(super) answered: HashMap<(Username, IdempotencyKey), (Change, Applied)>,
    pub(super) serial: i64,
    pub(super) doors: Doors,
}

impl World {
    pub(super) fn next_serial(&mut self) -> i64 {
        self.serial += 1;
        self.serial
    }

    pub(super) fn person(&self, who: &Username) -> Option<&Person> {
        self.people.iter().find(|person| person.author.username == *who)
    }

    pub(super) fn person_mut(&mut self, who: &Username) -> Option<&mut Person> {
        self.people.iter_mut().find(|person| person.author.username == *who)
    }

    pub(super) fn author(&self, who: &Username) -> Author {
        self.person(who).map_or_else(
            || Author { username: who.clone(), name: Clean::line(who.as_str()), role: Role::Member },
            |person| person.author.clone(),
        )
    }

    pub(super) fn room(&self, id: &SpaceId) -> Result<&Room> {
        self.rooms.iter().find(|room| room.id == *id).ok_or(Error::new(Kind::NotFound))
    }

    pub(super) fn thread(&self, id: &ThreadId) -> Result<&Talk> {
        self.talks.iter().find(|talk| talk.id == *id).ok_or(Error::new(Kind::NotFound))
    }

    pub(super) fn thread_mut(&mut self, id: &ThreadId) -> Result<&mut Talk> {
        self.talks.iter_mut().find(|talk| talk.id == *id).ok_or(Error::new(Kind::NotFound))
    }

    /// The thread a post is in, and the post.
    pub(super) fn post(&self, id: &PostId) -> Result<(&Talk, &Text)> {
        let mut all = self.talks.iter().flat_map(|talk| talk.posts.iter().map(move |post| (talk, post)));
        all.find(|(_, post)| post.id == *id && !post.deleted).ok_or(Error::new(Kind::NotFound))
    }

    pub(super) fn post_mut(&mut self, id: &PostId) -> Result<&mut Text> {
        let mut all = self.talks.iter_mut().flat_map(|talk| talk.posts.iter_mut());
        all.find(|post| post.id == *id && !post.deleted).ok_or(Error::new(Kind::NotFound))
    }

    pub(super) fn marks(&self, who: &Username, id: &ThreadId) -> Marks {
        self.marks.get(&(who.clone(), id.clone())).copied().unwrap_or_default()
    }

    pub(super) fn marks_mut(&mut self, who: &Username, id: &ThreadId) -> &mut Marks {
        self.marks.entry((who.clone(), id.clone())).or_default()
    }
}
