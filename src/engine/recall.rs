//! Questions that the store answers: what is kept of an answer of the community, and how it is found again.
//!
//! Lists are put together from the threads that are kept, in the order the community has them. How far a list was
//! fetched without a hole is remembered with it, so that what lies beyond is not taken for the whole.

use super::desk::Desk;
use super::event::Answer;
use super::full::COMPLETE;
use super::request::Query;
use crate::base::time::Timestamp;
use crate::model::feed::{State, ThreadQuery, View};
use crate::model::membership::Membership;
use crate::model::page::{Cursor, Page};
use crate::model::post::Post;
use crate::model::search;
use crate::model::thread::Thread;
use crate::store::{Kept, List, Result, Span};

/// Items of a page.
pub(super) const PAGE: usize = 30;
/// Posts that are shown at once from what is kept.
const MOST_POSTS: u32 = 300;
/// Threads, and members, that can be gone to by name.
const MOST_KNOWN: u32 = 300;
/// What a cursor of the store begins with. No server's does.
const OURS: &str = "store:";

/// Where a list of the store goes on; none for a cursor that only the community can read.
pub(super) fn place(cursor: Option<&Cursor>) -> Option<usize> {
    cursor.map_or(Some(0), |cursor| cursor.0.strip_prefix(OURS)?.parse().ok())
}

/// What a question is kept under, where one name is enough.
fn document(query: &Query) -> Option<String> {
    Some(match query {
        Query::About => "about".to_owned(),
        Query::Me => "me".to_owned(),
        Query::Spaces => "spaces".to_owned(),
        Query::Plans => "plans".to_owned(),
        Query::Membership => "membership".to_owned(),
        Query::Access(thread) => format!("access/{thread}"),
        Query::Member(username) => format!("member/{username}"),
        _ => return None,
    })
}

/// The name of a list of threads.
fn list_name(query: &Query) -> Option<String> {
    match query {
        Query::Feed(View::ForYou, _) => Some("for-you".to_owned()),
        Query::Feed(view, _) => Some(format!("feed/{}", view.as_str())),
        Query::Threads(ThreadQuery { state: Some(State::NeedsMe), .. }, _) => Some("needs-me".to_owned()),
        Query::Threads(of, _) => {
            let part = |value: Option<&str>| value.unwrap_or("*").to_owned();
            let parts = [
                part(of.space.as_ref().map(|space| space.as_str())),
                part(of.kind.map(|kind| kind.as_str())),
                part(of.tag.as_deref()),
                part(of.state.map(|state| state.as_str())),
                of.sort.as_str().to_owned(),
            ];
            Some(format!("threads/{}", parts.join("/")))
        }
        _ => None,
    }
}

/// Whether only the community knows what is in a list and in which order.
fn is_the_communitys(query: &Query) -> bool {
    matches!(query, Query::Feed(View::ForYou, _) | Query::Threads(ThreadQuery { state: Some(State::NeedsMe), .. }, _))
}

/// What is kept of the answer to a question, and when the community last said so. `most` bounds a list.
pub(super) async fn recall(desk: &Desk, query: &Query, most: usize) -> Result<Option<(Answer, Timestamp)>> {
    let store = &desk.store;
    if let Some(name) = document(query) {
        return one(desk, query, &name).await;
    }
    Ok(match query {
        Query::Feed(_, cursor) | Query::Threads(_, cursor) => match place(cursor.as_ref()) {
            Some(skip) => list(desk, query, skip, most).await?,
            None => None,
        },
        Query::Thread(id) => store.thread(id).await?.map(|kept| (Answer::Thread(Box::new(kept.value)), kept.at)),
        Query::Posts(id, window) => {
            let most = MOST_POSTS.max(u32::try_from(most).unwrap_or(u32::MAX));
            match store.posts(id, *window, most).await? {
                Some(mut kept) => {
                    // More than is kept may be had.
                    let last = store.thread(id).await?.map_or(0, |thread| thread.value.last);
                    if kept.value.next.is_none() && kept.value.items.last().is_some_and(|post| post.number < last) {
                        kept.value.next = Some(Cursor(format!("{OURS}more")));
                    }
                    Some((Answer::Posts(kept.value), kept.at))
                }
                None => None,
            }
        }
        Query::Search(words, cursor) => match (search::Query::parse(words), place(cursor.as_ref())) {
            (Ok(query), Some(skip)) => {
                let hits = store.search(&query, skip, PAGE + 1).await?;
                let at = store.document::<serde::de::IgnoredAny>("spaces").await?.map(|kept| kept.at);
                at.filter(|_| !hits.is_empty()).map(|at| (Answer::Hits(cut(hits, skip, PAGE, None)), at))
            }
            _ => None,
        },
        // Nobody but the store is asked; when it was last heard of does not matter.
        Query::Known => {
            let known = store.known(MOST_KNOWN).await?;
            Some((Answer::Known(Box::new(known)), Timestamp::UNIX_EPOCH))
        }
        Query::Inbox(done, cursor) => match place(cursor.as_ref()) {
            Some(skip) => inbox(desk, *done, skip).await?,
            None => None,
        },
        _ => None,
    })
}

async fn one(desk: &Desk, query: &Query, name: &str) -> Result<Option<(Answer, Timestamp)>> {
    let store = &desk.store;
    Ok(match query {
        Query::About => store.document(name).await?.map(|k| (Answer::About(k.value), k.at)),
        Query::Me => store.document(name).await?.map(|k| (Answer::Me(k.value), k.at)),
        Query::Spaces => store.document(name).await?.map(|k| (Answer::Spaces(k.value), k.at)),
        Query::Plans => store.document(name).await?.map(|k| (Answer::Plans(k.value), k.at)),
        Query::Membership => store.document(name).await?.map(|k| (Answer::Membership(Box::new(k.value)), k.at)),
        Query::Access(_) => store.document(name).await?.map(|k| (Answer::Access(Box::new(k.value)), k.at)),
        Query::Member(_) => store.document(name).await?.map(|k| (Answer::Member(Box::new(k.value)), k.at)),
        _ => None,
    })
}

async fn list(desk: &Desk, query: &Query, skip: usize, most: usize) -> Result<Option<(Answer, Timestamp)>> {
    let name = list_name(query).unwrap_or_default();
    let known: Option<Kept<List>> = desk.store.list(&name).await?;
    let is_all = desk.store.document::<bool>(COMPLETE).await?.is_some();
    let bounds = known.as_ref().filter(|_| !is_the_communitys(query) && !is_all);
    let ends = bounds.map_or(&[][..], |kept| &kept.value.ids);
    let mut found = rows(desk, query, Span { skip, take: most + 1, until: ends.last().cloned() }).await?;
    // The last thread that was fetched may have come up since: the one before it is as good an end.
    for end in ends.iter().rev().skip(1) {
        if found.len() >= PAGE {
            break;
        }
        let span = Span { skip, take: most + 1, until: Some(end.clone()) };
        let other = rows(desk, query, span).await?;
        found = if other.len() > found.len() { other } else { found };
    }
    let at = known.as_ref().map(|kept| kept.at).or_else(|| found.iter().map(|kept| kept.at).min());
    let Some(at) = at.filter(|_| known.is_some() || !found.is_empty()) else { return Ok(None) };
    let threads = found.into_iter().map(|kept| kept.value).collect();
    let beyond = known.and_then(|kept| kept.value.next).filter(|_| !is_all);
    Ok(Some((Answer::Threads(cut(threads, skip, most, beyond)), at)))
}

async fn rows(desk: &Desk, query: &Query, span: Span) -> Result<Vec<Kept<Thread>>> {
    match query {
        Query::Feed(view, _) => desk.store.feed(*view, span).await,
        Query::Threads(query, _) => desk.store.threads(query, desk.me.as_ref(), span).await,
        _ => Ok(Vec::new()),
    }
}

async fn inbox(desk: &Desk, done: bool, skip: usize) -> Result<Option<(Answer, Timestamp)>> {
    let found = desk.store.inbox(done, skip, PAGE + 1).await?;
    let Some(at) = found.iter().map(|kept| kept.at).min() else { return Ok(None) };
    let items = found.into_iter().map(|kept| kept.value).collect();
    Ok(Some((Answer::Inbox(cut(items, skip, PAGE, None)), at)))
}

/// A page of what was found, which is one more than a page when there is more; `beyond` is where the community goes on
/// after the last of it.
fn cut<T>(mut found: Vec<T>, skip: usize, most: usize, beyond: Option<Cursor>) -> Page<T> {
    if found.len() > most {
        found.truncate(most);
        return Page { items: found, next: Some(Cursor(format!("{OURS}{}", skip + most))) };
    }
    Page { items: found, next: beyond }
}

/// Keeps an answer of the community.
pub(super) async fn keep(desk: &Desk, query: &Query, answer: &Answer, now: Timestamp) -> Result<()> {
    let store = &desk.store;
    let name = document(query).unwrap_or_default();
    match answer {
        Answer::About(about) => store.keep_document(&name, about, now).await,
        Answer::Me(me) => store.keep_document(&name, me, now).await,
        Answer::Spaces(spaces) => store.keep_document(&name, spaces, now).await,
        Answer::Plans(plans) => store.keep_document(&name, plans, now).await,
        Answer::Membership(membership) => {
            forget_what_closed(desk, &name, membership).await?;
            store.keep_document(&name, membership, now).await
        }
        Answer::Access(access) => store.keep_document(&name, access, now).await,
        // What opens an account is nobody's business who opens the file.
        Answer::Ways(_) | Answer::Sessions(_) | Answer::AccessTokens(_) | Answer::SecondFactor(_) => Ok(()),
        Answer::Known(_) => Ok(()),
        Answer::Member(member) => store.keep_document(&name, member, now).await,
        Answer::Thread(thread) => store.keep_threads(std::slice::from_ref(thread), now).await,
        Answer::Threads(page) => keep_list(desk, query, page, now).await,
        Answer::Posts(page) => match page.items.first() {
            Some(post) => {
                // Whole posts of a thread that has closed meanwhile came too late.
                let is_closed = store.thread(&post.thread).await?.is_some_and(|thread| thread.value.gate.is_some());
                let open: Vec<Post> = page.items.iter().filter(|post| post.partial || !is_closed).cloned().collect();
                store.keep_posts(&post.thread, &open, now).await
            }
            None => Ok(()),
        },
        Answer::Hits(page) => {
            let threads: Vec<Thread> = page.items.iter().map(|hit| hit.thread.clone()).collect();
            store.keep_threads(&threads, now).await
        }
        Answer::Inbox(page) => match query {
            Query::Inbox(done, cursor) => store.keep_inbox(page, *done, cursor.is_none(), now).await.map(drop),
            _ => Ok(()),
        },
    }
}

/// With a lower tier threads have closed, and nothing here tells which: what was read is not kept on.
async fn forget_what_closed(desk: &Desk, name: &str, now: &Membership) -> Result<()> {
    let rank = |held: &Membership| held.derived.tier.as_ref().map_or(0, |tier| tier.rank);
    let before: Option<Kept<Membership>> = desk.store.document(name).await?;
    if before.is_some_and(|before| rank(&before.value) > rank(now)) {
        let position = desk.store.position().await?;
        desk.store.forget_community().await?;
        if let Some(position) = position {
            desk.store.note(&[], position).await?;
        }
    }
    Ok(())
}

async fn keep_list(desk: &Desk, query: &Query, page: &Page<Thread>, now: Timestamp) -> Result<()> {
    let store = &desk.store;
    store.keep_threads(&page.items, now).await?;
    let (Query::Feed(_, cursor) | Query::Threads(_, cursor)) = query else { return Ok(()) };
    let name = list_name(query).unwrap_or_default();
    let before = store.list(&name).await?.map(|kept| kept.value);
    let ids = page.items.iter().map(|thread| thread.id.clone());
    let list = if is_the_communitys(query) {
        let earlier = before.filter(|_| cursor.is_some()).map(|list| list.ids).unwrap_or_default();
        List { ids: earlier.into_iter().chain(ids).collect(), next: page.next.clone() }
    } else {
        match before {
            // It was fetched further than this page goes, and what lies between is known.
            Some(list) if cursor.is_none() && reaches_beyond(desk, query, &list, page).await? => list,
            _ => List { ids: if page.next.is_some() { ids.collect() } else { Vec::new() }, next: page.next.clone() },
        }
    };
    store.keep_list(&name, &list, now).await
}

/// Whether a list, as far as it was fetched, holds more than its first page.
async fn reaches_beyond(desk: &Desk, query: &Query, list: &List, page: &Page<Thread>) -> Result<bool> {
    let span = Span { skip: 0, take: page.items.len() + 1, until: list.ids.last().cloned() };
    Ok(page.next.is_some() && rows(desk, query, span).await?.len() > page.items.len())
}
