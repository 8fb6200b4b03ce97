//! Who is told of what: those who are named, answered or follow, and only if they may read it and have not muted it.

use std::collections::BTreeMap;

use super::Act;
use crate::model::change::Topic;
use crate::model::mention::mentions;
use crate::model::notification::Reason;
use crate::model::thread::Kind;
use crate::server::db::marks;
use crate::server::db::notifications::{self, News};
use crate::server::db::posts::PostRow;
use crate::server::db::threads::ThreadRow;
use crate::server::viewer::decide;

/// Members looked up in one query.
const AT_ONCE: usize = 500;

/// A post that was written.
#[derive(Clone, Copy, Debug)]
pub struct Post<'a> {
    /// Row of its thread.
    pub thread: i64,
    /// Its number.
    pub number: u32,
    /// Row of who wrote it.
    pub author: i64,
    /// Markdown.
    pub body: &'a str,
    /// Slug of the space.
    pub space: &'a str,
    /// Tier of the thread's gate.
    pub gate: Option<&'a str>,
}

/// What somebody is told.
#[derive(Clone, Copy, Debug)]
pub struct Told {
    /// Why.
    pub reason: Reason,
    /// Row of who caused it.
    pub actor: i64,
    /// Number of the post.
    pub number: u32,
}

/// Tells of a post; `reply_to` is its thread and the post it replies to, none for an opening post.
pub async fn post(
    act: &mut Act<'_>,
    post: &Post<'_>,
    reply_to: Option<(&ThreadRow, Option<&PostRow>)>,
) -> Result<(), sqlx::Error> {
    // Later reasons replace earlier ones: following, then being answered, then being named.
    let mut reasons: BTreeMap<i64, Reason> = BTreeMap::new();
    if let Some((thread, parent)) = reply_to {
        for follower in marks::followers(act.write, thread.id).await? {
            reasons.insert(follower, Reason::Reply);
        }
        match parent {
            Some(parent) => reasons.insert(parent.author_id, Reason::Reply),
            // Whoever asked and stopped following does not want to hear of answers either.
            None if thread.kind == Kind::Question && reasons.contains_key(&thread.author_id) => {
                reasons.insert(thread.author_id, Reason::Answer)
            }
            None => None,
        };
    }
    let named = mentions(post.body);
    if !named.is_empty() {
        for one in notifications::candidates(act.write, &[], &named).await? {
            reasons.insert(one.id, Reason::Mention);
        }
    }
    reasons.remove(&post.author);
    let told = |reason| Told { reason, actor: post.author, number: post.number };
    let told: Vec<(i64, Told)> = reasons.into_iter().map(|(member, reason)| (member, told(reason))).collect();
    tell(act, post.thread, (post.space, post.gate), &told).await
}

/// Tells each of these members, if they may read the thread whole and have not muted it.
pub(super) async fn tell(
    act: &mut Act<'_>,
    thread: i64,
    (space, gate): (&str, Option<&str>),
    told: &[(i64, Told)],
) -> Result<(), sqlx::Error> {
    for some in told.chunks(AT_ONCE) {
        let mut ids: Vec<i64> = some.iter().map(|(member, _)| *member).collect();
        let muting = marks::muting(act.write, thread, &ids).await?;
        ids.retain(|id| !muting.contains(id));
        for one in notifications::candidates(act.write, &ids, &[]).await? {
            let Some((_, Told { reason, actor, number })) = some.iter().find(|(member, _)| *member == one.id) else {
                continue;
            };
            if decide(act.house, (space, gate), one.role, &one.facts, act.at).allowed {
                let news = News { member: one.id, reason: *reason, actor: *actor, thread, number: *number };
                let id = act.id();
                notifications::fold(act.write, id, &news, act.at).await?;
                act.write.tell(Topic::Inbox, Some(thread), Some(one.id), act.at).await?;
            }
        }
    }
    Ok(())
}
