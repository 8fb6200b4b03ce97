//! A question to the community, and its answer in the engine's terms: what is kept first, then what the community says.

use std::sync::Arc;

use tokio::sync::Semaphore;

use super::event::{Answer, Event};
use super::pending::lay_over;
use super::recall::{self, recall};
use super::request::{Query, Ticket};
use super::sync::{self, Parts};
use crate::community::{self, Community, Error, Kind, Result};
use crate::model::page::Page;

/// What asking takes.
#[derive(Clone)]
pub(super) struct Asker {
    pub(super) parts: Parts,
    /// Requests to the network at the same time.
    pub(super) slots: Arc<Semaphore>,
}

/// Who answered.
pub(super) enum Source {
    /// The store alone: nothing was learned about the line.
    Store(Answer),
    /// The community, or its silence.
    Community(Result<Answer>),
}

impl Asker {
    /// Tells what is kept under the ticket, then asks the community and keeps what it says.
    pub(super) async fn ask(&self, ticket: Ticket, query: &Query) -> Source {
        if let Some((answer, at)) = self.recall(query, recall::PAGE).await {
            if is_the_stores(query) {
                return Source::Store(answer);
            }
            let _ = self.parts.events.send(Event::Kept { ticket, answer: Box::new(answer), at });
        } else if let Some(nothing) = nothing_more(query) {
            return Source::Store(nothing);
        }
        Source::Community(self.fetch(query).await)
    }

    /// Answers from what is kept; asks the community only for what is not.
    pub(super) async fn look(&self, query: &Query, most: usize) -> Source {
        match self.recall(query, most.max(recall::PAGE)).await {
            Some((answer, _)) => Source::Store(answer),
            None => Source::Community(self.fetch(query).await),
        }
    }

    /// Asks the community and keeps what it says; what is on its way is laid over it.
    pub(super) async fn fetch(&self, query: &Query) -> Result<Answer> {
        let _slot = self.slots.acquire().await;
        let mut result = sync::fetch(&self.parts, query).await;
        match &mut result {
            Ok(answer) => lay_over(answer, &self.parts.desk.pending()),
            Err(error) => self.forget(query, error).await,
        }
        result
    }

    async fn recall(&self, query: &Query, most: usize) -> Option<(Answer, crate::base::time::Timestamp)> {
        match recall(&self.parts.desk, query, most).await {
            Ok(Some((mut answer, at))) => {
                lay_over(&mut answer, &self.parts.desk.pending());
                Some((answer, at))
            }
            Ok(None) => None,
            Err(error) => {
                tracing::warn!(%error, "the store does not answer");
                None
            }
        }
    }

    /// What is gone from the community is not kept either.
    async fn forget(&self, query: &Query, error: &community::Error) {
        let is_gone = matches!(error.kind, Kind::NotFound | Kind::Forbidden | Kind::Gated(_));
        if let (Query::Thread(id) | Query::Posts(id, _), true) = (query, is_gone) {
            let _ = self.parts.desk.store.forget_thread(id).await;
        }
    }
}

/// The end of a list that only the store can go on with.
fn nothing_more(query: &Query) -> Option<Answer> {
    match query {
        _ if !is_the_stores(query) => None,
        Query::Feed(..) | Query::Threads(..) => Some(Answer::Threads(Page::default())),
        Query::Search(..) => Some(Answer::Hits(Page::default())),
        Query::Inbox(..) => Some(Answer::Inbox(Page::default())),
        Query::Known => Some(Answer::Known(Box::default())),
        _ => None,
    }
}

/// Whether only the store can answer: its own cursor is in it, or what is kept is all that is asked for.
fn is_the_stores(query: &Query) -> bool {
    match query {
        Query::Feed(_, cursor) | Query::Threads(_, cursor) | Query::Search(_, cursor) | Query::Inbox(_, cursor) => {
            cursor.is_some() && recall::place(cursor.as_ref()).is_some()
        }
        Query::Known => true,
        _ => false,
    }
}

/// Asks once. What is about the way in and one's own account is [`super::security::look`]'s.
pub(super) async fn ask(community: &dyn Community, query: &Query) -> Result<Answer> {
    Ok(match query {
        Query::About => Answer::About(community.about().await?),
        Query::Me => Answer::Me(community.me().await?),
        Query::Spaces => Answer::Spaces(community.spaces().await?),
        Query::Feed(view, cursor) => Answer::Threads(community.feed(*view, cursor.as_ref()).await?),
        Query::Threads(query, cursor) => Answer::Threads(community.threads(query, cursor.as_ref()).await?),
        Query::Thread(id) => Answer::Thread(Box::new(community.thread(id).await?)),
        Query::Posts(id, window) => Answer::Posts(community.posts(id, *window).await?),
        Query::Access(id) => Answer::Access(Box::new(community.access(id).await?)),
        Query::Search(words, cursor) => Answer::Hits(community.search(words, cursor.as_ref()).await?),
        Query::Inbox(done, cursor) => Answer::Inbox(community.notifications(*done, cursor.as_ref()).await?),
        Query::Plans => Answer::Plans(community.plans().await?),
        Query::Membership => Answer::Membership(Box::new(community.membership().await?)),
        Query::Member(username) => Answer::Member(Box::new(community.member(username).await?)),
        Query::Ways | Query::Sessions | Query::AccessTokens | Query::SecondFactor | Query::Known => {
            return Err(Error::new(Kind::Unsupported));
        }
    })
}
