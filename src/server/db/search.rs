//! Search: which posts match, best first. The words are looked up by the database's own index ([`super::search_sqlite`]);
//! what is asked of threads besides is the same everywhere.

use std::cmp::Ordering;
use std::collections::HashMap;

use sqlx::AnyConnection;

use super::search_sqlite as index;
use super::sql::Sql;
use crate::model::search::{Is, Query};

/// Matches that are ranked: the newest this many. Bounds the work of a word that stands everywhere.
pub(super) const MOST_RANKED: i64 = 5000;

/// A post that matched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Match {
    /// Row of the post.
    pub post: i64,
    /// Row of its thread.
    pub thread: i64,
    /// Lower is better.
    pub score: f64,
    /// When it was written, Unix ms.
    pub at: i64,
    /// Whether the thread is closed to the reader, so that only its public part was searched.
    pub closed: bool,
}

/// What bounds a search apart from the query.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Highest rank of a tier that the reader may read whole.
    pub rank: i64,
    /// Posts up to this row: pages of one search look at the same posts.
    pub until: i64,
}

/// The largest row of a post.
pub async fn newest(db: &mut AnyConnection) -> Result<i64, sqlx::Error> {
    sqlx::query_scalar("SELECT COALESCE(MAX(id), 0) FROM posts").fetch_one(db).await
}

/// The best match of every thread that matches, best first.
pub async fn best(db: &mut AnyConnection, query: &Query, bounds: Bounds) -> Result<Vec<Match>, sqlx::Error> {
    let mut all = Vec::new();
    for closed in [false, true] {
        all.extend(index::matches(db, query, bounds, closed).await?);
    }
    let mut threads: HashMap<i64, Match> = HashMap::new();
    for one in all {
        let best = threads.entry(one.thread).or_insert(one);
        if order(&one, best) == Ordering::Less {
            *best = one;
        }
    }
    let mut best: Vec<Match> = threads.into_values().collect();
    best.sort_by(order);
    Ok(best)
}

fn order(a: &Match, b: &Match) -> Ordering {
    a.score.total_cmp(&b.score).then(b.at.cmp(&a.at)).then(b.post.cmp(&a.post))
}

/// Adds what is asked of posts and threads; wants `p`, `t`, and `st`, `gt` for the tiers of space and gate.
pub(super) fn narrow(sql: &mut Sql, query: &Query, bounds: Bounds, closed: bool) {
    sql.push(" AND t.deleted_at IS NULL AND p.deleted_at IS NULL AND p.id <= ").bind(bounds.until);
    if closed {
        sql.push(" AND p.number = 1 AND (COALESCE(st.rank, 0) > ").bind(bounds.rank);
        sql.push(" OR COALESCE(gt.rank, 0) > ").bind(bounds.rank).push(")");
    } else {
        sql.push(" AND COALESCE(st.rank, 0) <= ").bind(bounds.rank);
        sql.push(" AND COALESCE(gt.rank, 0) <= ").bind(bounds.rank);
    }
    for tag in &query.tags {
        sql.push(" AND t.id IN (SELECT thread_id FROM thread_tags WHERE tag = ").bind(tag.as_str()).push(")");
    }
    if let Some(from) = &query.from {
        sql.push(" AND p.author_id = (SELECT id FROM members WHERE username = ").bind(from.as_str()).push(")");
    }
    if let Some(space) = &query.space {
        sql.push(" AND t.space = ").bind(space.as_str());
    }
    if let Some(kind) = query.kind {
        sql.push(" AND t.kind = ").bind(kind.as_str());
    }
    match query.is {
        None => {}
        Some(Is::Unanswered) => drop(sql.push(" AND t.kind = 'question' AND t.answers = 0")),
        Some(Is::Open) => drop(sql.push(" AND t.kind = 'question' AND t.accepted_post IS NULL")),
        Some(Is::Solved) => drop(sql.push(" AND t.kind = 'question' AND t.accepted_post IS NOT NULL")),
    }
}
