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
        let notice = Notice { seq: self.last_seq() + 1, topic, thread: thread.cloned() };
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

    /// Puts a line in a member's inbox. What they have not put away about the same thread folds into one line.
    pub(super) fn notify(
        &mut self,
        who: &Username,
        reason: Reason,
        actor: &Username,
        at: Timestamp,
        place: (&ThreadId, u32),
    ) {
        let (thread, number) = place;
        let Some(line) = self.line(who, thread, number) else { return };
        let before = self
            .inbox
            .iter()
            .position(|(owner, n)| owner == who && n.thread.as_ref() == Some(thread) && n.reason == reason);
        let id = match before {
            Some(place) => self.inbox.remove(place).1.id,
            None => NotificationId::new(format!("n{}", self.next_serial())),
        };
        let actor = Some(self.author(actor));
        self.inbox.push((who.clone(), Notification { id, reason, actor, at, ..line }));
        self.tell(Topic::Inbox, Some(thread), Some(who));
    }

    /// A line about a post, as its receiver may see it.
    fn line(&self, who: &Username, thread: &ThreadId, number: u32) -> Option<Notification> {
        let talk = self.thread(thread).ok()?;
        let eyes = Eyes::of(self, who, talk.active()).ok()?;
        let post = talk.posts.iter().find(|post| post.number == number)?;
        let words = if eyes.gate(talk).is_none() { Some(&post.body) } else { talk.preview.as_ref() };
        Some(Notification {
            id: NotificationId::new(""),
            reason: Reason::Reply,
            actor: None,
            thread: Some(thread.clone()),
            title: Clean::line(&talk.title),
            number: Some(number),
            excerpt: words.map(|words| excerpt(words)).unwrap_or_default(),
            at: post.created,
            done: false,
        })
    }
}
