//! The sequence of changes, those who listen to it, and what lands in an inbox.

use futures_util::stream;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use super::super::{Error, Live, LiveStream, Result};
use super::view::{Eyes, excerpt};
use super::world::World;
use crate::base::ids::{NotificationId, ThreadId, Username};
use crate::base::{text::Clean, time::Timestamp};
use crate::model::{
    change::{Notice, Topic},
    notification::{Notification, Reason},
};

/// Somebody who is told of news as they come.
pub(super) struct Listener {
    who: Username,
    line: UnboundedSender<Result<Live>>,
}

impl World {
    /// Adds a notice to the sequence, for everybody or for one.
    pub(super) fn tell(&mut self, topic: Topic, thread: Option<&ThreadId>, only: Option<&Username>) {
        self.add(topic, thread.cloned(), None, only);
    }

    /// Adds a notice of one post to the sequence.
    pub(super) fn tell_of_post(&mut self, topic: Topic, thread: &ThreadId, number: u32) {
        self.add(topic, Some(thread.clone()), Some(number), None);
    }

    fn add(&mut self, topic: Topic, thread: Option<ThreadId>, number: Option<u32>, only: Option<&Username>) {
        let notice = Notice { seq: self.last_seq() + 1, topic, thread, number };
        self.log.push((only.cloned(), notice.clone()));
        self.listeners.retain(|listener| {
            let concerned = only.is_none_or(|only| *only == listener.who);
            !concerned || listener.line.send(Ok(Live::Notice(notice.clone()))).is_ok()
        });
    }

    fn last_seq(&self) -> u64 {
        self.log.last().map_or(0, |(_, notice)| notice.seq)
    }

    pub(super) fn changes(&self, who: &Username, after: Option<u64>) -> (Vec<Notice>, u64) {
        let last = self.last_seq();
        let after = after.unwrap_or(last);
        let heard =
            self.log.iter().filter(|(only, notice)| notice.seq > after && only.as_ref().is_none_or(|only| only == who));
        (heard.map(|(_, notice)| notice.clone()).collect(), last)
    }

    pub(super) fn listen(&mut self, who: Username, after: Option<u64>) -> LiveStream {
        let (line, heard) = unbounded_channel();
        let missed = self.changes(&who, after).0.into_iter().map(Live::Notice);
        for news in std::iter::once(Live::Open).chain(missed) {
            // The other end is in hand: this cannot fail yet.
            let _ = line.send(Ok(news));
        }
        self.listeners.push(Listener { who, line });
        Box::pin(stream::unfold(heard, |mut heard| async { heard.recv().await.map(|news| (news, heard)) }))
    }

    pub(super) fn break_live(&mut self, error: &Error) {
        for listener in self.listeners.drain(..) {
            let _ = listener.line.send(Err(error.clone()));
        }
    }

    /// Puts a line in a member's inbox, if they may read what it is about and have not muted it. What happens in one thread folds into one
    /// line (acceptance apart): an open one goes on pointing at what came first, except that a mention outranks the
    /// rest; one that was put away comes back and points at what is new.
    pub(super) fn notify(
        &mut self,
        who: &Username,
        reason: Reason,
        actor: &Username,
        at: Timestamp,
        (thread, number): (&ThreadId, u32),
    ) {
        if self.marks(who, thread).mute {
            return;
        }
        let Some(fresh) = self.line(who, thread, number) else { return };
        let accepted = |reason| reason == Reason::Accepted;
        let before = self.inbox.iter().position(|(owner, n)| {
            owner == who && n.thread.as_ref() == Some(thread) && accepted(n.reason) == accepted(reason)
        });
        let actor = Some(self.author(actor));
        let line = match before.map(|place| self.inbox.remove(place).1) {
            Some(open) if !open.done && !accepted(reason) && (reason != Reason::Mention || open.reason == reason) => {
                Notification { at, ..open }
            }
            Some(other) => Notification { id: other.id, reason, actor, at, ..fresh },
            None => {
                let id = NotificationId::new(format!("n{}", self.next_serial()));
                Notification { id, reason, actor, at, ..fresh }
            }
        };
        self.inbox.push((who.clone(), line));
        self.tell(Topic::Inbox, Some(thread), Some(who));
    }

    /// A line about a post, as its receiver may see it.
    fn line(&self, who: &Username, thread: &ThreadId, number: u32) -> Option<Notification> {
        let talk = self.thread(thread).ok()?;
        let eyes = Eyes::of(self, who, talk.active()).ok()?;
        let post = talk.posts.iter().find(|post| post.number == number)?;
        if eyes.gate(talk).is_some() {
            return None;
        }
        Some(Notification {
            id: NotificationId::new(""),
            reason: Reason::Reply,
            actor: None,
            thread: Some(thread.clone()),
            title: Clean::line(&talk.title),
            number: Some(number),
            excerpt: excerpt(&post.body),
            at: post.created,
            done: false,
        })
    }
}
