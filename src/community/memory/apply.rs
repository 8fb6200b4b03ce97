//! Doing what was asked: each kind of change, with its refusals.

use std::collections::BTreeMap;

use super::super::{Arrived, Error, Kind, Result};
use super::view::Eyes;
use super::world::{Talk, Text, World, invalid};
use crate::base::ids::{IdempotencyKey, PostId, SpaceId, ThreadId, Username};
use crate::base::time::Timestamp;
use crate::model::{
    change::{Applied, Change, Topic},
    member::Role,
    notification::Reason,
    permission,
    thread::Kind as Sort,
};

/// The largest text, in bytes.
const LARGEST: usize = 64 * 1024;

/// Who is named in a text with `@`.
fn named(body: &str) -> impl Iterator<Item = Username> {
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    body.split('@').skip(1).map(move |rest| Username::new(rest.split(|c| !is_name(c)).next().unwrap_or_default()))
}

/// The public beginning of a gated text: up to the author's mark, else the first paragraph if there are more.
fn beginning(body: &str) -> &str {
    body.split_once("<!-- more -->").or_else(|| body.split_once("\n\n")).map_or("", |(public, _)| public.trim_end())
}

/// What a new thread takes.
struct Opening<'a> {
    space: &'a SpaceId,
    kind: Sort,
    title: &'a str,
    body: &'a str,
    tags: &'a [String],
}

fn check_body(body: &str) -> Result<()> {
    match body.len() {
        _ if body.trim().is_empty() => Err(invalid("body", "says nothing")),
        length if length > LARGEST => Err(Error::new(Kind::TooLarge)),
        _ => Ok(()),
    }
}

fn check_head(title: &str, tags: &[String]) -> Result<()> {
    if title.trim().is_empty() || title.chars().count() > 200 || title.contains('\n') {
        return Err(invalid("title", "one line of 1 to 200 characters"));
    }
    let fits = |tag: &String| {
        (1..=32).contains(&tag.len())
            && tag.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-+#.".contains(&b))
    };
    match tags.len() <= 5 && tags.iter().all(fits) {
        true => Ok(()),
        false => Err(invalid("tags", "up to five of a-z 0-9 - + # .")),
    }
}

fn in_thread(thread: &ThreadId) -> Applied {
    Applied { thread: Some(thread.clone()), post: None, number: None }
}

impl World {
    /// Does it once: the same key again gives the first answer.
    pub(super) fn apply_once(
        &mut self,
        who: &Username,
        change: &Change,
        key: &IdempotencyKey,
        now: Timestamp,
    ) -> Result<Applied> {
        let key = (who.clone(), key.clone());
        match self.answered.get(&key) {
            Some((before, applied)) if before == change => return Ok(applied.clone()),
            Some(_) => return Err(invalid("idempotency-key", "used for something else")),
            None => {}
        }
        let applied = self.apply(who, change, now)?;
        self.answered.insert(key, (change.clone(), applied.clone()));
        Ok(applied)
    }

    /// Looks for one reply of the same words. One that is not there may come yet.
    pub(super) fn arrived(&self, who: &Username, change: &Change, after: u32) -> Arrived {
        let Change::Reply { thread, parent, body } = change else { return Arrived::Unknown };
        let posts = self.thread(thread).map(|talk| talk.posts.as_slice()).unwrap_or_default();
        let is_it = |post: &&Text| {
            (&post.author, post.parent, &post.body) == (who, *parent, body) && post.number > after && !post.deleted
        };
        let found: Vec<&Text> = posts.iter().filter(is_it).collect();
        match found.as_slice() {
            [post] => Arrived::Yes(Applied {
                thread: Some(thread.clone()),
                post: Some(post.id.clone()),
                number: Some(post.number),
            }),
            _ => Arrived::Unknown,
        }
    }

    pub(super) fn apply(&mut self, who: &Username, change: &Change, now: Timestamp) -> Result<Applied> {
        match change {
            Change::NewThread { space, kind, title, body, tags } => {
                self.open(who, &Opening { space, kind: *kind, title, body, tags }, now)
            }
            Change::Reply { thread, parent, body } => self.reply(who, thread, *parent, body, now),
            Change::Edit { post, body, version } => self.edit(who, (post, version), body, now),
            Change::Vote { post, value } => self.vote(who, post, *value, now),
            Change::Accept { thread, post } => self.accept(who, thread, post.as_ref(), now),
            Change::Read { thread, upto } => {
                let last = self.thread(thread)?.last();
                self.marks_mut(who, thread).read = (*upto).min(last);
                Ok(self.marked(who, thread))
            }
            Change::Follow { thread, on } => {
                self.thread(thread)?;
                self.marks_mut(who, thread).set_follow(*on);
                Ok(self.marked(who, thread))
            }
            Change::Mute { thread, on } => {
                self.thread(thread)?;
                self.marks_mut(who, thread).set_mute(*on);
                Ok(self.marked(who, thread))
            }
            Change::Bookmark { thread, on } => {
                self.thread(thread)?;
                self.marks_mut(who, thread).bookmark = *on;
                Ok(self.marked(who, thread))
            }
            Change::Done { notification, done } => {
                let mut own = self.inbox.iter_mut().filter(|(owner, _)| owner == who);
                let found = own.find(|(_, n)| n.id == *notification).ok_or(Error::new(Kind::NotFound))?;
                found.1.done = *done;
                self.tell(Topic::Inbox, None, Some(who));
                Ok(Applied::default())
            }
        }
    }

    fn marked(&mut self, who: &Username, thread: &ThreadId) -> Applied {
        self.tell(Topic::Marks, Some(thread), Some(who));
        in_thread(thread)
    }

    fn role(&self, who: &Username) -> Role {
        self.author(who).role
    }

    /// Refuses who may see the preview only.
    fn check_gate(&self, who: &Username, talk: &Talk, now: Timestamp) -> Result<()> {
        match Eyes::of(self, who, now)?.gate(talk) {
            Some(gate) => Err(Error::new(Kind::Gated(Some(Box::new(gate))))),
            None => Ok(()),
        }
    }

    fn open(&mut self, who: &Username, opening: &Opening<'_>, now: Timestamp) -> Result<Applied> {
        let room = self.room(opening.space).map_err(|_| invalid("space", "there is no such space"))?;
        let role = self.role(who);
        let announces = opening.kind == Sort::Announcement && !role.is_staff();
        if !permission::may_open(room.write_role, role) || announces {
            return Err(Error::new(Kind::Forbidden));
        }
        if !Eyes::of(self, who, now)?.decide(room.read_tier.as_ref(), None).allowed {
            return Err(Error::new(Kind::Gated(None)));
        }
        check_head(opening.title, opening.tags)?;
        check_body(opening.body)?;
        let serial = self.next_serial();
        let id = ThreadId::new(format!("t{serial}"));
        let mut talk = Talk {
            id: id.clone(),
            serial,
            space: opening.space.clone(),
            kind: opening.kind,
            title: opening.title.to_owned(),
            tags: opening.tags.to_vec(),
            gate: None,
            preview: Some(beginning(opening.body).to_owned()),
            accepted: None,
            locked: false,
            pinned: false,
            posts: Vec::new(),
        };
        let post = self.write(&mut talk, (who, None), opening.body, now);
        self.talks.push(talk);
        let marks = self.marks_mut(who, &id);
        (marks.follow, marks.read) = (true, 1);
        self.tell(Topic::Thread, Some(&id), None);
        self.report(who, (&id, 1), now);
        Ok(Applied { thread: Some(id), post: Some(post), number: Some(1) })
    }

    /// Adds a post at the end of a thread.
    pub(super) fn write(
        &mut self,
        talk: &mut Talk,
        (who, parent): (&Username, Option<u32>),
        body: &str,
        now: Timestamp,
    ) -> PostId {
        let id = PostId::new(format!("p{}", self.next_serial()));
        talk.posts.push(Text {
            id: id.clone(),
            number: talk.last() + 1,
            parent,
            author: who.clone(),
            created: now,
            edited: None,
            body: body.to_owned(),
            votes: BTreeMap::new(),
            deleted: false,
            version: 1,
        });
        id
    }

    fn reply(
        &mut self,
        who: &Username,
        thread: &ThreadId,
        parent: Option<u32>,
        body: &str,
        now: Timestamp,
    ) -> Result<Applied> {
        let talk = self.thread(thread)?;
        self.check_gate(who, talk, now)?;
        if !permission::may_reply(talk.locked, self.role(who)) {
            return Err(Error::with(Kind::Conflict, "the thread is locked"));
        }
        check_body(body)?;
        // A reply to the opening post is a reply to the thread.
        let parent = parent.filter(|number| *number > 1);
        if parent.is_some_and(|number| !talk.posts.iter().any(|p| p.number == number && !p.deleted)) {
            return Err(invalid("parent", "no such post in this thread"));
        }
        let place = self.talks.iter().position(|talk| talk.id == *thread).ok_or(Error::new(Kind::NotFound))?;
        let mut talk = self.talks.swap_remove(place);
        let post = self.write(&mut talk, (who, parent), body, now);
        let number = talk.last();
        self.talks.push(talk);
        let marks = self.marks_mut(who, thread);
        // One's own post is no news, unless there was news before it.
        if marks.read + 1 == number {
            marks.read = number;
        }
        self.tell_of_post(Topic::Post, thread, number);
        self.report(who, (thread, number), now);
        Ok(Applied { thread: Some(thread.clone()), post: Some(post), number: Some(number) })
    }

    /// Tells those whom a post concerns, each once: who follows, who was answered, who is named. Later reasons replace
    /// earlier ones.
    fn report(&mut self, who: &Username, (thread, number): (&ThreadId, u32), now: Timestamp) {
        let Ok(talk) = self.thread(thread) else { return };
        let Some(post) = talk.posts.iter().find(|post| post.number == number) else { return };
        let followers = self.marks.iter().filter(|((_, id), marks)| id == thread && marks.follow);
        let mut reasons: BTreeMap<Username, Reason> =
            followers.map(|((reader, _), _)| (reader.clone(), Reason::Reply)).collect();
        let asker = talk.posts.first().map(|opening| &opening.author);
        match post.parent.and_then(|parent| talk.posts.iter().find(|post| post.number == parent)) {
            Some(parent) => drop(reasons.insert(parent.author.clone(), Reason::Reply)),
            None if talk.kind == Sort::Question => {
                if let Some(reason) = asker.and_then(|asker| reasons.get_mut(asker)) {
                    *reason = Reason::Answer;
                }
            }
            None => {}
        }
        for name in named(&post.body).filter(|name| self.person(name).is_some()) {
            reasons.insert(name, Reason::Mention);
        }
        reasons.remove(who);
        for (reader, reason) in reasons {
            self.notify(&reader, reason, who, now, (thread, number));
        }
    }

    fn edit(
        &mut self,
        who: &Username,
        (post, version): (&PostId, &str),
        body: &str,
        now: Timestamp,
    ) -> Result<Applied> {
        let (talk, text) = self.post(post)?;
        self.check_gate(who, talk, now)?;
        if text.author != *who && !self.role(who).is_staff() {
            return Err(Error::new(Kind::Forbidden));
        }
        check_body(body)?;
        let stands = Eyes::of(self, who, now)?.post(talk, text).version;
        if stands != version {
            return Err(Error::with(Kind::Conflict, "it was edited meanwhile"));
        }
        let thread = talk.id.clone();
        let text = self.post_mut(post)?;
        body.clone_into(&mut text.body);
        text.edited = Some(now);
        text.version += 1;
        let number = text.number;
        self.tell_of_post(Topic::Edit, &thread, number);
        Ok(Applied { thread: Some(thread), post: Some(post.clone()), number: Some(number) })
    }

    fn vote(&mut self, who: &Username, post: &PostId, value: i8, now: Timestamp) -> Result<Applied> {
        if !(-1..=1).contains(&value) {
            return Err(invalid("value", "1, -1 or 0"));
        }
        let (talk, text) = self.post(post)?;
        self.check_gate(who, talk, now)?;
        if text.author == *who {
            return Err(Error::with(Kind::Forbidden, "one's own post"));
        }
        let thread = talk.id.clone();
        let text = self.post_mut(post)?;
        match value {
            0 => text.votes.remove(who),
            value => text.votes.insert(who.clone(), value),
        };
        let number = text.number;
        self.tell_of_post(Topic::Vote, &thread, number);
        Ok(Applied { thread: Some(thread), post: Some(post.clone()), number: Some(number) })
    }

    fn accept(&mut self, who: &Username, thread: &ThreadId, post: Option<&PostId>, now: Timestamp) -> Result<Applied> {
        let talk = self.thread(thread)?;
        self.check_gate(who, talk, now)?;
        if !permission::may_accept(talk.is_by(who), self.role(who)) {
            return Err(Error::new(Kind::Forbidden));
        }
        if talk.kind != Sort::Question {
            return Err(Error::with(Kind::Conflict, "only a question has an accepted answer"));
        }
        let answer = match post {
            Some(post) => {
                let stands = |p: &&Text| p.id == *post && p.number > 1 && p.parent.is_none() && !p.deleted;
                let text = talk.posts.iter().find(stands).ok_or_else(|| invalid("post", "is no answer"))?;
                Some((text.number, text.author.clone()))
            }
            None => None,
        };
        let number = answer.as_ref().map(|(number, _)| *number);
        let applied = Applied { thread: Some(thread.clone()), post: post.cloned(), number };
        if talk.accepted.as_ref() == post {
            return Ok(applied);
        }
        let before = talk.posts.iter().find(|post| talk.accepted.as_ref() == Some(&post.id)).map(|post| post.number);
        self.thread_mut(thread)?.accepted = post.cloned();
        for number in before.into_iter().chain(number) {
            self.tell_of_post(Topic::Vote, thread, number);
        }
        if let Some((number, author)) = answer.filter(|(_, author)| author != who) {
            self.notify(&author, Reason::Accepted, who, now, (thread, number));
        }
        Ok(applied)
    }
}
