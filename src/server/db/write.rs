//! One write: a transaction, and the news that goes out when it is committed and not before.

use std::ops::{Deref, DerefMut};

use sqlx::{Any, AnyConnection, Transaction};
use tokio::sync::broadcast::Sender;

use crate::api::change::Change;
use crate::base::time::Timestamp;
use crate::model::change::Topic;

/// Something that was committed, for those who listen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct News {
    /// What changed; none when there is nothing to tell, but those who listen should see whether they still may.
    pub change: Option<Change>,
    /// The only member whom it concerns, if it is not everybody's.
    pub member: Option<i64>,
}

/// A transaction that holds the turn to write. Dropping it undoes everything.
pub struct Write {
    tx: Transaction<'static, Any>,
    queued: Vec<News>,
    sender: Sender<News>,
}

impl Write {
    pub(super) fn new(tx: Transaction<'static, Any>, sender: Sender<News>) -> Self {
        Self { tx, queued: Vec::new(), sender }
    }

    /// Adds a line to the sequence of changes; listeners hear of it after the commit.
    pub async fn tell(
        &mut self,
        topic: Topic,
        thread: Option<i64>,
        member: Option<i64>,
        at: Timestamp,
    ) -> Result<(), sqlx::Error> {
        self.add(topic, (thread, None), member, at).await
    }

    /// Tells everybody of a change to one post, by its thread and its number in it.
    pub async fn tell_of_post(
        &mut self,
        topic: Topic,
        (thread, number): (i64, u32),
        at: Timestamp,
    ) -> Result<(), sqlx::Error> {
        self.add(topic, (Some(thread), Some(number)), None, at).await
    }

    /// Has the streams of a member look, after the commit, whether they still may hear anything.
    pub fn wake(&mut self, member: i64) {
        self.queued.push(News { change: None, member: Some(member) });
    }

    async fn add(
        &mut self,
        topic: Topic,
        (thread, post): (Option<i64>, Option<u32>),
        member: Option<i64>,
        at: Timestamp,
    ) -> Result<(), sqlx::Error> {
        // The turn to write is held, so nobody else can take the same number.
        let sql = "INSERT INTO changes (seq, topic, thread_id, number, member_id, at) \
                   SELECT COALESCE(MAX(seq), 0) + 1, $1, $2, $3, $4, $5 FROM changes RETURNING seq";
        let seq: i64 = sqlx::query_scalar(sql)
            .bind(topic_word(topic))
            .bind(thread)
            .bind(post.map(i64::from))
            .bind(member)
            .bind(at.as_millisecond())
            .fetch_one(&mut *self.tx)
            .await?;
        let change = Change { seq: seq.unsigned_abs(), topic, thread: thread.map(|id| id.to_string()), post };
        self.queued.push(News { change: Some(change), member });
        Ok(())
    }

    /// Makes it so, then tells.
    pub async fn commit(self) -> Result<(), sqlx::Error> {
        self.tx.commit().await?;
        for news in self.queued {
            // Nobody listening is no error.
            let _ = self.sender.send(news);
        }
        Ok(())
    }
}

impl Deref for Write {
    type Target = AnyConnection;

    fn deref(&self) -> &AnyConnection {
        &self.tx
    }
}

impl DerefMut for Write {
    fn deref_mut(&mut self) -> &mut AnyConnection {
        &mut self.tx
    }
}

/// The word of a topic in the table of changes.
pub fn topic_word(topic: Topic) -> &'static str {
    match topic {
        Topic::Thread => "thread",
        Topic::Post => "post",
        Topic::Edit => "edit",
        Topic::Vote => "vote",
        Topic::Marks => "marks",
        Topic::Inbox => "inbox",
        Topic::Membership => "membership",
    }
}

/// Reads the word back.
pub fn topic_of(word: &str) -> Option<Topic> {
    const ALL: [Topic; 7] =
        [Topic::Thread, Topic::Post, Topic::Edit, Topic::Vote, Topic::Marks, Topic::Inbox, Topic::Membership];
    ALL.into_iter().find(|topic| topic_word(*topic) == word)
}
