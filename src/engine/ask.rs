//! A question to the community, and its answer in the engine's terms.

use super::{event::Answer, request::Query};
use crate::community::{Community, Result};

/// Asks once.
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
    })
}
